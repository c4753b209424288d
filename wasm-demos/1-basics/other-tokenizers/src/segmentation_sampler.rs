//! Subword regularization: the ways to cut a word, their shares, and how often each is drawn.

use std::collections::HashMap;

use demo::control::{Slider, Typed};
use demo::format::{count, percent};
use demo::{Bar, Context, Demo, DemoError, Device, Start, View};
use other_tokenizers::{Answers, Edge, Lattice, path_log_prob, sample_unigram};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::{WORD, spaced, spelled, total};

const ALPHA: Slider = Slider::new("alpha", "α", 0.3, [0.0, 2.0], 0.05);

/// So many ways are shown.
const LISTED: usize = 10;

/// So many are drawn.
const DRAWS: usize = 300;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "segmentation-sampler",
        title: "Another cut each time",
        lesson: "other-tokenizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![WORD.control(), ALPHA.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (text, alpha) = (spaced(&cx)?, cx.get(&ALPHA)?);
    let lattice = (answers.unigram_lattice)(&sample_unigram()?, &text)?;
    let mut drawn: HashMap<String, usize> = HashMap::new();
    let mut rng = StdRng::seed_from_u64(1);
    for i in 0..DRAWS {
        if i % 50 == 0 {
            cx.progress("drawing", i as u64, DRAWS as u64).await?;
        }
        let path = (answers.unigram_sample)(&lattice, alpha, &mut rng)?;
        *drawn.entry(spelled(&text, &path)).or_default() += 1;
    }
    let different = drawn.len();
    let total = total(answers, &lattice, alpha);
    let (mut rest, mut others) = (1.0, DRAWS);
    let mut bars = Vec::new();
    for path in best_paths(&lattice) {
        let label = spelled(&text, &path);
        let share = (alpha * path_log_prob(&path) - total).exp();
        let times = drawn.remove(&label).unwrap_or(0);
        rest -= share;
        others -= times.min(others);
        bars.push(bar(label, share, times));
    }
    if rest > 1e-6 {
        bars.push(bar("all others".into(), rest, others));
    }
    let summary = match different {
        1 => format!("All {DRAWS} draws are the same way to cut."),
        n => format!("{DRAWS} draws are {} different ways to cut.", count(n)),
    };
    let max = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let label = format!("The likeliest ways: share with this α, and times among {DRAWS} draws");
    cx.show(summary, &[View::Bars { label, bars, max }]);
    Ok(())
}

fn bar(label: String, share: f64, times: usize) -> Bar {
    Bar { label, value: share, shown: format!("{} · {times}×", percent(share)), muted: false }
}

/// The likeliest paths, by falling log-probability: those to a position are the likeliest to the
/// starts of its edges, made longer.
fn best_paths(lattice: &Lattice) -> Vec<Vec<Edge>> {
    let mut best: Vec<Vec<Vec<Edge>>> = vec![Vec::new(); lattice.end() + 1];
    best[0].push(Vec::new());
    for edge in lattice.edges() {
        let longer = best[edge.start].iter().map(|path| [path.as_slice(), &[*edge]].concat());
        let longer: Vec<Vec<Edge>> = longer.collect();
        best[edge.end].extend(longer);
        best[edge.end].sort_by(|a, b| path_log_prob(b).total_cmp(&path_log_prob(a)));
        best[edge.end].truncate(LISTED);
    }
    best.pop().unwrap_or_default()
}

// Subword regularization: the ways to cut a word, their shares, and how often each is drawn.

use std::collections::HashMap;

use demo::control::{Slider, Text, Typed};
use demo::format::{count, percent};
use demo::{Bar, Context, Demo, DemoError, Device, Start, View};
use other_tokenizers::{Edge, Lattice, metaspace, sample_unigram};
use rand::SeedableRng;
use rand::rngs::StdRng;

const TEXT: Text =
    Text { name: "word", label: "A word, or a few", default: "nowhere", max_bytes: 1000 };

const ALPHA: Slider =
    Slider { name: "alpha", label: "α", default: 0.3, min: 0.0, max: 2.0, step: 0.05 };

/// A longer text has too many ways to look at.
const MAX_CHARS: usize = 32;

/// So many ways are shown.
const LISTED: usize = 10;

/// So many are drawn.
const DRAWS: usize = 300;

pub fn demo() -> Demo {
    Demo {
        name: "segmentation-sampler",
        title: "Another cut each time",
        lesson: "other-tokenizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), ALPHA.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text: String = metaspace(&cx.get(&TEXT)?).collect();
    let alpha = cx.get(&ALPHA)?;
    let length = text.chars().count();
    if text.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word yet: type one."));
    }
    if length > MAX_CHARS {
        let message = format!(
            "{length} characters, with a ▁ before each word, are too many: give {MAX_CHARS} at most."
        );
        return Err(DemoError::input(TEXT.name, message));
    }
    let lattice = subject::unigram_lattice(&sample_unigram()?, &text)?;
    let mut drawn: HashMap<String, usize> = HashMap::new();
    let mut rng = StdRng::seed_from_u64(1);
    for i in 0..DRAWS {
        if i % 50 == 0 {
            cx.progress("drawing", i as u64, DRAWS as u64).await?;
        }
        let path = subject::unigram_sample(&lattice, alpha, &mut rng)?;
        *drawn.entry(spelled(&text, &path)).or_default() += 1;
    }
    let different = drawn.len();
    let total = subject::unigram_forward(&lattice, alpha).last().copied().unwrap_or(0.0);
    let (mut rest, mut others) = (1.0, DRAWS);
    let mut bars = Vec::new();
    for path in best_paths(&lattice) {
        let label = spelled(&text, &path);
        let share = (alpha * log_prob(&path) - total).exp();
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
        let before = best[edge.start].iter();
        let longer: Vec<Vec<Edge>> =
            before.map(|path| [path.as_slice(), &[*edge]].concat()).collect();
        best[edge.end].extend(longer);
        best[edge.end].sort_by(|a, b| log_prob(b).total_cmp(&log_prob(a)));
        best[edge.end].truncate(LISTED);
    }
    best.pop().unwrap_or_default()
}

fn log_prob(path: &[Edge]) -> f64 {
    path.iter().map(|edge| edge.log_prob).sum()
}

fn spelled(text: &str, path: &[Edge]) -> String {
    let pieces = path.iter().filter_map(|edge| text.get(edge.start..edge.end));
    pieces.collect::<Vec<_>>().join("|")
}

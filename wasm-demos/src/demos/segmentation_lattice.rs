// All ways to cut a word: the pieces that fit, the best path step by step, and samples.

use std::collections::HashMap;

use demo::control::{Slider, Text, Typed};
use demo::format::{count, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use other_tokenizers::{Edge, Lattice, Unigram, metaspace, sample_unigram};
use rand::SeedableRng;
use rand::rngs::StdRng;

const TEXT: Text =
    Text { name: "word", label: "A word, or a few", default: "nowhere", max_bytes: 1000 };

const ALPHA: Slider =
    Slider {
        name: "alpha", label: "α for sampling", default: 0.3, min: 0.0, max: 2.0, step: 0.05
    };

/// A longer text has too many pieces to look at.
const MAX_CHARS: usize = 32;

/// So many paths are shown.
const LISTED: usize = 8;

/// So many paths are drawn.
const DRAWS: usize = 300;

pub fn demo() -> Demo {
    Demo {
        name: "segmentation-lattice",
        title: "All ways to cut a word",
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
            "{length} characters are too many to look at: give {MAX_CHARS} at most, \
             one before each word included."
        );
        return Err(DemoError::input(TEXT.name, message));
    }
    let model = sample_unigram()?;
    let lattice = subject::unigram_lattice(&model, &text)?;
    let best = subject::unigram_viterbi(&lattice)?;
    let frames = steps(&cx, &text, &lattice).await?;
    let start = frames.len().saturating_sub(1);

    let total = last(subject::unigram_forward(&lattice, 1.0));
    let ways = last(subject::unigram_forward(&lattice, 0.0)).exp().round() as usize;
    let share = (log_prob(&best) - total).exp();
    let facts = [
        ("Pieces that fit", count(lattice.edges().len())),
        ("Ways to cut", count(ways)),
        ("Log-probability of the best way", decimals(log_prob(&best))),
        ("Log-probability of the text: all ways", decimals(total)),
        ("Share of the best way", percent(share)),
    ];
    let summary = format!(
        "The best of {} ways is {}, with {} of the probability.",
        count(ways),
        spelled(&text, &best),
        percent(share)
    );
    let views = [
        View::Tokens { label: "The best way".into(), chips: chips(&model, &text, &best) },
        View::Code {
            label: "Every piece that fits, in its place; ● is on the best way".into(),
            text: picture(&text, &lattice, &best),
        },
        View::Steps { label: "Viterbi, position by position".into(), frames, start },
        samples(&text, &lattice, alpha)?,
        View::Table {
            label: "The lattice in numbers".into(),
            columns: vec!["What".into(), "How much".into()],
            rows: facts.map(|(name, value)| vec![name.into(), Cell::Number(value)]).into(),
        },
    ];
    cx.show(summary, &views);
    Ok(())
}

/// A line an edge: the piece under the characters that it covers.
fn picture(text: &str, lattice: &Lattice, best: &[Edge]) -> String {
    let mut lines = vec![format!("   {text}")];
    let width = text.chars().count();
    for edge in lattice.edges() {
        let mark = if best.contains(edge) { '●' } else { ' ' };
        let before = text[..edge.start].chars().count();
        let piece = &text[edge.start..edge.end];
        let after = width - before - piece.chars().count();
        let dots = |n| "·".repeat(n);
        let unknown = if edge.known { "" } else { " unknown" };
        let log_prob = decimals(edge.log_prob);
        let line = format!(" {mark} {}{piece}{}  {log_prob}{unknown}", dots(before), dots(after));
        lines.push(line);
    }
    lines.join("\n")
}

/// A frame a position: the pieces that end there, each behind the best way to its start.
async fn steps(
    cx: &Context,
    text: &str,
    lattice: &Lattice,
) -> Result<Vec<(String, Vec<View>)>, DemoError> {
    let mut best_to: HashMap<usize, f64> = HashMap::from([(0, 0.0)]);
    let mut frames = Vec::new();
    let ends: Vec<usize> = text.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
    for (i, &end) in ends.iter().enumerate() {
        cx.progress("finding the best way", i as u64, ends.len() as u64).await?;
        let edges = lattice.edges().iter().filter(|edge| edge.end <= end).copied().collect();
        let best = subject::unigram_viterbi(&Lattice::new(end, edges)?)?;
        best_to.insert(end, log_prob(&best));
        let row = |edge: &Edge| {
            let before = best_to.get(&edge.start).copied().unwrap_or(f64::NEG_INFINITY);
            let mark = if best.last() == Some(edge) { "best" } else { "" };
            let numbers = [before, edge.log_prob, before + edge.log_prob];
            [(&text[edge.start..edge.end]).into(), (&text[..edge.start]).into()]
                .into_iter()
                .chain(numbers.map(|x| Cell::Number(decimals(x))))
                .chain([mark.into()])
                .collect()
        };
        let columns = ["Last piece", "Behind", "Best to there", "Piece", "Sum", ""];
        let table = View::Table {
            label: format!("Pieces that end behind “{}”", &text[..end]),
            columns: columns.map(String::from).into(),
            rows: lattice.edges().iter().filter(|edge| edge.end == end).map(row).collect(),
        };
        let caption = format!("Best so far: {}.", spelled(text, &best));
        frames.push((caption, vec![table]));
    }
    Ok(frames)
}

/// The most likely paths with their shares, and how often each is drawn.
fn samples(text: &str, lattice: &Lattice, alpha: f64) -> Result<View, DemoError> {
    let mut drawn: HashMap<String, usize> = HashMap::new();
    let mut rng = StdRng::seed_from_u64(1);
    for _ in 0..DRAWS {
        let path = subject::unigram_sample(lattice, alpha, &mut rng)?;
        *drawn.entry(spelled(text, &path)).or_default() += 1;
    }
    let total = last(subject::unigram_forward(lattice, alpha));
    let (mut rest, mut others) = (1.0, DRAWS);
    let mut bars: Vec<Bar> = Vec::new();
    for path in best_paths(lattice) {
        let label = spelled(text, &path);
        let value = (alpha * log_prob(&path) - total).exp();
        let times = drawn.get(&label).copied().unwrap_or(0);
        rest -= value;
        others -= times.min(others);
        bars.push(bar(label, value, times));
    }
    if rest > 1e-6 {
        bars.push(bar("all others".into(), rest, others));
    }
    let label = format!("The likeliest ways: shares with this α, and how many of {DRAWS} draws");
    let max = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    Ok(View::Bars { label, bars, max })
}

fn bar(label: String, value: f64, times: usize) -> Bar {
    Bar { label, value, shown: format!("{} · {times}×", percent(value)), muted: false }
}

/// The likeliest paths, by falling log-probability.
fn best_paths(lattice: &Lattice) -> Vec<Vec<Edge>> {
    let mut best: Vec<Vec<Vec<Edge>>> = vec![Vec::new(); lattice.end() + 1];
    best[0].push(Vec::new());
    for edge in lattice.edges() {
        let longer = best[edge.start].iter().map(|path| [path.as_slice(), &[*edge]].concat());
        let longer: Vec<Vec<Edge>> = longer.collect();
        best[edge.end].extend(longer);
        best[edge.end].sort_by(|a, b| log_prob(b).total_cmp(&log_prob(a)));
        best[edge.end].truncate(LISTED);
    }
    best.pop().unwrap_or_default()
}

fn log_prob(path: &[Edge]) -> f64 {
    path.iter().map(|edge| edge.log_prob).sum()
}

fn last(forward: Vec<f64>) -> f64 {
    forward.last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn spelled(text: &str, path: &[Edge]) -> String {
    let pieces = path.iter().filter_map(|edge| text.get(edge.start..edge.end));
    pieces.collect::<Vec<_>>().join("|")
}

fn chips(model: &Unigram, text: &str, path: &[Edge]) -> Vec<TokenChip> {
    let piece = |edge: &Edge| text.get(edge.start..edge.end).unwrap_or("").to_owned();
    let chip = |text: String| {
        let id = model.id(&text);
        TokenChip { bytes: text.len(), text, id, color: id }
    };
    path.iter().map(|edge| chip(piece(edge))).collect()
}

/// Two decimals, as many as the model has.
fn decimals(x: f64) -> String {
    format!("{x:.2}").replace('-', "−")
}

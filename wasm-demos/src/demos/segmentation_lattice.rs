// All ways to cut a word: the pieces that fit, and the best path step by step.

use std::collections::HashMap;

use demo::control::{Text, Typed};
use demo::format::{count, percent};
use demo::{Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Start, Tone, View};
use other_tokenizers::{Edge, Lattice, metaspace, sample_unigram};

const TEXT: Text =
    Text { name: "word", label: "A word, or a few", default: "nowhere", max_bytes: 1000 };

/// A longer text has too many pieces to look at.
const MAX_CHARS: usize = 32;

pub fn demo() -> Demo {
    Demo {
        name: "segmentation-lattice",
        title: "All ways to cut a word",
        lesson: "other-tokenizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text: String = metaspace(&cx.get(&TEXT)?).collect();
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
    let best = subject::unigram_viterbi(&lattice)?;
    let (frames, best_to) = steps(&cx, &text, &lattice).await?;
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
    // The live region has plain text: nothing in it may be invisible or turn it around.
    let seen = |path: &[Edge]| {
        let is_unseen = |c: char| c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c);
        spelled(&text, path).replace(is_unseen, "�")
    };
    let ways = match ways {
        1 => "The only way to cut is".to_owned(),
        n => format!("There are {} ways to cut, and the best is", count(n)),
    };
    let summary = format!("{ways} {}, with {} of the probability.", seen(&best), percent(share));
    let views = [
        picture(&text, &lattice, &best, &best_to),
        View::Steps { label: "Viterbi, position by position".into(), frames, start },
        View::Table {
            label: "The lattice in numbers".into(),
            columns: vec!["What".into(), "How much".into()],
            rows: facts.map(|(name, value)| vec![name.into(), Cell::Number(value)]).into(),
        },
    ];
    cx.show(summary, &views);
    Ok(())
}

/// Positions as nodes, with the best log-probability to each; pieces as edges.
fn picture(text: &str, lattice: &Lattice, best: &[Edge], best_to: &HashMap<usize, f64>) -> View {
    let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
    let positions: Vec<usize> = [0].into_iter().chain(ends).collect();
    let node = |(layer, position): (usize, &usize)| GraphNode {
        label: layer.to_string(),
        detail: best_to.get(position).map(|&x| decimals(x)).into_iter().collect(),
        layer,
        tone: match best.iter().any(|edge| edge.end == *position) || layer == 0 {
            true => Tone::Marked,
            false => Tone::Plain,
        },
    };
    let layer = |position: usize| positions.partition_point(|&p| p < position);
    let edge = |edge: &Edge| GraphEdge {
        from: layer(edge.start),
        to: layer(edge.end),
        label: part(text, edge.start, edge.end).to_owned(),
        strong: best.contains(edge),
    };
    View::Graph {
        label: "Every piece that fits: marked are those of the best way".into(),
        nodes: positions.iter().enumerate().map(node).collect(),
        edges: lattice.edges().iter().map(edge).collect(),
    }
}

/// A frame a position: the pieces that end there, each behind the best way to its start; and the
/// log-probability of the best way to every position.
async fn steps(
    cx: &Context,
    text: &str,
    lattice: &Lattice,
) -> Result<(Vec<(String, Vec<View>)>, HashMap<usize, f64>), DemoError> {
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
            let mark = if best.last() == Some(edge) { " (best)" } else { "" };
            let piece = format!("{}{mark}", part(text, edge.start, edge.end));
            let numbers = [before, edge.log_prob, before + edge.log_prob];
            [piece.into(), part(text, 0, edge.start).into()]
                .into_iter()
                .chain(numbers.map(|x| Cell::Number(decimals(x))))
                .collect()
        };
        let columns = ["Last piece", "Behind", "Best to there", "Piece", "Sum"];
        let table = View::Table {
            label: format!("Pieces that end behind “{}”", part(text, 0, end)),
            columns: columns.map(String::from).into(),
            rows: lattice.edges().iter().filter(|edge| edge.end == end).map(row).collect(),
        };
        let caption = format!("Best so far: {}.", spelled(text, &best));
        frames.push((caption, vec![table]));
    }
    Ok((frames, best_to))
}

fn log_prob(path: &[Edge]) -> f64 {
    path.iter().map(|edge| edge.log_prob).sum()
}

fn last(forward: Vec<f64>) -> f64 {
    forward.last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn spelled(text: &str, path: &[Edge]) -> String {
    let pieces = path.iter().map(|edge| part(text, edge.start, edge.end));
    pieces.collect::<Vec<_>>().join("|")
}

/// A learner's edge may lie in the middle of a character.
fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or("�")
}

/// Two decimals, as many as the model has.
fn decimals(x: f64) -> String {
    format!("{x:.2}").replace('-', "−")
}

//! All ways to cut a word: the pieces that fit, and the best path step by step.

use std::collections::HashMap;

use demo::control::Typed;
use demo::format::{count, percent};
use demo::{Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Start, Tone, View};
use grading::numbers::minus;
use other_tokenizers::{Answers, Edge, Lattice, path_log_prob, sample_unigram};

use crate::{WORD, part, spaced, spelled, total};

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "segmentation-lattice",
        title: "All ways to cut a word",
        lesson: "other-tokenizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![WORD.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = spaced(&cx)?;
    let lattice = (answers.unigram_lattice)(&sample_unigram()?, &text)?;
    let best = (answers.unigram_viterbi)(&lattice)?;
    let (frames, best_to) = steps(&cx, answers, &text, &lattice).await?;

    let ways = total(answers, &lattice, 0.0).exp().round() as usize;
    let total = total(answers, &lattice, 1.0);
    let share = percent((path_log_prob(&best) - total).exp());
    let facts = [
        ("Pieces that fit", count(lattice.edges().len())),
        ("Ways to cut", count(ways)),
        ("Log-probability of the best way", decimals(path_log_prob(&best))),
        ("Log-probability of the text: all ways", decimals(total)),
        ("Share of the best way", share.clone()),
    ];
    // The live region has plain text: nothing in it may be invisible or turn it around.
    let is_unseen = |c: char| c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c);
    let seen = spelled(&text, &best).replace(is_unseen, "�");
    let ways = match ways {
        1 => "The only way to cut is".to_owned(),
        n => format!("There are {} ways to cut, and the best is", count(n)),
    };
    let start = frames.len().saturating_sub(1);
    let views = [
        picture(&text, &lattice, &best, &best_to),
        View::Steps { label: "Viterbi, position by position".into(), frames, start },
        View::Table {
            label: "The lattice in numbers".into(),
            columns: vec!["What".into(), "How much".into()],
            rows: facts.map(|(name, value)| vec![name.into(), Cell::Number(value)]).into(),
        },
    ];
    cx.show(format!("{ways} {seen}, with {share} of the probability."), &views);
    Ok(())
}

/// Where the characters end, in bytes.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(i, c)| i + c.len_utf8())
}

/// Positions as nodes, with the best log-probability to each; pieces as edges.
fn picture(text: &str, lattice: &Lattice, best: &[Edge], best_to: &HashMap<usize, f64>) -> View {
    let positions: Vec<usize> = [0].into_iter().chain(ends(text)).collect();
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
    View::graph(
        "Every piece that fits: marked are those of the best way",
        positions.iter().enumerate().map(node).collect(),
        lattice.edges().iter().map(edge).collect(),
    )
}

/// A frame a position: the pieces that end there, each behind the best way to its start; and the
/// log-probability of the best way to every position.
async fn steps(
    cx: &Context,
    answers: Answers,
    text: &str,
    lattice: &Lattice,
) -> Result<(Vec<(String, Vec<View>)>, HashMap<usize, f64>), DemoError> {
    let mut best_to: HashMap<usize, f64> = HashMap::from([(0, 0.0)]);
    let mut frames = Vec::new();
    for end in ends(text) {
        cx.progress("finding the best way", end as u64, text.len() as u64).await?;
        let edges = lattice.edges().iter().filter(|edge| edge.end <= end).copied().collect();
        let best = (answers.unigram_viterbi)(&Lattice::new(end, edges)?)?;
        best_to.insert(end, path_log_prob(&best));
        let row = |edge: &Edge| {
            let before = best_to.get(&edge.start).copied().unwrap_or(f64::NEG_INFINITY);
            let mark = if best.last() == Some(edge) { " (best)" } else { "" };
            let piece = format!("{}{mark}", part(text, edge.start, edge.end));
            let numbers = [before, edge.log_prob, before + edge.log_prob];
            let numbers = numbers.map(|x| Cell::Number(decimals(x)));
            [piece.into(), part(text, 0, edge.start).into()].into_iter().chain(numbers).collect()
        };
        let columns = ["Last piece", "Behind", "Best to there", "Piece", "Sum"];
        let table = View::Table {
            label: format!("Pieces that end behind “{}”", part(text, 0, end)),
            columns: columns.map(String::from).into(),
            rows: lattice.edges().iter().filter(|edge| edge.end == end).map(row).collect(),
        };
        frames.push((format!("Best so far: {}.", spelled(text, &best)), vec![table]));
    }
    Ok((frames, best_to))
}

/// Two decimals, as many as the model has.
fn decimals(x: f64) -> String {
    minus(&format!("{x:.2}"))
}

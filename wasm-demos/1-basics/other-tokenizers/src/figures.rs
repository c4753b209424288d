//! The figures of the page.

use std::error::Error;

use demo::figure::{Anchor, At, Drawing, Figure, Ink, WIDTH};
use demo::format::number;
use other_tokenizers::example::{self, WORD};
use other_tokenizers::solution::{unigram_forward, unigram_lattice, unigram_viterbi, wordpiece};
use other_tokenizers::{
    CONTINUATION, Edge, SPACE, metaspace, sample_unigram, sample_wordpiece, tokens,
};
use tokenization::{sample_vocab, solution::encode};

use crate::{part, spelled, three_tokenizers::BPE_SIZE};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [three_cuts(), lattice()].into_iter().flatten().collect()
}

/// A word that the three vocabularies of the demos cut in three ways.
const LIGHTHOUSE: &str = "lighthouse";

/// The pieces of a word, and of the space before it, by three rules.
fn three_cuts() -> Result<Figure, Box<dyn Error>> {
    let bpe = sample_vocab(BPE_SIZE)?;
    let merged = encode(&bpe, &format!(" {LIGHTHOUSE}"));
    let merged: Vec<String> = merged.iter().map(|&id| bpe.spelled(id)).collect();
    let longest = wordpiece(&sample_wordpiece()?, LIGHTHOUSE);
    let spaced: String = metaspace(LIGHTHOUSE).collect();
    let path = unigram_viterbi(&unigram_lattice(&sample_unigram()?, &spaced)?)?;
    let rows = [
        ("merges, in the order they were learned", merged),
        ("the longest piece that fits, again and again", longest),
        ("the pieces that are likeliest together", tokens(&spaced, &path)),
    ];

    let slot = WIDTH / (LIGHTHOUSE.len() + 1) as f64;
    let mut drawing = Drawing::new(3.0 * ROW);
    let mut told = Vec::new();
    for (i, (rule, pieces)) in rows.iter().enumerate() {
        let top = ROW * i as f64;
        drawing.text((2.0, top + 13.0), Anchor::Start, rule, Ink::Quiet);
        // A piece without the space begins behind it.
        let length = |piece: &str| piece.trim_start_matches(CONTINUATION).chars().count();
        let total: usize = pieces.iter().map(|piece| length(piece)).sum();
        let mut x = slot * (LIGHTHOUSE.len() + 1).saturating_sub(total) as f64;
        for piece in pieces {
            let right = x + slot * length(piece) as f64;
            let (upper, lower) = (top + 20.0, top + 46.0);
            drawing.boxed((x + 1.5, upper), (right - 1.5, lower), 5.0, Ink::Marked);
            for (j, c) in piece.trim_start_matches(CONTINUATION).chars().enumerate() {
                let (c, ink) = match c {
                    ' ' | '▁' => ('▁', Ink::Quiet),
                    c => (c, Ink::Plain),
                };
                let middle = x + slot * (j as f64 + 0.5);
                drawing.text((middle, top + 37.0), Anchor::Middle, &c.to_string(), ink);
            }
            x = right;
        }
        let names: Vec<String> = pieces.iter().map(|piece| piece.replace(SPACE, " ")).collect();
        told.push(format!("{rule}: “{}”", names.join("”, “")));
    }
    Ok(Figure {
        name: "three-cuts",
        caption: "Three rules, three cuts. The sign ▁ is the space before the word; the second \
                  rule drops it."
            .into(),
        text: format!("The word “{LIGHTHOUSE}” cut by three rules. By {}.", told.join("; by ")),
        drawing,
    })
}

/// The height of a row: its rule, its pieces, and some room.
const ROW: f64 = 56.0;

/// All pieces that fit the word of the page; those of the best path above the line.
fn lattice() -> Result<Figure, Box<dyn Error>> {
    let lattice = unigram_lattice(&example::model()?, WORD)?;
    let best = unigram_viterbi(&lattice)?;
    let step = (WIDTH - 2.0 * RADIUS - 4.0) / WORD.len() as f64;
    let x = |position: usize| RADIUS + 2.0 + step * position as f64;
    let mut drawing = Drawing::new(2.0 * MIDDLE);
    let mut told = Vec::new();
    for edge in lattice.edges() {
        let piece = part(WORD, edge.start, edge.end);
        let p = number(edge.log_prob.exp());
        told.push(format!("{piece} from {} to {} with {p}", edge.start, edge.end));
        let ink = if best.contains(edge) { Ink::Marked } else { Ink::Plain };
        if edge.end - edge.start == 1 {
            let (from, to) = (x(edge.start) + RADIUS, x(edge.end) - RADIUS);
            drawing.arrow((from, MIDDLE), (to, MIDDLE), ink);
            drawing.text(((from + to) / 2.0, MIDDLE - 6.0), Anchor::Middle, piece, ink);
        } else {
            let (bow, top) = bow(edge, x(edge.start), x(edge.end), best.contains(edge));
            drawing.line(&bow, ink);
            if let [.., before, last] = bow[..] {
                drawing.arrow(before, last, ink);
            }
            let under = if best.contains(edge) { -6.0 } else { 15.0 };
            let name = format!("{piece} {p}");
            drawing.text((top.0, top.1 + under), Anchor::Middle, &name, ink);
        }
    }
    for position in 0..=WORD.len() {
        drawing.circle((x(position), MIDDLE), RADIUS, Ink::Plain);
        let name = position.to_string();
        drawing.text((x(position), MIDDLE + 4.0), Anchor::Middle, &name, Ink::Plain);
    }
    let ways = unigram_forward(&lattice, 0.0).last().map_or(0.0, |ways| ways.exp().round());
    Ok(Figure {
        name: "lattice",
        caption: format!(
            "All pieces that fit, with their probabilities (a letter has {}). In color: the \
             likeliest way from 0 to {}.",
            number(example::LETTER),
            WORD.len()
        ),
        text: format!(
            "Positions 0 to {} of “{WORD}” and {} pieces between them, each with its probability: \
             {}. {} ways lead from the first position to the last; the likeliest is {}.",
            WORD.len(),
            lattice.edges().len(),
            told.join(", "),
            number(ways),
            spelled(WORD, &best)
        ),
        drawing,
    })
}

/// The radius of a position.
const RADIUS: f64 = 9.0;
/// Where the line of positions is.
const MIDDLE: f64 = 92.0;

/// A bow from one position to another, above the line or below it, and its highest point.
fn bow(edge: &Edge, from: f64, to: f64, is_above: bool) -> (Vec<At>, At) {
    let up = if is_above { -1.0 } else { 1.0 };
    let height = 16.0 + 9.0 * (edge.end - edge.start) as f64;
    let (from, to) = (from + 3.0, to - 3.0);
    let at = |share: f64| {
        let risen = 4.0 * share * (1.0 - share);
        (from + share * (to - from), MIDDLE + up * (RADIUS + height * risen))
    };
    ((0..=32).map(|i| at(f64::from(i) / 32.0)).collect(), at(0.5))
}

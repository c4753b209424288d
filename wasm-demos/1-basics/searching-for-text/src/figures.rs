//! The figures of the page.

use std::collections::BTreeMap;

use demo::figure::{Anchor, Bars, Cells, Drawing, Figure, Ink};
use demo::format::percent;
use grading::numbers::settled;
use searching_for_text::example::{
    FREQUENCY, LOGIT, PIECES, PRESENCE, REPETITION, STOP, WRITTEN, after_to, history, price, stream,
};
use searching_for_text::solution::{live_states, penalize_counts};
use searching_for_text::{Automaton, Beam};
use softmax_sampling::Sampling;
use softmax_sampling::solution::{filtered_probs, penalize};

/// Where the states of the automaton stand: the first, from one to the next, how high, how large.
const FIRST: f64 = 30.0;
const STEP: f64 = 75.0;
const MIDDLE: f64 = 62.0;
const RADIUS: f64 = 15.0;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![fork(), counts(), held(), automaton()]
}

fn share(p: f64) -> String {
    percent(settled(p))
}

fn fork() -> Figure {
    let roads = [("widest first", after_to(1)), ("another way", after_to(2))];
    let mut cells = Cells::new();
    let mut told = Vec::new();
    let whole = |beam: &Beam| format!("{:.2}%", 100.0 * beam.log_prob.exp());
    for (name, (beam, steps)) in &roads {
        let shares: Vec<String> = steps.iter().map(|(_, p)| share(*p)).collect();
        let words = steps.iter().map(|(word, _)| (word.as_str(), Ink::Marked));
        cells = cells.row(name, [("to", Ink::Plain)].into_iter().chain(words));
        let below = shares.iter().map(|share| (share.as_str(), Ink::Quiet));
        cells = cells.row("", [("", Ink::Quiet)].into_iter().chain(below));
        let steps = steps.iter().map(|(word, p)| format!("“{word}” with {}", share(*p)));
        told.push(format!(
            "{name}: after “to” come {}; together {}",
            steps.collect::<Vec<_>>().join(", "),
            whole(beam)
        ));
    }
    let [greedy, other] = roads.map(|(_, (beam, _))| whole(&beam));
    Figure {
        name: "fork",
        caption: format!(
            "Two ways on from “to”, each word with its share of what followed the word before; ∎ is \
             punctuation. All shares of a way multiplied: {greedy} above, {other} below."
        ),
        text: format!("Two rows of words. {}.", told.join(". ")),
        drawing: cells.into(),
    }
}

fn counts() -> Figure {
    let logits = [LOGIT; WRITTEN.len()];
    let counted = |frequency, presence| {
        penalize_counts(&logits, &history(), frequency, presence).unwrap_or_default()
    };
    let series = [
        ("none", logits.to_vec()),
        ("frequency", counted(FREQUENCY, 0.0)),
        ("presence", counted(0.0, PRESENCE)),
        ("repetition", penalize(&logits, &history(), REPETITION).unwrap_or_default()),
    ];
    let words = WRITTEN.map(|(word, count)| format!("{word}, {count} times"));
    let mut bars = Bars::new(&words.each_ref().map(String::as_str));
    let mut told = Vec::new();
    for (name, logits) in series {
        let probs = filtered_probs(&logits, &Sampling::default()).unwrap_or_default();
        let shown = |p: f64| format!("{:.0}%", 100.0 * settled(p));
        let list: Vec<String> = probs.iter().map(|&p| shown(p)).collect();
        told.push(format!("{name}: {}", list.join(", ")));
        bars = bars.series(name, &probs, shown);
    }
    Figure {
        name: "counts",
        caption: format!(
            "Three words with the same logit, {LOGIT}, and how often each was written. A frequency \
             penalty of {FREQUENCY}, a presence penalty of {PRESENCE}, a repetition penalty of \
             {REPETITION}."
        ),
        text: format!(
            "Bars: the probabilities of {} under four penalties. {}.",
            words.join("; "),
            told.join(". ")
        ),
        drawing: bars.into(),
    }
}

fn held() -> Figure {
    let visible = |text: &str| text.replace(' ', "␣");
    let mut cells = Cells::new().head(["shown", "held back"]);
    let mut told = Vec::new();
    for (piece, (shown, held, has_stopped)) in PIECES.iter().zip(stream()) {
        let ink = if has_stopped { Ink::Quiet } else { Ink::Marked };
        let row = [(visible(&shown), Ink::Plain), (visible(&held), ink)];
        cells = cells.row(&visible(piece), row.each_ref().map(|(text, ink)| (text.as_str(), *ink)));
        told.push(match (held.is_empty(), has_stopped) {
            (_, true) => format!("after “{piece}” the text has stopped as “{shown}”"),
            (true, _) => format!("after “{piece}” all is shown: “{shown}”"),
            _ => format!("after “{piece}”, “{held}” is held back behind “{shown}”"),
        });
    }
    Figure {
        name: "held",
        caption: format!(
            "A model writes the tokens on the left; “{STOP}” is a stop sequence. In the last row it \
             is complete, and nothing from it on is ever shown."
        ),
        text: format!("A row for each token: {}.", told.join("; ")),
        drawing: cells.into(),
    }
}

/// The bytes that lead from one state to another, by states, without those to the dead state.
fn arrows(automaton: &Automaton) -> BTreeMap<(usize, usize), Vec<u8>> {
    let live = live_states(automaton);
    let mut arrows: BTreeMap<(usize, usize), Vec<u8>> = BTreeMap::new();
    for from in 0..automaton.states() {
        for byte in 0..=u8::MAX {
            let to = automaton.step(from, byte);
            if live.get(to) == Some(&true) {
                arrows.entry((from, to)).or_default().push(byte);
            }
        }
    }
    arrows
}

/// A byte, or the first and the last of several that follow each other.
fn named(bytes: &[u8]) -> String {
    let sign = |byte: &u8| char::from(*byte).to_string();
    match bytes {
        [first, .., last] => format!("{}–{}", sign(first), sign(last)),
        _ => bytes.iter().map(sign).collect(),
    }
}

fn automaton() -> Figure {
    let mut drawing = Drawing::new(MIDDLE + 2.0 * RADIUS + 8.0);
    let mut told = Vec::new();
    let at = |state: usize| FIRST + STEP * state as f64;
    if let Ok(automaton) = price() {
        for ((from, to), bytes) in arrows(&automaton) {
            let (start, end, name) = (at(from), at(to), named(&bytes));
            told.push(format!("from state {from} to {to} over {name}"));
            if from == to {
                let top = MIDDLE - RADIUS;
                drawing.circle((start, top - 8.0), 10.0, Ink::Quiet);
                drawing.text((start, top - 23.0), Anchor::Middle, &name, Ink::Plain);
            } else {
                drawing.arrow((start + RADIUS, MIDDLE), (end - RADIUS, MIDDLE), Ink::Plain);
                let middle = ((start + end) / 2.0, MIDDLE - 7.0);
                drawing.text(middle, Anchor::Middle, &name, Ink::Plain);
            }
        }
        for state in 0..automaton.states() - 1 {
            let is_accepting = automaton.accepts(state);
            let ink = if is_accepting { Ink::Marked } else { Ink::Plain };
            drawing.circle((at(state), MIDDLE), RADIUS, ink);
            if is_accepting {
                drawing.circle((at(state), MIDDLE), RADIUS - 3.0, ink);
                told.push(format!("state {state} accepts"));
            }
            let name = state.to_string();
            drawing.text((at(state), MIDDLE + 4.0), Anchor::Middle, &name, ink);
        }
    }
    Figure {
        name: "automaton",
        caption:
            "The automaton of a price. It starts in state 0; a text may end in a double circle. \
                  Every other byte leads to a dead state, which is not drawn."
                .into(),
        text: format!("Circles in a row, joined by arrows: {}.", told.join("; ")),
        drawing,
    }
}

//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, WIDTH};
use grading::random::seeded;
use objectives::solution::{bart_infill, mlm_mask, noise_mask, span_corrupt};
use objectives::{IGNORED, Infilling, Masking, SENTENCES, Sentinels, Spans};
use roberta_and_xlnet::solution::permutation_masks;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [asked(), masked(), spans(), lengths()].into_iter().flatten().collect()
}

fn words() -> Vec<&'static str> {
    SENTENCES.split(' ').collect()
}

fn ids(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

/// Places counted from 1, as a list.
fn told(places: &[bool]) -> String {
    let filled: Vec<String> =
        (0..places.len()).filter(|&at| places[at]).map(|at| (at + 1).to_string()).collect();
    filled.join(", ")
}

/// Which words must be said, objective by objective.
fn asked() -> Option<Figure> {
    const LEFT: f64 = 84.0;
    const HEIGHT: f64 = 24.0;
    let n = words().len();
    let every: Vec<Option<usize>> = (0..n).map(Some).collect();
    let masked = mlm_mask(&ids(n), &every, &Masking::bert(99, 90), &mut seeded(5)).ok()?;
    let order: Vec<usize> = (0..n).map(|step| step * 7 % n).collect();
    permutation_masks(&order).ok()?;
    let last = &order[n - n / 6..];
    let rows: [(&str, Vec<bool>); 5] = [
        ("next token", (0..n).map(|at| at > 0).collect()),
        ("masked", masked.labels.iter().map(|&label| label != IGNORED).collect()),
        ("permuted", (0..n).map(|at| last.contains(&at)).collect()),
        ("spans", noise_mask(n, &Spans::T5, &mut seeded(4)).ok()?),
        ("infilling", vec![true; n]),
    ];
    let step = (WIDTH - LEFT) / n as f64;
    let mut drawing = Drawing::new(20.0 + HEIGHT * rows.len() as f64);
    for at in (0..n).filter(|at| at % 4 == 3) {
        let x = LEFT + step * (at as f64 + 0.5);
        drawing.text((x, 12.0), Anchor::Middle, &(at + 1).to_string(), Ink::Quiet);
    }
    for (i, (name, row)) in rows.iter().enumerate() {
        let y = 20.0 + HEIGHT * i as f64;
        drawing.text((LEFT - 8.0, y + 15.0), Anchor::End, name, Ink::Plain);
        for (at, &is_asked) in row.iter().enumerate() {
            let x = LEFT + step * at as f64;
            let (from, to) = ((x + 0.8, y + 2.0), (x + step - 0.8, y + HEIGHT - 3.0));
            if is_asked {
                drawing.filled(from, to, Ink::Marked);
            } else {
                drawing.boxed(from, to, 1.5, Ink::Quiet);
            }
        }
    }
    let lines: Vec<String> =
        rows.iter().map(|(name, row)| format!("{name}: {}", told(row))).collect();
    Some(Figure {
        name: "asked",
        caption: format!(
            "Which of {n} words a model must say. With the next token it is each but the first; with \
             infilling, all of them. In the other three rows chance decides."
        ),
        text: format!("Places of the words that are asked for. {}.", lines.join("; ")),
        drawing,
    })
}

/// A sentence as BERT reads it.
fn masked() -> Option<Figure> {
    let words = &words()[..8];
    let n = words.len();
    let every: Vec<Option<usize>> = (0..n).map(Some).collect();
    // More are chosen than BERT would choose, so that each fate is seen.
    let masking = Masking { rate: 0.6, mask: 0.5, random: 0.25, ..Masking::bert(99, n as u32) };
    let fates = |example: &objectives::Example| {
        let chosen = (0..n).filter(|&at| example.labels[at] != IGNORED);
        let fates: Vec<u32> = chosen
            .map(|at| match example.inputs[at] {
                99 => 0,
                input if input as usize == at => 2,
                _ => 1,
            })
            .collect();
        (0..3).all(|fate| fates.contains(&fate)) && fates.len() == 4
    };
    let draw = |seed| mlm_mask(&ids(n), &every, &masking, &mut seeded(seed)).ok();
    let example = (1..500).filter_map(draw).find(fates)?;
    let mut cells = Cells::new().head(["text", "read", "label"]);
    let mut lines = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let read = match example.inputs[at] {
            99 => "[MASK]",
            input => words[input as usize],
        };
        let is_chosen = example.labels[at] != IGNORED;
        let (ink, label) = if is_chosen { (Ink::Marked, *word) } else { (Ink::Quiet, "−100") };
        cells = cells.row("", [(*word, Ink::Plain), (read, ink), (label, ink)]);
        lines.push(format!("{word} is read as {read}, label {label}"));
    }
    Some(Figure {
        name: "masked",
        caption:
            "Four words are chosen, more than usual, so that each fate is seen: masked, replaced \
                  by a random word, or kept. All four have a label."
                .into(),
        text: format!("{}.", lines.join("; ")),
        drawing: cells.into(),
    })
}

/// The example of T5's paper.
fn spans() -> Option<Figure> {
    const TEXT: &str = "Thank you for inviting me to your party last week";
    let words: Vec<&str> = TEXT.split(' ').collect();
    let hidden = [2, 3, 8];
    let is_hidden: Vec<bool> = (0..words.len()).map(|at| hidden.contains(&at)).collect();
    let sentinels = Sentinels { ids: vec![100, 101, 102], eos: 50 };
    let made = span_corrupt(&ids(words.len()), &is_hidden, &sentinels).ok()?;
    let name = |&id: &u32| match id {
        50 => "</s>".to_owned(),
        100.. => format!("<{}>", id - 100),
        id => words[id as usize].to_owned(),
    };
    let [input, target]: [Vec<String>; 2] =
        [made.input, made.target].map(|ids| ids.iter().map(name).collect());
    let ink = |text: &str| if text.starts_with('<') { Ink::Marked } else { Ink::Plain };
    fn cells(row: &[String], ink: impl Fn(&str) -> Ink) -> Vec<(&str, Ink)> {
        row.iter().map(|text| (text.as_str(), ink(text))).collect()
    }
    let text = words
        .iter()
        .enumerate()
        .map(|(at, &word)| (word, if is_hidden[at] { Ink::Marked } else { Ink::Plain }));
    let text: Vec<(&str, Ink)> = text.collect();
    let drawing = Cells::new()
        .rule("text")
        .row("", text[..5].to_vec())
        .row("", text[5..].to_vec())
        .rule("input")
        .row("", cells(&input[..5], ink))
        .row("", cells(&input[5..], ink))
        .rule("target")
        .row("", cells(&target, ink));
    Some(Figure {
        name: "spans",
        caption: "The example of Raffel and others, 2019, figure 2, by span_corrupt. <0>, <1> and <2> are \
                  <extra_id_0>, <extra_id_1> and <extra_id_2>."
            .into(),
        text: format!("Input: {}. Target: {}.", input.join(" "), target.join(" ")),
        drawing: drawing.into(),
    })
}

/// A sentence as BART reads it, with an empty span.
fn lengths() -> Option<Figure> {
    let words = &words()[..8];
    let infilling = Infilling::bart(99);
    let draw = |seed| bart_infill(&ids(8), &infilling, &mut seeded(seed)).ok();
    // Two masks, of which one hides nothing: what stands around it are neighbors.
    let is_empty = |input: &[u32], at: usize| {
        at > 0 && at + 1 < input.len() && input[at] == 99 && input[at - 1] + 1 == input[at + 1]
    };
    let fits = |input: &Vec<u32>| {
        let masks = input.iter().filter(|&&id| id == 99).count();
        let empty = (0..input.len()).filter(|&at| is_empty(input, at)).count();
        let touch = input.windows(2).any(|two| two == [99, 99]);
        masks == 2 && empty == 1 && !touch && input[0] != 99 && input[input.len() - 1] != 99
    };
    let input = (1..2000).filter_map(draw).map(|made| made.input).find(fits)?;
    let name = |&id: &u32| words.get(id as usize).copied().unwrap_or("[MASK]");
    let read: Vec<&str> = input.iter().map(name).collect();
    let ink = |at: usize| if input.contains(&(at as u32)) { Ink::Plain } else { Ink::Marked };
    let text: Vec<(&str, Ink)> =
        words.iter().enumerate().map(|(at, &word)| (word, ink(at))).collect();
    let shown: Vec<(&str, Ink)> = read
        .iter()
        .map(|&text| (text, if text == "[MASK]" { Ink::Marked } else { Ink::Plain }))
        .collect();
    let hidden: Vec<&str> =
        text.iter().filter(|(_, ink)| *ink == Ink::Marked).map(|(word, _)| *word).collect();
    let drawing = Cells::new()
        .rule("text, and what must be written")
        .row("", text)
        .rule("input")
        .row("", shown);
    Some(Figure {
        name: "lengths",
        caption: format!("A mask for “{}”, and one for nothing. Which is which?", hidden.join(" ")),
        text: format!("Text: {} Input: {}", words.join(" "), read.join(" ")),
        drawing: drawing.into(),
    })
}

//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Plot};
use grading::numbers::{percent, short};
use task_heads::measured::Measured;
use task_heads::solution::{best_span, last_token};
use task_heads::worked::{END, PADDED, SEQ, START};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![three_heads()];
    figures.extend([last(), pairs(), learned()].into_iter().flatten());
    figures
}

/// One text and what three heads are asked of it.
fn three_heads() -> Figure {
    let tokens = ["Ada", "loved", "Lake", "Road", "."];
    let asked = |marked: [&'static str; 5]| {
        marked.map(|text| (text, if text == "·" { Ink::Quiet } else { Ink::Marked }))
    };
    Figure {
        name: "three-heads",
        caption: "One model, three heads. All read the hidden states of the same tokens; they differ \
                  in which tokens are asked, and for what. A dot stands where nothing is asked."
            .into(),
        text: "A table with the tokens Ada, loved, Lake, Road and the full stop. Sentiment: only the \
               full stop is asked, and says good. Names: each token has a tag, B-person, O, B-place, \
               I-place, O. Answer to “What did Ada love?”: Lake is the start, Road the end."
            .into(),
        drawing: Cells::new()
            .head(tokens)
            .row("sentiment", asked(["·", "·", "·", "·", "good"]))
            .row("names", asked(["B-person", "O", "B-place", "I-place", "O"]))
            .row("answer", asked(["·", "·", "start", "end", "·"]))
            .into(),
    }
}

/// A text padded on either side, and its last token.
fn last() -> Option<Figure> {
    let places = last_token(&PADDED, SEQ).ok()?;
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (text, side) in ["right", "left"].into_iter().enumerate() {
        let mask = &PADDED[text * SEQ..][..SEQ];
        let mut words = ["The", "soup", "was", "good"].into_iter();
        let cell = |(at, is_token): (usize, &bool)| match is_token {
            true if at == places[text] => (words.next().unwrap_or(""), Ink::Marked),
            true => (words.next().unwrap_or(""), Ink::Plain),
            false => ("pad", Ink::Quiet),
        };
        cells = cells.row(side, mask.iter().enumerate().map(cell).collect::<Vec<_>>());
        told.push(format!("padded on the {side}: place {}", places[text]));
    }
    Some(Figure {
        name: "last",
        caption: "The same text, padded on the right and on the left. The head reads the marked \
                  token."
            .into(),
        text: format!("The last token that is no padding. {}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// Sums of start and end logits of the page's example.
fn pairs() -> Option<Figure> {
    let names = ["Rose", "Lane", "not", "Hill"];
    let best = best_span(&START, &END, 0..START.len(), 2).ok()?;
    let head: Vec<String> = names
        .iter()
        .zip(END)
        .map(|(name, z)| format!("{name} {}", short(f64::from(z), 1)))
        .collect();
    let mut cells = Cells::new().head(head.iter().map(String::as_str));
    for (start, name) in names.into_iter().enumerate() {
        let sum = |end: usize| short(f64::from(START[start]) + f64::from(END[end]), 1);
        let row: Vec<(String, Ink)> = (0..names.len())
            .map(|end| match (start <= end, end < start + 2) {
                _ if (start, end) == (best.start, best.end) => (sum(end), Ink::Marked),
                (true, true) => (sum(end), Ink::Plain),
                (true, false) => ("long".into(), Ink::Quiet),
                _ => ("−".into(), Ink::Quiet),
            })
            .collect();
        let name = format!("{name} {}", short(f64::from(START[start]), 1));
        cells = cells.row(&name, row.iter().map(|(text, ink)| (&text[..], *ink)));
    }
    Some(Figure {
        name: "pairs",
        caption: "A row for each start and a column for each end, with their logits; inside, the \
                  sums. “−” ends before it starts, “long” has more than two tokens. The largest sum \
                  is marked."
            .into(),
        text: format!(
            "A square of sums. Below the diagonal the end stands before the start. The largest of \
             the pairs that can be is {}, from {} to {}.",
            short(best.score, 1),
            names[best.start],
            names[best.end]
        ),
        drawing: cells.into(),
    })
}

/// The accuracies that were measured, by how many texts have labels.
fn learned() -> Option<Figure> {
    let measured = Measured::read().ok()?;
    let examples = measured.examples();
    let (first, last) = (*examples.first()? as f64, *examples.last()? as f64);
    let ticks: Vec<(f64, String)> =
        examples.iter().map(|n| ((*n as f64).log10(), n.to_string())).collect();
    let ticks: Vec<(f64, &str)> = ticks.iter().map(|(at, text)| (*at, &text[..])).collect();
    let mut plot = Plot::new(("labeled texts", first.log10(), last.log10()), ("right", 0.4, 1.0))
        .x_ticks(&ticks);
    let mut told = Vec::new();
    for (name, called) in [
        ("all", "all tuned"),
        ("words", "counted words"),
        ("scratch", "from scratch"),
        ("head", "head alone"),
    ] {
        let points: Vec<(f64, f64)> =
            examples.iter().map(|&n| ((n as f64).log10(), measured.accuracy(name, n))).collect();
        let numbers: Vec<String> = points.iter().map(|point| percent(point.1, 0)).collect();
        told.push(format!("{called}: {}", numbers.join(", ")));
        plot = plot.curve(called, points);
    }
    Some(Figure {
        name: "learned",
        caption:
            "The share of texts that are judged right, by how many labeled texts there were to \
                  learn from. Where does the tuned Buddy pass the counted words?"
                .into(),
        text: format!("Four curves, at {examples:?} labeled texts. {}.", told.join("; ")),
        drawing: plot.into(),
    })
}

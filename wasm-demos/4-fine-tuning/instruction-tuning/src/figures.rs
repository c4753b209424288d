//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Plot};
use instruction_tuning::solution::{chat_template, pad_batch, sft_labels};
use instruction_tuning::{Encoded, IGNORE, Kept, Message, Side, buddy_bpe, tokens};

use crate::strips::{boxes, shown};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [dialogue(), shift(), sides(), runs()].into_iter().flatten().collect()
}

fn messages() -> Vec<Message> {
    vec![Message::new("user", "Where is Otto?"), Message::new("assistant", "At the inn.")]
}

/// The dialogue's tokens as a person reads them, and its labels.
fn labelled() -> Option<(Vec<String>, Encoded)> {
    let bpe = buddy_bpe();
    let chat = chat_template(&messages(), false).ok()?;
    let (ids, offsets) = tokens(&bpe, &chat.text);
    let labels = sft_labels(&ids, &offsets, &chat.spans).ok()?;
    let names = ids.iter().map(|&id| shown(&bpe.spelled(id))).collect();
    Some((names, Encoded { ids, labels }))
}

/// A dialogue as the model reads it.
fn dialogue() -> Option<Figure> {
    let (names, Encoded { labels, .. }) = labelled()?;
    let tokens: Vec<(String, bool)> = names
        .into_iter()
        .enumerate()
        .map(|(i, name)| (name, i > 0 && labels[i - 1] != IGNORE))
        .collect();
    let of = |is_learned| -> Vec<&str> {
        tokens.iter().filter(|token| token.1 == is_learned).map(|token| token.0.as_str()).collect()
    };
    let text = format!("Given: {}. Learned: {}.", of(false).join(" "), of(true).join(" "));
    Some(Figure {
        name: "dialogue",
        caption: "A question and its answer as Buddy reads them: each box is a token, ⏎ is a line \
                  feed, a dot is a space. Only the marked tokens are learned."
            .into(),
        text,
        drawing: boxes(&tokens),
    })
}

/// Where the labels stand.
fn shift() -> Option<Figure> {
    let (names, Encoded { ids, labels }) = labelled()?;
    let bpe = buddy_bpe();
    let first = labels.iter().position(|label| *label != IGNORE)?;
    let from = first.checked_sub(2)?;
    let mut cells = Cells::new().head(["reads", "should say next"]);
    let mut lines = Vec::new();
    for i in from..ids.len() {
        let label = u32::try_from(labels[i]).map(|id| shown(&bpe.spelled(id)));
        let ink = if label.is_ok() { Ink::Marked } else { Ink::Quiet };
        let label = label.unwrap_or("−100".into());
        lines.push(format!("{} is followed by the label {label}", names[i]));
        cells = cells.row(&i.to_string(), [(names[i].as_str(), Ink::Plain), (label.as_str(), ink)]);
    }
    Some(Figure {
        name: "shift",
        caption:
            "The end of the same dialogue, place by place. The line feed behind “assistant” is \
                  given, but its label is the first token that the assistant says."
                .into(),
        text: format!("From place {from} on: {}.", lines.join("; ")),
        drawing: cells.into(),
    })
}

/// Three rows, padded on either side.
fn sides() -> Option<Figure> {
    let words = [&["How", "are", "you", "?"][..], &["Hi"], &["Who", "?"]];
    let example = |words: &&[&str]| Encoded {
        ids: (1..=words.len() as u32).collect(),
        labels: vec![IGNORE; words.len()],
    };
    let examples: Vec<Encoded> = words.iter().map(example).collect();
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (side, name) in [(Side::Right, "on the right"), (Side::Left, "on the left")] {
        let batch = pad_batch(&examples, side, 1, 0).ok()?;
        cells = cells.rule(name);
        for (at, words) in words.iter().enumerate() {
            let text = |i: usize| match batch.ids[at][i] {
                0 => "pad".to_owned(),
                id => format!("{} {}", words[id as usize - 1], batch.position_ids[at][i]),
            };
            let row: Vec<String> = (0..batch.ids[at].len()).map(text).collect();
            told.push(format!("{name}, row {at}: {}", row.join(", ")));
            let ink = |text: &str| if text == "pad" { Ink::Quiet } else { Ink::Marked };
            cells = cells.row("", row.iter().map(|text| (text.as_str(), ink(text))));
        }
    }
    Some(Figure {
        name: "sides",
        caption:
            "Three questions as one batch. The number behind a word is its position: it counts \
                  words, not padding."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// What the runs came to.
fn runs() -> Option<Figure> {
    let kept = Kept::read().ok()?;
    let names = [
        ("answers", "answers"),
        ("everything", "everything"),
        ("answers without their end", "no end"),
    ];
    let mut plot = Plot::new(("steps", 0.0, kept.steps as f64), ("nats a token", 0.0, 3.0));
    let mut told = Vec::new();
    for (learned, name) in names {
        let run = kept.named(learned).next()?;
        let points = run.points.iter().filter(|point| point.0 > 0);
        plot = plot.curve(name, points.map(|&(step, loss)| (step as f64, loss)));
        told.push(format!("{name}: {:.2} at the end", run.last()));
    }
    Some(Figure {
        name: "runs",
        caption:
            "The loss of answers that Buddy never saw, by what it learns: the answers of other \
                  dialogues, everything in them, or their answers without the end. All ends count \
                  here, so the last curve stays high."
                .into(),
        text: format!("Three falling curves. {}.", told.join("; ")),
        drawing: plot.into(),
    })
}

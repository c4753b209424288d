//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Layers, Plot};
use demo::format::number;
use grading::numbers::settled;
use neural_language_model::example::{Pairs, STEPS, shares};
use neural_language_model::solution::shift;
use neural_language_model::{NetError, Sizes, Town};
use what_an_llm_is::words::{TEXT, Words};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [Ok(shifted()), table(), reached(), Ok(network())];
    figures.into_iter().flatten().collect()
}

/// The words of the figure on shifting.
const SHOWN: usize = 6;

/// Two rows of the same words, the lower one a place further.
fn shifted() -> Figure {
    let words: Vec<&str> = TEXT.split(' ').take(SHOWN).collect();
    let ids: Vec<u32> = (0..SHOWN as u32).collect();
    let examples = shift(&ids, 1, SHOWN as u32);
    let word = |id: u32| words.get(id as usize).copied().unwrap_or("–");
    let (left, step, half) = (62.0, 50.0, 22.0);
    let middle = |i: usize| left + half + step * i as f64;
    let mut drawing = Drawing::new(112.0);
    for (name, y) in [("it sees", 22.0), ("to guess", 90.0)] {
        drawing.text((left - 8.0, y + 4.0), Anchor::End, name, Ink::Quiet);
    }
    let mut told = Vec::new();
    for (i, &target) in examples.targets.iter().enumerate() {
        let seen = examples.context_of(i)[0];
        let x = middle(i);
        let ink = if seen as usize == SHOWN { Ink::Quiet } else { Ink::Plain };
        for (id, y, ink) in [(seen, 22.0, ink), (target, 90.0, Ink::Marked)] {
            drawing.boxed((x - half, y - 12.0), (x + half, y + 12.0), 4.0, ink);
            drawing.text((x, y + 4.0), Anchor::Middle, word(id), ink);
        }
        drawing.arrow((x, 34.0), (x, 77.0), Ink::Marked);
        if i + 1 < SHOWN {
            // The same word, one place on in the upper row.
            drawing.line(&[(x + 8.0, 78.0), (middle(i + 1) - 8.0, 35.0)], Ink::Quiet);
        }
        told.push(format!("“{}” after “{}”", word(target), word(seen)));
    }
    Figure {
        name: "shifted",
        caption: "The same words twice, the upper row a place to the right. Each arrow is an \
                  example: from what the model sees to what it must guess. Pale: before the text, \
                  and where a target becomes the next input."
            .into(),
        text: format!("Pairs of input and target: {}.", told.join(", ")),
        drawing,
    }
}

/// Words whose rows of the table are shown.
const ROWS: [&str; 3] = ["the", "cat", "sat"];

/// The learned table beside the counts.
fn table() -> Result<Figure, NetError> {
    let (words, pairs) = (Words::default(), Pairs::default());
    let (table, _) = pairs.learn(STEPS)?;
    let columns: Vec<u32> = (0..pairs.vocab as u32).collect();
    let short = |p: f64| match (100.0 * p).round() {
        0.0 => "0".to_owned(),
        100.0 => "1".to_owned(),
        percent => format!(".{percent:02}"),
    };
    let mut cells = Cells::new().head(columns.iter().map(|&id| words.word(id)));
    let mut told = Vec::new();
    for word in ROWS {
        let row = words.ids(word).first().copied().unwrap_or(0);
        let counted: Vec<f64> = columns.iter().map(|&id| pairs.share(row, id)).collect();
        let learned = shares(table.row(row as usize));
        for (kind, values) in [("counted", &counted), ("learned", &learned)] {
            let shown: Vec<String> = values.iter().map(|&p| short(p)).collect();
            let ink = |p: f64| match (p < 0.005, kind) {
                (true, _) => Ink::Quiet,
                (_, "learned") => Ink::Marked,
                _ => Ink::Plain,
            };
            let row = shown.iter().zip(values).map(|(text, &p)| (text.as_str(), ink(p)));
            cells = cells.row(&format!("{word}: {kind}"), row);
            told.push(format!("{word}, {kind}: {}", shown.join(", ")));
        }
    }
    let names: Vec<&str> = columns.iter().map(|&id| words.word(id)).collect();
    Ok(Figure {
        name: "table",
        caption: format!(
            "Three rows of a table: what comes after “{}”, “{}” and “{}”. Counted are shares of \
             what came; learned (in color) are the softmax of a row of numbers that began at zero, \
             after {STEPS} steps downhill.",
            ROWS[0], ROWS[1], ROWS[2]
        ),
        text: format!("Probabilities of {}. {}.", names.join(", "), told.join("; ")),
        drawing: cells.into(),
    })
}

/// The loss of the table falls to that of the counts.
fn reached() -> Result<Figure, NetError> {
    let pairs = Pairs::default();
    let (_, losses) = pairs.learn(STEPS)?;
    let counted = settled(pairs.counted_loss());
    let (first, last) = (settled(losses[0]), settled(losses[STEPS]));
    let curve = (0..).map(f64::from).zip(losses.iter().map(|&loss| settled(loss)));
    let plot = Plot::new(("step", 0.0, STEPS as f64), ("loss, nats a word", 0.0, 2.5))
        .curve("learned", curve)
        .across(counted, &format!("counted: {}", number(counted)));
    let at = |step: usize| losses.get(step).map_or_else(String::new, |&loss| number(settled(loss)));
    Ok(Figure {
        name: "reached",
        caption:
            "The loss of the table as it learns, and that of the counts (dashed). On the text \
                  that was counted, nothing gets below."
                .into(),
        text: format!(
            "A falling curve: the loss of the table is {} at the start, {} after 10 steps, {} after \
             50, {} after {STEPS}. A dashed line across at {} is the loss of the counted bigram.",
            number(first),
            at(10),
            at(50),
            number(last),
            number(counted)
        ),
        drawing: plot.into(),
    })
}

/// The layers of the network that the page trains, with their shapes.
fn network() -> Figure {
    let Sizes { vocab, context, dim, hidden } = Town::new().sizes();
    let inputs = context * dim;
    let words: Vec<String> = (1..=context).rev().map(|back| format!("{back} back")).collect();
    let row = format!("C: ({dim})");
    let boxes: Vec<(&str, &str)> = words.iter().map(|word| (word.as_str(), row.as_str())).collect();
    let [x, tanh, shape] =
        [format!("({inputs})"), format!("tanh: ({hidden})"), format!("({vocab})")];
    let layers = Layers::new()
        .boxes(&boxes)
        .boxes(&[("x", &x)])
        .link(&format!("× H ({inputs}, {hidden}) + b1"))
        .boxes(&[("hidden", &tanh)])
        .mark(0)
        .link(&format!("× U ({hidden}, {vocab}) + b2"))
        .boxes(&[("logits", &shape)])
        .link("softmax")
        .boxes(&[("probabilities", &shape)]);
    Figure {
        name: "network",
        caption: format!(
            "Bengio's network, from the last {context} words to a probability for each word. C, H, \
             U, b1 and b2 are learned."
        ),
        text: format!(
            "Layers from top to bottom: for each of the last {context} words a row of C, {dim} \
             numbers; side by side they make x, {inputs} numbers. Times H of shape ({inputs}, \
             {hidden}), plus b1, through tanh: the hidden layer, {hidden} numbers. Times U of shape \
             ({hidden}, {vocab}), plus b2: {vocab} logits. Softmax makes {vocab} probabilities."
        ),
        drawing: layers.into(),
    }
}

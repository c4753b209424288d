//! An order of prediction, and the two masks that it makes.

use demo::control::{Slider, Text, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::random::seeded;
use rand::RngExt;
use roberta_and_xlnet::solution::permutation_masks;

use crate::grid::{grid, name, told};

/// More would not fit beside each other.
const MOST: usize = 10;

const TEXT: Text = Text::new("text", "A sentence", "New York is a city", 300);
const ORDER: Text =
    Text::new("order", "Places in the order of prediction; empty: shuffled", "2 4 3 0 1", 100);
const SHUFFLE: Slider = Slider::new("shuffle", "Which shuffle", 1.0, [1.0, 50.0], 1.0);
const STEP: Slider = Slider::new("step", "The step to look at", 4.0, [1.0, MOST as f64], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "permutation-mask",
        title: "Masks of an order",
        lesson: "roberta-and-xlnet",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), ORDER.control(), SHUFFLE.control(), STEP.control()],
        run: demo::run(run),
    }
}

fn shuffled(seq: usize, shuffle: u64) -> Vec<usize> {
    let (mut order, mut rng) = ((0..seq).collect::<Vec<_>>(), seeded(shuffle));
    (1..seq).rev().for_each(|i| order.swap(i, rng.random_range(0..=i as u32) as usize));
    order
}

/// The order that was typed.
fn typed(text: &str) -> Result<Vec<usize>, DemoError> {
    let place = |word: &str| {
        word.parse::<usize>().map_err(|_| {
            let shown: String = word.chars().take(12).collect();
            let message = format!("“{shown}” is no place: give whole numbers from 0.");
            DemoError::input(ORDER.name, message)
        })
    };
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(place)
        .collect()
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word to predict: type some."));
    }
    let typed = typed(&cx.get(&ORDER)?)?;
    let mut notes = Vec::new();
    let order = if typed.len() == words.len() {
        typed
    } else {
        if !typed.is_empty() {
            let (places, have) = (counted(typed.len(), "place"), counted(words.len(), "word"));
            notes.push(format!("The order has {places} for {have}, so the words are shuffled."));
        }
        shuffled(words.len(), cx.get(&SHUFFLE)? as u64)
    };
    let masks = permutation_masks(&order)
        .map_err(|error| DemoError::input(ORDER.name, error.to_string()))?;
    let step = (cx.get(&STEP)? as usize).min(order.len());
    let place = order[step - 1];
    let word = words[place];

    let names: Vec<String> = words.iter().enumerate().map(|(at, word)| name(at, word)).collect();
    let seen = |at: usize| -> Vec<&str> {
        (0..words.len()).map(|j| if masks.query[at][j] { words[j] } else { "▢" }).collect()
    };
    let rows = order.iter().enumerate().map(|(k, &at)| {
        vec![Cell::Number((k + 1).to_string()), words[at].into(), seen(at).join(" ").into()]
    });
    let grid_of = |what: &str, rows: &[Vec<bool>]| {
        let lines: Vec<String> =
            names.iter().zip(rows).map(|(name, row)| format!("{name}: {}", told(row))).collect();
        let text = format!("Which places each word may look at. {}.", lines.join("; "));
        View::drawing(format!("The {what} mask"), text, grid(&names, rows, Some(place)))
    };
    let mut views = vec![
        View::Table {
            label: "Step by step: what is known when a word is predicted".into(),
            columns: ["Step", "Predicted", "Seen"].map(String::from).into(),
            rows: rows.collect(),
        },
        grid_of("content", &masks.content),
        grid_of("query", &masks.query),
        View::Prose(vec![format!(
            "A row is a word that looks, a column a place that it may look at if the cell is \
             filled. In color: “{word}”, predicted in step {step}."
        )]),
    ];
    if text.split_whitespace().count() > MOST {
        notes.push(format!("Read are the first {MOST} words."));
    }
    if !notes.is_empty() {
        views.insert(0, View::Prose(notes));
    }
    let known = match step {
        1 => "without seeing any word".to_owned(),
        _ => format!("from “{}”", seen(place).join(" ")),
    };
    cx.show(format!("Step {step} predicts “{word}” {known}."), &views);
    Ok(())
}

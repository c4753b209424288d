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

/// The order that was typed, or a shuffled one.
fn order_of(text: &str, seq: usize, shuffle: u64) -> Result<Vec<usize>, DemoError> {
    if text.trim().is_empty() {
        let (mut order, mut rng) = ((0..seq).collect::<Vec<_>>(), seeded(shuffle));
        (1..seq).rev().for_each(|i| order.swap(i, rng.random_range(0..=i as u32) as usize));
        return Ok(order);
    }
    let place = |word: &str| {
        word.parse::<usize>().map_err(|_| {
            let shown: String = word.chars().take(12).collect();
            let message = format!("“{shown}” is no place: give whole numbers from 0.");
            DemoError::input(ORDER.name, message)
        })
    };
    text.split([' ', ',']).filter(|word| !word.is_empty()).map(place).collect()
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word to predict: type some."));
    }
    let order = order_of(&cx.get(&ORDER)?, words.len(), cx.get(&SHUFFLE)? as u64)?;
    if order.len() != words.len() {
        let (places, have) = (counted(words.len(), "word"), counted(order.len(), "place"));
        let message = format!(
            "The sentence has {places}, the order {have}: give one each, or leave it empty."
        );
        return Err(DemoError::input(ORDER.name, message));
    }
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
        views.push(View::Prose(vec![format!("Read are the first {MOST} words.")]));
    }
    let known = match step {
        1 => "without seeing any word".to_owned(),
        _ => format!("from “{}”", seen(place).join(" ")),
    };
    cx.show(format!("Step {step} predicts “{word}” {known}."), &views);
    Ok(())
}

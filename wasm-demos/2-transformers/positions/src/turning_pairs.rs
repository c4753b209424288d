//! A query and a key that turn with their positions, and the score that knows only the distance.

use candle_core::{DType, Device as CandleDevice, Tensor};
use demo::control::{Choice, Slider, Typed};
use demo::figure::Ink;
use demo::format::{counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::settled;
use positions::Answers;
use positions::example::{KEY, QUERY};

use crate::hands;

const QUERY_AT: Slider = Slider::new("query", "Position of the query", 7.0, [0.0, 60.0], 1.0);
const KEY_AT: Slider = Slider::new("key", "Position of the key", 3.0, [0.0, 60.0], 1.0);
const BOTH: Slider = Slider::new("both", "Move both by", 0.0, [0.0, 1000.0], 1.0);
const THETA: Choice = Choice::new(
    "theta",
    "Base θ",
    &[("10000", "10,000"), ("500000", "500,000, as in Llama 3"), ("100", "100")],
);

const DIM: usize = 8;
const HALF: usize = DIM / 2;
/// So far are both moved on the chart.
const FAR: usize = 60;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "turning-pairs",
        title: "Two words, turned by their places",
        lesson: "positions",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![QUERY_AT.control(), KEY_AT.control(), BOTH.control(), THETA.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let [at, other, both] =
        [cx.get(&QUERY_AT)?, cx.get(&KEY_AT)?, cx.get(&BOTH)?].map(|x| x as usize);
    let theta = cx.get(&THETA)?.parse().unwrap_or(positions::BASE);
    let turn = |x: &[f32; DIM], position: usize| -> Result<Vec<f64>, DemoError> {
        let x = Tensor::from_slice(x, (1, 1, 1, DIM), &CandleDevice::Cpu)?;
        numbers(&(answers.rope)(&x, position, theta)?)
    };
    let (m, n) = (at + both, other + both);
    let (query, key) = (turn(&QUERY, m)?, turn(&KEY, n)?);
    let score = settled(dot(&query, &key));

    let waves = (answers.sinusoidal)(at.max(other) + FAR + 1, DIM)?;
    let added = |x: &[f32; DIM], position: usize| -> Result<Vec<f64>, DemoError> {
        let wave = numbers(&waves.narrow(0, position, 1)?)?;
        Ok(x.iter().zip(wave).map(|(&x, wave)| f64::from(x) + wave).collect())
    };
    let (mut turned, mut summed) = (Vec::new(), Vec::new());
    for shift in 0..=FAR {
        let x = shift as f64;
        let score = dot(&turn(&QUERY, at + shift)?, &turn(&KEY, other + shift)?);
        turned.push((x, settled(score)));
        let score = dot(&added(&QUERY, at + shift)?, &added(&KEY, other + shift)?);
        summed.push((x, settled(score)));
    }

    let views = [
        drawing(&query, &key, [m, n]),
        View::Table {
            label: "What each pair adds to the score".into(),
            columns: ["Pair", "Query", "Key", "Adds"].map(Into::into).into(),
            rows: (0..HALF).map(|i| row(i, &query, &key)).collect(),
        },
        View::Lines {
            label: "The score when both move on".into(),
            x_label: format!("positions moved, from {at} and {other}"),
            y_label: "score".into(),
            lines: vec![
                Line { name: "pairs turned".into(), points: turned },
                Line { name: "waves added instead".into(), points: summed },
            ],
        },
    ];
    cx.show(
        format!(
            "A query at {m} and a key at {n}, {} apart: score {}.",
            counted(m.abs_diff(n), "position"),
            number(score)
        ),
        &views,
    );
    Ok(())
}

/// A clock a pair, with two hands.
fn drawing(query: &[f64], key: &[f64], [m, n]: [usize; 2]) -> View {
    let longest = (0..HALF).flat_map(|i| [query, key].map(|x| x[i].hypot(x[i + HALF])));
    let longest = longest.fold(f64::MIN_POSITIVE, f64::max);
    let hand = |x: &[f64], i: usize| [x[i], x[i + HALF]].map(|v| settled(v / longest));
    let clocks = (0..HALF).map(|i| vec![(hand(key, i), Ink::Plain), (hand(query, i), Ink::Marked)]);
    let columns: Vec<String> = (0..HALF).map(|i| format!("pair {i}")).collect();
    let told: Vec<String> = (0..HALF)
        .map(|i| format!("pair {i}: query {}, key {}", degrees(query, i), degrees(key, i)))
        .collect();
    View::drawing(
        "The pairs, counterclockwise from the right: in color the query, beside it the key",
        format!(
            "Four clocks, one a pair, each with a hand of the query at position {m} and one of the \
             key at position {n}. Angles from the right, counterclockwise: {}.",
            told.join("; ")
        ),
        hands::clocks(34.0, &columns, &[(String::new(), clocks.collect())]),
    )
}

fn row(i: usize, query: &[f64], key: &[f64]) -> Vec<Cell> {
    let adds = query[i] * key[i] + query[i + HALF] * key[i + HALF];
    let number = |text: String| Cell::Number(text);
    vec![
        Cell::from(i.to_string()),
        number(degrees(query, i)),
        number(degrees(key, i)),
        number(demo::format::number(settled(adds))),
    ]
}

/// The direction of a pair, from 0° to 359°.
fn degrees(x: &[f64], i: usize) -> String {
    let turn = settled(x[i + HALF].atan2(x[i]).to_degrees()).round();
    format!("{}°", (turn as i64).rem_euclid(360))
}

fn numbers(x: &Tensor) -> Result<Vec<f64>, DemoError> {
    let numbers = x.to_dtype(DType::F64)?.flatten_all()?.to_vec1()?;
    match numbers.len() {
        DIM => Ok(numbers),
        n => Err(DemoError::Other(format!("A vector of {DIM} numbers became one of {n}."))),
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

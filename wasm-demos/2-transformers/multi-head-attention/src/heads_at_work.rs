//! A sentence through heads that are set by hand: where each looks, and what a single one would do.

use attention::solution::causal_mask;
use demo::control::{Slider, Text, Toggle, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use multi_head_attention::Answers;
use multi_head_attention::example::{Look, SENTENCE, SHARPNESS, hand_set};

use crate::grids::{Head, grids, told};

/// More words would not fit into two grids on a phone.
const MOST: usize = 8;

const TEXT: Text = Text::new("text", "A sentence", SENTENCE, 400);
const PLACE: Slider = Slider::new("place", "The word that looks", 5.0, [1.0, MOST as f64], 1.0);
const SHARP: Slider = Slider::new("sharp", "How sure the heads are", SHARPNESS, [0.0, 8.0], 0.5);
const CAUSAL: Toggle = Toggle::new("causal", "Hide what comes later", false);

/// What one head for all has to look for at once.
const WANTED: [Look; 3] = [Look::Previous, Look::Same, Look::First];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "heads-at-work",
        title: "Heads at work",
        lesson: "multi-head-attention",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), PLACE.control(), SHARP.control(), CAUSAL.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (text, place, sharp) = (cx.get(&TEXT)?, cx.get(&PLACE)?, cx.get(&SHARP)?);
    let is_causal = cx.get(&CAUSAL)?;
    let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There are no words yet: type some."));
    }
    // A slider that points behind the last word points at the last.
    let at = (place as usize - 1).min(words.len() - 1);
    let run = |heads: &[Vec<Look>]| looks(answers, &words, heads, sharp, is_causal);
    let names = Look::ALL.iter().map(|look| look.name().to_owned());
    let mut heads: Vec<Head> = names
        .zip(run(&Look::ALL.map(|look| vec![look]))?)
        .map(|(name, weights)| Head { name, weights })
        .collect();
    let single = run(&[WANTED.to_vec()])?.swap_remove(0);
    heads.push(Head { name: "one head, all three".into(), weights: single });

    let row = |(i, head): (usize, &Head)| {
        let name = if i < Look::ALL.len() {
            format!("head {i}: {}", head.name)
        } else {
            head.name.clone()
        };
        vec![Cell::from(name), Cell::from(told(&words, &head.weights, at))]
    };
    let rows: Vec<Vec<Cell>> = heads.iter().enumerate().map(row).collect();
    let alternative: Vec<String> = heads
        .iter()
        .map(|head| {
            let rows = (0..words.len())
                .map(|row| format!("{} looks at {}", words[row], told(&words, &head.weights, row)));
            format!("{}: {}.", head.name, rows.collect::<Vec<_>>().join("; "))
        })
        .collect();
    let mut views = vec![
        View::drawing(
            "Rows look, columns are looked at, both in the order of the sentence",
            format!(
                "A grid for each head, larger dots for larger weights. {}",
                alternative.join(" ")
            ),
            grids(&words, &heads, Some(at)),
        ),
        View::Table {
            label: format!("Where “{}”, word {}, looks", words[at], at + 1),
            columns: ["Head", "Takes most from"].map(Into::into).into(),
            rows,
        },
    ];
    if text.split_whitespace().nth(MOST).is_some() {
        views.push(View::Prose(vec![format!("Shown are the first {MOST} words.")]));
    }
    let most = |head: &Head| {
        let told = told(&words, &head.weights, at);
        told.split(", ").next().unwrap_or_default().to_owned()
    };
    let [before, same, first, ..] = &heads[..] else { return Ok(()) };
    cx.show(
        format!(
            "“{}”, word {}: head 0 takes most from {}, head 1 from {}, head 2 from {}.",
            words[at],
            at + 1,
            most(before),
            most(same),
            most(first)
        ),
        &views,
    );
    Ok(())
}

/// The weights of each head, `n` rows of `n`.
fn looks(
    answers: Answers,
    words: &[&str],
    heads: &[Vec<Look>],
    sharp: f64,
    is_causal: bool,
) -> Result<Vec<Vec<f64>>, DemoError> {
    let n = words.len();
    let other = |error: &dyn std::fmt::Display| DemoError::Other(error.to_string());
    let (mha, x) = hand_set(words, heads, sharp).map_err(|error| other(&error))?;
    let mask = match is_causal {
        true => Some(causal_mask(n, n).map_err(|error| other(&error))?),
        false => None,
    };
    let y = (answers.forward)(&mha, &x, None, mask.as_ref()).map_err(|error| other(&error))?;
    if y.dims() != [1, n, heads.len() * n] {
        let wanted = [1, n, heads.len() * n];
        return Err(DemoError::Other(format!("The result is {:?}, not {wanted:?}.", y.dims())));
    }
    let rows = y.squeeze(0)?.to_vec2::<f64>()?;
    let of = |head: usize| {
        let part = move |row: &Vec<f64>| row[head * n..(head + 1) * n].to_vec();
        rows.iter().flat_map(part).map(grading::numbers::settled).collect()
    };
    Ok((0..heads.len()).map(of).collect())
}

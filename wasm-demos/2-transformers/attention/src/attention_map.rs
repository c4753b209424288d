//! Who looks at whom in the reader's sentence: arcs, a grid, one of its cells term by term, and
//! what a word takes along.

use attention::example::{Head, SENTENCE, TOLD, Vectors, attend, weights};
use attention::{Answers, Side};
use candle_core::Tensor;
use demo::control::{Choice, Slider, Text, Toggle, Typed};
use demo::format::{number, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{settled, short};

use crate::grid;

/// More would not fit into a grid on a phone.
const MOST: usize = 14;
/// Places of padding behind them.
const PADDING: usize = 2;
/// Letters of a word.
const LONGEST: usize = 12;

const TEXT: Text = Text::new("text", "A sentence", SENTENCE, 400);
const LOOKS: Slider = Slider::new("looks", "The word that looks", 9.0, [1.0, 16.0], 1.0);
const AT: Slider = Slider::new("at", "The word it looks at", 2.0, [1.0, 16.0], 1.0);
const HEAD: Choice = Choice::new(
    "head",
    "Queries and keys",
    &[
        ("roles", "set by hand: pronouns look for their thing"),
        ("letters", "the letters of a word: like looks at like"),
        ("untrained", "random numbers: before training"),
    ],
);
const MASK: Choice = Choice::new(
    "mask",
    "Who may be looked at",
    &[
        ("none", "all words"),
        ("causal", "the word itself and those before it"),
        ("padding", "all words, but no padding"),
    ],
);
const SCALED: Toggle = Toggle::new("scaled", "Divide by √d", true);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "attention-map",
        title: "Who looks at whom",
        lesson: "attention",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TEXT.control(),
                LOOKS.control(),
                AT.control(),
                HEAD.control(),
                MASK.control(),
                SCALED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let all = text.split_whitespace().count();
    let mut words: Vec<String> = text.split_whitespace().take(MOST).map(cut).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There are no words yet: type some."));
    }
    let tokens = words.len();
    let kind = cx.get(&MASK)?;
    if kind == "padding" {
        words.extend(vec!["▢".into(); PADDING]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let n = words.len();
    // A slider that points behind the last word points at the last.
    let [looks, at] = [cx.get(&LOOKS)?, cx.get(&AT)?].map(|place| (place as usize).min(n) - 1);

    let head = match cx.get(&HEAD)? {
        "letters" => Head::Letters,
        "untrained" => Head::Untrained,
        _ => Head::Roles,
    };
    let vectors = head.vectors(&words);
    let [q, k, v] = vectors.tensors()?;
    let mask = match kind {
        "causal" => Some((answers.causal_mask)(n, n)?),
        "padding" => Some((answers.padding_mask)(&[tokens], n, Side::Right)?),
        _ => None,
    };
    let is_scaled = cx.get(&SCALED)?;
    let root = (vectors.names.len() as f64).sqrt();
    // Attention always divides, so multiply first where it should not.
    let q = if is_scaled { q } else { (q * root)? };
    let weights = weights(answers.sdpa, [&q, &k], mask.as_ref())?;
    let out = attend(answers.sdpa, [&q, &k, &v], mask.as_ref())?;
    let (Some(row), Some(taken)) = (weights.get(looks), out.get(looks)) else {
        return Err(DemoError::Other(format!("Of {n} words {} came back.", weights.len())));
    };
    let row: Vec<f64> = row.iter().map(|&weight| settled(weight)).collect();
    if row.len() != n || taken.len() != TOLD.len() {
        return Err(DemoError::Other(format!("{n} words became {} weights.", row.len())));
    }

    let divisor = if is_scaled { root } else { 1.0 };
    let scores: Vec<f64> = (0..n).map(|j| settled(dot(&vectors, looks, j) / divisor)).collect();
    let hidden = hidden(mask.as_ref(), looks, n)?;
    let mut views = vec![
        View::drawing(
            format!("What “{}” takes, and from whom", words[looks]),
            format!("“{}” takes {}.", words[looks], grid::told(&words, &row)),
            grid::arcs(&words, &row, looks),
        ),
        View::drawing(
            "All words: a row for each that looks, a column for each that is looked at",
            format!("Dots, the larger, the more is taken. In color, row {}.", looks + 1),
            grid::grid(&words, &weights, looks, Some(at)),
        ),
        product(&vectors, [looks, at], [words[looks], words[at]], is_scaled),
        lookup(&vectors, &words, (looks, &scores, &row), taken, &hidden),
    ];
    if all > MOST || text.split_whitespace().any(|word| word.chars().count() > LONGEST) {
        let note =
            format!("Shown are the first {MOST} words of a text, and {LONGEST} letters of a word.");
        views.push(View::Prose(vec![note]));
    }
    let told = match hidden[at] {
        true => "which is hidden".into(),
        false => format!("score {}", number(scores[at])),
    };
    cx.show(
        format!(
            "“{}”, word {}, takes {} from “{}”, word {}: {told}.",
            words[looks],
            looks + 1,
            percent(row[at]),
            words[at],
            at + 1
        ),
        &views,
    );
    Ok(())
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

fn dot(vectors: &Vectors, looks: usize, at: usize) -> f64 {
    vectors.queries[looks].iter().zip(&vectors.keys[at]).map(|(q, k)| q * k).sum()
}

/// Which keys the mask hides from a query.
fn hidden(mask: Option<&Tensor>, looks: usize, n: usize) -> Result<Vec<bool>, DemoError> {
    let Some(mask) = mask else { return Ok(vec![false; n]) };
    let mask = mask.broadcast_as((1, 1, n, n))?.flatten_all()?.to_vec1::<u8>()?;
    Ok(mask[looks * n..][..n].iter().map(|&may| may == 0).collect())
}

/// A cell of the grid, before softmax: query times key, number by number.
fn product(
    vectors: &Vectors,
    [looks, at]: [usize; 2],
    [looking, looked_at]: [&str; 2],
    is_scaled: bool,
) -> View {
    let (q, k) = (&vectors.queries[looks], &vectors.keys[at]);
    let value = |x: f64| Cell::Number(number(settled(x)));
    let mut rows: Vec<Vec<Cell>> = vectors
        .names
        .iter()
        .zip(q.iter().zip(k))
        // Of 26 letters most are in neither word.
        .filter(|(_, (q, k))| **q != 0.0 || **k != 0.0)
        .map(|(name, (&q, &k))| vec![name.as_str().into(), value(q), value(k), value(q * k)])
        .collect();
    let sum = dot(vectors, looks, at);
    let d = vectors.names.len();
    let empty = || Cell::Number(String::new());
    rows.push(vec!["the sum: dot product".into(), empty(), empty(), value(sum)]);
    if is_scaled {
        let score = value(sum / (d as f64).sqrt());
        rows.push(vec![format!("divided by √{d}: score").into(), empty(), empty(), score]);
    }
    View::Table {
        label: format!("The circled cell: “{looking}” asks, “{looked_at}” offers"),
        columns: ["", "query", "key", "product"].map(Into::into).into(),
        rows,
    }
}

/// The row of the grid: scores, weights, and what comes of the values.
fn lookup(
    vectors: &Vectors,
    words: &[&str],
    (looks, scores, weights): (usize, &[f64], &[f64]),
    taken: &[f64],
    hidden: &[bool],
) -> View {
    let mut rows: Vec<Vec<Cell>> = (0..words.len())
        .map(|j| {
            let score = if hidden[j] { "hidden".into() } else { number(scores[j]) };
            let mut cells = vec![
                Cell::from(format!("{} {}", j + 1, words[j])),
                Cell::Number(score),
                Cell::Number(percent(weights[j])),
            ];
            cells.extend(vectors.values[j].iter().map(|&v| Cell::Number(number(v))));
            cells
        })
        .collect();
    let total = settled(weights.iter().sum());
    let mut last =
        vec![Cell::from("weighted sum"), Cell::Number(String::new()), Cell::Number(percent(total))];
    last.extend(taken.iter().map(|&v| Cell::Number(short(settled(v), 2))));
    rows.push(last);
    let mut columns = vec!["word".to_owned(), "score".into(), "weight".into()];
    columns.extend(TOLD.map(String::from));
    let label = format!("What “{}” takes along: values, shared out by weight", words[looks]);
    View::Table { label, columns, rows }
}

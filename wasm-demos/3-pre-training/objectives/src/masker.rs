//! One text under every objective.

use demo::control::{Slider, Text, Typed};
use demo::format::{counted, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Shade, Start, View};
use grading::random::seeded;
use objectives::{Answers, Pair, SENTENCES};

use crate::questions::{Rows, Words};

/// So many words are read.
const MOST: usize = 40;
/// A document of other sentences, for pairs.
const OTHER: [&str; 4] = [
    "The baker opens before sunrise.",
    "Two boats lay in the harbor.",
    "Nobody had seen the kite.",
    "Otto sold his last apples.",
];

const TEXT: Text = Text::new("text", "A text", SENTENCES, 800);
const SEED: Slider = Slider::new("seed", "Which chance", 8.0, [1.0, 50.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "masker",
        title: "One text under every objective",
        lesson: "objectives",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), SEED.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// Sentences: up to a period, a question mark or an exclamation mark.
fn sentences(words: &[&str]) -> Vec<String> {
    let ends = |word: &&str| word.ends_with(['.', '?', '!']);
    words.split_inclusive(ends).map(|sentence| sentence.join(" ")).collect()
}

/// What is read and asked, row by row.
fn shades(name: &str, rows: Rows, views: &mut Vec<View>) -> usize {
    let mut asked = 0;
    let has_target = rows.len() == 2;
    for (what, places) in rows {
        let said = places.iter().filter(|place| place.said.is_some()).count();
        asked += said;
        let legend = match said {
            0 if has_target => "Only read.",
            0 => "Nothing is asked this time.",
            _ if has_target => "Each token must be said.",
            _ => "Shaded: a place with a loss; behind the arrow, what must be said there.",
        };
        let spans = places.into_iter().map(|place| Shade {
            text: place.read,
            value: if place.said.is_some() { 1.0 } else { 0.0 },
            shown: match place.said {
                Some(said) if !said.is_empty() => format!("→ {said}"),
                _ => String::new(),
            },
            muted: false,
        });
        views.push(View::Shades {
            label: format!("{name}: {what}"),
            spans: spans.collect(),
            max: 1.0,
            legend: legend.into(),
        });
    }
    asked
}

/// What is asked of the first sentence, or why nothing is.
fn next_sentence(answers: &Answers, words: &[&str], seed: u64) -> Result<(View, usize), DemoError> {
    let own = sentences(words);
    let lengths = [own.len(), OTHER.len()];
    let pairs = (answers.nsp_pairs)(&lengths, &mut seeded(seed))?;
    let own_pairs: Vec<&Pair> = pairs.iter().filter(|pair| pair.first.document == 0).collect();
    let text = |document: usize, place: usize| match document {
        0 => own.get(place).cloned().unwrap_or_default(),
        _ => OTHER.get(place).copied().unwrap_or_default().to_owned(),
    };
    let row = |pair: &&Pair| {
        let (first, second) = (pair.first, pair.second);
        let read = format!(
            "[CLS] {} [SEP] {} [SEP]",
            text(first.document, first.place),
            text(second.document, second.place)
        );
        vec![Cell::from(read), if pair.is_next { "next" } else { "not next" }.into()]
    };
    let rows: Vec<Vec<Cell>> = own_pairs.iter().map(row).collect();
    if rows.is_empty() {
        let why = "Next sentence: a single sentence has none that follows. Write two.";
        return Ok((View::Prose(vec![why.into()]), 0));
    }
    let asked = rows.len();
    let label = "Next sentence: the model reads two sentences at once".into();
    let columns = ["It reads", "It must say"].map(String::from).into();
    Ok((View::Table { label, columns, rows }, asked))
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word to ask for: type some."));
    }
    let seed = cx.get(&SEED)? as u64;
    let (n, it) = (words.len(), Words(words.clone()));
    let mut views = Vec::new();
    if text.split_whitespace().count() > MOST {
        views.push(View::Prose(vec![format!("Read are the first {MOST} words.")]));
    }
    let mut counts = Vec::new();
    for (name, rows) in [
        ("Causal (GPT)", it.causal(&answers)?),
        ("Masked (BERT)", it.masked(&answers, seed)?),
        ("Permuted (XLNet)", it.permuted(seed)),
        ("Spans (T5)", it.spans(&answers, seed)?),
        ("Infilling (BART)", it.infilled(&answers, seed)?),
    ] {
        let read: usize = rows.iter().map(|(_, places)| places.len()).sum();
        counts.push((name, read, shades(name, rows, &mut views)));
    }
    let (pairs, asked) = next_sentence(&answers, &words, seed)?;
    views.push(pairs);
    let row = |&(name, read, asked): &(&str, usize, usize)| {
        vec![
            Cell::from(name),
            Cell::Number(read.to_string()),
            Cell::Number(asked.to_string()),
            Cell::Number(percent(asked as f64 / read.max(1) as f64)),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = counts.iter().map(row).collect();
    let pairs = ["Next sentence (BERT)", "–", &asked.to_string(), "–"];
    rows.push(
        pairs
            .iter()
            .enumerate()
            .map(|(i, cell)| match i {
                0 => Cell::from(*cell),
                _ => Cell::Number((*cell).to_owned()),
            })
            .collect(),
    );
    let columns = ["Objective", "Places", "With a loss", "Share"].map(String::from).into();
    let label = format!("How many places give a loss, for {}", counted(n, "word"));
    views.push(View::Table { label, columns, rows });
    let summary = format!(
        "Of {}, a decoder must say {}, BERT {} and T5 writes {}.",
        counted(n, "word"),
        counts[0].2,
        counts[1].2,
        counted(counts[3].2, "token")
    );
    cx.show(summary, &views);
    Ok(())
}

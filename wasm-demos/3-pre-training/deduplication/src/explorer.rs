//! Two texts: what they share, what signatures of any length say of it, and how likely they meet.

use std::collections::BTreeSet;

use deduplication::worked::{COPY, STORY};
use deduplication::{Answers, jaccard};
use demo::control::{Slider, Text, Typed};
use demo::format::{counted, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Shade, Start, View};
use grading::numbers::short;

use crate::curve::{axes, points};
use crate::overlap::{bar, runs, words};

const A: Text = Text::new("a", "Text A", STORY, 5000);
const B: Text = Text::new("b", "Text B", COPY, 5000);
const WORDS: Slider = Slider::new("words", "Words a shingle", 3.0, [1.0, 6.0], 1.0);
const BANDS: Slider = Slider::new("bands", "Bands", 16.0, [1.0, 64.0], 1.0);
const ROWS: Slider = Slider::new("rows", "Rows a band", 8.0, [1.0, 24.0], 1.0);
const THRESHOLD: Slider = Slider::new("threshold", "Threshold", 0.8, [0.3, 1.0], 0.05);
const HASHES: [u64; 3] = [16, 64, 256];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "dedup-explorer",
        title: "Two texts, and whether they meet",
        lesson: "deduplication",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                A.control(),
                B.control(),
                WORDS.control(),
                BANDS.control(),
                ROWS.control(),
                THRESHOLD.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// A text, each word shaded by how many of its shingles the other text has.
fn shaded(label: &str, text: &str, n: usize, other: &BTreeSet<u64>) -> View {
    let runs = runs(text, n);
    let words = words(text);
    let n = n.min(words.len()).max(1);
    let span = |(at, (gap, word)): (usize, (String, String))| {
        let of = runs.iter().take(at + 1).skip((at + 1).saturating_sub(n));
        let shared = of.clone().filter(|(_, number)| other.contains(number)).count();
        let all = of.count();
        let value = shared as f64 / all.max(1) as f64;
        let shown = format!("{shared} of {all} shared");
        Shade { text: format!("{gap}{word}"), value, shown, muted: all == 0 }
    };
    View::Shades {
        label: label.into(),
        spans: words.into_iter().enumerate().map(span).collect(),
        max: 1.0,
        legend: "Dark: all shingles with this word are in the other text, too.".into(),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let texts = [cx.get(&A)?, cx.get(&B)?];
    let [n, bands, rows] =
        [cx.get(&WORDS)?, cx.get(&BANDS)?, cx.get(&ROWS)?].map(|value| value as usize);
    let threshold = cx.get(&THRESHOLD)?;
    let wrong = |error: deduplication::DedupError| DemoError::input(BANDS.name, error.to_string());
    let a = (answers.shingles)(&texts[0], n).map_err(wrong)?;
    let b = (answers.shingles)(&texts[1], n).map_err(wrong)?;
    let shared = a.intersection(&b).count();
    let parts = [a.len() - shared, shared, b.len() - shared];
    let true_share = jaccard(&a, &b);
    let number = |x: f64| Cell::Number(short(x, 3));
    let mut table = vec![vec!["exact".into(), number(true_share), Cell::Text(String::new())]];
    for hashes in HASHES {
        let seeds: Vec<u64> = (0..hashes).collect();
        let [one, other] = [&a, &b].map(|set| (answers.minhash)(set, &seeds));
        let guess = (answers.estimate)(&one, &other).map_err(wrong)?;
        let spread = (true_share * (1.0 - true_share) / hashes as f64).sqrt();
        table.push(vec![
            counted(hashes as usize, "seed").into(),
            number(guess),
            Cell::Text(format!("± {}", short(spread, 3))),
        ]);
    }
    let probability = |s: f64| (answers.collision_probability)(s, bands, rows).unwrap_or(f64::NAN);
    let chance = probability(true_share);
    let at_threshold = probability(threshold);
    let seeds: Vec<u64> = (0..(bands * rows) as u64).collect();
    let signatures = [&a, &b].map(|set| (answers.minhash)(set, &seeds));
    let meet = !(answers.lsh_buckets)(&signatures, bands, rows).map_err(wrong)?.is_empty();
    let is_copy = meet && true_share >= threshold;
    let plot = axes()
        .curve("", points(probability))
        .up(threshold, "threshold")
        .point((true_share, chance.clamp(0.0, 1.0)), "this pair");
    let views = [
        shaded("Text A", &texts[0], n, &b),
        shaded("Text B", &texts[1], n, &a),
        View::drawing(
            "Shingles, each once",
            format!("Only in A: {}, in both: {}, only in B: {}.", parts[0], parts[1], parts[2]),
            bar(parts),
        ),
        View::Table {
            label: "The similarity, and estimates of it".into(),
            columns: vec!["From".into(), "Similarity".into(), "Standard error".into()],
            rows: table,
        },
        View::drawing(
            format!("How likely a pair meets: {bands} × {rows}"),
            format!(
                "A curve that rises with the similarity. This pair, at {}, meets with a probability \
                 of {}; a pair at the threshold of {} with {}.",
                short(true_share, 3),
                percent(chance),
                short(threshold, 2),
                percent(at_threshold)
            ),
            plot,
        ),
        View::Table {
            label: "With these bands".into(),
            columns: vec!["What".into(), "Value".into()],
            rows: vec![
                vec!["hash values a text".into(), Cell::Number((bands * rows).to_string())],
                vec!["chance for this pair".into(), Cell::Number(percent(chance))],
                vec!["chance at the threshold".into(), Cell::Number(percent(at_threshold))],
                vec!["do they meet?".into(), if meet { "yes" } else { "no" }.into()],
                vec!["found as copies?".into(), if is_copy { "yes" } else { "no" }.into()],
            ],
        },
    ];
    cx.show(
        format!(
            "{} of {} shared: a similarity of {}. With {bands} × {rows} they {}.",
            shared,
            counted(parts.iter().sum(), "shingle"),
            short(true_share, 3),
            match (meet, is_copy) {
                (_, true) => "meet, and count as copies",
                (true, false) => "meet, but are below the threshold",
                (false, _) => "do not meet",
            }
        ),
        &views,
    );
    Ok(())
}

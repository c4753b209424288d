//! Ten documents, and which of them stand for which.

use deduplication::{Answers, Settings, jaccard};
use demo::control::{Slider, Text, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::short;

const TEXT: Text = Text::new(
    "text",
    "Documents, one a line",
    "The mill at the river burned down on Sunday night, and nobody was hurt\n\
     Home, Sport, Login: the mill at the river burned down on Sunday night, and nobody was hurt\n\
     Mila lost her red kite near the river\n\
     The old bridge is closed until spring\n\
     Fire! The mill at the river burned down on Sunday night, and nobody was hurt\n\
     Mila lost her red kite near the school\n\
     Otto baked a cake for his sister\n\
     MILA LOST HER RED KITE NEAR THE RIVER!\n\
     News: fire! The mill at the river burned down on Sunday night\n\
     The river burned nobody, and the mill was old",
    4000,
);
/// More are left out: each is compared with each for the picture.
const MOST: usize = 12;
const WORDS: Slider = Slider::new("words", "Words a shingle", 3.0, [1.0, 5.0], 1.0);
const THRESHOLD: Slider = Slider::new("threshold", "Threshold", 0.7, [0.1, 1.0], 0.05);
const BANDS: Slider = Slider::new("bands", "Bands", 32.0, [1.0, 64.0], 1.0);
const ROWS: Slider = Slider::new("rows", "Rows a band", 4.0, [1.0, 16.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "dedup-clusters",
        title: "Ten documents, one of each",
        lesson: "deduplication",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TEXT.control(),
                WORDS.control(),
                THRESHOLD.control(),
                BANDS.control(),
                ROWS.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let documents: Vec<String> = lines.take(MOST).map(str::to_owned).collect();
    if documents.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no document: type one a line."));
    }
    let settings = Settings {
        words: cx.get(&WORDS)? as usize,
        threshold: cx.get(&THRESHOLD)?,
        bands: cx.get(&BANDS)? as usize,
        rows: cx.get(&ROWS)? as usize,
    };
    let wrong = |error: deduplication::DedupError| DemoError::input(BANDS.name, error.to_string());
    let stands = (answers.dedup)(&documents, &settings).map_err(wrong)?;
    let sets: Vec<_> = documents
        .iter()
        .map(|text| (answers.shingles)(text, settings.words))
        .collect::<Result<_, _>>()
        .map_err(wrong)?;
    let seeds: Vec<u64> = (0..(settings.bands * settings.rows) as u64).collect();
    let signatures: Vec<Vec<u64>> = sets.iter().map(|set| (answers.minhash)(set, &seeds)).collect();
    let candidates =
        (answers.lsh_buckets)(&signatures, settings.bands, settings.rows).map_err(wrong)?;
    let names: Vec<String> = (0..documents.len()).map(|at| at.to_string()).collect();
    let similarities: Vec<f64> =
        sets.iter().flat_map(|a| sets.iter().map(|b| jaccard(a, b))).collect();
    let row = |(at, text): (usize, &String)| {
        let first = stands.get(at).copied().unwrap_or(at);
        let verdict = match sets.get(first) {
            Some(set) if first != at => {
                format!("dropped, for {first} (similarity {})", short(jaccard(&sets[at], set), 2))
            }
            _ => "kept".into(),
        };
        vec![at.to_string().into(), Cell::Text(verdict), Cell::Text(text.clone())]
    };
    let kept = stands.iter().enumerate().filter(|(at, first)| at == *first).count();
    let pairs = documents.len() * (documents.len() - 1) / 2;
    let views = [
        View::Table {
            label: "Who stands for whom".into(),
            columns: vec!["#".into(), "Verdict".into(), "Document".into()],
            rows: documents.iter().enumerate().map(row).collect(),
        },
        View::Matrix {
            label: "The similarity of each pair".into(),
            rows: names.clone(),
            columns: names,
            values: similarities,
        },
        View::Table {
            label: "Pairs".into(),
            columns: vec!["What".into(), "How many".into()],
            rows: vec![
                vec!["all".into(), Cell::Number(pairs.to_string())],
                vec!["candidates".into(), Cell::Number(candidates.len().to_string())],
            ],
        },
    ];
    cx.show(
        format!(
            "{kept} of {} kept; {} looked at, of {pairs}.",
            counted(documents.len(), "document"),
            counted(candidates.len(), "pair")
        ),
        &views,
    );
    Ok(())
}

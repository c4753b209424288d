//! A prompt with examples, and what Buddy makes of the choices behind it.

use demo::control::{Choice, Slider, Text, Toggle, Typed};
use demo::format::{count, number};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use in_context_learning::{Answers, Example, LanguageModel, Normalize, Prompt};
use pocket_buddy::PocketBuddy;
use tinytown::World;

use crate::buddy::Reader;
use crate::tasks::{Asked, TASKS, asked};

const TASK: Choice = Choice::new("task", "Task", TASKS);
const SHOTS: Slider = Slider::new("shots", "Examples", 0.0, [0.0, 8.0], 1.0);
const QUERY: Slider = Slider::new("query", "Query", 1.0, [1.0, 40.0], 1.0);
const OWN: Text = Text::new("own", "A query of your own, in place of that", "", 200);
const LABELS: Choice = Choice::new(
    "labels",
    "Answers of the examples",
    &[("right", "Right"), ("moved", "Each has the next one’s"), ("wrong", "All wrong")],
);
const ORDER: Choice = Choice::new(
    "order",
    "Order of the examples",
    &[("drawn", "As drawn"), ("reversed", "Reversed"), ("sorted", "By their answers")],
);
const NORMALIZE: Choice = Choice::new(
    "normalize",
    "A score is the log-probability",
    &[("none", "of the choice"), ("tokens", "per token"), ("bytes", "per byte")],
);
const CALIBRATED: Toggle = Toggle::new("calibrated", "Calibrate with “N/A”", false);

const FILES: &[&str] = &["buddy/config.json", "buddy/model.safetensors", "buddy/tokenizer.json"];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "few-shot-lab",
        title: "Examples in the prompt",
        lesson: "in-context-learning",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TASK.control(),
                SHOTS.control(),
                QUERY.control(),
                OWN.control(),
                LABELS.control(),
                ORDER.control(),
                NORMALIZE.control(),
                CALIBRATED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)).with_assets(FILES),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let mut asked =
        asked(&World::new(1), cx.get(&TASK)?, cx.get(&QUERY)? as u64, cx.get(&SHOTS)? as usize);
    let own = cx.get(&OWN)?;
    let is_own = !own.trim().is_empty();
    if is_own {
        asked.query = Example::new(own.trim(), "");
    }
    relabel(&mut asked, cx.get(&LABELS)?);
    match cx.get(&ORDER)? {
        "reversed" => asked.examples.reverse(),
        "sorted" => asked.examples.sort_by(|a, b| a.output.cmp(&b.output)),
        _ => {}
    }
    let normalize = match cx.get(&NORMALIZE)? {
        "tokens" => Normalize::Tokens,
        "bytes" => Normalize::Bytes,
        _ => Normalize::None,
    };
    let [config, weights, tokenizer] =
        [cx.asset(FILES[0]).await?, cx.asset(FILES[1]).await?, cx.asset(FILES[2]).await?];
    let mut model = Reader::from(PocketBuddy::from_files(&config, &weights, &tokenizer)?);
    let (prompt, room) = match prompt(&answers, &model, &asked, &asked.query.input) {
        // Only the reader's own query can be so long.
        Err(DemoError::Other(why)) if is_own => return Err(DemoError::input(OWN.name, why)),
        prompt => prompt?,
    };
    let ranking = (answers.icl_rank)(&mut model, &prompt.text, &asked.choices, normalize)?;
    let mut free = Vec::new();
    if cx.get(&CALIBRATED)? {
        let (prompt, _) = self::prompt(&answers, &model, &asked, "N/A")?;
        let found = (answers.icl_rank)(&mut model, &prompt.text, &asked.choices, normalize)?;
        free.push(found.scores);
    }
    let shares = (answers.calibrate)(&ranking.scores, &free)?;
    let mut order = ranking.order;
    if !free.is_empty() {
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
    }
    let first = &asked.choices[order[0]];
    let verdict = match *first == asked.query.output {
        _ if is_own => format!("Buddy chooses “{first}”."),
        true => format!("Buddy chooses “{first}”, which is right."),
        false => format!("Buddy chooses “{first}”; right is “{}”.", asked.query.output),
    };
    let shown = match (prompt.shots, asked.examples.len()) {
        (_, 0) => "No example was asked for".to_owned(),
        (shots, all) if shots == all => "All examples fit".to_owned(),
        (shots, all) => format!("Of {all} examples the last {shots} fit"),
    };
    let summary = format!(
        "{verdict} {shown}: the prompt has {} tokens, and may have {}, so that there is room for the \
         answer.",
        count(prompt.ids.len()),
        count(room)
    );
    let bars = order.iter().map(|&at| Bar {
        label: asked.choices[at].clone(),
        value: shares[at],
        shown: percent(shares[at]),
        muted: false,
    });
    let label = if free.is_empty() { "The choices" } else { "The choices, calibrated" };
    let views = [
        View::Code { label: "What Buddy reads".into(), text: format!("{}▁", prompt.text) },
        View::Bars { label: label.into(), bars: bars.collect(), max: 1.0 },
        pieces(&answers, &model, &prompt, &asked, &ranking.scores),
    ];
    cx.show(summary, &views);
    Ok(())
}

/// A prompt that leaves room for the longest choice, and the tokens that it may have.
fn prompt(
    answers: &Answers,
    model: &Reader,
    asked: &Asked,
    query: &str,
) -> Result<(Prompt, usize), DemoError> {
    let longest = asked.choices.iter().map(|c| model.encode(&format!(" {c}")).len()).max();
    // One is the token before every text; the last of an answer is not read.
    let room = model.n_positions() - longest.unwrap_or(2).saturating_sub(2);
    let Asked { template, examples, .. } = asked;
    Ok(((answers.few_shot_prompt)(model, "", template, examples, query, room)?, room))
}

fn relabel(asked: &mut Asked, how: &str) {
    let outputs: Vec<String> = asked.examples.iter().map(|e| e.output.clone()).collect();
    for (at, example) in asked.examples.iter_mut().enumerate() {
        match how {
            "moved" => example.output = outputs[(at + 1) % outputs.len()].clone(),
            "wrong" => {
                let wrong = asked.choices.iter().find(|choice| **choice != example.output);
                example.output = wrong.cloned().unwrap_or_default();
            }
            _ => {}
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn pieces(
    answers: &Answers,
    model: &Reader,
    prompt: &Prompt,
    asked: &Asked,
    scores: &[f64],
) -> View {
    let row = |(choice, &score): (&String, &f64)| {
        let pair = (answers.encode_pair)(model, &prompt.text, &format!(" {choice}"));
        let pieces: Vec<String> =
            model.pieces(&pair.answer).iter().map(|piece| piece.replace(' ', "▁")).collect();
        vec![
            choice.as_str().into(),
            pieces.join(" + ").into(),
            Cell::Number(number((100.0 * score).round() / 100.0)),
        ]
    };
    View::Table {
        label: "The tokens of each choice, and its score in nats; ▁ is a space".into(),
        columns: ["Choice", "Tokens", "Score"].map(String::from).into(),
        rows: asked.choices.iter().zip(scores).map(row).collect(),
    }
}

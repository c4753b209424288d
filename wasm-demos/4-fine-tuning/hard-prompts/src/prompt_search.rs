//! A prompt that is searched for, so that Buddy goes on as is wished.

use demo::control::{Choice, Slider, Text, Toggle, Typed};
use demo::format::count;
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use hard_prompts::{Answers, Continuation, Found, Settings, Table, random_search};
use pocket_buddy::{PocketBuddy, Writing};
use rand::SeedableRng;
use rand::rngs::StdRng;

const WANTED: Text =
    Text::new("wanted", "Buddy should go on with", "was hungry and ate honey.", 60);
const START: Choice = Choice::new(
    "start",
    "The first prompt",
    &[(" the", "the, again and again"), (".", "full stops"), (" happy", "happy, again and again")],
);
const PLACES: Slider = Slider::new("places", "Tokens of the prompt", 3.0, [1.0, 6.0], 1.0);
const CANDIDATES: Slider = Slider::new("candidates", "Swaps tried a step", 16.0, [1.0, 64.0], 1.0);
const BUDGET: Slider = Slider::new("budget", "Evaluations", 200.0, [20.0, 400.0], 20.0);
const SECRET: Toggle = Toggle::new("secret", "Without the tokens that are wished for", true);

const FILES: &[&str] = &["buddy/config.json", "buddy/model.safetensors", "buddy/tokenizer.json"];
/// Tokens that Buddy writes to show what came of it.
const WRITTEN: usize = 16;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "prompt-search",
        title: "Search for a prompt",
        lesson: "hard-prompts",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || {
            vec![
                WANTED.control(),
                START.control(),
                PLACES.control(),
                CANDIDATES.control(),
                BUDGET.control(),
                SECRET.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers))
            .with_assets(FILES)
            .tried_with(&[("budget", "60")]),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let wanted_text = cx.get(&WANTED)?;
    let [config, weights, tokenizer] =
        [cx.asset(FILES[0]).await?, cx.asset(FILES[1]).await?, cx.asset(FILES[2]).await?];
    let buddy = PocketBuddy::from_files(&config, &weights, &tokenizer)?;
    let wanted_text = wanted_text.trim();
    if wanted_text.is_empty() {
        return Err(DemoError::input(WANTED.name, "Give at least one letter."));
    }
    // A word behind others begins with its space.
    let wanted = buddy.encode(&format!(" {wanted_text}"))?;
    let start = buddy.encode(cx.get(&START)?)?;
    let start = start[..1].repeat(cx.get(&PLACES)? as usize);
    let mut forbidden = vec![buddy.end];
    if cx.get(&SECRET)? {
        forbidden.extend(&wanted);
    }
    let settings = Settings {
        candidates: cx.get(&CANDIDATES)? as usize,
        budget: cx.get(&BUDGET)? as usize,
        forbidden: &forbidden,
    };
    let model = &buddy.model;
    let table = Table { numbers: model.numbers(&model.tensors()[0]), width: model.sizes.n_embd };
    let mut loss = Continuation::new(model, &[buddy.end], &wanted);
    cx.progress("searching", 0, 2).await?;
    let found = (answers.hard_prompt_search)(&mut loss, &table, &start, &settings)?;
    let lines = vec![curve("by slopes", &found, settings.budget)];
    let by_slopes = format!(
        "{} evaluations bring the surprise of “{wanted_text}” to {} nats a token.",
        count(found.evaluations),
        short(found.loss)
    );
    cx.show(by_slopes, &[curves(lines.clone())]);
    cx.progress("searching at random", 1, 2).await?;
    let random = random_search(&mut loss, table.vocab_size(), &start, &settings, 1);

    let first = found.history.first().map_or(found.loss, |first| first.1);
    let summary = format!(
        "{} evaluations bring the surprise of “{wanted_text}” from {} to {} nats a token; as many as \
         the budget allows, at random, to {}.",
        count(found.evaluations),
        short(first),
        short(found.loss),
        short(random.loss)
    );
    let rows = [
        ("at first", &start, first),
        ("by slopes", &found.ids, found.loss),
        ("at random", &random.ids, random.loss),
    ];
    let mut table = Vec::new();
    for (name, ids, loss) in rows {
        table.push(vec![
            name.into(),
            shown(&buddy, ids).into(),
            Cell::Number(short(loss)),
            written(&buddy, ids)?.into(),
        ]);
    }
    let views = [
        curves([lines, vec![curve("at random", &random, settings.budget)]].concat()),
        View::Table {
            label: "Prompts, their loss, and how Buddy goes on; | stands between tokens".into(),
            columns: ["Search", "Prompt", "Loss", "Buddy goes on"].map(String::from).into(),
            rows: table,
        },
    ];
    cx.show(summary, &views);
    Ok(())
}

fn short(loss: f64) -> String {
    format!("{loss:.2}")
}

fn shown(buddy: &PocketBuddy, ids: &[u32]) -> String {
    let piece = |id: &u32| buddy.decode(&[*id]).unwrap_or_default().replace(' ', "▁");
    ids.iter().map(piece).collect::<Vec<_>>().join("|")
}

fn written(buddy: &PocketBuddy, ids: &[u32]) -> Result<String, DemoError> {
    let prompt = [&[buddy.end], ids].concat();
    let writing = Writing::greedy(WRITTEN, buddy.end);
    let mut rng = StdRng::seed_from_u64(1);
    let new = buddy.generate(&prompt, &writing, &mut rng, None, &mut |_| true)?;
    Ok(buddy.decode(&new)?)
}

/// The lowest loss so far, as stairs.
fn stairs(found: &Found, until: usize) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for (at, &(evaluations, loss)) in found.history.iter().enumerate() {
        let end = found.history.get(at + 1).map_or(until, |next| next.0 - 1);
        points.push((evaluations as f64, rounded(loss)));
        if end > evaluations {
            points.push((end as f64, rounded(loss)));
        }
    }
    points
}

fn rounded(x: f64) -> f64 {
    (1000.0 * x).round() / 1000.0
}

fn curve(name: &str, found: &Found, budget: usize) -> Line {
    Line { name: name.into(), points: stairs(found, budget) }
}

fn curves(lines: Vec<Line>) -> View {
    View::Lines {
        label: "The lowest loss so far".into(),
        x_label: "evaluations".into(),
        y_label: "loss, nats a token".into(),
        lines,
    }
}

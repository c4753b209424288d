//! Buddy is steered by vectors before what it reads, which learn in the page.

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Offer, Start, View};
use pocket_buddy::{PocketBuddy, Writing};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sha2::{Digest, Sha256};
use small_gpt::{Model, Tuning};
use soft_prompts::{Answers, Tables};
use softmax_sampling::Sampling;

use crate::training::{Learner, Stories, Training};

const ASSETS: &[&str] = &["buddy/config.json", "buddy/model.safetensors", "buddy/tokenizer.json"];
const WHO: Choice =
    Choice::new("who", "Stories about", &[("Emma", "Emma"), ("Otto", "Otto"), ("Priya", "Priya")]);
const KIND: Choice = Choice::new(
    "kind",
    "What learns",
    &[("prompt", "a soft prompt"), ("prefix", "a prefix in every block")],
);
const N: Slider = Slider::new("n", "Vectors before the text", 8.0, [1.0, 16.0], 1.0);
const BEGIN: Text = Text::new("begin", "They begin as the words", "Emma", 200);
const STEPS: Slider = Slider::new("steps", "Steps", 60.0, [20.0, 240.0], 20.0);

/// Points of the curve.
const POINTS: usize = 6;
/// Samples of each.
const SAMPLES: u64 = 6;
const TOKENS: usize = 14;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "steering-buddy",
        title: "Steer Buddy without touching it",
        lesson: "soft-prompts",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || {
            vec![WHO.control(), KIND.control(), N.control(), BEGIN.control(), STEPS.control()]
        },
        run: demo::run(move |cx| run(cx, answers))
            .with_assets(ASSETS)
            .tried_with(&[("n", "2"), ("steps", "20")]),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (who, is_prefix) = (cx.get(&WHO)?, cx.get(&KIND)? == "prefix");
    let (n, steps) = (cx.get(&N)? as usize, cx.get(&STEPS)? as usize);
    let begin = cx.get(&BEGIN)?;
    let [config, weights, tokenizer] =
        [cx.asset(ASSETS[0]).await?, cx.asset(ASSETS[1]).await?, cx.asset(ASSETS[2]).await?];
    let file_hash = hex(&Sha256::digest(&weights));
    let buddy = PocketBuddy::from_files(&config, &weights, &tokenizer)?;
    let before = hash(&buddy.model);

    let ids = buddy.encode(begin.trim())?;
    let learner = Learner::new(answers, &buddy, is_prefix, &ids, n)
        .map_err(|error| DemoError::input(BEGIN.name, error.to_string()))?;
    let stories = Stories::about(&buddy, who)?;
    let mut training = Training::new(&buddy, learner, stories, steps);
    let alone = training.loss(false);
    let mut curve = vec![(0.0, training.loss(true))];
    cx.show(summary(who, alone, &curve), &[lines(alone, &curve, is_prefix)]);
    let samples = write(&cx, &buddy, None).await?;
    for point in 1..=POINTS {
        while training.step < steps * point / POINTS {
            cx.progress("training", training.step as u64, steps as u64).await?;
            training.train()?;
        }
        curve.push((training.step as f64, training.loss(true)));
        cx.show(summary(who, alone, &curve), &[lines(alone, &curve, is_prefix)]);
    }

    let tuning = training.learner.tuning();
    let mut views = vec![lines(alone, &curve, is_prefix)];
    views.push(View::Table {
        label: "How stories begin, each row with the same luck".into(),
        columns: ["Buddy alone", "steered"].map(String::from).into(),
        rows: samples
            .into_iter()
            .zip(write(&cx, &buddy, Some(tuning)).await?)
            .map(|(alone, steered)| vec![alone.as_str().into(), steered.as_str().into()])
            .collect(),
    });
    if !is_prefix {
        views.push(nearest(&buddy, tuning.prompt())?);
    }
    let after = hash(&buddy.model);
    let weights = buddy.model.parameters.len();
    views.push(View::Prose(vec![format!(
        "{} learn. Buddy's {} weights are the same: their hash was {before} before and is \
             {after} now.",
        counted(tuning.len(), "number"),
        count(weights)
    )]));
    cx.show(summary(who, alone, &curve), &views);

    let adapter = training.learner.adapter(n, file_hash);
    let (config, numbers) = peft::write(&adapter, &buddy.model.sizes)?;
    let label = "its settings, for PEFT";
    cx.offer(&Offer { name: peft::CONFIG, label, bytes: config.as_bytes() });
    cx.offer(&Offer { name: peft::WEIGHTS, label: "what it learned", bytes: &numbers });
    Ok(())
}

fn summary(who: &str, alone: f64, curve: &[(f64, f64)]) -> String {
    let last = curve.last().map_or((0.0, 0.0), |point| *point);
    format!(
        "After {}, stories about {who} have a loss of {}; of Buddy alone it is {}.",
        counted(last.0 as usize, "step"),
        number(last.1),
        number(alone)
    )
}

fn lines(alone: f64, curve: &[(f64, f64)], is_prefix: bool) -> View {
    let end = curve.last().map_or(0.0, |point| point.0);
    let first = curve.first().map_or(0.0, |point| point.1);
    let level =
        |name: &str, loss| Line { name: name.into(), points: vec![(0.0, loss), (end, loss)] };
    View::Lines {
        label: "Loss on stories held out".into(),
        x_label: "step".into(),
        y_label: "loss, nats a token".into(),
        lines: vec![
            Line {
                name: if is_prefix { "prefix" } else { "soft prompt" }.into(),
                points: curve.to_vec(),
            },
            level("Buddy alone", alone),
            level("the words it began as", first),
        ],
    }
}

/// The token that each vector looks like most.
fn nearest(buddy: &PocketBuddy, prompt: &[f32]) -> Result<View, DemoError> {
    let tables = Tables::of(&buddy.model);
    let mut rows = Vec::new();
    for (i, vector) in prompt.chunks_exact(tables.n_embd()).enumerate() {
        let mut best = (f64::NEG_INFINITY, 0);
        for (id, token) in (0..).map_while(|id| Some((id, tables.token(id)?))) {
            let cosine = dot(vector, token) / (dot(vector, vector) * dot(token, token)).sqrt();
            if cosine > best.0 {
                best = (cosine, id);
            }
        }
        let token = format!("“{}”", buddy.decode(&[best.1])?.replace(' ', "␣"));
        let cosine = Cell::Number(number((100.0 * best.0).round() / 100.0));
        rows.push(vec![Cell::Number(count(i)), token.as_str().into(), cosine]);
    }
    Ok(View::Table {
        label: "The token that each vector is most like".into(),
        columns: ["vector", "token", "cosine"].map(String::from).into(),
        rows,
    })
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// How stories begin that Buddy writes.
async fn write(
    cx: &Context,
    buddy: &PocketBuddy,
    tuning: Option<&dyn Tuning>,
) -> Result<Vec<String>, DemoError> {
    let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
    let writing = Writing { max_new_tokens: TOKENS, sampling, end: Some(buddy.end) };
    let mut samples = Vec::new();
    for seed in 0..SAMPLES {
        cx.progress("writing", seed, SAMPLES).await?;
        let mut rng = StdRng::seed_from_u64(seed);
        let new = buddy.generate(&[buddy.end], &writing, &mut rng, tuning, &mut |_| true)?;
        samples.push(format!("{} …", buddy.decode(&new)?.trim()));
    }
    Ok(samples)
}

/// The beginning of a hash of all weights, bit by bit.
fn hash(model: &Model) -> String {
    let mut hash = Sha256::new();
    for number in &model.parameters {
        hash.update(number.to_le_bytes());
    }
    hex(&hash.finalize())[..12].into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

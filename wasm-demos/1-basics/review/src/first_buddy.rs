//! A text generator of the reader's own: trained, measured and set to write in the page.

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{bytes, count, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use review::{Answers, Buddy};
use softmax_sampling::Sampling;
use softmax_sampling::solution::filtered_probs;
use tinytown::World;
use tokenization::fast::Encoder;

const OWN: Text = Text {
    name: "text",
    label: "Your own training text (empty: stories from Tinytown)",
    default: "",
    max_bytes: 5 << 20,
};

const PROMPT: Text =
    Text { name: "prompt", label: "Prompt", default: "On Monday", max_bytes: 1000 };

/// Training cannot be interrupted, so there is an end to it.
const SIZE: Choice = Choice::new(
    "size",
    "Training text, at most",
    &[("100000", "100 KB"), ("20000", "20 KB"), ("500000", "500 KB"), ("1000000", "1 MB")],
);

const VOCABULARY: Choice = Choice::new(
    "vocabulary",
    "Tokens in the vocabulary",
    &[("512", "512"), ("256", "256: bytes"), ("384", "384"), ("1024", "1,024")],
);

const ORDER: Slider = Slider::new("order", "Order", 4.0, [1.0, MAX_ORDER as f64], 1.0);

const TEMPERATURE: Slider = Slider::new("temperature", "Temperature", 0.7, [0.0, 2.0], 0.1);

const SEED: Slider = Slider::new("seed", "Seed", 1.0, [1.0, 50.0], 1.0);

const MAX_ORDER: usize = 6;

/// New tokens, unless a line ends before.
const MAX_TOKENS: usize = 120;

/// So many bytes of the text held out are judged.
const JUDGED: usize = 10_000;

/// Fewer bytes make no model.
const LEAST: usize = 200;

/// So many candidates are shown.
const CANDIDATES: usize = 6;

pub fn demo(answers: Answers) -> Demo {
    let controls = || {
        let choices = [PROMPT.control(), TEMPERATURE.control(), ORDER.control(), SEED.control()];
        let training = [VOCABULARY.control(), SIZE.control(), OWN.control()];
        choices.into_iter().chain(training).collect()
    };
    Demo {
        name: "first-buddy",
        title: "Your first Buddy",
        lesson: "review",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls,
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let order = cx.get(&ORDER)? as usize;
    let prompt = cx.get(&PROMPT)?;
    let (training, held_out) = texts(&cx)?;
    let vocab_size = cx.get(&VOCABULARY)?.parse().unwrap_or(512);

    cx.progress("learning merges and counting", 0, 0).await?;
    let mut buddy = (answers.train)(&training, vocab_size, MAX_ORDER)?;
    let mut by_order = Vec::new();
    for order in 1..=MAX_ORDER {
        cx.progress("judging the orders", order as u64, MAX_ORDER as u64).await?;
        buddy.ngram.set_order(order)?;
        let seen = settled((answers.bits_per_byte)(&buddy, start(&training))?);
        by_order.push((seen, settled((answers.bits_per_byte)(&buddy, start(&held_out))?)));
    }
    buddy.ngram.set_order(order)?;

    cx.progress("writing", 0, 0).await?;
    let sampling = Sampling { temperature: cx.get(&TEMPERATURE)?, ..Sampling::default() };
    let mut rng = StdRng::seed_from_u64(cx.get(&SEED)? as u64);
    let text = (answers.complete)(&buddy, &prompt, &sampling, MAX_TOKENS, &mut rng)?;

    let bits = by_order[order - 1].1;
    let best = (1..).zip(&by_order).min_by(|a, b| a.1.1.total_cmp(&b.1.1));
    let best = best.map_or(order, |(order, _)| order);
    let views = [
        View::Prose(text.lines().map(str::to_owned).collect()),
        candidates(answers, &buddy, &prompt, &sampling)?,
        table(&by_order),
    ];
    let summary = format!(
        "Order {order}, {} tokens, trained on {}: {bits:.3} bits per byte of text held out, where \
         guessing single bytes costs 8. Best of the orders 1 to {MAX_ORDER}: {best}.",
        count(buddy.bpe.vocab_size()),
        bytes(training.len()),
    );
    cx.show(summary, &views);
    Ok(())
}

/// The text to train on, and a tenth that is held out.
fn texts(cx: &Context) -> Result<(String, String), DemoError> {
    let size: usize = cx.get(&SIZE)?.parse().unwrap_or(100_000);
    let own = cx.get(&OWN)?;
    let mut training = match own.trim().is_empty() {
        true => World::new(1).text(0, size),
        false => own,
    };
    training.truncate(training.floor_char_boundary(size));
    if training.len() < LEAST {
        let message =
            format!("{} is too short to learn from: give a page or two.", bytes(training.len()));
        return Err(DemoError::input(OWN.name, message));
    }
    let held_out = training.split_off(training.floor_char_boundary(training.len() / 10 * 9));
    Ok((training, held_out))
}

/// As much of a text as is judged.
fn start(text: &str) -> &str {
    &text[..text.floor_char_boundary(JUDGED)]
}

/// The tokens that may come right after the prompt.
fn candidates(
    answers: Answers,
    buddy: &Buddy,
    prompt: &str,
    sampling: &Sampling,
) -> Result<View, DemoError> {
    let context = Encoder::new(&buddy.bpe).encode(prompt);
    let probs = filtered_probs(&(answers.next_logits)(buddy, &context), sampling)?;
    let mut sorted: Vec<(f64, u32)> = probs.into_iter().map(settled).zip(0..).collect();
    sorted.retain(|&(p, _)| p > 0.0);
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let bar = |&(p, id): &(f64, u32)| Bar {
        label: buddy.bpe.spelled(id).replace(' ', "␣").replace('\n', "↵"),
        value: p,
        shown: percent(p),
        muted: false,
    };
    let bars: Vec<Bar> = sorted.iter().take(CANDIDATES).map(bar).collect();
    let max = bars.first().map_or(1.0, |bar| bar.value).max(0.01);
    Ok(View::Bars { label: "The likeliest first tokens after the prompt".into(), bars, max })
}

fn table(by_order: &[(f64, f64)]) -> View {
    let row = |(order, (seen, new)): (usize, &(f64, f64))| {
        let number = |bits: f64| Cell::Number(format!("{bits:.3}"));
        vec![order.to_string().into(), number(*new), number(*seen)]
    };
    let columns = ["Order", "Text held out", "Training text"];
    View::Table {
        label: "Bits per byte: the fewer, the less surprised".into(),
        columns: columns.map(String::from).into(),
        rows: (1..).zip(by_order).map(row).collect(),
    }
}

/// Without the last digits, in which processors differ.
fn settled(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

//! A model of counts writes: where it copies, and where its counts run out.

use std::ops::Range;

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{bytes, count, counted, number, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, TokenChip, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use tokenization::fast::Encoder;
use tokenization::{Bpe, SAMPLE_VOCAB_SIZE, pretokenize, sample_vocab};
use what_an_llm_is::{Answers, Copies, Ngram};

const ORDER: Slider = Slider::new(
    "order",
    "Order: tokens it looks at, the new one included",
    4.0,
    [1.0, MAX_ORDER as f64],
    1.0,
);
/// Counting cannot be interrupted, so there is an end to it: 2 MB take a few seconds.
const SIZE: Choice = Choice::new(
    "size",
    "Training text, at most",
    &[("100000", "100 KB"), ("10000", "10 KB"), ("1000000", "1 MB"), ("2000000", "2 MB")],
);
const BEGINNING: Text = Text::new("beginning", "Beginning", "In the morning,", 1000);
const LENGTH: Slider = Slider::new("length", "New tokens", 80.0, [10.0, 300.0], 10.0);
const SEED: Slider = Slider::new("seed", "Seed", 1.0, [1.0, 50.0], 1.0);
const OWN: Text =
    Text::new("text", "Your own training text (empty: stories from Tinytown)", "", 5 << 20);

const MAX_ORDER: usize = 6;
/// So many bytes are encoded at a time; between, the reader may start another run.
const CHUNK: usize = 1 << 16;
/// So many tokens are judged, of the training text and of the text held out.
const JUDGED: usize = 5000;
/// Fewer tokens make no model.
const LEAST: usize = 20;
/// So many copies are listed.
const COPIES: usize = 4;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "babbler",
        title: "The babbler",
        lesson: "what-an-llm-is",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            let sliders = [ORDER.control(), SIZE.control(), LENGTH.control(), SEED.control()];
            [&sliders[..], &[BEGINNING.control(), OWN.control()]].concat()
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let order = cx.get(&ORDER)? as usize;
    let length = cx.get(&LENGTH)? as usize;
    let bpe = sample_vocab(SAMPLE_VOCAB_SIZE)?;
    let prompt = Encoder::new(&bpe).encode(&cx.get(&BEGINNING)?);
    let (training, held_out) = texts(&cx, &bpe).await?;

    cx.progress("counting", 0, 0).await?;
    let mut model = (answers.fit)(&training, MAX_ORDER, bpe.vocab_size())?;
    let by_order = judge(answers, &cx, &mut model, &training, &held_out).await?;
    model.set_order(order)?;

    let mut rng = StdRng::seed_from_u64(cx.get(&SEED)? as u64);
    let mut written = prompt.clone();
    let mut chips = Vec::new();
    let mut breaks = 0;
    for _ in 0..length {
        let drawn = (answers.draw)(&model, &written, &mut rng);
        let longest = written.len().min(order - 1);
        breaks += usize::from(drawn.context != Some(longest));
        // 0: no count led to it; 1: it was drawn without a look at the context; and so on.
        let n = drawn.context.map_or(0, |length| length as u32 + 1);
        let bytes = bpe.bytes(drawn.token).map_or(0, <[u8]>::len);
        chips.push(TokenChip { text: bpe.spelled(drawn.token), id: n, bytes, color: n });
        written.push(drawn.token);
    }
    let mut copies = Copies::new(&training);
    for (i, &token) in written.iter().enumerate() {
        if i.is_multiple_of(16) {
            cx.progress("looking for copies", i as u64, written.len() as u64).await?;
        }
        copies.push(token);
    }
    let copies = copies.stretches();
    let longest = copies.first().map_or(0, Range::len);
    let row = |stretch: &Range<usize>| {
        let text = spell(&bpe, &written[stretch.clone()]);
        vec![text.trim().into(), Cell::Number(count(stretch.len()))]
    };
    let views = [
        View::Prose(spell(&bpe, &written).lines().map(str::to_owned).collect()),
        View::Tokens {
            label: "New tokens: text, the n of the n-gram it was drawn from, bytes".into(),
            chips,
        },
        View::Table {
            label: "The longest stretches that stand in the training text, word for word".into(),
            columns: vec!["Copied".into(), "Tokens".into()],
            rows: copies.iter().take(COPIES).map(row).collect(),
        },
        chart(&by_order),
        table(&model, &by_order),
    ];
    let summary = format!(
        "Order {order}, {} training tokens. {breaks} of {length} new tokens came from a shorter \
         context than the order asks for. The longest copy has {}. Perplexity of text held \
         out: {}.",
        count(training.len()),
        counted(longest, "token"),
        number(by_order[order - 1].1)
    );
    cx.show(summary, &views);
    Ok(())
}

/// Tokens to train on, and tokens held out.
async fn texts(cx: &Context, bpe: &Bpe) -> Result<(Vec<u32>, Vec<u32>), DemoError> {
    let size: usize = cx.get(&SIZE)?.parse().unwrap_or(100_000);
    let own = cx.get(&OWN)?;
    if own.trim().is_empty() {
        let world = World::new(1);
        let mut training = world.text(0, size);
        training.truncate(training.floor_char_boundary(size));
        let training = encode(cx, bpe, &training).await?;
        return Ok((training, encode(cx, bpe, &world.text(1, 20_000)).await?));
    }
    let mut training = encode(cx, bpe, &own[..own.floor_char_boundary(size)]).await?;
    if training.len() < LEAST {
        return Err(DemoError::input(
            OWN.name,
            format!("{} is too short to learn from: give a page or two.", bytes(own.len())),
        ));
    }
    let held_out = training.split_off(training.len() - training.len() / 10);
    Ok((training, held_out))
}

async fn encode(cx: &Context, bpe: &Bpe, text: &str) -> Result<Vec<u32>, DemoError> {
    let mut encoder = Encoder::new(bpe);
    let (mut ids, mut start, mut end) = (Vec::new(), 0, 0);
    for word in pretokenize(text) {
        end += word.len();
        if end - start >= CHUNK {
            cx.progress("encoding", end as u64, text.len() as u64).await?;
            ids.extend(encoder.encode(&text[start..end]));
            start = end;
        }
    }
    ids.extend(encoder.encode(&text[start..]));
    Ok(ids)
}

/// For each order, the perplexity of the training text and of the text held out.
async fn judge(
    answers: Answers,
    cx: &Context,
    model: &mut Ngram,
    training: &[u32],
    held_out: &[u32],
) -> Result<Vec<(f64, f64)>, DemoError> {
    let judged = |tokens: &[u32]| tokens[..tokens.len().min(JUDGED)].to_vec();
    let (training, held_out) = (judged(training), judged(held_out));
    let mut by_order = Vec::new();
    for order in 1..=MAX_ORDER {
        cx.progress("judging", order as u64, MAX_ORDER as u64).await?;
        model.set_order(order)?;
        let seen = (answers.perplexity)(model, &training)?;
        by_order.push((seen, (answers.perplexity)(model, &held_out)?));
    }
    Ok(by_order)
}

fn chart(by_order: &[(f64, f64)]) -> View {
    let line = |name: &str, value: fn(&(f64, f64)) -> f64| Line {
        name: name.into(),
        points: (2..).zip(&by_order[1..]).map(|(n, y)| (f64::from(n), value(y))).collect(),
    };
    View::Lines {
        label: "Perplexity from order 2 on: the lower, the less surprised".into(),
        x_label: "Order".into(),
        y_label: "Perplexity".into(),
        lines: vec![line("Text held out", |y| y.1), line("Training text", |y| y.0)],
    }
}

/// What was counted for each order, and what it is worth.
fn table(model: &Ngram, by_order: &[(f64, f64)]) -> View {
    let contexts = model.contexts_by_length();
    let row = |(i, (training, held_out)): (usize, &(f64, f64))| {
        let (all, once) = contexts.get(i).copied().unwrap_or_default();
        let once = percent(once as f64 / all.max(1) as f64);
        let numbers = [count(all), once, number(*training), number(*held_out)];
        let cells = numbers.into_iter().map(Cell::Number);
        std::iter::once((i + 1).to_string().into()).chain(cells).collect()
    };
    let columns =
        ["Order", "Contexts", "Seen once", "Perplexity, training", "Perplexity, held out"];
    View::Table {
        label: "Counts, and what they are worth".into(),
        columns: columns.map(String::from).into(),
        rows: by_order.iter().enumerate().map(row).collect(),
    }
}

fn spell(bpe: &Bpe, ids: &[u32]) -> String {
    let bytes: Vec<u8> = ids.iter().filter_map(|&id| bpe.bytes(id)).flatten().copied().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

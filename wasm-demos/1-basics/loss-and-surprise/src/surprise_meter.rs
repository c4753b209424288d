//! How much each byte of the reader's text surprises a small model of text.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::{Slider, Text, Typed};
use demo::format::{bytes, count, number};
use demo::{Backend, Bar, Cell, Context, Demo, DemoError, Device, Shade, Start, View};
use grading::numbers::settled;
use loss_and_surprise::{Answers, BYTES, ByteModel, CrossEntropyKernel};

const TEXT: Text = Text::new(
    "text",
    "Your text",
    "The keeper climbed the stairs of the lighthouse.\nThe zebra climbed Mount Xylophone.",
    5 << 20,
);
const CONTEXT: Slider = Slider::new(
    "context",
    "Bytes before it that the model sees",
    3.0,
    [0.0, ByteModel::MAX_CONTEXT as f64],
    1.0,
);
const IGNORED: Slider = Slider::new("ignored", "Bytes ignored at the start", 0.0, [0.0, 60.0], 1.0);

/// So many bytes are shown; all are counted.
const SHOWN: usize = 300;
/// So many bytes are counted at a time, and so many rows judged; between, the reader may start
/// another run.
const CHUNK: usize = 1 << 18;
const ROWS: usize = 2048;
/// A full shade.
const MOST_BITS: f64 = 12.0;
/// The most surprising characters, so many of them.
const LISTED: usize = 5;
/// So many characters before it are named.
const BEFORE: usize = 5;
/// What an ignored byte has for a target.
const IGNORE: u32 = u32::MAX;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "surprise-meter",
        title: "Surprise meter",
        lesson: "loss-and-surprise",
        has_yours: true,
        device: Device::CpuOrGpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), CONTEXT.control(), IGNORED.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (text, ignored) = (cx.get(&TEXT)?, cx.get(&IGNORED)? as usize);
    if text.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no text yet: type or paste some."));
    }
    let Some(judged) = text.len().checked_sub(ignored).filter(|&judged| judged > 0) else {
        let all = bytes(text.len());
        let message = format!("Your text has {all}: ignore fewer, so that something is left.");
        return Err(DemoError::input(IGNORED.name, message));
    };
    let model = ByteModel::train(tokenization::PROSE.as_bytes(), cx.get(&CONTEXT)? as usize);

    // A context and a byte always surprise alike, so each pair of them is judged once.
    let mut times = vec![0_u32; model.pairs()];
    for start in (ignored..text.len()).step_by(CHUNK) {
        cx.progress("counting", start as u64, text.len() as u64).await?;
        for at in start..text.len().min(start + CHUNK) {
            times[model.pair(text.as_bytes(), at)] += 1;
        }
    }
    let kernel = match cx.backend() {
        Backend::Cpu => None,
        Backend::Gpu => {
            cx.progress("compiling the kernel", 0, 0).await?;
            let wgsl = (answers.cross_entropy_wgsl)();
            Some(CrossEntropyKernel::compile(&gpu::shared().await?, wgsl).await?)
        }
    };
    let pairs: Vec<usize> = (0..times.len()).filter(|&pair| times[pair] > 0).collect();
    let mut losses = Vec::with_capacity(pairs.len());
    for some in pairs.chunks(ROWS) {
        cx.progress("computing the surprise", losses.len() as u64, pairs.len() as u64).await?;
        losses.extend(row_losses(answers, kernel.as_ref(), &model, some).await?);
    }
    let nats = |at| {
        let found = pairs.binary_search(&model.pair(text.as_bytes(), at));
        found.ok().and_then(|row| losses.get(row)).copied().unwrap_or(0.0)
    };

    let loss = match cx.backend() {
        Backend::Cpu if text.len() <= SHOWN => loss(answers, &model, text.as_bytes(), ignored)?,
        _ => {
            let weighted = pairs.iter().zip(&losses).map(|(&p, loss)| f64::from(times[p]) * loss);
            weighted.sum::<f64>() / judged as f64
        }
    };
    let per_byte = format!("{:.2}", settled((answers.bits_per_byte)(loss, judged, judged)?));
    let total = four_digits(loss * judged as f64 * std::f64::consts::LOG2_E);

    let characters = characters(&text, ignored, nats);
    let label = match text.len() {
        0..=SHOWN => "Surprise at each character, in bits".into(),
        n => format!("Surprise in bits, the beginning of {}", bytes(n)),
    };
    let legend = format!("No color: no surprise. Full color: {MOST_BITS} bits or more.");
    let spans = characters.iter().map(|c| c.shade.clone()).collect();
    let rows = [
        ("Bytes that count", count(judged)),
        ("Surprise in all, bits", count(total)),
        ("Loss, nats per byte", format!("{:.2}", settled(loss))),
        ("Bits per byte", per_byte.clone()),
        ("Perplexity per byte", number(loss.exp())),
    ];
    let rows = rows.map(|(name, value)| vec![name.into(), Cell::Number(value)]);
    let table = View::Table {
        label: "The text in numbers".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: rows.into(),
    };
    let shades = View::Shades { label, spans, max: MOST_BITS, legend };
    cx.show(
        format!("{per_byte} bits per byte: {} bits for {}.", count(total), bytes(judged)),
        &[shades, table, most_surprising(&characters)],
    );
    Ok(())
}

/// The surprise of each of these pairs in nats, by the kernel or by candle.
async fn row_losses(
    answers: Answers,
    kernel: Option<&CrossEntropyKernel>,
    model: &ByteModel,
    pairs: &[usize],
) -> Result<Vec<f64>, DemoError> {
    let (logits, targets) = model.rows(pairs);
    let losses = if let Some(kernel) = kernel {
        kernel.run(&logits, &targets, BYTES, IGNORE).await?.loss
    } else {
        let rows = targets.len();
        let logits = Tensor::from_vec(logits, (rows, BYTES), &CandleDevice::Cpu)?;
        let targets = Tensor::from_vec(targets, (rows, 1), &CandleDevice::Cpu)?;
        let picked = (answers.log_softmax)(&logits, 1)?.gather(&targets, 1)?;
        picked.flatten_all()?.to_vec1::<f32>()?.into_iter().map(|log_prob| -log_prob).collect()
    };
    Ok(losses.into_iter().map(f64::from).collect())
}

/// The mean over a short text, with one row for each byte of it.
fn loss(
    answers: Answers,
    model: &ByteModel,
    text: &[u8],
    ignored: usize,
) -> Result<f64, DemoError> {
    let pairs: Vec<usize> = (0..text.len()).map(|at| model.pair(text, at)).collect();
    let (logits, mut targets) = model.rows(&pairs);
    targets[..ignored].fill(IGNORE);
    let logits = Tensor::from_vec(logits, (text.len(), BYTES), &CandleDevice::Cpu)?;
    let targets = Tensor::from_vec(targets, text.len(), &CandleDevice::Cpu)?;
    Ok(f64::from((answers.cross_entropy)(&logits, &targets, IGNORE)?.to_scalar::<f32>()?))
}

/// A character, with what came before it.
struct Character {
    shade: Shade,
    before: String,
}

/// The first characters of the text. One of several bytes surprises by the sum of them.
fn characters(text: &str, ignored: usize, nats: impl Fn(usize) -> f64) -> Vec<Character> {
    let shown = text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= SHOWN);
    let character = |(at, c): (usize, char)| {
        let judged = at.max(ignored)..at + c.len_utf8();
        let muted = judged.is_empty();
        let bits = judged.map(&nats).sum::<f64>() * std::f64::consts::LOG2_E;
        // As it is read, so that order and color do not depend on the last digits.
        let value = (settled(bits) * 10.0).round() / 10.0;
        let shown = if muted { "–".into() } else { format!("{value:.1}") };
        let mut before: Vec<char> = text[..at].chars().rev().take(BEFORE).map(seen).collect();
        before.reverse();
        let shade = Shade { text: c.to_string(), value, shown, muted };
        Character { shade, before: before.into_iter().collect() }
    };
    shown.map(character).collect()
}

/// Space and line end as the other views show them.
fn seen(c: char) -> char {
    match c {
        ' ' => '␣',
        '\n' => '↵',
        c => c,
    }
}

fn most_surprising(characters: &[Character]) -> View {
    let mut sorted: Vec<(usize, &Character)> =
        characters.iter().enumerate().filter(|(_, c)| !c.shade.muted).collect();
    sorted
        .sort_unstable_by(|(i, a), (j, b)| b.shade.value.total_cmp(&a.shade.value).then(i.cmp(j)));
    let bar = |(_, Character { shade, before }): (usize, &Character)| {
        let before = if before.is_empty() { "start" } else { before };
        let label = format!("{before} → {}", shade.text);
        Bar { label, value: shade.value, shown: format!("{} bits", shade.shown), muted: false }
    };
    let bars: Vec<Bar> = sorted.into_iter().take(LISTED).map(bar).collect();
    let max = bars.first().map_or(MOST_BITS, |bar| bar.value.max(MOST_BITS));
    let label = "The most surprising characters, and what they came after".into();
    View::Bars { label, bars, max }
}

/// A large number to its first four digits; the others differ between processors.
fn four_digits(x: f64) -> usize {
    let unit = 10_f64.powi((x.max(1.0).log10().floor() as i32 - 3).max(0));
    (settled(x / unit).round() * unit) as usize
}

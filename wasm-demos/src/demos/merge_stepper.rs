// Training on the reader's text, merge by merge.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use demo::control::{Slider, Text, Typed};
use demo::format::count;
use demo::{Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use tokenization::fast::Trainer;
use tokenization::solution::merge_pair;
use tokenization::{BYTE_TOKENS, Bpe, Pair, Word, byte_id, chunks, count_words, pretokenize};

const TEXT: Text = Text {
    name: "text",
    label: "Text to train on",
    default: "the cat sat on the mat, the cats sat on the mats, that's that",
    max_bytes: 5 << 20,
};

const MERGES: Slider =
    Slider { name: "merges", label: "Merges", default: 12.0, min: 1.0, max: 100.0, step: 1.0 };

/// So many bytes of the text are shown as tokens.
const SHOWN: usize = 120;

/// So many pairs are listed.
const LISTED: usize = 5;

/// A longer text is left to the fast trainer.
const LONG: usize = 50_000;

/// Of a long text so many bytes are counted at a time; between, the reader may start another run.
const CHUNK: usize = 1 << 18;

pub fn demo() -> Demo {
    Demo {
        name: "merge-stepper",
        title: "Training, merge by merge",
        lesson: "tokenization",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), MERGES.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    if text.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no text yet: type or paste some."));
    }
    let merges = cx.get(&MERGES)? as usize;
    let training = match text.len() > LONG {
        true => train_fast(&cx, &text, merges).await?,
        false => train(&cx, &text, merges).await?,
    };
    let start = training.frames.len() - 1;
    let mut summary = format!(
        "After {start} of {merges} merges, {} bytes are {} tokens.",
        count(text.len()),
        count(training.tokens)
    );
    if start < merges {
        summary.push_str(" Every word is a single token now, and no pair is left.");
    }
    let mut views = vec![View::Steps { label: "Training".into(), frames: training.frames, start }];
    if text.len() > LONG {
        views.insert(0, View::Prose(vec![FAST.into()]));
    }
    cx.show(summary, &views);
    Ok(())
}

/// What is said of a text that the code of the exercise did not train on.
const FAST: &str = "This text is long: the lesson’s fast trainer (src/fast/train.rs) counted all \
                    of it, with the same merges. Texts up to 50\u{202f}KB go through the code of \
                    the exercise.";

/// What training leaves to be shown: a frame before the first merge and one after each.
struct Training {
    frames: Vec<(String, Vec<View>)>,
    tokens: usize,
}

/// With the code of the exercise.
async fn train(cx: &Context, text: &str, merges: usize) -> Result<Training, DemoError> {
    cx.progress("training", 0, merges as u64).await?;
    let bpe = subject::bpe_train(text, BYTE_TOKENS + merges, &[])?;
    let mut words = count_words(text, &[])?;
    let mut shown = beginning(text);
    let mut counts = subject::count_pairs(&words);
    let most_frequent = |counts: &HashMap<Pair, u64>| {
        let mut pairs: Vec<(Pair, u64)> = counts.iter().map(|(&pair, &n)| (pair, n)).collect();
        pairs.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
        pairs.truncate(LISTED);
        pairs
    };
    let mut frames = vec![(START.to_owned(), views(&bpe, &most_frequent(&counts), &shown, text))];
    for (rank, &pair) in bpe.merges().iter().enumerate() {
        cx.progress("training", rank as u64, merges as u64).await?;
        let id = (BYTE_TOKENS + rank) as u32;
        let times = counts.get(&pair).copied().unwrap_or(0);
        for tokens in words.iter_mut().map(|word| &mut word.tokens).chain(&mut shown) {
            *tokens = subject::merge_pair(tokens, pair, id);
        }
        counts = subject::count_pairs(&words);
        let caption = caption(&bpe, pair, id, times, length(&words));
        frames.push((caption, views(&bpe, &most_frequent(&counts), &shown, text)));
    }
    Ok(Training { frames, tokens: length(&words) })
}

/// With the fast trainer, which keeps all counts up to date from merge to merge.
async fn train_fast(cx: &Context, text: &str, merges: usize) -> Result<Training, DemoError> {
    let mut words: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    let mut done = 0;
    for chunk in chunks(text, CHUNK) {
        cx.progress("counting words", done as u64, text.len() as u64).await?;
        for word in count_words(chunk, &[])? {
            *words.entry(word.tokens).or_default() += word.count;
        }
        done += chunk.len();
    }
    cx.progress("training", 0, merges as u64).await?;
    let words = words.into_iter().map(|(tokens, count)| Word { tokens, count });
    let mut trainer = Trainer::new(words);
    let mut shown = beginning(text);
    let bytes = Bpe::new(Vec::new(), &[])?;
    let pairs = trainer.most_frequent(LISTED);
    let mut frames = vec![(START.to_owned(), views(&bytes, &pairs, &shown, text))];
    while trainer.merges().len() < merges
        && let Some((pair, times)) = trainer.step()
    {
        let learned = trainer.merges().len();
        cx.progress("training", learned as u64, merges as u64).await?;
        let bpe = Bpe::new(trainer.merges().to_vec(), &[])?;
        let id = (BYTE_TOKENS + learned - 1) as u32;
        for tokens in &mut shown {
            *tokens = merge_pair(tokens, pair, id);
        }
        let caption = caption(&bpe, pair, id, times, trainer.tokens() as usize);
        frames.push((caption, views(&bpe, &trainer.most_frequent(LISTED), &shown, text)));
    }
    Ok(Training { frames, tokens: trainer.tokens() as usize })
}

/// The caption of the first frame.
const START: &str = "Every byte is a token.";

/// The caption of the frame after a merge.
fn caption(bpe: &Bpe, (left, right): Pair, id: u32, times: u64, tokens: usize) -> String {
    let [left, right, merged] = [left, right, id].map(|id| quoted(bpe, id));
    format!(
        "{left} + {right}, count {}, becomes {merged}: token {id}. Tokens left: {}.",
        count(times as usize),
        count(tokens)
    )
}

/// The first words of the text, as bytes; a first word longer than there is room for is cut.
fn beginning(text: &str) -> Vec<Vec<u32>> {
    let mut end = 0;
    let words = pretokenize(text).take_while(|word| {
        end += word.len();
        end <= SHOWN
    });
    let words: Vec<Vec<u32>> = words.map(|word| word.bytes().map(byte_id).collect()).collect();
    if words.is_empty() { vec![text.bytes().take(SHOWN).map(byte_id).collect()] } else { words }
}

/// How many tokens the text has now.
fn length(words: &[Word]) -> usize {
    words.iter().map(|word| word.tokens.len() * word.count as usize).sum()
}

/// A frame: the beginning of the text as tokens, and the pairs that might be next.
fn views(bpe: &Bpe, pairs: &[(Pair, u64)], shown: &[Vec<u32>], text: &str) -> Vec<View> {
    let chips: Vec<TokenChip> = shown.iter().flatten().map(|&id| chip(bpe, id)).collect();
    let label = match chips.iter().map(|chip| chip.bytes).sum::<usize>() {
        bytes if bytes < text.len() => format!("The first {bytes} bytes of the text"),
        _ => "The text".into(),
    };
    let row = |&((left, right), times): &(Pair, u64)| {
        let pair = format!("{} + {}", quoted(bpe, left), quoted(bpe, right));
        let ids = format!("{left}, {right}");
        vec![pair.into(), Cell::Number(ids), Cell::Number(count(times as usize))]
    };
    let table = View::Table {
        label: "The most frequent pairs now: the first is merged next".into(),
        columns: ["Pair", "Ids", "Times"].map(String::from).into(),
        rows: pairs.iter().map(row).collect(),
    };
    vec![View::Tokens { label, chips }, table]
}

fn chip(bpe: &Bpe, id: u32) -> TokenChip {
    let bytes = bpe.bytes(id).map_or(0, <[u8]>::len);
    TokenChip { text: bpe.spelled(id), id, bytes, color: id }
}

fn quoted(bpe: &Bpe, id: u32) -> String {
    format!("“{}”", bpe.spelled(id).replace(' ', "␣"))
}

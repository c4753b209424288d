// Training on the reader's text, merge by merge.

use std::cmp::Reverse;
use std::collections::HashMap;

use demo::control::{Slider, Text, Typed};
use demo::format::count;
use demo::{Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use tokenization::{BYTE_TOKENS, Bpe, Pair, Word, byte_id, count_words, pretokenize};

const TEXT: Text = Text {
    name: "text",
    label: "Text to train on",
    default: "the cat sat on the mat, the cats sat on the mats, that's that",
    max_bytes: 50_000,
};

const MERGES: Slider =
    Slider { name: "merges", label: "Merges", default: 12.0, min: 1.0, max: 100.0, step: 1.0 };

/// So many bytes of the text are shown as tokens.
const SHOWN: usize = 120;

/// So many pairs are listed.
const LISTED: usize = 5;

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
    cx.progress("training", 0, merges as u64).await?;
    let bpe = subject::bpe_train(&text, BYTE_TOKENS + merges, &[])?;

    let mut words = count_words(&text, &[])?;
    let mut shown = beginning(&text);
    let mut counts = subject::count_pairs(&words);
    let start = "Every byte is a token.".to_owned();
    let mut frames = vec![(start, views(&bpe, &counts, &shown, &text))];
    for (rank, &(left, right)) in bpe.merges().iter().enumerate() {
        cx.progress("training", rank as u64, merges as u64).await?;
        let id = (BYTE_TOKENS + rank) as u32;
        let times = counts.get(&(left, right)).copied().unwrap_or(0);
        for tokens in words.iter_mut().map(|word| &mut word.tokens).chain(&mut shown) {
            *tokens = subject::merge_pair(tokens, (left, right), id);
        }
        counts = subject::count_pairs(&words);
        let [left, right, merged] = [left, right, id].map(|id| quoted(&bpe, id));
        let caption = format!(
            "{left} + {right}, count {}, becomes {merged}: token {id}. Tokens left: {}.",
            count(times as usize),
            count(length(&words))
        );
        frames.push((caption, views(&bpe, &counts, &shown, &text)));
    }
    let learned = bpe.merges().len();
    let mut summary = format!(
        "After {learned} of {merges} merges, {} bytes are {} tokens.",
        count(text.len()),
        count(length(&words))
    );
    if learned < merges {
        summary.push_str(" Every word is a single token now, and no pair is left.");
    }
    let start = frames.len() - 1;
    cx.show(summary, &[View::Steps { label: "Training".into(), frames, start }]);
    Ok(())
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
fn views(bpe: &Bpe, counts: &HashMap<Pair, u64>, shown: &[Vec<u32>], text: &str) -> Vec<View> {
    let chips: Vec<TokenChip> = shown.iter().flatten().map(|&id| chip(bpe, id)).collect();
    let label = match chips.iter().map(|chip| chip.bytes).sum::<usize>() {
        bytes if bytes < text.len() => format!("The first {bytes} bytes of the text"),
        _ => "The text".into(),
    };
    let mut pairs: Vec<(&Pair, &u64)> = counts.iter().collect();
    pairs.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
    let row = |&(&(left, right), &times): &(&Pair, &u64)| {
        let pair = format!("{} + {}", quoted(bpe, left), quoted(bpe, right));
        let ids = format!("{left}, {right}");
        vec![pair.into(), Cell::Number(ids), Cell::Number(count(times as usize))]
    };
    let table = View::Table {
        label: "The most frequent pairs now: the first is merged next".into(),
        columns: ["Pair", "Ids", "Times"].map(String::from).into(),
        rows: pairs.iter().take(LISTED).map(row).collect(),
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

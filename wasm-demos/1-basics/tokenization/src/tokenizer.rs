//! The reader's text as tokens, with a vocabulary of a size the reader chooses.

use demo::control::{Slider, Text, Typed};
use demo::format::{bytes, count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tokenization::{Answers, chunks, fast, pretokenize, sample_vocab};

use crate::chip;

const TEXT: Text = Text::new(
    "text",
    "Your text",
    "The best way to learn is to build it yourself: 1, 2, 3, … 1234.\n\
     Unbelievable? It's café, naïve, 你好, שלום, 🌊 and 👋🏽.",
    5 << 20,
);
const VOCAB_SIZE: Slider =
    Slider::new("vocabulary", "Tokens in the vocabulary", 1024.0, [256.0, 1024.0], 32.0);

/// So many tokens are shown; all are counted.
const SHOWN: usize = 400;

/// So many bytes are encoded at a time; between, the reader may start another run.
const CHUNK: usize = 1 << 16;

/// A longer text, or one with a longer word, is left to the fast encoder: the clear one is slow,
/// and takes time quadratic in the length of a word.
const LONG_TEXT: usize = 1 << 18;
const LONG_WORD: usize = 2000;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "tokenizer",
        title: "What the model sees of your text",
        lesson: "tokenization",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), VOCAB_SIZE.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    if text.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no text yet: type or paste some."));
    }
    let bpe = sample_vocab(cx.get(&VOCAB_SIZE)? as usize)?;
    let is_long = text.len() > LONG_TEXT || pretokenize(&text).any(|word| word.len() > LONG_WORD);
    let mut encoder = fast::Encoder::new(&bpe);
    let mut ids = Vec::new();
    let mut done = 0;
    for chunk in chunks(&text, CHUNK) {
        cx.progress("encoding", done as u64, text.len() as u64).await?;
        ids.extend(match is_long {
            true => encoder.encode(chunk),
            false => (answers.encode)(&bpe, chunk),
        });
        done += chunk.len();
    }
    let label = match ids.len() {
        0..=SHOWN => "Tokens: text, id and bytes".into(),
        n => format!("The first {SHOWN} of {} tokens: text, id and bytes", count(n)),
    };
    let chips = ids.iter().take(SHOWN).map(|&id| chip(&bpe, id)).collect();
    let per_token = number(text.len() as f64 / ids.len().max(1) as f64);
    let back = match (answers.decode)(&bpe, &ids)? == text {
        true => "the same text",
        false => "another text",
    };
    let facts = [
        ("Characters", count(text.chars().count())),
        ("Bytes in UTF-8", count(text.len())),
        ("Tokens", count(ids.len())),
        ("Bytes per token", per_token.clone()),
        ("Decoded again", back.to_owned()),
    ];
    let rows = facts.map(|(name, value)| vec![name.into(), Cell::Number(value)]);
    let (tokens, size) = (counted(ids.len(), "token"), bytes(text.len()));
    let unit = if per_token == "1" { "byte" } else { "bytes" };
    let summary = format!("{tokens} for {size}: {per_token} {unit} per token.");
    let table = View::Table {
        label: "Your text in numbers".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: rows.into(),
    };
    let mut views = vec![View::Tokens { label, chips }, table];
    if is_long {
        views.insert(0, View::Prose(vec![FAST.into()]));
    }
    cx.show(summary, &views);
    Ok(())
}

/// What is said of a text that the code of the exercise did not encode.
const FAST: &str = "This text is long, or has a very long word: the lesson’s fast encoder \
                    (src/fast/encode.rs) encoded it, with the same result. Shorter texts go \
                    through the code of the exercise.";

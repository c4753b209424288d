//! Training on the reader's text, merge by merge.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use demo::control::{Slider, Text, Typed};
use demo::format::{count, counted};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tokenization::fast::Trainer;
use tokenization::solution::merge_pair;
use tokenization::{
    Answers, BYTE_TOKENS, Bpe, Pair, Word, byte_id, chunks, count_words, pretokenize,
};

use crate::chip;

const TEXT: Text = Text::new(
    "text",
    "Text to train on",
    "the cat sat on the mat, the cats sat on the mats, that's that",
    5 << 20,
);
const MERGES: Slider = Slider::new("merges", "Merges", 12.0, [1.0, 100.0], 1.0);

/// So many bytes of the text are shown as tokens.
const SHOWN: usize = 120;

/// So many pairs are listed.
const LISTED: usize = 5;

/// A longer text is left to the fast trainer.
const LONG: usize = 50_000;

/// Of a long text so many bytes are counted at a time; between, the reader may start another run.
const CHUNK: usize = 1 << 18;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "merge-stepper",
        title: "Training, merge by merge",
        lesson: "tokenization",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), MERGES.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    if text.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no text yet: type or paste some."));
    }
    let merges = cx.get(&MERGES)? as usize;
    let mut training =
        Training { cx, text: &text, merges, shown: beginning(&text), frames: vec![] };
    let is_long = text.len() > LONG;
    let tokens = match is_long {
        true => training.fast().await?,
        false => training.with(answers).await?,
    };
    let Training { cx, frames, .. } = training;
    let start = frames.len() - 1;
    let (bytes, tokens) = (counted(text.len(), "byte"), counted(tokens, "token"));
    let of = counted(merges, "merge");
    let mut summary = format!("After {start} of {of}: {bytes} in {tokens}.");
    if start < merges {
        summary.push_str(" Every word is a single token now, and no pair is left.");
    }
    let mut views = vec![View::Steps { label: "Training".into(), frames, start }];
    if is_long {
        views.insert(0, View::Prose(vec![FAST.into()]));
    }
    cx.show(summary, &views);
    Ok(())
}

/// What is said of a text that the code of the exercise did not train on.
const FAST: &str = "This text is long: the lesson’s fast trainer (src/fast/train.rs) counted all \
                    of it, with the same merges. Texts up to 50\u{202f}KB go through the code of \
                    the exercise.";

struct Training<'t> {
    cx: Context,
    text: &'t str,
    merges: usize,
    /// The beginning of the text, word by word, as the tokens that it is now.
    shown: Vec<Vec<u32>>,
    /// One before the first merge and one after each, with its caption.
    frames: Vec<(String, Vec<View>)>,
}

impl Training<'_> {
    /// With the code of the exercise. Returns how many tokens are left, as does [`Self::fast`].
    async fn with(&mut self, answers: Answers) -> Result<usize, DemoError> {
        self.progress("training", 0, self.merges).await?;
        let bpe = (answers.bpe_train)(self.text, BYTE_TOKENS + self.merges, &[])?;
        let mut words = count_words(self.text, &[])?;
        let mut counts = (answers.count_pairs)(&words);
        self.frame(START.into(), &bpe, &most_frequent(&counts));
        for (id, &pair) in (BYTE_TOKENS as u32..).zip(bpe.merges()) {
            self.progress("training", self.frames.len() - 1, self.merges).await?;
            let times = counts.get(&pair).copied().unwrap_or(0);
            for tokens in words.iter_mut().map(|word| &mut word.tokens).chain(&mut self.shown) {
                *tokens = (answers.merge_pair)(tokens, pair, id);
            }
            counts = (answers.count_pairs)(&words);
            let caption = caption(&bpe, pair, id, times, length(&words));
            self.frame(caption, &bpe, &most_frequent(&counts));
        }
        Ok(length(&words))
    }

    /// With the fast trainer, which keeps all counts up to date from merge to merge.
    async fn fast(&mut self) -> Result<usize, DemoError> {
        let mut words: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        let mut done = 0;
        for chunk in chunks(self.text, CHUNK) {
            self.progress("counting words", done, self.text.len()).await?;
            for word in count_words(chunk, &[])? {
                *words.entry(word.tokens).or_default() += word.count;
            }
            done += chunk.len();
        }
        self.progress("training", 0, self.merges).await?;
        let words = words.into_iter().map(|(tokens, count)| Word { tokens, count });
        let mut trainer = Trainer::new(words);
        self.frame(START.into(), &Bpe::new(vec![], &[])?, &trainer.most_frequent(LISTED));
        for id in BYTE_TOKENS as u32..(BYTE_TOKENS + self.merges) as u32 {
            let Some((pair, times)) = trainer.step() else { break };
            self.progress("training", trainer.merges().len(), self.merges).await?;
            let bpe = Bpe::new(trainer.merges().to_vec(), &[])?;
            for tokens in &mut self.shown {
                *tokens = merge_pair(tokens, pair, id);
            }
            let caption = caption(&bpe, pair, id, times, trainer.tokens() as usize);
            self.frame(caption, &bpe, &trainer.most_frequent(LISTED));
        }
        Ok(trainer.tokens() as usize)
    }

    async fn progress(&self, doing: &str, done: usize, all: usize) -> Result<(), DemoError> {
        self.cx.progress(doing, done as u64, all as u64).await
    }

    /// A frame: the beginning of the text as tokens, and the pairs that might be next.
    fn frame(&mut self, caption: String, bpe: &Bpe, pairs: &[(Pair, u64)]) {
        let chips: Vec<_> = self.shown.iter().flatten().map(|&id| chip(bpe, id)).collect();
        let label = match chips.iter().map(|chip| chip.bytes).sum::<usize>() {
            bytes if bytes < self.text.len() => {
                format!("The first {} of the text", counted(bytes, "byte"))
            }
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
        self.frames.push((caption, vec![View::Tokens { label, chips }, table]));
    }
}

/// The caption of the first frame.
const START: &str = "Every byte is a token.";

/// The caption of the frame after a merge.
fn caption(bpe: &Bpe, (left, right): Pair, id: u32, times: u64, tokens: usize) -> String {
    let [left, right, merged] = [left, right, id].map(|id| quoted(bpe, id));
    let (times, tokens) = (count(times as usize), count(tokens));
    format!("{left} + {right}, count {times}, becomes {merged}: token {id}. Tokens left: {tokens}.")
}

/// The pairs that might be next, the best first.
fn most_frequent(counts: &HashMap<Pair, u64>) -> Vec<(Pair, u64)> {
    let mut pairs: Vec<(Pair, u64)> = counts.iter().map(|(&pair, &n)| (pair, n)).collect();
    pairs.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
    pairs.truncate(LISTED);
    pairs
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

fn quoted(bpe: &Bpe, id: u32) -> String {
    format!("“{}”", bpe.spelled(id).replace(' ', "␣"))
}

//! The reader's text, cut by BPE, WordPiece and a unigram model side by side.

use std::collections::HashMap;

use demo::control::{Text, Typed};
use demo::format::{bytes, count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use other_tokenizers::{
    Answers, CONTINUATION, SPACE, Unigram, WordPiece, metaspace, sample_unigram, sample_wordpiece,
    tokens, words,
};
use tokenization::{fast::Encoder, sample_vocab};

const TEXT: Text = Text::new(
    "text",
    "Your text",
    "The lighthouse keeper understands notebooks. Unbelievable! Zoë 🙂 counts zebras.",
    5 << 20,
);

/// As many merges as WordPiece has pieces.
pub(crate) const BPE_SIZE: usize = 256 + 500;

/// So many tokens of each are shown; all are counted.
const SHOWN: usize = 200;

/// After so many bytes the reader may start another run.
const CHUNK: usize = 1 << 16;

/// A unigram model gets no more characters than this at a time.
const LONGEST: usize = 1000;

/// So many different words are remembered.
const REMEMBERED: usize = 50_000;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "three-tokenizers",
        title: "One text, three tokenizers",
        lesson: "other-tokenizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// What one tokenizer made of the text so far.
struct Cut {
    name: &'static str,
    vocab_size: usize,
    chips: Vec<TokenChip>,
    tokens: usize,
    unknown: usize,
    remembered: HashMap<String, Vec<TokenChip>>,
}

impl Cut {
    fn new(name: &'static str, vocab_size: usize) -> Self {
        let (chips, remembered) = (Vec::new(), HashMap::new());
        Self { name, vocab_size, chips, tokens: 0, unknown: 0, remembered }
    }

    fn add(&mut self, chips: &[TokenChip], unknown: usize) {
        self.tokens += chips.len();
        self.unknown += unknown;
        let room = SHOWN.saturating_sub(self.chips.len());
        self.chips.extend(chips.iter().take(room).cloned());
    }

    /// Adds the tokens of a word, which are computed once for every word.
    fn add_word(
        &mut self,
        word: &str,
        cut: impl FnOnce() -> Result<Vec<TokenChip>, DemoError>,
    ) -> Result<(), DemoError> {
        let chips = match self.remembered.get(word) {
            Some(chips) => chips.clone(),
            None => cut()?,
        };
        self.add(&chips, chips.iter().filter(|chip| chip.id == 0).count());
        if self.remembered.len() < REMEMBERED {
            self.remembered.insert(word.to_owned(), chips);
        }
        Ok(())
    }

    fn view(self) -> View {
        let label = match self.tokens {
            0..=SHOWN => format!("{}: text, id and bytes", self.name),
            n => format!("{}: the first {SHOWN} of {} tokens", self.name, count(n)),
        };
        View::Tokens { label, chips: self.chips }
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    if text.trim().is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no text yet: type or paste some."));
    }
    let (bpe, vocab, model) = (sample_vocab(BPE_SIZE)?, sample_wordpiece()?, sample_unigram()?);
    let mut encoder = Encoder::new(&bpe);
    let mut cuts = [
        Cut::new("BPE", bpe.vocab_size()),
        Cut::new("WordPiece", vocab.size()),
        Cut::new("Unigram", model.size()),
    ];
    let mut done = 0;
    for chunk in chunks(&text) {
        cx.progress("cutting", done, text.len() as u64).await?;
        let ids = encoder.encode(chunk);
        let chip = |&id: &u32| TokenChip {
            text: bpe.spelled(id),
            id,
            bytes: bpe.bytes(id).map_or(0, <[u8]>::len),
            color: id,
        };
        cuts[0].add(&ids.iter().map(chip).collect::<Vec<_>>(), 0);
        for word in words(chunk) {
            cuts[1].add_word(word, || Ok(wordpieces(answers, &vocab, word)))?;
        }
        let mut unpaused = 0;
        for word in metaspace(chunk) {
            for part in parts(&word) {
                cuts[2].add_word(part, || pieces(answers, &model, part))?;
                unpaused += part.len();
                if unpaused > CHUNK {
                    unpaused = 0;
                    cx.progress("cutting", done, text.len() as u64).await?;
                }
            }
        }
        done += chunk.len() as u64;
    }
    show(&cx, &text, cuts);
    Ok(())
}

fn show(cx: &Context, text: &str, cuts: [Cut; 3]) {
    let length = text.chars().count();
    let row = |cut: &Cut| {
        let per_token = number(length as f64 / cut.tokens.max(1) as f64);
        let numbers = [count(cut.vocab_size), count(cut.tokens), per_token, count(cut.unknown)];
        [cut.name.into()].into_iter().chain(numbers.map(Cell::Number)).collect()
    };
    let columns = ["Tokenizer", "Vocabulary", "Tokens", "Characters per token", "Unknown"];
    let table = View::Table {
        label: "The three in numbers".into(),
        columns: columns.map(String::from).into(),
        rows: cuts.iter().map(row).collect(),
    };
    let each = cuts.each_ref().map(|cut| {
        let tokens = counted(cut.tokens, "token");
        format!("{tokens} with {}", cut.name)
    });
    let summary = format!("{}: {}.", bytes(text.len()), each.join(", "));
    let views: Vec<View> = cuts.into_iter().map(Cut::view).chain([table]).collect();
    cx.show(summary, &views);
}

fn wordpieces(answers: Answers, vocab: &WordPiece, word: &str) -> Vec<TokenChip> {
    let chip = |text: String| {
        let id = vocab.id(&text);
        let bytes = match text.as_str() {
            WordPiece::UNK => word.len(),
            text => text.strip_prefix(CONTINUATION).unwrap_or(text).len(),
        };
        TokenChip { text, id, bytes, color: id }
    };
    (answers.wordpiece)(vocab, word).into_iter().map(chip).collect()
}

/// The sign for a space counts as the one byte that it stands for.
fn pieces(answers: Answers, model: &Unigram, word: &str) -> Result<Vec<TokenChip>, DemoError> {
    let path = (answers.unigram_viterbi)(&(answers.unigram_lattice)(model, word)?)?;
    let chip = |text: String| {
        let id = model.id(&text);
        let spaces = text.matches(SPACE).count();
        let bytes = text.len() - spaces * (SPACE.len() - 1);
        TokenChip { text, id, bytes, color: id }
    };
    Ok(tokens(word, &path).into_iter().map(chip).collect())
}

/// The text in parts that end before white space.
fn chunks(text: &str) -> Vec<&str> {
    let (mut chunks, mut start, mut after_space) = (Vec::new(), 0, true);
    for (i, c) in text.char_indices() {
        if c.is_whitespace() && !after_space && i - start >= CHUNK {
            chunks.push(&text[start..i]);
            start = i;
        }
        after_space = c.is_whitespace();
    }
    chunks.push(&text[start..]);
    chunks
}

/// A word in parts of at most so many characters; an ordinary word is one part.
fn parts(word: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), word);
    while let Some((end, _)) = rest.char_indices().nth(LONGEST) {
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

//! Stories as tokens, for a model to learn, and what counting makes of them.

use std::collections::HashMap;

use batches::BatchError;
use batches::solution::pack;
use tinytown::World;
use tokenization::Bpe;
use tokenization::solution::encode;
use training_loop::Rows;
use what_an_llm_is::NgramError;
use what_an_llm_is::solution::{fit, perplexity};

/// The words or letters that are kept; all others are one token.
const KEPT: usize = 400;
/// Bytes of stories to learn from, and of others held out.
const BYTES: [usize; 2] = [200_000, 6000];
/// The highest order of the counts.
const ORDERS: usize = 3;
/// Tokens of a story whose attention is shown.
const OPENING: usize = 10;
/// What a token is.
pub enum Cut {
    Words,
    Letters,
    /// The pieces of a tokenizer whose last token ends a text.
    Pieces(Bpe),
}

/// Texts in tokens, one a line.
pub struct Texts {
    cut: Cut,
    /// What each word or letter says, from 1 on; 0 ends a story, and what comes behind these is all
    /// others.
    names: Vec<String>,
    /// The token that ends a story.
    pub end: u32,
    /// Tokens of the stories to learn from.
    training: Vec<Vec<u32>>,
    /// Those of other stories.
    held_out: Vec<Vec<u32>>,
}

/// Words and signs; white space between them is not kept.
fn words(text: &str) -> Vec<&str> {
    let is_inside = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match is_inside(first) {
            true => rest.find(|c| !is_inside(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}

fn letters(text: &str) -> Vec<&str> {
    text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).collect()
}

impl Texts {
    /// Stories of Tinytown.
    pub fn town(how: Cut) -> Self {
        let world = World::new(1);
        let [training, held_out] = [0, 1].map(|stream| world.text(stream as u64, BYTES[stream]));
        Self::of(&training.lines().collect::<Vec<_>>(), &held_out.lines().collect::<Vec<_>>(), how)
    }

    /// A text of the reader's: of each ten lines the last is held out.
    pub fn read(text: &str, how: Cut) -> Self {
        let [mut training, mut held_out] = [Vec::new(), Vec::new()];
        for (at, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            if at % 10 == 9 { &mut held_out } else { &mut training }.push(line);
        }
        Self::of(&training, &held_out, how)
    }

    fn of(training: &[&str], held_out: &[&str], how: Cut) -> Self {
        let texts = [training, held_out];
        let cut = match &how {
            Cut::Words => words,
            Cut::Letters => letters,
            Cut::Pieces(bpe) => {
                let end = bpe.vocab_size() as u32 - 1;
                let [training, held_out] =
                    texts.map(|lines| lines.iter().map(|line| encode(bpe, line)).collect());
                return Self { cut: how, names: Vec::new(), end, training, held_out };
            }
        };
        let [training, held_out] =
            texts.map(|lines| lines.iter().map(|line| cut(line)).collect::<Vec<_>>());
        let mut counts: HashMap<&str, u32> = HashMap::new();
        training.iter().flatten().for_each(|token| *counts.entry(token).or_default() += 1);
        let mut names: Vec<&str> = counts.keys().copied().collect();
        names.sort_unstable_by_key(|token| (std::cmp::Reverse(counts[token]), *token));
        names.truncate(KEPT);
        let ids: HashMap<&str, u32> = names.iter().copied().zip(1..).collect();
        let unknown = names.len() as u32 + 1;
        let id = |token: &&str| ids.get(token).copied().unwrap_or(unknown);
        let [training, held_out] = [training, held_out].map(|texts| {
            texts.iter().map(|text| text.iter().map(id).collect::<Vec<u32>>()).collect()
        });
        let names = names.iter().map(ToString::to_string).collect();
        Self { cut: how, names, end: 0, training, held_out }
    }

    /// How many tokens there are.
    pub fn vocab_size(&self) -> usize {
        match &self.cut {
            Cut::Pieces(bpe) => bpe.vocab_size(),
            _ => self.names.len() + 2,
        }
    }

    /// How many tokens there are to learn from.
    pub fn count(&self) -> usize {
        self.training.iter().map(Vec::len).sum()
    }

    /// Rows to learn from, and rows held out.
    pub fn rows(&self, context: usize) -> Result<[Rows; 2], BatchError> {
        let rows = |texts: &[Vec<u32>]| Ok(Rows::from(&pack(texts, context, self.end)?[..]));
        Ok([rows(&self.training)?, rows(&self.held_out)?])
    }

    /// The mean loss of counts on what is held out, in nats, from order 1 on.
    pub fn counted(&self) -> Result<Vec<f64>, NgramError> {
        let line = |texts: &[Vec<u32>]| {
            let ended = texts.iter().filter(|text| !text.is_empty());
            ended.flat_map(|text| text.iter().chain([&self.end])).copied().collect::<Vec<u32>>()
        };
        let mut model = fit(&line(&self.training), ORDERS, self.vocab_size())?;
        let held_out = line(&self.held_out);
        let judge = |order| -> Result<f64, NgramError> {
            model.set_order(order)?;
            Ok(perplexity(&model, &held_out)?.ln())
        };
        (1..=ORDERS).map(judge).collect()
    }

    /// What a token is called.
    pub fn token(&self) -> &'static str {
        match self.cut {
            Cut::Words => "word",
            Cut::Letters => "letter",
            Cut::Pieces(_) => "piece",
        }
    }

    /// How many tokens make a sample.
    pub fn len_of_sample(&self) -> usize {
        match self.cut {
            Cut::Words => 16,
            Cut::Letters => 64,
            Cut::Pieces(_) => 28,
        }
    }

    /// The end of a story, and how one begins that is held out.
    pub fn opening(&self) -> Vec<u32> {
        let first = self.held_out.iter().find(|text| !text.is_empty());
        [self.end].into_iter().chain(first.into_iter().flatten().copied()).take(OPENING).collect()
    }

    /// A token by itself.
    pub fn name(&self, token: u32) -> String {
        String::from_utf8_lossy(self.named(token)).replace(' ', "␣")
    }

    /// In bytes: a piece may end inside a character.
    fn named(&self, token: u32) -> &[u8] {
        match &self.cut {
            _ if token == self.end => "¶".as_bytes(),
            Cut::Pieces(bpe) => bpe.bytes(token).unwrap_or_default(),
            _ => self.names.get(token as usize - 1).map_or("▢", String::as_str).as_bytes(),
        }
    }

    /// Tokens as text.
    pub fn text(&self, tokens: &[u32]) -> String {
        let mut text = Vec::new();
        for &token in tokens {
            let name = self.named(token);
            let is_sign = matches!(name, [b'.' | b',' | b'!' | b'?' | b';' | b':']);
            if matches!(self.cut, Cut::Words) && !text.is_empty() && !is_sign {
                text.push(b' ');
            }
            text.extend_from_slice(name);
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

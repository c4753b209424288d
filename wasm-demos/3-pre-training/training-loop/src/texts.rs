//! Stories as tokens, for a model to learn, and what counting makes of them.

use std::collections::HashMap;

use batches::BatchError;
use batches::solution::pack;
use tinytown::World;
use training_loop::Rows;
use what_an_llm_is::NgramError;
use what_an_llm_is::solution::{fit, perplexity};

/// The tokens that are kept; all others are one token.
const KEPT: usize = 400;
/// Bytes of stories to learn from, and of others held out.
const BYTES: [usize; 2] = [200_000, 6000];
/// The highest order of the counts.
const ORDERS: usize = 3;
/// The token that ends a story.
pub const END: u32 = 0;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Words,
    Letters,
}

/// Texts in tokens, one a line.
pub struct Texts {
    cut: Cut,
    /// What each token says, from 1 on.
    names: Vec<String>,
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

fn cut(text: &str, how: Cut) -> Vec<&str> {
    match how {
        Cut::Words => words(text),
        Cut::Letters => text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).collect(),
    }
}

impl Texts {
    /// Stories of Tinytown.
    pub fn town(how: Cut) -> Self {
        let world = World::new(1);
        let [training, held_out] = [0, 1].map(|stream| world.text(stream as u64, BYTES[stream]));
        Self::of(training.lines(), held_out.lines(), how)
    }

    /// A text of the reader's: of each ten lines the last is held out.
    pub fn read(text: &str, how: Cut) -> Self {
        let lines = || text.lines().filter(|line| !line.trim().is_empty()).enumerate();
        let some = |is_held_out: bool| {
            lines().filter(move |(at, _)| (at % 10 == 9) == is_held_out).map(|(_, line)| line)
        };
        Self::of(some(false), some(true), how)
    }

    fn of<'a>(
        training: impl Iterator<Item = &'a str>,
        held_out: impl Iterator<Item = &'a str>,
        how: Cut,
    ) -> Self {
        let training: Vec<Vec<&str>> = training.map(|line| cut(line, how)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        training.iter().flatten().for_each(|token| *counts.entry(token).or_default() += 1);
        let mut names: Vec<&str> = counts.keys().copied().collect();
        names.sort_unstable_by_key(|token| (std::cmp::Reverse(counts[token]), *token));
        names.truncate(KEPT);
        let ids: HashMap<&str, u32> = names.iter().copied().zip(1..).collect();
        let unknown = names.len() as u32 + 1;
        let id = |token: &&str| ids.get(token).copied().unwrap_or(unknown);
        Self {
            cut: how,
            training: training.iter().map(|line| line.iter().map(id).collect()).collect(),
            held_out: held_out.map(|line| cut(line, how).iter().map(id).collect()).collect(),
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    /// The tokens that have a name, the end of a story, and one for all others.
    pub fn vocab_size(&self) -> usize {
        self.names.len() + 2
    }

    /// How many tokens there are to learn from.
    pub fn count(&self) -> usize {
        self.training.iter().map(Vec::len).sum()
    }

    /// Rows to learn from, and rows held out.
    pub fn rows(&self, context: usize) -> Result<[Rows; 2], BatchError> {
        let rows = |texts: &[Vec<u32>]| Ok(Rows::from(&pack(texts, context, END)?[..]));
        Ok([rows(&self.training)?, rows(&self.held_out)?])
    }

    /// The mean loss of counts on what is held out, in nats, from order 1 on.
    pub fn counted(&self) -> Result<Vec<f64>, NgramError> {
        let line = |texts: &[Vec<u32>]| {
            let ended = texts.iter().filter(|text| !text.is_empty());
            ended.flat_map(|text| text.iter().chain([&END])).copied().collect::<Vec<u32>>()
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
        if self.cut == Cut::Words { "word" } else { "letter" }
    }

    /// How many tokens make a sample.
    pub fn len_of_sample(&self) -> usize {
        if self.cut == Cut::Words { 16 } else { 64 }
    }

    /// Tokens as text.
    pub fn text(&self, tokens: &[u32]) -> String {
        let mut text = String::new();
        for &token in tokens {
            let name = match token {
                END => "¶",
                token => self.names.get(token as usize - 1).map_or("▢", String::as_str),
            };
            let is_sign = [".", ",", "!", "?", ";", ":"].contains(&name);
            if self.cut == Cut::Words && !text.is_empty() && !is_sign {
                text.push(' ');
            }
            text.push_str(name);
        }
        text
    }
}

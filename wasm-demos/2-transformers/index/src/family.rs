//! The three families of transformers, told apart by which token may look at which.

use demo::figure::{Cells, Ink};

/// A family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// BERT: reads a text as a whole.
    Encoder,
    /// GPT: reads and writes from left to right.
    Decoder,
    /// T5: reads one text as a whole and writes another.
    EncoderDecoder,
}

/// The tokens of an input and, for an encoder-decoder, of the output that is written so far.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    /// What is read.
    pub input: &'a [&'a str],
    /// What is written so far.
    pub output: &'a [&'a str],
}

impl<'a> Tokens<'a> {
    /// Both, one behind the other: of an encoder-decoder the places that look and are looked at.
    pub fn all(&self) -> Vec<&'a str> {
        [self.input, self.output].concat()
    }
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Encoder, Self::Decoder, Self::EncoderDecoder];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Encoder => "encoder-only",
            Self::Decoder => "decoder-only",
            Self::EncoderDecoder => "encoder-decoder",
        }
    }

    /// The tokens it has: only one family has an output besides its input.
    pub fn tokens<'a>(self, tokens: &Tokens<'a>) -> Tokens<'a> {
        match self {
            Self::EncoderDecoder => *tokens,
            _ => Tokens { input: tokens.input, output: &[] },
        }
    }

    /// Whether the token at place `from` may look at that at place `to`. Of `inputs` tokens of input
    /// the places come first, and those of the output follow.
    pub fn sees(self, inputs: usize, from: usize, to: usize) -> bool {
        match self {
            Self::Encoder => true,
            Self::Decoder => to <= from,
            // The input reads itself as a whole; the output reads the input, and itself so far.
            Self::EncoderDecoder => to < inputs || (from >= inputs && to <= from),
        }
    }

    /// How many pairs of tokens look at each other.
    pub fn pairs(self, tokens: &Tokens) -> usize {
        let its = self.tokens(tokens);
        let places = 0..its.all().len();
        let looks = |from| places.clone().filter(move |&to| self.sees(its.input.len(), from, to));
        places.clone().map(|from| looks(from).count()).sum()
    }

    /// A grid: a row for each token that looks, a column for each that is looked at.
    pub fn grid(self, tokens: &Tokens, looking: usize) -> Cells {
        let its = self.tokens(tokens);
        let (all, inputs) = (its.all(), its.input.len());
        let numbers: Vec<String> = (1..=all.len()).map(|place| place.to_string()).collect();
        let mut cells = Cells::new().head(numbers.iter().map(String::as_str));
        for (from, word) in all.iter().enumerate() {
            if from == inputs {
                cells = cells.rule("written so far");
            }
            let ink = if from == looking { Ink::Marked } else { Ink::Quiet };
            let name = format!("{} {word}", from + 1);
            let looks = (0..all.len()).map(|to| match self.sees(inputs, from, to) {
                true if from == looking => ("●", Ink::Marked),
                true => ("●", Ink::Plain),
                // An empty text would be no cell.
                false => ("·", Ink::Quiet),
            });
            cells = cells.add((&name, ink), looks, true);
        }
        cells
    }
}

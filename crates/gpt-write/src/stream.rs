//! What can be shown of a text that grows token by token.

use tokenizer_file::{Tokenizer, TokenizerError};

/// New tokens, and how much of their text was shown.
#[derive(Debug)]
pub struct Stream<'a> {
    tokenizer: &'a Tokenizer,
    stops: &'a [String],
    ids: Vec<u32>,
    shown: usize,
}

/// What a token adds.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// Whether the text has come to a stop.
    pub is_stopped: bool,
}

impl<'a> Stream<'a> {
    pub fn new(tokenizer: &'a Tokenizer, stops: &'a [String]) -> Self {
        Self { tokenizer, stops, ids: Vec::new(), shown: 0 }
    }

    /// Takes a token. A character whose bytes have not all come waits for the next, and so does what
    /// a stop may begin with.
    pub fn push(&mut self, id: u32) -> Result<Shown, TokenizerError> {
        self.ids.push(id);
        let text = self.tokenizer.decode(&self.ids, false)?;
        let stop = self.stops.iter().filter_map(|stop| text.find(stop.as_str())).min();
        let end = stop.unwrap_or_else(|| {
            let whole = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
            let begun = |stop: &String| {
                let starts = stop.char_indices().skip(1).map(|(end, _)| end);
                starts.filter(|end| whole.ends_with(&stop[..*end])).max().unwrap_or(0)
            };
            whole.len() - self.stops.iter().map(begun).max().unwrap_or(0)
        });
        let new = text.get(self.shown..end).unwrap_or_default().to_owned();
        self.shown = self.shown.max(end);
        Ok(Shown { text: new, is_stopped: stop.is_some() })
    }

    /// What has waited until now, if no stop has come.
    pub fn rest(&self) -> Result<String, TokenizerError> {
        let text = self.tokenizer.decode(&self.ids, false)?;
        Ok(text.get(self.shown..).unwrap_or_default().to_owned())
    }
}

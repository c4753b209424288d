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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a text that comes byte by byte, and whether it was stopped.
    fn shown(text: &[u8], stops: &[&str]) -> (Vec<String>, bool) {
        let tokenizer = Tokenizer::gpt2(None, "").unwrap();
        let stops: Vec<String> = stops.iter().map(|stop| (*stop).to_owned()).collect();
        let mut stream = Stream::new(&tokenizer, &stops);
        let mut all = Vec::new();
        for byte in text {
            let Shown { text, is_stopped } = stream.push(tokenization::byte_id(*byte)).unwrap();
            all.push(text);
            if is_stopped {
                return (all, true);
            }
        }
        all.push(stream.rest().unwrap());
        (all, false)
    }

    #[test]
    fn whole_characters_are_shown() {
        assert_eq!(shown("aé€".as_bytes(), &[]).0, ["a", "", "é", "", "", "€", ""]);
        // What never becomes a character is shown as such when something follows, or at the end.
        assert_eq!(shown(b"\xffa\xc3", &[]).0, ["", "\u{fffd}a", "", "\u{fffd}"]);
    }

    #[test]
    fn a_stop_is_never_shown() {
        assert_eq!(shown(b"abcd", &["bc"]), (vec!["a".into(), String::new(), String::new()], true));
        // What looked like one is shown when it is none.
        assert_eq!(shown(b"abad", &["bc"]).0, ["a", "", "ba", "d", ""]);
        assert_eq!(shown(b"xab", &["abc"]).0, ["x", "", "", "ab"]);
        // The longest beginning waits; of several stops the first in the text counts.
        let (all, stopped) = shown(b"aab!", &["aab", "ab"]);
        assert_eq!((all.concat().as_str(), stopped), ("", true));
        assert_eq!(shown("né".as_bytes(), &["é"]).0.concat(), "n");
    }
}

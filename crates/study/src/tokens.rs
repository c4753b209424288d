//! As much of Rust's grammar as a table in a macro needs: words, numbers, strings and marks.

use std::iter::Peekable;
use std::str::Chars;

/// One token.
#[derive(Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, a keyword or a number.
    Word(String),
    /// What a string literal stands for.
    Text(String),
    /// Anything else, one character at a time.
    Mark(char),
}

/// The tokens of a source from some place on.
pub struct Tokens<'a>(Peekable<Chars<'a>>);

/// Ends where the source does, or in a literal that has no end.
impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let c = loop {
            let c = self.0.next()?;
            match c {
                '/' if self.0.peek() == Some(&'/') => drop(self.0.find(|&c| c == '\n')),
                c if c.is_whitespace() => {}
                c => break c,
            }
        };
        match c {
            '"' => self.string().map(Token::Text),
            'r' if matches!(self.0.peek(), Some('"' | '#')) => self.raw_string().map(Token::Text),
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = self.0.next_if(|&c| c.is_alphanumeric() || c == '_') {
                    word.push(c);
                }
                Some(Token::Word(word))
            }
            c => Some(Token::Mark(c)),
        }
    }
}

impl<'a> Tokens<'a> {
    /// The tokens behind the first occurrence of a text.
    pub fn after(source: &'a str, start: &str) -> Option<Self> {
        source.split_once(start).map(|(_, rest)| Self(rest.chars().peekable()))
    }

    /// A name or a number.
    pub fn word(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A string literal.
    pub fn text(&mut self) -> Option<String> {
        match self.next()? {
            Token::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Exactly these marks.
    pub fn marks(&mut self, marks: &str) -> Option<()> {
        marks.chars().all(|mark| self.next() == Some(Token::Mark(mark))).then_some(())
    }

    /// `name:`
    pub fn field(&mut self, name: &str) -> Option<()> {
        (self.word()? == name).then_some(())?;
        self.marks(":")
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.0.next()? {
                '"' => return Some(text),
                '\\' => text.extend(self.escaped()?),
                c => text.push(c),
            }
        }
    }

    /// What stands behind a backslash; nothing for the end of a line.
    fn escaped(&mut self) -> Option<Option<char>> {
        let c = match self.0.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            'x' => {
                let digits: String = self.0.by_ref().take(2).collect();
                char::from(u8::from_str_radix(&digits, 16).ok()?)
            }
            'u' => {
                let digits: String = self.0.by_ref().skip(1).take_while(|&c| c != '}').collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            '\n' | '\r' => {
                while self.0.next_if(|c| c.is_whitespace()).is_some() {}
                return Some(None);
            }
            c => c,
        };
        Some(Some(c))
    }

    fn raw_string(&mut self) -> Option<String> {
        let mut end = String::from("\"");
        while self.0.next_if_eq(&'#').is_some() {
            end.push('#');
        }
        self.0.next_if_eq(&'"')?;
        let mut text = String::new();
        while !text.ends_with(&end) {
            text.push(self.0.next()?);
        }
        text.truncate(text.len() - end.len());
        Some(text)
    }
}

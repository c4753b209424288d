//! A small language for patterns, compiled into an automaton. Given: checks, page and demo use it.
//!
//! | pattern | matches |
//! |---|---|
//! | `a` | the character itself; `\` before a sign takes its meaning away |
//! | `.` | any printable ASCII character |
//! | `[a-z0-9]`, `[^a-z]` | one of these ASCII characters; any other printable one |
//! | `ab`, `a\|b`, `(ab)` | one after the other; one of both; a group |
//! | `a?`, `a*`, `a+`, `a{3}`, `a{2,5}` | the thing before it, so many times |

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;

use crate::Automaton;

/// Limits on the characters of a pattern, on what it grows to, and on the states it needs.
const MOST_CHARACTERS: usize = 200;
const LARGEST: usize = 2000;
const MOST_STATES: usize = 300;

/// Why a pattern cannot be compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The character where it was noticed, counted from 1.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pattern at character {}: {}", self.at, self.what)
    }
}

impl Error for PatternError {}

impl Automaton {
    /// The automaton that accepts what matches the pattern from beginning to end. Its states are
    /// numbered as they are met, byte by byte; the last one is dead.
    ///
    /// # Errors
    /// A [`PatternError`] if it is no pattern, or too large.
    pub fn compile(pattern: &str) -> Result<Self, PatternError> {
        let mut parser = Parser { characters: pattern.chars().collect(), at: 0 };
        let node = parser.whole()?;
        let mut ways = Ways::default();
        let start = ways.state();
        let end = ways.add(&node, start);

        // A state here is a set of states there: of all in which the reader of a match may be.
        let first = ways.closure([start].into());
        let mut known = BTreeMap::from([(first.clone(), 0)]);
        let mut sets = vec![first];
        let mut edges = Vec::new();
        let mut at = 0;
        while at < sets.len() {
            let mut targets = vec![BTreeSet::new(); 256];
            for (bytes, to) in sets[at].iter().flat_map(|&state| &ways.edges[state]) {
                bytes.iter().for_each(|&byte| {
                    targets[usize::from(byte)].insert(*to);
                });
            }
            for (byte, target) in (0..=u8::MAX).zip(targets).filter(|(_, set)| !set.is_empty()) {
                let set = ways.closure(target);
                let to = *known.entry(set).or_insert_with_key(|set| {
                    sets.push(set.clone());
                    sets.len() - 1
                });
                edges.push((at, byte, to));
            }
            if sets.len() > MOST_STATES {
                return Err(parser.wrong("it needs too many states: make it shorter"));
            }
            at += 1;
        }
        let accepting: Vec<usize> = (0..sets.len()).filter(|&i| sets[i].contains(&end)).collect();
        Ok(Self::from_edges(sets.len(), edges, &accepting))
    }
}

/// A pattern that was read.
#[derive(Clone, Debug)]
enum Node {
    /// One of these bytes.
    Byte(Vec<u8>),
    /// One after the other.
    All(Vec<Node>),
    /// One of them.
    One(Vec<Node>),
    /// Any number of times.
    Repeat(Box<Node>),
}

impl Node {
    fn size(&self) -> usize {
        match self {
            Self::Byte(_) => 1,
            Self::All(nodes) | Self::One(nodes) => 1 + nodes.iter().map(Self::size).sum::<usize>(),
            Self::Repeat(node) => 1 + node.size(),
        }
    }

    fn optional(self) -> Self {
        Self::One(vec![self, Self::All(Vec::new())])
    }
}

/// Printable ASCII.
fn printable() -> impl Iterator<Item = u8> {
    b' '..=b'~'
}

struct Parser {
    characters: Vec<char>,
    at: usize,
}

impl Parser {
    fn wrong(&self, what: &'static str) -> PatternError {
        PatternError { at: (self.at + 1).min(self.characters.len().max(1)), what }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn take(&mut self, missing: &'static str) -> Result<char, PatternError> {
        let character = self.peek().ok_or_else(|| self.wrong(missing))?;
        self.at += 1;
        Ok(character)
    }

    fn whole(&mut self) -> Result<Node, PatternError> {
        if self.characters.len() > MOST_CHARACTERS {
            self.at = MOST_CHARACTERS;
            return Err(self.wrong("it is too long: make it shorter"));
        }
        let node = self.choice()?;
        match self.peek() {
            None => Ok(node),
            Some(_) => Err(self.wrong("this `)` has no `(`: write `\\)` for the sign")),
        }
    }

    fn choice(&mut self) -> Result<Node, PatternError> {
        let mut options = vec![self.sequence()?];
        while self.eat('|') {
            options.push(self.sequence()?);
        }
        Ok(Node::One(options))
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut parts = Vec::new();
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            parts.push(self.repeated()?);
        }
        Ok(Node::All(parts))
    }

    fn repeated(&mut self) -> Result<Node, PatternError> {
        let mut node = self.one()?;
        loop {
            let (least, most) = match self.peek() {
                Some('?') => (0, Some(1)),
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('{') => self.counts()?,
                _ => return Ok(node),
            };
            self.at += 1;
            if node.size() * most.unwrap_or(least + 1) > LARGEST {
                return Err(self.wrong("it grows too large: repeat less"));
            }
            let mut parts = vec![node.clone(); least];
            match most {
                Some(most) => parts.extend(vec![node.optional(); most - least]),
                None => parts.push(Node::Repeat(Box::new(node))),
            }
            node = Node::All(parts);
        }
    }

    /// What `{2}` and `{2,5}` say, up to the brace that closes.
    fn counts(&mut self) -> Result<(usize, Option<usize>), PatternError> {
        self.at += 1;
        let least = self.number()?;
        let most = if self.eat(',') { self.number()? } else { least };
        if self.peek() != Some('}') || most < least {
            return Err(self.wrong("a count is written `{2}` or `{2,5}`"));
        }
        Ok((least, Some(most)))
    }

    fn number(&mut self) -> Result<usize, PatternError> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = String::from_iter(&self.characters[from..self.at]);
        let number = digits.parse().ok().filter(|&number: &usize| number <= LARGEST);
        number.ok_or_else(|| self.wrong("a count is written `{2}` or `{2,5}`"))
    }

    fn one(&mut self) -> Result<Node, PatternError> {
        match self.take("something is missing")? {
            '(' => {
                let node = self.choice()?;
                if self.eat(')') { Ok(node) } else { Err(self.wrong("a `(` has no `)`")) }
            }
            '[' => self.class(),
            '.' => Ok(Node::Byte(printable().collect())),
            '*' | '+' | '?' | '{' => {
                self.at -= 1;
                Err(self.wrong("there is nothing to repeat: write `\\` before a sign"))
            }
            '\\' => Ok(literal(self.take("a `\\` stands before a sign")?)),
            character => Ok(literal(character)),
        }
    }

    fn class(&mut self) -> Result<Node, PatternError> {
        let is_negated = self.eat('^');
        let mut bytes = BTreeSet::new();
        while !self.eat(']') {
            let first = self.of_class()?;
            // A `-` before the bracket is the sign.
            let is_range =
                self.peek() == Some('-') && self.characters.get(self.at + 1) != Some(&']');
            self.at += usize::from(is_range);
            let last = if is_range { self.of_class()? } else { first };
            if last < first {
                return Err(self.wrong("a range goes up, as in `a-z`"));
            }
            bytes.extend(first..=last);
        }
        let others = printable().filter(|byte| !bytes.contains(byte)).collect();
        Ok(Node::Byte(if is_negated { others } else { bytes.into_iter().collect() }))
    }

    fn of_class(&mut self) -> Result<u8, PatternError> {
        let missing = "a class ends with `]`";
        let mut character = self.take(missing)?;
        if character == '\\' {
            character = self.take(missing)?;
        }
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        byte.ok_or_else(|| self.wrong("a class takes ASCII only: write `(é|è)`"))
    }
}

fn literal(character: char) -> Node {
    let bytes = character.to_string().into_bytes();
    Node::All(bytes.into_iter().map(|byte| Node::Byte(vec![byte])).collect())
}

/// A nondeterministic automaton: states with edges over bytes, and with edges that need none.
#[derive(Debug, Default)]
struct Ways {
    edges: Vec<Vec<(Vec<u8>, usize)>>,
    free: Vec<Vec<usize>>,
}

impl Ways {
    fn state(&mut self) -> usize {
        self.edges.push(Vec::new());
        self.free.push(Vec::new());
        self.edges.len() - 1
    }

    /// Adds the ways from a state over all that matches, and returns where they end.
    fn add(&mut self, node: &Node, from: usize) -> usize {
        match node {
            Node::Byte(bytes) => {
                let to = self.state();
                self.edges[from].push((bytes.clone(), to));
                to
            }
            Node::All(nodes) => nodes.iter().fold(from, |at, node| self.add(node, at)),
            Node::One(nodes) => {
                let end = self.state();
                for node in nodes {
                    let at = self.add(node, from);
                    self.free[at].push(end);
                }
                end
            }
            Node::Repeat(node) => {
                let again = self.state();
                self.free[from].push(again);
                let at = self.add(node, again);
                self.free[at].push(again);
                again
            }
        }
    }

    /// The states, and all that can be reached without a byte.
    fn closure(&self, mut states: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = states.iter().copied().collect();
        while let Some(state) = open.pop() {
            open.extend(self.free[state].iter().copied().filter(|&next| states.insert(next)));
        }
        states
    }
}

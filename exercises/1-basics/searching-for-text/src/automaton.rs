//! What a text must look like, as an automaton over bytes, and the tokens that it judges. Given: the
//! exercise uses them.

use crate::SearchError;

const BYTES: usize = 256;

/// A deterministic finite automaton: it reads bytes, is in one state after each, and accepts what it
/// has read if that state is accepting.
///
/// In every state every byte leads to a state. One from which no way leads to an accepting state is
/// dead: whatever follows, the text will not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    /// `next[256 * state + byte]`.
    next: Vec<usize>,
    accepting: Vec<bool>,
}

impl Automaton {
    /// The state before the first byte.
    pub const START: usize = 0;

    /// An automaton with `states` states and one more, the last, to which every byte leads that no
    /// edge `(from, byte, to)` names. Of two edges from one state over one byte the later holds.
    ///
    /// # Panics
    /// If an edge or an accepting state is none of the states.
    pub fn from_edges(
        states: usize,
        edges: impl IntoIterator<Item = (usize, u8, usize)>,
        accepting: &[usize],
    ) -> Self {
        let mut next = vec![states; BYTES * (states + 1)];
        for (from, byte, to) in edges {
            assert!(from < states && to < states, "no states {from} and {to} among {states}");
            next[BYTES * from + usize::from(byte)] = to;
        }
        let mut is_accepting = vec![false; states + 1];
        accepting.iter().for_each(|&state| is_accepting[state] = true);
        Self { next, accepting: is_accepting }
    }

    /// How many states there are; they are numbered from 0.
    pub fn states(&self) -> usize {
        self.accepting.len()
    }

    /// The state after one more byte.
    ///
    /// # Panics
    /// If there is no state `state`.
    pub fn step(&self, state: usize, byte: u8) -> usize {
        self.next[BYTES * state + usize::from(byte)]
    }

    /// Whether what was read up to this state matches.
    ///
    /// # Panics
    /// If there is no state `state`.
    pub fn accepts(&self, state: usize) -> bool {
        self.accepting[state]
    }

    /// The state after all of these bytes.
    ///
    /// # Panics
    /// If there is no state `state`.
    pub fn walk(&self, state: usize, bytes: &[u8]) -> usize {
        bytes.iter().fold(state, |state, &byte| self.step(state, byte))
    }
}

/// What each token writes, and the token that ends a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocab {
    tokens: Vec<Vec<u8>>,
    end: usize,
}

impl Vocab {
    /// Token `i` writes the bytes `tokens[i]`, which need not be whole characters.
    ///
    /// # Errors
    /// [`SearchError::UnknownEnd`] if `end` is none of the tokens.
    pub fn new(tokens: Vec<Vec<u8>>, end: usize) -> Result<Self, SearchError> {
        if end < tokens.len() {
            Ok(Self { tokens, end })
        } else {
            Err(SearchError::UnknownEnd(end))
        }
    }

    /// The bytes of each token.
    pub fn tokens(&self) -> &[Vec<u8>] {
        &self.tokens
    }

    /// The token that ends a text. It writes nothing, whatever its bytes.
    pub fn end(&self) -> usize {
        self.end
    }
}

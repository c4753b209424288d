//! The counts of an n-gram model: given, so that the lesson is about what to do with them.

use std::fmt;

use rustc_hash::FxHashMap;

/// An n-gram model: for every context of at most `order − 1` tokens, what came after it.
///
/// [`Ngram::new`] has seen nothing; `fit` counts a text into it. A token is a number below
/// `vocab_size`.
#[derive(Clone, Debug)]
pub struct Ngram {
    order: usize,
    fitted_order: usize,
    vocab_size: usize,
    index: FxHashMap<Box<[u32]>, u32>,
    followers: Vec<Followers>,
}

/// The tokens that came after one context, with their counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followers {
    total: u64,
    /// By rising token, so that a walk over them has the same order everywhere.
    counts: Vec<(u32, u32)>,
}

/// A token that was drawn, and how much of the context led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The token.
    pub token: u32,
    /// The length of the context whose followers it was drawn from; `None` if it was drawn from
    /// the whole vocabulary, with no count at all.
    pub context: Option<usize>,
}

impl Ngram {
    /// A model that has seen no text yet. Order `n` looks at the `n − 1` tokens before.
    ///
    /// # Errors
    /// [`NgramError::ZeroOrder`] if `order` is 0; [`NgramError::BadVocab`] if there are no tokens,
    /// or more than fit into a `u32`.
    pub fn new(order: usize, vocab_size: usize) -> Result<Self, NgramError> {
        if order == 0 {
            return Err(NgramError::ZeroOrder);
        }
        if vocab_size == 0 || u32::try_from(vocab_size).is_err() {
            return Err(NgramError::BadVocab { vocab_size });
        }
        let (index, followers) = Default::default();
        Ok(Self { order, fitted_order: order, vocab_size, index, followers })
    }

    /// The `n` of n-gram: how many tokens a count is about, the predicted one included.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many tokens there are: 0 to `vocab_size − 1`.
    pub fn vocab_size(&self) -> usize {
        self.vocab_size
    }

    /// What came after exactly this context, or `None` if nothing ever did. The empty context
    /// stands before every token.
    pub fn after(&self, context: &[u32]) -> Option<&Followers> {
        let followers = self.index.get(context).map(|&i| &self.followers[i as usize]);
        followers.filter(|followers| followers.total > 0)
    }

    /// The same to count in; empty at first.
    pub fn after_mut(&mut self, context: &[u32]) -> &mut Followers {
        let index = self.index.get(context).copied().unwrap_or_else(|| {
            let index = self.followers.len() as u32;
            self.followers.push(Followers::default());
            self.index.insert(context.into(), index);
            index
        });
        &mut self.followers[index as usize]
    }

    /// All contexts with what came after them, in no particular order.
    pub fn contexts(&self) -> impl Iterator<Item = (&[u32], &Followers)> {
        self.index.iter().map(|(context, &i)| (&**context, &self.followers[i as usize]))
    }

    /// For each length of context from 0: how many there are, and how many of them were seen once.
    pub fn contexts_by_length(&self) -> Vec<(usize, usize)> {
        let mut numbers = vec![(0, 0); self.fitted_order];
        for (context, seen) in self.contexts() {
            if let Some((all, once)) = numbers.get_mut(context.len()) {
                *all += 1;
                *once += usize::from(seen.total() == 1);
            }
        }
        numbers
    }

    /// Reads the same counts with a shorter context, as a model of this order would.
    ///
    /// # Errors
    /// [`NgramError::ZeroOrder`] for 0, [`NgramError::OrderTooHigh`] above the order that the
    /// counts were made for.
    pub fn set_order(&mut self, order: usize) -> Result<(), NgramError> {
        if order == 0 {
            return Err(NgramError::ZeroOrder);
        }
        if order > self.fitted_order {
            return Err(NgramError::OrderTooHigh { order, highest: self.fitted_order });
        }
        self.order = order;
        Ok(())
    }
}

impl Followers {
    /// Counts one more `token`.
    pub fn add(&mut self, token: u32) {
        self.total += 1;
        match self.counts.binary_search_by_key(&token, |&(token, _)| token) {
            Ok(i) => self.counts[i].1 += 1,
            Err(i) => {
                // Most contexts are followed by a single token, ever.
                if self.counts.is_empty() {
                    self.counts.reserve_exact(1);
                }
                self.counts.insert(i, (token, 1));
            }
        }
    }

    /// `c(h, w)`: how often `token` came.
    pub fn count(&self, token: u32) -> u64 {
        let found = self.counts.binary_search_by_key(&token, |&(token, _)| token);
        found.map_or(0, |i| u64::from(self.counts[i].1))
    }

    /// `c(h)`: how often any token came.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// `T(h)`: how many different tokens came.
    pub fn distinct(&self) -> u64 {
        self.counts.len() as u64
    }

    /// Every token that came, with its count, by rising token.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.counts.iter().map(|&(token, count)| (token, u64::from(count)))
    }
}

/// What can be wrong with the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NgramError {
    /// An n-gram has at least one token.
    ZeroOrder,
    /// The counts were made for a lower order.
    OrderTooHigh {
        /// The order asked for.
        order: usize,
        /// The highest that works.
        highest: usize,
    },
    /// A vocabulary has at least one token, and ids are `u32`.
    BadVocab {
        /// The size asked for.
        vocab_size: usize,
    },
    /// The vocabulary has no such token.
    UnknownToken {
        /// The token.
        token: u32,
        /// How many there are.
        vocab_size: usize,
    },
    /// The perplexity of no text is not defined.
    NoTokens,
}

impl std::error::Error for NgramError {}

impl fmt::Display for NgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroOrder => f.write_str("an n-gram model has at least order 1"),
            Self::OrderTooHigh { order, highest } => {
                write!(
                    f,
                    "order {order} needs counts that were not made: ask for at most {highest}"
                )
            }
            Self::BadVocab { vocab_size } => write!(
                f,
                "a vocabulary of {vocab_size} tokens does not work: give from 1 to {}",
                u32::MAX
            ),
            Self::UnknownToken { token, vocab_size } => {
                write!(f, "there is no token {token} among {vocab_size}, counted from 0")
            }
            Self::NoTokens => {
                f.write_str("the perplexity of no tokens is not defined: give at least one")
            }
        }
    }
}

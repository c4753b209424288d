//! What the functions of the lesson are given.

use soft_prompts::PromptError;

/// The two tables of a model that a text meets first. A row has `n_embd` numbers.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    tokens: &'a [f32],
    positions: &'a [f32],
    n_embd: usize,
}

impl<'a> Tables<'a> {
    /// Tables of whole rows.
    ///
    /// # Errors
    /// [`PromptError::Ragged`] if one is not.
    pub fn new(
        tokens: &'a [f32],
        positions: &'a [f32],
        n_embd: usize,
    ) -> Result<Self, PromptError> {
        for (what, numbers) in [("tokens", tokens), ("positions", positions)] {
            if n_embd == 0 || !numbers.len().is_multiple_of(n_embd) {
                return Err(PromptError::Ragged { what, found: numbers.len(), row: n_embd });
            }
        }
        Ok(Self { tokens, positions, n_embd })
    }

    /// Those of a model.
    ///
    /// # Panics
    /// Not with a model of `small_gpt`.
    pub fn of(model: &'a small_gpt::Model) -> Self {
        let [tokens, positions] = [0, 1].map(|i| model.numbers(&model.tensors()[i]));
        Self { tokens, positions, n_embd: model.sizes.n_embd }
    }

    /// How many numbers a row has.
    pub fn n_embd(&self) -> usize {
        self.n_embd
    }

    /// How many tokens there are.
    pub fn vocab_size(&self) -> usize {
        self.tokens.len() / self.n_embd
    }

    /// How many positions there are.
    pub fn n_positions(&self) -> usize {
        self.positions.len() / self.n_embd
    }

    /// The vector of a token, if there is such a token.
    pub fn token(&self, id: u32) -> Option<&'a [f32]> {
        self.tokens.chunks_exact(self.n_embd).nth(id as usize)
    }

    /// The vector of a position, counted from 0, if there is such a position.
    pub fn position(&self, at: usize) -> Option<&'a [f32]> {
        self.positions.chunks_exact(self.n_embd).nth(at)
    }
}

/// What goes into the first block of a model, and what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// A vector for each place of each text, text by text: `(texts · seq, n_embd)`.
    pub x: Vec<f32>,
    /// For each place the token that follows; −100 where nothing is asked.
    pub labels: Vec<i64>,
    /// Places of a text, with those of the prompt.
    pub seq: usize,
}

/// One head of causal attention, with keys and values before its own. Rows have `d_head` numbers.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    own: [&'a [f32]; 3],
    prefix: [&'a [f32]; 2],
    d_head: usize,
}

impl<'a> Head<'a> {
    /// Queries, keys and values of a text, and keys and values of a prefix.
    ///
    /// # Errors
    /// [`PromptError::Ragged`] if `q` or `prefix_k` is no whole number of rows, or `k`, `v` or
    /// `prefix_v` is not as long as that.
    pub fn new(
        [q, k, v]: [&'a [f32]; 3],
        [prefix_k, prefix_v]: [&'a [f32]; 2],
        d_head: usize,
    ) -> Result<Self, PromptError> {
        let ragged = |what, numbers: &[f32], row| {
            Err(PromptError::Ragged { what, found: numbers.len(), row })
        };
        for (what, numbers) in [("q", q), ("prefix_k", prefix_k)] {
            if d_head == 0 || !numbers.len().is_multiple_of(d_head) {
                return ragged(what, numbers, d_head);
            }
        }
        for (what, numbers, like) in [("k", k, q), ("v", v, q), ("prefix_v", prefix_v, prefix_k)] {
            if numbers.len() != like.len() {
                return ragged(what, numbers, like.len());
            }
        }
        Ok(Self { own: [q, k, v], prefix: [prefix_k, prefix_v], d_head })
    }

    /// Numbers of a row.
    pub fn d_head(&self) -> usize {
        self.d_head
    }

    /// How many tokens the text has.
    pub fn seq(&self) -> usize {
        self.own[0].len() / self.d_head
    }

    /// How many keys and values are before those of the text.
    pub fn n(&self) -> usize {
        self.prefix[0].len() / self.d_head
    }

    /// The query of token `t`.
    pub fn q(&self, t: usize) -> &'a [f32] {
        self.row(self.own[0], t)
    }

    /// The key of token `t`.
    pub fn k(&self, t: usize) -> &'a [f32] {
        self.row(self.own[1], t)
    }

    /// The value of token `t`.
    pub fn v(&self, t: usize) -> &'a [f32] {
        self.row(self.own[2], t)
    }

    /// Key `i` of the prefix.
    pub fn prefix_k(&self, i: usize) -> &'a [f32] {
        self.row(self.prefix[0], i)
    }

    /// Value `i` of the prefix.
    pub fn prefix_v(&self, i: usize) -> &'a [f32] {
        self.row(self.prefix[1], i)
    }

    fn row(&self, of: &'a [f32], at: usize) -> &'a [f32] {
        &of[at * self.d_head..][..self.d_head]
    }
}

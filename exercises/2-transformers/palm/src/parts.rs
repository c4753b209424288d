//! Where the parameters of a model are.

/// How many parameters each part of a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The table of tokens. The logits use it, too, so it counts once.
    pub embeddings: u64,
    /// The attention of all blocks.
    pub attention: u64,
    /// The feed-forward networks of all blocks.
    pub mlp: u64,
    /// All norms.
    pub norms: u64,
}

impl Parameters {
    /// Each part with its name.
    pub fn parts(&self) -> [(&'static str, u64); 4] {
        [
            ("token table", self.embeddings),
            ("attention", self.attention),
            ("feed-forward", self.mlp),
            ("norms", self.norms),
        ]
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.parts().iter().map(|(_, count)| count).sum()
    }
}

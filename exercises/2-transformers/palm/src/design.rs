//! What a block costs, design by design: for the page and its demo. Plain counts, without tensors.

/// What can be chosen about a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// Both parts read the same vectors; otherwise the second reads what the first has added to.
    pub is_parallel: bool,
    /// The feed-forward network has a gate, and three matrices instead of two.
    pub is_gated: bool,
    /// One head of keys and values serves all queries.
    pub shares_kv: bool,
    /// Products and norms have biases.
    pub has_biases: bool,
    /// Queries and keys are turned; otherwise positions have a table.
    pub has_rope: bool,
}

impl Design {
    /// GPT-2's and GPT-3's.
    pub const GPT: Self = Self {
        is_parallel: false,
        is_gated: false,
        shares_kv: false,
        has_biases: true,
        has_rope: false,
    };
    /// PaLM's.
    pub const PALM: Self = Self {
        is_parallel: true,
        is_gated: true,
        shares_kv: true,
        has_biases: false,
        has_rope: true,
    };
}

/// How large a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Blocks.
    pub layers: u64,
    /// Heads of queries.
    pub heads: u64,
    /// Numbers of a query.
    pub d_head: u64,
    /// Numbers of a token's vector.
    pub d_model: u64,
    /// Numbers inside the feed-forward network.
    pub d_ff: u64,
}

/// What a block of a design takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Parameters of its attention.
    pub attention: u64,
    /// Of its feed-forward network.
    pub mlp: u64,
    /// Of its norms.
    pub norms: u64,
    /// How many of them are biases.
    pub biases: u64,
    /// Keys and values of one token in all layers, at two bytes a number.
    pub kv_bytes: u64,
}

impl Design {
    /// What a block takes.
    pub fn cost(self, sizes: Sizes) -> Cost {
        let Sizes { layers, heads, d_head, d_model, d_ff } = sizes;
        let queries = heads * d_head;
        let kv = if self.shares_kv { d_head } else { queries };
        let inside = if self.is_gated { 2 * d_ff } else { d_ff };
        let norms = if self.is_parallel { 1 } else { 2 };
        // One for each number that a product or a norm makes.
        let bias = |numbers: u64| if self.has_biases { numbers } else { 0 };
        let of_attention = bias(queries + 2 * kv + d_model);
        let (of_mlp, of_norms) = (bias(inside + d_model), bias(norms * d_model));
        Cost {
            attention: (2 * queries + 2 * kv) * d_model + of_attention,
            mlp: (inside + d_ff) * d_model + of_mlp,
            norms: norms * d_model + of_norms,
            biases: of_attention + of_mlp + of_norms,
            kv_bytes: 2 * kv * layers * 2,
        }
    }

    /// The products of a block that wait for each other: those that read the same are one.
    pub fn products(self) -> &'static [&'static str] {
        match self.is_parallel {
            true => &["q, k, v and inside", "scores", "weighted values", "output and back"],
            false => &["q, k, v", "scores", "weighted values", "output", "inside", "back"],
        }
    }
}

impl Cost {
    /// All its parameters.
    pub fn parameters(self) -> u64 {
        self.attention + self.mlp + self.norms
    }
}

//! A GPT-2 from files as this lesson asks it.

use in_context_learning::LanguageModel;
use pocket_buddy::PocketBuddy;
use small_gpt::{Frozen, Pass, Portable};

/// A model with its tokenizer. Before every text stands the token that ends one.
pub struct Reader {
    buddy: PocketBuddy,
    pass: Pass,
    products: Portable,
}

impl From<PocketBuddy> for Reader {
    fn from(buddy: PocketBuddy) -> Self {
        Self { buddy, pass: Pass::default(), products: Portable::default() }
    }
}

impl Reader {
    /// The pieces of a text as the model reads it.
    pub fn pieces(&self, ids: &[u32]) -> Vec<String> {
        ids.iter().map(|id| self.buddy.decode(&[*id]).unwrap_or_default()).collect()
    }
}

impl LanguageModel for Reader {
    fn encode(&self, text: &str) -> Vec<u32> {
        let ids = self.buddy.encode(text).unwrap_or_default();
        [&[self.buddy.end][..], &ids].concat()
    }

    fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        let Self { buddy, pass, products } = self;
        pass.forward_tuned(&buddy.model, &Frozen, ids, ids.len(), products).to_vec()
    }

    fn vocab_size(&self) -> usize {
        self.buddy.model.sizes.vocab_size
    }

    fn n_positions(&self) -> usize {
        self.buddy.model.sizes.n_positions
    }
}

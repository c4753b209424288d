//! How hard a GPT finds it to go on from a prompt as is wished.

use small_gpt::{Frozen, Model, Pass, Portable};

use crate::Loss;

/// The mean surprise, in nats a token, of a continuation behind a prompt.
pub struct Continuation<'a> {
    model: &'a Model,
    /// Read before the prompt.
    before: Vec<u32>,
    /// Wished for behind it.
    wanted: Vec<u32>,
    pass: Pass,
    products: Portable,
}

impl<'a> Continuation<'a> {
    /// The loss of `wanted` behind `before` and a prompt, each of at least one token.
    pub fn new(model: &'a Model, before: &[u32], wanted: &[u32]) -> Self {
        let (before, wanted) = (before.to_vec(), wanted.to_vec());
        Self { model, before, wanted, pass: Pass::default(), products: Portable::default() }
    }

    /// Goes forward, and returns the labels.
    fn forward(&mut self, ids: &[u32]) -> Vec<i64> {
        let Self { model, before, wanted, pass, products } = self;
        let all = [&before[..], ids, &wanted[..wanted.len() - 1]].concat();
        pass.forward_tuned(model, &Frozen, &all, all.len(), products);
        let mut labels = vec![-100; all.len()];
        let from = all.len() - wanted.len();
        for (label, &id) in labels[from..].iter_mut().zip(&*wanted) {
            *label = i64::from(id);
        }
        labels
    }
}

impl Loss for Continuation<'_> {
    fn loss(&mut self, ids: &[u32]) -> f64 {
        let labels = self.forward(ids);
        self.pass.loss(&labels).mean()
    }

    fn slopes(&mut self, ids: &[u32]) -> Vec<f32> {
        let labels = self.forward(ids);
        let scale = 1.0 / self.wanted.len() as f32;
        let Self { model, before, pass, products, .. } = self;
        pass.backward_tuned(model, &Frozen, &labels, scale, &mut [], products);
        let width = model.sizes.n_embd;
        pass.input_slopes()[before.len() * width..][..ids.len() * width].to_vec()
    }
}

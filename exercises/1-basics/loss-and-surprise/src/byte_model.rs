//! A small model of text: which byte follows the bytes before it. Given.

use rustc_hash::FxHashMap;

/// The vocabulary: a token is a byte.
pub const BYTES: usize = 256;

/// Counts which byte followed each context of a training text, a context being the up to
/// `max_context` bytes before. Contexts of several lengths are mixed as Witten and Bell do in
/// "The zero-frequency problem" (<https://doi.org/10.1109/18.87000>, method C): a context that was
/// followed by `d` different bytes `n` times gives the shorter one a weight of `d / (n + d)`.
#[derive(Clone, Debug)]
pub struct ByteModel {
    max_context: usize,
    contexts: Vec<Context>,
    index_of: FxHashMap<u64, u32>,
}

#[derive(Clone, Debug)]
struct Context {
    /// The context without its first byte; `None` for the empty one.
    shorter: Option<u32>,
    /// What followed, and how often.
    next: Vec<(u8, u32)>,
}

impl ByteModel {
    /// The longest context that there can be.
    pub const MAX_CONTEXT: usize = 4;

    /// Counts a text. A `max_context` above [`Self::MAX_CONTEXT`] is lowered to it.
    pub fn train(text: &[u8], max_context: usize) -> Self {
        let max_context = max_context.min(Self::MAX_CONTEXT);
        let empty = Context { shorter: None, next: Vec::new() };
        let index_of = FxHashMap::from_iter([(key(&[]), 0)]);
        let mut model = Self { max_context, contexts: vec![empty], index_of };
        for (at, &byte) in text.iter().enumerate() {
            let mut shorter = None;
            for length in 0..=max_context.min(at) {
                let new = model.contexts.len() as u32;
                let index = *model.index_of.entry(key(&text[at - length..at])).or_insert(new);
                if index == new {
                    model.contexts.push(Context { shorter, next: Vec::new() });
                }
                shorter = Some(index);
                let next = &mut model.contexts[index as usize].next;
                match next.iter_mut().find(|(b, _)| *b == byte) {
                    Some((_, count)) => *count += 1,
                    None => next.push((byte, 1)),
                }
            }
        }
        model
    }

    /// How many pairs of a known context and a byte there are.
    pub fn pairs(&self) -> usize {
        self.contexts.len() * BYTES
    }

    /// The longest known context before a byte of a text, and the byte, as one number below
    /// [`Self::pairs`]: equal pairs surprise alike.
    ///
    /// # Panics
    /// If the text ends before `at`.
    pub fn pair(&self, text: &[u8], at: usize) -> usize {
        let known = |length| self.index_of.get(&key(&text[at - length..at])).copied();
        let context = (0..=self.max_context.min(at)).rev().find_map(known).unwrap_or(0);
        context as usize * BYTES + usize::from(text[at])
    }

    /// A row of logits and a target for each of these pairs: `(rows, BYTES)` and `(rows)`.
    pub fn rows(&self, pairs: &[usize]) -> (Vec<f32>, Vec<u32>) {
        let logits = pairs.iter().flat_map(|pair| self.logits((pair / BYTES) as u32)).collect();
        (logits, pairs.iter().map(|pair| (pair % BYTES) as u32).collect())
    }

    /// A logit for each of the [`BYTES`] bytes that may follow a context, finite all. Their softmax
    /// is the model's prediction.
    fn logits(&self, context: u32) -> Vec<f32> {
        self.scores(context).into_iter().map(|score| score.ln() as f32).collect()
    }

    /// What is proportional to the probabilities.
    fn scores(&self, context: u32) -> Vec<f64> {
        let Some(Context { shorter, next }) = self.contexts.get(context as usize) else {
            return vec![1.0; BYTES];
        };
        let mut scores = shorter.map_or_else(|| vec![1.0; BYTES], |shorter| self.scores(shorter));
        let different = next.len().max(1) as f64;
        let total: f64 = scores.iter().sum();
        for score in &mut scores {
            *score *= different / total;
        }
        for &(byte, count) in next {
            scores[usize::from(byte)] += f64::from(count);
        }
        scores
    }
}

/// Bytes and their number in one integer.
fn key(context: &[u8]) -> u64 {
    context.iter().fold(context.len() as u64, |key, &byte| key << 8 | u64::from(byte))
}

//! How fast training moves, and when.

/// The settings of one call of `train`, which may be one part of a longer training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// Learning rate of the first step of all.
    pub start_rate: f32,
    /// Steps taken before this call.
    pub done: usize,
    /// Steps of the whole training.
    pub total: usize,
    /// Negatives for each pair.
    pub negatives: usize,
}

impl Schedule {
    /// The learning rate of step `i` of this call, counted from 0: it falls in a straight line
    /// over the whole training, and never below a ten-thousandth of its start, as in word2vec.
    pub fn rate(&self, i: usize) -> f32 {
        let left = 1.0 - (self.done + i) as f32 / self.total.max(1) as f32;
        self.start_rate * left.max(1e-4)
    }
}

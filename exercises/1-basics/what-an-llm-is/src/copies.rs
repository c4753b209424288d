//! What a text has copied from another, word for word.

/// Finds in a training text what a growing text repeats of it.
#[derive(Clone, Debug)]
pub struct Copies<'t> {
    training: &'t [u32],
    /// `runs[j]`: so many tokens before place `j` of the training text equal the last ones here.
    runs: Vec<usize>,
    /// For each token so far, the length of the longest copy that ends with it.
    longest: Vec<usize>,
}

impl<'t> Copies<'t> {
    /// A text that is still empty.
    pub fn new(training: &'t [u32]) -> Self {
        Self { training, runs: vec![0; training.len() + 1], longest: Vec::new() }
    }

    /// The text grows by one token. Takes time in proportion to the training text.
    pub fn push(&mut self, token: u32) {
        for j in (0..self.training.len()).rev() {
            self.runs[j + 1] = if self.training[j] == token { self.runs[j] + 1 } else { 0 };
        }
        self.longest.push(self.runs.iter().copied().max().unwrap_or(0));
    }

    /// Stretches of the text that stand in the training text, none inside another, the longest
    /// first.
    pub fn stretches(&self) -> Vec<std::ops::Range<usize>> {
        // A copy that does not grow with the next token is as long as it gets.
        let ends = |&i: &usize| self.longest.get(i + 1).is_none_or(|&n| n <= self.longest[i]);
        let ends = (0..self.longest.len()).filter(ends);
        let mut found: Vec<_> = ends.map(|i| i + 1 - self.longest[i]..i + 1).collect();
        found.retain(|stretch| !stretch.is_empty());
        found.sort_by_key(|stretch| (usize::MAX - stretch.len(), stretch.start));
        found
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_those_of_brute_force() {
        let mut random = crate::oracle::Random(8);
        for _ in 0..50 {
            let training = random.tokens(30, 3);
            let text = random.tokens(20, 3);
            let mut copies = Copies::new(&training);
            text.iter().for_each(|&token| copies.push(token));
            let stands = |from: usize, to: usize| {
                training.windows(to - from).any(|window| window == &text[from..to])
            };
            let mut want = Vec::new();
            for from in 0..text.len() {
                for to in from + 1..=text.len() {
                    let grows = (from > 0 && stands(from - 1, to))
                        || (to < text.len() && stands(from, to + 1));
                    if stands(from, to) && !grows {
                        want.push(from..to);
                    }
                }
            }
            want.sort_by_key(|stretch| (usize::MAX - stretch.len(), stretch.start));
            assert_eq!(copies.stretches(), want, "{text:?} in {training:?}");
        }
    }
}

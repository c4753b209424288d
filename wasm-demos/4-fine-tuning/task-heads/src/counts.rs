//! The naive Bayes of step 1, without the tables of all alphabets, which a page would have to load.

use crate::tags_on_pieces::words;

/// How often each word stands in texts of class 0 and of class 1.
pub struct Counts {
    words: Vec<(String, [f64; 2])>,
    texts: [f64; 2],
}

impl Counts {
    /// Those of texts with their classes.
    pub fn of(texts: &[(&str, i64)]) -> Self {
        let mut counts = Self { words: Vec::new(), texts: [0.0; 2] };
        for &(text, class) in texts {
            let class = usize::from(class == 1);
            counts.texts[class] += 1.0;
            for word in lower(text) {
                match counts.words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, seen)) => seen[class] += 1.0,
                    None => counts.words.push((word, [1.0 - class as f64, class as f64])),
                }
            }
        }
        counts
    }

    /// The logarithms of `P(c) · Π (n(w, c) + 1) / (N(c) + V)`, which are logits.
    pub fn logits(&self, text: &str) -> [f32; 2] {
        [0, 1].map(|class| {
            let all: f64 = self.words.iter().map(|(_, seen)| seen[class] + 1.0).sum();
            let known = lower(text).filter_map(|word| self.words.iter().find(|(w, _)| *w == word));
            let votes: f64 = known.map(|(_, seen)| ((seen[class] + 1.0) / all).ln()).sum();
            (self.texts[class].ln() + votes) as f32
        })
    }
}

/// Its words in lower case, without signs.
fn lower(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = words(text).into_iter().map(|(start, end)| text[start..end].to_ascii_lowercase());
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

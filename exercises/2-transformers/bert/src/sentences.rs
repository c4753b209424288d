//! Sentences and their vectors by all-MiniLM-L6-v2, computed by sentence-transformers
//! (`golden/make.py`).

use grading::Failure;
use serde::Deserialize;

/// A sentence, and where it lies.
#[derive(Clone, Debug, Deserialize)]
pub struct Sentence {
    /// A word for what it is about.
    pub about: String,
    /// The sentence.
    pub text: String,
    /// Its vector, of length 1.
    #[serde(skip)]
    pub vector: Vec<f32>,
}

/// As kept: whole numbers, the largest of a vector 127.
const VECTORS: &[u8] = include_bytes!("../golden/sentences.i8");

/// The sentences of the page.
///
/// # Errors
/// If they cannot be read.
pub fn sentences() -> Result<Vec<Sentence>, Failure> {
    let mut all: Vec<Sentence> = grading::golden!("sentences.json")?;
    let size = VECTORS.len() / all.len().max(1);
    for (sentence, steps) in all.iter_mut().zip(VECTORS.chunks(size)) {
        let steps: Vec<f32> = steps.iter().map(|&step| f32::from(step as i8)).collect();
        sentence.vector = unit(&steps);
    }
    Ok(all)
}

/// The same direction with length 1; what has no length stays 0.
pub fn unit(x: &[f32]) -> Vec<f32> {
    let length = x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt().max(1e-12);
    x.iter().map(|x| (f64::from(*x) / length) as f32).collect()
}

/// The dot product; of vectors of length 1 it is the cosine of the angle between them.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// The share of words that two texts have in common, among all that either has.
pub fn shared_words(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        let letters = |c: char| !c.is_alphanumeric();
        let mut words: Vec<String> =
            text.split(letters).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        words.sort();
        words.dedup();
        words
    };
    let (a, b) = (words(a), words(b));
    let both = a.iter().filter(|word| b.contains(word)).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}

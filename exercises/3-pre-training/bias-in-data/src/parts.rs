//! What the functions of this lesson work with.

use std::collections::BTreeMap;

use rand::Rng;

use crate::BiasError;

/// The largest score, and without its sign the smallest, that can be compared.
pub const MOST_SCORE: f64 = 1000.0;

/// So many scores a group can be split in every way: 20 have 184,756 equal splits.
pub const MOST_SPLIT: usize = 10;

/// How many of the texts have a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Texts with the label.
    pub hits: u64,
    /// All texts.
    pub of: u64,
}

/// A number, and between which two it lies if chance is allowed for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The number that was counted.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Two rates and their difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateGap {
    /// The rate of the first group.
    pub x: Interval,
    /// The rate of the second.
    pub y: Interval,
    /// The first less the second.
    pub difference: Interval,
}

/// The result of a word embedding association test.
#[derive(Clone, Debug, PartialEq)]
pub struct Weat {
    /// The association of each word of X.
    pub x_scores: Vec<f64>,
    /// The association of each word of Y.
    pub y_scores: Vec<f64>,
    /// The sum of the first less the sum of the second.
    pub statistic: f64,
    /// The difference of their means in standard deviations.
    pub effect_size: f64,
}

/// Which ways to split the scores in two are tried.
pub enum Splits<'r> {
    /// Each of them once.
    All,
    /// So many random ones.
    Drawn {
        /// How many.
        n: usize,
        /// What they are drawn with.
        rng: &'r mut dyn Rng,
    },
}

/// What a model says of texts and of their twins.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinGap {
    /// The score as a text of the hill less the score as one of the shore, for each text that has a
    /// twin.
    pub gaps: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// The mean of their sizes, that is, without their signs.
    pub mean_size: f64,
}

/// Words and their vectors.
#[derive(Clone, Debug, Default)]
pub struct Vectors(BTreeMap<String, Vec<f64>>);

impl Vectors {
    /// Of words and vectors, all with as many numbers. A vector without a direction, zero or not
    /// finite, is left out.
    pub fn new(rows: impl IntoIterator<Item = (String, Vec<f64>)>) -> Self {
        let unit = |(word, row): (String, Vec<f64>)| {
            // Divided by the largest first, so that no square overflows or vanishes.
            let most = row.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let row: Vec<f64> = row.into_iter().map(|x| x / most).collect();
            let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
            (length > 0.0 && length.is_finite())
                .then(|| (word, row.into_iter().map(|x| x / length).collect()))
        };
        Self(rows.into_iter().filter_map(unit).collect())
    }

    /// The vector of a word, scaled to the length 1.
    ///
    /// # Errors
    /// [`BiasError::UnknownWord`] if there is none.
    pub fn unit(&self, word: &str) -> Result<&[f64], BiasError> {
        let row = self.0.get(word).map(Vec::as_slice);
        row.ok_or_else(|| BiasError::UnknownWord { word: word.into() })
    }

    /// Learns vectors of the words that stand in at least `least` of the texts: how much more often
    /// each other word stands in the same text than it would by chance.
    ///
    /// With `n(a, b)` for the texts that have both, the number of word `b` in the vector of `a` is
    /// `max(0, ln(n(a, b) · N / (n(a) · n(b))))`, the positive pointwise mutual information; a word
    /// and itself have 0. Each text is a list of different words.
    pub fn learn(texts: &[Vec<String>], least: usize) -> Self {
        let mut n: BTreeMap<&str, usize> = BTreeMap::new();
        for word in texts.iter().flatten() {
            *n.entry(word).or_default() += 1;
        }
        n.retain(|_, n| *n >= least);
        let ids: BTreeMap<&str, usize> = n.keys().copied().zip(0..).collect();
        let counts: Vec<f64> = n.values().map(|&n| n as f64).collect();
        let mut both = vec![vec![0_u32; ids.len()]; ids.len()];
        for text in texts {
            let known: Vec<usize> =
                text.iter().filter_map(|word| ids.get(word.as_str()).copied()).collect();
            for &a in &known {
                for &b in known.iter().filter(|&&b| b != a) {
                    both[a][b] += 1;
                }
            }
        }
        let all = texts.len() as f64;
        let row = |(word, a): (&&str, &usize)| {
            let numbers = both[*a].iter().zip(&counts);
            let pmi = |(&n, of): (&u32, &f64)| match n {
                0 => 0.0,
                n => (f64::from(n) * all / (counts[*a] * of)).ln().max(0.0),
            };
            ((*word).to_string(), numbers.map(pmi).collect())
        };
        Self::new(ids.iter().map(row).collect::<Vec<_>>())
    }
}

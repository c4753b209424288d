//! The words of the page, and small heads to look at: what each word asks for, offers, passes on.

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use rand::RngExt;
use tensor_test::flat;

use crate::oracle::attended;
use crate::{AttentionError, Sizes};

/// The sentence of the page.
pub const SENTENCE: &str = "The cat did not chase the dog because it was tired";

/// What a value says of its word.
pub const TOLD: [&str; 3] = ["a thing", "the first thing", "an action"];

/// Attention, as a function.
pub type Sdpa = fn(&Tensor, &Tensor, &Tensor, Option<&Tensor>) -> Result<Tensor, AttentionError>;

/// Where queries and keys come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Set by hand, from four kinds of words: pronouns look for the thing that they stand for.
    Roles,
    /// Words look at words with the same letters.
    Letters,
    /// Random numbers, the same for the same word: a head before training.
    Untrained,
}

/// One vector a word: its query, key, and value.
#[derive(Clone, Debug)]
pub struct Vectors {
    /// What each number of a query and a key is about.
    pub names: Vec<String>,
    /// One a word.
    pub queries: Vec<Vec<f64>>,
    /// One a word.
    pub keys: Vec<Vec<f64>>,
    /// One a word; its numbers are about [`TOLD`].
    pub values: Vec<Vec<f64>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Thing,
    Action,
    Quality,
    Pronoun,
    Small,
}

const PRONOUNS: &str = "it he she they him her them i you we who";
const SMALL: &str = "the a an and or but because so not did do does was is were are be been to of \
                     in on at with for from by that this than as too very had has have will would \
                     can could no its his their when while";
const QUALITIES: &str =
    "tired hungry fast slow big small old young wet red happy sad late loud kind";
const ACTIONS: &str = "chase chases bite bites bit see sees saw eat eats ate sleep sleeps slept \
                       run runs ran sit sits sat like likes love loves find finds found take takes \
                       took give gives gave cross fit barks bark meet met say says said";

fn kind(word: &str) -> Kind {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let is_in = |list: &str| list.split_whitespace().any(|known| known == word);
    match () {
        () if is_in(PRONOUNS) => Kind::Pronoun,
        () if is_in(SMALL) || word.is_empty() => Kind::Small,
        () if is_in(QUALITIES) => Kind::Quality,
        () if is_in(ACTIONS) || word.ends_with("ed") || word.ends_with("ing") => Kind::Action,
        () => Kind::Thing,
    }
}

impl Head {
    /// What it makes of these words.
    pub fn vectors(self, words: &[&str]) -> Vectors {
        let kinds: Vec<Kind> = words.iter().map(|word| kind(word)).collect();
        let first = kinds.iter().position(|&kind| kind == Kind::Thing);
        let is_first = |i: usize| f64::from(u8::from(first == Some(i)));
        let is = |i: usize, kind: Kind| f64::from(u8::from(kinds[i] == kind));
        let all = |vector: &dyn Fn(usize) -> Vec<f64>| (0..words.len()).map(vector).collect();
        let values = all(&|i| vec![is(i, Kind::Thing), is_first(i), is(i, Kind::Action)]);
        let (names, queries, keys) = match self {
            Self::Roles => {
                let query = |i: usize| match kinds[i] {
                    Kind::Pronoun => vec![3.0, 2.0, 0.0, -1.0],
                    Kind::Action => vec![1.0, 3.0, 0.0, 0.0],
                    Kind::Quality => vec![3.0, 1.0, 0.0, 0.0],
                    Kind::Thing => vec![0.0, 0.0, 2.0, 0.0],
                    Kind::Small => vec![1.0, 0.0, 1.0, 0.0],
                };
                let key = |i: usize| match kinds[i] {
                    Kind::Thing => vec![2.0, 2.0 * is_first(i), 0.0, 0.0],
                    Kind::Action => vec![0.0, 0.0, 3.0, 0.0],
                    Kind::Quality => vec![0.0, 0.0, 1.0, 0.0],
                    Kind::Pronoun => vec![1.0, 0.0, 0.0, 1.0],
                    Kind::Small => vec![0.0, 0.0, 0.0, 2.0],
                };
                let names = [TOLD[0], TOLD[1], TOLD[2], "a small word"].map(String::from);
                (names.to_vec(), all(&query), all(&key))
            }
            Self::Letters => {
                let count = |i: usize, letter: char| {
                    words[i].chars().filter(|c| c.to_ascii_lowercase() == letter).count() as f64
                };
                let key = |i: usize| ('a'..='z').map(|letter| count(i, letter)).collect();
                let query = |i: usize| ('a'..='z').map(|letter| 3.0 * count(i, letter)).collect();
                (('a'..='z').map(String::from).collect(), all(&query), all(&key))
            }
            Self::Untrained => {
                let drawn = |i: usize, salt: u64| {
                    let seed = words[i].bytes().fold(salt, |seed, byte| {
                        seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
                    });
                    let mut rng = seeded(seed);
                    // Sums of many draws, of mean 0 and standard deviation 1.
                    (0..UNTRAINED).map(|_| normal(&mut rng)).collect()
                };
                let names = (1..=UNTRAINED).map(|i| format!("number {i}")).collect();
                (names, all(&|i| drawn(i, 1)), all(&|i| drawn(i, 2)))
            }
        };
        Vectors { names, queries, keys, values }
    }
}

/// So many numbers has a query of a head that nobody trained.
const UNTRAINED: usize = 8;

/// About a normal distribution, with mean 0 and standard deviation 1: twelve small accidents.
pub fn normal(rng: &mut impl RngExt) -> f64 {
    (0..12).map(|_| rng.random_range(-0.5..0.5)).sum()
}

impl Vectors {
    /// Queries, keys and values as f64 tensors `(words, numbers)`.
    ///
    /// # Errors
    /// If there are no words.
    pub fn tensors(&self) -> Result<[Tensor; 3], AttentionError> {
        Ok([tensor(&self.queries)?, tensor(&self.keys)?, tensor(&self.values)?])
    }
}

/// Rows as an f64 tensor.
///
/// # Errors
/// If there are none, or of several lengths.
pub fn tensor(rows: &[Vec<f64>]) -> Result<Tensor, AttentionError> {
    Ok(Tensor::new(rows.to_vec(), &Device::Cpu)?)
}

/// Attention score by score, without a product of matrices: that of candle would make up a fifth of
/// what a reader of the page downloads. Of drawn numbers both are the same, as a test says.
///
/// # Errors
/// [`AttentionError::Shapes`] if a tensor has fewer than two axes; if the mask does not broadcast.
pub fn score_by_score(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
) -> Result<Tensor, AttentionError> {
    let ([front @ .., t_q, d], [.., t_k, _], [.., d_v]) = (q.dims(), k.dims(), v.dims()) else {
        let [q, k, v] = [q, k, v].map(|x| x.dims().to_vec());
        return Err(AttentionError::Shapes { q, k, v });
    };
    let rows = front.iter().product();
    let sizes = Sizes { rows, t_q: *t_q, t_k: *t_k, d: *d, d_v: *d_v };
    let mask = match mask {
        None => vec![1; rows * t_q * t_k],
        Some(mask) => {
            let scores = [front, &[*t_q, *t_k]].concat();
            mask.broadcast_as(scores)?.flatten_all()?.to_vec1::<u8>()?
        }
    };
    let (numbers, keys, values) = (flat(q)?, flat(k)?, flat(v)?);
    let sees = |row: usize, i: usize, j: usize| mask[(row * t_q + i) * t_k + j] == 1;
    let out = attended([&numbers, &keys, &values], sizes, &sees);
    let shape = [front, &[*t_q, *d_v]].concat();
    Ok(Tensor::from_vec(out, shape, &Device::Cpu)?.to_dtype(q.dtype())?)
}

/// Attention of one text, `(words, numbers)`; a mask broadcasts to `(1, 1, words, words)`.
///
/// # Errors
/// As attention itself.
pub fn attend(
    sdpa: Sdpa,
    [queries, keys, values]: [&Tensor; 3],
    mask: Option<&Tensor>,
) -> Result<Vec<Vec<f64>>, AttentionError> {
    let one = |x: &Tensor| x.unsqueeze(0)?.unsqueeze(0);
    let out = sdpa(&one(queries)?, &one(keys)?, &one(values)?, mask)?;
    Ok(out.squeeze(0)?.squeeze(0)?.to_dtype(DType::F64)?.to_vec2()?)
}

/// The weights of attention, a row a query. They are what it makes of values that only say whose
/// they are: 1 for the key's own place, 0 for all others.
///
/// # Errors
/// As attention itself.
pub fn weights(
    sdpa: Sdpa,
    [queries, keys]: [&Tensor; 2],
    mask: Option<&Tensor>,
) -> Result<Vec<Vec<f64>>, AttentionError> {
    let own = Tensor::eye(keys.dims()[0], queries.dtype(), &Device::Cpu)?;
    attend(sdpa, [queries, keys, &own], mask)
}

/// A query and some keys of `d` random numbers each: their dot products.
pub fn random_scores(d: usize, keys: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    let query: Vec<f64> = (0..d).map(|_| normal(&mut rng)).collect();
    (0..keys).map(|_| query.iter().map(|q| q * normal(&mut rng)).sum()).collect()
}

//! What is right, computed without the lesson's code: score by score in double precision, and key by
//! key for what is moved. The checks compare with it.

use std::ops::Range;

use grading::numbers::counted;
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_same};
use rand::RngExt;

use crate::{Answers, Hbm, Matrix, Part, Shape, Tile};

/// The rounding of f32, with room for sums in another order.
pub const STEP: f64 = 5e-7;

/// Queries, keys and values of one head.
#[derive(Clone, Debug)]
pub struct Head {
    pub shape: Shape,
    pub qkv: [Vec<f32>; 3],
    /// Its scores are numbers that f32 holds, however they are summed.
    exact: bool,
}

impl Head {
    /// Numbers of both signs up to ±2; the sizes are `t_q`, `t_k`, `d`, `d_v`.
    pub fn drawn([t_q, t_k, d, d_v]: [usize; 4], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let counts = [t_q * d, t_k * d, t_k * d_v];
        let mut number = |_| rng.random_range(-2.0_f32..2.0);
        let qkv = counts.map(|count| (0..count).map(&mut number).collect());
        Self { shape: Shape { t_q, t_k, d, d_v }, qkv, exact: false }
    }

    /// The same with queries and keys of whole eighths, the queries so many times as long, and all
    /// keys moved by a number. With `d` of 1, 4, 16 or 64 scores are exact.
    pub fn stretched(mut self, scale: f32, moved: f32) -> Self {
        self.qkv[0].iter_mut().for_each(|q| *q = (*q * 8.0).round() / 8.0 * scale);
        self.qkv[1].iter_mut().for_each(|k| *k = (*k * 8.0).round() / 8.0 + moved);
        self.exact = [1, 4, 16, 64].contains(&self.shape.d);
        self
    }

    /// With keys in the order of the first query's scores, or the other way around.
    pub fn sorted(mut self, rising: bool) -> Self {
        let Shape { t_k, d, .. } = self.shape;
        let scores: Vec<f64> = (0..t_k).map(|j| self.score(0, j)).collect();
        let mut order: Vec<usize> = (0..t_k).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        if !rising {
            order.reverse();
        }
        let key = |&j: &usize| self.qkv[1][j * d..][..d].to_vec();
        self.qkv[1] = order.iter().flat_map(key).collect();
        self
    }

    /// One query and a key that it likes, and many that it does not, each by about `low`: together
    /// they count.
    pub fn of_small_weights(keys: usize, low: f32, seed: u64) -> Self {
        let mut head = Self::drawn([1, keys, 1, 2], seed).stretched(1.0, low);
        head.qkv[0].fill(0.25);
        head.qkv[1].iter_mut().for_each(|k| *k *= 4.0);
        head.qkv[1][0] = 0.0;
        head
    }

    /// With keys that repeat, so that several have the highest score.
    pub fn repeating(mut self, period: usize) -> Self {
        let d = self.shape.d;
        for i in period * d..self.qkv[1].len() {
            self.qkv[1][i] = self.qkv[1][i - period * d];
        }
        self
    }

    fn score(&self, i: usize, j: usize) -> f64 {
        let d = self.shape.d;
        let (q, k) = (&self.qkv[0][i * d..][..d], &self.qkv[1][j * d..][..d]);
        let dot: f64 = q.iter().zip(k).map(|(&q, &k)| f64::from(q) * f64::from(k)).sum();
        dot / (d as f64).sqrt()
    }

    /// Whether a query sees a key: as many queries, and as many keys, come behind the two.
    fn sees(&self, i: usize, j: usize, causal: bool) -> bool {
        let Shape { t_q, t_k, .. } = self.shape;
        !causal || t_k - 1 - j >= t_q - 1 - i
    }

    /// What a query knows after some keys: `m`, `l` and `o`.
    pub fn known(&self, i: usize, keys: &[usize]) -> (f64, f64, Vec<f64>) {
        let d_v = self.shape.d_v;
        let scores: Vec<f64> = keys.iter().map(|&j| self.score(i, j)).collect();
        let m = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut l, mut o) = (0.0, vec![0.0; d_v]);
        for (&j, score) in keys.iter().zip(scores) {
            let weight = (score - m).exp();
            l += weight;
            for (o, &v) in o.iter_mut().zip(&self.qkv[2][j * d_v..]) {
                *o += weight * f64::from(v);
            }
        }
        (m, l, o)
    }

    /// The result of attention.
    pub fn attended(&self, causal: bool) -> Vec<f64> {
        let Shape { t_q, t_k, .. } = self.shape;
        let row = |i: usize| {
            let seen: Vec<usize> = (0..t_k).filter(|&j| self.sees(i, j, causal)).collect();
            let (_, l, o) = self.known(i, &seen);
            o.into_iter().map(move |o| if l == 0.0 { 0.0 } else { o / l })
        };
        (0..t_q).flat_map(row).collect()
    }

    /// What is fetched and stored: for each matrix, how often each row.
    pub fn moved(&self, tile: Tile, causal: bool) -> [Vec<usize>; 4] {
        let Shape { t_q, t_k, .. } = self.shape;
        let mut of_keys = vec![0; t_k];
        for block in tiles(t_q, tile.queries) {
            for keys in tiles(t_k, tile.keys) {
                let is_seen = block.clone().any(|i| {
                    let mut keys = keys.clone();
                    keys.any(|j| self.sees(i, j, causal))
                });
                keys.for_each(|j| of_keys[j] += usize::from(is_seen));
            }
        }
        [vec![1; t_q], of_keys.clone(), of_keys, vec![1; t_q]]
    }

    /// By what share of its size a weight may be off: as much as its score is.
    pub fn share(&self, step: f64) -> f64 {
        let score = if self.exact { 0.0 } else { self.highest() };
        step * (6.0 + 2.0 * score + self.shape.t_k as f64 / 16.0)
    }

    /// No score is higher.
    fn highest(&self) -> f64 {
        largest(&self.qkv[0]) * largest(&self.qkv[1]) * (self.shape.d as f64).sqrt()
    }

    /// For results, which are means of values.
    pub fn tolerance(&self, step: f64) -> Tolerance {
        Tolerance { rtol: 10.0 * step, atol: self.share(step) * largest(&self.qkv[2]) }
    }

    pub fn slices(&self) -> [&[f32]; 3] {
        self.qkv.each_ref().map(Vec::as_slice)
    }

    /// What a failure says of it.
    pub fn shown(&self) -> String {
        let Shape { t_q, t_k, d, d_v } = self.shape;
        let (queries, keys) = (counted(t_q, "query"), counted(t_k, "key"));
        format!("{queries} and {keys}, d = {d}, d_v = {d_v}")
    }

    /// Fails unless this is what the first query knows after some keys.
    pub fn expect_part(&self, what: &str, got: &Part, keys: &[usize]) -> Outcome {
        let (m, l, o) = self.known(0, keys);
        let share = self.share(STEP);
        let size = if self.exact { 0.0 } else { self.highest() };
        let of_m = Tolerance { rtol: STEP, atol: STEP * size };
        let m_is_right = f64::from(got.m) == m;
        if !m_is_right {
            expect_close(&format!("{what}: m"), &[], &[got.m], &[m], of_m)?;
        }
        let of_l = Tolerance { rtol: share, atol: 0.0 };
        expect_close(&format!("{what}: l"), &[], &[got.l], &[l], of_l)?;
        let of_o = Tolerance { rtol: 0.0, atol: share * l * largest(&self.qkv[2]) };
        expect_close(&format!("{what}: o"), &[o.len()], &got.o, &o, of_o)
    }

    /// Runs flash attention, and fails unless the result is that of attention, and nothing was moved
    /// more often, or less, than it says.
    pub fn expect_flash(&self, answers: &Answers, tile: Tile, causal: bool) -> Outcome {
        let (hbm, what) = self.flash(answers, tile, causal)?;
        self.expect_moves(&hbm, &what, tile, causal)
    }

    /// The same without a look at what was moved.
    pub fn flash(
        &self,
        answers: &Answers,
        tile: Tile,
        causal: bool,
    ) -> Result<(Hbm<'_>, String), Failure> {
        let mut hbm = Hbm::new(self.slices(), self.shape)?;
        (answers.flash)(&mut hbm, tile, causal)?;
        let Shape { t_q, d_v, .. } = self.shape;
        let mask = if causal { ", causal" } else { "" };
        let what = format!("{}{mask}, in tiles of {} by {}", self.shown(), tile.queries, tile.keys);
        expect_close(&what, &[t_q, d_v], hbm.out(), &self.attended(causal), self.tolerance(STEP))?;
        Ok((hbm, what))
    }

    pub fn expect_moves(&self, hbm: &Hbm<'_>, what: &str, tile: Tile, causal: bool) -> Outcome {
        for (matrix, want) in Matrix::ALL.into_iter().zip(self.moved(tile, causal)) {
            let mut got = vec![0; want.len()];
            for moved in hbm.moves().iter().filter(|moved| moved.matrix == matrix) {
                moved.rows.clone().for_each(|row| got[row] += 1);
            }
            let how = if matrix == Matrix::O { "stored" } else { "fetched" };
            expect_same(&format!("{what}: how often each row of {matrix} is {how}"), &got, &want)?;
        }
        Ok(())
    }
}

/// Ranges of this length, the last of which may be shorter.
pub fn tiles(count: usize, length: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).step_by(length).map(move |start| start..count.min(start.saturating_add(length)))
}

/// The largest of some numbers, whatever their signs.
pub fn largest(x: &[f32]) -> f64 {
    x.iter().fold(0.0, |most, &x| f64::from(x.abs()).max(most))
}

//! Single numbers.

use proptest::num::u64::BinarySearch;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{TestRng, TestRunner};
use rand::RngExt;

/// The corners of a type of float, as f64.
#[derive(Debug)]
struct Corners {
    /// Those that every check meets.
    first: [f64; 9],
    /// Neighbors of 1, the tiny and the huge, where `exp` over- and underflows, integers that the type
    /// lacks or just holds, NaN with a sign.
    more: [f64; 19],
    /// The smallest magnitude is 2 to the minus this.
    exponent: i32,
}

static F64: Corners = Corners {
    first: [0.0, -0.0, 1.0, -1.0, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN],
    more: [
        0.5,
        1.0 - f64::EPSILON / 2.0,
        1.0 + f64::EPSILON,
        f64::EPSILON,
        1e-45,
        1e-160,
        -1e-160,
        f64::MIN_POSITIVE,
        -5e-324,
        710.0,
        -746.0,
        16_777_217.0,
        4_294_967_296.0,
        9_007_199_254_740_991.0,
        1e39,
        -1e160,
        1e308,
        f64::MIN,
        -f64::NAN,
    ],
    exponent: 1074,
};

static F32: Corners = Corners {
    first: [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1e-45_f32 as f64,
        f32::MAX as f64,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ],
    more: [
        0.5,
        1.0 - f32::EPSILON as f64 / 2.0,
        1.0 + f32::EPSILON as f64,
        f32::EPSILON as f64,
        1e-8_f32 as f64,
        1e-20_f32 as f64,
        -1e-20_f32 as f64,
        f32::MIN_POSITIVE as f64,
        -1e-45_f32 as f64,
        89.0,
        -104.0,
        16_777_215.0,
        16_777_216.0,
        4_294_967_296.0,
        1e15_f32 as f64,
        1e20_f32 as f64,
        1e38_f32 as f64,
        f32::MIN as f64,
        -f64::NAN,
    ],
    exponent: 149,
};

/// Any f64. Corners: ±0, ±1 and their neighbors, subnormals, the tiny and the huge, integers that
/// f32 or f64 lacks, where `exp` over- and underflows, ±∞, NaN of either sign. The rest are ordinary
/// numbers around 0, short ones that tie, and magnitudes of every exponent.
pub fn any_f64() -> Floats {
    floats(&F64, f64::NEG_INFINITY, f64::INFINITY)
}

/// Any finite f64: the corners of [`any_f64`] without ±∞ and NaN.
pub fn finite_f64() -> Floats {
    between(f64::MIN, f64::MAX)
}

/// An f64 from `low` to `high`, both included. Corners: the ends and their neighbors inside, and
/// those of [`any_f64`] that lie between.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::between(0.5, 2.0), 256, 1);
/// assert!(drawn.iter().all(|x| (0.5..=2.0).contains(x)));
/// assert!([0.5, 1.0, 2.0].iter().all(|corner| drawn.contains(corner)));
/// ```
///
/// # Panics
/// If `low` is not below `high`.
pub fn between(low: f64, high: f64) -> Floats {
    assert!(low < high, "nothing lies between {low} and {high}");
    floats(&F64, low, high)
}

/// A probability. Corners: 0, −0, 1, their neighbors, ½, and tiny ones whose products underflow.
pub fn probability() -> Floats {
    between(0.0, 1.0)
}

/// Any f32: the corners of [`any_f64`] for single precision.
pub fn any_f32() -> impl Strategy<Value = f32> + Clone {
    single(f64::NEG_INFINITY, f64::INFINITY)
}

/// Any finite f32: the corners of [`any_f32`] without ±∞ and NaN.
pub fn finite_f32() -> impl Strategy<Value = f32> + Clone {
    between_f32(f32::MIN, f32::MAX)
}

/// An f32 from `low` to `high`, both included.
///
/// # Panics
/// If `low` is not below `high`.
pub fn between_f32(low: f32, high: f32) -> impl Strategy<Value = f32> + Clone {
    assert!(low < high, "nothing lies between {low} and {high}");
    single(low.into(), high.into())
}

fn single(low: f64, high: f64) -> impl Strategy<Value = f32> + Clone {
    floats(&F32, low, high).prop_map(|x| x as f32)
}

fn floats(corners: &'static Corners, low: f64, high: f64) -> Floats {
    let is_any = low == f64::NEG_INFINITY && high == f64::INFINITY;
    let range = FloatRange { low, high, is_any };
    let allowed = |corners: &[f64]| corners.iter().copied().filter(|x| range.allows(*x)).collect();
    let (mut first, mut more): (Vec<f64>, Vec<f64>) =
        (allowed(&corners.first), allowed(&corners.more));
    first.extend([low, high]);
    more.extend([low.next_up(), high.next_down()]);
    Floats { first, more, range, exponent: corners.exponent }
}

/// A count from 0 to 2⁴⁸, so that 65,535 of them add up in a u64 and each is exact as f64. Corners:
/// 0, 1, few (they tie), and the ends of 31 and 32 bits.
pub fn count() -> Counts {
    Counts { ends: &[(1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, 1 << 48] }
}

/// Any u64, as a seed is. Corners: 0, 1, the ends of 32, 53 and 64 bits.
pub fn any_u64() -> Counts {
    Counts { ends: &[(1 << 32) - 1, 1 << 32, (1 << 53) + 1, 1 << 63, u64::MAX - 1, u64::MAX] }
}

/// The strategy of [`count`] and [`any_u64`].
#[derive(Clone, Debug)]
pub struct Counts {
    /// The last is the largest number.
    ends: &'static [u64],
}

impl Strategy for Counts {
    type Tree = BinarySearch;
    type Value = u64;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let rng = runner.rng();
        Ok(BinarySearch::new(match rng.random_range(0..8) {
            0 | 1 => self.ends[rng.random_range(0..self.ends.len())],
            2 | 3 => rng.random_range(0..=self.ends[self.ends.len() - 1]),
            4 => rng.random_range(0..=1000),
            _ => rng.random_range(0..=4),
        }))
    }
}

/// The strategy of [`any_f64`] and its relatives.
#[derive(Clone, Debug)]
pub struct Floats {
    first: Vec<f64>,
    more: Vec<f64>,
    range: FloatRange,
    exponent: i32,
}

#[derive(Clone, Copy, Debug)]
struct FloatRange {
    low: f64,
    high: f64,
    /// Whether NaN is allowed, too.
    is_any: bool,
}

impl FloatRange {
    fn allows(self, x: f64) -> bool {
        (self.low..=self.high).contains(&x) || x.is_nan() && self.is_any
    }
}

impl Floats {
    fn number(&self, rng: &mut TestRng) -> f64 {
        let FloatRange { low, high, .. } = self.range;
        let (near, far) = (low.max(-10.0), high.min(10.0));
        let (near, far) = if near < far { (near, far) } else { (low, high) };
        let ordinary = near + rng.random::<f64>() * (far - near);
        let x = match rng.random_range(0..8) {
            0 | 1 => self.first[rng.random_range(0..self.first.len())],
            2 => self.more[rng.random_range(0..self.more.len())],
            3 => (ordinary * 4.0).round() / 4.0,
            4 => {
                let exponent = f64::from(rng.random_range(-self.exponent..self.exponent));
                exponent.exp2() * [1.0, -1.0][rng.random_range(0..2)] * rng.random_range(1.0..2.0)
            }
            _ => ordinary,
        };
        if self.range.allows(x) { x } else { ordinary.clamp(low, high) }
    }
}

impl Strategy for Floats {
    type Tree = FloatTree;
    type Value = f64;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let x = self.number(runner.rng());
        Ok(FloatTree { x, worst: x, next: 0, range: self.range })
    }
}

/// A drawn number, on its way to a simpler one: 0, ±1, fewer digits, a smaller whole number.
#[derive(Clone, Debug)]
pub struct FloatTree {
    x: f64,
    /// The simplest number so far that fails.
    worst: f64,
    /// Which of the simpler ones comes next.
    next: usize,
    range: FloatRange,
}

/// Numbers simpler than `x`; what is made simpler again and again comes to an end.
fn simpler(x: f64) -> Vec<f64> {
    let one = 1.0_f64.copysign(x);
    let mut simpler = vec![0.0, 1.0, one];
    if x.is_infinite() {
        simpler.extend([one * 100.0, one * 1e9, one * 1e30, one * 1e300]);
    } else if x == x.trunc() {
        let root = x.abs().sqrt().trunc().copysign(x);
        simpler.extend([root, (x / 2.0).trunc(), x - (x / 4.0).trunc(), x - one]);
        simpler.retain(|s| s.abs() < x.abs() || s.abs() == x.abs() && x < 0.0 && *s > 0.0);
        simpler.extend((x.to_bits() == (-0.0_f64).to_bits()).then_some(0.0));
    } else if !x.is_nan() {
        let half = (x / 2.0).trunc() + one / 2.0;
        simpler.extend((half.abs() < x.abs()).then_some(half));
        simpler.extend([2.0, 10.0, 1000.0].map(|parts| (x * parts).round() / parts));
        let power = 10_f64.powi(x.abs().log10().floor() as i32).copysign(x);
        simpler.extend((x.abs() < 1e-3).then_some(power));
        simpler.push(x.trunc());
    }
    simpler.retain(|s| s.to_bits() != x.to_bits());
    simpler
}

impl FloatTree {
    fn advance(&mut self) -> bool {
        let rest = simpler(self.worst).into_iter().enumerate().skip(self.next);
        let found = rest.into_iter().find(|(_, x)| self.range.allows(*x));
        let (i, x) = found.unwrap_or((usize::MAX - 1, self.worst));
        (self.x, self.next) = (x, i + 1);
        found.is_some()
    }
}

impl ValueTree for FloatTree {
    type Value = f64;

    fn current(&self) -> f64 {
        self.x
    }

    fn simplify(&mut self) -> bool {
        if self.x.to_bits() != self.worst.to_bits() {
            (self.worst, self.next) = (self.x, 0);
        }
        self.advance()
    }

    fn complicate(&mut self) -> bool {
        if self.x.to_bits() == self.worst.to_bits() {
            return false;
        }
        self.x = self.worst;
        self.advance();
        true
    }
}

#[cfg(test)]
mod tests;

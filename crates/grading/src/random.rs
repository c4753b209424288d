//! Random numbers for checks: a generator that repeats, one that is stuck, one that counts, and one
//! that says what it was told. Each is a `&mut dyn rand::Rng`.
//!
//! ```
//! use grading::random::{Counting, Scripted, seeded};
//! use rand::{Rng, RngExt};
//!
//! fn coin(rng: &mut dyn Rng) -> bool {
//!     rng.random::<f64>() < 0.5
//! }
//!
//! assert_eq!(coin(&mut seeded(7)), coin(&mut seeded(7)));
//!
//! let mut rng = Counting::new(seeded(7));
//! coin(&mut rng);
//! assert_eq!(rng.draws(), 1);
//!
//! let mut rng = Scripted::fractions([0.25, 0.75]);
//! assert_eq!([coin(&mut rng), coin(&mut rng)], [true, false]);
//! ```

use std::convert::Infallible;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng, TryRng};

/// The generator of this seed: the same seed draws the same numbers.
pub fn seeded(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A generator that yields one bit pattern forever: `Stuck(0)` draws the fraction 0, and
/// `Stuck(u64::MAX)` the largest below 1.
///
/// ```
/// use grading::random::Stuck;
/// use rand::RngExt;
///
/// assert_eq!(Stuck(0).random::<f64>(), 0.0);
/// assert_eq!(Stuck(u64::MAX).random::<f64>(), 1.0_f64.next_down());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck(pub u64);

impl TryRng for Stuck {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(high(self.0))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill(bytes, || self.0);
        Ok(())
    }
}

/// A generator that counts how often it was asked, so a check can say "draw exactly once". The
/// numbers are those of the generator inside.
///
/// One call of `next_u32`, `next_u64` or `fill_bytes` is one draw, whatever its width. A range drawn
/// with `random_range` may take more than one.
#[derive(Clone, Debug)]
pub struct Counting<R> {
    inner: R,
    draws: usize,
}

impl<R: Rng> Counting<R> {
    /// Counts what is drawn from this generator.
    pub fn new(inner: R) -> Self {
        Self { inner, draws: 0 }
    }

    /// How often it was asked.
    pub fn draws(&self) -> usize {
        self.draws
    }
}

impl<R: Rng> TryRng for Counting<R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.draws += 1;
        Ok(self.inner.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.draws += 1;
        Ok(self.inner.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.draws += 1;
        self.inner.fill_bytes(bytes);
        Ok(())
    }
}

/// A generator that yields the given numbers in order, and then the last of them forever. Where 32
/// bits are asked for, they are the upper half of the next number, so a fraction stays a fraction.
#[derive(Clone, Debug)]
pub struct Scripted {
    numbers: Vec<u64>,
    next: usize,
}

impl Scripted {
    /// Yields these 64-bit patterns; 0 forever if there are none.
    pub fn new(numbers: impl Into<Vec<u64>>) -> Self {
        Self { numbers: numbers.into(), next: 0 }
    }

    /// Yields bits from which `random::<f64>()` makes these fractions, each from 0 to below 1,
    /// rounded down to a multiple of 2⁻⁵³ (`random::<f32>()`: 2⁻²⁴).
    pub fn fractions(fractions: impl IntoIterator<Item = f64>) -> Self {
        let bits = fractions.into_iter().map(|f| ((f * (1_u64 << 53) as f64) as u64) << 11);
        Self::new(bits.collect::<Vec<_>>())
    }

    fn step(&mut self) -> u64 {
        let number = self.numbers.get(self.next).or(self.numbers.last());
        self.next += 1;
        number.copied().unwrap_or(0)
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(high(self.step()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.step())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill(bytes, || self.step());
        Ok(())
    }
}

fn high(bits: u64) -> u32 {
    (bits >> 32) as u32
}

fn fill(bytes: &mut [u8], mut number: impl FnMut() -> u64) {
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&number().to_le_bytes()[..chunk.len()]);
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    fn draw(rng: &mut dyn Rng) -> f64 {
        rng.random()
    }

    #[test]
    fn stuck_yields_the_ends_of_the_unit_interval() {
        assert_eq!(draw(&mut Stuck(0)), 0.0);
        assert_eq!(draw(&mut Stuck(u64::MAX)), 1.0_f64.next_down());
        assert_eq!(Stuck(u64::MAX).random::<f32>(), 1.0_f32.next_down());
    }

    #[test]
    fn counting_counts_and_changes_nothing() {
        let (mut plain, mut counting) = (seeded(3), Counting::new(seeded(3)));
        for draws in 1..=20 {
            assert_eq!(draw(&mut plain).to_bits(), draw(&mut counting).to_bits());
            assert_eq!(counting.draws(), draws);
        }
        counting.next_u32();
        counting.fill_bytes(&mut [0; 100]);
        assert_eq!(counting.draws(), 22);
    }

    #[test]
    fn a_script_ends_with_its_last_number() {
        let mut rng = Scripted::fractions([0.0, 0.75, 1.0_f64.next_down()]);
        let drawn: Vec<f64> = (0..5).map(|_| draw(&mut rng)).collect();
        let end = 1.0_f64.next_down();
        assert_eq!(drawn, [0.0, 0.75, end, end, end]);
        assert_eq!(Scripted::fractions([0.25]).random::<f32>(), 0.25);
        assert_eq!(Scripted::new([1, 2]).next_u64(), 1);
        assert_eq!(Scripted::new([]).next_u64(), 0);
        let mut bytes = [0; 9];
        Scripted::new([1, 2]).fill_bytes(&mut bytes);
        assert_eq!(bytes, [1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }
}

//! The numbers that are computed with, and functions of them without branches, so that the compiler
//! makes vector instructions of a loop over them.

use std::ops::Neg;

use candle_core::WithDType;

/// f32 or f64.
pub(crate) trait Real: WithDType + Neg<Output = Self> {
    fn exp(self) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    /// `Φ(x) = ½ · erfc(−x / √2)`, the share of a normal distribution that lies below.
    fn below(self) -> Self;
    /// `e^(−x²/2)`, as exact far from 0.
    fn bell(self) -> Self;
}

impl Real for f64 {
    #[inline(always)]
    fn exp(self) -> Self {
        libm::exp(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn below(self) -> Self {
        0.5 * libm::erfc(-self * std::f64::consts::FRAC_1_SQRT_2)
    }
    #[inline(always)]
    fn bell(self) -> Self {
        libm::exp(-0.5 * self * self)
    }
}

impl Real for f32 {
    /// e to the power `n ln 2 + r`, with a polynomial for the rest `r` between ±½ ln 2. Right to the
    /// last digit but one, also where the result is 0, subnormal or infinite.
    #[inline(always)]
    fn exp(self) -> Self {
        // Beyond these all is 0 or infinite. NaN passes both comparisons, and stays.
        let x = if self < -104.0 { -104.0 } else { self };
        let x = if x > 89.0 { 89.0 } else { x };
        // Added to a large number, one without places after the point, a sum is rounded to whole
        // numbers, which then stand in its lowest bits.
        const WHOLE: f32 = 12_582_912.0;
        let sum = x * std::f32::consts::LOG2_E + WHOLE;
        let n = sum - WHOLE;
        // ln 2 in two parts: n times the first is exact.
        let r = x - n * 0.693_359_4;
        let r = r + n * 2.121_944_4e-4;
        let p = 1.987_569_1e-4_f32;
        let p = p * r + 1.398_199_9e-3;
        let p = p * r + 8.333_452e-3;
        let p = p * r + 4.166_579_6e-2;
        let p = p * r + 1.666_666_5e-1;
        let p = p * r + 0.5;
        let p = p * r * r + r + 1.0;
        // 2ⁿ in two steps, since n may be below the least exponent.
        let n = sum.to_bits().wrapping_sub(WHOLE.to_bits()) as i32;
        let half = n >> 1;
        let power = |n: i32| f32::from_bits((n.wrapping_add(127) as u32) << 23);
        p * power(half) * power(n - half)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn below(self) -> Self {
        // Of x itself: the square of a rounded x / √2 would have fewer digits.
        let (square, rest) = square(self);
        let z = self.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let tail = 0.5 * tail(z, 0.5 * square, 0.5 * rest);
        if self > 0.0 { 1.0 - tail } else { tail }
    }
    #[inline(always)]
    fn bell(self) -> Self {
        let (square, rest) = square(self);
        (-0.5 * square).exp() * (-0.5 * rest).exp()
    }
}

/// `x²` as a number without rounding and a small one. Of 36 an f32 has five digits after the point,
/// and so few would `e⁻³⁶` have together.
#[inline(always)]
fn square(x: f32) -> (f32, f32) {
    // Far beyond what an exponential can tell from 0, but finite.
    let x = if x > 1e4 { 1e4 } else { x };
    let x = if x < -1e4 { -1e4 } else { x };
    let high = f32::from_bits(x.to_bits() & 0xffff_f000);
    (high * high, (x - high) * (x + high))
}

/// `erfc(z)` for `z` above 0, given its square in two parts: the rational Chebyshev form of Press and
/// others, *Numerical Recipes*, section 6.2, of relative error below 1.2e-7 everywhere.
#[inline(always)]
fn tail(z: f32, square: f32, rest: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.5 * z);
    let p = 0.170_872_77_f32;
    let p = p * t - 0.822_152_23;
    let p = p * t + 1.488_515_9;
    let p = p * t - 1.135_204;
    let p = p * t + 0.278_868_07;
    let p = p * t - 0.186_288_06;
    let p = p * t + 0.096_784_18;
    let p = p * t + 0.374_091_96;
    let p = p * t + 1.000_023_7;
    let p = p * t - 1.265_512_2;
    t * (-square).exp() * (p - rest).exp()
}

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
    #[inline(always)]
    fn exp(self) -> Self {
        lanes::exp(self)
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

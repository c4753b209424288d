//! Loops over f32 that use all lanes of the processor.
//!
//! Functions here have no branches, so that the compiler makes vector instructions of a loop over
//! them, and they have the same bits on every machine. [`run`] runs a loop that is compiled twice: for
//! every processor, and for those with wide vectors.

/// What is computed. `run` must be `#[inline(always)]`: only what is inlined is compiled twice.
pub trait Work {
    /// Computes.
    fn run(self);
}

/// Runs it with the widest vectors that both the processor and this crate know: eight f32 on x86-64
/// with AVX2, elsewhere four, which 64-bit Arm, and WebAssembly as this book compiles it, always have.
/// Products and sums are not fused, so the results are the same.
pub fn run(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { with_avx2(work) };
    }
    work.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(work: impl Work) {
    work.run();
}

/// `eˣ`, as e to the power `n ln 2 + r`, with a polynomial for the rest `r` between ±½ ln 2. Right to
/// the last digit but one, also where the result is 0, subnormal or infinite. Of NaN it is NaN.
///
/// ```
/// assert_eq!(lanes::exp(0.0), 1.0);
/// assert!((lanes::exp(1.0) - std::f32::consts::E).abs() < 3e-7);
/// assert_eq!(lanes::exp(f32::NEG_INFINITY), 0.0);
/// ```
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Beyond these all is 0 or infinite. NaN passes both comparisons, and stays.
    let x = if x < -104.0 { -104.0 } else { x };
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

/// The logistic sigmoid, `σ(x) = 1 / (1 + e⁻ˣ)`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    // e⁻ˣ may be infinite, e⁻|ˣ| is at most 1.
    let e = exp(-x.abs());
    let above = 1.0 / (1.0 + e);
    if x < 0.0 { e * above } else { above }
}

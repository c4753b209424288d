//! Numbers of 16 bits.

/// The f16 nearest to a number; of two equally near the one whose last bit is 0.
///
/// An f16 has 11 significant bits. Numbers up to 2⁻²⁵ become 0, and those from 65,520 on ∞.
pub fn to_f16(x: f32) -> f32 {
    if !x.is_finite() {
        return x;
    }
    let exponent = i64::from((x.to_bits() >> 23) & 0xff) - 127;
    // The distance of neighbors, a power of two: below 2⁻¹⁴ it stays the same.
    let gap = f64::from_bits(((exponent.max(-14) - 10 + 1023) as u64) << 52);
    let rounded = (f64::from(x) / gap).round_ties_even() * gap;
    if rounded.abs() > 65_504.0 { f32::INFINITY.copysign(x) } else { rounded as f32 }
}

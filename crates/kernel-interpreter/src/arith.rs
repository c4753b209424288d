//! Arithmetic on 32-bit words by the rules of WGSL: integers wrap, a division by zero has a value,
//! shifts count modulo 32, and conversions from floating point stop at the ends of a type.

/// Operations on two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bin {
    AddF,
    SubF,
    MulF,
    DivF,
    RemF,
    AddI,
    SubI,
    MulI,
    DivS,
    RemS,
    DivU,
    RemU,
    And,
    Or,
    Xor,
    Shl,
    ShrS,
    ShrU,
    EqF,
    NeF,
    LtF,
    LeF,
    EqI,
    NeI,
    LtS,
    LeS,
    LtU,
    LeU,
    MinF,
    MaxF,
    MinS,
    MaxS,
    MinU,
    MaxU,
    Pow,
    Atan2,
    Step,
    Ldexp,
}

/// Operations on one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Un {
    NegF,
    NegI,
    Not,
    BitNot,
    AbsF,
    AbsS,
    SignF,
    SignS,
    Ceil,
    Floor,
    Round,
    Trunc,
    Fract,
    Sqrt,
    InverseSqrt,
    Exp,
    Exp2,
    Log,
    Log2,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Radians,
    Degrees,
    Saturate,
    CountOneBits,
    LeadingZeros,
    TrailingZeros,
    ReverseBits,
    FirstLeadingU,
    FirstLeadingS,
    FirstTrailing,
    FToS,
    FToU,
    SToF,
    UToF,
    FToB,
    IToB,
    BToF,
    /// The number of 16 bits in the low half of a word, and in the high one.
    HalfLow,
    HalfHigh,
}

/// Operations on three words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tri {
    /// The second word if the first is true, else the third.
    Select,
    Fma,
    Mix,
    Smoothstep,
    ExtractU,
    ExtractS,
}

/// The largest f32 that is an i32, and the largest that is a u32.
const I32_MAX: f32 = 2_147_483_520.0;
const U32_MAX: f32 = 4_294_967_040.0;

fn f(x: u32) -> f32 {
    f32::from_bits(x)
}

fn s(x: u32) -> i32 {
    x as i32
}

#[inline]
pub(crate) fn bin(op: Bin, a: u32, b: u32) -> u32 {
    match op {
        Bin::AddF => (f(a) + f(b)).to_bits(),
        Bin::SubF => (f(a) - f(b)).to_bits(),
        Bin::MulF => (f(a) * f(b)).to_bits(),
        Bin::DivF => (f(a) / f(b)).to_bits(),
        Bin::RemF => (f(a) % f(b)).to_bits(),
        Bin::AddI => a.wrapping_add(b),
        Bin::SubI => a.wrapping_sub(b),
        Bin::MulI => a.wrapping_mul(b),
        Bin::DivS if b == 0 => a,
        Bin::DivS => s(a).wrapping_div(s(b)) as u32,
        Bin::RemS if b == 0 => 0,
        Bin::RemS => s(a).wrapping_rem(s(b)) as u32,
        Bin::DivU => a.checked_div(b).unwrap_or(a),
        Bin::RemU => a.checked_rem(b).unwrap_or(0),
        Bin::And => a & b,
        Bin::Or => a | b,
        Bin::Xor => a ^ b,
        Bin::Shl => a.wrapping_shl(b),
        Bin::ShrS => s(a).wrapping_shr(b) as u32,
        Bin::ShrU => a.wrapping_shr(b),
        Bin::EqF => (f(a) == f(b)).into(),
        Bin::NeF => (f(a) != f(b)).into(),
        Bin::LtF => (f(a) < f(b)).into(),
        Bin::LeF => (f(a) <= f(b)).into(),
        Bin::EqI => (a == b).into(),
        Bin::NeI => (a != b).into(),
        Bin::LtS => (s(a) < s(b)).into(),
        Bin::LeS => (s(a) <= s(b)).into(),
        Bin::LtU => (a < b).into(),
        Bin::LeU => (a <= b).into(),
        Bin::MinF => f(a).min(f(b)).to_bits(),
        Bin::MaxF => f(a).max(f(b)).to_bits(),
        Bin::MinS => s(a).min(s(b)) as u32,
        Bin::MaxS => s(a).max(s(b)) as u32,
        Bin::MinU => a.min(b),
        Bin::MaxU => a.max(b),
        Bin::Pow => f(a).powf(f(b)).to_bits(),
        Bin::Atan2 => f(a).atan2(f(b)).to_bits(),
        Bin::Step => (if f(a) <= f(b) { 1.0_f32 } else { 0.0 }).to_bits(),
        Bin::Ldexp => ldexp(f(a), s(b)).to_bits(),
    }
}

#[inline]
pub(crate) fn un(op: Un, a: u32) -> u32 {
    let x = f(a);
    match op {
        Un::NegF => (-x).to_bits(),
        Un::NegI => a.wrapping_neg(),
        Un::Not => (a == 0).into(),
        Un::BitNot => !a,
        Un::AbsF => x.abs().to_bits(),
        Un::AbsS => s(a).wrapping_abs() as u32,
        Un::SignF => (if x == 0.0 { 0.0 } else { x.signum() }).to_bits(),
        Un::SignS => s(a).signum() as u32,
        Un::Ceil => x.ceil().to_bits(),
        Un::Floor => x.floor().to_bits(),
        Un::Round => x.round_ties_even().to_bits(),
        Un::Trunc => x.trunc().to_bits(),
        Un::Fract => (x - x.floor()).to_bits(),
        Un::Sqrt => x.sqrt().to_bits(),
        Un::InverseSqrt => (1.0 / x.sqrt()).to_bits(),
        Un::Exp => x.exp().to_bits(),
        Un::Exp2 => x.exp2().to_bits(),
        Un::Log => x.ln().to_bits(),
        Un::Log2 => x.log2().to_bits(),
        Un::Sin => x.sin().to_bits(),
        Un::Cos => x.cos().to_bits(),
        Un::Tan => x.tan().to_bits(),
        Un::Asin => x.asin().to_bits(),
        Un::Acos => x.acos().to_bits(),
        Un::Atan => x.atan().to_bits(),
        Un::Sinh => x.sinh().to_bits(),
        Un::Cosh => x.cosh().to_bits(),
        Un::Tanh => x.tanh().to_bits(),
        Un::Asinh => x.asinh().to_bits(),
        Un::Acosh => x.acosh().to_bits(),
        Un::Atanh => x.atanh().to_bits(),
        Un::Radians => x.to_radians().to_bits(),
        Un::Degrees => x.to_degrees().to_bits(),
        Un::Saturate => x.clamp(0.0, 1.0).to_bits(),
        Un::CountOneBits => a.count_ones(),
        Un::LeadingZeros => a.leading_zeros(),
        Un::TrailingZeros => a.trailing_zeros(),
        Un::ReverseBits => a.reverse_bits(),
        Un::FirstLeadingU => 31_u32.wrapping_sub(a.leading_zeros()),
        Un::FirstLeadingS => {
            let magnitude = if s(a) < 0 { !a } else { a };
            31_u32.wrapping_sub(magnitude.leading_zeros())
        }
        Un::FirstTrailing => {
            if a == 0 {
                u32::MAX
            } else {
                a.trailing_zeros()
            }
        }
        Un::FToS => x.min(I32_MAX) as i32 as u32,
        Un::FToU => x.min(U32_MAX) as u32,
        Un::SToF => (s(a) as f32).to_bits(),
        Un::UToF => (a as f32).to_bits(),
        Un::FToB => (x != 0.0).into(),
        Un::IToB => (a != 0).into(),
        Un::BToF => (if a == 0 { 0.0_f32 } else { 1.0 }).to_bits(),
        Un::HalfLow => half(a & 0xffff).to_bits(),
        Un::HalfHigh => half(a >> 16).to_bits(),
    }
}

#[inline]
pub(crate) fn tri(op: Tri, a: u32, b: u32, c: u32) -> u32 {
    match op {
        Tri::Select => {
            if a != 0 {
                b
            } else {
                c
            }
        }
        Tri::Fma => f(a).mul_add(f(b), f(c)).to_bits(),
        Tri::Mix => (f(a) * (1.0 - f(c)) + f(b) * f(c)).to_bits(),
        Tri::Smoothstep => {
            let t = ((f(c) - f(a)) / (f(b) - f(a))).clamp(0.0, 1.0);
            (t * t * (3.0 - 2.0 * t)).to_bits()
        }
        Tri::ExtractU => extract(a, b, c).0,
        Tri::ExtractS => {
            let (bits, count) = extract(a, b, c);
            let unused = 32 - count;
            if count == 0 { 0 } else { (s(bits << unused) >> unused) as u32 }
        }
    }
}

/// A number of 16 bits: a sign, five bits of the exponent, ten of the fraction.
fn half(bits: u32) -> f32 {
    let (exponent, fraction) = ((bits >> 10) & 0x1f, bits & 0x3ff);
    let size = match (exponent, fraction) {
        (0, _) => fraction as f32 * 2_f32.powi(-24),
        (0x1f, 0) => f32::INFINITY,
        (0x1f, _) => f32::NAN,
        _ => (0x400 | fraction) as f32 * 2_f32.powi(exponent as i32 - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// `count` bits from `offset` on, as many of them as there are.
fn extract(bits: u32, offset: u32, count: u32) -> (u32, u32) {
    let offset = offset.min(32);
    let count = count.min(32 - offset);
    let mask = 1_u32.checked_shl(count).map_or(u32::MAX, |bit| bit - 1);
    (bits.checked_shr(offset).unwrap_or(0) & mask, count)
}

/// `x · 2^exponent`, in steps that do not overflow on the way.
fn ldexp(x: f32, exponent: i32) -> f32 {
    let half = exponent.clamp(-300, 300) / 2;
    let rest = exponent.clamp(-300, 300) - half;
    (f64::from(x) * f64::from(half).exp2() * f64::from(rest).exp2()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(op: Un, x: f32) -> u32 {
        un(op, x.to_bits())
    }

    #[test]
    fn integers_wrap_and_division_by_zero_has_a_value() {
        let min = i32::MIN as u32;
        assert_eq!(bin(Bin::AddI, u32::MAX, 2), 1);
        assert_eq!(bin(Bin::MulI, 0x8000_0001, 2), 2);
        assert_eq!(bin(Bin::DivU, 7, 0), 7);
        assert_eq!(bin(Bin::RemU, 7, 0), 0);
        assert_eq!(bin(Bin::DivS, -7_i32 as u32, 0), -7_i32 as u32);
        assert_eq!(bin(Bin::RemS, -7_i32 as u32, 0), 0);
        assert_eq!(bin(Bin::DivS, min, u32::MAX), min);
        assert_eq!(bin(Bin::RemS, min, u32::MAX), 0);
        assert_eq!(bin(Bin::DivS, -7_i32 as u32, 2), -3_i32 as u32);
        assert_eq!(bin(Bin::RemS, -7_i32 as u32, 2), -1_i32 as u32);
        assert_eq!(un(Un::AbsS, min), min);
        assert_eq!(un(Un::NegI, min), min);
    }

    #[test]
    fn halves_of_a_word_are_numbers() {
        let both = |word| [Un::HalfLow, Un::HalfHigh].map(|half| f(un(half, word)));
        assert_eq!(both(0xc000_3c01), [1.0 + 1.0 / 1024.0, -2.0]);
        assert_eq!(both(0x7bff_0001), [2_f32.powi(-24), 65_504.0]);
        assert_eq!(both(0x7c00_8000), [-0.0, f32::INFINITY]);
        assert_eq!(both(0x03ff_0400), [2_f32.powi(-14), 1023.0 * 2_f32.powi(-24)]);
        assert!(both(0x7e00).iter().any(|x| x.is_nan()));
    }

    #[test]
    fn shifts_count_modulo_32() {
        assert_eq!(bin(Bin::Shl, 1, 33), 2);
        assert_eq!(bin(Bin::ShrU, 0x8000_0000, 31), 1);
        assert_eq!(bin(Bin::ShrS, 0x8000_0000, 31), u32::MAX);
    }

    #[test]
    fn conversions_stop_at_the_ends() {
        assert_eq!(float(Un::FToU, -3.5), 0);
        assert_eq!(float(Un::FToU, 1e20), 4_294_967_040);
        assert_eq!(float(Un::FToS, 1e20) as i32, 2_147_483_520);
        assert_eq!(float(Un::FToS, -1e20) as i32, i32::MIN);
        assert_eq!(float(Un::FToS, -3.9) as i32, -3);
    }

    #[test]
    fn bits_are_counted_from_either_end() {
        assert_eq!(un(Un::FirstLeadingU, 0), u32::MAX);
        assert_eq!(un(Un::FirstLeadingU, 0x0001_0000), 16);
        assert_eq!(un(Un::FirstLeadingS, -1_i32 as u32), u32::MAX);
        assert_eq!(un(Un::FirstLeadingS, -2_i32 as u32), 0);
        assert_eq!(un(Un::FirstTrailing, 0), u32::MAX);
        assert_eq!(un(Un::FirstTrailing, 40), 3);
        assert_eq!(tri(Tri::ExtractU, 0xabcd, 4, 8), 0xbc);
        assert_eq!(tri(Tri::ExtractS, 0xabcd, 4, 8), 0xffff_ffbc);
        assert_eq!(tri(Tri::ExtractU, 0xabcd, 0, 40), 0xabcd);
        assert_eq!(tri(Tri::ExtractU, 0xabcd, 33, 4), 0);
        assert_eq!(tri(Tri::ExtractS, 0xabcd, 33, 4), 0);
    }

    #[test]
    fn rounding_goes_to_the_even_neighbor() {
        assert_eq!(f(float(Un::Round, 2.5)), 2.0);
        assert_eq!(f(float(Un::Round, -3.5)), -4.0);
        assert_eq!(f(float(Un::Fract, -0.25)), 0.75);
        assert_eq!(f(float(Un::SignF, -0.0)), 0.0);
        assert_eq!(f(bin(Bin::Ldexp, 1.5_f32.to_bits(), -140_i32 as u32)), 1.5 * 2_f32.powi(-140));
    }
}

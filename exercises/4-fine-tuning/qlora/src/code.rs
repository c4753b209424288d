//! The codes: which number each pattern of bits stands for, as a share of its block's absmax.

use std::sync::LazyLock;

/// A code of four bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// 4-bit NormalFloat: levels where the numbers of a bell curve are.
    Nf4,
    /// A float of four bits: a sign, two bits of exponent, one of fraction.
    Fp4,
}

impl Code {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Nf4, Self::Fp4];

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nf4 => "NF4",
            Self::Fp4 => "FP4",
        }
    }

    /// What each code from 0 to 15 stands for; those of FP4 do not ascend, and two of them are 0.
    ///
    /// Source: bitsandbytes 0.50.2, `functional.get_4bit_type`.
    pub fn levels(self) -> &'static [f32; 16] {
        match self {
            Self::Nf4 => &NF4,
            Self::Fp4 => &FP4,
        }
    }
}

/// To all the digits that f32 keeps.
const NF4: [f32; 16] = [
    -1.0,
    -0.696_192_8,
    -0.525_073_05,
    -0.394_917_5,
    -0.284_441_38,
    -0.184_773_43,
    -0.091_050_036,
    0.0,
    0.079_580_3,
    0.160_930_2,
    0.246_112_3,
    0.337_915_24,
    0.440_709_83,
    0.562_617,
    0.722_956_84,
    1.0,
];

/// 0, 1/192, 2/3, 1, 1/3, 1/2, 1/6 and 1/4, and the same below 0.
const FP4: [f32; 16] = [
    0.0,
    0.005_208_333_5,
    0.666_666_7,
    1.0,
    0.333_333_34,
    0.5,
    0.166_666_67,
    0.25,
    0.0,
    -0.005_208_333_5,
    -0.666_666_7,
    -1.0,
    -0.333_333_34,
    -0.5,
    -0.166_666_67,
    -0.25,
];

/// The 256 levels of the dynamic 8-bit code, ascending: seven decades from 10⁻⁶ to 1, with one more
/// bit of fraction in each, besides 0 and 1. Level 127 is 0.
///
/// Source: Dettmers and others, 2021, section 1.3 ("dynamic tree quantization"); bitsandbytes,
/// `functional.create_dynamic_map`.
pub fn dynamic_levels() -> &'static [f32; 256] {
    static LEVELS: LazyLock<[f32; 256]> = LazyLock::new(|| {
        let mut levels = vec![0.0, 1.0];
        for (decade, exponent) in (-6..=0).enumerate() {
            let parts = 1_usize << decade;
            // The bounds of equal parts from 0.1 to 1, rounded as PyTorch rounds them.
            let (low, high) = (f64::from(0.1_f32), 1.0);
            let step = f64::from((1.0 - 0.1_f32) / parts as f32);
            let bound = |i: usize| match i < parts.div_ceil(2) {
                true => (low + step * i as f64) as f32,
                false => (high - step * (parts - i) as f64) as f32,
            };
            let scale = 10_f64.powi(exponent) as f32;
            for i in 0..parts {
                let mean = scale * ((bound(i) + bound(i + 1)) / 2.0);
                levels.extend([mean, -mean]);
            }
        }
        levels.sort_by(f32::total_cmp);
        let mut all = [0.0; 256];
        all.copy_from_slice(&levels);
        all
    });
    &LEVELS
}

/// The number below which a share `p` of a standard normal distribution lies: Φ⁻¹(p), for `p` above
/// 0 and below 1, to about 10⁻¹⁵.
pub fn normal_quantile(p: f64) -> f64 {
    let below = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if below(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

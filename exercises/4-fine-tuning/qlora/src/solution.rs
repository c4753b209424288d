//! The reference: codes of 4 and 8 bits, and a layer that computes with them.

use std::ops::Range;

use lora::solution::{lora_backward, lora_forward};
use lora::{LoraLinear, add_scaled, dot};
use qlora::{
    Absmax, Base, Blocks, Code, Doubled, Int8, NESTED, Packed, QloraError, Slopes, dynamic_levels,
    expect_absmax, expect_finite, expect_rows, normal_quantile,
};

/// The levels of a NormalFloat of so many bits: `2^bits` numbers, ascending, from −1 to 1.
///
/// They are quantiles of the standard normal distribution, Φ⁻¹, of which the last is 1 once all are
/// divided by it. With `half = 2^(bits − 1)` and
///
/// ```text
/// far = 1 − (1 / (4 · half) + 1 / (4 · half − 2)) / 2
/// above 0:  Φ⁻¹ at `half` shares, equally far apart, from far down to before 0.5
/// at 0:     0
/// below 0:  −Φ⁻¹ at `half − 1` shares, equally far apart, from far down to before 0.5
/// ```
///
/// where *before 0.5* means that 0.5 would be the next share. Φ⁻¹ is [`qlora::normal_quantile`].
/// To 10⁻⁶; `levels[half − 1]` is exactly 0, the first −1, the last 1.
///
/// # Errors
/// [`QloraError::Bits`] unless bits are from 2 to 8.
///
/// Source: Dettmers and others, 2023, section 3 and appendix E.
pub fn normal_float(bits: u32) -> Result<Vec<f32>, QloraError> {
    if !(2..=8).contains(&bits) {
        return Err(QloraError::Bits(bits));
    }
    // BEGIN ANSWER
    let half = 1 << (bits - 1);
    let far = 1.0 - (1.0 / (4.0 * f64::from(half)) + 1.0 / (4.0 * f64::from(half) - 2.0)) / 2.0;
    let quantiles = |count: i32| {
        let share = move |i: i32| far + (0.5 - far) * f64::from(i) / f64::from(count);
        (0..count).map(move |i| normal_quantile(share(i)) / normal_quantile(far))
    };
    let below = quantiles(half - 1).map(|x| -x);
    let above = quantiles(half).collect::<Vec<_>>().into_iter().rev();
    Ok(below.chain([0.0]).chain(above).map(|x| x as f32).collect())
    // END ANSWER
}

/// Quantizes numbers in blocks of `block`: for each the code, which is the index of the level next to
/// it once it is a share of its block's absmax, the largest absolute value of the block.
///
/// All in f32, and in this order:
///
/// ```text
/// a whole block:      absmax = max |x|,                 share = x · (1 / max(absmax, 1e-38))
/// a shorter last one: absmax = max(max |x|, 1e-38),     share = x / absmax
/// code = how many i there are with (levels[i] + levels[i + 1]) / 2 < share
/// ```
///
/// So a share in the middle between two levels becomes the lower one. `levels` ascend, and some may be
/// equal. An empty list has no blocks.
///
/// # Errors
/// [`QloraError::Levels`] unless there are from 1 to 256; [`QloraError::EmptyBlock`];
/// [`QloraError::Number`] for NaN and ±∞.
///
/// Source: bitsandbytes 0.50.2, `quantize_blockwise` in `backends/default/ops.py`.
pub fn quantize_blocks(
    numbers: &[f32],
    levels: &[f32],
    block: usize,
) -> Result<Blocks, QloraError> {
    if !(1..=256).contains(&levels.len()) {
        return Err(QloraError::Levels(levels.len()));
    }
    if block == 0 {
        return Err(QloraError::EmptyBlock);
    }
    expect_finite(numbers)?;
    // BEGIN ANSWER
    let middles: Vec<f32> = levels.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
    let mut blocks = Blocks { codes: Vec::with_capacity(numbers.len()), absmax: Vec::new() };
    for numbers in numbers.chunks(block) {
        let largest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let divisor = largest.max(1e-38);
        let is_whole = numbers.len() == block;
        blocks.absmax.push(if is_whole { largest } else { divisor });
        let inverse = 1.0 / divisor;
        blocks.codes.extend(numbers.iter().map(|&x| {
            let share = if is_whole { x * inverse } else { x / divisor };
            middles.iter().map(|&middle| u8::from(middle < share)).sum::<u8>()
        }));
    }
    Ok(blocks)
    // END ANSWER
}

/// Packs numbers into 4 bits each, as [`quantize_blocks`] finds the levels of `code`.
///
/// The code of a level is its index in [`Code::levels`], whose levels of FP4 do not ascend: sort
/// them first. Of its two zeros the lower one is code 0, and the upper one is code 8. A byte has two
/// codes, the first in its upper four bits; behind an odd number of numbers comes the code of 0.
/// `absmax` is [`Absmax::Plain`].
///
/// # Errors
/// As [`quantize_blocks`].
///
/// Source: bitsandbytes 0.50.2, `functional.quantize_4bit`.
pub fn quantize_4bit(numbers: &[f32], code: Code, block: usize) -> Result<Packed, QloraError> {
    // BEGIN ANSWER
    let mut order: Vec<u8> = (0..16).collect();
    let level = |code_of_level: u8| code.levels()[usize::from(code_of_level)];
    // A stable sort: of two equal levels the smaller code stays first.
    order.sort_by(|&a, &b| level(a).total_cmp(&level(b)));
    let levels: Vec<f32> = order.iter().map(|&c| level(c)).collect();
    let Blocks { mut codes, absmax } = quantize_blocks(numbers, &levels, block)?;
    if codes.len() % 2 == 1 {
        codes.push(7);
    }
    let pack = |pair: &[u8]| order[usize::from(pair[0])] << 4 | order[usize::from(pair[1])];
    Ok(Packed {
        code,
        block,
        len: numbers.len(),
        bytes: codes.chunks_exact(2).map(pack).collect(),
        absmax: Absmax::Plain(absmax),
    })
    // END ANSWER
}

/// Quantizes the absmax of all blocks once more.
///
/// `offset` is their mean, summed in f64 and rounded to f32, or 0 if there are none. What each has
/// more than the mean, a difference in f32, is quantized by [`quantize_blocks`] with the levels of
/// [`dynamic_levels`](qlora::dynamic_levels) in blocks of [`NESTED`].
///
/// # Errors
/// [`QloraError::Number`] for NaN, ∞ and what is below 0.
///
/// Source: Dettmers and others, 2023, section 3; bitsandbytes, `compress_statistics`.
pub fn double_quantize(absmax: &[f32]) -> Result<Doubled, QloraError> {
    expect_absmax(absmax)?;
    // BEGIN ANSWER
    let sum: f64 = absmax.iter().map(|&m| f64::from(m)).sum();
    let offset = (sum / absmax.len().max(1) as f64) as f32;
    let differences: Vec<f32> = absmax.iter().map(|m| m - offset).collect();
    let Blocks { codes, absmax } = quantize_blocks(&differences, dynamic_levels(), NESTED)?;
    Ok(Doubled { codes, absmax, offset })
    // END ANSWER
}

/// The absmax of one block of weights, from 0, in f32: as it is, or if it was quantized itself,
///
/// ```text
/// level of its code · absmax of its 256 + offset
/// ```
///
/// # Errors
/// Those of [`Absmax::expect_block`].
pub fn absmax_of(absmax: &Absmax, block: usize) -> Result<f32, QloraError> {
    absmax.expect_block(block)?;
    // BEGIN ANSWER
    Ok(match absmax {
        Absmax::Plain(absmax) => absmax[block],
        Absmax::Doubled(Doubled { codes, absmax, offset }) => {
            dynamic_levels()[usize::from(codes[block])] * absmax[block / NESTED] + offset
        }
    })
    // END ANSWER
}

/// Writes the numbers of a range, as they were before packing or nearly so, into `out`: for each the
/// level of its code times its block's absmax ([`absmax_of`]), in f32. Whether a 0 is −0 does not
/// count.
///
/// It computes no other number: a range of ten is as cheap in a large matrix as in a small one.
///
/// # Errors
/// Those of [`Packed::expect_fits`], before anything is written.
///
/// Source: bitsandbytes, `functional.dequantize_4bit`.
pub fn dequantize_4bit(
    packed: &Packed,
    range: Range<usize>,
    out: &mut [f32],
) -> Result<(), QloraError> {
    packed.expect_fits(&range, out)?;
    // BEGIN ANSWER
    let levels = packed.code.levels();
    let mut i = range.start;
    let mut rest = out;
    while !rest.is_empty() {
        let absmax = absmax_of(&packed.absmax, i / packed.block)?;
        let here = (packed.block - i % packed.block).min(rest.len());
        let (numbers, behind) = rest.split_at_mut(here);
        for (number, i) in numbers.iter_mut().zip(i..) {
            let byte = packed.bytes[i / 2];
            let code = if i % 2 == 0 { byte >> 4 } else { byte & 15 };
            *number = levels[usize::from(code)] * absmax;
        }
        i += here;
        rest = behind;
    }
    Ok(())
    // END ANSWER
}

/// Quantizes a matrix, row by row, to whole numbers from −127 to 127:
///
/// ```text
/// absmax = max |x| of the row,   factor = 127 · (1 / absmax)
/// code = x · factor, rounded, halves to the even neighbor
/// ```
///
/// in f32, step by step. Where the factor is no finite f32, as in a row of zeros, all codes are 0.
///
/// # Errors
/// Those of [`expect_rows`].
///
/// Source: Dettmers and others, 2022, section 2.1 (vector-wise); bitsandbytes,
/// `int8_vectorwise_quant` without a threshold.
pub fn quantize_int8(numbers: &[f32], cols: usize) -> Result<Int8, QloraError> {
    let rows = expect_rows(numbers, cols)?;
    // BEGIN ANSWER
    let mut int8 = Int8 { codes: Vec::new(), absmax: Vec::with_capacity(rows) };
    for row in numbers.chunks(cols.max(1)) {
        let absmax = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let factor = 127.0 * (1.0 / absmax);
        let factor = if factor.is_finite() { factor } else { 0.0 };
        int8.codes.extend(row.iter().map(|x| (x * factor).round_ties_even() as i8));
        int8.absmax.push(absmax);
    }
    Ok(int8)
    // END ANSWER
}

/// The layer of QLoRA: `Y = X W + scale · (X Aᵀ) Bᵀ`, with `W` packed and `A`, `B` in f32. `x` are
/// rows of `inputs` numbers; what comes back are rows of `outputs`. The second term is that of
/// [`lora::solution::lora_forward`]. Sums may be f32 or f64.
///
/// At no time is more of `W` in f32 than one row of it, `outputs` numbers ([`dequantize_4bit`]).
///
/// # Errors
/// Those of [`Base::expect_fits`].
///
/// Source: Dettmers and others, 2023, equation 5.
pub fn qlora_forward(
    x: &[f32],
    base: &Base,
    lora: &LoraLinear<'_>,
) -> Result<Vec<f32>, QloraError> {
    let rows = base.expect_fits(x, lora)?;
    // BEGIN ANSWER
    let Base { inputs, outputs, weight } = base;
    let mut y = vec![0.0; rows * outputs];
    let mut row = vec![0.0; *outputs];
    for i in 0..*inputs {
        dequantize_4bit(weight, i * outputs..(i + 1) * outputs, &mut row)?;
        for (x, y) in x.chunks_exact(*inputs).zip(y.chunks_exact_mut(*outputs)) {
            add_scaled(y, x[i], &row);
        }
    }
    lora_forward(lora, x, &mut y)?;
    Ok(y)
    // END ANSWER
}

/// The way back through [`qlora_forward`]: from `dy`, the slopes along what it returned, those along
/// `x`, `A` and `B`. With `G = scale · dY B`,
///
/// ```text
/// dX = dY Wᵀ + G A      dA = Gᵀ X      dB = scale · dYᵀ (X Aᵀ)
/// ```
///
/// There is none along `W`, which is frozen. All but `dY Wᵀ` is in
/// [`lora::solution::lora_backward`]. At no time is more of `W` in f32 than one row.
///
/// # Errors
/// Those of [`Base::expect_slopes`].
pub fn qlora_backward(
    x: &[f32],
    base: &Base,
    lora: &LoraLinear<'_>,
    dy: &[f32],
) -> Result<Slopes, QloraError> {
    let rows = base.expect_slopes(x, lora, dy)?;
    // BEGIN ANSWER
    let Base { inputs, outputs, weight } = base;
    let mut dx = vec![0.0; x.len()];
    let mut row = vec![0.0; *outputs];
    for i in 0..*inputs {
        dequantize_4bit(weight, i * outputs..(i + 1) * outputs, &mut row)?;
        for (dx, dy) in dx.chunks_exact_mut(*inputs).zip(dy.chunks_exact(*outputs)) {
            dx[i] = dot(dy, &row);
        }
    }
    let (mut da, mut db) = (vec![0.0; lora.a.len()], vec![0.0; lora.b.len()]);
    // X Aᵀ, as the way forward has it; what that adds to does not count.
    let xa = lora_forward(lora, x, &mut vec![0.0; rows * outputs])?;
    let slopes = lora::Slopes { da: &mut da, db: &mut db, dx: &mut dx };
    lora_backward(lora, x, &xa, dy, slopes)?;
    Ok(Slopes { dx, da, db })
    // END ANSWER
}

/// The source of a kernel that multiplies with a matrix in NF4; what it binds is said in the file.
pub fn nf4_matmul_wgsl() -> &'static str {
    include_str!("../kernels/solution/nf4_matmul.wgsl")
}

//! Numbers of 16 bits, held to the nearest of all 65,536.

use grading::draw;
use grading::{Outcome, differential, expect, expect_same};

use crate::example::{of_f16, rounded_f16};
use crate::{Answers, SOLUTION};

/// The number at a place of what was packed.
fn half(words: &[u32], i: usize) -> u16 {
    (words[i / 2] >> (16 * (i % 2))) as u16
}

fn expect_words(words: &[u32], count: usize) -> Outcome {
    let what = format!("the words of {}", grading::numbers::counted(count, "number"));
    expect_same(&what, &words.len(), &count.div_ceil(2))
}

/// Fails unless each number became the nearest one.
fn expect_nearest(answers: &Answers, x: &[f32]) -> Outcome {
    let words = (answers.pack_f16)(x);
    expect_words(&words, x.len())?;
    for (i, &x) in x.iter().enumerate() {
        let (want, bits) = (rounded_f16(f64::from(x)), half(&words, i));
        let got = of_f16(bits);
        let same = match want.is_nan() {
            true => got.is_nan(),
            false => got == want && got.is_sign_negative() == want.is_sign_negative(),
        };
        expect(same, || {
            format!("number {i}, {x:e}: expected {want:e}, got {got:e}, the bits {bits:#06x}")
        })?;
    }
    Ok(())
}

pub fn two_numbers_share_a_word(answers: &Answers) -> Outcome {
    for (x, want) in [
        (&[1.0_f32, -2.0][..], &[0xc000_3c00_u32][..]),
        (&[0.5], &[0x0000_3800]),
        (&[1.5, 0.25, -1.0], &[0x3400_3e00, 0x0000_bc00]),
        (&[], &[]),
        (&[0.0, 65_504.0, 3.0, 7.0, -0.125], &[0x7bff_0000, 0x4700_4200, 0x0000_b000]),
    ] {
        let hex = |words: &[u32]| words.iter().map(|word| format!("{word:#010x}")).collect();
        let (got, want): (Vec<String>, Vec<String>) = (hex(&(answers.pack_f16)(x)), hex(want));
        expect(got == want, || format!("{x:?}: expected the words {want:?}, got {got:?}"))?;
    }
    // Where a number goes depends on its place alone.
    let many: Vec<f32> = (0_u32..140_001).map(|i| (i % 2001) as f32).collect();
    expect_nearest(answers, &many)
}

/// All numbers of 16 bits, from 0 up, then from −0 down.
fn all() -> Vec<f32> {
    (0..=u16::MAX).map(|bits| of_f16(bits) as f32).collect()
}

pub fn what_16_bits_hold_comes_back(answers: &Answers) -> Outcome {
    let all = all();
    let words = (answers.pack_f16)(&all);
    expect_words(&words, all.len())?;
    for (bits, x) in (0..=u16::MAX).zip(&all) {
        let got = half(&words, usize::from(bits));
        let same = got == bits || x.is_nan() && of_f16(got).is_nan();
        expect(same, || format!("{x:e}: expected the bits {bits:#06x}, got {got:#06x}"))?;
    }
    Ok(())
}

pub fn nearest_is_taken(answers: &Answers) -> Outcome {
    // Halfway between each two neighbors, and the next number of 32 bits to either side of it.
    let all = all();
    let mut x = Vec::new();
    for pair in all[..0x7c00].windows(2) {
        let middle = f32::midpoint(pair[0], pair[1]);
        x.extend([middle, middle.next_up(), middle.next_down(), -middle]);
    }
    expect_nearest(answers, &x)
}

pub fn ends_are_met(answers: &Answers) -> Outcome {
    let (first, tiny) = (2_f32.powi(-14), 2_f32.powi(-24));
    let mut x = vec![
        65_504.0,
        65_519.0,
        65_520.0_f32.next_down(),
        65_520.0,
        65_536.0,
        1e30,
        f32::MAX,
        f32::INFINITY,
        first,
        first.next_down(),
        first.next_up(),
        first - tiny / 2.0,
        tiny,
        tiny / 2.0,
        (tiny / 2.0).next_up(),
        tiny * 1.5,
        tiny / 3.0,
        f32::MIN_POSITIVE,
        f32::from_bits(1),
        0.0,
        f32::NAN,
        f32::from_bits(0x7f80_0001),
        f32::from_bits(0x7f80_2000),
        f32::from_bits(0x7fff_ffff),
    ];
    x.extend(x.clone().iter().map(|x| -x));
    expect_nearest(answers, &x)
}

pub fn packing_agrees(answers: &Answers) -> Outcome {
    differential((draw::list(draw::any_f32(), 0..=300), draw::any_u64()), |(x, seed)| {
        let scale = [1.0, 1.0, 2_f32.powi(-20), 1e3][(seed % 4) as usize];
        let x: Vec<f32> = x.iter().map(|x| x * scale).collect();
        let (got, want) = ((answers.pack_f16)(&x), (SOLUTION.pack_f16)(&x));
        expect_words(&got, x.len())?;
        for (i, x) in x.iter().enumerate() {
            let (got, want) = (half(&got, i), half(&want, i));
            let same = got == want || of_f16(got).is_nan() && of_f16(want).is_nan();
            expect(same, || {
                format!("number {i}, {x:e}: expected the bits {want:#06x}, got {got:#06x}")
            })?;
        }
        // Behind an odd count there is a 0.
        let last = got.last().map_or(0, |last| last >> 16);
        expect(x.len().is_multiple_of(2) || last == 0, || {
            format!("behind {} numbers: expected the bits 0, got {last:#06x}", x.len())
        })
    })
}

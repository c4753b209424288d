//! Levels, and the codes of blocks.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect, expect_bits, expect_close,
    expect_eq, expect_error_is, expect_same,
};
use rand::RngExt;

use crate::oracle::{floats, golden};
use crate::{Answers, Blocks, Code, QloraError, SOLUTION, dynamic_levels};

const LEVELS: Tolerance = Tolerance { rtol: 0.0, atol: 1e-6 };

pub fn normal_float_has_its_levels(answers: &Answers) -> Outcome {
    let golden = golden()?;
    // What is given is what bitsandbytes has.
    expect_bits("the given dynamic code", dynamic_levels(), &floats(&golden.dynamic))?;
    for (bits, want) in &golden.normal_float {
        let got = (answers.normal_float)(*bits)?;
        expect_close(&format!("the levels of {bits} bits"), &[], &got, want, LEVELS)?;
    }
    let got = (answers.normal_float)(4)?;
    expect_close("the levels of NF4", &[], &got, Code::Nf4.levels(), LEVELS)?;
    for bits in [2, 5, 8] {
        let got = (answers.normal_float)(bits)?;
        let (half, last) = (1 << (bits - 1), (1 << bits) - 1);
        let ends = [got[0], got[half - 1], got[last]];
        expect_same(
            &format!("level 0, {} and {last} of {bits} bits", half - 1),
            &ends,
            &[-1.0, 0.0, 1.0],
        )?;
    }
    Ok(())
}

pub fn normal_floats_agree(answers: &Answers) -> Outcome {
    for bits in (0..=9).chain([10, 31, 32, 33, 64, u32::MAX]) {
        let what = format!("the levels of {bits} bits");
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.normal_float)(bits));
        agree(&what, got, want, |got, want| expect_close(&what, &[], got, want, LEVELS))?;
    }
    Ok(())
}

pub fn numbers_go_to_the_next_level(answers: &Answers) -> Outcome {
    // Every number here, and every middle, is exact. A block begins with its absmax.
    let levels = [-1.0, -0.25, 0.0, 0.5, 0.75];
    let shares =
        [1.0, -1.0, -0.625, -0.609_375, -0.125, -0.0, 0.25, 0.250_976_56, 0.5, 0.625, 0.75];
    let codes = [4, 0, 0, 1, 1, 2, 2, 3, 3, 3, 4];
    for absmax in [1.0_f32, 0.125, 4096.0] {
        let numbers: Vec<f32> = shares.iter().map(|share| absmax * share).collect();
        for block in [shares.len(), 64] {
            let got = (answers.quantize_blocks)(&numbers, &levels, block)?;
            let what = format!("codes of {numbers:?} among {levels:?} in blocks of {block}");
            expect_eq(&what, &got.codes, &codes)?;
        }
    }
    // No other level is nearer.
    let mut rng = seeded(11);
    let numbers: Vec<f32> = (0..500).map(|_| rng.random_range(-3.0..3.0_f32).powi(3)).collect();
    for (levels, block) in [(Code::Nf4.levels().as_slice(), 37), (dynamic_levels().as_slice(), 100)]
    {
        let got = (answers.quantize_blocks)(&numbers, levels, block)?;
        expect_same("how many codes there are", &got.codes.len(), &numbers.len())?;
        for (i, (&x, &code)) in numbers.iter().zip(&got.codes).enumerate() {
            let of_block = &numbers[i / block * block..][..block.min(500 - i / block * block)];
            let absmax = of_block.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
            let share = f64::from(x) / f64::from(absmax);
            let off = |level: &f32| (f64::from(*level) - share).abs();
            let least = levels.iter().map(off).fold(f64::MAX, f64::min);
            let level = levels.get(usize::from(code));
            expect(level.is_some_and(|level| off(level) <= least + 1e-6), || {
                format!(
                    "number {i}, {x}, is {share:.6} of its block's absmax: code {code} stands for \
                     {level:?}, but a level is only {least:.6} away, among {} levels",
                    levels.len()
                )
            })?;
        }
    }
    Ok(())
}

pub fn each_block_has_its_own_absmax(answers: &Answers) -> Outcome {
    let numbers = [1.0, -4.0, 2.0, 0.5, 0.0, 0.25, -0.0, 0.0, 0.0, 8.0, -8.0];
    let levels = [-1.0, -0.5, 0.0, 0.5, 1.0];
    let cases: [(usize, &[f32], &[u8]); 5] = [
        (3, &[4.0, 0.5, 0.0, 8.0], &[2, 0, 3, 4, 2, 3, 2, 2, 2, 4, 0]),
        (2, &[4.0, 2.0, 0.25, 0.0, 8.0, 8.0], &[2, 0, 4, 2, 2, 4, 2, 2, 2, 4, 0]),
        (
            1,
            &[1.0, 4.0, 2.0, 0.5, 0.0, 0.25, 0.0, 0.0, 0.0, 8.0, 8.0],
            &[4, 0, 4, 4, 2, 4, 2, 2, 2, 4, 0],
        ),
        (11, &[8.0], &[2, 1, 2, 2, 2, 2, 2, 2, 2, 4, 0]),
        (100, &[8.0], &[2, 1, 2, 2, 2, 2, 2, 2, 2, 4, 0]),
    ];
    for (block, absmax, codes) in cases {
        let got = (answers.quantize_blocks)(&numbers, &levels, block)?;
        let what = |of: &str| format!("{of} of {numbers:?} in blocks of {block}");
        expect_bits(&what("absmax"), &got.absmax, absmax)?;
        expect_eq(&what(&format!("codes among {levels:?}")), &got.codes, codes)?;
    }
    // 1e-38 is the least divisor, and the least absmax of a shorter block only.
    for (numbers, absmax, codes) in [([0.0; 2], 0.0, [2, 2]), ([1e-39, -8e-39], 8e-39, [2, 0])] {
        let whole = (answers.quantize_blocks)(&numbers, &levels, 2)?;
        let shorter = (answers.quantize_blocks)(&numbers, &levels, 3)?;
        expect_same(
            &format!("{numbers:?} as a whole block, and as a shorter one"),
            &[whole, shorter],
            &[absmax, 1e-38].map(|absmax| Blocks { codes: codes.into(), absmax: vec![absmax] }),
        )?;
    }
    let infinite = QloraError::Number { at: 1, value: f32::NEG_INFINITY };
    let got = (answers.quantize_blocks)(&[1.0, f32::NEG_INFINITY], &levels, 2);
    expect_error_is("an infinite number", got, &infinite)
}

pub fn blocks_agree(answers: &Answers) -> Outcome {
    let levels = draw::select(vec![
        Code::Nf4.levels().to_vec(),
        dynamic_levels().to_vec(),
        vec![0.25],
        vec![-1.0, -1.0, 0.0, 0.0, 1.0],
        (0..=256).map(|i| i as f32 / 128.0 - 1.0).collect(),
        vec![],
    ]);
    let block = draw::select(vec![64, 1, 2, 3, 5, 256, 4096, usize::MAX, 0]);
    let inputs = (numbers(), levels, block);
    Differential::cases(300).run(inputs, |(numbers, levels, block)| {
        let [got, want] =
            [answers, &SOLUTION].map(|of| (of.quantize_blocks)(numbers, levels, *block));
        agree("blocks", got, want, |got, want| {
            expect_bits("absmax", &got.absmax, &want.absmax)?;
            expect_eq("codes", &got.codes, &want.codes)
        })
    })?;
    // Shares at the middles, and beside them by one step of f32 or two.
    for absmax in [1.0, 3.7, 0.013, 5e20, 7e-30, 1.9] {
        let levels = Code::Nf4.levels();
        let mut numbers = vec![absmax];
        for pair in levels.windows(2) {
            let bits = ((pair[0] + pair[1]) / 2.0 * absmax).to_bits();
            numbers.extend((bits - 2..=bits + 2).map(f32::from_bits));
        }
        for block in [numbers.len(), 500] {
            let what =
                format!("{absmax} and what is {absmax} times a middle, in blocks of {block}");
            let [got, want] =
                [answers, &SOLUTION].map(|of| (of.quantize_blocks)(&numbers, levels, block));
            agree(&what, got, want, |got, want| {
                expect_eq(&format!("{what}: codes"), &got.codes, &want.codes)
            })?;
        }
    }
    // More codes than 16 bits count.
    let long: Vec<f32> = (0..70_001).map(|i| ((i * 37) % 1009) as f32 - 500.0).collect();
    let [got, want] =
        [answers, &SOLUTION].map(|of| (of.quantize_blocks)(&long, Code::Nf4.levels(), 64));
    agree("blocks of 70,001 numbers", got, want, |got, want| {
        expect_same("blocks of 70,001 numbers", got, want)
    })
}

/// Numbers as they are in weights, and as they are at the ends of f32.
pub fn numbers() -> impl Strategy<Value = Vec<f32>> {
    let number = draw::prop_oneof![
        8 => draw::between_f32(-2.0, 2.0),
        2 => draw::finite_f32(),
        1 => draw::select(vec![0.0, -0.0, 1.0, -1.0, 1e-38, 3e-39, -1e-45, f32::MAX, f32::MIN]),
    ];
    let any = draw::list(draw::any_f32(), 0..=9);
    draw::prop_oneof![6 => draw::list(number, 0..=200), 1 => any]
}

pub fn rows_are_those_of_bitsandbytes(answers: &Answers) -> Outcome {
    for case in golden()?.int8 {
        let numbers = floats(&case.numbers);
        let got = (answers.quantize_int8)(&numbers, case.cols)?;
        let what = format!("rows of {}", grading::numbers::counted(case.cols, "number"));
        expect_bits(&format!("{what}: absmax"), &got.absmax, &floats(&case.absmax))?;
        expect_eq(&format!("{what}: codes, row by row"), &got.codes, &case.codes)?;
    }
    // 127 / absmax is a power of two: halves are halves.
    let row = [0.5, 1.5, -0.5, -1.5, 2.5, 127.0, -126.5, 126.5];
    for scale in [1.0, 0.25, 1024.0] {
        let numbers = row.map(|x| scale * x);
        let got = (answers.quantize_int8)(&numbers, row.len())?;
        expect_eq(&format!("codes of {numbers:?}"), &got.codes, &[0, 2, 0, -2, 2, 127, -126, 126])?;
    }
    Ok(())
}

pub fn rows_agree(answers: &Answers) -> Outcome {
    let cols = draw::select(vec![1, 2, 3, 7, 50, 0]);
    differential((numbers(), cols, draw::option(draw::Just(()))), |(numbers, cols, ragged)| {
        let mut numbers = numbers.clone();
        if let (Some(()), Some(rest)) = (ragged, numbers.len().checked_rem(*cols)) {
            numbers.truncate(numbers.len() - rest);
        }
        let [got, want] = [answers, &SOLUTION].map(|of| (of.quantize_int8)(&numbers, *cols));
        agree("rows in 8 bits", got, want, |got, want| {
            expect_bits("absmax", &got.absmax, &want.absmax)?;
            expect_eq("codes", &got.codes, &want.codes)
        })
    })
}

//! Four bits a number, and back.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_error_is, expect_same,
};

use super::codes::numbers;
use crate::oracle::{floats, golden};
use crate::{Absmax, Answers, Code, Doubled, NESTED, Packed, QloraError, SOLUTION};

/// Of one product and one sum in f32.
const ROUNDED: Tolerance = Tolerance { rtol: 5e-7, atol: 0.0 };

fn same(what: &str, got: &Packed, want: &Packed) -> Outcome {
    let hex =
        |packed: &Packed| packed.bytes.iter().map(|b| format!("{b:#04x}")).collect::<Vec<_>>();
    expect_eq(&format!("{what}: bytes"), &hex(got), &hex(want))?;
    let sizes = |of: &Packed| (of.code, of.block, of.len);
    expect_same(&format!("{what}: code, block, len"), &sizes(got), &sizes(want))?;
    expect_same(&format!("{what}: absmax"), &got.absmax, &want.absmax)
}

pub fn bytes_are_those_of_bitsandbytes(answers: &Answers) -> Outcome {
    for case in golden()?.four_bits {
        let numbers = floats(&case.numbers);
        for code in Code::ALL {
            let got = (answers.quantize_4bit)(&numbers, code, case.block)?;
            let count = counted(numbers.len(), "number");
            let what = format!("{count} in {}, blocks of {}", code.name(), case.block);
            same(&what, &got, &case.packed(code).0)?;
        }
    }
    Ok(())
}

pub fn packing_agrees(answers: &Answers) -> Outcome {
    let code = draw::select(Code::ALL.to_vec());
    let block = draw::select(vec![64, 1, 3, 7, 32, usize::MAX, 0]);
    differential((numbers(), code, block), |(numbers, code, block)| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.quantize_4bit)(numbers, *code, *block));
        agree("packed", got, want, |got, want| same("packed", got, want))
    })
}

pub fn nested_is_that_of_bitsandbytes(answers: &Answers) -> Outcome {
    for case in golden()?.nested {
        let absmax = floats(&case.absmax);
        let got = (answers.double_quantize)(&absmax)?;
        let what = format!("{} absmax", absmax.len());
        // PyTorch sums in f32, in an order of its own.
        let of_mean = Tolerance { rtol: 1e-6, atol: 0.0 };
        let offset = f32::from_bits(case.offset);
        expect_close(&format!("{what}: offset"), &[], &[got.offset], &[offset], of_mean)?;
        let largest = Tolerance { rtol: 1e-5, atol: 0.0 };
        let nested = floats(&case.nested);
        expect_close(&format!("{what}: their absmax"), &[], &got.absmax, &nested, largest)?;
        expect_eq(&format!("{what}: codes"), &got.codes, &case.codes)?;
    }
    Ok(())
}

/// Multiples of 1/1024, whose sums are exact in any order.
fn absmax() -> impl Strategy<Value = Vec<f32>> {
    let size = draw::prop_oneof![
        6 => draw::between_f32(0.0, 64.0),
        1 => draw::select(vec![0.0, -0.0, 32.0, 1e6]),
    ];
    let exact = size.prop_map(|x| (x * 1024.0).round() / 1024.0);
    let any = draw::list(draw::any_f32(), 0..=5);
    draw::prop_oneof![6 => draw::list(exact, 0..=700), 1 => any]
}

pub fn doubling_agrees(answers: &Answers) -> Outcome {
    differential(absmax(), |absmax| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.double_quantize)(absmax));
        agree("doubled", got, want, |got, want| {
            expect_same("offset", &got.offset, &want.offset)?;
            expect_eq("absmax of absmax", &got.absmax, &want.absmax)?;
            expect_eq("codes", &got.codes, &want.codes)
        })
    })
}

pub fn absmax_comes_back(answers: &Answers) -> Outcome {
    for case in golden()?.nested {
        let (codes, absmax) = (case.codes.clone(), floats(&case.nested));
        let doubled = Doubled { codes, absmax, offset: f32::from_bits(case.offset) };
        let absmax = Absmax::Doubled(doubled);
        for (block, want) in floats(&case.again).into_iter().enumerate() {
            let got = (answers.absmax_of)(&absmax, block)?;
            let what = format!("the absmax of block {block} of {}", case.codes.len());
            expect_close(&what, &[], &[got], &[want], ROUNDED)?;
        }
    }
    let plain = Absmax::Plain(vec![3.0, 1.5]);
    expect_same("a plain absmax", &(answers.absmax_of)(&plain, 1)?, &1.5)?;
    let beyond = QloraError::NoBlock { block: 2, blocks: 2 };
    expect_error_is("block 2 of 2", (answers.absmax_of)(&plain, 2), &beyond)
}

fn stored() -> impl Strategy<Value = Absmax> {
    let plain = draw::list(draw::between_f32(0.0, 9.0), 0..=20).prop_map(Absmax::Plain);
    let doubled = (draw::list(draw::any_u64(), 0..=600), draw::select(vec![0_usize, 0, 0, 0, 1]));
    let doubled = doubled.prop_map(|(codes, more)| {
        let count = codes.len().div_ceil(NESTED) + more;
        let absmax = (0..count).map(|i| 0.5 + i as f32 / 8.0).collect();
        let codes = codes.into_iter().map(|code| (code % 256) as u8).collect();
        Absmax::Doubled(Doubled { codes, absmax, offset: 2.0 })
    });
    draw::prop_oneof![plain, doubled]
}

pub fn absmax_agree(answers: &Answers) -> Outcome {
    differential((stored(), 0..700_usize), |(absmax, block)| {
        let last = absmax.blocks().saturating_sub(1);
        for block in [*block, block % (last + 1), last] {
            let what = format!("the absmax of block {block}");
            let [got, want] = [answers, &SOLUTION].map(|of| (of.absmax_of)(absmax, block));
            agree(&what, got, want, |got, want| {
                expect_close(&what, &[], &[*got], &[*want], ROUNDED)
            })?;
        }
        Ok(())
    })?;
    // More blocks than 16 bits count.
    let codes: Vec<u8> = (0..70_001_u32).map(|i| (i % 251) as u8).collect();
    let plain = codes.iter().map(|&code| f32::from(code)).collect();
    let absmax = (0..codes.len().div_ceil(NESTED)).map(|i| 0.5 + i as f32).collect();
    for absmax in [Absmax::Plain(plain), Absmax::Doubled(Doubled { codes, absmax, offset: 2.0 })] {
        for block in [65_535, 65_536, 66_001, 69_999, 70_000] {
            let [got, want] = [answers, &SOLUTION].map(|of| (of.absmax_of)(&absmax, block));
            let what = format!("the absmax of block {block} of 70,001");
            expect_close(&what, &[], &[got?], &[want?], ROUNDED)?;
        }
    }
    Ok(())
}

pub fn numbers_come_back(answers: &Answers) -> Outcome {
    for case in golden()?.four_bits {
        for code in Code::ALL {
            let (packed, want) = case.packed(code);
            let mut got = vec![f32::NAN; want.len()];
            (answers.dequantize_4bit)(&packed, 0..want.len(), &mut got)?;
            let what = format!("{} back from {}", counted(want.len(), "number"), code.name());
            // −0 is 0 here.
            expect_eq(&what, &got, &want)?;
        }
    }
    // Code c of block b stands for 1 or −1, times the absmax.
    let absmax = Absmax::Plain(vec![1.0, 10.0, 100.0]);
    let bytes = vec![0xf0, 0x0f, 0xff, 0xf7];
    let packed = Packed { code: Code::Nf4, block: 3, len: 7, bytes, absmax };
    for (range, want) in [
        (0..7, &[1.0, -1.0, -1.0, 10.0, 10.0, 10.0, 100.0][..]),
        (1..4, &[-1.0, -1.0, 10.0]),
        (5..7, &[10.0, 100.0]),
        (4..5, &[10.0]),
        (7..7, &[]),
    ] {
        let mut got = vec![f32::NAN; want.len()];
        (answers.dequantize_4bit)(&packed, range.clone(), &mut got)?;
        expect_eq(&format!("numbers {range:?} of 7 in blocks of 3"), &got, want)?;
    }
    Ok(())
}

pub fn ranges_agree(answers: &Answers) -> Outcome {
    let block = draw::select(vec![1, 2, 3, 7, 64, usize::MAX]);
    let sizes = (draw::lengths(0..=300), block, draw::any_u64());
    let wrong = draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]);
    differential((sizes, (0..320_usize, 0..320_usize), wrong), |(sizes, ends, wrong)| {
        let (len, block, seed) = *sizes;
        let mut packed = drawn(len, block, seed);
        let (start, end) = (ends.0.min(ends.1), ends.0.max(ends.1));
        let (mut start, mut end) = if len == 0 { (0, 0) } else { (start % len, end % len + 1) };
        if end < start {
            (start, end) = (end, start);
        }
        let mut places = end - start;
        match wrong {
            1 => drop(packed.bytes.pop()),
            2 => places += 1,
            3 => packed.block = 0,
            4 => end = len + 1,
            5 => match &mut packed.absmax {
                Absmax::Plain(absmax) => absmax.push(1.0),
                Absmax::Doubled(doubled) => doubled.absmax.push(1.0),
            },
            _ => (),
        }
        let read = |of: &Answers| {
            let mut out = vec![-7.5; places];
            (of.dequantize_4bit)(&packed, start..end, &mut out).map(|()| out)
        };
        let what = format!("numbers {start}..{end}");
        agree(&what, read(answers), read(&SOLUTION), |got, want| {
            expect_close(&what, &[], got, want, ROUNDED)
        })
    })?;
    // More numbers than 16 bits count, and more blocks.
    let packed = drawn(150_001, 2, 12_345);
    for start in [65_530, 131_071, 149_990] {
        let [got, want] = [answers, &SOLUTION].map(|of| {
            let mut out = [f32::NAN; 11];
            (of.dequantize_4bit)(&packed, start..start + 11, &mut out).map(|()| out)
        });
        let what = format!("numbers {start}..{} of 150,001", start + 11);
        expect_close(&what, &[], &got?, &want?, ROUNDED)?;
    }
    Ok(())
}

/// Codes and scales drawn from a seed.
fn drawn(len: usize, block: usize, seed: u64) -> Packed {
    let blocks = len.div_ceil(block);
    let at = |i: usize| (seed.wrapping_mul(i as u64 + 3) >> 11) as u8;
    let absmax = match seed % 2 {
        0 => Absmax::Plain((0..blocks).map(|i| f32::from(at(i)) / 16.0).collect()),
        _ => Absmax::Doubled(Doubled {
            codes: (0..blocks).map(at).collect(),
            absmax: (0..blocks.div_ceil(NESTED)).map(|i| 0.5 + i as f32).collect(),
            offset: 0.75,
        }),
    };
    let bytes = (0..len.div_ceil(2)).map(|i| at(i + 1000)).collect();
    Packed { code: Code::ALL[(seed / 2 % 2) as usize], block, len, bytes, absmax }
}

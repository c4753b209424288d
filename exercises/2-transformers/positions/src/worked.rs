//! The numbers of the page.

use std::f64::consts::TAU;

use candle_core::{Device, Tensor};
use grading::numbers::{count, short};
use grading::{Failure, Outcome, Worked};
use tensor_test::flat;

use crate::example::{KEY, KEY_PAIR, QUERY, QUERY_PAIR};
use crate::oracle::dot;
use crate::solution::{alibi_slopes, frequencies, rope, sinusoidal};
use crate::{BASE, PositionError};

/// The numbers of a head of Llama 2 and 3, and the base of Llama 3
/// (<https://arxiv.org/abs/2307.09288>, <https://arxiv.org/abs/2407.21783>).
const LLAMA_HEAD_DIM: usize = 128;
const LLAMA_3_BASE: f64 = 500_000.0;

/// A context of the first Llama, and four times as much.
const TRAINED: usize = 2048;
const STRETCHED: usize = 8192;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let omega = frequencies(8, BASE)?;
    worked.set("frequencies", list(&omega, 3));
    let periods: Vec<String> = omega.iter().map(|w| period(*w)).collect();
    worked.set("periods", periods.join(", "));
    worked.set("row", list(&flat(&sinusoidal(4, 4)?.narrow(0, 3, 1)?)?, 3));

    // A pair at position 2 of the fastest hand.
    let pair = turn(&QUERY_PAIR, 2)?;
    worked.set("pair", list(&QUERY_PAIR, 1));
    worked.set("turned", list(&pair, 3));
    worked.set("length", short(dot(&QUERY_PAIR, &QUERY_PAIR).sqrt(), 3));
    worked.set("turned-length", short(dot(&pair, &pair).sqrt(), 3));
    worked.set("key", list(&KEY_PAIR, 1));
    let score = |m, n| -> Result<String, Failure> {
        Ok(short(dot(&turn(&QUERY_PAIR, m)?, &turn(&KEY_PAIR, n)?), 3))
    };
    worked.set("score-still", score(0, 0)?);
    worked.set("score-near", score(2, 1)?);
    worked.set("score-far", score(102, 101)?);
    worked.set("score-swapped", score(1, 2)?);

    let long = |x: [f32; 8], p| rotated(&x.map(f64::from), p);
    worked.set("score-4", short(dot(&long(QUERY, 7)?, &long(KEY, 3)?), 2));

    let slowest = |theta| -> Result<String, Failure> {
        let omega = frequencies(LLAMA_HEAD_DIM, theta)?;
        Ok(period(omega[LLAMA_HEAD_DIM / 2 - 1]))
    };
    worked.set("llama-dim", LLAMA_HEAD_DIM);
    worked.set("llama-2-slowest", slowest(BASE)?);
    worked.set("llama-3-slowest", slowest(LLAMA_3_BASE)?);

    let far = 100_000_f32;
    worked.set("f32-step", format!("{:.4}", far.next_up() - far));
    worked.set("bf16-step", bf16_step(1000.0));

    let slopes: Vec<String> =
        alibi_slopes(8)?.iter().map(|m| format!("1/{:.0}", 1.0 / m)).collect();
    worked.set("slopes", slopes.join(", "));
    worked.set("slopes-6", list(&alibi_slopes(6)?, 4));

    worked.set("trained", count(TRAINED as u64));
    worked.set("stretched", count(STRETCHED as u64));
    let last = (STRETCHED - 1) as f64 * TRAINED as f64 / STRETCHED as f64;
    let hundredths = format!("{:.2}", last.fract());
    worked.set("squeezed", count(last as u64) + hundredths.trim_start_matches('0'));
    worked.set("last", count(STRETCHED as u64 - 1));
    Ok(())
}

/// So many positions to a full turn.
fn period(omega: f64) -> String {
    let turn = TAU / omega;
    if turn < 100.0 { short(turn, 1) } else { count(turn.round() as u64) }
}

/// From one bf16 to the next: the upper half of an f32.
fn bf16_step(x: f32) -> f32 {
    let upper = x.to_bits() >> 16;
    f32::from_bits((upper + 1) << 16) - f32::from_bits(upper << 16)
}

/// A vector at a position, turned.
fn rotated(x: &[f64], position: usize) -> Result<Vec<f64>, PositionError> {
    let x = Tensor::from_slice(x, (1, 1, 1, x.len()), &Device::Cpu)?;
    Ok(flat(&rope(&x, position, BASE)?)?)
}

fn turn(pair: &[f64; 2], position: usize) -> Result<Vec<f64>, PositionError> {
    rotated(pair, position)
}

fn list(values: &[f64], digits: usize) -> String {
    let values: Vec<String> = values.iter().map(|&v| short(v, digits)).collect();
    values.join(", ")
}

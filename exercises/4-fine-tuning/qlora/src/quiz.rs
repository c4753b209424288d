//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::oracle::Job;
use crate::solution::{normal_float, qlora_backward, quantize_4bit};
use crate::{Absmax, Code};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("one-outlier", || {
            let mut numbers: Vec<f32> = (0..64).map(|i| (i as f32 * 0.9).sin()).collect();
            numbers[5] = 100.0;
            let packed = quantize_4bit(&numbers, Code::Nf4, 64)?;
            let codes: Vec<u8> = packed.bytes.iter().flat_map(|b| [b >> 4, b & 15]).collect();
            let zeros = codes.iter().filter(|code| **code == 7).count();
            pick([zeros < 10, zeros == 63, false])
        })
        .key("bits", || {
            let packed = quantize_4bit(&[1.0; 1024], Code::Nf4, 32)?;
            position(&[5.0, 4.5, 4.0], &(8.0 * packed.size() as f64 / 1024.0))
        })
        .key("middle", || {
            let levels = normal_float(4)?;
            let gap = |i: usize| levels[i + 1] - levels[i];
            let (middle, end) = (gap(7), gap(14));
            pick([end < middle, (end - middle).abs() < 1e-6, middle < end])
        })
        .key("code-zero", || {
            let packed = quantize_4bit(&[0.0, 0.7], Code::Nf4, 64)?;
            position(&[0, 7, 8], &(packed.bytes[0] >> 4))
        })
        .key("slopes", || {
            let job = Job::drawn([2, 3, 5, 2], 8, 1);
            let is_packed = matches!(job.base.weight.absmax, Absmax::Doubled(_));
            let slopes = qlora_backward(&job.x, &job.base, &job.lora(), &job.dy)?;
            let some = |x: &[f32]| x.iter().all(|x| *x != 0.0);
            let of_pair = is_packed && some(&slopes.da) && some(&slopes.db);
            pick([of_pair && some(&slopes.dx), !of_pair, of_pair && !some(&slopes.dx)])
        })
}

//! Numbers that learn, and bytes.

use grading::draw::{self, Strategy};
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_error_is, expect_same,
};

use crate::oracle::{counted, tensors};
use crate::{Answers, Method, SOLUTION, SavingsError, Shape, Target, Training};

const SMALL: Shape = Shape { n_layer: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257 };

pub fn whole_models_are_counted(answers: &Answers) -> Outcome {
    // As transformers counts them (`model.num_parameters()`) in gpt2, -medium, -large and -xl.
    for (n_layer, n_embd, want) in [
        (12, 768, 124_439_808),
        (24, 1024, 354_823_168),
        (36, 1280, 774_030_080),
        (48, 1600, 1_557_611_200),
    ] {
        let shape = Shape { n_layer, n_embd, ..SMALL };
        let got = (answers.trainable)(&shape, &Method::Full);
        expect_same(&format!("all numbers of {shape:?}"), &got, &want)?;
    }
    let buddy = Shape { n_layer: 4, n_embd: 128, n_positions: 128, vocab_size: 512 };
    expect_same("all numbers of Buddy", &(answers.trainable)(&buddy, &Method::Full), &875_264)
}

fn all_targets() -> Vec<Vec<Target>> {
    let some = |bits: u32| {
        let targets = Target::ALL.into_iter().enumerate();
        targets.filter(|(i, _)| bits >> i & 1 == 1).map(|(_, target)| target).collect()
    };
    (0..16).map(some).collect()
}

pub fn small_files_are_counted(answers: &Answers) -> Outcome {
    // What PEFT says of gpt2 by its defaults at rank 8: "trainable params: 294,912".
    let lora = Method::Lora { rank: 8, targets: vec![Target::Attn] };
    expect_same("LoRA at c_attn of gpt2", &(answers.trainable)(&SMALL, &lora), &294_912)?;
    let other = Shape { n_layer: 3, n_embd: 10, n_positions: 7, vocab_size: 11 };
    for shape in [SMALL, other] {
        let mut methods = Vec::new();
        for n in [0, 1, 2, 20] {
            methods.extend([
                Method::Head { classes: n },
                Method::SoftPrompt { tokens: n },
                Method::Prefix { tokens: n },
            ]);
            let lora = |targets| Method::Lora { rank: n, targets };
            methods.extend(all_targets().into_iter().map(lora));
        }
        for method in methods {
            let want = counted(&tensors(&shape, &method));
            let got = (answers.trainable)(&shape, &method);
            expect_same(&format!("{method:?} for {shape:?}"), &got, &want)?;
        }
    }
    Ok(())
}

pub fn counts_agree(answers: &Answers) -> Outcome {
    let shape = (0..130_u64, 0..20_000_u64, 0..40_000_u64, 0..300_000_u64).prop_map(
        |(n_layer, n_embd, n_positions, vocab_size)| Shape {
            n_layer,
            n_embd,
            n_positions,
            vocab_size,
        },
    );
    let n = || draw::prop_oneof![1 => draw::select(vec![0_u64, 1]), 3 => 0..70_000_u64];
    let targets = draw::select(all_targets());
    let targets = (targets, 0..4_usize).prop_map(|(mut targets, by)| {
        let by = by.min(targets.len());
        targets.rotate_left(by);
        targets
    });
    differential((shape, n(), targets, 0..5_u8), |(shape, n, targets, which)| {
        let method = match which {
            0 => Method::Head { classes: *n },
            1 => Method::SoftPrompt { tokens: *n },
            2 => Method::Prefix { tokens: *n },
            3 => Method::Lora { rank: *n, targets: targets.clone() },
            _ => Method::Full,
        };
        let got = (answers.trainable)(shape, &method);
        expect_same(&format!("{method:?}"), &got, &(SOLUTION.trainable)(shape, &method))
    })
}

const EXACT: Tolerance = Tolerance { rtol: 1e-12, atol: 0.0 };

pub fn bytes_are_those_by_hand(answers: &Answers) -> Outcome {
    let training =
        |frozen, learned, [frozen_bits, learned_bits, slope_bits, moment_bits]: [f64; 4]| {
            Training { frozen, learned, frozen_bits, learned_bits, slope_bits, moment_bits }
        };
    for (training, want) in [
        // 65 billion weights in mixed precision, with a copy in f32: 16 bytes each.
        (training(0, 65_000_000_000, [16.0, 48.0, 16.0, 32.0]), 1.04e12),
        (training(100, 0, [4.127, 32.0, 32.0, 32.0]), 51.5875),
        (training(1000, 10, [16.0, 32.0, 32.0, 32.0]), 2160.0),
        (training(3, 5, [1.0, 0.0, 0.0, 0.0]), 0.375),
        (training(3, 5, [0.0, 16.0, 0.0, 0.0]), 10.0),
        (training(3, 5, [0.0, 0.0, 16.0, -0.0]), 10.0),
        (training(3, 5, [0.0, 0.0, 0.0, 8.0]), 10.0),
        (training(0, 0, [32.0; 4]), 0.0),
    ] {
        let got = (answers.training_bytes)(&training)?;
        expect_close(&format!("bytes of {training:?}"), &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

const NAMES: [&str; 4] = ["frozen_bits", "learned_bits", "slope_bits", "moment_bits"];

fn of_bits(bits: [f64; 4], [frozen, learned]: [u64; 2]) -> Training {
    let [frozen_bits, learned_bits, slope_bits, moment_bits] = bits;
    Training { frozen, learned, frozen_bits, learned_bits, slope_bits, moment_bits }
}

pub fn senseless_bits_are_refused(answers: &Answers) -> Outcome {
    for value in [-1.0, -1e-300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        for at in 0..4 {
            for later in [8.0, -3.0] {
                let mut bits = [8.0; 4];
                bits[at] = value;
                bits[at + 1..].fill(later);
                // Also of numbers that there are none of.
                for counts in [[0, 0], [5, 7]] {
                    let training = of_bits(bits, counts);
                    let want = SavingsError::Bits { what: NAMES[at], bits: value };
                    let got = (answers.training_bytes)(&training);
                    expect_error_is(&format!("{training:?}"), got, &want)?;
                }
            }
        }
    }
    Ok(())
}

pub fn bytes_agree(answers: &Answers) -> Outcome {
    let bits = || {
        draw::prop_oneof![
            9 => draw::select(vec![0.0, 4.127, 8.0, 16.0, 32.0, 64.0]),
            3 => draw::between(0.0, 64.0),
            1 => draw::select(vec![-0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300]),
        ]
    };
    let all = (
        0..1_u64 << 48,
        draw::select(vec![0, 1, 875_264, 123_456_789_013]),
        bits(),
        bits(),
        bits(),
        bits(),
    );
    differential(all, |&(frozen, learned, a, b, c, d)| {
        let training = of_bits([a, b, c, d], [frozen, learned]);
        let run = |answers: &Answers| (answers.training_bytes)(&training);
        agree("bytes", run(answers), run(&SOLUTION), |&got, &want| {
            expect_close("bytes", &[], &[got], &[want], EXACT)
        })
    })
}

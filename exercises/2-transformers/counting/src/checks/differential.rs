//! Answers beside the reference, on drawn inputs.

use grading::draw::{self, Strategy};
use grading::{Outcome, Tolerance, agree, differential, expect_close, expect_same};

use crate::{
    Answers, Architecture, Family, Kept, Pairs, Positions, Recipe, Run, SOLUTION, Sharded, Step,
};

/// Sizes that models have, and now and then one that is 0, or past 16, 32 or 64 bits.
fn size() -> impl Strategy<Value = u64> + Clone {
    draw::prop_oneof![
        12 => 1..=70_u64,
        3 => draw::select(vec![1, 768, 4096, 50_257, 65_536, 128_256]),
        1 => draw::select(vec![0, 1 << 20, (1 << 32) - 1, 1 << 32, 1 << 62, u64::MAX]),
    ]
}

fn flag() -> impl Strategy<Value = bool> + Clone {
    draw::select(vec![false, true])
}

fn architectures() -> impl Strategy<Value = Architecture> + Clone {
    let family = draw::prop_oneof![
        (0..3_u64, flag())
            .prop_map(|(token_types, has_pooler)| Family::Encoder { token_types, has_pooler }),
        size().prop_map(|decoder_layers| Family::EncoderDecoder { decoder_layers }),
        draw::Just(Family::Decoder),
    ];
    let positions = draw::prop_oneof![
        size().prop_map(Positions::Learned),
        draw::Just(Positions::Rotary),
        size().prop_map(|buckets| Positions::Relative { buckets }),
    ];
    // Now and then heads that do not go into groups.
    let heads = (
        1..=9_u64,
        draw::select(vec![1, 1, 2, 8, 1 << 33]),
        draw::select(vec![0, 0, 0, 0, 0, 0, 0, 1_u64]),
    );
    let sizes = (size(), size(), size(), size(), size());
    let flags = (flag(), flag(), flag(), flag());
    (family, positions, heads, sizes, flags).prop_map(|(family, positions, heads, sizes, flags)| {
        let (n_kv_heads, group, odd) = heads;
        let (vocab_size, d_model, n_layers, d_head, d_ff) = sizes;
        let (is_tied, has_biases, is_gated, is_parallel) = flags;
        Architecture {
            family,
            vocab_size,
            d_model,
            n_layers,
            n_heads: n_kv_heads * group + odd,
            n_kv_heads,
            d_head,
            d_ff,
            positions,
            is_tied,
            has_biases,
            is_gated,
            is_parallel,
        }
    })
}

pub fn params_agree(answers: &Answers) -> Outcome {
    differential(architectures(), |architecture| {
        let (got, want) = ((answers.params)(architecture), (SOLUTION.params)(architecture));
        agree("the parameters", got, want, |got, want| expect_same("the parameters", got, want))
    })
}

pub fn flops_agree(answers: &Answers) -> Outcome {
    let past = draw::prop_oneof![3 => draw::Just(0), 1 => size()];
    let pairs = draw::select(vec![Pairs::All, Pairs::Causal]);
    let steps =
        (size(), size(), size(), past, pairs).prop_map(|(texts, source, tokens, past, pairs)| {
            Step { texts, source, tokens, past, pairs }
        });
    differential((architectures(), steps), |(architecture, step)| {
        let (got, want) =
            ((answers.flops)(architecture, step), (SOLUTION.flops)(architecture, step));
        agree("the FLOPs", got, want, |got, want| expect_same("the FLOPs", got, want))
    })
}

pub fn kv_bytes_agree(answers: &Answers) -> Outcome {
    let kept = (size(), size(), size(), size()).prop_map(|(texts, source, tokens, bytes)| Kept {
        texts,
        source,
        tokens,
        bytes,
    });
    differential((architectures(), kept), |(architecture, kept)| {
        let got = (answers.kv_bytes)(architecture, kept);
        let want = (SOLUTION.kv_bytes)(architecture, kept);
        agree("the bytes", got, want, |got, want| expect_same("the bytes", got, want))
    })
}

pub fn training_bytes_agree(answers: &Answers) -> Outcome {
    let sharded = draw::select(vec![
        Sharded::Nothing,
        Sharded::Optimizer,
        Sharded::Gradients,
        Sharded::Weights,
    ]);
    let bytes = || draw::prop_oneof![6 => 0..=8_u64, 1 => size()];
    let sizes = (bytes(), bytes(), bytes(), size());
    differential((draw::any_u64(), size(), sizes, flag(), sharded), |case| {
        let (large, small, (weight_bytes, gradient_bytes, moments, devices), has_master, sharded) =
            case;
        let recipe = Recipe {
            weight_bytes: *weight_bytes,
            gradient_bytes: *gradient_bytes,
            has_master: *has_master,
            moments: *moments,
            devices: *devices,
            sharded: *sharded,
        };
        for params in [*large, large % (1 << 48), *small] {
            let got = (answers.training_bytes)(params, &recipe);
            let want = (SOLUTION.training_bytes)(params, &recipe);
            let what = format!("{params} parameters");
            agree(&what, got, want, |got, want| expect_same(&what, got, want))?;
        }
        Ok(())
    })
}

pub fn utilization_agrees(answers: &Answers) -> Outcome {
    let params = draw::prop_oneof![draw::count(), draw::any_u64()];
    let sizes = (params, size(), size(), size(), size());
    let speeds =
        (draw::any_f64(), draw::between(1.0, 1e9), draw::any_f64(), draw::between(1e6, 1e16));
    differential((sizes, size(), speeds, 0..4_u8), |(sizes, chips, speeds, odd)| {
        let (params, n_layers, n_heads, d_head, seq) = *sizes;
        let (any_speed, speed, any_peak, peak) = *speeds;
        let run = Run {
            params,
            n_layers,
            n_heads,
            d_head,
            seq,
            tokens_per_second: if *odd == 1 { any_speed } else { speed },
            chips: *chips,
            peak: if *odd == 2 { any_peak } else { peak },
        };
        let (got, want) = ((answers.mfu)(&run), (SOLUTION.mfu)(&run));
        agree("the utilization", got, want, |got, want| {
            // Where it is beyond what an f64 holds on the way, the order of steps decides.
            if !(1e-200..1e200).contains(want) {
                return Ok(());
            }
            let near = Tolerance { rtol: 1e-11, atol: 0.0 };
            expect_close("the utilization", &[], &[*got], &[*want], near)
        })
    })
}

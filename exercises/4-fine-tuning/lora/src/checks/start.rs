//! The scale, and how a pair starts.

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is, expect_same,
};

use crate::oracle::cases;
use crate::{Answers, LoraError, SOLUTION};

const F32: Tolerance = Tolerance { rtol: 3e-7, atol: 1e-45 };

pub fn scale_is_that_of_peft(answers: &Answers) -> Outcome {
    for case in cases()? {
        let got = (answers.lora_scale)(case.alpha, case.rank, case.rank_stabilized)?;
        expect_close(&case.told(), &[], &[got], &[case.scale], F32)?;
    }
    // α = r is 1, and twice the rank halves.
    for (alpha, rank, stable, want) in
        [(7.0, 7, false, 1.0), (7.0, 14, false, 0.5), (6.0, 9, true, 2.0), (6.0, 36, true, 1.0)]
    {
        let what = format!("alpha {alpha}, rank {rank}, rank_stabilized {stable}");
        expect_close(&what, &[], &[(answers.lora_scale)(alpha, rank, stable)?], &[want], F32)?;
    }
    Ok(())
}

pub fn scales_agree(answers: &Answers) -> Outcome {
    let alpha = prop_oneof![
        4 => draw::between(-64.0, 64.0),
        1 => draw::select(vec![0.0, -0.0, 1e-30, 1e30, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ];
    let rank =
        prop_oneof![4 => 0..300_usize, 1 => draw::select(vec![0, 1, 70_000, usize::MAX >> 31])];
    differential((alpha, rank, draw::select(vec![false, true])), |&(alpha, rank, stable)| {
        let run = |answers: &Answers| {
            // NaN is not equal to itself.
            (answers.lora_scale)(alpha, rank, stable).map_err(|error| match error {
                LoraError::Setting { name, value } if value.is_nan() => {
                    LoraError::Setting { name, value: f64::MAX }
                }
                error => error,
            })
        };
        agree("the scale", run(answers), run(&SOLUTION), |got, want| {
            expect_close("the scale", &[], &[*got], &[f64::from(*want)], F32)
        })
    })
}

pub fn a_is_drawn_evenly(answers: &Answers) -> Outcome {
    for (seed, [inputs, outputs, rank]) in (1..).zip([[400, 3, 50], [25, 7, 800], [1, 2, 9000]]) {
        let (a, _) = (answers.lora_init)(inputs, outputs, rank, &mut seeded(seed))?;
        let what = format!("A of {inputs} inputs, {outputs} outputs and rank {rank}");
        expect_same(&format!("{what}: how many numbers"), &a.len(), &(rank * inputs))?;
        let bound = 1.0 / (inputs as f64).sqrt();
        let beyond = a.iter().find(|a| f64::from(a.abs()) > bound * 1.000_001);
        expect(beyond.is_none(), || {
            format!("{what}: {} is beyond ±{bound}", beyond.copied().unwrap_or_default())
        })?;
        const BINS: usize = 20;
        let mut counts = [0; BINS];
        for a in &a {
            let share = (f64::from(*a) / bound + 1.0) / 2.0;
            counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
        }
        grading::expect_distribution(
            &format!("{what}: twenty equal parts from −{bound} to {bound}"),
            &counts,
            &[1.0 / BINS as f64; BINS],
        )?;
        // Not the same row, or column, again and again.
        let mut sorted: Vec<u32> = a.iter().map(|a| a.to_bits()).collect();
        sorted.sort_unstable();
        sorted.dedup();
        expect(sorted.len() > a.len() * 9 / 10, || {
            format!("{what}: {} different numbers of {}", sorted.len(), a.len())
        })?;
        let (other, _) = (answers.lora_init)(inputs, outputs, rank, &mut seeded(seed + 100))?;
        expect(a != other, || format!("{what}: two generators draw the same numbers"))?;
        let (same, _) = (answers.lora_init)(inputs, outputs, rank, &mut seeded(seed))?;
        expect(a == same, || format!("{what}: the same generator draws other numbers"))?;
        // What follows each number is independent of it.
        let pairs = a.windows(2).map(|two| f64::from(two[0]) * f64::from(two[1]));
        let along = pairs.sum::<f64>() / (a.len() as f64 * bound * bound / 3.0);
        expect(along.abs() < 6.0 / (a.len() as f64).sqrt(), || {
            format!("{what}: neighbors depend on each other, by {along:.3}")
        })?;
    }
    Ok(())
}

pub fn b_is_zero(answers: &Answers) -> Outcome {
    for sizes in [[5, 3, 2], [1, 1, 1], [4, 9, 7]] {
        let [inputs, outputs, rank] = sizes;
        let (a, b) = (answers.lora_init)(inputs, outputs, rank, &mut seeded(5))?;
        let what = format!("B of {inputs} inputs, {outputs} outputs and rank {rank}");
        expect_same(&format!("{what}: how many numbers"), &b.len(), &(outputs * rank))?;
        let other = b.iter().position(|b| *b != 0.0);
        expect(other.is_none(), || format!("{what}: expected 0 everywhere, got {b:?}"))?;
        expect(a.iter().any(|a| *a != 0.0), || format!("A of these sizes is 0: {a:?}"))?;
        for (at, name) in ["inputs", "outputs", "rank"].into_iter().enumerate() {
            // And everything behind it.
            let mut sizes = sizes;
            sizes[at..].fill(0);
            let [inputs, outputs, rank] = sizes;
            let got = (answers.lora_init)(inputs, outputs, rank, &mut seeded(5));
            let what = format!("{inputs} inputs, {outputs} outputs, rank {rank}");
            expect_error_is(&what, got, &LoraError::Zero { name })?;
        }
    }
    Ok(())
}

pub fn starts_agree(answers: &Answers) -> Outcome {
    let size = || draw::lengths(0..=40);
    let inputs = (size(), size(), size(), draw::any_u64());
    differential(
        inputs.prop_filter("small", |(i, o, r, _)| r * (i + o) < 4000),
        |&(inputs, outputs, rank, seed)| {
            let run =
                |answers: &Answers| (answers.lora_init)(inputs, outputs, rank, &mut seeded(seed));
            agree("the start", run(answers), run(&SOLUTION), |got, want| {
                expect_same("how many numbers A has", &got.0.len(), &want.0.len())?;
                let bound = 1.000_001 / (inputs as f32).sqrt();
                let beyond = got.0.iter().find(|a| a.abs() > bound);
                expect(beyond.is_none(), || format!("{beyond:?} is beyond ±{bound}"))?;
                expect_close("B", &[], &got.1, &want.1, Tolerance::F64)
            })
        },
    )
}

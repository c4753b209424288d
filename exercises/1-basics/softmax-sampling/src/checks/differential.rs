//! Every function against the reference, on inputs drawn anew in each run.

use candle_core::{DType, Device, Tensor, Var};
use grading::draw::{self, Strategy};
use grading::numbers::shares;
use grading::random::{Counting, Scripted, Stuck, seeded};
use grading::{
    Differential, Failure, Outcome, Tolerance, agree, differential, expect, expect_bits,
    expect_close, expect_close_or_nan, expect_distribution, expect_error_is, expect_same,
};

use crate::oracle::logits_of;
use crate::{Answers, SOLUTION, Sampling};

/// Arrays of all shapes, with an axis and what flows back; numbers of f32's whole range.
pub fn softmax_agrees(answers: &Answers) -> Outcome {
    let numbers = draw::prop_oneof![
        3 => draw::arrays(draw::between_f32(-3e4, 3e4), 5, 400).boxed(),
        1 => draw::arrays(draw::finite_f32(), 5, 400).boxed(),
    ];
    differential((numbers, draw::any_u64()), |(array, seed)| {
        let axis = array.axis;
        let compare = |got: &(Vec<f32>, Vec<f32>), want: &(Vec<f32>, Vec<f32>)| {
            expect_close("softmax", &array.shape, &got.0, &want.0, Tolerance::F32)?;
            let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 };
            expect_close("the gradient", &array.shape, &got.1, &want.1, tolerance)
        };
        let run = |softmax| forward_and_back(softmax, &array.data, &array.shape, axis, *seed);
        compare(&run(answers.softmax)?, &run(SOLUTION.softmax)?)?;
        // One axis too many, and f64.
        let x = Tensor::from_slice(&array.data, &*array.shape, &Device::Cpu)?;
        let [got, want] = [answers, &SOLUTION].map(|answers| {
            (answers.softmax)(&x.to_dtype(DType::F64)?, axis)?.flatten_all()?.to_vec1::<f64>()
        });
        let f64s = Tolerance { rtol: 1e-9, atol: 1e-300 };
        expect_close("softmax of f64", &array.shape, &got?, &want?, f64s)?;
        let beyond = (answers.softmax)(&x, array.shape.len());
        expect(beyond.is_err(), || format!("there is no axis {}", array.shape.len()))
    })
}

/// `y = softmax(x)`, and the gradient of `Σ u y` with `u` drawn from the seed.
fn forward_and_back(
    softmax: fn(&Tensor, usize) -> candle_core::Result<Tensor>,
    data: &[f32],
    shape: &[usize],
    axis: usize,
    seed: u64,
) -> Result<(Vec<f32>, Vec<f32>), Failure> {
    let x = Var::from_slice(data, shape, &Device::Cpu)?;
    let y = softmax(x.as_tensor(), axis)?;
    expect_same("the shape", y.dims(), shape)?;
    let upstream = draw::values(&draw::between_f32(-1.0, 1.0), data.len(), seed);
    let upstream = Tensor::from_vec(upstream, shape, &Device::Cpu)?;
    let gradients = y.mul(&upstream)?.sum_all()?.backward()?;
    let gradient = gradients.get(&x).ok_or_else(|| Failure::wrong("no gradient reaches x"))?;
    Ok((y.flatten_all()?.to_vec1()?, gradient.flatten_all()?.to_vec1()?))
}

/// Settings in and out of their ranges; thresholds a hair beside what a share can be, so that
/// rounding decides nothing.
fn samplings() -> impl Strategy<Value = Sampling> + Clone {
    let any = || draw::setting(0.0..=1.0).prop_map(|p: Option<f64>| p.map(off_the_grid));
    let share = || draw::prop_oneof![4 => any(), 1 => draw::Just(Some(1.0))];
    let far = draw::select(vec![1e-310, 1e6, f64::MAX]);
    let temperature = draw::prop_oneof![9 => draw::parameter(0.0..=3.0), 1 => far];
    (temperature, draw::setting(1..=70), share(), share()).prop_map(
        |(temperature, top_k, top_p, min_p)| Sampling { temperature, top_k, top_p, min_p },
    )
}

fn off_the_grid(p: f64) -> f64 {
    if p > 0.0 && p < 1.0 { (p * 0.999_734_1).max(1e-9) } else { p }
}

/// Most inputs should get past the settings.
fn good_samplings() -> impl Strategy<Value = Sampling> + Clone {
    samplings().prop_map(|sampling| match sampling.validate() {
        Ok(()) => sampling,
        Err(_) => Sampling::default(),
    })
}

/// As many logits as a model of today has tokens, no two alike, the largest at this place.
fn of_a_large_vocabulary(best: usize) -> Vec<f32> {
    let mut logits: Vec<f32> = (0..70_000).map(|i| (i * 7919 % 70_001) as f32 / 4e3).collect();
    logits[best] = 18.0;
    logits
}

pub fn filtered_probs_agrees(answers: &Answers) -> Outcome {
    let logits = draw::prop_oneof![
        20 => draw::any_logits(300),
        2 => draw::any_logits(3),
        1 => draw::any_logits(3000),
    ];
    let inputs = (logits, draw::prop_oneof![samplings(), good_samplings()]);
    let check = |(logits, sampling): &(Vec<f32>, Sampling)| {
        let got = (answers.filtered_probs)(logits, sampling);
        agree("filtered_probs", got, (SOLUTION.filtered_probs)(logits, sampling), |got, want| {
            // Who divides before subtracting loses digits of large logits.
            expect_close("probability", &[], got, want, Tolerance { rtol: 1e-6, atol: 1e-300 })
        })
    };
    Differential::cases(600).run(inputs, check)?;
    let (logits, plain) = (of_a_large_vocabulary(3), Sampling::default());
    let most = Sampling { top_k: Some(66_000), ..plain };
    let top = |p| Sampling { top_p: Some(p), ..plain };
    let min = Sampling { min_p: Some(1.234e-7), ..plain };
    [most, top(0.9), top(0.999_999_912_3), min].into_iter().try_for_each(|sampling| {
        Differential::cases(1).run(draw::Just((logits.clone(), sampling)), check)
    })
}

/// What a seed decides, it decides alone: the same generator draws the same token, and a call takes
/// one number from it. How often a token comes up is the matter of another check.
pub fn sample_agrees(answers: &Answers) -> Outcome {
    let inputs = (draw::any_logits(300), draw::prop_oneof![samplings(), good_samplings()]);
    differential((inputs, draw::any_u64()), |((logits, sampling), seed)| {
        let probs = match (SOLUTION.filtered_probs)(logits, sampling) {
            Ok(probs) => probs,
            Err(error) => {
                let got = (answers.sample)(logits, sampling, &mut seeded(*seed));
                return expect_error_is("sample", got, &error);
            }
        };
        let mut rng = Counting::new(seeded(*seed));
        let first = (answers.sample)(logits, sampling, &mut rng)?;
        let draws = rng.draws();
        expect(draws <= 1, || format!("one call draws {draws} numbers"))?;
        let again = (answers.sample)(logits, sampling, &mut seeded(*seed))?;
        expect(first == again, || format!("the same seed draws {first}, then {again}"))?;
        // The ends of what a generator yields, too.
        let mut drawn = vec![first];
        for bits in [0, u64::MAX] {
            let mut rng = Counting::new(Stuck(bits));
            drawn.push((answers.sample)(logits, sampling, &mut rng)?);
            expect(rng.draws() <= 1, || format!("one call draws {} numbers", rng.draws()))?;
        }
        let wrong = drawn.iter().find(|&&i| probs.get(i).is_none_or(|&p| p <= 0.0));
        let shown = || format!("drew token {wrong:?}, which has probability 0");
        expect(wrong.is_none(), shown)
    })
}

pub fn penalize_agrees(answers: &Answers) -> Outcome {
    let logits = draw::prop_oneof![20 => draw::any_logits(200), 1 => draw::any_logits(600)];
    let most = draw::prop_oneof![20 => draw::Just(300), 1 => draw::Just(3000)];
    let inputs = (logits, most).prop_flat_map(|(logits, most)| {
        let history = draw::indices_or_beyond(logits.len().max(1), most);
        (draw::Just(logits), history, draw::parameter(0.0..=4.0))
    });
    let check = |(logits, history, penalty): &(Vec<f32>, Vec<usize>, f64)| {
        let got = (answers.penalize)(logits, history, *penalty);
        agree("penalize", got, (SOLUTION.penalize)(logits, history, *penalty), |got, want| {
            // Also of tiny logits: relative, down to the smallest that f32 has.
            let tolerance = Tolerance { rtol: 1e-6, atol: 3e-45 };
            expect_close_or_nan("logit", &[], got, want, tolerance)
        })
    };
    differential(inputs, check)?;
    // A token that many others came after, and more of them than 16 bits count.
    let history: Vec<usize> = (0..5000).map(|i| 69_999 - 7 * i).collect();
    let far = (of_a_large_vocabulary(0), history, 1.5);
    Differential::cases(1).run(draw::Just(far), check)
}

/// Of many equals the first are kept: a sort that happens to keep the order of a short list, or of one
/// in order already, may not keep that of a long one.
pub fn ties_are_cut_in_order(answers: &Answers) -> Outcome {
    let levels = draw::list(0_u8..=2, 1..=400);
    differential((levels, 1_usize..=400), |(levels, k)| {
        let logits: Vec<f32> = levels.iter().map(|&level| f32::from(level) - 1.0).collect();
        // By definition: the places of the highest level, then of the next, each from the left.
        let of = |level: u8| (0..levels.len()).filter(move |&i| levels[i] == level);
        let order: Vec<usize> = of(2).chain(of(1)).chain(of(0)).collect();
        let mut weights = vec![0.0; levels.len()];
        for &i in order.iter().take(*k) {
            weights[i] = f64::from(logits[i]).exp();
        }
        let top = Sampling { top_k: Some(*k), ..Sampling::default() };
        let got = (answers.filtered_probs)(&logits, &top)?;
        expect_close("probability", &[], &got, &shares(&weights), Tolerance::F64)?;
        let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
        let got = (answers.filtered_probs)(&logits, &greedy)?;
        let first: Vec<f64> =
            (0..levels.len()).map(|i| f64::from(u8::from(i == order[0]))).collect();
        expect_bits("at temperature 0, probability", &got, &first)
    })
}

/// Where the shares are known, the point that is drawn decides the token: each owns a stretch of the
/// unit interval, in the order of the tokens.
pub fn every_stretch_is_as_long_as_its_share(answers: &Answers) -> Outcome {
    let weights = draw::list(1_u32..=9, 2..=40);
    Differential::cases(40).run((weights, draw::any_u64()), |(weights, seed)| {
        let weights: Vec<f64> = weights.iter().map(|&weight| f64::from(weight)).collect();
        let p = shares(&weights);
        let mut counts = vec![0_u64; p.len()];
        let mut rng = seeded(*seed);
        for _ in 0..4000 {
            let token = (answers.sample)(&logits_of(&p), &Sampling::default(), &mut rng)?;
            *counts
                .get_mut(token)
                .ok_or_else(|| Failure::wrong(format!("drew token {token}")))? += 1;
        }
        expect_distribution("4,000 draws", &counts, &p)
    })?;
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let best = (answers.sample)(&of_a_large_vocabulary(69_998), &greedy, &mut seeded(1))?;
    expect_same("of 70,000 tokens, the most likely", &best, &69_998)?;
    // In whatever order they lie, a stretch of two is at an end, and its length 1e-9 here.
    let plain = Sampling::default();
    let draw = |bits| (answers.sample)(&[0.0, -20.5], &plain, &mut Stuck(bits));
    let ends = [draw(0)?, draw(u64::MAX)?];
    expect(ends.contains(&1), || {
        format!("0 and the largest number below 1 draw {ends:?}; one should be on the stretch of 1")
    })?;
    // Points farther apart than stretches are long.
    let draw = |point| (answers.sample)(&[0.5; 3000], &plain, &mut Scripted::fractions([point]));
    let (a, b) = (draw(0.5001)?, draw(0.5009)?);
    expect(a != b, || {
        format!("3,000 tokens are equally likely; the points 0.5001 and 0.5009 both draw {a}")
    })
}

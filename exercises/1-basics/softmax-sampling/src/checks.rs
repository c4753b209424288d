// Judges a solution. `subject` is the learner's module, the reference, or a mutant.

use candle_core::{Device, Tensor, Var};
use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_distribution, expect_eq, expect_error,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::exhaustive::{Listed, Model, every_sequence, survivors};
use crate::oracle::{self, KernelUnderTest, logits_of, shares, spread};
use crate::{Beam, BeamSearch, Sampling};

grading::checks! {
    "Softmax of logarithms gives their shares" => closed_form {
        points: 2, section: "the-formula", hints: [
            "Softmax has two steps: make every number positive, then divide by their sum.",
            "`exp` makes them positive; the sum is along `dim`, and has to be kept as an axis of length 1 to be divided by.",
            "`x.exp()?`, `sum_keepdim(dim)?`, `broadcast_div(&sum)?`: that is all but the maximum.",
        ]
    }
    "Every axis of every shape matches PyTorch" => every_axis_matches_pytorch {
        points: 3, section: "the-formula", hints: [
            "For each axis, ask which numbers add up to one: those that differ in that axis's index alone.",
            "The sum and the maximum run over `dim` only; `sum_keepdim` and `max_keepdim` leave an axis of length 1 in its place.",
            "`broadcast_sub` and `broadcast_div` stretch that axis again, whichever it is; nothing needs to be transposed or flattened.",
        ]
    }
    "Large logits stay finite" => large_logits_stay_finite {
        points: 3, section: "large-numbers", hints: [
            "What is exp(1000) in f32?",
            "Adding the same number to all logits changes nothing: which shift makes the largest exponent 0?",
            "Subtract `x.max_keepdim(dim)?` before `exp`.",
        ]
    }
    "Gradients flow back through softmax" => gradient_flows {
        points: 3, section: "the-gradient", hints: [
            "candle remembers how a tensor was made, unless an operation on the way has no backward.",
            "candle's fused softmax has none; `exp`, `sum_keepdim`, `broadcast_sub` and `broadcast_div` have one.",
            "Only the maximum may be detached (the shift does not change the result); `x` and everything else may not.",
        ]
    }
    "Temperature divides the logits" => temperature_divides_the_logits {
        points: 2, section: "temperature", hints: [
            "A low temperature makes the likely likelier. Does yours?",
            "The weight of token i is exp(x_i / T). With a tiny T, x_i / T may be more than a float holds.",
            "Compute exp((x_i − max) / T) in f64: subtract first, then divide.",
        ]
    }
    "Temperature 0 is greedy" => temperature_zero_is_greedy {
        points: 1, section: "temperature", hints: [
            "Dividing by 0 gives no numbers to work with: treat temperature 0 by itself.",
            "All probability goes to one token, the most likely; of equals, to the one with the lowest index.",
            "Find the first index of the largest logit, return a vector with 1.0 there and 0.0 elsewhere.",
        ]
    }
    "Top-k keeps exactly k tokens" => top_k_keeps_exactly_k {
        points: 2, section: "three-filters", hints: [
            "Sort the indices by their logit, most likely first, and look at how many you keep.",
            "A threshold (“at least the k-th largest logit”) keeps too many when logits are equal.",
            "A stable sort leaves equal logits in order of index; `truncate(k)` does the rest, and k may exceed their number.",
        ]
    }
    "Top-p keeps the token that crosses the threshold" => top_p_keeps_the_crossing_token {
        points: 3, section: "three-filters", hints: [
            "The kept tokens together must reach p; stop as soon as they do.",
            "A token is needed if the ones before it, all more likely, do not reach p yet.",
            "Keep a running sum of the probabilities *before* the token, keep the token if that sum is less than p, and divide by the kept sum at the end. At p = 1 keep everything.",
        ]
    }
    "Min-p is relative to the most likely token" => min_p_is_relative_to_the_best {
        points: 2, section: "three-filters", hints: [
            "The threshold moves with the model's confidence: it is no fixed probability.",
            "Keep token i if p_i ≥ min_p · p_max.",
            "With weights exp((x_i − max) / T) the best has weight 1, so the test is `weight >= min_p`.",
        ]
    }
    "Filters combine in the order of transformers" => filters_combine_in_order {
        points: 3, section: "three-filters", hints: [
            "Temperature, top-k, top-p, min-p: each sees what the one before it left.",
            "Top-p after top-k takes its share of the probability that top-k kept, not of all probability.",
            "Before top-p, sum the weights of the tokens still kept, and compare the running sum with p times that sum.",
        ]
    }
    "Bad input is an error" => bad_input_is_an_error {
        points: 2, section: "sampling-a-token", hints: [
            "What can be wrong with the settings, and what with the logits?",
            "`sampling.validate()?` judges the settings. NaN and +∞ among the logits are errors; so are no logits, and nothing but −∞.",
            "Look for a bad logit with `position`, then let the search for the most likely token fail with `SampleError::NothingToChoose`.",
        ]
    }
    "Draws follow the distribution" => sample_follows_the_distribution {
        points: 3, section: "sampling-a-token", hints: [
            "One random number in [0, 1) decides: each token owns a part as long as its probability.",
            "`rng.random::<f64>()` (with `use rand::RngExt`); walk through `filtered_probs` and subtract as you go.",
            "Return the first i for which what remains of the random number is less than p_i; otherwise subtract p_i and go on.",
        ]
    }
    "Even extreme draws pick an allowed token" => extreme_draws_stay_allowed {
        points: 1, section: "sampling-a-token", hints: [
            "The generator may yield exactly 0, or the largest number below 1. Whose part is that?",
            "With `<=` a removed token at the start owns the point 0; and the probabilities may add up to slightly less than 1.",
            "Compare with `<`, and after the loop return the last token whose probability is above 0.",
        ]
    }
    "The repetition penalty matches transformers" => penalty_matches_transformers {
        points: 2, section: "repetition", hints: [
            "Dividing makes a positive logit smaller. What does it do to a negative one?",
            "Only the tokens of the history change. One that occurs three times is penalized once.",
            "For each token of the history, take its *original* logit x and store x / penalty if x > 0, otherwise x · penalty.",
        ]
    }
    "Bad penalties and unknown tokens are errors" => bad_penalty_is_an_error {
        points: 1, section: "repetition", hints: [
            "Which penalties make no sense, and which tokens have no logit?",
            "A penalty must be above 0 and finite, with or without a history; a token must be below `logits.len()`.",
            "`SampleError::Penalty(penalty)` unless `penalty > 0.0 && penalty.is_finite()`; `logits.get(token)` with `SampleError::UnknownToken(token)`.",
        ]
    }
    "A beam of width 1 is greedy" => width_one_is_greedy {
        points: 2, section: "beam-search", hints: [
            "With one sequence to keep, each step takes the likeliest token.",
            "Start from one sequence without tokens, extend it by every token, keep the best. `next` gets all tokens so far.",
            "`filtered_probs(&next(&beam.tokens), &Sampling::default())?` gives the probabilities; add the logarithm to the sequence's `log_prob`, sort, `truncate(search.width)`.",
        ]
    }
    "A beam as wide as the tree finds everything" => wide_beam_is_exact {
        points: 3, section: "beam-search", hints: [
            "If nothing is cut, every sequence must come out, with the right log-probability.",
            "The probability of a sequence is the *product* of its tokens' probabilities, so logarithms add up. Logits are no log-probabilities until they are normalized.",
            "Put the extensions of all sequences into one list, sort it by score, best first, keep `width` of it, and do that `max_len` times.",
        ]
    }
    "A narrow beam keeps the best of all branches" => narrow_beam_keeps_the_best {
        points: 3, section: "beam-search", hints: [
            "Who competes with whom for a place?",
            "All extensions of all sequences compete together: two may come from one sequence, none from another.",
            "Collect first, for all sequences; sort and truncate once per step, after the loop over them.",
        ]
    }
    "Scores are normalized by length" => scores_divide_by_length {
        points: 2, section: "beam-search", hints: [
            "The score is the log-probability divided by something that grows with the length.",
            "len is the number of tokens of the sequence itself, the end token included; the penalty is its exponent.",
            "`log_prob / (tokens.len() as f64).powf(search.length_penalty)`.",
        ]
    }
    "A sequence that ended keeps its place and is not continued" => ended_sequences_rest {
        points: 2, section: "beam-search", hints: [
            "What follows the end token? Nothing. What becomes of the sequence?",
            "An ended sequence goes into the next round as it is, with its score, and may still be crowded out.",
            "If the last token is `search.end`, push the sequence itself into the candidates and `continue`, without calling `next`.",
        ]
    }
    "Ties go to the earlier, and what is impossible stays out" => beam_ties_are_stable {
        points: 1, section: "beam-search", hints: [
            "In which order do you collect candidates, and does your sort keep it?",
            "`sort_by` is stable, `sort_unstable_by` is not. A token of probability 0 makes no candidate.",
            "Go through the sequences in order, through the tokens in order, skip p = 0, and sort by `b.score.total_cmp(&a.score)`.",
        ]
    }
    "A bad search is an error" => bad_search_is_an_error {
        points: 1, section: "beam-search", hints: [
            "What can be wrong with the settings, and what with the model's logits?",
            "`search.validate()?` judges the settings, `filtered_probs` the logits, at every step.",
            "Pass both errors on with `?`.",
        ]
    }
    "The kernel is right at odd sizes" => kernel_is_right_at_odd_sizes(softmax_wgsl) {
        points: 4, section: "the-kernel", hints: [
            "Write the three loops over the columns first, for one thread doing a whole row (`col += 1u`, started by thread 0 only), then share them out.",
            "Row r starts at r · cols. Thread t takes columns t, t + 256, …; threads without a column still reach every barrier.",
            "Three passes: own maximum, `max_of_all`, own sum of exp(x − max), `sum_of_all`, then write exp(x − max) / sum.",
        ]
    }
    "The kernel handles rows longer than a workgroup" => kernel_handles_long_rows(softmax_wgsl) {
        points: 3, section: "the-kernel", hints: [
            "A workgroup has 256 threads; a row may have thousands of columns.",
            "Each thread loops with step 256, and the reduction has to take in all 256 partial values.",
            "In the tree, `half` runs 128, 64, …, 1; the barrier stands inside the loop, outside the `if`.",
        ]
    }
    "The kernel stays finite on large logits" => kernel_stays_finite(softmax_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "The same trap as on the CPU: exp of a large number.",
            "Where does a thread's maximum start? Rows may be all −10,000.",
            "Start at −3.4028234e38, the lowest f32, and subtract the row's maximum in both later passes.",
        ]
    }
    "The kernel keeps rows apart" => kernel_keeps_rows_apart(softmax_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "Changing one row must not change another by a single bit.",
            "Check where the row ends: `col < dims.cols`, not `col < 256` or the end of the buffer.",
            "Index with `start + col` where `start = row * dims.cols`, in all three passes.",
        ]
    }
    "The kernel writes its rows and nothing else" => kernel_writes_its_rows_only(softmax_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "The grid can be two-dimensional, and can have more workgroups than the matrix has rows.",
            "Use the `row` that is given; it counts through the lines of the grid.",
            "`if row >= dims.rows { return; }` first: all threads of a workgroup share `row`, so the barriers stay uniform.",
        ]
    }
}

fn tensor(x: &[f64], shape: &[usize]) -> candle_core::Result<Tensor> {
    let x: Vec<f32> = x.iter().map(|&v| v as f32).collect();
    Tensor::from_vec(x, shape, &Device::Cpu)
}

fn expect_tensor(what: &str, y: &Tensor, shape: &[usize], want: &[f64]) -> Outcome {
    expect_eq(&format!("{what}: the shape of the result"), y.dims(), shape)?;
    let y = y.flatten_all()?.to_vec1::<f32>()?;
    expect_close(what, shape, &y, want, Tolerance::F32)
}

fn closed_form() -> Outcome {
    let weights: [f64; 8] = [1.0, 2.0, 5.0, 0.5, 7.0, 3.0, 0.25, 4.0];
    let x = tensor(&weights.map(f64::ln), &[2, 4])?;
    let want: Vec<f64> = weights.chunks(4).flat_map(shares).collect();
    expect_tensor(
        "softmax of [[ln 1, ln 2, ln 5, …], …] along axis 1",
        &subject::softmax(&x, 1)?,
        &[2, 4],
        &want,
    )
}

/// Softmax along every axis, as PyTorch has it.
fn expect_case(case: &oracle::SoftmaxCase) -> Outcome {
    let x = tensor(&case.x, &case.shape)?;
    for (dim, want) in case.along.iter().enumerate() {
        let what = format!("{}, shape {:?}, along axis {dim}", case.name, case.shape);
        expect_tensor(&what, &subject::softmax(&x, dim)?, &case.shape, want)?;
    }
    Ok(())
}

fn every_axis_matches_pytorch() -> Outcome {
    // Large numbers have a check of their own, whose hints are about them.
    for case in oracle::softmax_cases()?.iter().filter(|case| !case.is_large()) {
        expect_case(case)?;
        // The same numbers seen through a transposition, which makes them lie apart in memory.
        if let [.., _, _] = case.shape[..] {
            let last = case.shape.len() - 1;
            let x = tensor(&case.x, &case.shape)?;
            let y = subject::softmax(&x.transpose(last - 1, last)?, last)?;
            let what = format!("{}, transposed, along the last axis", case.name);
            expect_tensor(
                &what,
                &y.transpose(last - 1, last)?,
                &case.shape,
                &case.along[last - 1],
            )?;
        }
    }
    expect_error(
        "softmax along axis 2 of a matrix",
        subject::softmax(&tensor(&[1.0, 2.0], &[1, 2])?, 2),
    )
}

fn large_logits_stay_finite() -> Outcome {
    let weights = [1.0, 3.0, 2.0];
    for offset in [1e4, -1e4, 100.0, -100.0, 1e30] {
        // Quarters, so that f32 holds offset and difference exactly (up to 1e4).
        let x = tensor(&[offset - 0.25, offset + 0.5, offset], &[3])?;
        let steps: &[f64] =
            if offset > 1e5 { &weights.map(|_| 1.0) } else { &[-0.25, 0.5, 0.0].map(f64::exp) };
        let what = format!("softmax of [{offset} − 0.25, {offset} + 0.5, {offset}]");
        expect_tensor(&what, &subject::softmax(&x, 0)?, &[3], &shares(steps))?;
    }
    oracle::softmax_cases()?.iter().filter(|case| case.is_large()).try_for_each(expect_case)
}

fn gradient_flows() -> Outcome {
    let (rows, cols) = (3, 4);
    let x: Vec<f64> = spread(rows * cols, 21).into_iter().map(f64::from).collect();
    // The gradient that comes from above; without it every sum is 1 and every gradient 0.
    let upstream: Vec<f64> = spread(rows * cols, 22).into_iter().map(f64::from).collect();
    let var = Var::from_tensor(&tensor(&x, &[rows, cols])?)?;
    let loss = (subject::softmax(&var, 0)? * tensor(&upstream, &[rows, cols])?)?.sum_all()?;
    let gradients = loss.backward()?;
    let gradient = gradients.get(&var).ok_or_else(|| {
        Failure::wrong("no gradient reaches x: an operation on the way has no backward")
    })?;
    let mut want = vec![0.0; rows * cols];
    for col in 0..cols {
        let at = |row: usize| row * cols + col;
        let weights: Vec<f64> = (0..rows).map(|row| x[at(row)].exp()).collect();
        let s = shares(&weights);
        for i in 0..rows {
            want[at(i)] = (0..rows)
                .map(|j| upstream[at(j)] * s[j] * (f64::from(u8::from(i == j)) - s[i]))
                .sum();
        }
    }
    let got = gradient.flatten_all()?.to_vec1::<f32>()?;
    let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 };
    expect_close("gradient of Σ u·softmax(x) along axis 0", &[rows, cols], &got, &want, tolerance)
}

/// What is drawn from, for settings that differ from the default in some fields.
fn probs(what: &str, logits: &[f32], sampling: Sampling, want: &[f64]) -> Outcome {
    let got = subject::filtered_probs(logits, &sampling)?;
    expect_close(&format!("{what}, logits {logits:?}"), &[], &got, want, Tolerance::F32)
}

fn temperature_divides_the_logits() -> Outcome {
    let p = shares(&[1.0, 4.0, 2.0, 8.0, 0.5]);
    for temperature in [1.0, 0.5, 2.0, 0.1, 100.0] {
        let weights: Vec<f64> = p.iter().map(|p| p.powf(1.0 / temperature)).collect();
        let sampling = Sampling { temperature, ..Sampling::default() };
        probs(&format!("temperature {temperature}"), &logits_of(&p), sampling, &shares(&weights))?;
    }
    let never = f32::NEG_INFINITY;
    for temperature in [1e-3, 1e-310] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let (what, logits) =
            (format!("temperature {temperature:e}"), [-1e4, 1e4, never, 1e4, 9999.0]);
        probs(&what, &logits, sampling, &[0.0, 0.5, 0.0, 0.5, 0.0])?;
    }
    Ok(())
}

fn temperature_zero_is_greedy() -> Outcome {
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let all = Sampling { temperature: 0.0, top_k: Some(3), top_p: Some(0.9), min_p: Some(0.1) };
    for sampling in [greedy, all] {
        probs("temperature 0", &[0.5, -2.0, 3.0, 1.0], sampling, &[0.0, 0.0, 1.0, 0.0])?;
        probs("temperature 0, two equals", &[-1.0, 7.0, 7.0], sampling, &[0.0, 1.0, 0.0])?;
        let mut rng = StdRng::seed_from_u64(1);
        for logits in [[9.0, 8.9, 8.9], [-5.0, -4.0, -6.0]] {
            let best = if logits[0] > 0.0 { 0 } else { 1 };
            let counts =
                oracle::count_draws(3, 50, || subject::sample(&logits, &sampling, &mut rng))?;
            expect(counts[best] == 50, || {
                format!("temperature 0, logits {logits:?}: drew {counts:?} of each")
            })?;
        }
    }
    Ok(())
}

fn top_k_keeps_exactly_k() -> Outcome {
    let logits = logits_of(&[0.1, 0.4, 0.2, 0.25, 0.05]);
    let top = |k| Sampling { top_k: Some(k), ..Sampling::default() };
    probs("top-k 1", &logits, top(1), &[0.0, 1.0, 0.0, 0.0, 0.0])?;
    probs("top-k 3", &logits, top(3), &shares(&[0.0, 0.4, 0.2, 0.25, 0.0]))?;
    for k in [5, 9] {
        probs(&format!("top-k {k} of 5"), &logits, top(k), &[0.1, 0.4, 0.2, 0.25, 0.05])?;
    }
    probs(
        "top-k 3 with equals",
        &[1.0, 2.0, 1.0, 2.0, 1.0],
        top(3),
        &shares(&[1.0, E, 0.0, E, 0.0]),
    )?;
    probs("top-k 2 with equals", &[0.0, 0.0, -0.0, 0.0], top(2), &[0.5, 0.5, 0.0, 0.0])
}

const E: f64 = std::f64::consts::E;

fn top_p_keeps_the_crossing_token() -> Outcome {
    let p = [0.1, 0.4, 0.2, 0.25, 0.05];
    let top = |p| Sampling { top_p: Some(p), ..Sampling::default() };
    for (threshold, kept) in [
        (0.01, [0.0, 0.4, 0.0, 0.0, 0.0]),
        (0.39, [0.0, 0.4, 0.0, 0.0, 0.0]),
        (0.45, [0.0, 0.4, 0.0, 0.25, 0.0]),
        (0.7, [0.0, 0.4, 0.2, 0.25, 0.0]),
        (0.9, [0.1, 0.4, 0.2, 0.25, 0.0]),
        (0.97, p),
    ] {
        probs(&format!("top-p {threshold}"), &logits_of(&p), top(threshold), &shares(&kept))?;
    }
    probs("top-p 0.5 of four equals", &[3.0; 4], top(0.5), &[0.5, 0.5, 0.0, 0.0])?;
    let logits: Vec<f32> = [0.0; 60].into_iter().chain([-36.0; 4]).collect();
    let kept = subject::filtered_probs(&logits, &top(1.0))?.iter().filter(|&&p| p > 0.0).count();
    expect(kept == 64, || {
        format!("top-p 1 must keep all 64 tokens, however unlikely: it kept {kept}")
    })
}

fn min_p_is_relative_to_the_best() -> Outcome {
    let min = |p| Sampling { min_p: Some(p), ..Sampling::default() };
    let sure = [0.02, 0.9, 0.08];
    probs("min-p 0.05, sure", &logits_of(&sure), min(0.05), &shares(&[0.0, 0.9, 0.08]))?;
    let unsure = [0.26, 0.3, 0.2, 0.16, 0.08];
    probs(
        "min-p 0.5, unsure",
        &logits_of(&unsure),
        min(0.5),
        &shares(&[0.26, 0.3, 0.2, 0.16, 0.0]),
    )?;
    probs("min-p 0.9, unsure", &logits_of(&unsure), min(0.9), &[0.0, 1.0, 0.0, 0.0, 0.0])?;
    probs("min-p 1 with equals", &[-3.0, 2.0, 2.0], min(1.0), &[0.0, 0.5, 0.5])
}

fn filters_combine_in_order() -> Outcome {
    for case in oracle::sampling_cases()? {
        let sampling = case.sampling();
        probs(&format!("{sampling:?}"), &case.logits, sampling, &case.probs)?;
    }
    Ok(())
}

fn bad_input_is_an_error() -> Outcome {
    let good = Sampling::default();
    let settings = [
        ("temperature −1", Sampling { temperature: -1.0, ..good }),
        ("temperature NaN", Sampling { temperature: f64::NAN, ..good }),
        ("temperature ∞", Sampling { temperature: f64::INFINITY, ..good }),
        ("top-k 0", Sampling { top_k: Some(0), ..good }),
        ("top-p 0", Sampling { top_p: Some(0.0), ..good }),
        ("top-p 1.5", Sampling { top_p: Some(1.5), ..good }),
        ("min-p NaN", Sampling { min_p: Some(f64::NAN), ..good }),
        ("min-p −0.1 at temperature 0", Sampling { temperature: 0.0, min_p: Some(-0.1), ..good }),
    ];
    for (what, sampling) in settings {
        expect_error(what, subject::filtered_probs(&[1.0, 2.0], &sampling))?;
    }
    let (nan, never) = (f32::NAN, f32::NEG_INFINITY);
    let logits: [(&str, &[f32]); 5] = [
        ("no logits", &[]),
        ("a logit NaN", &[1.0, nan, 2.0]),
        ("the first logit NaN", &[nan, 1.0]),
        ("a logit +∞", &[0.0, f32::INFINITY]),
        ("nothing but −∞", &[never, never]),
    ];
    let mut rng = StdRng::seed_from_u64(2);
    for (what, logits) in logits {
        for sampling in [good, Sampling { temperature: 0.0, ..good }] {
            expect_error(what, subject::filtered_probs(logits, &sampling))?;
            expect_error(what, subject::sample(logits, &sampling, &mut rng))?;
        }
    }
    // And what is not bad: −∞ means “never”.
    probs("one logit of −∞", &[2.0, never, 2.0], good, &[0.5, 0.0, 0.5])
}

fn sample_follows_the_distribution() -> Outcome {
    let p = shares(&[3.0, 1.0, 8.0, 0.0, 4.0, 2.0, 6.0]);
    let logits = logits_of(&p);
    let good = Sampling::default();
    let squared: Vec<f64> = p.iter().map(|p| p * p).collect();
    let cases = [
        ("default settings", good, p.clone()),
        ("temperature 0.5", Sampling { temperature: 0.5, ..good }, shares(&squared)),
        (
            "top-k 3",
            Sampling { top_k: Some(3), ..good },
            shares(&[0.0, 0.0, 8.0, 0.0, 4.0, 0.0, 6.0]),
        ),
        (
            "top-p 0.8",
            Sampling { top_p: Some(0.8), ..good },
            shares(&[3.0, 0.0, 8.0, 0.0, 4.0, 0.0, 6.0]),
        ),
        (
            "min-p 0.2",
            Sampling { min_p: Some(0.2), ..good },
            shares(&[3.0, 0.0, 8.0, 0.0, 4.0, 2.0, 6.0]),
        ),
    ];
    for (seed, (what, sampling, want)) in (3..).zip(cases) {
        let mut rng = StdRng::seed_from_u64(seed);
        let counts =
            oracle::count_draws(p.len(), 20_000, || subject::sample(&logits, &sampling, &mut rng))?;
        expect_distribution(&format!("20,000 draws, {what}"), &counts, &want)?;
    }
    Ok(())
}

/// A generator that yields one bit pattern for ever.
struct Stuck(u64);

impl rand::TryRng for Stuck {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(self.0 as u8);
        Ok(())
    }
}

fn extreme_draws_stay_allowed() -> Outcome {
    let logits: Vec<f32> =
        [f32::NEG_INFINITY].into_iter().chain(spread(40, 9)).chain([-900.0]).collect();
    let top = Sampling { top_k: Some(23), ..Sampling::default() };
    for sampling in [Sampling::default(), top] {
        let allowed = oracle::allowed(&logits, sampling.top_k);
        for (what, bits) in [("0", 0), ("the largest number below 1", u64::MAX)] {
            let token = draw(&logits, &sampling, &mut Stuck(bits))?;
            expect(allowed.contains(&token), || {
                format!("the generator yields {what}: drew token {token}, whose probability is 0")
            })?;
        }
        // And in between every draw is as ordinary as ever.
        let mut rng = StdRng::seed_from_u64(10);
        let mut seen: Vec<usize> =
            (0..2000).map(|_| draw(&logits, &sampling, &mut rng)).collect::<Result<_, _>>()?;
        seen.sort_unstable();
        seen.dedup();
        expect(seen.len() > 10 && seen.iter().all(|token| allowed.contains(token)), || {
            format!("2,000 draws gave the tokens {seen:?}, allowed are {allowed:?}")
        })?;
    }
    Ok(())
}

fn draw(logits: &[f32], sampling: &Sampling, rng: &mut impl Rng) -> Result<usize, Failure> {
    Ok(subject::sample(logits, sampling, rng)?)
}

fn penalty_matches_transformers() -> Outcome {
    for oracle::PenaltyCase { logits, history, penalty, penalized } in oracle::penalty_cases()? {
        let got = subject::penalize(&logits, &history, penalty)?;
        let what = format!("penalty {penalty}, history {history:?}, logits {logits:?}");
        expect_close(&what, &[], &got, &penalized, Tolerance::F32)?;
    }
    let never = f32::NEG_INFINITY;
    let got = subject::penalize(&[never, 4.0, 0.0, -3.0], &[0, 2, 1, 1], 2.0)?;
    expect_close("penalty 2, of −∞, 4 and 0", &[], &got, &[never, 2.0, 0.0, -3.0], Tolerance::F32)
}

fn bad_penalty_is_an_error() -> Outcome {
    for penalty in [0.0, -1.2, f64::NAN, f64::INFINITY] {
        for history in [&[0, 1][..], &[]] {
            let what = format!("penalty {penalty}, history {history:?}");
            expect_error(&what, subject::penalize(&[1.0, 2.0], history, penalty))?;
        }
    }
    for history in [&[2][..], &[0, usize::MAX]] {
        let what = format!("history {history:?} with 2 logits");
        expect_error(&what, subject::penalize(&[1.0, 2.0], history, 1.5))?;
    }
    let got = subject::penalize(&[3.0, -1.0, 2.0], &[1, 0], 1.5)?;
    expect_close("a good penalty", &[], &got, &[2.0, -1.5, 2.0], Tolerance::F32)
}

/// Searches a model; the failure names the search.
fn expect_beams(model: Model, search: BeamSearch, want: &[Listed]) -> Outcome {
    let what = format!("{search:?} over {} tokens", model.vocab);
    let got = subject::beam_search(|tokens| model.logits(tokens), &search)?;
    let tokens = |beam: &Beam| beam.tokens.clone();
    let wanted: Vec<_> = want.iter().map(|listed| listed.tokens.clone()).collect();
    expect_eq(&what, &got.iter().map(tokens).collect::<Vec<_>>(), &wanted)?;
    let wanted: Vec<f64> = want.iter().map(Listed::log_prob).collect();
    let log_probs: Vec<f64> = got.iter().map(|beam| beam.log_prob).collect();
    expect_close(&format!("{what}, log_prob"), &[], &log_probs, &wanted, Tolerance::F32)?;
    let wanted: Vec<f64> = want.iter().map(|l| l.score(search.length_penalty)).collect();
    let scores: Vec<f64> = got.iter().map(|beam| beam.score).collect();
    expect_close(&format!("{what}, score"), &[], &scores, &wanted, Tolerance::F32)
}

fn width_one_is_greedy() -> Outcome {
    for (seed, end) in [(41, None), (42, Some(3)), (43, None), (44, Some(0)), (45, Some(1))] {
        let (model, max_len) = (Model { vocab: 5, seed }, 6);
        let mut want: Vec<usize> = Vec::new();
        while want.len() < max_len && (end.is_none() || want.last().copied() != end) {
            let logits = model.logits(&want);
            let best = (0..5).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            want.extend(best);
        }
        let search = BeamSearch { width: 1, max_len, end, length_penalty: 1.0 };
        let got = subject::beam_search(|tokens| model.logits(tokens), &search)?;
        expect(got.len() == 1, || format!("width 1 gave {} sequences", got.len()))?;
        expect_eq(&format!("the likeliest token at each step, {search:?}"), &got[0].tokens, &want)?;
    }
    Ok(())
}

fn wide_beam_is_exact() -> Outcome {
    for (seed, vocab, max_len, end, length_penalty) in [
        (51, 3, 1, None, 0.0),
        (52, 3, 4, None, 0.0),
        (53, 4, 3, Some(2), 1.0),
        (54, 2, 6, Some(0), 0.7),
        (55, 7, 2, None, 1.0),
    ] {
        let (model, width) = (Model { vocab, seed }, vocab.pow(max_len as u32));
        let search = BeamSearch { width, max_len, end, length_penalty };
        expect_beams(model, search, &every_sequence(model, max_len, end, length_penalty))?;
    }
    Ok(())
}

fn narrow_beam_keeps_the_best() -> Outcome {
    for (seed, width, end, length_penalty) in [
        (61, 2, None, 0.0),
        (62, 3, None, 1.0),
        (63, 2, Some(1), 0.0),
        (64, 3, Some(0), 1.0),
        (65, 5, Some(2), 0.6),
    ] {
        let (model, max_len) = (Model { vocab: 4, seed }, 4);
        let search = BeamSearch { width, max_len, end, length_penalty };
        expect_beams(model, search, &survivors(model, max_len, width, end, length_penalty))?;
    }
    Ok(())
}

/// Three tokens, whatever came before; the last one ends a sequence.
const ALWAYS: [f64; 3] = [0.45, 0.2, 0.35];

/// What `ALWAYS` gives to a sequence.
fn always_log_prob(tokens: &[usize]) -> f64 {
    tokens.iter().map(|&token| ALWAYS[token].ln()).sum()
}

fn scores_divide_by_length() -> Outcome {
    for length_penalty in [0.0, 1.0, 2.0, 0.5, -0.5] {
        let search = BeamSearch { width: 20, max_len: 3, end: Some(2), length_penalty };
        let got = subject::beam_search(|_| logits_of(&ALWAYS), &search)?;
        // One sequence ends after one token, 2 after two, 4 after three; 8 do not end.
        expect(got.len() == 15, || format!("{search:?}: 15 sequences, got {}", got.len()))?;
        for beam in &got {
            let len = beam.tokens.len() as f64;
            let want = always_log_prob(&beam.tokens) / len.powf(length_penalty);
            let what = format!("score of {:?} at length penalty {length_penalty}", beam.tokens);
            expect_close(&what, &[], &[beam.score], &[want], Tolerance::F32)?;
        }
        expect(got.windows(2).all(|pair| pair[0].score >= pair[1].score), || {
            format!("{search:?}: the best score comes first")
        })?;
    }
    Ok(())
}

fn ended_sequences_rest() -> Outcome {
    // By hand: the shares kept are 0.45, 0.35, 0.2; then 0.35, 0.45², 0.45 · 0.35; and so on.
    let kept: [&[&[usize]]; 4] = [
        &[&[0], &[2], &[1]],
        &[&[2], &[0, 0], &[0, 2]],
        &[&[2], &[0, 2], &[0, 0, 0]],
        &[&[2], &[0, 2], &[0, 0, 0, 0]],
    ];
    let asked: [&[usize]; 5] = [&[], &[0], &[1], &[0, 0], &[0, 0, 0]];
    for (max_len, (want, calls)) in (1..).zip(kept.iter().zip([1, 3, 4, 5])) {
        let mut prefixes: Vec<Vec<usize>> = Vec::new();
        let search = BeamSearch { width: 3, max_len, end: Some(2), length_penalty: 0.0 };
        let next = |tokens: &[usize]| {
            prefixes.push(tokens.to_vec());
            logits_of(&ALWAYS)
        };
        let got = subject::beam_search(next, &search)?;
        let tokens: Vec<_> = got.iter().map(|beam| &beam.tokens[..]).collect();
        let what = format!("logits of {ALWAYS:?}, {search:?}");
        expect_eq(&what, &tokens, want)?;
        let prefixes: Vec<_> = prefixes.iter().map(|tokens| &tokens[..]).collect();
        expect_eq(&format!("{what}: what `next` was asked"), &prefixes, &asked[..calls])?;
    }
    // The score of an ended sequence does not change any more.
    let search = BeamSearch { width: 90, max_len: 5, end: Some(2), length_penalty: 1.0 };
    let got = subject::beam_search(|_| logits_of(&ALWAYS), &search)?;
    let ended = got.iter().find(|beam| beam.tokens == [2]);
    let ended = ended.ok_or_else(|| Failure::wrong("the sequence [2] ended and was lost"))?;
    expect_close("score of [2]", &[], &[ended.score], &[0.35_f64.ln()], Tolerance::F32)
}

fn beam_ties_are_stable() -> Outcome {
    let never = f32::NEG_INFINITY;
    let cases: [(&[f32], &[&[usize]]); 2] = [
        (&[0.5; 3], &[&[0, 0], &[0, 1], &[0, 2], &[1, 0], &[1, 1]]),
        (&[never, 1.0, never, 1.0], &[&[1, 1], &[1, 3], &[3, 1], &[3, 3]]),
    ];
    for (logits, want) in cases {
        let search = BeamSearch { width: 5, max_len: 2, end: None, length_penalty: 1.0 };
        let got = subject::beam_search(|_| logits.to_vec(), &search)?;
        let tokens: Vec<_> = got.iter().map(|beam| &beam.tokens[..]).collect();
        expect_eq(&format!("logits {logits:?} at each step, {search:?}"), &tokens, want)?;
    }
    Ok(())
}

fn bad_search_is_an_error() -> Outcome {
    let good = BeamSearch { width: 2, max_len: 2, end: None, length_penalty: -1.0 };
    for search in [
        BeamSearch { width: 0, ..good },
        BeamSearch { max_len: 0, ..good },
        BeamSearch { length_penalty: f64::NAN, ..good },
        BeamSearch { length_penalty: f64::NEG_INFINITY, ..good },
    ] {
        let got = subject::beam_search(|_| vec![0.0, 1.0], &search);
        expect_error(&format!("{search:?}"), got)?;
    }
    let bad: [&[f32]; 4] = [&[], &[0.0, f32::NAN], &[f32::INFINITY, 1.0], &[f32::NEG_INFINITY]];
    for logits in bad {
        // The first step is fine.
        let next = |tokens: &[usize]| {
            if tokens.is_empty() { vec![1.0, 2.0] } else { logits.to_vec() }
        };
        expect_error(&format!("logits {logits:?}"), subject::beam_search(next, &good))?;
    }
    // And what is not bad: a negative length penalty.
    let got = subject::beam_search(|_| logits_of(&[0.25, 0.75]), &good)?;
    let scores: Vec<f64> = got.iter().map(|beam| beam.score).collect();
    let want = [2.0 * 0.5625_f64.ln(), 2.0 * 0.1875_f64.ln()];
    expect_close("scores at length penalty −1", &[], &scores, &want, Tolerance::F32)
}

async fn kernel_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in
        (30..).zip([(1, 1), (3, 7), (1, 2), (5, 31), (300, 33), (2, 256), (4, 1)])
    {
        kernel.expect_softmax("softmax", &spread(rows * cols, seed), cols).await?;
    }
    Ok(())
}

async fn kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in
        (40..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 4096), (2, 10_000)])
    {
        let mut x = spread(rows * cols, seed);
        // The largest is at the end, where a kernel that stops early does not look.
        x[rows * cols - 1] = 9.0;
        kernel.expect_softmax("softmax", &x, cols).await?;
    }
    Ok(())
}

async fn kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    let cols = 301;
    // Steps of 1/64, so that f32 holds number and offset exactly.
    let steps: Vec<f32> = spread(2 * cols, 50).iter().map(|v| (v * 64.0).round() / 64.0).collect();
    for offset in [1e4, -1e4, 100.0, -200.0] {
        let x: Vec<f32> = steps.iter().map(|v| v + offset).collect();
        kernel.expect_softmax(&format!("softmax, logits near {offset},"), &x, cols).await?;
    }
    let wide: Vec<f32> = steps.iter().map(|v| v * 2500.0).collect();
    kernel.expect_softmax("softmax, logits up to ±10,000,", &wide, cols).await?;
    for mask in [-1e30, f32::MIN] {
        let keep_third = |(i, &v): (usize, &f32)| if i % 3 == 0 { v } else { mask };
        let masked: Vec<f32> = steps.iter().enumerate().map(keep_third).collect();
        kernel
            .expect_softmax(&format!("softmax, two of three entries {mask:e},"), &masked, cols)
            .await?;
        kernel
            .expect_softmax(&format!("softmax, all entries {mask:e},"), &vec![mask; 2 * cols], cols)
            .await?;
    }
    Ok(())
}

async fn kernel_keeps_rows_apart(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    let (rows, cols) = (7, 37);
    let x = spread(rows * cols, 60);
    let grid = [rows as u32, 1, 1];
    let before = kernel.run(&x, cols, grid).await?;
    let mut changed = x.clone();
    changed[3 * cols..4 * cols].copy_from_slice(&spread(cols, 61));
    changed[3 * cols + 5] = 40.0;
    let after = kernel.run(&changed, cols, grid).await?;
    for row in (0..rows).filter(|&row| row != 3) {
        let range = row * cols..(row + 1) * cols;
        expect(before[range.clone()] == after[range], || {
            format!("row {row} changed when row 3 of x did")
        })?;
    }
    oracle::expect_rows("softmax", &after, &changed, cols)
}

async fn kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols, grid)) in
        (70..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1])])
    {
        let x = spread(rows * cols, seed);
        let y = kernel.run(&x, cols, grid).await?;
        oracle::expect_rows(
            &format!("a grid of {} by {} workgroups for {rows} rows", grid[0], grid[1]),
            &y,
            &x,
            cols,
        )?;
    }
    Ok(())
}

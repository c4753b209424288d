//! Sums over all paths, and paths by chance.

use std::collections::HashMap;

use grading::numbers::shares;
use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_distribution, expect_error_is,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{
    all_paths, all_sums, cuts, edge, lattices_to_draw_from, ln_fibonacci, random_lattice,
    steps_of_one_and_two,
};
use crate::{Answers, Lattice, LatticeError, path_log_prob};

const EXACT: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };

fn forward_is_all_sums(answers: &Answers, alphas: &[f64], seed: u64) -> Outcome {
    let mut rng = StdRng::seed_from_u64(seed);
    for round in 0..60 {
        let lattice = random_lattice(&mut rng, 2 + round % 10, 0.6)?;
        for &alpha in alphas {
            let what = format!("alpha {alpha}, edges {}: forward", cuts(lattice.edges()));
            let got = (answers.unigram_forward)(&lattice, alpha);
            expect_close(&what, &[], &got, &all_sums(&lattice, alpha), EXACT)?;
        }
    }
    Ok(())
}

pub fn forward_sums_over_all_paths(answers: &Answers) -> Outcome {
    forward_is_all_sums(answers, &[1.0], 3)
}

pub fn forward_weighs_by_alpha(answers: &Answers) -> Outcome {
    forward_is_all_sums(answers, &[0.3, 2.5], 4)?;
    // With alpha 0 the sum is the number of paths.
    let forward = (answers.unigram_forward)(&steps_of_one_and_two(40, -3.5)?, 0.0);
    let want: Vec<f64> = (0..=40).map(ln_fibonacci).collect();
    expect_close("alpha 0, steps of 1 and 2: forward", &[], &forward, &want, EXACT)
}

pub fn forward_stays_finite(answers: &Answers) -> Outcome {
    for (n, log_prob) in [(40, -300.0), (1500, -1.5), (1500, -90.0), (700, 2.0)] {
        let forward = (answers.unigram_forward)(&steps_of_one_and_two(n, log_prob)?, 1.0);
        let got = *forward.last().ok_or(Failure::wrong("forward has no last value"))?;
        let want = n as f64 * log_prob + ln_fibonacci(n);
        let what = format!("{n} steps of log-probability {log_prob}: the last value of forward");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    let lattice = Lattice::new(4, vec![edge(0, 1, -745.5), edge(1, 3, -1.0)])?;
    let got = (answers.unigram_forward)(&lattice, 1.0);
    let want = [0.0, -745.5, f64::NEG_INFINITY, -746.5, f64::NEG_INFINITY];
    expect_close("edges [0–1 1–3] over 4 bytes: forward", &[], &got, &want, EXACT)
}

/// Draws many paths and compares how often each came with its share of all.
fn draws_have_shares(answers: &Answers, alpha: f64, seed: u64) -> Outcome {
    for (seed, lattice) in (seed..).zip(lattices_to_draw_from()?) {
        let paths = all_paths(&lattice, lattice.end());
        let weights: Vec<f64> =
            paths.iter().map(|path| (alpha * path_log_prob(path)).exp()).collect();
        let index: HashMap<String, usize> =
            paths.iter().enumerate().map(|(i, path)| (cuts(path), i)).collect();
        let edges = cuts(lattice.edges());
        let mut counts = vec![0; paths.len()];
        let mut rng = StdRng::seed_from_u64(seed);
        for _ in 0..4000 {
            let path = cuts(&(answers.unigram_sample)(&lattice, alpha, &mut rng)?);
            let i = index.get(&path).ok_or_else(|| {
                let end = lattice.end();
                Failure::wrong(format!("drew {path}: no path to {end} through the edges {edges}"))
            })?;
            counts[*i] += 1;
        }
        let what = format!("4,000 draws with alpha {alpha} of the paths through {edges}");
        expect_distribution(&what, &counts, &shares(&weights))?;
    }
    Ok(())
}

pub fn samples_follow_the_model(answers: &Answers) -> Outcome {
    draws_have_shares(answers, 1.0, 10)
}

pub fn alpha_flattens_the_samples(answers: &Answers) -> Outcome {
    [0.0, 0.35, 1.8].into_iter().try_for_each(|alpha| draws_have_shares(answers, alpha, 20))
}

pub fn sampling_refuses_what_it_cannot_do(answers: &Answers) -> Outcome {
    let mut rng = StdRng::seed_from_u64(6);
    let mut sample = |lattice: &Lattice, alpha| (answers.unigram_sample)(lattice, alpha, &mut rng);
    // Its only path is far below the smallest `f64`.
    let all = [(0, 1), (1, 3), (2, 4), (3, 4)].map(|(start, end)| edge(start, end, -900.0));
    let lattice = Lattice::new(4, all.to_vec())?;
    let got = sample(&lattice, 1.0)?;
    expect(got == [all[0], all[1], all[3]], || {
        format!("the edges {} have one path, [0–1 1–3 3–4]; got {}", cuts(&all), cuts(&got))
    })?;
    let empty = Lattice::new(0, Vec::new())?;
    for alpha in [-0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for lattice in [&lattice, &Lattice::new(4, Vec::new())?, &empty] {
            let what = format!("alpha {alpha}, edges {}", cuts(lattice.edges()));
            expect_error_is(&what, sample(lattice, alpha), &LatticeError::BadAlpha(alpha))?;
        }
    }
    for edges in [&[][..], &all[..2], &all[2..], &[all[0], all[2]]] {
        let what = format!("edges {} over a text of 4 bytes", cuts(edges));
        let got = sample(&Lattice::new(4, edges.to_vec())?, 1.0);
        expect_error_is(&what, got, &LatticeError::NoPath)?;
    }
    let path = sample(&empty, 0.5)?;
    expect(path.is_empty(), || format!("an empty text has an empty path; got {}", cuts(&path)))
}

//! Chance: a generator that nobody can foresee, and frequencies with names.

use grading::numbers::{count, counted, percent};
use grading::random::seeded;
use grading::{Failure, Outcome, expect, expect_distribution, seed_of_this_run};
use rand::rngs::StdRng;

/// Runs a check with a new generator; a failure says how to repeat it.
pub fn with_chance(check: impl FnOnce(&mut StdRng) -> Outcome) -> Outcome {
    let seed = seed_of_this_run()?;
    check(&mut seeded(seed)).map_err(|failure| match failure {
        Failure::Wrong(message) => Failure::wrong(format!(
            "{message} (drawn with seed {seed:x}; STUDY_SEED={seed:x} repeats it)"
        )),
        unavailable => unavailable,
    })
}

/// Fails unless outcomes are as frequent as they are likely, by the χ² test: a right answer fails once in
/// 10⁹ runs. What is expected fewer than 50 times is counted together.
pub fn expect_shares(what: &str, outcomes: &[(String, u64, f64)]) -> Outcome {
    let total: u64 = outcomes.iter().map(|(_, count, _)| count).sum();
    let impossible = outcomes.iter().find(|(_, count, p)| *p <= 0.0 && *count > 0);
    if let Some((name, n, _)) = impossible {
        let message = format!("{what}: {name} cannot be, but came {} times", count(*n));
        return Err(Failure::wrong(message));
    }
    let (common, rare): (Vec<_>, Vec<_>) =
        outcomes.iter().cloned().partition(|(_, _, p)| p * total as f64 >= 50.0);
    expect(!common.is_empty() || total == 0, || {
        format!("{what}: there are {total} in all, too few to compare")
    })?;
    let together = rare.iter().fold((0, 0.0), |(n, p), (_, count, q)| (n + count, p + q));
    let mut cells = common;
    if together.1 * total as f64 >= 50.0 {
        cells.push(("all rare ones together".into(), together.0, together.1));
    } else {
        // So few that they would not count; but they may not be many.
        expect(together.0 < 150, || {
            format!("{what}: rare outcomes came {} times of {total}", together.0)
        })?;
    }
    let counts: Vec<u64> = cells.iter().map(|(_, count, _)| *count).collect();
    let all: u64 = counts.iter().sum();
    let sum: f64 = cells.iter().map(|(_, _, p)| p).sum();
    let shares: Vec<f64> = cells.iter().map(|(_, _, p)| p / sum).collect();
    if expect_distribution(what, &counts, &shares).is_ok() {
        return Ok(());
    }
    let off = |i: usize| {
        let expected = all as f64 * shares[i];
        (counts[i] as f64 - expected).abs() / expected.sqrt()
    };
    let worst = (0..cells.len()).max_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(0);
    Err(Failure::wrong(format!(
        "{what}: among {}, the share of “{}” is {}, expected {}",
        counted(all as usize, "outcome"),
        cells[worst].0,
        percent(counts[worst] as f64 / all as f64, 1),
        percent(shares[worst], 1)
    )))
}

/// The probability of `k` of `n`, each with `p`.
pub fn binomial(n: usize, k: usize, p: f64) -> f64 {
    crate::oracle::choose(n, k) * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
}

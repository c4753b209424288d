//! How things are timed here.

use std::time::{Duration, Instant};

/// The shortest of several runs: what the code takes when nothing else disturbs it.
pub fn shortest<T>(runs: usize, mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut best: Option<(Duration, T)> = None;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        if best.as_ref().is_none_or(|(b, _)| took < *b) {
            best = Some((took, result));
        }
    }
    best.expect("at least one run")
}

/// `a` as a multiple of `b`.
pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// What one way took in several rounds.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    pub fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// What it takes when nothing else disturbs it.
    pub fn shortest(&self) -> Duration {
        self.0[0]
    }
}

/// What each of several ways takes in so many rounds. They take turns, so that whatever disturbs a
/// round disturbs all of them.
pub fn turns<E>(
    rounds: usize,
    ways: usize,
    mut run: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Times>, E> {
    let mut times = vec![Vec::new(); ways];
    for _ in 0..rounds.max(1) {
        for (way, times) in times.iter_mut().enumerate() {
            let start = Instant::now();
            run(way)?;
            times.push(start.elapsed());
        }
    }
    Ok(times.into_iter().map(Times::new).collect())
}

/// The median of each way in [`turns`].
pub fn medians<E>(
    rounds: usize,
    ways: usize,
    run: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Duration>, E> {
    Ok(turns(rounds, ways, run)?.iter().map(Times::median).collect())
}

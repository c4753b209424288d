//! The differential check: an answer and the reference run side by side on drawn inputs.

use std::fmt::Debug;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::compare::elided;
use crate::{Failure, Outcome, draw, panics};

/// How many inputs a check draws unless told otherwise.
const CASES: u32 = 1000;
/// After this time no further input is drawn, but never fewer than [`FEWEST_CASES`] are.
const DRAWING: Duration = Duration::from_secs(3);
const FEWEST_CASES: u32 = 16;
/// How long, and in how many steps, a smaller input is looked for.
const SHRINKING: Duration = Duration::from_secs(3);
const SHRINKING_STEPS: u32 = if cfg!(target_family = "wasm") { 500 } else { 20_000 };
/// How much of an input a message shows, in characters.
const SHOWN: usize = 600;

/// Runs `check` on 1,000 inputs drawn from `strategy`; see [`draw`] for strategies that know the
/// corners of their type. The check compares the learner's answer with the reference, mostly by
/// [`agree`](crate::agree).
///
/// A difference is shrunk: the failure is that of the smallest input found, and names it. A panic is
/// a difference, too; only `todo!()` and `unimplemented!()` panic on. The seed is a new one each time
/// and part of the failure; with it in the environment variable `STUDY_SEED` the same inputs are
/// drawn again. Drawing stops after 3 seconds, yet not before 16 inputs; [`Differential`] draws fewer
/// or more.
///
/// Right answers may differ where rounding decides: whether a running sum reaches a share exactly,
/// which of two almost equal scores is larger. Such an input says nothing; let the check return `Ok`
/// for it, for example if the reference decides otherwise a hair beside it, at `p · (1 ± 1e-9)`.
///
/// ```
/// use grading::{Tolerance, agree, differential, draw, expect_close};
///
/// fn reference(x: &[f64]) -> Result<f64, &'static str> {
///     x.iter().copied().reduce(f64::max).ok_or("empty")
/// }
/// // Wrong where every number is below 0.
/// fn answer(x: &[f64]) -> Result<f64, &'static str> {
///     if x.is_empty() { Err("empty") } else { Ok(x.iter().copied().fold(0.0, f64::max)) }
/// }
/// let outcome = differential(draw::list(draw::finite_f64(), 0..=4), |x| {
///     agree("largest", answer(x), reference(x), |&got, &want| {
///         expect_close("the largest", &[], &[got], &[want], Tolerance::F64)
///     })
/// });
/// let failure = outcome.unwrap_err();
/// assert!(failure.message().contains("expected -1, got 0"), "{failure:?}");
/// assert!(failure.message().contains("for the input [-1.0] (drawn with seed "), "{failure:?}");
/// ```
///
/// # Errors
/// The failure of the smallest input; [`Failure::Unavailable`] as the check returns it.
pub fn differential<S: Strategy>(strategy: S, check: impl FnMut(&S::Value) -> Outcome) -> Outcome {
    Differential::cases(CASES).run(strategy, check)
}

/// A [`differential`] check with another number of inputs or a fixed seed.
///
/// ```
/// use grading::{Differential, draw, expect_same};
///
/// let outcome = Differential::cases(32).run(draw::words(5), |words| {
///     expect_same("words", &words.join(" ").len(), &words.join("\n").len())
/// });
/// assert!(outcome.is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Differential {
    cases: u32,
    seed: Option<u64>,
}

impl Differential {
    /// Draws this many inputs.
    pub fn cases(cases: u32) -> Self {
        Self { cases, seed: None }
    }

    /// Draws the inputs of this seed, whatever the environment says.
    ///
    /// ```
    /// use grading::{Differential, draw, expect};
    ///
    /// let once = || {
    ///     let runs = Differential::cases(100).seed(0xbee);
    ///     runs.run(draw::any_u64(), |n| expect(*n < 9, || "9 is too many".into()))
    /// };
    /// let failure = once().unwrap_err();
    /// assert!(failure.message().contains("for the input 9 (drawn with seed bee;"), "{failure:?}");
    /// assert_eq!(once(), Err(failure));
    /// ```
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Runs the check; see [`differential`].
    ///
    /// ```
    /// use grading::{Differential, draw, expect};
    ///
    /// let lists = draw::list(0..=9_u8, 0..=8);
    /// let outcome = Differential::cases(100).seed(1).run(lists, |list| {
    ///     let (first, rest) = list.split_first().expect("a list is never empty");
    ///     expect(rest.is_empty() || *first <= 9, || "too large".into())
    /// });
    /// let failure = outcome.unwrap_err();
    /// assert!(failure.message().starts_with("panicked: a list is never empty ("), "{failure:?}");
    /// assert!(failure.message().contains("for the input [] ("), "{failure:?}");
    /// ```
    ///
    /// # Errors
    /// The failure of the smallest input; [`Failure::Unavailable`] as the check returns it.
    pub fn run<S: Strategy>(
        self,
        strategy: S,
        mut check: impl FnMut(&S::Value) -> Outcome,
    ) -> Outcome {
        let search = self.search(strategy, async |input: &S::Value| panics::catch(|| check(input)));
        match pin!(search).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => unreachable!("a check that is no future waits for nothing"),
        }
    }

    /// Runs a check that awaits, as that of a kernel does. Its panics stay panics.
    ///
    /// Native only: what draws and shrinks would be a tenth of what a reader downloads for a kernel
    /// lab. So a check tries the limits that it knows everywhere, and draws natively.
    ///
    /// ```
    /// # async fn on_gpu(wgsl: &str, x: &[f32]) -> Result<Vec<f32>, grading::Failure> { Ok(x.into()) }
    /// use grading::{Differential, Outcome, draw, expect_bits};
    ///
    /// async fn kernel_copies(wgsl: String) -> Outcome {
    ///     let inputs = draw::list(draw::finite_f32(), 1..=3000);
    ///     Differential::cases(24)
    ///         .run_async(inputs, async |x| expect_bits("copy", &on_gpu(&wgsl, x).await?, x))
    ///         .await
    /// }
    /// # assert!(grading::block_on(kernel_copies(String::new())).is_ok());
    /// ```
    ///
    /// # Errors
    /// The failure of the smallest input; [`Failure::Unavailable`] as the check returns it.
    #[cfg(not(target_family = "wasm"))]
    pub async fn run_async<S: Strategy>(
        self,
        strategy: S,
        check: impl AsyncFnMut(&S::Value) -> Outcome,
    ) -> Outcome {
        self.search(strategy, check).await
    }

    async fn search<S: Strategy>(
        self,
        strategy: S,
        mut check: impl AsyncFnMut(&S::Value) -> Outcome,
    ) -> Outcome {
        let seed = match self.seed {
            Some(seed) => seed,
            None => seed_of_this_run()?,
        };
        let mut runner = draw::runner(seed);
        let clock = Clock::start();
        for case in 0..drawn_of(self.cases)? {
            if case >= FEWEST_CASES && clock.is_past(DRAWING) {
                break;
            }
            let tree = draw_one(&strategy, &mut runner)?;
            let input = tree.current();
            if let Err(failure) = check(&input).await {
                let Failure::Wrong(message) = failure else { return Err(failure) };
                let (input, message) = shrink(tree, (input, message), &mut check).await;
                return Err(Failure::wrong(report(&input, &message, seed)));
            }
        }
        Ok(())
    }
}

fn draw_one<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> Result<S::Tree, Failure> {
    let drawn = strategy.new_tree(runner);
    drawn.map_err(|why| Failure::wrong(format!("this check cannot draw an input: {why}")))
}

/// The smallest input found that fails, and its message.
async fn shrink<T: ValueTree>(
    mut tree: T,
    mut smallest: (T::Value, String),
    check: &mut impl AsyncFnMut(&T::Value) -> Outcome,
) -> (T::Value, String) {
    let clock = Clock::start();
    let mut is_new = tree.simplify();
    for _ in 0..SHRINKING_STEPS {
        if !is_new || clock.is_past(SHRINKING) {
            break;
        }
        let input = tree.current();
        is_new = match check(&input).await {
            Err(Failure::Wrong(message)) => {
                smallest = (input, message);
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    smallest
}

fn report(input: &impl Debug, message: &str, seed: u64) -> String {
    let input = elided(&format!("{input:?}"), SHOWN);
    format!(
        "{message}, for the input {input} \
         (drawn with seed {seed:x}; STUDY_SEED={seed:x} repeats it)"
    )
}

/// The seed that `STUDY_SEED` holds, or a new one: for what a check draws without a strategy.
///
/// # Errors
/// [`Failure::Unavailable`] if `STUDY_SEED` holds no seed.
pub fn seed_of_this_run() -> Result<u64, Failure> {
    match seed_of(std::env::var("STUDY_SEED").ok().as_deref())? {
        Some(seed) => Ok(seed),
        None => fresh_seed(),
    }
}

/// The seed that `STUDY_SEED` holds, as a failure prints it.
fn seed_of(text: Option<&str>) -> Result<Option<u64>, Failure> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let seed = u64::from_str_radix(text, 16).map_err(|_| {
        let must = "must be the seed a failure printed, up to 16 hexadecimal digits";
        Failure::unavailable(format!("STUDY_SEED {must}: it is `{text}`"))
    })?;
    Ok(Some(seed))
}

/// How many inputs are drawn where a check draws `cases`: with `STUDY_DRAW_LESS=8` an eighth. A wrong
/// answer that then survives now and then is rejected by luck, and once in a while will not be: if
/// it survives an eighth with probability p, then all with p⁸.
fn drawn_of(cases: u32) -> Result<u32, Failure> {
    #[cfg(not(target_family = "wasm"))]
    if let Some(text) = std::env::var_os("STUDY_DRAW_LESS") {
        return less(cases, &text.to_string_lossy());
    }
    Ok(cases)
}

#[cfg(not(target_family = "wasm"))]
fn less(cases: u32, text: &str) -> Result<u32, Failure> {
    match text.trim().parse() {
        Ok(part @ 1..) => Ok((cases / part).max(1)),
        _ => {
            let must = "must be a whole number from 1 on: 8 draws an eighth of the inputs";
            Err(Failure::unavailable(format!("STUDY_DRAW_LESS {must}: it is `{text}`")))
        }
    }
}

/// A seed that nobody can foresee.
fn fresh_seed() -> Result<u64, Failure> {
    getrandom::u64().map_err(|error| {
        Failure::unavailable(format!("the operating system has no random numbers: {error}"))
    })
}

/// Tells how long something takes, where there is a clock.
struct Clock {
    #[cfg(not(target_family = "wasm"))]
    start: std::time::Instant,
}

impl Clock {
    fn start() -> Self {
        Self {
            #[cfg(not(target_family = "wasm"))]
            start: std::time::Instant::now(),
        }
    }

    #[cfg(not(target_family = "wasm"))]
    fn is_past(&self, limit: Duration) -> bool {
        self.start.elapsed() >= limit
    }

    #[cfg(target_family = "wasm")]
    fn is_past(&self, _: Duration) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;

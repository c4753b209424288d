//! How fast kernels are on the reader's GPU. What is said of it belongs into [`View::Measured`].

use demo::{Cell, Context, DemoError, LocalFuture, View, format};
use gpu::{Clock, GpuError, Timing};

/// A way to compute something: what times so many runs of it.
pub type Way<'a> = &'a dyn Fn(u32) -> LocalFuture<'a, Result<Timing, GpuError>>;

/// So long several runs shall take together, in seconds: a browser's clocks are coarse.
const LONG: f64 = 0.025;
/// Never more runs in one submission.
const MOST: f64 = 64.0;
const ROUNDS: f64 = 5.0;

/// The shortest time that a run of each way took, if all together have about so many seconds. Ways
/// take turns, so that whatever disturbs one disturbs all. Each runs at least twice: once to be
/// compiled, once to be timed.
///
/// # Errors
/// As [`gpu::Gpu::time`]; [`DemoError::Cancelled`] if the reader asked for another run.
pub async fn shortest(
    cx: &Context,
    what: &str,
    ways: &[Way<'_>],
    seconds: f64,
) -> Result<Vec<Timing>, DemoError> {
    let mut best = Vec::new();
    for way in ways {
        cx.progress(what, 0, 0).await?;
        way(1).await?;
        best.push(way(1).await?);
    }
    let runs: Vec<u32> =
        best.iter().map(|once| (LONG / once.seconds).clamp(1.0, MOST) as u32).collect();
    let of_a_round: f64 =
        best.iter().zip(&runs).map(|(once, runs)| once.seconds * f64::from(*runs)).sum();
    for round in 0..(seconds / of_a_round).min(ROUNDS) as usize {
        for ((way, runs), best) in ways.iter().zip(&runs).zip(&mut best) {
            cx.progress(what, 0, 0).await?;
            let Timing { seconds, clock } = way(*runs).await?;
            let once = Timing { seconds: seconds / f64::from(*runs), clock };
            // A single run was timed less exactly than several together.
            if round == 0 && *runs > 1 || once.seconds < best.seconds {
                *best = once;
            }
        }
    }
    Ok(best)
}

/// What timed them, in a sentence.
pub fn clocks(times: &[Timing]) -> &'static str {
    if times.iter().all(|time| time.clock == Clock::Gpu) {
        "Timed by the GPU's own timestamps."
    } else {
        "Timed by the clock of this program: the way to the GPU and back counts, too."
    }
}

/// What two kernels that do the same work have to tell of each other: a table with this label.
pub fn compared(
    label: impl Into<String>,
    [first, second]: [(&str, Timing); 2],
    flops: f64,
    bytes: f64,
) -> Vec<View> {
    let rate = |each: f64, time: Timing| three(each / time.seconds / 1e9);
    let row = |(name, time): (&str, Timing)| {
        let cells = [
            three(1e3 * time.seconds),
            rate(flops, time),
            rate(bytes, time),
            three(second.1.seconds / time.seconds),
        ];
        let cells = cells.map(Cell::Number);
        [vec![Cell::from(name)], cells.into()].concat()
    };
    let columns = ["kernel", "ms", "GFLOP/s", "GB/s", "times as fast"].map(Into::into).into();
    vec![
        View::Table { label: label.into(), columns, rows: vec![row(first), row(second)] },
        View::Prose(vec![clocks(&[first.1, second.1]).into()]),
    ]
}

/// A measured number with three digits: the fourth is another in the next run.
///
/// ```
/// assert_eq!(page::speed::three(1234.5), "1230");
/// assert_eq!(page::speed::three(0.123456), "0.123");
/// ```
pub fn three(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format::number(x);
    }
    let last = 10_f64.powi(x.abs().log10().floor() as i32 - 2);
    format::number((x / last).round() * last)
}

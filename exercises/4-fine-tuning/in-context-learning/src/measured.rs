//! What Buddy made of the lab's tasks, as `examples/few-shot.rs` of the page's demos measured it.

use grading::Failure;

/// A row of `golden/measured.csv`: a task with a number of examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// As the lab calls it.
    pub task: String,
    /// Examples that were to be shown.
    pub shots: usize,
    /// Queries, none of which is among its examples.
    pub queries: usize,
    /// How many had the right choice first.
    pub right: usize,
    /// The same after calibration.
    pub calibrated: usize,
    /// The mean of the examples that fitted.
    pub shown: f64,
    /// The share that blind guessing has.
    pub chance: f64,
    /// How often the model chose the answer of the last example.
    pub copied: usize,
    /// How often it chose the choice that it chose most.
    pub favorite: usize,
}

impl Measured {
    /// The share that was right.
    pub fn share(&self) -> f64 {
        self.right as f64 / self.queries as f64
    }
}

/// All rows.
///
/// # Errors
/// If one is not nine cells.
pub fn all() -> Result<Vec<Measured>, Failure> {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let mut cell = || cells.next().unwrap_or_default();
        Some(Measured {
            task: cell().into(),
            shots: cell().parse().ok()?,
            queries: cell().parse().ok()?,
            right: cell().parse().ok()?,
            calibrated: cell().parse().ok()?,
            shown: cell().parse().ok()?,
            chance: cell().parse().ok()?,
            copied: cell().parse().ok()?,
            favorite: cell().parse().ok()?,
        })
    };
    let lines = include_str!("../golden/measured.csv").lines().skip(1);
    let row = |line| row(line).ok_or_else(|| Failure::wrong(format!("measured.csv: {line}")));
    lines.map(row).collect()
}

/// The row of a task.
///
/// # Errors
/// If there is none.
pub fn measured(task: &str, shots: usize) -> Result<Measured, Failure> {
    let mut rows = all()?.into_iter();
    let found = rows.find(|row| row.task == task && row.shots == shots);
    found.ok_or_else(|| Failure::wrong(format!("measured.csv has no row {task}, {shots}")))
}

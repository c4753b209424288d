//! Methods as points, with the front joined.

use demo::figure::Plot;
use grading::numbers::{percent, short};
use savings::measured::Row;
use savings::{Point, SavingsError};

/// What is to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Numbers that learn.
    Numbers,
    /// Bytes of weights, slopes and moments.
    Bytes,
    /// The most bytes at a time, as measured.
    Peak,
    /// Seconds of a processor.
    Seconds,
}

impl Cost {
    /// The name of an axis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers that learn",
            Self::Bytes => "megabytes by the formula",
            Self::Peak => "megabytes at the peak",
            Self::Seconds => "seconds of a processor",
        }
    }

    /// Of a method.
    pub fn of(self, row: &Row<'_>) -> f64 {
        match self {
            Self::Numbers => row.run.learned as f64,
            Self::Bytes => row.bytes / 1e6,
            Self::Peak => row.run.peak as f64 / 1e6,
            Self::Seconds => row.run.seconds,
        }
    }

    /// Where its axis begins; what costs less stands there.
    fn from(self) -> f64 {
        if self == Self::Numbers { 100.0 } else { 1.0 }
    }

    /// Where on an axis of logarithms.
    fn place(self, cost: f64) -> f64 {
        cost.max(self.from()).log10()
    }
}

/// What is above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Good {
    /// The score of the task, in %.
    Score,
    /// How little was forgotten: the old perplexity as a share of the new, in %.
    Kept,
}

impl Good {
    /// The name of an axis, where the score of the task is called so.
    pub fn name(self, score: &str) -> String {
        match self {
            Self::Kept => "stories kept, %".into(),
            Self::Score => format!("{score}, %"),
        }
    }

    /// Of a method. What is kept is the old perplexity as a share of the new one.
    pub fn of(self, row: &Row<'_>) -> f64 {
        match self {
            Self::Score => row.run.score,
            Self::Kept => 1.0 / (1.0 + row.forgotten),
        }
    }
}

/// The methods as points.
pub fn points(rows: &[Row<'_>], cost: Cost, good: Good) -> Vec<Point> {
    rows.iter().map(|row| Point { cost: cost.of(row), score: good.of(row) }).collect()
}

/// A function that finds a front.
pub type Front = fn(&[Point]) -> Result<Vec<usize>, SavingsError>;

/// The plot, its text, and the names on the front.
///
/// # Errors
/// Those of the front.
pub fn plot(
    rows: &[Row<'_>],
    (cost, good, score): (Cost, Good, &str),
    front: Front,
) -> Result<(Plot, String, Vec<String>), SavingsError> {
    let points = points(rows, cost, good);
    let front = front(&points)?;
    let at = |point: &Point| (cost.place(point.cost), 100.0 * point.score);
    let most = points.iter().map(|point| cost.place(point.cost)).fold(0.0, f64::max);
    let (x0, x1) = (cost.from().log10(), most.ceil());
    let good = good.name(score);
    let mut plot = Plot::new((cost.name(), x0 - 0.1, x1 + 0.3), (&good, 0.0, 108.0))
        .x_ticks(&ticks(x0, x1))
        .curve("front", front.iter().filter_map(|&at_| points.get(at_)).map(at));
    let mut told = Vec::new();
    for (row, point) in rows.iter().zip(&points) {
        plot = plot.point(at(point), &row.run.name());
        let cost = short(point.cost, if point.cost < 100.0 { 1 } else { 0 });
        told.push(format!("{}: {cost}, {}", row.run.name(), percent(point.score, 0)));
    }
    let names: Vec<String> =
        front.iter().filter_map(|&at| rows.get(at)).map(|row| row.run.name()).collect();
    let text = format!(
        "To the right {}, upward {}. {}. On the front: {}.",
        cost.name(),
        good,
        told.join("; "),
        names.join("; ")
    );
    Ok((plot, text, names))
}

/// Powers of ten.
fn ticks(from: f64, to: f64) -> Vec<(f64, &'static str)> {
    const NAMES: [&str; 7] = ["1", "10", "100", "1,000", "10,000", "100,000", "1 million"];
    let all = NAMES.into_iter().zip(0_u8..).map(|(name, power)| (f64::from(power), name));
    all.filter(|(power, _)| (from..=to).contains(power)).collect()
}

//! How likely two documents meet, by their similarity.

use demo::figure::Plot;

/// So many steps along the axis.
const STEPS: u32 = 60;

/// Axes for such curves.
pub fn axes() -> Plot {
    let ticks = [(0.0, "0"), (0.2, "0.2"), (0.4, "0.4"), (0.6, "0.6"), (0.8, "0.8"), (1.0, "1")];
    Plot::new(("similarity s", 0.0, 1.0), ("they meet with", 0.0, 1.0)).x_ticks(&ticks).y_ticks(&[
        (0.0, "0%"),
        (0.5, "50%"),
        (1.0, "100%"),
    ])
}

/// The points of a curve.
pub fn points(probability: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    (0..=STEPS)
        .map(|step| f64::from(step) / f64::from(STEPS))
        .map(|s| (s, probability(s).clamp(0.0, 1.0)))
        .collect()
}

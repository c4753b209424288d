//! Axes and their ticks.

/// From its first to its last value, with ticks at round numbers.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    pub min: f64,
    pub max: f64,
    pub ticks: Vec<f64>,
}

impl Axis {
    /// Over all values. A `loose` axis reaches from tick to tick.
    pub fn over(values: impl Iterator<Item = f64>, loose: bool) -> Self {
        let (mut min, mut max) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        if min == max {
            (min, max) = (min - 0.5, max + 0.5);
        }
        if loose {
            let step = round_step((max - min) / 5.0);
            min = (min / step).floor() * step;
            max = (max / step).ceil() * step;
        }
        Self::between(min, max)
    }

    /// From one number to another.
    pub fn between(min: f64, max: f64) -> Self {
        let step = round_step((max - min) / 5.0);
        let first = (min / step).ceil();
        let count = ((max / step) - first + 1e-9).floor().max(0.0) as usize;
        // Adding zero turns a negative zero, which would be read as −0, into zero.
        let ticks = (0..=count).map(|i| (first + i as f64) * step + 0.0).collect();
        Self { min, max, ticks }
    }

    /// Percent of the axis.
    pub fn place(&self, value: f64) -> f64 {
        let percent = 100.0 * (value - self.min) / (self.max - self.min);
        (percent * 100.0).round() / 100.0
    }
}

/// The least of 1, 2, 5 times a power of ten that is no smaller.
fn round_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= raw * 0.999);
    factor.unwrap_or(10.0) * power
}

//! Numbers, typed and dragged.

use crate::DemoError;
use crate::control::{Control, Kind, Typed};

/// A number typed in.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// Value before the reader touches it.
    pub default: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Granularity.
    pub step: f64,
}

impl Number {
    /// A number in a range, ends included.
    ///
    /// ```
    /// use demo::control::{Number, Typed};
    ///
    /// const SEED: Number = Number::new("seed", "Seed of the draws", 1.0, [0.0, 9999.0], 1.0);
    /// assert_eq!(SEED.control().default, "1");
    /// assert_eq!(SEED.parse(" 42 "), Ok(42.0));
    /// assert!(SEED.parse("-1").is_err() && SEED.parse("many").is_err());
    /// ```
    pub const fn new(
        name: &'static str,
        label: &'static str,
        default: f64,
        [min, max]: [f64; 2],
        step: f64,
    ) -> Self {
        Self { name, label, default, min, max, step }
    }
}

impl Typed for Number {
    type Value = f64;

    fn control(&self) -> Control {
        let kind = Kind::Number { min: self.min, max: self.max, step: self.step };
        Control { name: self.name, label: self.label, default: self.default.to_string(), kind }
    }

    fn parse(&self, text: &str) -> Result<f64, DemoError> {
        number(self.name, text, self.min, self.max)
    }
}

/// A number dragged.
#[derive(Clone, Copy, Debug)]
pub struct Slider {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// Value before the reader touches it.
    pub default: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Granularity.
    pub step: f64,
}

impl Slider {
    /// A slider over a range, ends included.
    ///
    /// ```
    /// use demo::control::{Slider, Typed};
    ///
    /// const TOP_P: Slider = Slider::new("top-p", "Top-p", 0.9, [0.05, 1.0], 0.05);
    /// assert_eq!(TOP_P.parse("1"), Ok(1.0));
    /// assert!(TOP_P.parse("0").is_err());
    /// ```
    pub const fn new(
        name: &'static str,
        label: &'static str,
        default: f64,
        [min, max]: [f64; 2],
        step: f64,
    ) -> Self {
        Self { name, label, default, min, max, step }
    }
}

impl Typed for Slider {
    type Value = f64;

    fn control(&self) -> Control {
        let kind = Kind::Slider { min: self.min, max: self.max, step: self.step };
        Control { name: self.name, label: self.label, default: self.default.to_string(), kind }
    }

    fn parse(&self, text: &str) -> Result<f64, DemoError> {
        number(self.name, text, self.min, self.max)
    }
}

fn number(name: &str, text: &str, min: f64, max: f64) -> Result<f64, DemoError> {
    let range = || format!("a number from {min} to {max}");
    let value: f64 = text.trim().parse().map_err(|_| {
        let shown: String = text.chars().take(20).collect();
        DemoError::input(name, format!("“{shown}” is not a number: give {}.", range()))
    })?;
    if !value.is_finite() || value < min || value > max {
        return Err(DemoError::input(
            name,
            format!("{value} does not work here: give {}.", range()),
        ));
    }
    Ok(value)
}

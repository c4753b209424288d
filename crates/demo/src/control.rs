//! Controls: what a reader sets, with a type, a default and a range.
//!
//! Values travel as text (form fields, URL parameters, JSON), and each control parses its own:
//! `cx.get(&TEMPERATURE)?` is an `f64` in range or an error shown beside the slider.
//!
//! ```
//! use demo::control::{Slider, Typed};
//! const TEMPERATURE: Slider = Slider::new("temperature", "Temperature", 1.0, [0.0, 3.0], 0.05);
//! assert_eq!(TEMPERATURE.parse("0.5").unwrap(), 0.5);
//! assert!(TEMPERATURE.parse("4").is_err());
//! ```

use serde::Serialize;

use crate::DemoError;

/// A control as the page needs it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Control {
    /// Unique in the demo; also the URL parameter.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// The value before the reader touches it.
    pub default: String,
    /// What kind of form field it becomes.
    pub kind: Kind,
}

/// The form field of a control.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `<textarea>`, and a text file in its place; at most so many bytes.
    Text {
        /// Longer input is refused with a message.
        max_bytes: usize,
    },
    /// `<input type="number">`.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Granularity.
        step: f64,
    },
    /// `<input type="range">`.
    Slider {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Granularity.
        step: f64,
    },
    /// `<select>` of `(value, label)`.
    Choice(&'static [(&'static str, &'static str)]),
    /// `<input type="checkbox">`: `true` or `false`.
    Toggle,
    /// A code editor for WGSL; at most so many bytes.
    Wgsl {
        /// Longer input is refused with a message.
        max_bytes: usize,
    },
}

impl Kind {
    /// Whether a text file is taken in place of what is typed: wherever a text may be long. Nobody
    /// keeps a word or an expression in a file.
    pub fn takes_file(&self) -> bool {
        matches!(self, Self::Text { max_bytes } if *max_bytes >= 64 << 10)
    }
}

/// A control with a typed value.
pub trait Typed {
    /// What it yields.
    type Value;
    /// The control as the page needs it.
    fn control(&self) -> Control;
    /// The value of the text, or what is wrong with it.
    fn parse(&self, text: &str) -> Result<Self::Value, DemoError>;
}

/// Text of the reader's own, typed or from a file: the demo sees no difference. One that takes
/// megabytes works through them in chunks, with [`Context::progress`](crate::Context::progress)
/// in between.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// The text before the reader touches it.
    pub default: &'static str,
    /// Longer text is refused, typed or from a file; `5 << 20` at most, for prose.
    pub max_bytes: usize,
}

impl Text {
    /// Text of at most so many bytes.
    ///
    /// ```
    /// use demo::control::{Text, Typed};
    ///
    /// const WORD: Text = Text::new("word", "A word", "hello", 8);
    /// assert_eq!(WORD.parse("crab"), Ok("crab".into()));
    /// assert!(WORD.parse("crab 🦀").is_err(), "these are 9 bytes");
    /// ```
    pub const fn new(
        name: &'static str,
        label: &'static str,
        default: &'static str,
        max_bytes: usize,
    ) -> Self {
        Self { name, label, default, max_bytes }
    }
}

impl Typed for Text {
    type Value = String;

    fn control(&self) -> Control {
        let kind = Kind::Text { max_bytes: self.max_bytes };
        Control { name: self.name, label: self.label, default: self.default.into(), kind }
    }

    fn parse(&self, text: &str) -> Result<String, DemoError> {
        within(self.name, text, self.max_bytes)
    }
}

/// WGSL source to edit.
#[derive(Clone, Copy, Debug)]
pub struct Wgsl {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// The source before the reader touches it: the stub.
    pub default: &'static str,
}

impl Wgsl {
    /// A kernel of a lesson has a few kilobytes; a browser's compiler chokes on megabytes.
    pub const MAX_BYTES: usize = 64 << 10;
}

impl Typed for Wgsl {
    type Value = String;

    fn control(&self) -> Control {
        let kind = Kind::Wgsl { max_bytes: Self::MAX_BYTES };
        Control { name: self.name, label: self.label, default: self.default.into(), kind }
    }

    fn parse(&self, text: &str) -> Result<String, DemoError> {
        within(self.name, text, Self::MAX_BYTES)
    }
}

fn within(name: &str, text: &str, max_bytes: usize) -> Result<String, DemoError> {
    if text.len() > max_bytes {
        let message = format!(
            "{} is too long here: {} at most. Nothing is lost: shorten it and it runs.",
            crate::format::bytes(text.len()),
            crate::format::bytes(max_bytes)
        );
        return Err(DemoError::input(name, message));
    }
    Ok(text.to_owned())
}

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

/// One of several.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// `(value, label)`; the first is the default.
    pub options: &'static [(&'static str, &'static str)],
}

impl Choice {
    /// One of `(value, label)`; the first is the default.
    ///
    /// ```
    /// use demo::control::{Choice, Typed};
    ///
    /// const METHOD: Choice =
    ///     Choice::new("method", "Method", &[("greedy", "Greedy"), ("top-k", "Top-k sampling")]);
    /// assert_eq!(METHOD.control().default, "greedy");
    /// assert_eq!(METHOD.parse("top-k"), Ok("top-k"));
    /// assert!(METHOD.parse("Top-k sampling").is_err());
    /// ```
    pub const fn new(
        name: &'static str,
        label: &'static str,
        options: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { name, label, options }
    }
}

impl Typed for Choice {
    type Value = &'static str;

    fn control(&self) -> Control {
        let default = self.options.first().map_or("", |(value, _)| value).to_owned();
        Control { name: self.name, label: self.label, default, kind: Kind::Choice(self.options) }
    }

    fn parse(&self, text: &str) -> Result<&'static str, DemoError> {
        let found = self.options.iter().find(|(value, _)| *value == text);
        found.map(|(value, _)| *value).ok_or_else(|| {
            let shown: String = text.chars().take(20).collect();
            let known: Vec<&str> = self.options.iter().map(|(value, _)| *value).collect();
            DemoError::input(self.name, format!("“{shown}” is not one of {}.", known.join(", ")))
        })
    }
}

/// On or off.
#[derive(Clone, Copy, Debug)]
pub struct Toggle {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// Value before the reader touches it.
    pub default: bool,
}

impl Toggle {
    /// On or off.
    ///
    /// ```
    /// use demo::control::{Toggle, Typed};
    ///
    /// const LOWERCASE: Toggle = Toggle::new("lowercase", "Lowercase first", true);
    /// assert_eq!(LOWERCASE.control().default, "true");
    /// assert_eq!(LOWERCASE.parse("false"), Ok(false));
    /// ```
    pub const fn new(name: &'static str, label: &'static str, default: bool) -> Self {
        Self { name, label, default }
    }
}

impl Typed for Toggle {
    type Value = bool;

    fn control(&self) -> Control {
        Control {
            name: self.name,
            label: self.label,
            default: self.default.to_string(),
            kind: Kind::Toggle,
        }
    }

    fn parse(&self, text: &str) -> Result<bool, DemoError> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(DemoError::input(self.name, "give true or false.")),
        }
    }
}

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

mod choice;
mod file;
mod number;
mod text;

use serde::Serialize;

use crate::DemoError;

pub use choice::{Choice, Toggle};
pub use file::File;
pub use number::{Number, Slider};
pub use text::{Text, Wgsl};

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
    /// A file of any bytes; its value as text is its name, empty without one.
    File {
        /// How its name may end.
        accept: &'static str,
        /// A larger one is refused with a message.
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

//! One of several, and on or off.

use crate::DemoError;
use crate::control::{Control, Kind, Typed};

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

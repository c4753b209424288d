//! Numbers for a lesson's page, computed by the lesson's own code.

use std::fmt::Display;

/// Named values; the page writes `{{#value lesson name}}` and the build puts the value there.
#[derive(Clone, Debug, Default)]
pub struct Worked {
    values: Vec<(String, String)>,
}

impl Worked {
    /// Adds a value as it shall be read.
    ///
    /// ```
    /// use grading::{Worked, numbers};
    ///
    /// let mut worked = Worked::default();
    /// worked.set("texts", numbers::count(1200)).set("share", numbers::percent(0.25, 0));
    /// assert_eq!(worked.values()[0], ("texts".into(), "1,200".into()));
    /// assert_eq!(worked.values()[1], ("share".into(), "25%".into()));
    /// ```
    pub fn set(&mut self, name: &str, value: impl Display) -> &mut Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }

    /// All values in the order they were set.
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }
}

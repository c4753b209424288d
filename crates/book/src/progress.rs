//! What the terminal shows while something takes time, and how errors are told.

use std::time::{Duration, Instant};

use anyhow::Error;
use console::style;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// One step of a build, shown with a spinner on a terminal.
pub struct Step {
    bar: ProgressBar,
    title: String,
    start: Instant,
}

impl Step {
    /// Shows a step that has begun.
    pub fn start(title: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        let template = "{spinner} {prefix} ({elapsed}) {wide_msg:.dim}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, title: title.to_owned(), start: Instant::now() }
    }

    /// Says what the step is doing right now.
    pub fn say(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
    }

    /// Ends the step with what it made.
    pub fn done(self, result: &str) {
        self.bar.finish_and_clear();
        let elapsed = self.start.elapsed();
        let time = if elapsed < Duration::from_secs(10) {
            format!("{:.1} s", elapsed.as_secs_f64())
        } else {
            HumanDuration(elapsed).to_string()
        };
        eprintln!("{} {}: {result} ({time})", style("✓").green().for_stderr(), self.title);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// An error and its causes in one line; a compiler's messages as the compiler wrote them.
pub fn error_text(error: &Error) -> String {
    let label = style("error").red().bold().for_stderr();
    match error.downcast_ref::<crate::cargo::CompileError>() {
        Some(compile) => {
            let rendered = compile.rendered.trim_end();
            let plain = console::strip_ansi_codes(rendered);
            let rendered = if console::colors_enabled_stderr() { rendered } else { &plain };
            format!("{rendered}\n{label}: {compile}")
        }
        None => format!("{label}: {error:#}"),
    }
}

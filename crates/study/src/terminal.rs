//! What moves on the terminal while something takes its time.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Without a terminal (in a log) a line so often is enough.
const LOG_INTERVAL: Duration = Duration::from_secs(15);

/// One line that says what is happening; gone when its last copy is.
#[derive(Clone)]
pub struct Spinner(Arc<Line>);

struct Line {
    bar: ProgressBar,
    /// When the log got its last line; `None` on a terminal, where the bar shows.
    logged: Option<Mutex<Instant>>,
}

impl Spinner {
    /// A spinner on standard error.
    pub fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner:.cyan} {wide_msg} {elapsed:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        let terminal = std::io::stderr().is_terminal();
        let logged = (!terminal).then(|| Mutex::new(Instant::now()));
        Self(Arc::new(Line { bar, logged }))
    }

    /// What is happening now.
    pub fn say(&self, text: &str) {
        self.0.bar.set_message(text.to_owned());
        if let Some(logged) = &self.0.logged {
            let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
            if logged.elapsed() >= LOG_INTERVAL {
                *logged = Instant::now();
                eprintln!("{text}");
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

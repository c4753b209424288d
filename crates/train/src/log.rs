//! What is seen of a training: a live line, and the losses as a table.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::time::Instant;

use buddy::LossAt;

/// Writes to the terminal and remembers the losses.
pub struct Log {
    begun: Instant,
    steps: usize,
    /// Steps of an earlier run that this one goes on with.
    before: usize,
    tokens: usize,
    rows: Vec<LossAt>,
    note: String,
    is_live: bool,
}

impl Log {
    /// Of so many steps. In a terminal one line is written anew, in a file each row has its own.
    pub fn new(steps: usize) -> Self {
        let is_live = std::io::stderr().is_terminal();
        let (begun, note) = (Instant::now(), String::new());
        Self { begun, steps, before: 0, tokens: 0, rows: Vec::new(), note, is_live }
    }

    /// Counts the tokens of a step, and shows where the training is.
    pub fn step(&mut self, step: usize, loss: f64, tokens: usize) {
        self.tokens += tokens;
        if self.is_live {
            eprint!("\r{}\x1b[K", self.line(step, loss));
            // Nothing is lost if the terminal does not take it.
            let _ = std::io::stderr().flush();
        }
    }

    /// Remembers a row of the table.
    pub fn row(&mut self, row: LossAt) {
        self.rows.push(row);
        let line = self.line(row.step, row.loss);
        if self.is_live {
            eprint!("\r{line}\x1b[K");
        } else {
            eprintln!("{line}");
        }
    }

    /// Says more at the end of each line.
    pub fn note(&mut self, note: String) {
        self.note = note;
    }

    /// Goes on after a step, with the rows up to it.
    pub fn go_on(&mut self, step: usize, rows: Vec<LossAt>) {
        (self.before, self.rows) = (step, rows);
    }

    /// Shows a text that the model wrote.
    pub fn say(&self, text: &str) {
        eprintln!("{}{text}", if self.is_live { "\n" } else { "" });
    }

    /// The rows.
    pub fn rows(&self) -> &[LossAt] {
        &self.rows
    }

    /// Ends the line.
    pub fn end(&self) {
        if self.is_live {
            eprintln!();
        }
    }

    /// Tokens so far.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    fn line(&self, step: usize, loss: f64) -> String {
        let seconds = self.begun.elapsed().as_secs_f64();
        let mut line = format!("step {step} of {}  loss {loss:.3}", self.steps);
        if let Some(LossAt { held_out, .. }) = self.rows.last() {
            // Writing into a text does not fail.
            let _ = write!(line, "  held out {held_out:.3}");
        }
        let rate = self.tokens as f64 / seconds.max(1e-9);
        let taken = step.saturating_sub(self.before).max(1);
        let left = seconds / taken as f64 * (self.steps - step.min(self.steps)) as f64;
        let _ = write!(line, "  {rate:.0} tokens/s  {} left{}", minutes(left), self.note);
        line
    }

    /// The table, as `loss.csv` has it.
    pub fn csv(&self) -> String {
        let row = |row: &LossAt| format!("{},{:.4},{:.4}\n", row.step, row.loss, row.held_out);
        std::iter::once("step,loss,held_out\n".to_owned())
            .chain(self.rows.iter().map(row))
            .collect()
    }

    /// The last row.
    pub fn last(&self) -> Option<LossAt> {
        self.rows.last().copied()
    }
}

fn minutes(seconds: f64) -> String {
    format!("{:.0}:{:02.0}", (seconds / 60.0).floor(), (seconds % 60.0).floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_again() {
        let mut log = Log::new(20);
        log.row(LossAt { step: 10, loss: 1.5, held_out: 1.25 });
        log.row(LossAt { step: 20, loss: 1.0, held_out: 0.75 });
        assert_eq!(buddy::losses(&log.csv()).unwrap(), log.rows);
        assert!(buddy::losses("step,loss,held_out\n1,x,2\n").is_err());
    }

    #[test]
    fn time_left_is_in_minutes() {
        assert_eq!([minutes(0.0), minutes(65.9), minutes(3600.0)], ["0:00", "1:05", "60:00"]);
    }
}

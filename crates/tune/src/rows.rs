//! The table of a tuning, `loss.csv`.

use anyhow::{Context, Result};

/// A row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// After so many steps.
    pub step: usize,
    /// The mean loss of these steps, in nats a token.
    pub loss: f64,
    /// The loss held out.
    pub held_out: f64,
    /// The metric held out, between 0 and 1.
    pub metric: f64,
}

const HEADER: &str = "step,loss,held_out,metric\n";

/// The table as text.
pub fn csv(rows: &[Row]) -> String {
    let line =
        |row: &Row| format!("{},{:.4},{:.4},{:.4}\n", row.step, row.loss, row.held_out, row.metric);
    std::iter::once(HEADER.to_owned()).chain(rows.iter().map(line)).collect()
}

/// Reads what [`csv`] wrote.
///
/// # Errors
/// If a row is not four numbers.
pub fn read_csv(text: &str) -> Result<Vec<Row>> {
    let row = |(i, line): (usize, &str)| {
        let mut cells = line.split(',');
        let mut cell = || cells.next().and_then(|cell| cell.parse::<f64>().ok());
        let read = (|| Some([cell()?, cell()?, cell()?, cell()?]))();
        let [step, loss, held_out, metric] =
            read.with_context(|| format!("loss.csv, line {}: give four numbers", i + 2))?;
        Ok(Row { step: step as usize, loss, held_out, metric })
    };
    text.lines().skip(1).enumerate().map(row).collect()
}

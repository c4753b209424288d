//! The figures of the page.

use demo::figure::{Bars, Figure};
use grading::numbers::{percent, short};
use savings::measured::{TASKS, rows, share};
use savings::solution::{pareto_front, training_bytes};
use savings::{SavingsError, Training};
use tuned_runs::Kept;

use crate::plot::{Cost, Good, plot};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    let Ok(kept) = Kept::read() else { return figures };
    figures.extend(memory());
    figures.extend(trade(&kept));
    figures.extend(lost(&kept));
    figures
}

/// What a number costs that learns, and one that doesn't.
fn memory() -> Result<Figure, SavingsError> {
    let none = Training {
        frozen: 0,
        learned: 0,
        frozen_bits: 32.0,
        learned_bits: 32.0,
        slope_bits: 32.0,
        moment_bits: 32.0,
    };
    let of = |training| training_bytes(&training);
    let all = [
        of(Training { learned: 1, ..none })?,
        of(Training { frozen: 1, ..none })?,
        of(Training { frozen: 1, frozen_bits: 4.127, ..none })?,
    ];
    let shown = |bytes: f64| short(bytes, if bytes < 1.0 { 2 } else { 0 });
    Ok(Figure {
        name: "memory",
        caption: "Bytes in training, of a number that learns (itself, a slope, two moments), of a \
                  frozen one, and of a frozen one in four bits."
            .into(),
        text: format!(
            "It learns: {} bytes. Frozen in 32 bits: {}. Frozen in NF4: {}.",
            shown(all[0]),
            shown(all[1]),
            shown(all[2])
        ),
        drawing: Bars::new(&["learns", "frozen", "frozen, NF4"])
            .series("bytes", &all, shown)
            .into(),
    })
}

/// The plot of the page.
fn trade(kept: &Kept) -> Result<Figure, SavingsError> {
    let (task, score) = TASKS[0];
    let rows = rows(kept, task)?;
    let (drawing, text, _) = plot(&rows, (Cost::Numbers, Good::Score, score), pareto_front)?;
    Ok(Figure {
        name: "trade",
        caption:
            "Sentiment: numbers that learn, on a logarithmic axis, and accuracy. What nothing \
                  beats is joined."
                .into(),
        text,
        drawing: drawing.into(),
    })
}

/// What is left of the stories.
fn lost(kept: &Kept) -> Result<Figure, SavingsError> {
    let (task, _) = TASKS[1];
    let mut rows = rows(kept, task)?;
    // Who learned nothing has lost nothing.
    rows.retain(|row| row.run.method != "none");
    let names: Vec<String> = rows.iter().map(|row| row.run.name()).collect();
    // They stand side by side: the word “rank” has no room.
    let short_names: Vec<String> = names.iter().map(|name| name.replace(", rank", "")).collect();
    let short_names: Vec<&str> = short_names.iter().map(String::as_str).collect();
    let left: Vec<f64> = rows.iter().map(|row| 100.0 / (1.0 + row.forgotten)).collect();
    let told: Vec<String> = rows
        .iter()
        .zip(names.iter().zip(&left))
        .map(|(row, (name, left))| {
            let rise = share(row.forgotten);
            format!("{name}: {}, perplexity {rise}", percent(left / 100.0, 0))
        })
        .collect();
    Ok(Figure {
        name: "lost",
        caption:
            "What is left of the stories after questions were learned: the old perplexity as a \
                  share of the new one. Nothing lost would be 100%."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&short_names)
            .series("left", &left, |left| format!("{}%", short(left, 0)))
            .into(),
    })
}

//! Bars, tables and heat maps: tables all, so that every value can be read without seeing it.

use maud::{Markup, html};

use super::{and_more, figure, text};
use crate::{Bar, Cell, format};

const MAX_ROWS: usize = 500;
const MAX_CELLS: usize = 5000;
const MAX_SIDE: usize = 64;
/// Wider heat maps show colour only; the numbers stay in the table, unseen.
const MAX_READABLE_COLUMNS: usize = 10;

/// One row a bar.
pub fn bars(label: &str, bars: &[Bar], max: f64) -> Markup {
    let shown = &bars[..bars.len().min(MAX_ROWS)];
    figure(
        "bars",
        label,
        &html! {
            table {
                @for bar in shown {
                    tr class=[bar.muted.then_some("muted")] {
                        th scope="row" translate="no" { (text::label(&bar.label)) }
                        td class="track" aria-hidden="true" { span style={ "--v:" (share(bar.value, max)) } {} }
                        td class="value" {
                            (text::name(&bar.shown))
                            @if bar.muted { span class="visually-hidden" { " (cut off)" } }
                        }
                    }
                }
            }
            (and_more(bars.len() - shown.len(), "bar"))
        },
    )
}

/// A table with a header row and row headers.
pub fn table(label: &str, columns: &[String], rows: &[Vec<Cell>]) -> Markup {
    let width = columns.len().min(MAX_SIDE);
    let shown = &rows[..rows.len().min(MAX_ROWS).min(MAX_CELLS / width.max(1))];
    let is_number = |column: usize| {
        let cell = rows.first().and_then(|row| row.get(column));
        matches!(cell, Some(Cell::Number(_))).then_some("number")
    };
    figure(
        "table",
        label,
        &html! {
            div class="scroll" tabindex="0" role="group" aria-label=(text::clean(label)) {
                table {
                    thead { tr {
                        @for (i, name) in columns[..width].iter().enumerate() {
                            th scope="col" class=[is_number(i)] { (text::label(name)) }
                        }
                    } }
                    tbody translate="no" { @for row in shown { tr {
                        @for (i, cell) in row.iter().take(MAX_SIDE).enumerate() { (table_cell(i, cell)) }
                    } } }
                }
            }
            (and_more(rows.len() - shown.len(), "row"))
            (and_more(columns.len() - width, "column"))
        },
    )
}

fn table_cell(column: usize, cell: &Cell) -> Markup {
    let (class, content) = match cell {
        Cell::Text(text) => (None, text::label(text)),
        Cell::Number(number) => (Some("number"), html! { (text::name(number)) }),
    };
    html! {
        @if column == 0 { th scope="row" class=[class] { (content) } }
        @else { td class=[class] { (content) } }
    }
}

/// A heat map: a table whose cells are shaded by their share of the largest magnitude.
pub fn matrix(label: &str, rows: &[String], columns: &[String], values: &[f64]) -> Markup {
    let (height, width) = (rows.len().min(MAX_SIDE), columns.len().min(MAX_SIDE));
    let magnitudes = values.iter().map(|v| v.abs()).filter(|v| v.is_finite());
    let max = magnitudes.fold(0.0, f64::max);
    let class = if width > MAX_READABLE_COLUMNS { "matrix dense" } else { "matrix" };
    figure(
        class,
        label,
        &html! {
            div class="scroll" tabindex="0" role="group" aria-label=(text::clean(label)) {
                table translate="no" {
                    thead { tr {
                        td {}
                        @for name in &columns[..width] { th scope="col" { (text::label(name)) } }
                    } }
                    tbody { @for (r, name) in rows[..height].iter().enumerate() { tr {
                        th scope="row" { (text::label(name)) }
                        @for c in 0..width { (shaded(values.get(r * columns.len() + c).copied(), max)) }
                    } } }
                }
            }
            (and_more(rows.len() - height, "row"))
            (and_more(columns.len() - width, "column"))
        },
    )
}

fn shaded(value: Option<f64>, max: f64) -> Markup {
    let value = value.unwrap_or(f64::NAN);
    html! {
        td class=[(value < 0.0).then_some("negative")] style={ "--v:" (share(value.abs(), max)) } {
            span { (format::number(value)) }
        }
    }
}

/// A length between 0 and 1 with three decimals, for CSS.
pub(super) fn share(value: f64, max: f64) -> String {
    let share = if max > 0.0 { (value / max).clamp(0.0, 1.0) } else { 0.0 };
    let text = format!("{:.3}", if share.is_nan() { 0.0 } else { share });
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

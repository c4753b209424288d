//! Line charts: an SVG that stretches, with its ticks as HTML text that does not.

use std::fmt::Write;

use maud::{Markup, html};

use super::{Axis, and_more, figure, text};
use crate::{Line, format};

/// Rows of the table behind a chart; a longer curve is thinned out.
const MAX_TABLE_ROWS: usize = 50;
/// And points of the curve: no chart is so many pixels wide.
const MAX_POINTS: usize = 2000;
const MAX_LINES: usize = 24;
/// The theme has so many curve styles.
const STYLES: usize = 6;

/// Axes, curves, a legend, and a table of the numbers to unfold.
pub fn lines(label: &str, x_label: &str, y_label: &str, lines: &[Line]) -> Markup {
    let (all, lines) = (lines.len(), &lines[..lines.len().min(MAX_LINES)]);
    let finite = |(x, y): &&(f64, f64)| x.is_finite() && y.is_finite();
    let points = || lines.iter().flat_map(|line| &line.points).filter(finite);
    if points().next().is_none() {
        return figure("lines", label, &html! { p class="empty" { "Nothing to draw yet." } });
    }
    let x = Axis::over(points().map(|p| p.0), false);
    let y = Axis::over(points().map(|p| p.1), true);
    figure(
        "lines",
        label,
        &html! {
            @if lines.len() > 1 {
                ul class="legend" role="list" {
                    @for (i, line) in lines.iter().enumerate() {
                        li class={ "l" (i % STYLES) } { (swatch()) " " (text::name(&line.name)) }
                    }
                }
            }
            div class="chart" {
                p class="y-label" aria-hidden="true" { (text::clean(y_label)) }
                div class="y-ticks" aria-hidden="true" {
                    @for tick in &y.ticks { span style={ "--at:" (y.place(*tick)) } { (format::number(*tick)) } }
                }
                svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" translate="no" {
                    title { (text::clean(label)) }
                    desc { (description(x_label, y_label, lines)) }
                    @for tick in &y.ticks {
                        @let at = flip(y.place(*tick));
                        line class="grid" x1="0" x2="100" y1=(at) y2=(at) {}
                    }
                    @for (i, line) in lines.iter().enumerate() {
                        path class={ "l" (i % STYLES) } d=(path(line, &x, &y)) {}
                    }
                }
                div class="x-ticks" aria-hidden="true" {
                    @for tick in &x.ticks { span style={ "--at:" (x.place(*tick)) } { (format::number(*tick)) } }
                }
                p class="x-label" aria-hidden="true" { (text::clean(x_label)) }
            }
            details { summary { "The numbers" } (numbers(x_label, lines)) }
            (and_more(all - lines.len(), "curve"))
        },
    )
}

fn swatch() -> Markup {
    html! {
        svg viewBox="0 0 24 4" width="24" height="4" aria-hidden="true" { path d="M0 2H24" {} }
    }
}

fn description(x_label: &str, y_label: &str, lines: &[Line]) -> String {
    let mut text = format!("{} over {}.", text::clean(y_label), text::clean(x_label));
    for line in lines {
        if let (Some(first), Some(last)) = (line.points.first(), line.points.last()) {
            let (from, to) = (format::number(first.1), format::number(last.1));
            let _ = write!(text, " {}: from {from} to {to}.", text::name(&line.name));
        }
    }
    text
}

/// One point in so many is kept where there are more than `most`.
fn every(line: &Line, most: usize) -> usize {
    line.points.len().div_ceil(most).max(1)
}

/// A gap in the curve where a value is not finite.
fn path(line: &Line, x: &Axis, y: &Axis) -> String {
    let mut d = String::new();
    let mut pen_down = false;
    for &(px, py) in line.points.iter().step_by(every(line, MAX_POINTS)) {
        if px.is_finite() && py.is_finite() {
            let command = if pen_down { 'L' } else { 'M' };
            let _ = write!(d, "{command}{:.2} {:.2}", x.place(px), flip(y.place(py)));
            pen_down = true;
        } else {
            pen_down = false;
        }
    }
    d
}

fn flip(place: f64) -> f64 {
    100.0 - place
}

fn numbers(x_label: &str, lines: &[Line]) -> Markup {
    html! {
        @for line in lines {
            @let every = every(line, MAX_TABLE_ROWS);
            table {
                caption {
                    (text::name(&line.name))
                    @if every > 1 { ", one point in " (every) }
                }
                thead { tr {
                    th scope="col" { (text::clean(x_label)) }
                    th scope="col" { "value" }
                } }
                tbody { @for (x, y) in line.points.iter().step_by(every) {
                    tr { th scope="row" { (format::number(*x)) } td { (format::number(*y)) } }
                } }
            }
        }
    }
}

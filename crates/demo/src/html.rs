//! Views and controls as HTML. Every text goes through maud, which escapes it.
//!
//! The markup stands on its own: it reads well without style, script or color, and the theme's
//! CSS and JavaScript only add to it.

mod axis;
mod charts;
mod form;
mod graph;
mod layout;
mod scatter;
mod score;
mod steps;
mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod tokens;

use maud::{Markup, html};

use crate::View;
use crate::figure::Figure;
use crate::view::Drawn;

pub(crate) use axis::Axis;
pub use form::still;
pub(crate) use graph::graph as draw_graph;

/// All views of a run.
pub fn views(views: &[View]) -> String {
    all(views).into_string()
}

/// A drawing with its caption.
pub fn figure_of(figure: &Figure) -> String {
    let markup = html! {
        figure class="figure" id={ "figure-" (figure.name) } {
            (figure.drawing.svg(&text::long(&figure.text)))
            figcaption { (text::clean(&figure.caption)) }
        }
    };
    markup.into_string()
}

/// A drawing with its label.
pub(crate) fn draw_drawing(Drawn { label, text, drawing, .. }: &Drawn) -> Markup {
    let svg = drawing.svg(&text::long(text));
    html! {
        figure class="view drawn" translate="no" {
            figcaption { (text::clean(label)) }
            (svg)
        }
    }
}

fn all(views: &[View]) -> Markup {
    html! { @for view in views { (one(view)) } }
}

fn one(view: &View) -> Markup {
    match view {
        View::Prose(paragraphs) => prose(paragraphs),
        View::Code { label, text } => figure(
            "code",
            label,
            &html! {
                // A scrollable box must be reachable by keyboard.
                pre tabindex="0" translate="no" { code { (text::long(text)) } }
            },
        ),
        View::Tokens { label, chips } => tokens::tokens(label, chips),
        View::Shades { label, spans, max, legend } => tokens::shades(label, spans, *max, legend),
        View::Bars { label, bars, max } => tables::bars(label, bars, *max),
        View::Table { label, columns, rows } => tables::table(label, columns, rows),
        View::Matrix { label, rows, columns, values } => {
            tables::matrix(label, rows, columns, values)
        }
        View::Lines { label, x_label, y_label, lines } => {
            charts::lines(label, x_label, y_label, lines)
        }
        View::Scatter { label, groups, points, joins } => {
            scatter::scatter(label, groups, points, joins)
        }
        View::Graph(graph) => (graph.draw)(graph),
        View::Drawing(drawn) => (drawn.draw)(drawn),
        View::Steps { label, frames, start } => steps::steps(label, frames, *start),
        View::Measured(views) => html! { div class="measured" { (all(views)) } },
        View::Trained(views) => html! { div class="trained" { (all(views)) } },
        View::Score(sheet) => score::score(sheet),
        View::Diagnostics { control, messages } => score::diagnostics(control, messages),
    }
}

/// As many paragraphs as there is room for.
fn prose(paragraphs: &[String]) -> Markup {
    let mut room = 2 * text::ALONE;
    let fits = |p: &&String| {
        let fits = room > 0;
        room = room.saturating_sub(p.len().max(LINE));
        fits
    };
    let shown = paragraphs.iter().take_while(fits).count();
    html! {
        div class="view prose" {
            @for p in &paragraphs[..shown] { p { (text::long(p)) } }
            (and_more(paragraphs.len() - shown, "paragraph"))
        }
    }
}

/// An empty paragraph takes as much room as so many characters.
const LINE: usize = 60;

/// A figure named by its caption.
fn figure(kind: &str, label: &str, content: &Markup) -> Markup {
    html! {
        figure class={ "view " (kind) } {
            figcaption { (text::clean(label)) }
            (content)
        }
    }
}

/// One decimal is finer than anyone sees; adding zero makes −0 a 0.
pub(crate) fn short(x: f64) -> f64 {
    (x * 10.0).round() / 10.0 + 0.0
}

/// Sorts by the number, then by the place. One sort for all: each that is compiled is downloaded.
fn sort(keyed: &mut [(f64, usize)]) {
    keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}

/// What is said where a view has more than a page can hold; `what` is one of them.
fn and_more(left_out: usize, what: &str) -> Markup {
    html! {
        @if left_out > 0 {
            p class="more" { "… and " (crate::format::counted(left_out, what)) " more, not shown." }
        }
    }
}

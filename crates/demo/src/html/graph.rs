//! Layered graphs: an SVG to look at, and a list of its nodes to read.

use std::fmt::Write;

use maud::{Markup, html};

use super::layout::{LINE, Layout, Path, Place, layout};
use super::{and_more, figure, short, text};
use crate::view::Graph;
use crate::{GraphEdge, GraphNode, Tone};

/// More nodes and arrows than these are a thicket.
const MAX_NODES: usize = 150;
const MAX_EDGES: usize = 600;
/// More lines in a box make a tower of it.
const MAX_DETAILS: usize = 8;
/// A longer text is cut in the drawing; the list has all of it.
const MAX_CHARS: usize = 24;

/// The drawing in a box that scrolls, and the same as a list to unfold.
pub fn graph(Graph { label, nodes, edges, .. }: &Graph) -> Markup {
    let shown = &nodes[..nodes.len().min(MAX_NODES)];
    let mut edges: Vec<GraphEdge> =
        edges.iter().filter(|e| e.from.max(e.to) < shown.len()).cloned().collect();
    let arrows = edges.len();
    edges.truncate(MAX_EDGES);
    if shown.is_empty() {
        return figure("graph", label, &html! { p class="empty" { "Nothing to draw yet." } });
    }
    let drawn = layout(shown, &edges);
    let (width, height) = (drawn.width.ceil(), drawn.height.ceil());
    figure(
        "graph",
        label,
        &html! {
            div class="scroll" tabindex="0" role="group" translate="no" aria-label=(text::clean(label)) {
                svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
                    style={ "--width:" (width) "px" } role="img" {
                    title { (text::clean(label)) }
                    desc { (description(shown.len(), edges.len())) }
                    (curves(&edges, &drawn))
                    @for (node, place) in shown.iter().zip(&drawn.boxes) { (boxed(node, place)) }
                }
            }
            details { summary { "As a list" } (list(shown, &edges)) }
            (and_more(nodes.len() - shown.len(), "node"))
            (and_more(arrows - edges.len(), "arrow"))
        },
    )
}

fn description(nodes: usize, edges: usize) -> String {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let (n, e) = (plural(nodes), plural(edges));
    format!("{nodes} node{n} and {edges} arrow{e}, told in the list that follows.")
}

/// Labels come after all curves.
fn curves(edges: &[GraphEdge], drawn: &Layout) -> Markup {
    html! {
        @for (edge, path) in edges.iter().zip(&drawn.paths) {
            g class=[edge.strong.then_some("strong")] {
                path d=(curve(path)) {}
                path class="tip" d=(tip(path)) {}
            }
        }
        @for (edge, path) in edges.iter().zip(&drawn.paths) {
            @if !edge.label.trim().is_empty() {
                text class=[edge.strong.then_some("strong")]
                    x=(short(path.label.0)) y=(short(path.label.1)) {
                    (text::clean(&shortened(&edge.label)))
                }
            }
        }
    }
}

fn curve(path: &Path) -> String {
    let mut d = String::new();
    for (i, &(x, y)) in path.points.iter().enumerate() {
        let (x, y) = (short(x), short(y));
        if i == 0 {
            let _ = write!(d, "M{x} {y}");
            continue;
        }
        let (x0, y0) = path.points[i - 1];
        let middle = if path.loops {
            x0.max(path.points[i].0) + 44.0
        } else {
            (x0 + path.points[i].0) / 2.0
        };
        let _ = write!(d, "C{m} {} {m} {y} {x} {y}", short(y0), m = short(middle));
    }
    d
}

/// The head of the arrow; a curve ends level.
fn tip(path: &Path) -> String {
    let [.., (before, _), (x, y)] = path.points[..] else { return String::new() };
    let back = if before > x || path.loops { x + 8.0 } else { x - 8.0 };
    let (x, back, up, down) = (short(x), short(back), short(y - 4.5), short(y + 4.5));
    format!("M{back} {up}L{x} {}L{back} {down}Z", short(y))
}

fn boxed(node: &GraphNode, place: &Place) -> Markup {
    let (x, y) = (place.x - place.width / 2.0, place.y - place.height / 2.0);
    html! {
        g class={ "node " (class(node.tone)) } {
            rect x=(short(x)) y=(short(y)) width=(short(place.width)) height=(short(place.height)) rx="7" {}
            @for (i, line) in lines(node).enumerate() {
                text class=[(i > 0).then_some("detail")]
                    x=(short(place.x)) y=(short(y + LINE * i as f64 + 18.0)) {
                    (text::clean(&shortened(line)))
                }
            }
        }
    }
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Focus => "focus",
        Tone::Marked => "marked",
        Tone::Muted => "muted",
    }
}

/// The texts in the box of a node.
pub fn lines(node: &GraphNode) -> impl Iterator<Item = &String> {
    std::iter::once(&node.label).chain(&node.detail).take(1 + MAX_DETAILS)
}

/// A text as the drawing has it.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some(_) => text.chars().take(MAX_CHARS - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

fn list(nodes: &[GraphNode], edges: &[GraphEdge]) -> Markup {
    html! {
        ol role="list" translate="no" {
            @for (i, node) in nodes.iter().enumerate() {
                @let mut out = edges.iter().filter(|edge| edge.from == i).peekable();
                li {
                    b { (text::label(&node.label)) }
                    @for line in lines(node).skip(1).filter(|line| !line.trim().is_empty()) {
                        " · " (text::name(line.trim()))
                    }
                    @match node.tone {
                        Tone::Plain => {}
                        Tone::Focus => " (now)",
                        Tone::Marked => " (marked)",
                        Tone::Muted => " (dashed)",
                    }
                    @if out.peek().is_some() { " → " }
                    @for (n, edge) in out.enumerate() {
                        @if n > 0 { ", " }
                        (text::label(&nodes[edge.to].label))
                        @if !edge.label.trim().is_empty() { " [" (text::label(&edge.label)) "]" }
                        @if edge.strong { " (marked)" }
                    }
                }
            }
        }
    }
}

//! Views: what a demo shows.

use maud::Markup;
use scores::Sheet;

use crate::figure::Drawing;
use crate::html;

/// One thing shown. Text in a view is plain text, never HTML.
///
/// ```
/// use demo::{Bar, View, html};
///
/// let bar = |label: &str, value, shown: &str| {
///     Bar { label: label.into(), value, shown: shown.into(), muted: false }
/// };
/// let bars = vec![bar("cat", 0.75, "75.0%"), bar("<b>", 0.25, "25.0%")];
/// let html = html::views(&[View::Bars { label: "The next word".into(), bars, max: 1.0 }]);
/// assert!(html.contains("<figcaption>The next word</figcaption>"));
/// assert!(html.contains("&lt;b&gt;") && html.contains("25.0%"));
/// ```
#[derive(Clone, Debug)]
pub enum View {
    /// Paragraphs of prose.
    Prose(Vec<String>),
    /// Preformatted text, e.g. a program or a compiler's message.
    Code {
        /// What it is.
        label: String,
        /// The text.
        text: String,
    },
    /// A row of coloured chips.
    Tokens {
        /// What they are.
        label: String,
        /// In reading order.
        chips: Vec<TokenChip>,
    },
    /// Running text, of which each piece has a value and is shaded by it.
    Shades {
        /// What it is.
        label: String,
        /// In reading order.
        spans: Vec<Shade>,
        /// The value of a full shade.
        max: f64,
        /// What the shades mean.
        legend: String,
    },
    /// Horizontal bars, one a row.
    Bars {
        /// What they are.
        label: String,
        /// From top to bottom.
        bars: Vec<Bar>,
        /// The value of a full bar.
        max: f64,
    },
    /// A table with a header row; the first cell of a row is its header.
    Table {
        /// What it is.
        label: String,
        /// Column headers.
        columns: Vec<String>,
        /// Rows of cells.
        rows: Vec<Vec<Cell>>,
    },
    /// A heat map.
    Matrix {
        /// What it is.
        label: String,
        /// Names of the rows.
        rows: Vec<String>,
        /// Names of the columns.
        columns: Vec<String>,
        /// Row-major, `rows.len() * columns.len()` values.
        values: Vec<f64>,
    },
    /// A line chart.
    Lines {
        /// What it is.
        label: String,
        /// Name of the horizontal axis.
        x_label: String,
        /// Name of the vertical axis.
        y_label: String,
        /// The curves.
        lines: Vec<Line>,
    },
    /// Named points on a plane: a map. Each axis is stretched to fill it, so only who is near whom
    /// means anything.
    Scatter {
        /// What it is.
        label: String,
        /// Names of the kinds of points; each has a color.
        groups: Vec<String>,
        /// The most important first: a name that would cover an earlier one is drawn as a dot.
        points: Vec<Point>,
        /// Points to join by lines, by their places in the list. Their names always stand on the
        /// map.
        joins: Vec<(usize, usize)>,
    },
    /// A layered graph, drawn from left to right: a computation, a lattice, a tree. Made by
    /// [`View::graph`].
    Graph(Graph),
    /// A drawing made of the primitives of [figures](crate::figure). Made by [`View::drawing`].
    Drawing(Drawn),
    /// Frames to scrub through, each with a caption and its own views.
    Steps {
        /// What is stepped through.
        label: String,
        /// `(caption, views)`.
        frames: Vec<(String, Vec<View>)>,
        /// The frame shown first.
        start: usize,
    },
    /// What was measured on this machine, such as how fast it is. No two runs measure the same, so
    /// tests that compare what a demo shows leave it out. At build time, and wherever nothing can be
    /// measured, it holds what the reader has to do for it: numbers of another machine would be
    /// taken for their own.
    Measured(Vec<View>),
    /// What a training came to, on whatever it ran. A CPU comes to the same everywhere, to the last
    /// digit; a GPU rounds in its own way, and every step makes such a difference larger. So tests
    /// compare it where a CPU trained, and leave it out where a GPU did.
    Trained(Vec<View>),
    /// A score board.
    Score(Sheet),
    /// Errors in a source the reader typed: `(line, column, message)`, counted from 1.
    Diagnostics {
        /// The control they are about.
        control: String,
        /// In order of place.
        messages: Vec<(u32, u32, String)>,
    },
}

/// A chip of [`View::Tokens`].
#[derive(Clone, Debug)]
pub struct TokenChip {
    /// As read; invisible characters are made visible when it is shown.
    pub text: String,
    /// Its id in the vocabulary.
    pub id: u32,
    /// Its length.
    pub bytes: usize,
    /// Which of the chip colours it has; equal tokens have equal colours.
    pub color: u32,
}

/// A piece of [`View::Shades`].
#[derive(Clone, Debug)]
pub struct Shade {
    /// As read; invisible characters are made visible when it is shown.
    pub text: String,
    /// How strong its shade is.
    pub value: f64,
    /// The value as it is read, e.g. `2.5`.
    pub shown: String,
    /// Without a shade: it has no value.
    pub muted: bool,
}

/// A bar of [`View::Bars`].
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length.
    pub value: f64,
    /// The value as it is read, e.g. `12.5%`.
    pub shown: String,
    /// Drawn muted: it is cut off, or not chosen.
    pub muted: bool,
}

/// A cell of [`View::Table`].
///
/// ```
/// use demo::{Cell, View, html};
///
/// let html = html::views(&[View::Table {
///     label: "Bytes a word".into(),
///     columns: vec!["Word".into(), "Bytes".into()],
///     rows: vec![vec!["hello".into(), Cell::Number("5".into())]],
/// }]);
/// assert!(html.contains("<th scope=\"row\">hello</th><td class=\"number\">5</td>"));
/// ```
#[derive(Clone, Debug)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number, already formatted, aligned right.
    Number(String),
}

impl<S: Into<String>> From<S> for Cell {
    fn from(text: S) -> Self {
        Self::Text(text.into())
    }
}

/// A curve of [`View::Lines`].
#[derive(Clone, Debug)]
pub struct Line {
    /// In the legend.
    pub name: String,
    /// `(x, y)` by rising x.
    pub points: Vec<(f64, f64)>,
}

/// A point of [`View::Scatter`].
#[derive(Clone, Debug)]
pub struct Point {
    /// Its name.
    pub label: String,
    /// To the right.
    pub x: f64,
    /// Upward.
    pub y: f64,
    /// The index of its kind in `groups`.
    pub group: usize,
}

impl View {
    /// A layered graph: its label, its nodes in reading order, and its arrows; one that names a node
    /// that is not there is left out.
    pub fn graph(label: impl Into<String>, nodes: Vec<GraphNode>, edges: Vec<GraphEdge>) -> Self {
        Self::Graph(Graph { label: label.into(), nodes, edges, draw: html::draw_graph })
    }

    /// A drawing: what it is, what it shows in words, and the drawing.
    pub fn drawing(
        label: impl Into<String>,
        text: impl Into<String>,
        drawing: impl Into<Drawing>,
    ) -> Self {
        let (label, text, drawing) = (label.into(), text.into(), drawing.into());
        Self::Drawing(Drawn { label, text, drawing, draw: html::draw_drawing })
    }
}

/// A drawing, made by [`View::drawing`]. Like a [`Graph`] it carries what draws it.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) drawing: Drawing,
    pub(crate) draw: fn(&Drawn) -> Markup,
}

/// A layered graph, made by [`View::graph`]. It carries what draws it, so that a page without graphs
/// downloads no layout of graphs.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(crate) label: String,
    pub(crate) nodes: Vec<GraphNode>,
    pub(crate) edges: Vec<GraphEdge>,
    pub(crate) draw: fn(&Graph) -> Markup,
}

/// A node of [`View::graph`].
///
/// ```
/// use demo::{GraphEdge, GraphNode, View, html};
///
/// let node = |label: &str, layer| {
///     GraphNode { label: label.into(), layer, ..GraphNode::default() }
/// };
/// let edge = |from, to| GraphEdge { from, to, ..GraphEdge::default() };
/// let nodes = vec![node("a", 0), node("b", 0), node("a × b", 1)];
/// let html = html::views(&[View::graph("A product", nodes, vec![edge(0, 2), edge(1, 2)])]);
/// assert!(html.contains("3 nodes and 2 arrows"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct GraphNode {
    /// Its name.
    pub label: String,
    /// Further lines in its box. Frames that shall not move against each other have texts of equal
    /// length: fill up with figure spaces, U+2007.
    pub detail: Vec<String>,
    /// Its place from left to right; the nodes of a layer stand below each other.
    pub layer: usize,
    /// How it stands out.
    pub tone: Tone,
}

/// An arrow of [`View::graph`]. It points to the left where `from` lies in a later layer than `to`.
#[derive(Clone, Debug, Default)]
pub struct GraphEdge {
    /// The node it starts from, by its place in the list of nodes.
    pub from: usize,
    /// The node it points to.
    pub to: usize,
    /// Written on it; may be empty.
    pub label: String,
    /// Drawn bold: chosen, or in use.
    pub strong: bool,
}

/// How a node of [`View::graph`] stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// What the caption is about.
    Focus,
    /// Tinted: done, or chosen.
    Marked,
    /// Dashed: left out, or not reached yet.
    Muted,
}

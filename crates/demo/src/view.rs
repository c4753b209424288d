//! Views: what a demo shows.

use grading::Sheet;

/// One thing shown. Text in a view is plain text, never HTML.
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
    /// A layered graph, drawn from left to right: a computation, a lattice, a tree.
    Graph {
        /// What it is.
        label: String,
        /// In reading order.
        nodes: Vec<GraphNode>,
        /// Arrows; one that names a node that is not there is left out.
        edges: Vec<GraphEdge>,
    },
    /// Frames to scrub through, each with a caption and its own views.
    Steps {
        /// What is stepped through.
        label: String,
        /// `(caption, views)`.
        frames: Vec<(String, Vec<View>)>,
        /// The frame shown first.
        start: usize,
    },
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

/// A node of [`View::Graph`].
#[derive(Clone, Debug, Default)]
pub struct GraphNode {
    /// Its name.
    pub label: String,
    /// Further lines in its box.
    pub detail: Vec<String>,
    /// Its place from left to right; the nodes of a layer stand below each other.
    pub layer: usize,
    /// How it stands out.
    pub tone: Tone,
}

/// An arrow of [`View::Graph`]. It points to the left where `from` lies in a later layer than `to`.
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

/// How a node of [`View::Graph`] stands out.
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

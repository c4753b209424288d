//! Figures: drawings made of numbers, rendered once when the book is built.
//!
//! A page's package has `pub fn figures() -> Vec<Figure>`, and `{{#figure LESSON NAME}}` puts one into
//! the page. A drawing comes from one of the primitives, which place their own texts:
//!
//! | primitive | shows |
//! |---|---|
//! | [`Plot`] | axes with curves, points, arrows, guides and contours; vectors and angles |
//! | [`Bars`] | numbers side by side |
//! | [`NumberLine`] | an interval and who owns which stretch of it |
//! | [`Cells`] | rows of words or numbers: windows, matrices |
//! | [`Arcs`] | words, and which looks at which |
//! | [`Tree`] | what was joined from what |
//! | [`Layers`] | boxes in layers with their shapes; neurons |
//! | [`Timeline`] | what came when |
//!
//! All are 360 units wide, so that a phone shows them at full size, and take their colors from the
//! theme.
//!
//! ```
//! use demo::figure::{Figure, Plot};
//!
//! let curve = (1..=100).map(|i| f64::from(i) / 100.0).map(|p| (p, -p.log2()));
//! let figure = Figure {
//!     name: "surprise",
//!     caption: "The less likely, the more surprising.".into(),
//!     text: "A curve that falls from 6.6 bits at a probability of 0.01 to 0 bits at 1.".into(),
//!     drawing: Plot::new(("probability", 0.0, 1.0), ("surprise, bits", 0.0, 7.0))
//!         .curve("−log₂ p", curve)
//!         .point((0.25, 2.0), "2 bits")
//!         .into(),
//! };
//! assert!(demo::html::figure_of(&figure).contains("2 bits"));
//! ```

mod arcs;
mod bars;
mod cells;
mod drawing;
mod labels;
mod layers;
mod number_line;
mod plot;
mod timeline;
mod tree;

pub use arcs::Arcs;
pub use bars::Bars;
pub use cells::Cells;
pub use drawing::{Anchor, At, Drawing, Ink, WIDTH};
pub use layers::Layers;
pub use number_line::NumberLine;
pub use plot::Plot;
pub use timeline::Timeline;
pub use tree::Tree;

/// A drawing with what is said of it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// As in `{{#figure LESSON NAME}}`; no other figure of the page has it.
    pub name: &'static str,
    /// What stands below.
    pub caption: String,
    /// What the drawing shows, for whoever does not see it: its numbers, not its looks.
    pub text: String,
    /// The drawing.
    pub drawing: Drawing,
}

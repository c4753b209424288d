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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::figure_of;

    fn drawn(drawing: Drawing) -> String {
        let (caption, text) = ("A caption".into(), "Less & more <here>".into());
        figure_of(&Figure { name: "it", caption, text, drawing })
    }

    /// From where to where the texts of a drawing reach, on which height, and the texts.
    fn texts(svg: &str) -> Vec<([f64; 2], f64, String)> {
        let number = |tag: &str, name: &str| {
            let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
            value.parse::<f64>().ok()
        };
        svg.split("<text")
            .skip(1)
            .filter_map(|tag| {
                let text = tag.split_once('>')?.1.split('<').next()?;
                let (x, width) = (number(tag, "x")?, drawing::width(text));
                let before = match tag.split('>').next()? {
                    tag if tag.contains("\"end\"") => width,
                    tag if tag.contains("\"middle\"") => width / 2.0,
                    _ => 0.0,
                };
                Some(([x - before, x - before + width], number(tag, "y")?, text.to_owned()))
            })
            .collect()
    }

    #[test]
    fn what_a_figure_says_is_escaped() {
        let html = drawn(Timeline::new().event("1948", "<b>Shannon</b>").into());
        assert!(html.contains("aria-label=\"Less &amp; more &lt;here&gt;\""), "{html}");
        assert!(html.contains("&lt;b&gt;Shannon&lt;/b&gt;"), "{html}");
    }

    #[test]
    fn labels_of_close_points_do_not_lie_over_each_other() {
        let mut plot = Plot::new(("x", 0.0, 1.0), ("y", 0.0, 1.0));
        let names = ["first", "second", "third", "fourth", "fifth"];
        for (i, name) in (0_u8..).zip(names) {
            plot = plot.point((0.5 + 0.01 * f64::from(i), 0.5), name);
        }
        let texts = texts(&drawn(plot.into()));
        let placed: Vec<_> = texts.iter().filter(|(.., text)| names.contains(&&**text)).collect();
        assert_eq!(placed.len(), names.len());
        for (i, a) in placed.iter().enumerate() {
            assert!(a.0[0] >= 0.0 && a.0[1] <= WIDTH, "{a:?} is off the paper");
            for b in &placed[..i] {
                let apart = (a.1 - b.1).abs() >= 10.0 || a.0[1] <= b.0[0] || b.0[1] <= a.0[0];
                assert!(apart, "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn labels_do_not_touch_the_heads_of_arrows() {
        for turn in 0..60 {
            let at = |i: u32, r: f64| {
                let angle = f64::from(turn) * 0.11 + f64::from(i) * 0.8;
                (r * angle.cos(), r * angle.sin())
            };
            let mut plot = Plot::plane((-2.6, 2.8), (-2.0, 2.0));
            for i in 0..4 {
                plot = plot.arrow((0.0, 0.0), at(i, 1.7), &format!("a · {i} = 0"));
            }
            let html = drawn(plot.into());
            let heads: Vec<Vec<f64>> = html
                .split("<path")
                .filter(|path| path.contains("class=\"head"))
                .map(|path| path.split_once(" d=\"").unwrap().1.split('"').next().unwrap())
                .map(|d| d.split(['M', 'L', 'Z', ' ']).filter_map(|n| n.parse().ok()).collect())
                .collect();
            assert_eq!(heads.len(), 4);
            for ([left, right], y, text) in texts(&html) {
                if !text.starts_with("a ·") {
                    continue;
                }
                let (top, bottom) = (y - drawing::FONT, y + 3.0);
                for head in &heads {
                    let near = head.chunks(2).find(|p| {
                        p[0] > left - 1.0 && p[0] < right + 1.0 && p[1] > top && p[1] < bottom
                    });
                    assert!(near.is_none(), "turn {turn}: {text} touches {near:?}");
                }
            }
        }
    }

    #[test]
    fn a_curve_leaves_out_what_is_outside_and_what_is_no_number() {
        let points = [(0.0, f64::NAN), (0.1, 0.5), (0.2, 7.0), (0.3, 0.5)];
        let html = drawn(Plot::new(("x", 0.0, 1.0), ("y", 0.0, 1.0)).curve("f", points).into());
        assert!(!html.contains("NaN") && !html.contains("inf"), "{html}");
    }

    #[test]
    fn contours_of_a_circle_lie_on_it() {
        let plot = Plot::plane((-2.0, 2.0), (-1.0, 1.0));
        let html = drawn(plot.contours(|x, y| x * x + y * y, &[0.25]).into());
        let path = html.split("line contour").nth(1).unwrap();
        assert!(path.matches('M').count() > 40, "{path}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        for drawing in [
            Drawing::from(Cells::new()),
            Bars::new(&[]).into(),
            Arcs::new(&[]).into(),
            Tree::new(&[]).into(),
            Layers::new().into(),
            Timeline::new().into(),
            NumberLine::new(0.0, 1.0).into(),
        ] {
            let html = drawn(drawing);
            assert!(!html.contains("NaN") && !html.contains("inf"), "{html}");
        }
    }
}

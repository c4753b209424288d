//! Shapes on paper: what every primitive comes down to.

use maud::{Markup, html};

use crate::html::{short, text};

/// How wide a drawing is, in its own units: about the pixels of a phone.
pub const WIDTH: f64 = 360.0;
/// The height of a text's letters.
pub(crate) const FONT: f64 = 11.0;
/// From one line of text to the next.
pub(crate) const LINE: f64 = 15.0;

/// A place in a drawing: from the left, from the top.
pub type At = (f64, f64);

/// What color something has, and what dashes if it is a line. The theme decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// As text.
    #[default]
    Plain,
    /// Axes, guides, what is only there for orientation.
    Quiet,
    /// What the figure is about.
    Marked,
    /// What is wrong.
    Wrong,
    /// One of six curves that can be told apart, also without colors.
    Curve(usize),
}

impl Ink {
    pub(crate) fn class(self) -> String {
        match self {
            Self::Plain => "plain".into(),
            Self::Quiet => "quiet".into(),
            Self::Marked => "marked".into(),
            Self::Wrong => "wrong".into(),
            Self::Curve(i) => format!("l{}", i % 6),
        }
    }
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

#[derive(Clone, Debug)]
enum Shape {
    Path { d: String, class: String },
    Box { from: At, to: At, round: f64, class: String },
    Dot { at: At, radius: f64, class: String },
    Text { at: At, anchor: Anchor, text: String, class: String },
}

/// Shapes in the order in which they are painted.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    height: f64,
    shapes: Vec<Shape>,
}

impl Drawing {
    /// Empty paper of this height.
    pub fn new(height: f64) -> Self {
        Self { height, shapes: Vec::new() }
    }

    /// Makes the paper at least this high.
    pub(crate) fn reach(&mut self, height: f64) {
        self.height = self.height.max(height);
    }

    /// A line through these places.
    pub fn line(&mut self, places: &[At], ink: Ink) -> &mut Self {
        let mut d = String::new();
        for (i, &(x, y)) in places.iter().enumerate() {
            d += &format!("{}{} {}", if i == 0 { "M" } else { "L" }, short(x), short(y));
        }
        self.path(d, &format!("line {}", ink.class()))
    }

    /// A straight line with a head at its end.
    pub fn arrow(&mut self, from: At, to: At, ink: Ink) -> &mut Self {
        let [x0, y0, x1, y1] = [from.0, from.1, to.0, to.1].map(short);
        self.path(format!("M{x0} {y0}L{x1} {y1}"), &format!("line shaft {}", ink.class()));
        self.head(from, to, ink)
    }

    /// The head of an arrow that comes from the direction of `from`.
    pub(crate) fn head(&mut self, from: At, to: At, ink: Ink) -> &mut Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        if length < 1e-6 {
            return self;
        }
        let (ux, uy) = (dx / length, dy / length);
        let corner = |side: f64| {
            let (x, y) = (to.0 - 7.0 * ux - side * 3.5 * uy, to.1 - 7.0 * uy + side * 3.5 * ux);
            format!("{} {}", short(x), short(y))
        };
        let d = format!("M{} {}L{}L{}Z", short(to.0), short(to.1), corner(1.0), corner(-1.0));
        self.path(d, &format!("head {}", ink.class()))
    }

    /// A path in SVG's own notation.
    pub(crate) fn path(&mut self, d: String, class: &str) -> &mut Self {
        self.shapes.push(Shape::Path { d, class: class.into() });
        self
    }

    /// A box between two corners, with rounded ones if `round` is above 0.
    pub fn boxed(&mut self, from: At, to: At, round: f64, ink: Ink) -> &mut Self {
        self.shapes.push(Shape::Box { from, to, round, class: format!("box {}", ink.class()) });
        self
    }

    /// A filled box, such as a bar.
    pub fn filled(&mut self, from: At, to: At, ink: Ink) -> &mut Self {
        let class = format!("fill {}", ink.class());
        self.shapes.push(Shape::Box { from, to, round: 1.5, class });
        self
    }

    /// A dot.
    pub fn dot(&mut self, at: At, radius: f64, ink: Ink) -> &mut Self {
        self.shapes.push(Shape::Dot { at, radius, class: format!("dot {}", ink.class()) });
        self
    }

    /// A circle.
    pub fn circle(&mut self, at: At, radius: f64, ink: Ink) -> &mut Self {
        self.shapes.push(Shape::Dot { at, radius, class: format!("box {}", ink.class()) });
        self
    }

    /// A text whose letters stand on this height.
    pub fn text(&mut self, at: At, anchor: Anchor, text: &str, ink: Ink) -> &mut Self {
        let text = text::clean(text).into_owned();
        self.shapes.push(Shape::Text { at, anchor, text, class: ink.class() });
        self
    }

    /// The drawing as SVG; `text` says the same in words.
    pub(crate) fn svg(&self, text: &str) -> Markup {
        html! {
            svg viewBox={ "0 0 " (WIDTH) " " (short(self.height)) } role="img" aria-label=(text) {
                @for shape in &self.shapes { (self.shape(shape)) }
            }
        }
    }

    fn shape(&self, shape: &Shape) -> Markup {
        html! {
            @match shape {
                Shape::Path { d, class } => { path class=(class) d=(d) {} }
                Shape::Box { from, to, round, class } => {
                    @let (x, y) = (from.0.min(to.0), from.1.min(to.1));
                    @let (width, height) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
                    rect class=(class) x=(short(x)) y=(short(y)) width=(short(width))
                        height=(short(height)) rx=(round) {}
                }
                Shape::Dot { at, radius, class } => {
                    circle class=(class) cx=(short(at.0)) cy=(short(at.1)) r=(short(*radius)) {}
                }
                Shape::Text { at, anchor, text, class } => {
                    @let anchor = match anchor {
                        Anchor::Start => "start",
                        Anchor::Middle => "middle",
                        Anchor::End => "end",
                    };
                    text class=(class) x=(short(at.0)) y=(short(at.1)) text-anchor=(anchor) { (text) }
                }
            }
        }
    }
}

/// About how wide a text is.
pub(crate) fn width(text: &str) -> f64 {
    let wide = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' => 0.9,
        c if c.is_uppercase() => 0.68,
        _ => 0.57,
    };
    text.chars().map(wide).sum::<f64>() * FONT
}

//! Boxes in layers, with their shapes, and networks of neurons.

use super::drawing::{LINE, width};
use super::{Anchor, At, Drawing, Ink, WIDTH};

const GAP: f64 = 26.0;
const RADIUS: f64 = 9.0;

/// Layers from top to bottom, what flows from each to the next drawn as arrows.
///
/// ```
/// use demo::figure::{Drawing, Layers};
///
/// let drawing: Drawing = Layers::new()
///     .boxes(&[("embedding", "(vocab, width)")])
///     .neurons("hidden", 4)
///     .boxes(&[("softmax", "(vocab)")])
///     .into();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Layers {
    layers: Vec<Layer>,
    /// Boxes that are marked, by layer and place in it.
    marks: Vec<(usize, usize)>,
    /// What stands at the right of a layer.
    notes: Vec<(usize, String)>,
    /// What stands at the right below a layer.
    links: Vec<(usize, String)>,
}

#[derive(Clone, Debug)]
enum Layer {
    /// Title and detail of each.
    Boxes(Vec<(String, String)>),
    Neurons(String, usize, Ink),
}

impl Layers {
    /// No layer yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Boxes side by side: what each is, and its shape.
    pub fn boxes(mut self, boxes: &[(&str, &str)]) -> Self {
        let boxes = boxes.iter().map(|&(title, shape)| (title.into(), shape.into())).collect();
        self.layers.push(Layer::Boxes(boxes));
        self
    }

    /// So many neurons with a name; each is joined with all of the layer above.
    pub fn neurons(mut self, name: &str, count: usize) -> Self {
        self.layers.push(Layer::Neurons(name.into(), count, Ink::Marked));
        self
    }

    /// So many numbers that go into neurons, as circles that are not marked.
    pub fn inputs(mut self, name: &str, count: usize) -> Self {
        self.layers.push(Layer::Neurons(name.into(), count, Ink::Plain));
        self
    }

    /// Marks a box of the last layer, counted from 0.
    pub fn mark(mut self, place: usize) -> Self {
        self.marks.push((self.last(), place));
        self
    }

    /// Writes at the right of the last layer, e.g. its shape.
    pub fn note(mut self, text: &str) -> Self {
        self.notes.push((self.last(), text.into()));
        self
    }

    /// Writes at the right below the last layer, beside what leads to the next.
    pub fn link(mut self, text: &str) -> Self {
        self.links.push((self.last(), text.into()));
        self
    }

    fn last(&self) -> usize {
        self.layers.len().saturating_sub(1)
    }
}

impl From<Layers> for Drawing {
    fn from(Layers { layers, marks, notes, links }: Layers) -> Self {
        let mut drawing = Self::new(0.0);
        let mut y = 2.0;
        // The places from which arrows leave the layer above, and whether they are neurons.
        let mut above: (Vec<At>, bool) = (Vec::new(), false);
        for (i, layer) in layers.iter().enumerate() {
            let (entries, exits, height, neurons) = match layer {
                Layer::Boxes(boxes) => {
                    let details = boxes.iter().any(|(_, detail)| !detail.is_empty());
                    let height = if details { 2.0 * LINE + 8.0 } else { LINE + 9.0 };
                    let middles = spread(boxes.len());
                    let at = |y: f64| middles.iter().map(|&x| (x, y)).collect::<Vec<At>>();
                    (at(y), at(y + height), height, false)
                }
                Layer::Neurons(_, count, _) => {
                    let middles = spread_evenly(*count);
                    let at = |y: f64| middles.iter().map(|&x| (x, y)).collect::<Vec<At>>();
                    (at(y), at(y + 2.0 * RADIUS), 2.0 * RADIUS, true)
                }
            };
            join(&mut drawing, &above.0, &entries, above.1 && neurons);
            match layer {
                Layer::Boxes(boxes) => {
                    for (place, ((title, detail), &(x, _))) in
                        boxes.iter().zip(&entries).enumerate()
                    {
                        let half = width(title).max(width(detail)) / 2.0 + 10.0;
                        let is_marked = marks.contains(&(i, place));
                        let ink = if is_marked { Ink::Marked } else { Ink::Plain };
                        drawing.boxed((x - half, y), (x + half, y + height), 6.0, ink);
                        drawing.text((x, y + LINE + 1.0), Anchor::Middle, title, ink);
                        drawing.text((x, y + 2.0 * LINE + 1.0), Anchor::Middle, detail, Ink::Quiet);
                    }
                }
                Layer::Neurons(name, _, ink) => {
                    for &(x, _) in &entries {
                        drawing.circle((x, y + RADIUS), RADIUS, *ink);
                    }
                    drawing.text((2.0, y + RADIUS + 4.0), Anchor::Start, name, Ink::Quiet);
                }
            }
            let gap = if neurons { 1.6 * GAP } else { GAP };
            let right = |y: f64| (WIDTH - 2.0, y + 4.0);
            for (_, note) in notes.iter().filter(|(of, _)| *of == i) {
                drawing.text(right(y + height / 2.0), Anchor::End, note, Ink::Quiet);
            }
            for (_, link) in links.iter().filter(|(of, _)| *of == i) {
                drawing.text(right(y + height + gap / 2.0), Anchor::End, link, Ink::Quiet);
            }
            above = (exits, neurons);
            y += height + gap;
        }
        drawing.reach(y - GAP + 2.0);
        drawing
    }
}

/// Neurons are joined each with each, by lines; boxes by arrows: each with its own if there are as
/// many, or else all with all.
fn join(drawing: &mut Drawing, from: &[At], to: &[At], neurons: bool) {
    for (i, &a) in from.iter().enumerate() {
        for (j, &b) in to.iter().enumerate() {
            if neurons {
                drawing.line(&[a, b], Ink::Quiet);
            } else if i == j || from.len() != to.len() {
                drawing.arrow(a, b, Ink::Quiet);
            }
        }
    }
}

/// Middles of so many boxes side by side.
fn spread(count: usize) -> Vec<f64> {
    (0..count).map(|i| WIDTH * (i as f64 + 0.5) / count as f64).collect()
}

/// Middles of so many neurons, right of a name.
fn spread_evenly(count: usize) -> Vec<f64> {
    let step = (240.0 / count.max(1) as f64).min(44.0);
    let first = WIDTH / 2.0 + 24.0 - step * (count as f64 - 1.0) / 2.0;
    (0..count).map(|i| first + step * i as f64).collect()
}

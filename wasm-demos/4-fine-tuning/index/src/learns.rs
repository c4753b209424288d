//! The figure: which numbers each method trains.

use demo::figure::{Anchor, Drawing, Figure, Ink, WIDTH};

/// Blocks that are drawn for a model.
const BLOCKS: usize = 3;
const BLOCK: f64 = 26.0;
const TOP: f64 = 42.0;
const HEIGHT: f64 = TOP + 4.0 * BLOCK + 48.0;

/// What a method trains.
#[derive(Clone, Copy, PartialEq)]
enum Learns {
    All,
    Head,
    Strips,
    Before,
    BesideEach,
    Words,
}

const METHODS: [(&str, &str, Learns); 6] = [
    ("full", "every weight", Learns::All),
    ("head", "new layer", Learns::Head),
    ("LoRA", "thin matrices", Learns::Strips),
    ("prefix", "keys, values", Learns::BesideEach),
    ("soft prompt", "vectors", Learns::Before),
    ("prompt", "no number", Learns::Words),
];

pub fn figure() -> Figure {
    let mut drawing = Drawing::new(HEIGHT);
    let step = WIDTH / METHODS.len() as f64;
    for (i, (name, what, learns)) in METHODS.iter().enumerate() {
        column(&mut drawing, step * i as f64, step, name, what, *learns);
    }
    Figure {
        name: "learns",
        caption: "Six ways to tune the same model: three blocks, with its input below them. What is \
                  tinted learns; the rest stays as it was pre-trained."
            .into(),
        text: "Full fine-tuning trains every weight of every block. A head is a new layer on top. LoRA \
               trains two thin matrices beside the weights of each block. A prefix is keys and values \
               beside each block. A soft prompt is vectors before the input. A prompt is words: no \
               number learns."
            .into(),
        drawing,
    }
}

fn column(drawing: &mut Drawing, left: f64, width: f64, name: &str, what: &str, learns: Learns) {
    let middle = left + width / 2.0;
    drawing.text((middle, 12.0), Anchor::Middle, name, Ink::Plain);
    let (x0, x1) = (middle - 16.0, middle + 10.0);
    let ink = |is: bool| if is { Ink::Marked } else { Ink::Quiet };
    if learns == Learns::Head {
        drawing.filled((x0, TOP - 20.0), (x1, TOP - 8.0), Ink::Marked);
    }
    for block in 0..BLOCKS {
        let y = TOP + BLOCK * block as f64;
        match learns {
            Learns::All => drawing.filled((x0, y), (x1, y + 20.0), Ink::Marked),
            _ => drawing.boxed((x0, y), (x1, y + 20.0), 3.0, Ink::Quiet),
        };
        match learns {
            Learns::Strips => {
                drawing.filled((x1 + 3.0, y + 2.0), (x1 + 6.0, y + 18.0), Ink::Marked);
                drawing.filled((x1 + 8.0, y + 2.0), (x1 + 11.0, y + 18.0), Ink::Marked);
            }
            Learns::BesideEach => {
                drawing.filled((x1 + 3.0, y + 4.0), (x1 + 11.0, y + 16.0), Ink::Marked);
            }
            _ => {}
        }
    }
    // What is read.
    let y = TOP + BLOCK * BLOCKS as f64 + 2.0;
    for i in 0..4 {
        let x = x0 - 4.0 + 9.0 * f64::from(i);
        let is_marked = learns == Learns::Before && i < 2;
        match is_marked {
            true => drawing.filled((x, y), (x + 7.0, y + 7.0), Ink::Marked),
            false => drawing.boxed((x, y), (x + 7.0, y + 7.0), 1.5, ink(false)),
        };
    }
    if learns == Learns::Words {
        drawing.text((middle - 2.0, y + 22.0), Anchor::Middle, "words", Ink::Marked);
    }
    for (line, text) in what.split(' ').enumerate() {
        let at = (middle, HEIGHT - 14.0 + 12.0 * line as f64);
        drawing.text(at, Anchor::Middle, text, Ink::Quiet);
    }
}

//! The figures of the page.

use candle_core::Tensor;
use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Plot};
use demo::format::number;
use grading::numbers::{settled, short};
use normalization_and_activations::{
    GAIN, LAYERS, SOLUTION, VECTOR, WIDTH, sizes_by_layer, solution,
};

use crate::activation_curves::{slopes, values};
use crate::dots::{Axis, drawing, letter};
use crate::{norms, row};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [layers(), one_vector(), Some(placement()), curves(), rms_passes()]
        .into_iter()
        .flatten()
        .collect()
}

/// The size of the numbers behind each of some random layers.
fn layers() -> Option<Figure> {
    let sizes = |gain, norm| sizes_by_layer(gain, norm).ok();
    let (large, small) = (sizes(GAIN, false)?, sizes(1.0 / GAIN, false)?);
    let (tamed, raised) = (sizes(GAIN, true)?, sizes(1.0 / GAIN, true)?);
    let curve = |sizes: &[f64]| -> Vec<(f64, f64)> {
        sizes.iter().enumerate().map(|(i, size)| (i as f64, size.log10())).collect()
    };
    let last = |sizes: &[f64]| sizes.last().copied().unwrap_or_default();
    let name = |name: &str, sizes: &[f64]| format!("{name}: {}", number(last(sizes)));
    let plot = Plot::new(("layers passed", 0.0, LAYERS as f64), ("size, power of ten", -5.0, 4.0))
        .curve("", curve(&large))
        .curve("", curve(&small))
        .curve("", curve(&tamed))
        .curve("", curve(&raised))
        .point((LAYERS as f64, last(&large).log10()), &name("too large", &large))
        .point((LAYERS as f64, last(&small).log10()), &name("too small", &small))
        .point((LAYERS as f64, last(&tamed).log10()), "with a norm");
    let between = |sizes: &[f64]| {
        let low = sizes.iter().skip(1).copied().fold(f64::INFINITY, f64::min);
        let high = sizes.iter().skip(1).copied().fold(0.0, f64::max);
        format!("between {} and {}", short(low, 1), short(high, 1))
    };
    Some(Figure {
        name: "layers",
        caption: format!(
            "{WIDTH} numbers pass through {LAYERS} random layers. With weights {GAIN} times too \
             large they end {} times as large as they began, with weights as much too small near \
             0. With a norm before each layer their size stays {} or {}.",
            grading::numbers::count(last(&large).round() as u64),
            between(&tamed),
            between(&raised)
        ),
        text: format!(
            "The size of {WIDTH} numbers, on a logarithmic axis, over {LAYERS} layers. Weights too \
             large: a straight line up, from {} to {}. Weights too small: a straight line down, to \
             {}. With a norm before each layer, both stay level near 1.",
            number(large[0]),
            number(last(&large)),
            number(last(&small))
        ),
        drawing: plot.into(),
    })
}

/// One vector, and what two norms make of it.
fn one_vector() -> Option<Figure> {
    let [layer, rms] = norms(SOLUTION, &VECTOR).ok()?;
    let axes = [
        Axis { name: "x", values: &VECTOR, from: 0.0, to: 10.0 },
        Axis { name: "LayerNorm", values: &layer, from: -2.0, to: 2.0 },
        Axis { name: "RMSNorm", values: &rms, from: -2.0, to: 2.0 },
    ];
    let list = |values: &[f64]| {
        let named = values.iter().enumerate();
        let named = named.map(|(i, v)| format!("{} {}", letter(i), short(settled(*v), 2)));
        named.collect::<Vec<_>>().join(", ")
    };
    Some(Figure {
        name: "one-vector",
        caption: "Four numbers before and after a norm. The picture is the same each time, only \
                  stretched, and for LayerNorm also moved: its mean is at 0. RMSNorm leaves 0 \
                  where it was."
            .into(),
        text: format!(
            "Three axes with four dots. x: {}. LayerNorm: {}. RMSNorm: {}.",
            list(&VECTOR),
            list(&layer),
            list(&rms)
        ),
        drawing: drawing(&axes),
    })
}

/// Where the norm stands: behind the sum, or inside the branch.
fn placement() -> Figure {
    let mut drawing = Drawing::new(246.0);
    column(&mut drawing, 80.0, "post-norm", &["layer", "+", "norm"]);
    column(&mut drawing, 250.0, "pre-norm", &["norm", "layer", "+"]);
    Figure {
        name: "placement",
        caption: "Two places for a norm. In pre-norm the highlighted path leads past every norm \
                  and every layer, from the first number to the last."
            .into(),
        text: "Two columns, from top to bottom. Post-norm: x goes into a layer, x itself is added \
               to what comes out, and the sum goes through a norm. Pre-norm: x goes through a norm \
               and then a layer, and x itself is added to what comes out; nothing else is on the \
               path from x to the sum."
            .into(),
        drawing,
    }
}

/// A column of boxes from top to bottom, with a path around all before the plus.
fn column(drawing: &mut Drawing, x: f64, title: &str, parts: &[&str]) {
    const FIRST: f64 = 72.0;
    const STEP: f64 = 52.0;
    const AROUND: f64 = 62.0;
    drawing.text((x, 14.0), Anchor::Middle, title, Ink::Plain);
    drawing.text((x, 36.0), Anchor::Middle, "x", Ink::Plain);
    drawing.arrow((x, 42.0), (x, FIRST), Ink::Plain);
    for (i, part) in parts.iter().enumerate() {
        let y = FIRST + STEP * i as f64;
        if *part == "+" {
            drawing.line(&[(x, 50.0), (x + AROUND, 50.0), (x + AROUND, y + 12.0)], Ink::Marked);
            drawing.arrow((x + AROUND, y + 12.0), (x + 11.0, y + 12.0), Ink::Marked);
            drawing.circle((x, y + 12.0), 11.0, Ink::Marked);
            drawing.text((x, y + 16.0), Anchor::Middle, "+", Ink::Marked);
        } else {
            drawing.boxed((x - 34.0, y), (x + 34.0, y + 24.0), 5.0, Ink::Plain);
            drawing.text((x, y + 16.0), Anchor::Middle, part, Ink::Plain);
        }
        let (from, to) = if *part == "+" { (y + 23.0, y + STEP) } else { (y + 24.0, y + STEP) };
        drawing.arrow((x, from), (x, to), Ink::Plain);
    }
    let end = FIRST + STEP * parts.len() as f64;
    drawing.text((x, end + 12.0), Anchor::Middle, "to the next layer", Ink::Quiet);
}

/// Three activations.
fn curves() -> Option<Figure> {
    let places: Vec<f64> = (0..=120).map(|i| f64::from(i) / 20.0 - 4.0).collect();
    let of = |name: &str| values(SOLUTION, name, &places).ok();
    let at = |name: &str, x: f64| {
        let (y, slope) = (values(SOLUTION, name, &[x]).ok()?, slopes(SOLUTION, name, &[x]).ok()?);
        Some(format!("{} with the slope {}", short(settled(y[0]), 2), short(slope[0], 2)))
    };
    let curve = |name: &str| Some(places.iter().copied().zip(of(name)?).collect::<Vec<_>>());
    let plot = Plot::new(("x", -4.0, 2.0), ("y", -0.4, 1.6))
        .curve("", curve("relu")?)
        .curve("", curve("gelu")?)
        .curve("", curve("silu")?)
        .point((1.0, 1.0), "ReLU")
        .point((-1.0, values(SOLUTION, "gelu", &[-1.0]).ok()?[0]), "GELU")
        .point((-2.5, values(SOLUTION, "silu", &[-2.5]).ok()?[0]), "SiLU");
    Some(Figure {
        name: "curves",
        caption:
            "Three ways to bend a line at 0. ReLU has a corner there; GELU and SiLU go around \
                  it, and dip below 0 on the left."
                .into(),
        text: format!(
            "Three curves over x from −4 to 2. ReLU is 0 on the left and x on the right. At −1, \
             GELU is {} and SiLU {}; at 2, GELU is {} and SiLU {}.",
            at("gelu", -1.0)?,
            at("silu", -1.0)?,
            at("gelu", 2.0)?,
            at("silu", 2.0)?
        ),
        drawing: plot.into(),
    })
}

/// What the threads of `rms_norm.wgsl` do with one row.
fn rms_passes() -> Option<Figure> {
    let x = VECTOR;
    let squares = x.map(|v| v * v);
    let sum: f64 = squares.iter().sum();
    let root = (sum / x.len() as f64).sqrt();
    let ones: Tensor = row(&[1.0; VECTOR.len()]).ok()?;
    let y: Vec<f64> = solution::rms_norm(&row(&x).ok()?, &ones, 1e-5).ok()?.to_vec1().ok()?;
    let of = |values: &[f64]| values.iter().map(|v| short(settled(*v), 2)).collect::<Vec<_>>();
    let heads: Vec<String> = (0..x.len()).map(|thread| format!("thread {thread}")).collect();
    let rows = [
        ("x".to_owned(), of(&x), Ink::Plain),
        ("1 · square".to_owned(), of(&squares), Ink::Plain),
        ("tree: sum".to_owned(), of(&[sum]), Ink::Marked),
        ("root of the mean".to_owned(), of(&[root]), Ink::Marked),
        (format!("2 · x / {}", short(root, 2)), of(&y), Ink::Plain),
    ];
    let mut cells = Cells::new().head(heads.iter().map(String::as_str));
    for (name, numbers, ink) in &rows {
        cells = cells.row(name, numbers.iter().map(|number| (number.as_str(), *ink)));
    }
    let told = rows.iter().map(|(name, numbers, _)| format!("{name}: {}", numbers.join(", ")));
    Some(Figure {
        name: "rms-passes",
        caption: "One row, four threads, two passes. What is highlighted, a tree makes of all \
                  threads' numbers, and every thread needs it."
            .into(),
        text: format!("RMSNorm of a row in two passes. {}.", told.collect::<Vec<_>>().join("; ")),
        drawing: cells.into(),
    })
}

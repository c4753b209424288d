//! The figure of the page.

use demo::figure::{Figure, Plot};
use loss_and_surprise_demos::scaling::{
    HOFFMANN_SIZES, KAPLAN_SIZES, TOKENS_PER_PARAMETER, curve, hoffmann, kaplan, kaplan_factor,
    large,
};

/// Sizes that are ten times each other.
const TENFOLD: [f64; 3] = [1e7, 1e8, 1e9];

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![size()]
}

/// What size buys.
fn size() -> Figure {
    let ticks =
        [(6.0, "1M"), (7.0, "10M"), (8.0, "100M"), (9.0, "1B"), (10.0, "10B"), (11.0, "100B")];
    let mut plot = Plot::new(("parameters", 6.0, 11.0), ("loss", 1.0, 4.2))
        .x_ticks(&ticks)
        .curve("Kaplan", curve(KAPLAN_SIZES, kaplan))
        .curve("Hoffmann", curve(HOFFMANN_SIZES, hoffmann));
    let mut told = Vec::new();
    for n in TENFOLD {
        let loss = format!("{:.2}", kaplan(n));
        plot = plot.point((n.log10(), kaplan(n)), &loss);
        told.push(format!("{loss} at {}", large(n)));
    }
    let (from, to) = HOFFMANN_SIZES;
    Figure {
        name: "size",
        caption: format!(
            "Each tenfold multiplies the loss by {:.2}: equation 1.1 of Kaplan and others, 2020 \
             (arXiv 2001.08361), for models with enough text, word vectors not counted. Hoffmann \
             and others, 2022 (arXiv 2203.15556, as Besiroglu and others, 2024, arXiv 2404.10102, \
             fitted it again), let the text grow along: {TOKENS_PER_PARAMETER} tokens a parameter. \
             Their texts and tokens differ, so compare the shapes. M is a million, B a billion.",
            kaplan_factor()
        ),
        text: format!(
            "Loss over the number of parameters, each step of the axis ten times the one before. \
             Kaplan's curve falls: {}. Hoffmann's falls from {:.2} at {} to {:.2} at {}, ever more \
             slowly.",
            told.join(", "),
            hoffmann(from),
            large(from),
            hoffmann(to),
            large(to)
        ),
        drawing: plot.into(),
    }
}

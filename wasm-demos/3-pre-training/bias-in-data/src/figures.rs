//! The figures of the page.

use bias_in_data::solution::weat;
use bias_in_data::town::{BIAS, Remedy, SEED, SMALL, TRAINING, Trained, measure, town};
use bias_in_data::{BiasError, SOLUTION, Vectors};
use demo::figure::{Bars, Cells, Figure, Ink, Plot};
use grading::numbers::{count, percent, short};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![arrows()];
    figures.extend([rates(), splits()].into_iter().flatten());
    figures
}

fn rates() -> Result<Figure, BiasError> {
    let rates = |bias| -> Result<_, BiasError> {
        let trained = Trained::new(&SOLUTION, town(SEED, bias), Remedy::None)?;
        Ok(measure(&SOLUTION, &trained)?.rates)
    };
    let (fair, biased) = (rates(0)?, rates(BIAS)?);
    let shown = |x: f64| percent(x, 0);
    let text = format!(
        "Bars of the share of good texts. In the first town, {} on the hill and {} on the shore; in \
         the second, {} and {}.",
        shown(fair.x.value),
        shown(fair.y.value),
        shown(biased.x.value),
        shown(biased.y.value)
    );
    Ok(Figure {
        name: "rates",
        caption: format!(
            "How many of the texts about the hill, and of those about the shore, are good, in two \
             towns with {} texts each.",
            count(TRAINING as u64)
        ),
        text,
        drawing: Bars::new(&["first town", "second town"])
            .series("hill", &[fair.x.value, biased.x.value], shown)
            .series("shore", &[fair.y.value, biased.y.value], shown)
            .into(),
    })
}

fn arrows() -> Figure {
    let mut plot = Plot::plane((-0.05, 1.35), (-0.05, 1.1));
    for (at, (word, [x, y])) in SMALL.into_iter().enumerate() {
        let (from, to) = ((0.0, 0.0), (x, y));
        plot = if at < 4 { plot.arrow(from, to, word) } else { plot.quiet_arrow(from, to, word) };
    }
    Figure {
        name: "arrows",
        caption: "Four names and two words as arrows of length 1. Which names are near good?"
            .into(),
        text:
            "Six arrows from one point. Good points to the right, and bad up. Ruby lies close to \
               good, Zoe a bit further up, Finn further still, and Emma close to bad."
                .into(),
        drawing: plot.into(),
    }
}

fn splits() -> Result<Figure, BiasError> {
    let vectors = Vectors::new(SMALL.map(|(word, row)| (word.into(), row.to_vec())));
    let names: Vec<&str> = SMALL[..4].iter().map(|(name, _)| *name).collect();
    let mut cells = Cells::new().head(["first half", "", "second half", "", "statistic"]);
    let mut told = Vec::new();
    for (i, j) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let rest: Vec<usize> = (0..4).filter(|&k| k != i && k != j).collect();
        let [a, b, c, d] = [i, j, rest[0], rest[1]].map(|k| names[k]);
        let statistic = weat(&vectors, &[a, b], &[c, d], &["good"], &["bad"])?.statistic;
        let shown = short(statistic, 2);
        let ink = if (i, j) == (0, 1) { Ink::Marked } else { Ink::Quiet };
        let row = [(a, ink), (b, ink), (c, Ink::Quiet), (d, Ink::Quiet), (&shown, Ink::Plain)];
        cells = cells.row("", row);
        told.push(format!("{a} and {b} against {c} and {d}: {shown}"));
    }
    Ok(Figure {
        name: "splits",
        caption:
            "All ways to split four names into two halves. No other statistic is as large as the \
                  first, which is the one observed."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: cells.into(),
    })
}

//! The figures of the page: each failure beside the healthy run, on the same axes.

use demo::figure::{Bars, Figure, Plot};
use failed_runs::{Kept, Run};
use grading::numbers::short;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let Ok(kept) = Kept::read() else { return Vec::new() };
    let all = [six(&kept), rate(&kept), warm_up(&kept), order(&kept), copies(&kept), split(&kept)];
    all.into_iter().chain([shift(&kept), one_batch(&kept)]).flatten().collect()
}

/// A curve: its name in the figure, the run, and whether it is of what is held out.
type Shown<'a> = (&'a str, &'a str, bool);

/// The curves of these runs, of the first seed, from the lowest loss shown up, over a part of the steps.
fn losses(kept: &Kept, shown: &[Shown<'_>], lowest: f64, part: f64) -> Option<(Plot, String)> {
    let steps = part * kept.settings.get("steps").copied()?;
    let mut plot = Plot::new(("step", 0.0, steps), ("loss, nats a token", lowest, 6.5));
    let mut told = Vec::new();
    for &(name, run, is_held_out) in shown {
        let run = kept.named(run).next()?;
        let points = if is_held_out { run.held_out() } else { run.training() };
        told.push(format!("{name}: {}", some(run, &points)));
        plot = plot.curve(name, points);
    }
    Some((plot, format!("{}.", told.join("; "))))
}

/// The loss near the start, in the middle and at the end, for whoever does not see it.
fn some(run: &Run, points: &[(f64, f64)]) -> String {
    let last = run.points.len().saturating_sub(1);
    let told = [last / 8, last / 2, last].map(|at| points.get(at).copied().unwrap_or_default());
    told.map(|(step, loss)| format!("{} at step {step}", short(loss, 2))).join(", ")
}

fn six(kept: &Kept) -> Option<Figure> {
    let shown = [
        ("A", "sorted", false),
        ("B", "rate x30", false),
        ("C", "healthy", false),
        ("D", "no shift", false),
        ("E", "rate /30", false),
        ("F", "copies", false),
    ];
    let (plot, told) = losses(kept, &shown, 0.0, 1.0)?;
    Some(Figure {
        name: "six",
        caption: "The training loss of six runs of the same model. One is healthy; one was stopped after a third of the steps.".into(),
        text: told,
        drawing: plot.into(),
    })
}

fn rate(kept: &Kept) -> Option<Figure> {
    let shown = [
        ("a 30th", "rate /30", false),
        ("100 times", "rate x100", false),
        ("30 times", "rate x30", false),
        ("10 times", "rate x10", false),
        ("healthy", "healthy", false),
    ];
    let (plot, told) = losses(kept, &shown, 2.5, 1.0)?;
    Some(Figure {
        name: "rate",
        caption: "The training loss at learning rates around that of the healthy run.".into(),
        text: told,
        drawing: plot.across(*kept.settings.get("unigram_loss")?, "counted tokens").into(),
    })
}

fn warm_up(kept: &Kept) -> Option<Figure> {
    let mut plot =
        Plot::new(("step", 0.0, *kept.settings.get("steps")?), ("loss, nats a token", 3.2, 5.2));
    let mut told = Vec::new();
    for (name, run, seed) in [
        ("with, seed 2", "warm x10, free", 2),
        ("without, seed 2", "cold x10, free", 2),
        ("with, seed 1", "warm x10, free", 1),
    ] {
        let run = kept.named(run).find(|run| run.seed == seed)?;
        let points = run.training();
        told.push(format!("{name}: {}", some(run, &points)));
        plot = plot.curve(name, points);
    }
    Some(Figure {
        name: "warm-up",
        caption:
            "Ten times the rate without guards: two seeds with a warm-up, and one of them without."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: plot.into(),
    })
}

fn order(kept: &Kept) -> Option<Figure> {
    let shown = [
        ("sorted", "sorted", false),
        ("healthy", "healthy", false),
        ("sorted, held out", "sorted", true),
    ];
    let (plot, told) = losses(kept, &shown, 2.5, 1.0)?;
    Some(Figure {
        name: "order",
        caption: "The same stories once in a drawn order and once sorted by their kind, of which \
                  there are twelve."
            .into(),
        text: told,
        drawing: plot.into(),
    })
}

fn copies(kept: &Kept) -> Option<Figure> {
    let shown = [
        ("copies, held out", "copies", true),
        ("deduplicated, held out", "no copies", true),
        ("healthy, held out", "healthy", true),
        ("copies", "copies", false),
    ];
    let (plot, told) = losses(kept, &shown, 1.5, 1.0)?;
    Some(Figure {
        name: "copies",
        caption: "A tenth of the stories a hundred times, and the same text without its copies."
            .into(),
        text: told,
        drawing: plot.into(),
    })
}

fn split(kept: &Kept) -> Option<Figure> {
    let training = kept.named("copies").next()?.last().1;
    let number = |name: &str| kept.numbers.get(name).copied();
    let values = [training, number("copies, own split")?, number("copies, new stories")?];
    let [training, own, new] = values.map(|value| short(value, 2));
    Some(Figure {
        name: "split",
        caption: "One model, three losses: on its training text, on stories held out at random \
                  from a text with copies, and on new stories."
            .into(),
        text: format!("Bars. Training: {training}. Held out at random: {own}. New: {new}."),
        drawing: Bars::new(&["training", "held out", "new stories"])
            .series("", &values, |value| short(value, 2))
            .into(),
    })
}

fn shift(kept: &Kept) -> Option<Figure> {
    let shown = [
        ("healthy, held out", "healthy", true),
        ("no shift", "no shift", false),
        ("no shift, held out", "no shift", true),
    ];
    let (plot, told) = losses(kept, &shown, 0.0, 1.0 / 3.0)?;
    Some(Figure {
        name: "shift",
        caption: "Labels that are the inputs: the loss of a model that copies.".into(),
        text: told,
        drawing: plot.into(),
    })
}

fn one_batch(kept: &Kept) -> Option<Figure> {
    let shown =
        [("healthy", "one batch", false), ("30 times the rate", "one batch, rate x30", false)];
    let (plot, told) = losses(kept, &shown, 0.0, 1.0 / 3.0)?;
    Some(Figure {
        name: "one-batch",
        caption: "Sixteen rows, again and again.".into(),
        text: told,
        drawing: plot.into(),
    })
}

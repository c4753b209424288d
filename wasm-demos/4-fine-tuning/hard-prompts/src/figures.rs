//! The figures of the page.

use demo::figure::{Figure, Plot};
use grading::numbers::short;
use hard_prompts::solution::{linear_scores, top_swaps};
use hard_prompts::worked::{PLACES, Runs, START, WANTED, runs};
use hard_prompts::{Continuation, Loss, Table};
use pocket_buddy::PocketBuddy;

/// Swaps in the figure: the best, and of all others some.
const BEST: usize = 40;
const EVERY: usize = 12;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let buddy = PocketBuddy::kept().ok();
    [buddy.as_ref().and_then(foretold), race()].into_iter().flatten().collect()
}

fn foretold(buddy: &PocketBuddy) -> Option<Figure> {
    let model = &buddy.model;
    let table = Table { numbers: model.numbers(&model.tensors()[0]), width: model.sizes.n_embd };
    let mut loss = Continuation::new(model, &[buddy.end], &buddy.encode(WANTED).ok()?);
    let ids = buddy.encode(START).ok()?.repeat(PLACES);
    let scores = linear_scores(&table, &ids, &loss.slopes(&ids)).ok()?;
    let now = loss.loss(&ids);
    let swaps = top_swaps(&scores, &ids, &[], usize::MAX);
    let mut points = Vec::new();
    for (at, swap) in swaps.iter().enumerate() {
        if at < BEST || at % EVERY == 0 {
            let mut tried = ids.clone();
            tried[swap.place] = swap.id;
            points.push((swap.score, loss.loss(&tried) - now));
        }
    }
    let better = points[..BEST].iter().filter(|point| point.1 < 0.0).count();
    let rest = &points[BEST..];
    let better_rest = rest.iter().filter(|point| point.1 < 0.0).count();
    let bound = |of: fn(&(f64, f64)) -> f64| {
        points
            .iter()
            .map(of)
            .fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)))
    };
    let ((left, right), (down, up)) = (bound(|p| p.0), bound(|p| p.1));
    let mut plot = Plot::new(
        ("predicted change of the loss", 1.05 * left, 1.05 * right),
        ("true change", 1.1 * down, 1.1 * up),
    )
    .across(0.0, "no change");
    for &point in &points {
        plot = plot.point(point, "");
    }
    Some(Figure {
        name: "foretold",
        caption: format!(
            "Swaps of one token in the prompt “{}”: what the slopes predict, and what the loss really \
             does, in nats a token. Shown are the {BEST} with the best prediction, and one in {EVERY} of \
             the others. Below the line, a swap helps.",
            START.repeat(PLACES).trim()
        ),
        text: format!(
            "A cloud of points. Of the {BEST} swaps with the best prediction, {better} lower the \
             loss, at most by {}; of {} others {better_rest} do.",
            short(-points[..BEST].iter().map(|point| point.1).fold(0.0, f64::min), 2),
            rest.len()
        ),
        drawing: plot.into(),
    })
}

fn race() -> Option<Figure> {
    let Runs { searches, random, .. } = runs();
    let top = random.history.first()?.1;
    let until = random.evaluations as f64;
    let mut plot = Plot::new(("evaluations", 0.0, until), ("loss", 0.0, top.ceil()));
    let mut told = Vec::new();
    let named = searches.iter().map(|(candidates, found)| (format!("{candidates} a step"), found));
    for (name, found) in named.chain([("at random".to_owned(), random)]) {
        plot = plot.curve(&name, stairs(&found.history));
        told.push(format!("{name}: {} after {}", short(found.loss, 2), found.evaluations));
    }
    Some(Figure {
        name: "race",
        caption:
            "The lowest loss so far, in nats a token, by slopes with 4, 16 and 64 swaps tried in \
                  a step, and at random. A curve ends at its last improvement."
                .into(),
        text: format!("Four falling curves. {}.", told.join("; ")),
        drawing: plot.into(),
    })
}

fn stairs(history: &[(usize, f64)]) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for (at, &(evaluations, loss)) in history.iter().enumerate() {
        points.push((evaluations as f64, loss));
        if let Some(next) = history.get(at + 1) {
            points.push((next.0 as f64, loss));
        }
    }
    points
}

//! The figures of the page.

use demo::DemoError;
use demo::figure::{Anchor, At, Cells, Drawing, Figure, Ink, Plot, WIDTH};
use demo::format::{count, number};
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Engine, Model, Sizes};
use training_loop::solution::{checkpoint, evaluate, rows_at, train};
use training_loop::{LoopError, State};

use crate::pretrain::settings;
use crate::texts::{Cut, Texts};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![circle()];
    figures.extend([regions().ok(), epochs().ok(), file().ok()].into_iter().flatten());
    #[cfg(not(target_family = "wasm"))]
    figures.extend(crate::trained::buddy());
    figures
}

/// What a step consists of, around a circle.
fn circle() -> Figure {
    let parts = [
        ("data", "which rows?"),
        ("forward", "guess tokens"),
        ("loss", "how wrong?"),
        ("backward", "which way?"),
        ("clip", "not too far"),
        ("step", "weights move"),
    ];
    let (center, across, down): (At, f64, f64) = ((WIDTH / 2.0, 134.0), 118.0, 108.0);
    let place = |at: usize| -> At {
        let turn = std::f64::consts::TAU * at as f64 / parts.len() as f64;
        (center.0 + across * turn.sin(), center.1 - down * turn.cos())
    };
    let mut drawing = Drawing::new(268.0);
    let half = (52.0, 19.0);
    for at in 0..parts.len() {
        let ((x0, y0), (x1, y1)) = (place(at), place((at + 1) % parts.len()));
        // From the edge of a box to that of the next.
        let (dx, dy) = (x1 - x0, y1 - y0);
        let part = (half.0 / dx.abs().max(1.0)).min(half.1 / dy.abs().max(1.0)) + 0.04;
        let (from, to) = ((x0 + part * dx, y0 + part * dy), (x1 - part * dx, y1 - part * dy));
        drawing.arrow(from, to, Ink::Plain);
    }
    for (at, (name, what)) in parts.into_iter().enumerate() {
        let (x, y) = place(at);
        let ink = if name == "step" { Ink::Marked } else { Ink::Plain };
        drawing.boxed((x - half.0, y - half.1), (x + half.0, y + half.1), 4.0, ink);
        drawing.text((x, y - 3.0), Anchor::Middle, name, ink);
        drawing.text((x, y + 12.0), Anchor::Middle, what, Ink::Quiet);
    }
    drawing.text((center.0, center.1 - 2.0), Anchor::Middle, "state:", Ink::Quiet);
    drawing.text((center.0, center.1 + 13.0), Anchor::Middle, "model, m, v, step", Ink::Quiet);
    let told: Vec<String> = parts.iter().map(|(name, what)| format!("{name}: {what}")).collect();
    Figure {
        name: "circle",
        caption:
            "One step of training. The last box changes the state in the middle, and the next \
                  round begins with it."
                .into(),
        text: format!("A circle of boxes with arrows from each to the next. {}.", told.join("; ")),
        drawing,
    }
}

/// The loss of a real run, and what it passes on its way.
fn regions() -> Result<Figure, DemoError> {
    const STEPS: usize = 400;
    const EVERY: usize = 10;
    let texts = Texts::town(Cut::Letters);
    let vocab_size = texts.vocab_size();
    let sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 24, n_positions: 24, vocab_size };
    let [rows, held_out] = texts.rows(sizes.n_positions)?;
    let counted = texts.counted()?;
    let blind = (vocab_size as f64).ln();
    let mut state = State::new(Model::random(sizes, &mut StdRng::seed_from_u64(1)));
    let mut engine = Engine::default();
    let first = evaluate(&state.model, &held_out, 64, &mut engine)?;
    let (mut batches, mut held) = (Vec::new(), vec![(0.0, first)]);
    while state.step < STEPS {
        let until = state.step + EVERY;
        let on_step = &mut |_: &State, report: &training_loop::Report| {
            batches.push((report.step as f64, report.loss));
            true
        };
        train(&mut state, &rows, &settings(0.012, STEPS), &mut engine, until, on_step)?;
        held.push((state.step as f64, evaluate(&state.model, &held_out, 64, &mut engine)?));
    }
    let last = held.last().map_or(0.0, |point| point.1);
    let [letters, pairs] = [counted[0], counted[1]];
    Ok(Figure {
        name: "regions",
        caption: format!(
            "A GPT of {} weights learns Tinytown letter by letter: its batches, and stories held out. \
             First it learns how often each letter comes, then what follows what.",
            count(state.model.parameters.len())
        ),
        text: format!(
            "Two curves over {STEPS} steps, that of the batches rough, that of the stories held out \
             smooth. They begin at {}, which is the logarithm of {vocab_size}, fall fast to about {}, \
             the loss of counted letters, stay there for some steps, and fall slowly to {}. Counted \
             pairs have {}.",
            number(first),
            number(letters),
            number(last),
            number(pairs)
        ),
        drawing: Plot::new(("step", 0.0, STEPS as f64), ("loss, nats a letter", 2.0, 4.2))
            .curve("batches", batches)
            .curve("held out", held)
            .across(blind, "blind guess, ln V")
            .across(letters, "counted letters")
            .across(pairs, "counted pairs")
            .into(),
    })
}

/// Which rows each step reads.
fn epochs() -> Result<Figure, LoopError> {
    let (rows, batch) = (10, 4);
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for step in 0..6 {
        if step % (rows / batch) == 0 {
            cells = cells.rule(&format!("epoch {}", step / (rows / batch)));
        }
        let read = rows_at(rows, batch, 1, step)?;
        let names: Vec<String> = read.iter().map(ToString::to_string).collect();
        told.push(format!("step {step}: {}", names.join(", ")));
        cells = cells
            .row(&format!("step {step}"), names.iter().map(|name| (name.as_str(), Ink::Plain)));
    }
    Ok(Figure {
        name: "epochs",
        caption:
            "Ten rows in steps of four. Each epoch has its own order, and leaves two rows out."
                .into(),
        text: format!("Which rows each step reads. {}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// What a checkpoint holds.
fn file() -> Result<Figure, LoopError> {
    let sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 16, n_positions: 16, vocab_size: 50 };
    let state = State::new(Model::zeros(sizes));
    let size = checkpoint(&state)?.len();
    let weights = state.model.parameters.len();
    let numbers = format!("{} numbers", count(weights));
    let row = |prefix: &str| {
        let names = ["wte.weight", "…", "ln_f.bias"].map(|name| match name {
            "…" => name.to_owned(),
            name => format!("{prefix}{name}"),
        });
        names.map(|name| (name, Ink::Plain))
    };
    let cells = |row: &[(String, Ink); 3]| -> Vec<(String, Ink)> { row.to_vec() };
    let mut drawing = Cells::new()
        .rule("header")
        .row("JSON", [("step, sizes; each tensor's name and place", Ink::Marked)]);
    for (rule, prefix) in
        [("the weights", ""), ("AdamW's m", "adamw.m."), ("AdamW's v", "adamw.v.")]
    {
        let names = cells(&row(prefix));
        drawing = drawing.rule(&format!("{rule}: {numbers}"));
        for (name, ink) in &names {
            drawing = drawing.row("", [(name.as_str(), *ink)]);
        }
    }
    Ok(Figure {
        name: "file",
        caption: format!(
            "A checkpoint of a model of {} weights: {} bytes, of which the header takes {}.",
            count(weights),
            count(size),
            count(size - 12 * weights)
        ),
        text: format!(
            "From top to bottom: a header in JSON with the step, the sizes, and the name and place of \
             each tensor; {numbers} of weights, from wte.weight to ln_f.bias; as many of AdamW's m, \
             from adamw.m.wte.weight on; and as many of AdamW's v."
        ),
        drawing: drawing.into(),
    })
}

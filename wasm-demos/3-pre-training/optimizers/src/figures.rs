//! The figures of the page.

use demo::figure::{Bars, Cells, Figure, Ink, Plot};
use grading::numbers::short;
use optimizers::solution::{adamw_step, sgd_momentum};
use optimizers::{AdamW, Group, Moments, OptimizerError, Sgd, kept_megabytes, steps_down};

use crate::surfaces::VALLEY;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let zigzag = (
        "zigzag",
        "Twenty steps of gradient descent in a narrow valley, seen from above, with lines of equal \
         loss. Most of each early step goes across, and little of it toward the middle, the lowest \
         point.",
        "The path jumps from one wall of the valley to the other while it creeps along.",
    );
    let rolling = (
        "rolling",
        "Twenty steps from the same start with a momentum of 0.7: they get to the middle.",
        "The path swings less and less across and reaches the middle.",
    );
    [path(zigzag, 0.0), path(rolling, 0.7), slopes()]
        .into_iter()
        .filter_map(Result::ok)
        .chain([corrections(), memory(), kernel()])
        .collect()
}

/// Twenty steps down the page's valley.
fn path(
    (name, caption, text): (&'static str, &str, &str),
    momentum: f64,
) -> Result<Figure, OptimizerError> {
    let settings = Sgd { lr: 0.07, momentum, nesterov: false, weight_decay: 0.0 };
    let mut velocity = [0.0; 2];
    let step = |w: &mut [f32], g: &[f32]| sgd_momentum(w, g, &mut velocity, &settings);
    let path = steps_down([-4.0, 0.8], 20, VALLEY.gradient, step)?;
    let place = |(x, y): &(f64, f64)| format!("({}, {})", short(*x, 2), short(*y, 2));
    let told: Vec<String> = path.iter().step_by(4).map(place).collect();
    Ok(Figure {
        name,
        caption: caption.into(),
        text: format!("{text} Every fourth place: {}.", told.join(", ")),
        drawing: VALLEY.map().curve("", path).point((-4.0, 0.8), "start").into(),
    })
}

/// How far two weights go whose slopes are 10,000 apart.
fn slopes() -> Result<Figure, OptimizerError> {
    let gradients = [0.01, 100.0];
    let mut descent = [0.0; 2];
    let plain = Sgd { lr: 0.001, momentum: 0.0, nesterov: false, weight_decay: 0.0 };
    sgd_momentum(&mut descent, &gradients, &mut [0.0; 2], &plain)?;
    let mut adam = [0.0; 2];
    let settings = AdamW { lr: 0.1, ..AdamW::default() };
    adamw_step(&mut adam, &gradients, &Group::all(2, 0.0), &mut Moments::new(2), &settings)?;
    let [descent, adam] = [descent, adam].map(|w| w.map(|w| f64::from(-w)));
    let shown = |step: f64| short(step, 5);
    Ok(Figure {
        name: "slopes",
        caption:
            "How far two weights go in the first step, one with a slope of 0.01 and one with a \
                  slope of 100: gradient descent with a learning rate of 0.001, AdamW with 0.1. \
                  Only AdamW moves the gentle one visibly."
                .into(),
        text: format!(
            "Gradient descent with a learning rate of 0.001: {} and {}. AdamW with 0.1: {} and {}.",
            shown(descent[0]),
            shown(descent[1]),
            shown(adam[0]),
            shown(adam[1])
        ),
        drawing: Bars::new(&["slope 0.01", "slope 100"])
            .series("gradient descent", &descent, shown)
            .series("AdamW", &adam, shown)
            .into(),
    })
}

/// How long steps would be without the corrections, on a constant slope.
fn corrections() -> Figure {
    let length = |t: f64| (1.0 - 0.9_f64.powf(t)) / (1.0 - 0.999_f64.powf(t)).sqrt();
    let at = |t: f64| short(length(t), 1);
    Figure {
        name: "corrections",
        caption: "How long a step is on a constant slope, as a multiple of the learning rate. \
                  Uncorrected steps rise above six times, and come down slowly."
            .into(),
        text: format!(
            "A curve that begins at {} in step 1, is {} in step 10, {} in step 100 and {} in step \
             1,000. With corrections every step is 1.",
            at(1.0),
            at(10.0),
            at(100.0),
            at(1000.0)
        ),
        drawing: Plot::new(("step", 0.0, 200.0), ("times the learning rate", 0.0, 8.0))
            .curve("uncorrected", (1..=200).map(f64::from).map(|t| (t, length(t))))
            .across(1.0, "corrected")
            .into(),
    }
}

/// What each keeps of the smallest GPT-2.
fn memory() -> Figure {
    let kept = kept_megabytes();
    let shown = |megabytes: f64| format!("{} MB", short(megabytes, 1));
    let told: Vec<String> =
        kept.iter().map(|(name, megabytes)| format!("{name} {}", shown(*megabytes))).collect();
    let (names, values): (Vec<&str>, Vec<f64>) = kept.into_iter().unzip();
    Figure {
        name: "memory",
        caption:
            "What each optimizer keeps, besides weights and gradients, for the smallest GPT-2 \
                  in f32, in megabytes."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&names).series("kept", &values, |v| short(v, 1)).into(),
    }
}

/// Which numbers a thread touches.
fn kernel() -> Figure {
    let column = |at: usize, name: &str| {
        let ink = match at {
            3 => Ink::Marked,
            2..=5 => Ink::Plain,
            _ => Ink::Quiet,
        };
        (format!("{name}{at}"), ink)
    };
    let mut cells = Cells::new();
    for (row, name) in [("weights", "w"), ("gradients", "g"), ("m", "m"), ("v", "v")] {
        let numbers: Vec<(String, Ink)> = (0..8).map(|at| column(at, name)).collect();
        cells = cells.row(row, numbers.iter().map(|(text, ink)| (text.as_str(), *ink)));
    }
    let threads = ["", "", "0", "1", "2", "3", "4", "5"];
    let ink = |at: usize| if at == 3 { Ink::Marked } else { Ink::Quiet };
    let cells =
        cells.rule("thread").row("", threads.iter().enumerate().map(|(at, t)| (*t, ink(at))));
    Figure {
        name: "kernel",
        caption: "A group from start = 2 to end = 6. Thread 1 reads one number of each list and \
                  writes three of them back; threads 4 and 5 have no weight."
            .into(),
        text: "Eight weights, gradients, m and v in rows. Threads 0 to 3 own the columns 2 to 5. \
               Thread 1 reads w3, g3, m3 and v3, and writes w3, m3 and v3."
            .into(),
        drawing: cells.into(),
    }
}

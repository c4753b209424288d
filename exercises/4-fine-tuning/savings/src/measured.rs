//! What the measured runs cost.

use grading::numbers::{count, minus, percent, short};
use tuned_runs::{Kept, Run, Settings};

use crate::solution::{forgotten, trainable, training_bytes};
use crate::{Method, SavingsError, Shape, Target, Training};

/// Buddy.
pub const BUDDY: Shape = Shape { n_layer: 4, n_embd: 128, n_positions: 128, vocab_size: 512 };
/// Bits of a weight in NF4 with double quantization.
pub const NF4: f64 = 4.127;
/// The tasks, as runs name them, and what their score is called.
pub const TASKS: [(&str, &str); 3] =
    [("sentiment", "accuracy"), ("questions", "exact match"), ("translation", "BLEU")];

/// What a run of a table is, by the functions of the lesson.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What was measured.
    pub run: &'a Run,
    /// Bytes of weights, slopes and moments.
    pub bytes: f64,
    /// By which share the perplexity of stories rose.
    pub forgotten: f64,
}

/// The method of a run; none learned nothing.
pub fn method(run: &Run, settings: &Settings) -> Option<Method> {
    let tokens = settings.tokens as u64;
    Some(match run.method.as_str() {
        "head" => Method::Head { classes: 2 },
        "soft-prompt" => Method::SoftPrompt { tokens },
        "prefix" => Method::Prefix { tokens },
        "lora" | "qlora" => {
            Method::Lora { rank: run.rank.unwrap_or(0) as u64, targets: Target::ALL.into() }
        }
        "full" => Method::Full,
        _ => return None,
    })
}

/// Bytes of a run: all numbers in f32, but a linear layer of QLoRA in NF4.
///
/// # Errors
/// None with these bits.
pub fn bytes(run: &Run, settings: &Settings) -> Result<f64, SavingsError> {
    let all = trainable(&BUDDY, &Method::Full);
    let learned = method(run, settings).map_or(0, |method| trainable(&BUDDY, &method));
    let frozen = if run.method == "full" { 0 } else { all };
    let sizes = Target::ALL.map(|target| target.sizes(BUDDY.n_embd));
    let linear =
        BUDDY.n_layer * sizes.iter().map(|[inputs, outputs]| inputs * outputs).sum::<u64>();
    let packed = if run.method == "qlora" { linear } else { 0 };
    let plain = Training {
        frozen: frozen - packed,
        learned,
        frozen_bits: 32.0,
        learned_bits: 32.0,
        slope_bits: 32.0,
        moment_bits: 32.0,
    };
    let nf4 = Training { frozen: packed, learned: 0, frozen_bits: NF4, ..plain };
    Ok(training_bytes(&plain)? + training_bytes(&nf4)?)
}

/// The rows of a task.
///
/// # Errors
/// If a loss of the kept runs is none.
pub fn rows<'a>(kept: &'a Kept, task: &str) -> Result<Vec<Row<'a>>, SavingsError> {
    let mut rows = Vec::new();
    let before = kept.find(task, "not tuned").map_or(0.0, |run| run.stories);
    for run in kept.of(task) {
        let bytes = bytes(run, &kept.settings)?;
        rows.push(Row { run, bytes, forgotten: forgotten(before, run.stories)? });
    }
    Ok(rows)
}

/// `+3%`, or how many times as much it is where a share says little.
pub fn share(rise: f64) -> String {
    match rise {
        1000.0.. => format!("× {}", count((1.0 + rise) as u64)),
        1.0.. => format!("× {}", short(1.0 + rise, if rise < 9.0 { 1 } else { 0 })),
        0.0005.. => format!("+{}", percent(rise, if rise < 0.1 { 1 } else { 0 })),
        _ => minus(&percent(rise, 1)),
    }
}

//! Buddy's report card: every form of Buddy, measured on the same tasks of Tinytown.

mod filling;
mod neural;
mod translation;
mod tuned;
mod writing;

use serde_json::{Value, json};
use what_llms_are_for::evaluate::{self, Score};

/// The scores of every model in the order of the book, as JSON text: what `cargo study report`
/// writes into `src/report-card.json`.
///
/// # Errors
/// If a model cannot be trained or tested.
pub fn report_card() -> anyhow::Result<String> {
    let [by_counts, by_encoder] = filling::scores()?;
    let [true_by_counts, by_decoder] = writing::scores()?;
    let counts = evaluate::report()?;
    let tuned = tuned::scores(&counts)?;
    let models = [
        ("n-gram Buddy", "1-basics", [counts, vec![by_counts], true_by_counts].concat()),
        ("neural Buddy", "1-basics", neural::scores()?),
        ("encoder Buddy", "2-transformers", vec![by_encoder]),
        ("encoder-decoder Buddy", "2-transformers", translation::scores()?),
        ("pre-trained Buddy", "3-pre-training", by_decoder),
        ("fine-tuned Buddy", "4-fine-tuning", tuned),
    ];
    let models: Vec<Value> = models
        .iter()
        .map(|(name, step, scores)| {
            let scores: Vec<Value> = scores.iter().map(score).collect();
            json!({ "name": name, "step": step, "scores": scores })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!({ "models": models }))? + "\n")
}

/// Rounded, so that the last digits, in which processors differ, do not count.
fn score(score: &Score) -> Value {
    let rounded = |x: f64| (x * 1e4).round() / 1e4;
    json!({
        "task": score.task, "metric": score.metric, "examples": score.examples,
        "value": rounded(score.value), "floor": rounded(score.baseline_floor),
        // Bits and perplexities are no shares.
        "is_share": score.task != "generation",
    })
}

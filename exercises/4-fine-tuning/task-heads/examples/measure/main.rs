//! Measures what heads on Buddy learn, and prints it: `cargo run -p task-heads --example measure --
//! sentiment > …/golden/sentiment.json`, and the same with `answers`. Some minutes each.

mod answers;
mod sentiment;

use anyhow::{Context, Result, bail};

/// The town that Buddy was trained on.
const WORLD: u64 = 1;
/// The stream of texts to learn from.
const TRAINING: u64 = 0;
/// The stream on which a model is watched, and its settings are chosen.
const VALIDATION: u64 = 2;

fn main() -> Result<()> {
    let what = std::env::args().nth(1).context("say what to measure: sentiment or answers")?;
    let measured = match &what[..] {
        "sentiment" => sentiment::measure()?,
        "answers" => answers::measure()?,
        _ => bail!("{what} is neither sentiment nor answers"),
    };
    println!("{measured}");
    Ok(())
}

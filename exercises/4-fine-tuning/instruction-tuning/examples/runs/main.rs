//! Trains Buddy to answer, with the loss on different tokens, and prints what came of it:
//! `cargo run -p instruction-tuning --example runs > golden/runs.json`, some minutes.

mod training;

use serde_json::json;
use training::*;

/// Measured every so many steps.
const EVERY: usize = 30;
/// A step near the beginning that a test takes again.
const EARLY: usize = 2;

fn main() -> Outcome<()> {
    let (bpe, buddy) = buddy()?;
    let talks = training::talks(&bpe, 0, DIALOGUES)?;
    let held_out = training::talks(&bpe, 2, HELD_OUT)?;
    let count = |learned: usize| -> usize {
        talks.iter().flat_map(|talk| &talk.labels[learned]).filter(|label| **label >= 0).count()
    };
    let mut runs = Vec::new();
    let clock = std::time::Instant::now();
    for seed in 1..=2 {
        for learned in Learned::ALL {
            let (mut model, mut engine) = (buddy.clone(), engine());
            let mut points = Vec::new();
            train(&mut model, &talks, learned, (seed, STEPS), &mut |step, model| {
                if step % EVERY == 0 || step == EARLY {
                    points.push((step, rounded(answer_loss(model, &held_out, &mut engine)?)));
                }
                Ok(())
            })?;
            let (mut exact, mut ended, mut samples) = (0, 0, Vec::new());
            for talk in held_out.iter().take(ASKED) {
                let (said, ends) = answer(&bpe, &model, talk, &mut engine)?;
                exact += usize::from(ends && said == talk.messages[1].content);
                ended += usize::from(ends);
                if samples.len() < 4 {
                    samples.push([talk.messages[0].content.clone(), said]);
                }
            }
            let name = learned.name();
            eprintln!("{:.0?} {name} {seed}: {points:?} {exact} {ended}", clock.elapsed());
            runs.push(json!({
                "learned": name, "seed": seed, "points": points,
                "exact": exact, "ended": ended, "samples": samples,
            }));
        }
    }
    let kept = json!({
        "command": "cargo run -p instruction-tuning --example runs",
        "steps": STEPS, "batch": BATCH, "peak": PEAK, "warmup": WARMUP,
        "dialogues": talks.len(), "held_out": held_out.len(), "asked": ASKED, "longest": LONGEST,
        "tokens": talks.iter().map(|talk| talk.ids.len()).sum::<usize>(),
        "answer_tokens": count(0),
        "before": continued(&bpe, &buddy, BEFORE.0, BEFORE.1)?,
        "runs": runs,
    });
    println!("{}", serde_json::to_string_pretty(&kept)?);
    Ok(())
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

//! The numbers of the page.

use std::collections::BTreeMap;

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};
use tuned_runs::{Kept, Rates, Run};

use crate::measured::{BUDDY, NF4, TASKS, rows};
use crate::solution::{break_even, trainable, training_bytes};
use crate::{Method, Shape, Target, Training};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    by_hand(worked)?;
    let kept = Kept::read()?;
    let settings = kept.settings;
    worked.set("examples", count(settings.examples as u64)).set("steps", settings.steps);
    worked.set("batch", settings.batch).set("tokens", settings.tokens);
    worked.set("judged", settings.judged).set("stories", settings.stories);
    worked.set("seed", settings.seed);
    let mut costs: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for (task, _) in TASKS {
        for row in rows(&kept, task)? {
            let slug = slug(&row.run.name());
            let of = |what: &str| format!("{slug}-{what}");
            worked.set(&of("learned"), count(row.run.learned as u64));
            worked.set(&of("mb"), short(row.bytes / 1e6, 1));
            worked.set(&of(task), percent(row.run.score, 0));
            let (peak, seconds) = costs.entry(slug).or_default();
            *peak = row.run.peak.max(*peak);
            *seconds += row.run.seconds;
        }
        if let Some(base) = kept.find(task, "not tuned") {
            worked.set("stories-before", short(base.stories, 1));
        }
    }
    for (slug, (peak, seconds)) in costs {
        worked.set(&format!("{slug}-peak"), short(peak as f64 / 1e6, 0));
        worked.set(&format!("{slug}-seconds"), short(seconds, 0));
    }
    let of_files = |task: &'static str| {
        let tuned = |run: &&Run| !["none", "head"].contains(&run.method.as_str());
        kept.of(task).filter(tuned).map(|run| run.stories)
    };
    let stories: Vec<f64> = of_files("sentiment").chain(of_files("translation")).collect();
    let least = stories.iter().copied().fold(f64::INFINITY, f64::min);
    let most = stories.iter().copied().fold(0.0, f64::max);
    worked.set("stories-least", short(least, 0)).set("stories-most", short(most, 0));
    let rates = Rates::read()?;
    worked.set("tried-seed", rates.seed).set("tried-steps", rates.steps);
    worked.set("tried-examples", count(rates.examples as u64));
    Ok(())
}

/// A name in the name of a value.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(", rank", "").replace(' ', "-")
}

fn by_hand(worked: &mut Worked) -> Outcome {
    let all = trainable(&BUDDY, &Method::Full);
    let lora = trainable(&BUDDY, &Method::Lora { rank: 8, targets: Target::ALL.into() });
    worked.set("buddy", count(all)).set("lora", count(lora));
    worked.set("lora-share", percent(lora as f64 / all as f64, 1));
    let tasks = break_even(4 * all, 4 * lora, 4 * all);
    worked.set("break-even", tasks.map_or(0, |tasks| tasks));
    let room = |tasks: f64| short(4.0 * (all as f64 + tasks * lora as f64) / 1e6, 0);
    worked
        .set("hundred-files", room(100.0))
        .set("hundred-models", short(400.0 * all as f64 / 1e6, 0));

    // A model of LLaMA's kind of size in the shape of a GPT-2.
    let large = Shape { n_layer: 32, n_embd: 4096, n_positions: 2048, vocab_size: 50_257 };
    let weights = trainable(&large, &Method::Full);
    let pairs = trainable(&large, &Method::Lora { rank: 16, targets: Target::ALL.into() });
    let full = Training {
        frozen: 0,
        learned: weights,
        frozen_bits: 16.0,
        learned_bits: 16.0,
        slope_bits: 16.0,
        moment_bits: 32.0,
    };
    let lora = Training { frozen: weights, learned: pairs, ..full };
    let qlora = Training { frozen_bits: NF4, ..lora };
    worked.set("large", short(weights as f64 / 1e9, 1));
    worked.set("large-share", percent(pairs as f64 / weights as f64, 2));
    for (name, training) in [("large-full", full), ("large-lora", lora), ("large-qlora", qlora)] {
        worked.set(name, short(training_bytes(&training)? / 1e9, 1));
    }
    let times = training_bytes(&full)? / training_bytes(&lora)?;
    worked.set("large-times", short(times, 1));
    worked.set("large-fewer", count(weights / pairs));
    Ok(())
}

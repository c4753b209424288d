//! The numbers of the page.

use grading::numbers::{count, percent, shares, short};
use grading::{Outcome, Worked};

use crate::example::{Head, SENTENCE, random_scores, weights};
use crate::solution::sdpa;

/// The words of the example that looks, and is looked at.
const IT: usize = 8;
const CAT: usize = 1;
const DOG: usize = 6;

/// GPT-2's context, layers and heads
/// (<https://github.com/openai/gpt-2/blob/master/src/model.py>).
const CONTEXT: u64 = 1024;
const LAYERS: u64 = 12;
const HEADS: u64 = 12;
/// A long context: 128 times as many tokens.
const LONG: u64 = 128 * CONTEXT;

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
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let vectors = Head::Roles.vectors(&words);
    let [q, k, v] = vectors.tensors()?;
    let all = weights(sdpa, [&q, &k], None)?;
    let dot = |i: usize, j: usize| -> f64 {
        vectors.queries[i].iter().zip(&vectors.keys[j]).map(|(q, k)| q * k).sum()
    };
    worked.set("words", words.len());
    worked.set("pairs", words.len() * words.len());
    worked.set("query", list(&vectors.queries[IT]));
    worked.set("key", list(&vectors.keys[CAT]));
    worked.set("dot", short(dot(IT, CAT), 0));
    worked.set("score", short(dot(IT, CAT) / 2.0, 0));
    worked.set("dog-dot", short(dot(IT, DOG), 0));
    worked.set("dog-score", short(dot(IT, DOG) / 2.0, 0));
    worked.set("weight", percent(all[IT][CAT], 0));
    worked.set("dog-weight", percent(all[IT][DOG], 0));
    worked.set("cat-exp", short((dot(IT, CAT) / 2.0).exp(), 1));
    let exps: Vec<f64> = (0..words.len()).map(|j| (dot(IT, j) / 2.0).exp()).collect();
    worked.set("exp-sum", short(exps.iter().sum(), 1));
    let out = sdpa(&q, &k, &v, None)?.to_vec2::<f64>()?;
    worked.set("value", list(&vectors.values[CAT]));
    worked.set("mixed", out[IT].iter().map(|&x| short(x, 2)).collect::<Vec<_>>().join(", "));
    // Without the root.
    let sharp = weights(sdpa, [&(q * 2.0)?, &k], None)?;
    worked.set("sharp-weight", percent(sharp[IT][CAT], 0));

    for d in [4_usize, 64, 1024] {
        let draws: Vec<Vec<f64>> = (0..400).map(|seed| random_scores(d, 8, seed)).collect();
        let squares = draws.iter().flatten().map(|s| s * s).sum::<f64>();
        worked.set(&format!("deviation-{d}"), short((squares / 3200.0).sqrt(), 1));
        let top = |scale: f64| {
            let top = |scores: &Vec<f64>| {
                let most = scores.iter().copied().fold(f64::MIN, f64::max);
                let weights: Vec<f64> = scores.iter().map(|s| ((s - most) * scale).exp()).collect();
                shares(&weights).into_iter().fold(0.0, f64::max)
            };
            percent(draws.iter().map(top).sum::<f64>() / 400.0, 0)
        };
        worked.set(&format!("top-{d}"), top(1.0));
        worked.set(&format!("scaled-top-{d}"), top(1.0 / (d as f64).sqrt()));
    }

    // WebGPU's default limit, in bytes.
    worked.set("most-slots", count(16_384 / 4));
    worked.set("context", count(CONTEXT));
    worked.set("all-weights", count(CONTEXT * CONTEXT * LAYERS * HEADS / 1_000_000));
    worked.set("layers", LAYERS);
    worked.set("heads", HEADS);
    worked.set("long", count(LONG));
    worked.set("long-gb", short(LONG.pow(2) as f64 * 4.0 / 1e9, 0));
    Ok(())
}

fn list(values: &[f64]) -> String {
    values.iter().map(|&v| short(v, 1)).collect::<Vec<_>>().join(", ")
}

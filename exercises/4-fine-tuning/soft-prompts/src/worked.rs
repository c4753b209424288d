//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};
use serde_json::Value;
use small_gpt::{Model, Sizes};

use crate::solution::{attend_with_prefix, prefix_kv, prompt_from_text, prompt_gradient};
use crate::{Head, Tables};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// The sizes of Buddy.
pub fn buddy() -> Result<Sizes, grading::Failure> {
    let config: Value = serde_json::from_str(include_str!("../../../../models/buddy/config.json"))?;
    let size = |name: &str| config[name].as_u64().unwrap_or_default() as usize;
    Ok(Sizes {
        n_layer: size("n_layer"),
        n_head: size("n_head"),
        n_embd: size("n_embd"),
        n_positions: size("n_positions"),
        vocab_size: size("vocab_size"),
    })
}

const GPT2: Sizes =
    Sizes { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50_257 };

/// How many numbers learn in a prompt and in a prefix of `n` places, by making them.
pub fn learning(sizes: Sizes, n: usize) -> Result<[usize; 2], grading::Failure> {
    let Sizes { n_layer, n_embd, .. } = sizes;
    let table = vec![0.0; n_embd];
    let prompt = prompt_from_text(&Tables::new(&table, &table, n_embd)?, &[0], n)?;
    let matrix = vec![0.0; n * 2 * n_layer * n_embd];
    let mut prefix = 0;
    for block in 0..n_layer {
        prefix += prefix_kv(&matrix, n_layer, n_embd, block)?.iter().map(Vec::len).sum::<usize>();
    }
    Ok([prompt.len(), prefix])
}

/// The weights of a token with two keys of its own, and of the prefix before them if there is one.
/// Scores are logarithms, so powers are whole numbers.
pub fn shares(prefix: Option<f32>, own: [f32; 2]) -> Result<[f32; 3], grading::Failure> {
    let (q, k) = ([1.0, 1.0], own.map(f32::ln));
    let prefix_k: Vec<f32> = prefix.iter().map(|power| power.ln()).collect();
    let mut shares = [0.0; 3];
    for (i, share) in shares.iter_mut().enumerate() {
        // The value of one key is 1, so what is found is its weight.
        let one = |at: usize| if at == i { 1.0 } else { 0.0 };
        let prefix_v: Vec<f32> = prefix.iter().map(|_| one(0)).collect();
        let v = [one(1), one(2)];
        *share = attend_with_prefix(&Head::new([&q, &k, &v], [&prefix_k, &prefix_v], 1)?)[1];
    }
    Ok(shares)
}

fn fill(worked: &mut Worked) -> Outcome {
    let sizes = buddy()?;
    let weights = |sizes| Model::zeros(sizes).parameters.len();
    let number = |n: usize| count(n as u64);
    worked
        .set("buddy-vocab", number(sizes.vocab_size))
        .set("buddy-width", number(sizes.n_embd))
        .set("buddy-weights", number(weights(sizes)));
    for (sizes, n, [name, prompt_name, prefix_name]) in [
        (sizes, 8, ["buddy-n", "prompt", "prefix"]),
        (GPT2, 20, ["gpt2-n", "gpt2-prompt", "gpt2-prefix"]),
    ] {
        worked.set(name, n);
        for (name, learn) in [prompt_name, prefix_name].into_iter().zip(learning(sizes, n)?) {
            let long = if n == 8 { format!("{name}-numbers") } else { name.to_owned() };
            worked.set(&long, number(learn));
            let share = learn as f64 / weights(sizes) as f64;
            worked.set(&format!("{name}-share"), percent(share, 2));
        }
    }

    let slopes = [[0.5, -1.0], [0.25, 2.0]];
    let pair = |numbers: &[f32]| {
        let shown: Vec<String> = numbers.iter().map(|&x| short(f64::from(x), 3)).collect();
        shown.join(", ")
    };
    worked
        .set("slope-a", pair(&slopes[0]))
        .set("slope-b", pair(&slopes[1]))
        .set("slope-sum", pair(&prompt_gradient(&slopes.concat(), 1, 1, 2)?));

    let [_, own_a, own_b] = shares(None, [3.0, 1.0])?;
    let [share, with_a, with_b] = shares(Some(4.0), [3.0, 1.0])?;
    for (name, share) in [
        ("own-a", own_a),
        ("own-b", own_b),
        ("share", share),
        ("with-a", with_a),
        ("with-b", with_b),
    ] {
        worked.set(name, format!("{}%", short(100.0 * f64::from(share), 3)));
    }
    Ok(())
}

//! The numbers of the page.

use candle_core::{Device, Tensor};
use grading::numbers::{count, percent, short};
use grading::{Failure, Outcome, Worked};
use tensor_test::flat;

use crate::solution::{conv1d, forward, parameters};
use crate::{Config, Gpt2, buddy, published};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// A vector and a weight to multiply by hand.
const X: [f64; 2] = [1.0, 2.0];
const WEIGHT: [f64; 6] = [3.0, 0.0, 1.0, -1.0, 4.0, 0.5];
const BIAS: [f64; 3] = [0.0, 0.0, 10.0];

fn fill(worked: &mut Worked) -> Outcome {
    let models = published();
    for (key, model) in
        ["gpt-1", "small", "medium", "large", "xl", "gpt-3"].into_iter().zip(&models)
    {
        let Config { n_layer, n_head, n_embd, n_positions, vocab_size, .. } = model.config;
        let mut set = |what: &str, n: usize| {
            worked.set(&format!("{key}-{what}"), count(n as u64));
        };
        set("layers", n_layer);
        set("heads", n_head);
        set("width", n_embd);
        set("positions", n_positions);
        set("vocab", vocab_size);
        worked.set(&format!("{key}-total"), rounded(parameters(&model.config).total()));
        let parts = parameters(&model.config);
        let share = |n: u64| percent(n as f64 / parts.total() as f64, 1);
        worked.set(&format!("{key}-table-share"), share(parts.token_embeddings));
    }

    let small = &models[1].config;
    let parts = parameters(small);
    worked.set("small-exact", count(parts.total()));
    worked.set("small-untied", count(parts.total() + parts.token_embeddings));
    worked.set("small-table", count(parts.token_embeddings));
    worked.set("small-bytes", count(parts.total() * 4 / 1_000_000));
    worked.set("small-d-head", small.n_embd / small.n_head);
    worked.set("small-inner", count(small.inner() as u64));
    worked.set("small-qkv", count(3 * small.n_embd as u64));
    // The norms of a block, each with a gain and a bias.
    let norms = 4 * small.n_embd as u64;
    let per_block = (parts.attention + parts.mlp) / small.n_layer as u64 + norms;
    worked.set("small-block", count(per_block));
    worked.set("small-twelve", count(12 * (small.n_embd as u64).pow(2)));
    worked.set("mlp-to-attention", short(parts.mlp as f64 / parts.attention as f64, 2));

    let tensor = |x: &[f64], shape: &[usize]| Tensor::from_slice(x, shape, &Device::Cpu);
    let y = conv1d(&tensor(&X, &[2])?, &tensor(&WEIGHT, &[2, 3])?, &tensor(&BIAS, &[3])?)?;
    worked.set("x", list(&X));
    worked.set("row-1", list(&WEIGHT[..3]));
    worked.set("row-2", list(&WEIGHT[3..]));
    worked.set("bias", list(&BIAS));
    worked.set("y", list(&flat(&y)?));

    let config = buddy();
    worked.set("buddy-layers", config.n_layer);
    worked.set("buddy-heads", config.n_head);
    worked.set("buddy-width", config.n_embd);
    worked.set("buddy-vocab", config.vocab_size);
    worked.set("buddy-total", count(parameters(&config).total()));
    let model = Gpt2::random(config, 1)?;
    worked.set("untrained-surprise", short(surprise(&model)?, 2));
    worked.set("even-surprise", short((model.config.vocab_size as f64).log2(), 2));
    Ok(())
}

/// How many bits the tokens 0, 7, 14, … surprise a model by, on average.
fn surprise(model: &Gpt2) -> Result<f64, Failure> {
    let ids: Vec<u32> = (0..64).map(|i| i * 7).collect();
    let ids_tensor = Tensor::from_slice(&ids, (1, ids.len()), &Device::Cpu)?;
    let logits = forward(model, &ids_tensor, None, &[])?.0.squeeze(0)?.to_vec2::<f32>()?;
    let bits = logits.iter().zip(&ids[1..]).map(|(logits, &next)| {
        let total: f64 = logits.iter().map(|&x| f64::from(x).exp()).sum();
        (total.ln() - f64::from(logits[next as usize])) / std::f64::consts::LN_2
    });
    Ok(bits.sum::<f64>() / (ids.len() - 1) as f64)
}

/// In millions or billions.
fn rounded(n: u64) -> String {
    match n {
        0..1_000_000_000 => format!("{:.0} million", n as f64 / 1e6),
        1_000_000_000..100_000_000_000 => format!("{:.2} billion", n as f64 / 1e9),
        _ => format!("{:.1} billion", n as f64 / 1e9),
    }
}

fn list(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|&v| short(v, 1)).collect();
    values.join(", ")
}

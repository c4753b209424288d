//! Numbers for the page.

use grading::numbers::{count, percent, short};
use grading::{Failure, Outcome, Worked};

use crate::solution::{flops, mfu, params, training_bytes};
use crate::{Architecture, PALM_RUN, Pairs, Recipe, Run, Sharded, Step, published};

/// Numbers for the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// A published model.
pub fn model(name: &str) -> Result<Architecture, Failure> {
    let found = published().into_iter().find(|model| model.name == name);
    found.map(|model| model.architecture).ok_or_else(|| Failure::wrong(format!("no {name}")))
}

const ADAM: Recipe = Recipe {
    weight_bytes: 2,
    gradient_bytes: 2,
    has_master: true,
    moments: 2,
    devices: 1,
    sharded: Sharded::Nothing,
};

fn fill(worked: &mut Worked) -> Outcome {
    let gb = |bytes: u64, digits: usize| short(bytes as f64 / 1e9, digits);
    let llama = model("Llama 3.1 8B")?;
    let parts = params(&llama)?;
    let total = parts.total()?;
    worked.set("llama-weights", gb(2 * total, 1));
    // At the 3.35 TB/s of an H100.
    worked.set("llama-write-ms", short(2.0 * total as f64 / 3.35e12 * 1e3, 1));
    worked.set("llama-context", count(131_072));
    let training = training_bytes(total, &ADAM)?;
    worked.set("llama-training", gb(training.total()?, 0));

    // A layer of the small GPT-2, part by part.
    let small = model("GPT-2 small")?;
    let of = params(&small)?;
    worked.set("small-d", small.d_model);
    worked.set("small-square", count(small.d_model * small.d_model));
    worked.set("small-bias", count(small.d_model));
    worked.set("small-product", count(small.d_model * (small.d_model + 1)));
    worked.set("small-attention", count(of.attention / small.n_layers));

    for (key, name) in [
        ("gpt-3", "GPT-3 175B"),
        ("bert-base", "BERT base"),
        ("bert-large", "BERT large"),
        ("t5-base", "T5 base"),
        ("t5-11b", "T5 11B"),
        ("palm", "PaLM 540B"),
    ] {
        worked.set(&format!("{key}-count"), count(params(&model(name)?)?.total()?));
    }

    worked.set("bert-pooler", count(params(&model("BERT base")?)?.head));
    for (key, name) in [("small", "GPT-2 small"), ("palm", "PaLM 540B")] {
        let model = model(name)?;
        let parts = params(&model)?;
        let total = parts.total()? as f64;
        worked.set(
            &format!("{key}-tables"),
            percent((parts.embeddings + parts.positions + parts.head) as f64 / total, 0),
        );
        let text = Step { texts: 1, source: 0, tokens: 8192, past: 0, pairs: Pairs::Causal };
        let a_token = flops(&model, &text)?.total()? as f64 / 8192.0;
        worked.set(&format!("{key}-over"), short(a_token / (2.0 * total), 2));
    }

    // Reading, for each token.
    let step = Step { texts: 1, source: 0, tokens: 1, past: 0, pairs: Pairs::Causal };
    let read = flops(&llama, &step)?;
    let products = read.weights + read.logits;
    worked.set("llama-flops", short(products as f64 / 1e9, 1));
    worked.set("llama-twice", short(2.0 * total as f64 / 1e9, 1));
    worked.set("llama-table-twice", short(2.0 * parts.embeddings as f64 / 1e9, 2));
    worked.set("llama-table", short(parts.embeddings as f64 / 1e9, 2));
    for (key, past) in [("1k", 1024), ("8k", 8192), ("128k", 131_072)] {
        let read = flops(&llama, &Step { past: past - 1, ..step })?;
        let share = read.attention as f64 / read.total()? as f64;
        worked.set(&format!("share-{key}"), percent(share, 0));
    }
    let per_token =
        flops(&llama, &Step { past: 1, ..step })?.attention - flops(&llama, &step)?.attention;
    worked.set("llama-pair", count(per_token));
    worked.set("llama-even", count(products / per_token));
    let t = 2048;
    let all = flops(&llama, &Step { tokens: t, pairs: Pairs::All, ..step })?.attention;
    let seen = flops(&llama, &Step { tokens: t, ..step })?.attention;
    worked.set("causal", percent(seen as f64 / all as f64, 1));

    // Training PaLM 540B.
    let palm = model("PaLM 540B")?;
    let n = params(&palm)?.total()? as f64;
    let read = flops(&palm, &Step { tokens: 2048, pairs: Pairs::All, ..step })?;
    let token = 3.0 * read.total()? as f64 / 2048.0;
    worked.set("palm-six-n", short(6.0 * n / 1e12, 2));
    worked.set("palm-counted", short(token / 1e12, 2));
    worked.set("palm-attention", percent(3.0 * read.attention as f64 / 2048.0 / token, 1));
    worked.set("palm-tokens", "780 billion");
    worked.set("palm-all", short(token * 780e9 / 1e24, 2));
    worked.set("palm-mfu", percent(mfu(&PALM_RUN)?, 1));
    worked.set("palm-mfu-weights", percent(mfu(&Run { seq: 0, ..PALM_RUN })?, 1));
    worked.set("palm-days", short(780e9 / PALM_RUN.tokens_per_second / 86_400.0, 0));
    let palm_params = params(&palm)?.total()?;
    for devices in 1.. {
        let recipe = Recipe { devices, sharded: Sharded::Weights, ..ADAM };
        if training_bytes(palm_params, &recipe)?.total()? <= 80_000_000_000 {
            worked.set("palm-devices", devices);
            break;
        }
    }
    worked.set("palm-chips", count(PALM_RUN.chips));
    worked.set("palm-speed", count(PALM_RUN.tokens_per_second as u64));
    worked.set("palm-peak", short(PALM_RUN.peak / 1e12, 0));

    for (key, sharded) in [
        ("zero-0", Sharded::Nothing),
        ("zero-1", Sharded::Optimizer),
        ("zero-2", Sharded::Gradients),
        ("zero-3", Sharded::Weights),
    ] {
        let bytes = training_bytes(7_500_000_000, &Recipe { devices: 64, sharded, ..ADAM })?;
        worked.set(key, gb(bytes.total()?, 1));
    }
    Ok(())
}

//! The keys of the quiz, computed by the reference.

use grading::{Failure, Keys, pick, position};

use crate::solution::{flops, kv_bytes, params, training_bytes};
use crate::worked::model;
use crate::{Kept, Pairs, Recipe, Sharded, Step};

/// The keys of the quiz.
pub fn keys() -> Keys {
    let step = |tokens| Step { texts: 1, source: 0, tokens, past: 0, pairs: Pairs::All };
    Keys::default()
        .key("untied", || {
            let tied = model("GPT-2 small")?;
            let untied = crate::Architecture { is_tied: false, ..tied };
            let (before, after) = (params(&tied)?.total()?, params(&untied)?.total()?);
            let work = flops(&tied, &step(9))? == flops(&untied, &step(9))?;
            pick([before == after, after > before && !work, after > before && work])
        })
        .key("twice-as-long", || {
            let model = model("Llama 3.1 8B")?;
            let of = |tokens| -> Result<_, Failure> { Ok(flops(&model, &step(tokens))?) };
            let (one, two) = (of(1000)?, of(2000)?);
            let times = (two.weights / one.weights, two.attention / one.attention);
            position(&[(2, 2), (2, 4), (4, 4)], &times)
        })
        .key("fewer-kv-heads", || {
            let model = model("Llama 3.1 8B")?;
            let half = crate::Architecture { n_kv_heads: model.n_kv_heads / 2, ..model };
            let kept = Kept { texts: 1, source: 0, tokens: 1000, bytes: 2 };
            let is_half = 2 * kv_bytes(&half, &kept)? == kv_bytes(&model, &kept)?;
            let scores =
                flops(&half, &step(1000))?.attention == flops(&model, &step(1000))?.attention;
            pick([is_half && scores, is_half && !scores, !is_half])
        })
        .key("train-8b", || {
            let params = params(&model("Llama 3.1 8B")?)?.total()?;
            let recipe = Recipe {
                weight_bytes: 2,
                gradient_bytes: 2,
                has_master: true,
                moments: 2,
                devices: 1,
                sharded: Sharded::Nothing,
            };
            let gigabytes = training_bytes(params, &recipe)?.total()? / 1_000_000_000;
            position(&[16, 32, 128], &gigabytes)
        })
}

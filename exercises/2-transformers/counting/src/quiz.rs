//! The keys of the quiz, computed by the reference.

use grading::{Failure, Keys, pick, position};

use crate::solution::{flops, kv_bytes, mfu, params};
use crate::worked::model;
use crate::{Kept, PALM_RUN, Pairs, Run, Step};

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
        .key("grown-cache", || {
            let model = model("T5 base")?;
            let of = |tokens| kv_bytes(&model, &Kept { texts: 1, source: 1000, tokens, bytes: 2 });
            let times = of(20)? as f64 / of(10)? as f64;
            pick([times > 1.9, (1.001..1.02).contains(&times), times == 1.0])
        })
        .key("recomputed", || {
            // As many tokens as keep the chips half busy with 8 operations for each parameter.
            let busy = 0.5 * PALM_RUN.chips as f64 * PALM_RUN.peak;
            let tokens_per_second = busy / (8.0 * PALM_RUN.params as f64);
            let share = mfu(&Run { seq: 0, tokens_per_second, ..PALM_RUN })?;
            position(&[375, 500, 667], &((1000.0 * share).round() as u64))
        })
}

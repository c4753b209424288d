//! The keys of the quiz, computed by the lesson's code.

use gpt::Config;
use grading::{Keys, pick, position};

use crate::Precision;
use crate::cost::{H100, seconds, step_bytes};
use crate::example::of_f16;
use crate::solution::{layout, pack_f16, plan};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("launches", || position(&[6, 42, 45], &plan(&Config::gpt2(6, 12, 768)).len()))
        .key("fits", || {
            let buddy = gpt::buddy();
            let models = [
                Config { n_positions: 512, ..buddy.clone() },
                Config { n_embd: 256, ..buddy.clone() },
                Config { n_embd: 384, n_inner: Some(1024), ..buddy },
            ];
            pick(models.map(|config| layout(&config).is_ok()))
        })
        .key("fours", || {
            let sizes = Config { vocab_size: 3, n_embd: 9, n_head: 1, ..gpt::buddy() };
            position(&[7, 27, 9], &layout(&sizes)?[1].at)
        })
        .key("nearest", || {
            let half = of_f16(pack_f16(&[4102.0])[0] as u16);
            position(&[4100.0, 4102.0, 4104.0], &half)
        })
        .key("pays", || {
            let faster = |n_embd: usize| {
                let config = Config { n_embd, n_inner: None, ..gpt::buddy() };
                let bytes = step_bytes(&config, Precision::F32, 0);
                let [one, many] = seconds(&H100, bytes, plan(&config).len());
                one < many
            };
            let (narrow, wide) = (faster(32), faster(256));
            pick([narrow && wide, narrow && !wide, !narrow])
        })
}

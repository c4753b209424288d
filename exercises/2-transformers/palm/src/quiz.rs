//! The keys of the quiz, computed by the reference.

use candle_core::DType;
use grading::{Failure, Keys, pick, position};
use positions::BASE;
use positions::solution::rope;
use tensor_test::{flat, numbers, tensor};

use crate::design::Design;
use crate::oracle::{drawn_model, small};
use crate::solution::{palm_block, parameters};
use crate::worked::sizes;
use crate::{Config, published};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("same-block", || {
            // How much the stream changes if attention alone brings twice as much.
            let model = drawn_model(small(1), 0.8, 1)?;
            let x = tensor(&numbers(18, 2), &[1, 3, 6], DType::F64)?;
            let added = |attention: f64, mlp: f64| -> Result<Vec<f64>, Failure> {
                let mut block = model.blocks[0].clone();
                let (o, down) = (&mut block.attention.o_proj, &mut block.mlp.down_proj);
                o.weight = (&o.weight * attention)?;
                down.weight = (&down.weight * mlp)?;
                let (y, _) = palm_block(&x, &block, &model.config, None, None)?;
                Ok(flat(&(y - &x)?)?)
            };
            let (once, twice, alone) = (added(1.0, 1.0)?, added(2.0, 1.0)?, added(1.0, 0.0)?);
            let change = |i: usize| twice[i] - once[i];
            let mlp_stays = (0..18).all(|i| (change(i) - alone[i]).abs() < 1e-9);
            let doubles = (0..18).all(|i| (twice[i] - 2.0 * once[i]).abs() < 1e-9);
            pick([mlp_stays, !mlp_stays && !doubles, doubles])
        })
        .key("turned-late", || {
            // Five keys that were kept and one that is new: all at once, and each when it came.
            let keys = tensor(&numbers(24, 3), &[1, 1, 6, 4], DType::F64)?;
            let late = rope(&keys, 0, BASE)?;
            let is_same = |from: usize, n: usize| -> Result<bool, Failure> {
                let early = flat(&rope(&keys.narrow(2, from, n)?, from, BASE)?)?;
                let late = flat(&late.narrow(2, from, n)?)?;
                Ok(early.iter().zip(late).all(|(a, b)| (a - b).abs() < 1e-9))
            };
            let (old, new) = (is_same(0, 5)?, is_same(5, 1)?);
            pick([old && new, !old, old && !new])
        })
        .key("cache", || {
            let sizes = sizes(&published()[0].config);
            let apart = Design { shares_kv: false, ..Design::PALM };
            let times = apart.cost(sizes).kv_bytes / Design::PALM.cost(sizes).kv_bytes;
            position(&[2, 16, 32], &times)
        })
        .key("wider", || {
            let narrow = published()[0].config.clone();
            let wide = Config::palm(narrow.n_layers, 2 * narrow.n_heads, 2 * narrow.d_model);
            let share = |config| {
                let parts = parameters(config);
                parts.embeddings as f64 / parts.total() as f64
            };
            let times: f64 = share(&wide) / share(&narrow);
            pick([(0.9..1.1).contains(&times), (0.4..0.6).contains(&times), times > 1.9])
        })
}

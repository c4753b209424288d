//! The keys of the quiz, computed by the reference.

use candle_core::DType;
use grading::{Failure, Keys, pick, position};
use tensor_test::{flat, tensor};

use crate::design::{Design, Sizes};
use crate::oracle::{drawn_model, numbers, small};
use crate::published;
use crate::solution::{palm_block, parameters};

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
            let nothing = (0..18).all(|i| change(i).abs() < 1e-9);
            pick([mlp_stays, !mlp_stays && !nothing, nothing])
        })
        .key("chain", || position(&[4, 6, 7], &Design::PALM.products().len()))
        .key("cache", || {
            let config = &published()[2].config;
            let [layers, heads, d_head, d_model, d_ff] =
                [config.n_layers, config.n_heads, config.d_head, config.d_model, config.d_ff]
                    .map(|n| n as u64);
            let sizes = Sizes { layers, heads, d_head, d_model, d_ff };
            let apart = Design { shares_kv: false, ..Design::PALM };
            let times = apart.cost(sizes).kv_bytes / Design::PALM.cost(sizes).kv_bytes;
            position(&[2, 48, 118], &times)
        })
        .key("largest", || {
            let parts = parameters(&published()[2].config);
            let most = parts.embeddings.max(parts.attention).max(parts.mlp);
            pick([parts.embeddings == most, parts.attention == most, parts.mlp == most])
        })
}

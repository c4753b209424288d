//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::solution::{adafactor, adamw_step, decay_groups, lion, sgd_momentum};
use crate::{Adafactor, AdamW, Factors, Group, Lion, Moments, Parameter, Sgd};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("first-step", || {
            let settings = AdamW { lr: 0.01, ..AdamW::default() };
            let (mut weights, mut state) = ([0.0; 2], Moments::new(2));
            let groups = Group::all(2, 0.0);
            adamw_step(&mut weights, &[0.002, 200.0], &groups, &mut state, &settings)?;
            let [gentle, steep] = weights.map(|w| w.abs());
            let is_equal = (steep / gentle - 1.0).abs() < 0.01;
            pick([
                is_equal && (steep - 0.01).abs() < 1e-4,
                steep > 50.0 * gentle,
                steep < gentle / 50.0,
            ])
        })
        .key("constant", || {
            let settings = Sgd { lr: 1.0, momentum: 0.9, nesterov: false, weight_decay: 0.0 };
            let (mut weights, mut velocity) = ([0.0], [0.0]);
            for _ in 0..200 {
                sgd_momentum(&mut weights, &[1.0], &mut velocity, &settings)?;
            }
            position(&[1, 10, 2], &(velocity[0].round() as i32))
        })
        .key("no-gradient", || {
            let settings = AdamW { lr: 0.1, ..AdamW::default() };
            let (mut weights, mut state) = ([2.0], Moments::new(1));
            adamw_step(&mut weights, &[0.0], &Group::all(1, 0.5), &mut state, &settings)?;
            pick([
                weights[0] == 2.0,
                (weights[0] - 1.9).abs() > 0.01,
                (weights[0] - 1.9).abs() < 1e-6,
            ])
        })
        .key("spared", || {
            let parameter =
                |name: &str, shape: &[usize]| Parameter { name: name.into(), shape: shape.into() };
            let decays = |parameter| decay_groups(&[parameter], 0.1)[0].weight_decay > 0.0;
            pick([
                decays(parameter("ln_f.weight", &[768])),
                decays(parameter("wte.weight", &[50_257, 768])),
                decays(parameter("mlp.c_fc.bias", &[3072])),
            ])
        })
        .key("lion-zero", || {
            let settings = Lion { lr: 0.1, beta1: 0.9, beta2: 0.99, weight_decay: 0.0 };
            let (mut weights, mut momentum) = ([0.0], [0.0]);
            lion(&mut weights, &[5.0], &mut momentum, &settings)?;
            let before = weights[0];
            lion(&mut weights, &[0.0], &mut momentum, &settings)?;
            let went = (weights[0] - before).abs();
            pick([went == 0.0, (went - 0.1).abs() < 1e-6, went > 0.0 && went < 0.09])
        })
        .key("factors", || {
            let mut state = Factors::new(100, 400);
            let (mut weights, gradients) = (vec![0.0; 40_000], vec![1.0; 40_000]);
            adafactor(&mut weights, &gradients, &mut state, &Adafactor::default())?;
            position(&[40_000, 80_000, 500], &(state.rows.len() + state.cols.len()))
        })
}

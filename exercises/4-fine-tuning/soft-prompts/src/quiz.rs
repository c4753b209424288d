//! The keys of the quiz, computed by the reference.

use grading::random::seeded;
use grading::{Keys, pick, position};
use small_gpt::{Engine, Model, Sizes, Texts};

use crate::solution::{prompt_gradient, soft_prompt};
use crate::worked::{buddy, learning, shares};
use crate::{SOLUTION, SoftPrompt, Tables};

const SIZES: Sizes = Sizes { n_layer: 1, n_head: 1, n_embd: 4, n_positions: 8, vocab_size: 9 };

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("position", || {
            // Vectors are 0, and each position has its own number.
            let positions: Vec<f32> = (0..8).map(|t| t as f32).collect();
            let tables = Tables::new(&[0.0; 3], &positions, 1)?;
            let texts = Texts { ids: &[2, 1], labels: &[1, 0], seq: 2 };
            let input = soft_prompt(&tables, &[0.0; 5], texts)?;
            position(&[0.0, 4.0, 5.0], &input.x[5])
        })
        .key("taken-away", || {
            let model = Model::random(SIZES, &mut seeded(1));
            let texts = Texts { ids: &[1, 2, 3], labels: &[2, 3, 4], seq: 3 };
            let engine = &mut Engine::default();
            let (before, loss) = (model.parameters.clone(), engine.loss(&model, texts).loss);
            let mut prompt = SoftPrompt::from_text(SOLUTION, &model, &[5], 2)?;
            for _ in 0..20 {
                let mut gradient = vec![0.0; prompt.numbers().len()];
                engine.gradient_tuned(&model, &prompt, texts, 1.0, &mut gradient);
                prompt.change(|x| x.iter_mut().zip(&gradient).for_each(|(x, g)| *x -= g));
            }
            // What the model has now is all that could have stayed.
            let moved = model.parameters != before;
            let after = engine.loss(&model, texts).loss;
            pick([!moved && after == loss, moved && after <= loss, after > loss])
        })
        .key("batch", || {
            let slopes = [1.0, 9.0, 3.0, 9.0, 2.0, 9.0, 6.0, 9.0];
            position(&[12.0, 3.0, 1.0], &prompt_gradient(&slopes, 1, 2, 1)?[0])
        })
        .key("size", || {
            let [_, prefix] = learning(buddy()?, 10)?;
            position(&[1280, 5120, 10_240], &prefix)
        })
        .key("pattern", || {
            let [_, cat, mat] = shares(None, [2.0, 1.0])?;
            let [share, cat_with, mat_with] = shares(Some(3.0), [2.0, 1.0])?;
            let near = |a: f32, b: f32| (a - b).abs() < 1e-6;
            let lost = [cat_with / cat, mat_with / mat];
            pick([
                near(lost[0], 1.0),
                near(share, 0.5) && near(lost[0], 0.5) && near(lost[1], 0.5),
                !near(lost[0], lost[1]),
            ])
        })
}

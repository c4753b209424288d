//! The keys of the quiz: the lesson's code picks the right choices.

use grading::{Keys, pick, position};

use crate::oracle::Drawn;
use crate::solution::{adapter_forward, lora_backward, lora_forward, lora_parameters, lora_scale};
use crate::{Adapter, LoraError, Slopes};

/// Of four questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("both-zero", || {
            let mut drawn = Drawn::new([5, 4, 2, 3], 2.0, 1);
            drawn.a.fill(0.0);
            drawn.b.fill(0.0);
            let (mut da, mut db) = (vec![0.0; 10], vec![0.0; 8]);
            let xa = lora_forward(&drawn.layer(), &drawn.x, &mut drawn.y.clone())?;
            let slopes = Slopes { da: &mut da, db: &mut db, dx: &mut drawn.dx.clone() };
            lora_backward(&drawn.layer(), &drawn.x, &xa, &drawn.y, slopes)?;
            let [a, b] = [da, db].map(|of| of.iter().any(|&slope| slope != 0.0));
            pick([a && b, !a && !b, b && !a])
        })
        .key("twice-the-rank", || {
            let [before, after] = [lora_scale(16.0, 8, false)?, lora_scale(16.0, 16, false)?];
            position(&[2.0, 1.0, 0.5], &(after / before))
        })
        .key("how-many", || position(&[2560, 65_536, 262_144], &lora_parameters(&[[128, 512]], 4)))
        .key("which-merges", || {
            let drawn = Drawn::new([4, 4, 2, 6], 1.0, 2);
            // What is linear says the opposite of the opposite.
            let minus: Vec<f32> = drawn.x.iter().map(|x| -x).collect();
            let lora = |x: &[f32]| -> Result<Vec<f32>, LoraError> {
                let mut y = vec![0.0; x.len()];
                lora_forward(&drawn.layer(), x, &mut y)?;
                Ok(y)
            };
            let adapter = Adapter {
                width: 4,
                bottleneck: 2,
                down: &drawn.a,
                down_bias: &[0.5, -0.5],
                up: &drawn.b,
                up_bias: &[0.0; 4],
            };
            let bottleneck = |x: &[f32]| adapter_forward(&adapter, x);
            let is_opposite =
                |a: Vec<f32>, b: Vec<f32>| a.iter().zip(b).all(|(a, b)| (a + b).abs() < 1e-4);
            let lora = is_opposite(lora(&drawn.x)?, lora(&minus)?);
            let bottleneck = is_opposite(bottleneck(&drawn.x)?, bottleneck(&minus)?);
            pick([lora && !bottleneck, bottleneck && !lora, lora && bottleneck])
        })
}

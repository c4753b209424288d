//! The numbers that are trained, by name.

use std::collections::HashMap;

use anyhow::Result;
use candle_core::{DType, Device, Tensor, Var};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// How a tensor begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum First {
    /// Normally distributed around 0 with this deviation.
    Normal(f64),
    /// Everywhere the same number.
    All(f32),
}

/// Named variables in the order in which a model asked for them.
#[derive(Debug)]
pub struct Weights {
    vars: Vec<(String, Var)>,
    rng: ChaCha8Rng,
}

impl Weights {
    /// None yet; they will be drawn from this seed.
    pub fn new(seed: u64) -> Self {
        Self { vars: Vec::new(), rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A new variable. The tensor shares its numbers and gets its gradient.
    ///
    /// # Errors
    /// If candle fails.
    pub fn draw(
        &mut self,
        name: &str,
        shape: &[usize],
        first: First,
    ) -> candle_core::Result<Tensor> {
        let count = shape.iter().product();
        let numbers: Vec<f32> = match first {
            First::All(number) => vec![number; count],
            First::Normal(deviation) => {
                (0..count).map(|_| (deviation * normal(&mut self.rng)) as f32).collect()
            }
        };
        let var = Var::from_vec(numbers, shape, &Device::Cpu)?;
        let tensor = var.as_tensor().clone();
        self.vars.push((name.into(), var));
        Ok(tensor)
    }

    /// Names and variables.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.vars.iter().map(|(name, var)| (name.as_str(), var))
    }

    /// The variables.
    pub fn vars(&self) -> Vec<Var> {
        self.vars.iter().map(|(_, var)| var.clone()).collect()
    }

    /// How many numbers there are.
    pub fn count(&self) -> usize {
        self.vars.iter().map(|(_, var)| var.elem_count()).sum()
    }

    /// Rounds all numbers to f16, as they are kept: what is judged then is what is kept.
    ///
    /// # Errors
    /// If a number is too large for f16.
    pub fn round(&self) -> Result<()> {
        for (name, var) in &self.vars {
            let rounded = var.to_dtype(DType::F16)?.to_dtype(DType::F32)?;
            let is_finite = rounded.abs()?.max_all()?.to_scalar::<f32>()?.is_finite();
            anyhow::ensure!(is_finite, "{name} has a number that f16 does not hold");
            var.set(&rounded)?;
        }
        Ok(())
    }

    /// What `model.safetensors` holds: all numbers in f16, sorted by name.
    ///
    /// # Errors
    /// If candle fails.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let halves: candle_core::Result<Vec<(&str, Tensor)>> =
            self.named().map(|(name, var)| Ok((name, var.to_dtype(DType::F16)?))).collect();
        // Libraries ask for it.
        let notes = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        Ok(safetensors::serialize(halves?, Some(notes))?)
    }
}

/// A number from the normal distribution (Box and Muller, 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (radius, turn) = (1.0 - uniform(rng), uniform(rng));
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
}

/// A number from 0 to below 1.
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    f64::from(rng.next_u32()) / 4_294_967_296.0
}

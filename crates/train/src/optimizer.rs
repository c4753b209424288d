//! AdamW with a warm-up, a decay and a bound on gradients.

use anyhow::{Context, Result, ensure};
use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};
use candle_nn::{AdamW, Optimizer as _, ParamsAdamW};

/// The share of steps in which the learning rate rises.
const WARM_UP: f64 = 0.05;
/// The longest that all gradients together may be.
const LONGEST: f64 = 1.0;

/// The share of the largest learning rate in step `step` of `steps`, counted from 0: it rises in a
/// line, then falls along half a cosine.
pub fn schedule(step: usize, steps: usize) -> f64 {
    let warm_up = (WARM_UP * steps as f64).ceil().max(1.0);
    let step = step as f64 + 1.0;
    if step <= warm_up {
        return step / warm_up;
    }
    let done = (step - warm_up) / (steps as f64 + 1.0 - warm_up).max(1.0);
    0.5 * (1.0 + (std::f64::consts::PI * done).cos())
}

/// The length of all gradients as one vector, in f64.
///
/// # Errors
/// If a variable has no gradient.
pub fn length(gradients: &GradStore, vars: &[Var]) -> Result<f64> {
    let mut sum = 0.0;
    for var in vars {
        let gradient = gradients.get(var).context("a variable has no gradient")?;
        sum += f64::from(gradient.sqr()?.sum_all()?.to_scalar::<f32>()?);
    }
    Ok(sum.sqrt())
}

/// What changes the weights.
pub struct Optimizer {
    adam: AdamW,
    vars: Vec<Var>,
    lr: f64,
    step: usize,
    steps: usize,
}

impl Optimizer {
    /// For so many steps.
    ///
    /// # Errors
    /// If candle fails.
    pub fn new(vars: Vec<Var>, lr: f64, steps: usize) -> Result<Self> {
        let adam = AdamW::new(vars.clone(), ParamsAdamW { lr, ..ParamsAdamW::default() })?;
        Ok(Self { adam, vars, lr, step: 0, steps })
    }

    /// One step down from a loss.
    ///
    /// # Errors
    /// If a gradient is missing or no number.
    pub fn step(&mut self, loss: &Tensor) -> Result<()> {
        let mut gradients = loss.backward()?;
        let length = length(&gradients, &self.vars)?;
        ensure!(
            length.is_finite(),
            "step {}: the gradient is no number; give a smaller --lr",
            self.step
        );
        if length > LONGEST {
            for var in &self.vars {
                let gradient = gradients.remove(var).context("a variable has no gradient")?;
                gradients.insert(var, (gradient * (LONGEST / length))?);
            }
        }
        self.adam.set_learning_rate(self.lr * schedule(self.step, self.steps));
        self.step += 1;
        Ok(self.adam.step(&gradients)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn the_learning_rate_rises_then_falls() {
        let rates: Vec<f64> = (0..100).map(|step| schedule(step, 100)).collect();
        assert_eq!(rates[4], 1.0);
        assert!(rates[..5].windows(2).all(|two| two[0] < two[1]));
        assert!(rates[4..].windows(2).all(|two| two[0] > two[1]));
        assert!(rates[99] > 0.0 && rates[99] < 0.01, "{}", rates[99]);
        assert_eq!(schedule(0, 1), 1.0);
    }

    #[test]
    fn a_long_gradient_is_shortened() {
        // Under Adam the first step has the size of the learning rate whatever the gradient.
        let var = Var::new(&[3.0_f32, 4.0], &Device::Cpu).unwrap();
        let mut optimizer = Optimizer::new(vec![var.clone()], 0.1, 1).unwrap();
        optimizer.step(&(var.sqr().unwrap().sum_all().unwrap() * 1e6).unwrap()).unwrap();
        let [a, b] = var.to_vec1::<f32>().unwrap()[..] else { panic!() };
        assert!((a - 2.897).abs() < 1e-3 && (b - 3.896).abs() < 1e-3, "{a} {b}");
        let apart = Var::new(1.0_f32, &Device::Cpu).unwrap();
        let mut optimizer = Optimizer::new(vec![apart], 0.1, 1).unwrap();
        assert!(optimizer.step(&var.sum_all().unwrap()).is_err());
    }
}

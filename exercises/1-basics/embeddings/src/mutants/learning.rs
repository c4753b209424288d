//! Bugs of `loss_and_gradients`, `train_step` and `train`.

use crate::{Gradients, dot, sigmoid};

fn scaled(vector: &[f32], factor: f32) -> Vec<f32> {
    vector.iter().map(|x| factor * x).collect()
}

/// The scores of the negatives.
fn scores(center: &[f32], negatives: &[&[f32]]) -> Vec<f32> {
    negatives.iter().map(|negative| dot(negative, center)).collect()
}

/// The reference's gradients with another loss.
fn with_loss(
    center: &[f32],
    context: &[f32],
    negatives: &[&[f32]],
    term: impl Fn(f32) -> f32,
) -> Gradients {
    let right = crate::solution::loss_and_gradients(center, context, negatives);
    let repelled: f32 = scores(center, negatives).iter().map(|&score| term(-score)).sum();
    Gradients { loss: term(dot(context, center)) + repelled, ..right }
}

/// Gradients where each score has the error that the rules give it.
fn with_errors(
    center: &[f32],
    context: &[f32],
    negatives: &[&[f32]],
    of_context: impl Fn(f32) -> f32,
    of_negative: impl Fn(f32) -> f32,
) -> Gradients {
    let right = crate::solution::loss_and_gradients(center, context, negatives);
    let error = of_context(dot(context, center));
    let errors: Vec<f32> =
        scores(center, negatives).iter().map(|&score| of_negative(score)).collect();
    let mut sum = scaled(context, error);
    for (negative, error) in negatives.iter().zip(&errors) {
        sum.iter_mut().zip(*negative).for_each(|(sum, x)| *sum += error * x);
    }
    Gradients {
        loss: right.loss,
        center: sum,
        context: scaled(center, error),
        negatives: errors.iter().map(|&error| scaled(center, error)).collect(),
    }
}

/// `loss_and_gradients` with one bug a module.
macro_rules! loss_mutants {
    ($($(#[$doc:meta])* $name:ident: |$center:ident, $context:ident, $negatives:ident| $gradients:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use crate::Gradients;
            pub use crate::solution::*;
            #[allow(unused_imports)]
            use super::*;

            pub fn loss_and_gradients(
                $center: &[f32],
                $context: &[f32],
                $negatives: &[&[f32]],
            ) -> Gradients {
                $gradients
            }
        }
    )+};
}

loss_mutants! {
    /// Forgets the minus sign: negatives are to score high too.
    negatives_are_attracted: |center, context, negatives| {
        let right = crate::solution::loss_and_gradients(center, context, negatives);
        let own = crate::solution::loss_and_gradients(center, context, &[]).loss;
        let wrong: f32 = scores(center, negatives).iter().map(|&x| -sigmoid(x).ln()).sum();
        Gradients { loss: own + wrong, ..right }
    };
    /// A mean where a sum belongs.
    negatives_averaged: |center, context, negatives| {
        let right = crate::solution::loss_and_gradients(center, context, negatives);
        let own = crate::solution::loss_and_gradients(center, context, &[]).loss;
        Gradients { loss: own + (right.loss - own) / negatives.len().max(1) as f32, ..right }
    };
    /// 1 − σ where −ln σ belongs.
    probability_without_logarithm: |center, context, negatives| {
        with_loss(center, context, negatives, |x| 1.0 - sigmoid(x))
    };
    /// The formula as it is printed.
    loss_overflows: |center, context, negatives| {
        with_loss(center, context, negatives, |x| (1.0 + (-x).exp()).ln())
    };
    /// Keeps σ away from 0, as some code does against infinite losses.
    loss_clamped: |center, context, negatives| {
        with_loss(center, context, negatives, |x| -sigmoid(x).max(1e-7).ln())
    };
    /// Points downhill.
    gradient_sign_flipped: |center, context, negatives| {
        with_errors(center, context, negatives, |x| 1.0 - sigmoid(x), |x| -sigmoid(x))
    };
    /// The center feels its context only.
    gradient_forgets_the_negatives: |center, context, negatives| {
        let right = crate::solution::loss_and_gradients(center, context, negatives);
        Gradients { center: scaled(context, sigmoid(dot(context, center)) - 1.0), ..right }
    };
    /// The context gets the gradient of the center.
    gradients_swapped: |center, context, negatives| {
        let right = crate::solution::loss_and_gradients(center, context, negatives);
        Gradients { center: right.context.clone(), context: right.center.clone(), ..right }
    };
    /// The slope of σ, not of ln σ: with it, a bad score hardly moves.
    gradient_of_the_probability: |center, context, negatives| {
        let slope = |x: f32| sigmoid(x) * (1.0 - sigmoid(x));
        with_errors(center, context, negatives, |x| -slope(x), slope)
    };
    /// One error for all negatives.
    negatives_share_one_gradient: |center, context, negatives| {
        let first = scores(center, negatives).first().map_or(0.0, |&score| sigmoid(score));
        with_errors(center, context, negatives, |x| sigmoid(x) - 1.0, |_| first)
    };
}

/// `train_step` with one bug a module.
macro_rules! step_mutants {
    ($($(#[$doc:meta])* $name:ident: |$model:ident, $center:ident, $context:ident, $negatives:ident, $rate:ident| $loss:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use crate::{EmbeddingError, Model};
            pub use crate::solution::*;
            use crate::solution::train_step as right;

            pub fn train_step(
                $model: &mut Model,
                $center: u32,
                $context: u32,
                $negatives: &[u32],
                $rate: f32,
            ) -> Result<f32, EmbeddingError> {
                $loss
            }
        }
    )+};
}

step_mutants! {
    /// Adds the gradient.
    step_uphill: |model, center, context, negatives, rate| {
        right(model, center, context, negatives, -rate)
    };
    /// Moves center and context only.
    step_leaves_the_negatives: |model, center, context, negatives, rate| {
        let before = model.output.clone();
        let loss = right(model, center, context, negatives, rate)?;
        for &id in negatives.iter().filter(|&&id| id != context) {
            model.output.row_mut(id)?.copy_from_slice(before.row(id)?);
        }
        Ok(loss)
    };
    /// The contexts' gradients see the center that has moved already.
    step_updates_the_center_first: |model, center, context, negatives, rate| {
        let mut moved = model.clone();
        let loss = right(&mut moved, center, context, negatives, rate)?;
        model.input.row_mut(center)?.copy_from_slice(moved.input.row(center)?);
        right(model, center, context, negatives, rate)?;
        model.input = moved.input;
        Ok(loss)
    };
    /// A word drawn twice moves once.
    step_forgets_repeats: |model, center, context, negatives, rate| {
        let mut once = negatives.to_vec();
        once.sort_unstable();
        once.dedup();
        right(model, center, context, &once, rate)
    };
    /// Moves the words' rows in one table.
    step_ties_the_tables: |model, center, context, negatives, rate| {
        let mut moved = model.clone();
        let loss = right(&mut moved, center, context, negatives, rate)?;
        model.input.row_mut(center)?.copy_from_slice(moved.input.row(center)?);
        for &id in negatives.iter().chain([&context]) {
            model.input.row_mut(id)?.copy_from_slice(moved.output.row(id)?);
        }
        Ok(loss)
    };
}

/// `train` with one bug a module.
macro_rules! train_mutants {
    ($($(#[$doc:meta])* $name:ident: |$model:ident, $pairs:ident, $noise:ident, $schedule:ident, $rng:ident| $loss:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use rand::Rng;

            use crate::{EmbeddingError, Model, Noise, Schedule};
            pub use crate::solution::*;
            #[allow(unused_imports)]
            use crate::solution::train as right;

            pub fn train(
                $model: &mut Model,
                $pairs: &[(u32, u32)],
                $noise: &Noise,
                $schedule: &Schedule,
                $rng: &mut impl Rng,
            ) -> Result<f32, EmbeddingError> {
                $loss
            }
        }
    )+};
}

train_mutants! {
    /// Every step has the rate of the first.
    train_never_cools: |model, pairs, noise, schedule, rng| {
        let mut sum = 0.0;
        for pair in pairs {
            sum += right(model, &[*pair], noise, schedule, rng)?;
        }
        Ok(sum / pairs.len().max(1) as f32)
    };
    /// Ignores what came before this call.
    train_starts_the_schedule_again: |model, pairs, noise, schedule, rng| {
        right(model, pairs, noise, &Schedule { done: 0, ..*schedule }, rng)
    };
    /// A sum where a mean belongs.
    train_sums_the_loss: |model, pairs, noise, schedule, rng| {
        Ok(right(model, pairs, noise, schedule, rng)? * pairs.len() as f32)
    };
    /// The same negatives for all pairs.
    train_draws_once: |model, pairs, noise, schedule, rng| {
        let Some(&(_, context)) = pairs.first() else { return Ok(0.0) };
        let negatives = draw_negatives(noise, context, schedule.negatives, rng)?;
        let mut sum = 0.0;
        for (i, &(center, context)) in pairs.iter().enumerate() {
            sum += train_step(model, center, context, &negatives, schedule.rate(i))?;
        }
        Ok(sum / pairs.len() as f32)
    };
    /// Draws one negative, whatever the schedule says.
    train_draws_one_negative: |model, pairs, noise, schedule, rng| {
        right(model, pairs, noise, &Schedule { negatives: 1, ..*schedule }, rng)
    };
}

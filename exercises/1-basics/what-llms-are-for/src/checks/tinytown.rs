//! The tasks of Tinytown: whoever gets all right has seen the answers.

use grading::{Outcome, expect};
use tinytown::World;

use crate::evaluate::{Score, names, questions, sentiment};
use crate::town::{Examples, HELD_OUT, Models, SEED, TRAINING};
use crate::{Answers, SOLUTION, TaskError};

/// Fitted models, and what they have not seen.
fn town() -> Result<(Models, Examples), TaskError> {
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, 500), &SOLUTION)?;
    Ok((models, Examples::new(&world, HELD_OUT, 250)))
}

/// Between what a guess reaches, and more, and what a model of counts can reach.
fn within(score: Score, floor: f64, ceiling: f64) -> Outcome {
    let Score { task, metric, value, .. } = score;
    expect((floor..=ceiling).contains(&value), || {
        format!("{task}, {metric}: expected between {floor} and {ceiling}, got {value:.3}")
    })
}

pub fn moods_of_tinytown_are_found(answers: &Answers) -> Outcome {
    let (models, held_out) = town()?;
    within(sentiment(answers, &models, &held_out), 0.72, 0.92)
}

pub fn names_of_tinytown_are_found(answers: &Answers) -> Outcome {
    let (models, held_out) = town()?;
    within(names(answers, &models, &held_out), 0.55, 0.85)
}

pub fn questions_about_tinytown_are_answered(answers: &Answers) -> Outcome {
    let (models, held_out) = town()?;
    within(questions(answers, &models, &held_out), 0.35, 0.65)
}

//! The tasks of Tinytown: whoever gets all right has seen the answers.

use grading::{Outcome, expect};
use tinytown::World;

use crate::evaluate::{Score, names, questions, sentiment, summaries};
use crate::town::{Examples, HELD_OUT, Models, SEED, TRAINING};
use crate::{Answers, SOLUTION, TaskError};

/// Models that were fitted by these answers, and what they have not seen.
fn town(answers: &Answers) -> Result<(Models, Examples), TaskError> {
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, 500), answers)?;
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
    let (models, held_out) = town(&SOLUTION)?;
    within(sentiment(answers, &models, &held_out), 0.72, 0.92)
}

pub fn names_of_tinytown_are_found(answers: &Answers) -> Outcome {
    let (models, held_out) = town(&SOLUTION)?;
    within(names(answers, &models, &held_out), 0.55, 0.85)
}

pub fn questions_about_tinytown_are_answered(answers: &Answers) -> Outcome {
    let (models, held_out) = town(&SOLUTION)?;
    within(questions(answers, &models, &held_out), 0.35, 0.65)
}

pub fn summaries_of_tinytown_share_words(answers: &Answers) -> Outcome {
    let (_, held_out) = town(&SOLUTION)?;
    within(summaries(answers, &held_out)?, 0.25, 0.45)
}

pub fn training_finds_the_dictionary(answers: &Answers) -> Outcome {
    let (models, _) = town(&Answers { em_round: answers.em_round, ..SOLUTION })?;
    for noun in ["owl", "king", "garden", "bird", "teacher", "forest", "flower", "dog", "house"] {
        // The exact translation puts the subject first, without an article.
        let sentence = tinytown::to_tinytongue(&format!("A {noun} slept."))?.to_lowercase();
        let want = sentence.split(' ').next();
        let row = models.table.get(noun).into_iter().flatten();
        let got = row.max_by(|a, b| a.1.total_cmp(b.1)).map(|(f, _)| f.as_str());
        expect(got == want, || {
            format!("the most probable translation of “{noun}”: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

//! The report card: every task on texts that no model has seen.

use tinytown::{Entity, EntityKind, World};

use crate::TaskError;
use crate::buddy::{Buddy, VOCAB_SIZE};
use crate::metrics::{accuracy, bleu, rouge1_f1, span_f1};
use crate::models::{Asked, begins_sentence};
use crate::solution::{
    answer, classify, count_classes, em_round, summarize, tag_entities, translate,
};
use crate::town::{Examples, HELD_OUT, Models, SEED, TRAINING};
use crate::words::{lower_words, sentences, words};

/// Examples of each task to fit to.
pub const TRAINING_EXAMPLES: usize = 2000;

/// Held-out examples of each task.
pub const HELD_OUT_EXAMPLES: usize = 500;

/// Bytes of stories that Buddy learns to write from.
pub const STORY_BYTES: usize = 1_000_000;

/// Bytes of held-out stories.
const HELD_OUT_BYTES: usize = 50_000;

/// A line of the report card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Which task.
    pub task: &'static str,
    /// What the value is.
    pub metric: &'static str,
    /// How well the model of counts does. Less is better for generation, more for all others.
    pub value: f64,
    /// How well a guess does that has learned next to nothing.
    pub baseline_floor: f64,
    /// How many held-out examples: texts, or tokens of running text.
    pub examples: usize,
}

/// Fits a model of counts for each task to stream 0 of Tinytown and measures it on stream 1.
///
/// # Errors
/// None on these examples; those of the functions that it calls.
pub fn report() -> Result<Vec<Score>, TaskError> {
    let world = World::new(SEED);
    let training = Examples::new(&world, TRAINING, TRAINING_EXAMPLES);
    let held_out = Examples::new(&world, HELD_OUT, HELD_OUT_EXAMPLES);
    let models = Models::fit(&training, count_classes, em_round)?;
    let mut scores = vec![
        sentiment(&models, &training, &held_out),
        names(&models, &held_out),
        questions(&models, &held_out),
    ];
    scores.extend(generation(&world)?);
    scores.extend(translation(&models, &held_out));
    scores.push(summaries(&held_out)?);
    Ok(scores)
}

/// Floor: always the class with the most texts.
fn sentiment(models: &Models, training: &Examples, held_out: &Examples) -> Score {
    let labels = training.sentiments.iter().filter(|(_, label)| *label == 1).count();
    let majority = usize::from(2 * labels > training.sentiments.len());
    let predicted = |text: &str| {
        let p = classify(&models.classes, text);
        usize::from(p[1] > p[0])
    };
    let pairs: Vec<_> =
        held_out.sentiments.iter().map(|(t, label)| (predicted(t), *label)).collect();
    let floor: Vec<_> = held_out.sentiments.iter().map(|(_, label)| (majority, *label)).collect();
    Score {
        task: "sentiment",
        metric: "accuracy",
        value: accuracy(&pairs),
        baseline_floor: accuracy(&floor),
        examples: pairs.len(),
    }
}

/// Floor: every capital that does not begin a sentence is a person.
fn names(models: &Models, held_out: &Examples) -> Score {
    let people = |text: &str| -> Vec<Entity> {
        let capitals = words(text).into_iter();
        let capitals = capitals.filter(|w| w.is_capitalized() && !begins_sentence(text, w));
        capitals
            .map(|w| Entity { start: w.start, end: w.end(), kind: EntityKind::Person })
            .collect()
    };
    let scored = |tag: &dyn Fn(&str) -> Vec<Entity>| {
        let pairs: Vec<_> =
            held_out.tagged.iter().map(|t| (tag(&t.text), t.entities.clone())).collect();
        span_f1(&pairs)
    };
    Score {
        task: "named entities",
        metric: "span F1",
        value: scored(&|text| tag_entities(&models.tags, text)),
        baseline_floor: scored(&people),
        examples: held_out.tagged.len(),
    }
}

/// Floor: the first candidate that may answer such a question.
fn questions(models: &Models, held_out: &Examples) -> Score {
    let (mut pairs, mut floor) = (Vec::new(), Vec::new());
    for q in &held_out.questions {
        let candidates = models.answers.candidates(&q.context);
        let found = answer(&models.rarity, &q.context, &candidates, &q.question);
        let asked = Asked::of(&q.question);
        let first = candidates.iter().find(|c| asked.is_none_or(|asked| c.asked == asked));
        let text = |start: usize, end: usize| q.context[start..end].to_owned();
        let want = Some(q.answer.clone());
        pairs.push((found.map(|c| text(c.start, c.end)), want.clone()));
        floor.push((first.map(|c| text(c.start, c.end)), want));
    }
    Score {
        task: "question answering",
        metric: "exact match",
        value: accuracy(&pairs),
        baseline_floor: accuracy(&floor),
        examples: pairs.len(),
    }
}

/// Floor: every token, or every byte, equally probable. The lower, the better.
fn generation(world: &World) -> Result<[Score; 2], TaskError> {
    let buddy = Buddy::fit(world, STORY_BYTES)?;
    let (perplexity, bits, examples) = buddy.surprise(&world.text(HELD_OUT, HELD_OUT_BYTES))?;
    let score = |metric, value, baseline_floor| Score {
        task: "generation",
        metric,
        value,
        baseline_floor,
        examples,
    };
    Ok([
        score("perplexity a token", perplexity, VOCAB_SIZE as f64),
        score("bits a byte", bits, 8.0),
    ])
}

/// Floor: the English words.
fn translation(models: &Models, held_out: &Examples) -> [Score; 2] {
    let held_out = held_out.pairs();
    let pairs: Vec<_> =
        held_out.iter().map(|p| (translate(&models.table, &p.source), p.target.clone())).collect();
    let floor: Vec<_> = held_out.iter().map(|p| (p.source.clone(), p.target.clone())).collect();
    let score = |metric, value, baseline_floor| Score {
        task: "translation",
        metric,
        value,
        baseline_floor,
        examples: pairs.len(),
    };
    [
        score("exact sentences", accuracy(&pairs), accuracy(&floor)),
        score("BLEU over words", bleu(&pairs), bleu(&floor)),
    ]
}

/// Floor: the first sentence.
fn summaries(held_out: &Examples) -> Result<Score, TaskError> {
    let (mut value, mut floor) = (0.0, 0.0);
    for example in &held_out.summaries {
        let want = lower_words(&example.summary);
        let got = summarize(&example.text, 1)?.join(" ");
        value += rouge1_f1(&lower_words(&got), &want);
        let first = sentences(&example.text).into_iter().next().ok_or(TaskError::NoWords)?;
        floor += rouge1_f1(&lower_words(&example.text[first]), &want);
    }
    let n = held_out.summaries.len() as f64;
    Ok(Score {
        task: "summarization",
        metric: "ROUGE-1 F1",
        value: value / n,
        baseline_floor: floor / n,
        examples: held_out.summaries.len(),
    })
}

#[cfg(all(test, not(feature = "exercise")))]
mod tests {
    use super::*;

    #[test]
    fn every_model_beats_its_floor_and_two_reports_are_equal() {
        let scores = report().unwrap();
        for score in &scores {
            let gain = score.value - score.baseline_floor;
            let better = if score.task == "generation" { -gain } else { gain };
            assert!(better > 0.0, "{score:?}");
        }
        assert_eq!(scores, report().unwrap());
    }
}

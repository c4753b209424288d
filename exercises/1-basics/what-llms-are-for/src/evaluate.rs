//! The report card: every task on texts that no model has seen.

use tinytown::World;

use crate::buddy::VOCAB_SIZE;
use crate::metrics::{accuracy, bleu, rouge1_f1, span_f1};
use crate::text::{begins_sentence, lower_words, sentences, words};
use crate::town::{Examples, HELD_OUT, Models, SEED, TRAINING};
use crate::{
    Answers, Asked, Buddy, Candidate, Entity, EntityKind, SOLUTION, TaskError, summarize, translate,
};

/// Examples of each task to fit to.
pub const TRAINING_EXAMPLES: usize = 2000;

/// Held-out examples of each task.
pub const HELD_OUT_EXAMPLES: usize = 500;

/// Bytes of stories that Buddy learns to write from.
pub const STORY_BYTES: usize = 1_000_000;

/// Bytes of held-out stories.
pub const HELD_OUT_BYTES: usize = 50_000;

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

impl Score {
    /// From cases of what the model says, what a guess says, and what is right.
    fn new<T: Clone>(
        (task, metric): (&'static str, &'static str),
        measure: fn(&[(T, T)]) -> f64,
        cases: impl Iterator<Item = [T; 3]>,
    ) -> Self {
        let (said, guessed): (Vec<_>, Vec<_>) =
            cases.map(|[said, guess, right]| ((said, right.clone()), (guess, right))).unzip();
        let (value, baseline_floor) = (measure(&said), measure(&guessed));
        Self { task, metric, value, baseline_floor, examples: said.len() }
    }
}

/// Fits a model of counts for each task to stream 0 of Tinytown and measures it on stream 1.
///
/// # Errors
/// None on these examples; those of the functions that it calls.
pub fn report() -> Result<Vec<Score>, TaskError> {
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, TRAINING_EXAMPLES), &SOLUTION)?;
    let held_out = Examples::new(&world, HELD_OUT, HELD_OUT_EXAMPLES);
    let [perplexity, bits] = generation(&world)?;
    let [exact, bleu] = translation(&models, &held_out);
    Ok(vec![
        sentiment(&SOLUTION, &models, &held_out),
        names(&SOLUTION, &models, &held_out),
        questions(&SOLUTION, &models, &held_out),
        perplexity,
        bits,
        exact,
        bleu,
        summaries(&held_out)?,
    ])
}

/// Floor: always the class with the most texts.
pub(crate) fn sentiment(answers: &Answers, models: &Models, held_out: &Examples) -> Score {
    let majority = usize::from(models.classes.texts[1] > models.classes.texts[0]);
    let said = |text: &str| {
        let p = (answers.classify)(&models.classes, text);
        usize::from(p.get(1) > p.first())
    };
    let cases = held_out.sentiments.iter().map(|(text, label)| [said(text), majority, *label]);
    Score::new(("sentiment", "accuracy"), accuracy, cases)
}

/// Floor: every capital that does not begin a sentence is a person.
pub(crate) fn names(answers: &Answers, models: &Models, held_out: &Examples) -> Score {
    let people = |text: &str| -> Vec<Entity> {
        let capitals = words(text).into_iter();
        let capitals = capitals.filter(|w| w.is_capitalized() && !begins_sentence(text, w));
        let person = EntityKind::Person;
        capitals.map(|w| Entity { start: w.start, end: w.end(), kind: person }).collect()
    };
    let said = |text: &str| (answers.tag_entities)(&models.tags, text);
    let cases =
        held_out.tagged.iter().map(|t| [said(&t.text), people(&t.text), t.entities.clone()]);
    Score::new(("named entities", "span F1"), span_f1, cases)
}

/// Floor: the first candidate that may answer such a question.
pub(crate) fn questions(answers: &Answers, models: &Models, held_out: &Examples) -> Score {
    let cases = held_out.questions.iter().map(|q| {
        let candidates = models.answers.candidates(&q.context);
        let found = (answers.answer)(&models.idf, &q.context, &candidates, &q.question);
        let asked = Asked::of(&q.question);
        let first = candidates.iter().find(|c| asked.is_none_or(|asked| c.asked == asked));
        let text = |c: Candidate| q.context.get(c.start..c.end).map(str::to_owned);
        [found.and_then(text), first.copied().and_then(text), Some(q.answer.clone())]
    });
    Score::new(("question answering", "exact match"), accuracy, cases)
}

/// Floor: every token, or every byte, equally probable. The lower, the better.
fn generation(world: &World) -> Result<[Score; 2], TaskError> {
    let buddy = Buddy::fit(world, STORY_BYTES)?;
    let (perplexity, bits, examples) = buddy.surprise(&world.text(HELD_OUT, HELD_OUT_BYTES))?;
    let uniform = VOCAB_SIZE as f64;
    Ok([("perplexity a token", perplexity, uniform), ("bits a byte", bits, 8.0)].map(
        |(metric, value, baseline_floor)| Score {
            task: "generation",
            metric,
            value,
            baseline_floor,
            examples,
        },
    ))
}

/// Floor: the English words.
fn translation(models: &Models, held_out: &Examples) -> [Score; 2] {
    let pairs = held_out.pairs();
    let cases = pairs
        .into_iter()
        .map(|pair| [translate(&models.table, &pair.source), pair.source, pair.target]);
    [
        Score::new(("translation", "exact sentences"), accuracy, cases.clone()),
        Score::new(("translation", "BLEU over words"), bleu, cases),
    ]
}

/// Floor: the first sentence.
fn summaries(held_out: &Examples) -> Result<Score, TaskError> {
    let case = |example: &tinytown::Summary| {
        let said = summarize(&example.text, 1)?.join(" ");
        let first = sentences(&example.text).into_iter().next().ok_or(TaskError::NoWords)?;
        Ok([&said, &example.text[first], &example.summary].map(lower_words))
    };
    let cases = held_out.summaries.iter().map(case).collect::<Result<Vec<_>, TaskError>>()?;
    Ok(Score::new(("summarization", "ROUGE-1 F1"), rouge1_f1, cases.into_iter()))
}

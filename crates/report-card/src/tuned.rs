//! Fine-tuned Buddy: one model that writes the answers of all tasks.

use std::thread::available_parallelism;

use anyhow::{Context, Result};
use buddy::decoder::DecoderBuddy;
use buddy::tuned::{Ask, Asked, TunedBuddy, read_names};
use tinytown::World;
use what_llms_are_for::evaluate::{HELD_OUT_EXAMPLES, Score};
use what_llms_are_for::lower_words;
use what_llms_are_for::metrics::{accuracy, bleu, rouge1_f1, span_f1};
use what_llms_are_for::town::{HELD_OUT, SEED};

use crate::writing;

/// On the same examples as n-gram Buddy, whose scores are given: the floors are the same.
///
/// # Errors
/// If the model cannot be opened or asked.
pub fn scores(by_counts: &[Score]) -> Result<Vec<Score>> {
    let (world, buddy) = (World::new(SEED), TunedBuddy::kept()?);
    let asked = |ask| Answered::new(ask, &world, &buddy);
    let score = |task, metric, value| -> Result<Score> {
        let same = |score: &&Score| score.task == task && score.metric == metric;
        let Score { baseline_floor, .. } =
            by_counts.iter().find(same).with_context(|| format!("counts have no {task}"))?;
        Ok(Score {
            task,
            metric,
            value,
            baseline_floor: *baseline_floor,
            examples: HELD_OUT_EXAMPLES,
        })
    };
    let translations = asked(Ask::Translation)?.words();
    Ok(vec![
        score("sentiment", "accuracy", accuracy(&asked(Ask::Mood)?.texts()))?,
        score("named entities", "span F1", span_f1(&asked(Ask::Names)?.pairs(read_names)))?,
        score("question answering", "exact match", accuracy(&asked(Ask::Question)?.texts()))?,
        writing::generation(&world, &DecoderBuddy::open(&buddy::tuned::folder())?)?,
        score("translation", "exact sentences", accuracy(&translations))?,
        score("translation", "BLEU over words", bleu(&translations))?,
        score("summarization", "ROUGE-1 F1", rouge1_f1(&asked(Ask::Summary)?.words()))?,
    ])
}

/// What was asked, and what came.
struct Answered(Vec<(Asked, String)>);

impl Answered {
    fn new(ask: Ask, world: &World, buddy: &TunedBuddy) -> Result<Self> {
        let asked: Vec<Asked> = ask.examples(world, HELD_OUT).take(HELD_OUT_EXAMPLES).collect();
        let texts: Vec<String> = asked.iter().map(|asked| asked.text.clone()).collect();
        let threads = available_parallelism().map_or(1, usize::from);
        let said = buddy.answers(ask, &texts, threads)?;
        Ok(Self(asked.into_iter().zip(said).collect()))
    }

    /// What was said and what is right, each read in the light of the text.
    fn pairs<T>(&self, read: impl Fn(&str, &str) -> T) -> Vec<(T, T)> {
        let pair = |(asked, said): &(Asked, String)| {
            (read(said, &asked.text), read(&asked.answer, &asked.text))
        };
        self.0.iter().map(pair).collect()
    }

    fn texts(&self) -> Vec<(String, String)> {
        self.pairs(|answer, _| answer.to_owned())
    }

    fn words(&self) -> Vec<(Vec<String>, Vec<String>)> {
        self.pairs(|answer, _| lower_words(answer))
    }
}

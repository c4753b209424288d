//! What is learned from: JSON lines of a file, or one of Tinytown's tasks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use buddy::tuned::{Asked, mixture};
use buddy::{TRAINING, VALIDATION, sha256};
use clap::ValueEnum;
use instruction_tuning::solution::{chat_template, read_data, sft_labels};
use instruction_tuning::{DataError, Encoded, Example};
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use tinytown::Mood;

use crate::Form;
use crate::arguments::Recipe;
use crate::form::LABEL;

/// A task of Tinytown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Was somebody pleased?
    Sentiment,
    /// Questions about a text
    Questions,
    /// From English into Tinytongue
    Translation,
    /// Six tasks in turn: mood, names, questions, translation, summaries, the ends of stories
    All,
}

/// How answers are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The share of examples whose own label is the likeliest of all.
    Accuracy,
    /// The share of examples to which exactly the right text is written.
    ExactMatch,
    /// BLEU of what is written, over words.
    Bleu,
}

impl Metric {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::ExactMatch => "exact match",
            Self::Bleu => "BLEU",
        }
    }
}

/// An example as a model reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its tokens, and for each the one to be learned behind it.
    pub encoded: Encoded,
    /// So many of the tokens are given when it is judged: all before the last answer.
    pub given: usize,
    /// The last answer.
    pub wanted: String,
}

/// All examples.
#[derive(Clone, Debug)]
pub struct Data {
    /// To learn from.
    pub training: Vec<Item>,
    /// To be judged by.
    pub held_out: Vec<Item>,
    /// How.
    pub metric: Metric,
    /// What the examples are made of.
    pub form: Form,
    /// The answers that there are, if it is [`Metric::Accuracy`].
    pub labels: Vec<String>,
    /// What it is called.
    pub name: String,
    /// So many were left out: they do not fit into the model.
    pub too_long: usize,
    /// The model has room for so many tokens of an example.
    pub room: usize,
}

/// Examples by which Tinytown's tasks are judged.
const JUDGED: usize = 100;

/// Decides which tenth of a file is held out.
const SPLIT: u64 = 10;

/// A text in pieces: which of them are to be learned.
type Pieces = Vec<(String, bool)>;

impl Data {
    /// What a recipe asks for, where a text has room for so many tokens.
    ///
    /// # Errors
    /// If a file cannot be read or a line of it is wrong: with file, line and reason. If no example
    /// fits.
    pub fn read(recipe: &Recipe, buddy: &PocketBuddy, room: usize) -> Result<Self> {
        Self::read_judged(recipe, buddy, room, JUDGED)
    }

    /// The same, where Tinytown's tasks are judged by so many examples.
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub fn read_judged(
        recipe: &Recipe,
        buddy: &PocketBuddy,
        room: usize,
        judged: usize,
    ) -> Result<Self> {
        let (training, held_out, metric, name) = match &recipe.data {
            None => {
                let (task, count) = (recipe.task, recipe.examples);
                let (training, metric) = tinytown(task, TRAINING, count, buddy)?;
                let (held_out, _) = tinytown(task, VALIDATION, judged, buddy)?;
                let name = match task {
                    Task::All => "six tasks".into(),
                    _ => task
                        .to_possible_value()
                        .map_or_else(String::new, |name| name.get_name().into()),
                };
                (training, held_out, metric, format!("Tinytown's {name}"))
            }
            Some(path) => {
                let mut training = of_file(path)?;
                let held_out = match &recipe.held_out {
                    Some(path) => of_file(path)?,
                    None => {
                        ensure!(
                            training.len() > 1,
                            "{}: one example is not enough to learn from and to judge by",
                            path.display()
                        );
                        let mut order: Vec<usize> = (0..training.len()).collect();
                        order.shuffle(&mut StdRng::seed_from_u64(SPLIT));
                        order.truncate(training.len().div_ceil(10));
                        let mut i = 0..;
                        let is_drawn =
                            |_: &mut Example| i.next().is_some_and(|i| order.contains(&i));
                        training.extract_if(.., is_drawn).collect()
                    }
                };
                let is_label = |example: &Example| matches!(example, Example::Label { .. });
                let metric = match is_label(&training[0]) {
                    true => Metric::Accuracy,
                    false => Metric::ExactMatch,
                };
                if let Some(held_out) = held_out.first()
                    && std::mem::discriminant(held_out) != std::mem::discriminant(&training[0])
                {
                    bail!("--held-out has examples of another kind than --data");
                }
                (training, held_out, metric, path.display().to_string())
            }
        };
        let mut labels: Vec<String> = match metric {
            Metric::Accuracy => training.iter().map(answer).collect(),
            _ => Vec::new(),
        };
        labels.sort();
        labels.dedup();
        if let (Metric::Accuracy, Some(path)) = (metric, &recipe.held_out) {
            let known = |example: &Example| labels.binary_search(&answer(example)).is_ok();
            if let Some(other) = held_out.iter().find(|example| !known(example)) {
                bail!(
                    "{}: an example has the label {:?}, which none of --data has: these have {}",
                    path.display(),
                    answer(other),
                    labels.join(", ")
                );
            }
        }
        // What was split off may have the only example of a label.
        if metric == Metric::Accuracy {
            labels.extend(held_out.iter().map(answer));
            labels.sort();
            labels.dedup();
        }
        // Neither list is empty here: whoever made them saw to it.
        let form = Form::of(&training[0]);
        let items = |examples: &[Example]| -> Result<Vec<Item>> {
            examples.iter().map(|example| item(example, buddy)).collect()
        };
        let (mut training, mut held_out) = (items(&training)?, items(&held_out)?);
        let all = training.len() + held_out.len();
        // Each label is tried behind each text.
        let mut longest = 0;
        for label in &labels {
            longest = longest.max(label_ids(label, buddy)?.len());
        }
        let fits = |item: &Item| item.encoded.ids.len().max(item.given + longest) <= room;
        training.retain(fits);
        held_out.retain(fits);
        let too_long = all - training.len() - held_out.len();
        ensure!(
            !training.is_empty() && !held_out.is_empty(),
            "{name}: no example fits into the {room} tokens that the model can read: shorten them"
        );
        ensure!(
            recipe.batch <= training.len(),
            "--batch {}: there are only {} examples to learn from",
            recipe.batch,
            training.len()
        );
        Ok(Self { training, held_out, metric, form, labels, name, too_long, room })
    }

    /// Of all that is learned from and judged by.
    pub fn sha256(&self) -> String {
        let items = self.training.iter().chain(&self.held_out);
        let numbers = items.flat_map(|item| {
            let Encoded { ids, labels } = &item.encoded;
            ids.iter().map(|&id| i64::from(id)).chain(labels.iter().copied()).chain([-1])
        });
        sha256(&numbers.flat_map(i64::to_le_bytes).collect::<Vec<u8>>())
    }
}

/// Examples of a file.
fn of_file(path: &Path) -> Result<Vec<Example>> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    read_data(&bytes).map_err(|error| match error {
        DataError::Line { line, why } => anyhow::anyhow!("{}:{line}: {why}", path.display()),
        error => anyhow::anyhow!("{}: {error}", path.display()),
    })
}

/// Examples of a task.
fn tinytown(
    task: Task,
    stream: u64,
    count: usize,
    buddy: &PocketBuddy,
) -> Result<(Vec<Example>, Metric)> {
    let town = train::town();
    let completion = |prompt: String, completion: &str| Example::Completion {
        prompt,
        completion: format!(" {completion}"),
    };
    Ok(match task {
        Task::Sentiment => {
            let examples = town.sentiments(stream).take(count).map(|example| Example::Label {
                text: example.text,
                label: match example.mood {
                    Mood::Good => "good".into(),
                    Mood::Bad => "bad".into(),
                },
            });
            (examples.collect(), Metric::Accuracy)
        }
        Task::Questions => {
            let examples = town.questions(stream).take(count).map(|example| {
                completion(format!("{} {}", example.context, example.question), &example.answer)
            });
            (examples.collect(), Metric::ExactMatch)
        }
        Task::Translation => {
            let examples = town
                .translations(stream)
                .take(count)
                .map(|example| completion(format!("{} =", example.english), &example.tinytongue));
            (examples.collect(), Metric::Bleu)
        }
        Task::All => {
            let example = |asked: Asked| -> Result<Example> {
                let [prompt, completion] = asked.texts(buddy)?;
                Ok(Example::Completion { prompt, completion })
            };
            let examples: Result<_> = mixture(town, stream).take(count).map(example).collect();
            (examples?, Metric::ExactMatch)
        }
    })
}

fn pieces(example: &Example) -> Pieces {
    match example {
        Example::Completion { prompt, completion } => {
            vec![(prompt.clone(), false), (completion.clone(), true)]
        }
        Example::Label { text, label } => {
            vec![(format!("{text}{LABEL}"), false), (format!(" {label}"), true)]
        }
        Example::Chat(messages) => {
            // Whoever read the line looked whether it is a dialogue.
            let chat = chat_template(messages, false).unwrap_or_default();
            let mut pieces = Vec::new();
            let mut end = 0;
            for span in chat.spans {
                pieces.push((chat.text[end..span.start].to_owned(), false));
                pieces.push((chat.text[span.clone()].to_owned(), true));
                end = span.end;
            }
            pieces
        }
    }
}

/// The last answer of an example, as it is compared.
fn answer(example: &Example) -> String {
    match example {
        Example::Completion { completion, .. } => completion.trim().to_owned(),
        Example::Label { label, .. } => label.clone(),
        Example::Chat(messages) => {
            messages.last().map_or_else(String::new, |message| message.content.trim().to_owned())
        }
    }
}

/// An example as tokens: the end of a text, then its pieces, each cut by itself so that no token
/// stands over the edge of an answer, then the end again, which is learned, too.
fn item(example: &Example, buddy: &PocketBuddy) -> Result<Item> {
    let mut ids = vec![buddy.end];
    let mut spans = Vec::new();
    for (text, is_learned) in pieces(example) {
        let start = ids.len();
        ids.extend(buddy.encode(&text)?);
        if is_learned {
            spans.push(start..ids.len());
        }
    }
    ids.push(buddy.end);
    let given = spans.last().map_or(1, |span| span.start);
    if let Some(last) = spans.last_mut() {
        last.end += 1;
    }
    // A token is a byte here: only edges between tokens matter.
    let offsets: Vec<_> = (0..ids.len()).map(|i| i..i + 1).collect();
    let labels = sft_labels(&ids, &offsets, &spans)?;
    Ok(Item { encoded: Encoded { ids, labels }, given, wanted: answer(example) })
}

/// The tokens of another label behind what is given of an example.
pub fn label_ids(label: &str, buddy: &PocketBuddy) -> Result<Vec<u32>> {
    let mut ids = buddy.encode(&format!(" {label}"))?;
    ids.push(buddy.end);
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn six_tasks_in_one_text_form_fit_into_the_model() {
        let words = "tune --task all --examples 120 --method full".split(' ');
        let Arguments { options } = Arguments::try_parse_from(words).unwrap();
        let (recipe, buddy) = (Recipe::new(&options).unwrap(), PocketBuddy::kept().unwrap());
        let data = Data::read(&recipe, &buddy, buddy.context(None)).unwrap();
        assert_eq!(data.training.len() + data.held_out.len() + data.too_long, 120 + JUDGED);
        // Only long lists of names do not fit.
        assert!(data.too_long <= 10, "{}", data.too_long);
        for cue in ["Mood: ", "Names: ", "Question: ", "Translate: ", "Summarize: "] {
            let begins = |item: &&Item| {
                buddy.decode(&item.encoded.ids[..item.given]).unwrap().starts_with(cue)
            };
            let item = data.training.iter().find(begins).unwrap();
            let Encoded { ids, labels } = &item.encoded;
            let answer: Vec<u32> =
                labels.iter().filter(|label| **label >= 0).map(|&label| label as u32).collect();
            assert_eq!(answer, ids[item.given..]);
            assert_eq!(buddy.decode(&answer).unwrap(), format!(" {}", item.wanted));
        }
    }
}

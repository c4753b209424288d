//! `--ask`: what was tuned answers new texts, and is judged.

use std::fs;
use std::io::{BufRead, stdin};
use std::path::Path;
use std::thread::available_parallelism;

use anyhow::{Context, Result, ensure};
use buddy::VALIDATION;
use instruction_tuning::Encoded;
use small_gpt::{Frozen, Model, Pass, Summed, Tuning};
use task_heads::IGNORE;
use task_heads::solution::cls_head;

use crate::arguments::{Options, Recipe};
use crate::data::label_ids;
use crate::form::LABEL;
use crate::measure::{AT_ONCE, Measured, Rows, last_hidden, likeliest, measure, write};
use crate::{Base, Data, Item, Metric, Opened};

/// Stories of Tinytown that tell what was forgotten.
const STORIES: usize = 40;
/// Tokens of a text that are read for it.
const READ: usize = 100;

/// Answers, judges, or measures what was forgotten, as the options say.
///
/// # Errors
/// If the folder holds nothing that was tuned, its base is another, or a text or a file is wrong.
pub fn ask(folder: &Path, options: &Options) -> Result<()> {
    let opened = Opened::open(folder, options.base.as_deref())?;
    if let Some(data) = &options.data {
        return judge(&opened, data);
    }
    if let Some(file) = &options.forgotten {
        return forgotten(&opened, file.as_deref());
    }
    for text in &options.text {
        println!("{}", opened.answer(text)?);
    }
    if options.text.is_empty() {
        for line in stdin().lock().lines() {
            let line = line.context("the standard input cannot be read")?;
            if !line.trim().is_empty() {
                println!("{}", opened.answer(&line)?);
            }
        }
    }
    Ok(())
}

impl Opened {
    /// The answer to a new text: the likeliest label, or what is written by the likeliest token.
    ///
    /// # Errors
    /// If the text is blank or too long, or the model fails.
    pub fn answer(&self, text: &str) -> Result<String> {
        ensure!(!text.trim().is_empty(), "the text is blank: give one with words");
        let Self { learner, labels, room, .. } = self;
        let base = &learner.base.buddy;
        let given = self.form.given(text, base)?;
        let mut longest = 1;
        for label in labels {
            longest = longest.max(label_ids(label, base)?.len());
        }
        let most = room.saturating_sub(given.len());
        ensure!(
            longest <= most,
            "the text has {} tokens, and with the answer it may have {room}: shorten it",
            given.len()
        );
        if let Some(head) = learner.head() {
            let item = item(given);
            let hidden = last_hidden(learner, &[&item], &mut Pass::default())?;
            let logits = cls_head(&hidden, &[true], 1, &head)?;
            let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            return Ok(labels[best.unwrap_or(0)].clone());
        }
        if labels.is_empty() {
            return write(base, learner.tuning(), &given, most);
        }
        let mut answers = likeliest(learner, labels, std::iter::once(&given[..]))?;
        Ok(answers.pop().unwrap_or_default())
    }
}

/// A text of which nothing is to be learned.
fn item(ids: Vec<u32>) -> Item {
    let (given, labels) = (ids.len(), vec![IGNORE; ids.len()]);
    Item { encoded: Encoded { ids, labels }, given, wanted: String::new() }
}

/// Says how many examples of a file are answered right, and shows the others.
fn judge(opened: &Opened, path: &Path) -> Result<()> {
    let Opened { learner, form, labels, room, .. } = opened;
    let (held_out, data) = (Some(path.to_owned()), Some(path.to_owned()));
    let recipe = Recipe { data, held_out, batch: 1, ..Recipe::usual()? };
    let mut data = Data::read(&recipe, &learner.base.buddy, *room)?;
    let shown = path.display();
    ensure!(
        data.form == *form,
        "{shown} has examples of another kind than those that were learned from"
    );
    if let Some(other) = data.labels.iter().find(|label| !labels.contains(label)) {
        let known = labels.join(", ");
        anyhow::bail!("{shown} has the label {other:?}, which was not learned: only {known}");
    }
    data.labels.clone_from(labels);
    if data.too_long > 0 {
        // It is read twice, as what is learned and as what is held out.
        eprintln!("left out: {} with more than {room} tokens", data.too_long / 2);
    }
    let mut engine = train::decoder::engine(threads());
    let Measured { loss, metric, samples } = measure(learner, &data, &mut engine)?;
    for sample in samples.iter().filter(|sample| sample.got != sample.wanted) {
        let given = sample.given.strip_suffix(LABEL).unwrap_or(&sample.given).trim();
        println!("{given}\n  wanted {}, got {}", sample.wanted, sample.got);
    }
    let right = samples.iter().filter(|sample| sample.got == sample.wanted).count();
    let name = if data.metric == Metric::Accuracy { "accuracy" } else { "exact match" };
    println!("{right} of {} right, {name} {:.1}%, loss {loss:.3}", samples.len(), 100.0 * metric);
    Ok(())
}

/// How well texts are foretold, by the base and by what was tuned.
fn forgotten(opened: &Opened, path: Option<&Path>) -> Result<()> {
    let Opened { learner, room, .. } = opened;
    let texts: Vec<String> = match path {
        None => train::town().stories(VALIDATION).take(STORIES).map(|story| story.text).collect(),
        Some(path) => {
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let paragraphs = text.split("\n\n").map(str::trim);
            paragraphs.filter(|text| !text.is_empty()).map(str::to_owned).collect()
        }
    };
    ensure!(!texts.is_empty(), "there is no text to be foretold");
    let base = Base::open(opened.base.as_deref())?;
    let mut items = Vec::new();
    for text in &texts {
        let mut ids = vec![base.buddy.end];
        ids.extend(base.buddy.encode(text)?);
        ids.truncate(READ.min(*room));
        let next = ids[1..].iter().map(|&id| i64::from(id));
        items.push(Encoded { labels: next.chain([IGNORE]).collect(), ids });
    }
    let [before, after] = [
        perplexity(&items, &base.buddy.model, &Frozen, base.buddy.end)?,
        perplexity(&items, &learner.base.buddy.model, learner.tuning(), base.buddy.end)?,
    ];
    println!("perplexity of {} texts: {before:.3} before, {after:.3} tuned", texts.len());
    Ok(())
}

/// `exp` of the mean loss of a token.
fn perplexity(items: &[Encoded], model: &Model, tuning: &dyn Tuning, end: u32) -> Result<f64> {
    let mut engine = train::decoder::engine(threads());
    let mut summed = Summed::default();
    for items in items.chunks(AT_ONCE) {
        let rows = Rows::of(items, end)?;
        summed = summed + engine.loss_tuned(model, tuning, rows.texts());
    }
    Ok(summed.mean().exp())
}

fn threads() -> usize {
    available_parallelism().map_or(1, usize::from)
}

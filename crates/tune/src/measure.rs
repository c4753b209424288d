//! What a model does on examples held out.

use anyhow::Result;
use instruction_tuning::solution::pad_batch;
use instruction_tuning::{Encoded, IM_END, Side};
use pocket_buddy::{PocketBuddy, Writing};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;
use small_gpt::{Engine, Pass, Summed, Texts, Tuning};
use task_heads::solution::{cls_head, head_backward};
use task_heads::{Head, IGNORE};
use train::decoder::Gemm;
use what_llms_are_for::metrics::bleu;

use crate::data::label_ids;
use crate::{Data, Item, Learner, Metric};

/// How examples came out.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The mean loss, in nats a token; of a classifier, in nats a text.
    pub loss: f64,
    /// Between 0 and 1.
    pub metric: f64,
    /// All answers, in the order of the examples.
    pub samples: Vec<Sample>,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// What was given.
    pub given: String,
    /// What was wanted.
    pub wanted: String,
    /// What came.
    pub got: String,
}

/// So many texts go through the model at a time.
pub const AT_ONCE: usize = 16;
/// Tokens that an answer may have more than the longest that is wanted.
const MORE: usize = 8;

/// Texts of one length.
#[derive(Clone, Debug)]
pub struct Rows {
    pub ids: Vec<u32>,
    pub labels: Vec<i64>,
    pub is_token: Vec<bool>,
    pub seq: usize,
}

impl Rows {
    /// Examples, filled up behind their ends.
    ///
    /// # Errors
    /// That of the lesson's function.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Encoded>, end: u32) -> Result<Self> {
        let items: Vec<Encoded> = items.into_iter().cloned().collect();
        let padded = pad_batch(&items, Side::Right, 1, end)?;
        let seq = padded.ids.first().map_or(1, Vec::len);
        let is_token = padded.attention_mask.concat().iter().map(|&is| is == 1).collect();
        Ok(Self { ids: padded.ids.concat(), labels: padded.labels.concat(), is_token, seq })
    }

    /// As the engine reads them.
    pub fn texts(&self) -> Texts<'_> {
        Texts { ids: &self.ids, labels: &self.labels, seq: self.seq }
    }

    /// Tokens that are no padding.
    pub fn tokens(&self) -> usize {
        self.is_token.iter().filter(|is| **is).count()
    }
}

/// Hidden states of the last token of each text. A text at a time: nothing goes back through them, so
/// what the layers keep of one text is enough.
pub fn last_hidden(learner: &Learner, items: &[&Item], pass: &mut Pass) -> Result<Vec<f32>> {
    let (base, mut all) = (&learner.base.buddy, Vec::new());
    for item in items {
        let ids = &item.encoded.ids[..item.given];
        let hidden = pass.forward_hidden(&base.model, learner.tuning(), ids, ids.len(), &mut Gemm);
        all.extend_from_slice(&hidden[hidden.len() - base.model.sizes.n_embd..]);
    }
    Ok(all)
}

/// The class of an example.
pub fn class(data: &Data, item: &Item) -> i64 {
    // Every label is in the list: whoever read the data saw to it.
    data.labels.iter().position(|label| *label == item.wanted).map_or(IGNORE, |class| class as i64)
}

/// Measures.
///
/// # Errors
/// If the model fails.
pub fn measure(learner: &Learner, data: &Data, engine: &mut Engine) -> Result<Measured> {
    if let Some(head) = learner.head() {
        return classified(learner, data, &head);
    }
    let (base, tuning) = (&learner.base.buddy, learner.tuning());
    let mut summed = Summed::default();
    for items in data.held_out.chunks(AT_ONCE) {
        let rows = Rows::of(items.iter().map(|item| &item.encoded), base.end)?;
        summed = summed + engine.loss_tuned(&base.model, tuning, rows.texts());
    }
    let answers = match data.metric {
        Metric::Accuracy => {
            let given = data.held_out.iter().map(|item| &item.encoded.ids[..item.given]);
            likeliest(learner, &data.labels, given)?
        }
        _ => written(learner, data, tuning)?,
    };
    judged(data, summed.mean(), answers, learner)
}

/// The label that is the likeliest behind each text.
pub fn likeliest<'a>(
    learner: &Learner,
    labels: &[String],
    texts: impl Iterator<Item = &'a [u32]>,
) -> Result<Vec<String>> {
    let base = &learner.base.buddy;
    let mut behind = Vec::new();
    for label in labels {
        behind.push(label_ids(label, base)?);
    }
    let mut pass = Pass::default();
    let answer = |given: &[u32]| {
        let mut best = (f64::INFINITY, "");
        for (label, behind) in labels.iter().zip(&behind) {
            let ids = [given, behind].concat();
            let mut labels = vec![IGNORE; ids.len()];
            for (label, &id) in labels[given.len() - 1..].iter_mut().zip(behind) {
                *label = i64::from(id);
            }
            pass.forward_tuned(&base.model, learner.tuning(), &ids, ids.len(), &mut Gemm);
            let loss = pass.loss(&labels).loss;
            if loss < best.0 {
                best = (loss, label);
            }
        }
        best.1.to_owned()
    };
    Ok(texts.map(answer).collect())
}

/// What the model writes to each, by the likeliest token.
fn written(learner: &Learner, data: &Data, tuning: &dyn Tuning) -> Result<Vec<String>> {
    let longest = data.held_out.iter().map(|item| item.encoded.ids.len() - item.given).max();
    let most = longest.unwrap_or(0) + MORE;
    let answer = |item: &Item| -> Result<String> {
        write(&learner.base.buddy, tuning, &item.encoded.ids[..item.given], most)
    };
    data.held_out.iter().map(answer).collect()
}

/// What the model writes behind a text, by the likeliest token: at most so many.
pub fn write(
    base: &PocketBuddy,
    tuning: &dyn Tuning,
    given: &[u32],
    most: usize,
) -> Result<String> {
    // Nothing is drawn at temperature 0.
    let mut rng = StdRng::seed_from_u64(0);
    let writing = Writing::greedy(most, base.end);
    let new = base.generate(given, &writing, &mut rng, Some(tuning), &mut |_| true)?;
    let text = base.decode(&new)?;
    let text = text.trim();
    Ok(text.strip_suffix(IM_END).unwrap_or(text).trim().to_owned())
}
/// What a classifier says.
fn classified(learner: &Learner, data: &Data, head: &Head) -> Result<Measured> {
    let (mut loss, mut answers) = (0.0, Vec::new());
    let mut pass = Pass::default();
    for items in data.held_out.chunks(AT_ONCE) {
        let items: Vec<&Item> = items.iter().collect();
        let hidden = last_hidden(learner, &items, &mut pass)?;
        let classes: Vec<i64> = items.iter().map(|item| class(data, item)).collect();
        loss += head_backward(&hidden, &classes, head)?.loss * items.len() as f64;
        // Each text is its last token here.
        let logits = cls_head(&hidden, &vec![true; items.len()], 1, head)?;
        for logits in logits.chunks_exact(head.n_classes()) {
            let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            answers.push(data.labels[best.unwrap_or(0)].clone());
        }
    }
    judged(data, loss / data.held_out.len() as f64, answers, learner)
}

fn judged(data: &Data, loss: f64, answers: Vec<String>, learner: &Learner) -> Result<Measured> {
    let pairs = || answers.iter().zip(data.held_out.iter().map(|item| &item.wanted));
    let words = |text: &String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let metric = match data.metric {
        Metric::Bleu => bleu(&pairs().map(|(a, b)| (words(a), words(b))).collect::<Vec<_>>()),
        _ => pairs().filter(|(a, b)| a == b).count() as f64 / answers.len().max(1) as f64,
    };
    let sample = |(got, item): (&String, &Item)| -> Result<Sample> {
        let given = learner.base.buddy.decode(&item.encoded.ids[..item.given])?;
        Ok(Sample { given, wanted: item.wanted.clone(), got: got.clone() })
    };
    let samples = answers.iter().zip(&data.held_out).map(sample);
    Ok(Measured { loss, metric, samples: samples.collect::<Result<_>>()? })
}

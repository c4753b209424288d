//! Buddy on Tinytown's dialogues: what all runs share.

use std::error::Error;

use batches::solution::epoch_order;
use half::f16;
use instruction_tuning::solution::{chat_template, pad_batch, sft_labels};
use instruction_tuning::{END, Encoded, IGNORE, IM_END, Message, Side, buddy_bpe, tokens};
use optimizers::solution::{adamw_step, decay_groups};
use optimizers::{AdamW, Moments, Parameter};
use safetensors::SafeTensors;
use schedules_and_stability::solution::{clip_grad_norm, lr_at};
use schedules_and_stability::{Decay, Schedule};
use small_gpt::{Engine, Model, Portable, Sizes, Summed, Texts};
use tinytown::{Dialogue, Role, World};
use tokenization::Bpe;
use tokenization::solution::decode;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

pub const STEPS: usize = 300;
pub const BATCH: usize = 8;
pub const DIALOGUES: usize = 2400;
/// Dialogues whose loss is measured; a model answers the first message of the first of them.
pub const HELD_OUT: usize = 120;
pub const ASKED: usize = 100;
/// An answer may have so many tokens.
pub const LONGEST: usize = 48;
pub const PEAK: f64 = 0.001;
pub const WARMUP: usize = 20;
const CONTEXT: usize = 128;
/// What Buddy is asked before it learns, and how many tokens of its answer are kept.
pub const BEFORE: (&str, usize) = ("Where is Otto?", 24);

/// Which tokens are learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// What the assistant says.
    Answers,
    /// Everything.
    All,
    /// What the assistant says, without the token that ends it.
    NoEnd,
}

impl Learned {
    pub const ALL: [Self; 3] = [Self::Answers, Self::All, Self::NoEnd];

    pub fn name(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::All => "everything",
            Self::NoEnd => "answers without their end",
        }
    }
}

/// A dialogue of the data.
pub struct Talk {
    pub messages: Vec<Message>,
    pub ids: Vec<u32>,
    /// By what is learned: answers, everything, answers without their end.
    pub labels: [Vec<i64>; 3],
}

impl Talk {
    /// None if it is longer than a row.
    fn new(bpe: &Bpe, dialogue: &Dialogue) -> Outcome<Option<Self>> {
        let role = |role| if role == Role::User { "user" } else { "assistant" };
        let messages = dialogue.turns.iter().map(|turn| Message::new(role(turn.role), &turn.text));
        let messages: Vec<Message> = messages.collect();
        let chat = chat_template(&messages, false)?;
        let (ids, offsets) = tokens(bpe, &chat.text);
        let answers = sft_labels(&ids, &offsets, &chat.spans)?;
        let all = sft_labels(&ids, &offsets, std::slice::from_ref(&(0..chat.text.len())))?;
        let end = i64::from(end(bpe));
        let no_end = answers.iter().map(|&label| if label == end { IGNORE } else { label });
        let labels = [answers.clone(), all, no_end.collect()];
        Ok((ids.len() <= CONTEXT).then_some(Self { messages, ids, labels }))
    }

    pub fn encoded(&self, learned: Learned) -> Encoded {
        Encoded { ids: self.ids.clone(), labels: self.labels[learned as usize].clone() }
    }
}

/// The id of the token that ends a message.
pub fn end(bpe: &Bpe) -> u32 {
    tokens(bpe, IM_END).0[0]
}

/// Dialogues of a stream that fit into a row.
pub fn talks(bpe: &Bpe, stream: u64, count: usize) -> Outcome<Vec<Talk>> {
    let world = World::new(1);
    let mut talks = Vec::new();
    for dialogue in world.dialogues(stream) {
        talks.extend(Talk::new(bpe, &dialogue)?);
        if talks.len() == count {
            break;
        }
    }
    Ok(talks)
}

/// Buddy as it was pre-trained, with two tokens more; their vectors are the mean of all others.
pub fn buddy() -> Outcome<(Bpe, Model)> {
    let bpe = buddy_bpe();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../models/buddy/model.safetensors");
    let file = std::fs::read(path)?;
    let weights = SafeTensors::deserialize(&file)?;
    let sizes = Sizes {
        n_layer: 4,
        n_head: 8,
        n_embd: 128,
        n_positions: CONTEXT,
        vocab_size: bpe.vocab_size(),
    };
    let mut model = Model::zeros(sizes);
    for tensor in model.tensors().to_vec() {
        let bytes = weights.tensor(&tensor.name)?.data().as_chunks::<2>().0.to_vec();
        let numbers = bytes.into_iter().map(|bytes| f16::from_le_bytes(bytes).to_f32());
        let place = &mut model.parameters[tensor.range];
        place.iter_mut().zip(numbers).for_each(|(number, kept)| *number = kept);
    }
    let (width, table) = (sizes.n_embd, model.tensors()[0].range.clone());
    let old = bpe.vocab_size() - 2;
    let (known, new) = model.parameters[table].split_at_mut(old * width);
    for (i, number) in new.iter_mut().enumerate() {
        let column = known.iter().skip(i % width).step_by(width);
        *number = (column.map(|&x| f64::from(x)).sum::<f64>() / old as f64) as f32;
    }
    Ok((bpe, model))
}

pub fn engine() -> Engine {
    Engine::new(4, 2, || Box::<Portable>::default())
}

/// The loss of a token of the held-out answers, ends included.
pub fn answer_loss(model: &Model, held_out: &[Talk], engine: &mut Engine) -> Outcome<f64> {
    let mut summed = Summed::default();
    for talks in held_out.chunks(BATCH) {
        let batch: Vec<Encoded> = talks.iter().map(|talk| talk.encoded(Learned::Answers)).collect();
        let (ids, labels, seq) = flat(&batch)?;
        summed = summed + engine.loss(model, Texts { ids: &ids, labels: &labels, seq });
    }
    Ok(summed.mean())
}

/// A batch, row by row. What stands behind a text cannot be seen from it: a causal mask is enough.
fn flat(batch: &[Encoded]) -> Outcome<(Vec<u32>, Vec<i64>, usize)> {
    let padded = pad_batch(batch, Side::Right, 1, 0)?;
    let seq = padded.ids[0].len();
    Ok((padded.ids.concat(), padded.labels.concat(), seq))
}

/// Trains, and calls `each` before the first step and after each.
pub fn train(
    model: &mut Model,
    talks: &[Talk],
    learned: Learned,
    (seed, until): (u64, usize),
    each: &mut dyn FnMut(usize, &Model) -> Outcome<()>,
) -> Outcome<()> {
    let schedule =
        Schedule { decay: Decay::Cosine, peak: PEAK, floor: 0.0, warmup: WARMUP, total: STEPS };
    let named = model.tensors().iter();
    let named = named.map(|t| Parameter { name: t.name.clone(), shape: t.shape.clone() });
    let groups = decay_groups(&named.collect::<Vec<_>>(), 0.01);
    let mut moments = Moments::new(model.parameters.len());
    let mut engine = engine();
    let steps = talks.len() / BATCH;
    each(0, model)?;
    for step in 0..until {
        let order = epoch_order(talks.len(), seed, (step / steps) as u64);
        let rows = &order[step % steps * BATCH..][..BATCH];
        let batch: Vec<Encoded> = rows.iter().map(|&row| talks[row].encoded(learned)).collect();
        let (ids, labels, seq) = flat(&batch)?;
        let asked = labels.iter().filter(|label| **label != IGNORE).count();
        let mut gradient = vec![0.0; model.parameters.len()];
        let texts = Texts { ids: &ids, labels: &labels, seq };
        engine.gradient(model, texts, (1.0 / asked as f64) as f32, &mut gradient);
        clip_grad_norm(&mut [&mut gradient], 1.0)?;
        let adamw = AdamW { lr: lr_at(&schedule, step), beta1: 0.9, beta2: 0.99, eps: 1e-8 };
        adamw_step(&mut model.parameters, &gradient, &groups, &mut moments, &adamw)?;
        each(step + 1, model)?;
    }
    Ok(())
}

/// What the model answers to the first message, by its likeliest tokens, and whether it ends.
pub fn answer(
    bpe: &Bpe,
    model: &Model,
    talk: &Talk,
    engine: &mut Engine,
) -> Outcome<(String, bool)> {
    let asked = chat_template(&talk.messages[..1], true)?;
    let mut ids = tokens(bpe, &asked.text).0;
    let from = ids.len();
    while ids.len() < CONTEXT.min(from + LONGEST + 1) {
        let logits = engine.next_logits(model, &ids).iter().zip(0..);
        let best = logits.max_by(|a, b| a.0.total_cmp(b.0)).map_or(0, |(_, id)| id);
        if best == end(bpe) {
            return Ok((decode(bpe, &ids[from..])?, true));
        }
        ids.push(best);
    }
    Ok((decode(bpe, &ids[from..])?, false))
}

/// How a model goes on after a text, by its likeliest tokens, so many of them.
pub fn continued(bpe: &Bpe, model: &Model, text: &str, count: usize) -> Outcome<String> {
    let mut ids = tokens(bpe, &format!("{END}{text}")).0;
    let from = ids.len();
    let mut engine = engine();
    for _ in 0..count {
        let logits = engine.next_logits(model, &ids).iter().zip(0..);
        ids.push(logits.max_by(|a, b| a.0.total_cmp(b.0)).map_or(0, |(_, id)| id));
    }
    Ok(decode(bpe, &ids[from..])?)
}

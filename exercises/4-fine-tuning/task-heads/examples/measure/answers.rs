//! Where an answer stands: Buddy with a head that has two classes, start and end.

use std::time::Instant;

use anyhow::Result;
use optimizers::{AdamW, Group, Moments};
use pocket_buddy::{PocketBuddy, PocketError};
use serde_json::{Value, json};
use small_gpt::{Full, Model, Pass, Portable};
use task_heads::Head;
use task_heads::solution::best_span;
use task_heads::tune::Order;
use tinytown::{Question, World};

use crate::{TRAINING, VALIDATION, WORLD};

const EXAMPLES: usize = 4000;
const HELD_OUT: usize = 200;
const STEPS: usize = 500;
const BATCH: usize = 8;
const PEAK: f64 = 1e-3;
/// The longest answer that is looked for.
const MAX_LEN: usize = 8;
/// Questions whose logits are kept.
const SHOWN: usize = 6;

/// The question first: a token sees only what stands before it.
struct Asked {
    ids: Vec<u32>,
    /// Where the context begins.
    context: usize,
    /// First and last token of the answer.
    answer: [usize; 2],
}

impl Asked {
    /// `None` if it has more tokens than Buddy has positions, or the answer begins inside of one.
    fn of(question: &Question, buddy: &PocketBuddy) -> Result<Option<Self>> {
        let mut ids = vec![buddy.end];
        ids.extend(buddy.encode(&question.question)?);
        ids.push(buddy.end);
        let context = ids.len();
        let pieces = buddy.encode(&question.context)?;
        let (first, behind) = (question.start, question.start + question.answer.len());
        let (mut at, mut answer) = (0, [None; 2]);
        for (i, piece) in pieces.iter().enumerate() {
            let end = at + buddy.decode(&[*piece])?.len();
            // A piece has the space before it.
            if at <= first && first < end {
                answer[0] = Some(context + i);
            }
            if at < behind && behind <= end {
                answer[1] = Some(context + i);
            }
            at = end;
        }
        ids.extend(pieces);
        let [Some(start), Some(end)] = answer else { return Ok(None) };
        Ok((ids.len() <= 128).then_some(Self { ids, context, answer: [start, end] }))
    }
}

struct Reader {
    model: Model,
    head: Head,
    pass: Pass,
    products: Portable,
}

impl Reader {
    /// Start logits and end logits.
    fn logits(&mut self, asked: &Asked) -> [Vec<f32>; 2] {
        let Self { model, head, pass, products } = self;
        pass.forward_hidden(model, &Full::of(model), &asked.ids, asked.ids.len(), products);
        let both: Vec<Vec<f32>> =
            pass.hidden().chunks(head.n_embd).map(|h| head.logits(h)).collect();
        [0, 1].map(|class| both.iter().map(|z| z[class]).collect())
    }

    /// Adds the slopes of `scale` times the loss: the mean of two cross-entropies over the tokens of
    /// the context.
    fn backward(&mut self, asked: &Asked, scale: f64, slopes: &mut [Vec<f32>; 3]) -> f64 {
        let n_embd = self.head.n_embd;
        let logits = self.logits(asked);
        let mut hidden = vec![0.0; asked.ids.len() * n_embd];
        let mut loss = 0.0;
        for (class, (logits, right)) in logits.iter().zip(asked.answer).enumerate() {
            let largest = logits[asked.context..].iter().fold(f32::MIN, |a, &b| a.max(b));
            let e = logits.iter().map(|z| f64::from(z - largest).exp());
            let sum: f64 = e.clone().skip(asked.context).sum();
            loss += (sum.ln() + f64::from(largest - logits[right])) / 2.0;
            let row = class * n_embd..(class + 1) * n_embd;
            for (i, e) in e.enumerate().skip(asked.context) {
                let y = if i == right { 1.0 } else { 0.0 };
                let delta = (scale * (e / sum - y) / 2.0) as f32;
                slopes[2][class] += delta;
                let h = &self.pass.hidden()[i * n_embd..][..n_embd];
                slopes[1][row.clone()].iter_mut().zip(h).for_each(|(dw, h)| *dw += delta * h);
                let dh = hidden[i * n_embd..][..n_embd].iter_mut();
                dh.zip(&self.head.weight[row.clone()]).for_each(|(dh, w)| *dh += delta * w);
            }
        }
        let Self { model, pass, products, .. } = self;
        pass.backward_hidden(model, &Full::of(model), &hidden, &mut slopes[0], products);
        loss
    }
}

/// The first of the largest.
fn largest(logits: &[f32], from: usize) -> usize {
    (from..logits.len()).rev().max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or(from)
}

pub fn measure() -> Result<Value> {
    let clock = Instant::now();
    let buddy = PocketBuddy::kept()?;
    let world = World::new(WORLD);
    let read = |stream, n| -> Result<Vec<(Question, Asked)>> {
        let mut all = Vec::new();
        for question in world.questions(stream) {
            if let Some(asked) = Asked::of(&question, &buddy)? {
                all.push((question, asked));
            }
            if all.len() == n {
                break;
            }
        }
        Ok(all)
    };
    let (training, held_out) = (read(TRAINING, EXAMPLES)?, read(VALIDATION, HELD_OUT)?);
    let model = buddy.model.clone();
    let head = Head::zeros(model.sizes.n_embd, 2);
    let mut reader = Reader { model, head, pass: Pass::default(), products: Portable::default() };
    let sizes = [reader.model.parameters.len(), reader.head.weight.len(), 2];
    let mut moments = sizes.map(Moments::new);
    let mut order = Order::new(EXAMPLES, 1);
    let mut seen = 0.0;
    for step in 0..STEPS {
        let mut slopes = sizes.map(|n| vec![0.0; n]);
        for i in order.next(BATCH) {
            seen += reader.backward(&training[i].1, 1.0 / BATCH as f64, &mut slopes) / BATCH as f64;
        }
        let rises = (step as f64 + 1.0) / 50.0;
        let lr = PEAK * rises.min(1.0) * (1.0 - step as f64 / STEPS as f64);
        let adamw = AdamW { lr, ..AdamW::default() };
        let Reader { model, head, .. } = &mut reader;
        let numbers = [&mut model.parameters, &mut head.weight, &mut head.bias];
        for ((numbers, slopes), moments) in numbers.into_iter().zip(&slopes).zip(&mut moments) {
            let groups = Group::all(numbers.len(), 0.0);
            adamw.step(numbers, slopes, &groups, moments)?;
        }
        if step % 50 == 49 {
            eprintln!("{:5.0?} step {step}: {:.3}", clock.elapsed(), seen / 50.0);
            seen = 0.0;
        }
        if step % 250 == 249 {
            let mut right = 0;
            for (_, asked) in &held_out {
                let [s, e] = reader.logits(asked);
                let found = best_span(&s, &e, asked.context..s.len(), MAX_LEN)?;
                right += usize::from([found.start, found.end] == asked.answer);
            }
            eprintln!("      right: {right} of {HELD_OUT}");
        }
    }
    let [mut right, mut alone, mut crossed, mut long] = [0; 4];
    let mut shown = Vec::new();
    for (question, asked) in &held_out {
        let [s, e] = reader.logits(asked);
        let found = best_span(&s, &e, asked.context..s.len(), MAX_LEN)?;
        let [first, last] = [largest(&s, asked.context), largest(&e, asked.context)];
        right += usize::from([found.start, found.end] == asked.answer);
        alone += usize::from([first, last] == asked.answer);
        crossed += usize::from(last < first);
        long += usize::from(last >= first + MAX_LEN);
        let differs = [first, last] != [found.start, found.end];
        // Some on which the two differ, and some others.
        let wanted = if differs { SHOWN / 2 } else { SHOWN - SHOWN / 2 };
        if shown.iter().filter(|(is_one, _)| *is_one == differs).count() < wanted {
            let pieces = asked.ids[asked.context..].iter();
            let pieces: Result<Vec<String>, PocketError> =
                pieces.map(|id| buddy.decode(&[*id])).collect();
            let round = |z: &[f32]| -> Vec<f64> {
                z[asked.context..].iter().map(|z| (f64::from(*z) * 100.0).round() / 100.0).collect()
            };
            let answer = asked.answer.map(|at| at - asked.context);
            shown.push((
                differs,
                json!({
                    "question": question.question, "pieces": pieces?, "answer": answer,
                    "start": round(&s), "end": round(&e),
                }),
            ));
        }
    }
    let shown: Vec<Value> = shown.into_iter().map(|(_, shown)| shown).collect();
    Ok(json!({
        "command": "cargo run -p task-heads --example measure -- answers",
        "examples": EXAMPLES, "steps": STEPS, "batch": BATCH, "held_out": HELD_OUT,
        "max_len": MAX_LEN, "right": right, "alone": alone, "crossed": crossed, "long": long,
        "shown": shown,
    }))
}

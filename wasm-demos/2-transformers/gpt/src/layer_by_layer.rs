//! A GPT on the reader's own sentence, from tokens to logits, down to one dot product.

use std::cell::OnceCell;
use std::rc::Rc;

use demo::control::{Choice, Number, Slider, Text, Typed};
use demo::format::{counted, number, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use gpt::example::gelu;
use gpt::{Answers, Gpt2, buddy};
use grading::numbers::settled;
use tokenization::{Bpe, sample_vocab, solution::encode};

use crate::trace::{Layer, Trace, lens};

/// More columns would not fit on a phone.
const MOST: usize = 9;

const TEXT: Text = Text::new("text", "A sentence", "The keeper saw the light", 300);
const PLACE: Slider = Slider::new("place", "The token that reads", 8.0, [1.0, MOST as f64], 1.0);
const PART: Choice = Choice::new(
    "part",
    "Look into",
    &[
        ("attention", "attention"),
        ("embeddings", "embeddings"),
        ("mlp", "the feed-forward network"),
        ("logits", "logits"),
    ],
);
const LAYER: Slider = Slider::new("layer", "Block", 1.0, [1.0, 4.0], 1.0);
const HEAD: Slider = Slider::new("head", "Head", 1.0, [1.0, 8.0], 1.0);
const KEY: Slider = Slider::new("key", "The token that is looked at", 1.0, [1.0, MOST as f64], 1.0);
const NUMBER: Number =
    Number::new("number", "Which number, or which rank of the logits", 1.0, [1.0, 512.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "layer-by-layer",
        title: "Next token, layer by layer",
        lesson: "gpt",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            let [place, layer, head, key] = [PLACE, LAYER, HEAD, KEY].map(|s| s.control());
            vec![TEXT.control(), place, PART.control(), layer, head, key, NUMBER.control()]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

thread_local! {
    /// Drawing a million weights takes longer than a run.
    static MODEL: OnceCell<Rc<(Gpt2, Bpe)>> = const { OnceCell::new() };
}

fn model() -> Result<Rc<(Gpt2, Bpe)>, DemoError> {
    if let Some(model) = MODEL.with(|kept| kept.get().cloned()) {
        return Ok(model);
    }
    let config = buddy();
    let bpe = sample_vocab(config.vocab_size)?;
    let model = Rc::new((Gpt2::random(config, 1)?, bpe));
    Ok(MODEL.with(|kept| kept.get_or_init(|| model).clone()))
}

/// What the reader looks at.
struct Look<'a> {
    model: &'a Gpt2,
    trace: Trace,
    /// The tokens as they are read, with their numbers.
    names: Vec<String>,
    bpe: &'a Bpe,
    place: usize,
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let kept = model()?;
    let (model, bpe) = (&kept.0, &kept.1);
    let mut ids = encode(bpe, &cx.get(&TEXT)?);
    if ids.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no token yet: type something."));
    }
    let cut = ids.len().saturating_sub(MOST);
    ids.truncate(MOST);
    let [place, layer, head, key] = [PLACE, LAYER, HEAD, KEY].map(|slider| cx.get(&slider));
    let place = (place? as usize).min(ids.len()) - 1;
    let (layer, head) = (layer? as usize - 1, head? as usize - 1);
    let key = (key? as usize - 1).min(place);
    let at = cx.get(&NUMBER)? as usize - 1;
    let names = (1..).zip(&ids).map(|(n, &id)| format!("{n} {}", seen(bpe, id))).collect();
    let trace = Trace::new(model, &ids, answers)?;
    let look = Look { model, trace, names, bpe, place };

    let mut views = vec![chips(bpe, &ids), look.by_layer()?];
    views.extend(match cx.get(&PART)? {
        "embeddings" => look.embeddings(at % 128),
        "mlp" => look.mlp(layer, at)?,
        "logits" => look.logits(at)?,
        _ => look.attention(layer, head, key),
    });
    if cut > 0 {
        let note = format!("Read are the first {MOST} tokens; {cut} more are left out here.");
        views.push(View::Prose(vec![note]));
    }
    let (id, share) = best(&lens(&look.trace.stream[4][place], model)?);
    cx.show(
        format!(
            "{}. After token {}, an untrained model finds “{}” likeliest, with {}.",
            counted(ids.len(), "token"),
            place + 1,
            seen(bpe, id),
            percent(share)
        ),
        &views,
    );
    Ok(())
}

/// A token with its spaces visible.
fn seen(bpe: &Bpe, id: u32) -> String {
    bpe.spelled(id).replace(' ', "␣").replace('\n', "↵")
}

fn best(shares: &[f32]) -> (u32, f64) {
    let best = (0_u32..).zip(shares).max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    best.map_or((0, 0.0), |(id, &share)| (id, f64::from(share)))
}

fn chips(bpe: &Bpe, ids: &[u32]) -> View {
    let chip = |&id: &u32| TokenChip {
        text: bpe.spelled(id),
        id,
        bytes: bpe.bytes(id).map_or(0, <[u8]>::len),
        color: id,
    };
    View::Tokens { label: "Tokens, and their ids".into(), chips: ids.iter().map(chip).collect() }
}

fn cell(x: f64) -> Cell {
    Cell::Number(number(settled(x)))
}

impl Look<'_> {
    /// The stream of one token behind each block, read as if it were the last.
    fn by_layer(&self) -> Result<View, DemoError> {
        let mut rows = Vec::new();
        for (layer, stream) in self.trace.stream.iter().enumerate() {
            let x = &stream[self.place];
            let (id, share) = best(&lens(x, self.model)?);
            let length = x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
            rows.push(vec![
                Cell::from(match layer {
                    0 => "embeddings".into(),
                    layer => format!("block {layer}"),
                }),
                Cell::Number(format!("{length:.2}")),
                Cell::from(format!("“{}”", seen(self.bpe, id))),
                Cell::Number(percent(f64::from(share as f32))),
            ]);
        }
        let columns = ["After", "Length of the stream", "Likeliest next", "Its share"];
        let label =
            format!("The stream of token {}, and logits read from it", self.names[self.place]);
        Ok(View::Table { label, columns: columns.map(String::from).into(), rows })
    }

    fn embeddings(&self, from: usize) -> Vec<View> {
        let (token, position) = (&self.trace.tokens[self.place], &self.trace.positions[self.place]);
        let rows = (from..(from + 8).min(token.len())).map(|i| {
            let (a, b) = (f64::from(token[i]), f64::from(position[i]));
            vec![Cell::from((i + 1).to_string()), cell(a), cell(b), cell(a + b)]
        });
        let columns = ["Number", "Token", "Position", "Sum"];
        vec![View::Table {
            label: format!(
                "Token {}: its row of wte, row {} of wpe, and their sum",
                self.names[self.place], self.place
            ),
            columns: columns.map(String::from).into(),
            rows: rows.collect(),
        }]
    }

    fn attention(&self, layer: usize, head: usize, key: usize) -> Vec<View> {
        let Layer { queries, keys, weights, .. } = &self.trace.layers[layer];
        let places: Vec<String> = (1..=self.names.len()).map(|n| n.to_string()).collect();
        let (q, k) = (&queries[head][self.place], &keys[head][key]);
        let score = dot(q, k);
        let root = (q.len() as f64).sqrt();
        let weight = f64::from(weights[head][self.place][key]);
        vec![
            View::Matrix {
                label: format!("Block {}, head {}: who looks at whom", layer + 1, head + 1),
                rows: self.names.clone(),
                columns: places,
                values: weights[head].iter().flatten().map(|&x| round(f64::from(x))).collect(),
            },
            product(
                &format!(
                    "The query of {} times the key of {}",
                    self.names[self.place], self.names[key]
                ),
                ["Query", "Key"],
                q,
                k,
            ),
            View::Prose(vec![format!(
                "Divided by √{} the score is {}. Softmax over the {} that this one may see gives \
                 it the weight {}.",
                q.len(),
                number(settled(score / root)),
                counted(self.place + 1, "token"),
                number(round(weight))
            )]),
        ]
    }

    fn mlp(&self, layer: usize, at: usize) -> Result<Vec<View>, DemoError> {
        let Layer { normed, inside, .. } = &self.trace.layers[layer];
        let x = f64::from(inside[self.place][at]);
        let weight = self.model.h[layer].mlp.c_fc.weight.narrow(1, at, 1)?;
        let weight = weight.flatten_all()?.to_vec1()?;
        let bent = gelu(x);
        let label = format!(
            "Block {}: token {}, normed, times column {} of c_fc",
            layer + 1,
            self.names[self.place],
            at + 1
        );
        Ok(vec![
            product(&label, ["Token", "Weight"], &normed[self.place], &weight),
            View::Prose(vec![format!(
                "With its bias, 0 before training, it is {}. GELU makes {} of it. There are {} \
                 such numbers inside; c_proj turns them into {} that are added to the stream.",
                number(settled(x)),
                number(settled(bent)),
                inside[self.place].len(),
                normed[self.place].len()
            )]),
        ])
    }

    fn logits(&self, rank: usize) -> Result<Vec<View>, DemoError> {
        let shares = lens(&self.trace.stream[self.trace.layers.len()][self.place], self.model)?;
        let mut order: Vec<u32> = (0..shares.len() as u32).collect();
        let share = |id: u32| f64::from(shares[id as usize]);
        order.sort_by(|&a, &b| share(b).total_cmp(&share(a)).then(a.cmp(&b)));
        let bar = |&id: &u32| Bar {
            label: seen(self.bpe, id),
            value: round(share(id)),
            shown: percent(share(id)),
            muted: false,
        };
        let id = order[rank.min(order.len() - 1)];
        let row: Vec<f32> = self.model.wte.narrow(0, id as usize, 1)?.flatten_all()?.to_vec1()?;
        let last = &self.trace.last[self.place];
        Ok(vec![
            View::Bars {
                label: format!("Behind token {}: the likeliest", self.names[self.place]),
                bars: order.iter().take(6).map(bar).collect(),
                max: share(order[0]).max(0.01),
            },
            product(
                &format!(
                    "Rank {}: the last vector times the row of “{}”",
                    rank + 1,
                    seen(self.bpe, id)
                ),
                ["Vector", "Row of wte"],
                last,
                &row,
            ),
        ])
    }
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// A dot product, term by term; of a long one the largest terms.
fn product(label: &str, [a_name, b_name]: [&str; 2], a: &[f32], b: &[f32]) -> View {
    const SHOWN: usize = 8;
    let term = |i: usize| f64::from(a[i]) * f64::from(b[i]);
    let mut order: Vec<usize> = (0..a.len()).collect();
    order.sort_by(|&i, &j| term(j).abs().total_cmp(&term(i).abs()).then(i.cmp(&j)));
    let shown = &order[..SHOWN.min(order.len())];
    let mut rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|&i| {
            let (a, b) = (f64::from(a[i]), f64::from(b[i]));
            vec![Cell::from((i + 1).to_string()), cell(a), cell(b), cell(a * b)]
        })
        .collect();
    let none = || Cell::Number(String::new());
    let rest: f64 = order.iter().skip(SHOWN).map(|&i| term(i)).sum();
    if order.len() > SHOWN {
        rows.push(vec![counted(order.len() - SHOWN, "other").into(), none(), none(), cell(rest)]);
    }
    rows.push(vec!["sum".into(), none(), none(), cell(dot(a, b))]);
    let columns = ["Number", a_name, b_name, "Product"];
    View::Table { label: label.into(), columns: columns.map(String::from).into(), rows }
}

//! What transformers and seqeval say, and heads in f64 for the checks.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Bio, Head, Slopes};
use grading::{Failure, Outcome, Tolerance, expect_close, expect_same};

/// A head of a tiny model.
#[derive(Deserialize)]
pub struct Golden {
    pub name: String,
    pub seq: usize,
    pub mask: Vec<bool>,
    /// Of texts for GPT-2, of tokens for BERT.
    pub labels: Vec<i64>,
    pub n_embd: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
    pub hidden: Vec<f32>,
    pub logits: Vec<f64>,
    pub loss: f64,
    pub dweight: Vec<f64>,
    /// GPT-2's head has no bias.
    pub dbias: Option<Vec<f64>>,
    pub dhidden: Vec<f64>,
}

impl Golden {
    pub fn head(&self) -> Head {
        Head { n_embd: self.n_embd, weight: self.weight.clone(), bias: self.bias.clone() }
    }

    /// Whether texts have labels, and not tokens.
    pub fn is_of_texts(&self) -> bool {
        self.labels.len() < self.mask.len()
    }
}

/// What a tokenizer's words and run_ner.py make of tags.
#[derive(Deserialize)]
pub struct Aligned {
    tags: Vec<usize>,
    pub word_ids: Vec<Option<usize>>,
    pub ignored: Vec<i64>,
    pub inside: Vec<i64>,
}

/// What seqeval makes of tags.
#[derive(Deserialize)]
pub struct Named {
    tags: Vec<usize>,
    /// Kind, first word, word behind the last.
    pub names: Vec<(usize, usize, usize)>,
}

impl Aligned {
    pub fn tags(&self) -> Vec<Bio> {
        self.tags.iter().map(|&class| Bio::of_class(class)).collect()
    }
}

impl Named {
    pub fn tags(&self) -> Vec<Bio> {
        self.tags.iter().map(|&class| Bio::of_class(class)).collect()
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::wrong(format!("golden: {error}")))
}

pub fn heads() -> Result<Vec<Golden>, Failure> {
    read(include_str!("../golden/heads.json"))
}

pub fn aligned() -> Result<Vec<Aligned>, Failure> {
    read(include_str!("../golden/labels.json"))
}

pub fn named() -> Result<Vec<Named>, Failure> {
    read(include_str!("../golden/names.json"))
}

/// Labels of the tokens of texts: that of a text at its last token, nothing elsewhere.
pub fn at_last(mask: &[bool], seq: usize, labels: &[i64]) -> Vec<i64> {
    let mut all = vec![crate::IGNORE; mask.len()];
    for (text, label) in labels.iter().enumerate() {
        if let Some(at) = (0..seq).rev().find(|at| mask[text * seq + at]) {
            all[text * seq + at] = *label;
        }
    }
    all
}

/// The logits of a hidden state in f64, and how large the terms are that were added up.
pub fn logits(head: &Head, h: &[f32]) -> Vec<(f64, f64)> {
    let rows = head.weight.chunks_exact(head.n_embd);
    let row = |(row, b): (&[f32], &f32)| {
        let terms = row.iter().zip(h).map(|(w, h)| f64::from(*w) * f64::from(*h));
        let b = f64::from(*b);
        (terms.clone().sum::<f64>() + b, terms.map(f64::abs).sum::<f64>() + b.abs())
    };
    rows.zip(&head.bias).map(row).collect()
}

/// Sums of numbers in f32 are as exact as the sum of the sizes of their terms.
pub fn expect_slopes(what: &str, head: &Head, got: &Slopes, want: &Slopes) -> Outcome {
    let largest = |x: &[f32]| x.iter().fold(0.0, |a: f64, x| a.max(f64::from(x.abs())));
    let exact = Tolerance { rtol: 1e-5, atol: 1e-6 };
    expect_close(&format!("{what}: `loss`"), &[], &[got.loss], &[want.loss], exact)?;
    for (name, got, want) in [
        ("weight", &got.weight, &want.weight),
        ("bias", &got.bias, &want.bias),
        ("hidden", &got.hidden, &want.hidden),
    ] {
        let shape =
            if name == "bias" { vec![] } else { vec![want.len() / head.n_embd, head.n_embd] };
        let bound = Tolerance { rtol: 1e-4, atol: 1e-5 * largest(want) + 1e-9 };
        let what = format!("{what}: `{name}`");
        expect_same(&format!("{what}, how many numbers"), &got.len(), &want.len())?;
        expect_close(&what, &shape, got, want, bound)?;
    }
    Ok(())
}

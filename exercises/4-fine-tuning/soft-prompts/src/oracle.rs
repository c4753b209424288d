//! What is right, without the lesson's code: PEFT and PyTorch in a golden file, and sums by hand.

use grading::{Failure, Outcome, Tolerance, expect_close};
use serde::Deserialize;
use small_gpt::Texts;

use crate::{Head, PromptError, Tables};

/// What PEFT and PyTorch computed.
#[derive(Deserialize)]
pub struct Golden {
    pub prompts: Vec<GoldenPrompt>,
    pub prefix: GoldenPrefix,
    pub heads: Vec<GoldenHead>,
}

/// A prompt before a batch of texts.
#[derive(Deserialize)]
pub struct GoldenPrompt {
    pub n: usize,
    pub seq: usize,
    tokens: Vec<f32>,
    positions: Vec<f32>,
    pub prompt: Vec<f32>,
    ids: Vec<u32>,
    labels: Vec<i64>,
    pub x: Vec<f64>,
    pub slopes: Vec<f64>,
    pub gradient: Vec<f64>,
}

/// A prefix as it is kept, and as each block gets it.
#[derive(Deserialize)]
pub struct GoldenPrefix {
    pub n: usize,
    pub matrix: Vec<f32>,
    pub blocks: Vec<[Vec<f32>; 2]>,
}

/// A head with a prefix.
#[derive(Deserialize)]
pub struct GoldenHead {
    d_head: usize,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    prefix_k: Vec<f32>,
    prefix_v: Vec<f32>,
    pub dfound: Vec<f32>,
    pub found: Vec<f64>,
    pub dkeys: Vec<f64>,
    pub dvalues: Vec<f64>,
}

/// Numbers of a row in the golden model.
pub const N_EMBD: usize = 6;
/// Blocks of the golden model.
pub const N_LAYER: usize = 3;

/// What is rounded once, from f64.
pub const ROUNDED: Tolerance = Tolerance { rtol: 2e-6, atol: 1e-9 };

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

impl GoldenPrompt {
    pub fn tables(&self) -> Result<Tables<'_>, PromptError> {
        Tables::new(&self.tokens, &self.positions, N_EMBD)
    }

    pub fn texts(&self) -> Texts<'_> {
        Texts { ids: &self.ids, labels: &self.labels, seq: self.seq }
    }

    pub fn what(&self) -> String {
        let texts = self.ids.len() / self.seq;
        format!("{} before {} of {} each", vectors(self.n), counted_texts(texts), tokens(self.seq))
    }
}

impl GoldenHead {
    pub fn head(&self) -> Result<Head<'_>, PromptError> {
        let Self { q, k, v, prefix_k, prefix_v, d_head, .. } = self;
        Head::new([q, k, v], [prefix_k, prefix_v], *d_head)
    }
}

pub fn vectors(n: usize) -> String {
    grading::numbers::counted(n, "vector")
}

pub fn tokens(n: usize) -> String {
    grading::numbers::counted(n, "token")
}

fn counted_texts(n: usize) -> String {
    grading::numbers::counted(n, "text")
}

pub fn what_head(head: &Head<'_>) -> String {
    let keys = grading::numbers::counted(head.n(), "key");
    format!("{} with a prefix of {keys}, d_head {}", tokens(head.seq()), head.d_head())
}

/// Rows are compared one by one, so that the failure says which.
pub fn expect_rows(what: &str, got: &[f32], want: &[f64], row: usize, bound: Tolerance) -> Outcome {
    if got.len() != want.len() {
        let (got, want) = (got.len(), want.len());
        return Err(Failure::wrong(format!(
            "{what}: expected {}, got {got}",
            grading::numbers::counted(want, "number")
        )));
    }
    expect_close(what, &[want.len() / row.max(1), row.max(1)], got, want, bound)
}

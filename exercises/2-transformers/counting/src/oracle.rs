//! What is right, computed without the lesson's code: by transformers and PyTorch, in golden files.

use grading::Failure;
use serde::Deserialize;

use crate::{Architecture, Flops, Step};

/// A model's parameters by part, as transformers has them.
#[derive(Deserialize)]
pub struct CountCase {
    pub name: String,
    pub architecture: Architecture,
    pub embeddings: u64,
    pub positions: u64,
    pub attention: u64,
    pub feed_forward: u64,
    pub norms: u64,
    pub head: u64,
}

/// What PyTorch counts while a model reads.
#[derive(Deserialize)]
pub struct FlopCase {
    pub name: String,
    pub architecture: Architecture,
    pub step: Step,
    pub flops: Flops,
}

/// How many numbers a model of transformers keeps.
#[derive(Deserialize)]
pub struct CacheCase {
    pub name: String,
    pub architecture: Architecture,
    pub texts: u64,
    pub source: u64,
    pub tokens: u64,
    pub numbers: u64,
}

pub fn counts() -> Result<Vec<CountCase>, Failure> {
    grading::golden!("counts.json")
}

pub fn flops() -> Result<Vec<FlopCase>, Failure> {
    grading::golden!("flops.json")
}

pub fn caches() -> Result<Vec<CacheCase>, Failure> {
    grading::golden!("caches.json")
}

//! What is right, computed without the lesson's code: by transformers in golden files.

use std::ops::Range;

use grading::Failure;
use serde::Deserialize;

use crate::{Encoded, Message};

/// A dialogue, and what transformers makes of it.
#[derive(Deserialize)]
pub struct ChatCase {
    messages: Vec<GoldenMessage>,
    pub prompt: bool,
    /// None if the template refuses it.
    pub chat: Option<GoldenChat>,
    #[serde(default)]
    pub ids: Vec<u32>,
    #[serde(default)]
    offsets: Vec<[usize; 2]>,
    #[serde(default)]
    pub labels: Vec<i64>,
}

#[derive(Deserialize)]
struct GoldenMessage {
    role: String,
    content: String,
}

#[derive(Deserialize)]
pub struct GoldenChat {
    pub text: String,
    spans: Vec<[usize; 2]>,
}

impl ChatCase {
    pub fn messages(&self) -> Vec<Message> {
        self.messages.iter().map(|m| Message::new(&m.role, &m.content)).collect()
    }

    pub fn offsets(&self) -> Vec<Range<usize>> {
        ranges(&self.offsets)
    }
}

impl GoldenChat {
    pub fn spans(&self) -> Vec<Range<usize>> {
        ranges(&self.spans)
    }
}

fn ranges(pairs: &[[usize; 2]]) -> Vec<Range<usize>> {
    pairs.iter().map(|&[start, end]| start..end).collect()
}

#[derive(Deserialize)]
pub struct Example {
    ids: Vec<u32>,
    labels: Vec<i64>,
}

/// Ragged rows, and the batch.
#[derive(Deserialize)]
pub struct PaddedCase {
    examples: Vec<Example>,
    pub side: String,
    pub multiple: usize,
    pub pad: u32,
    pub ids: Vec<Vec<u32>>,
    pub labels: Vec<Vec<i64>>,
    pub attention_mask: Vec<Vec<u8>>,
    pub position_ids: Vec<Vec<usize>>,
}

/// Rows that share one.
#[derive(Deserialize)]
pub struct FlatCase {
    examples: Vec<Example>,
    pub ids: Vec<u32>,
    pub labels: Vec<i64>,
    pub position_ids: Vec<usize>,
}

fn encoded(examples: &[Example]) -> Vec<Encoded> {
    let one =
        |Example { ids, labels }: &Example| Encoded { ids: ids.clone(), labels: labels.clone() };
    examples.iter().map(one).collect()
}

impl PaddedCase {
    pub fn examples(&self) -> Vec<Encoded> {
        encoded(&self.examples)
    }
}

impl FlatCase {
    pub fn examples(&self) -> Vec<Encoded> {
        encoded(&self.examples)
    }
}

pub fn chats() -> Result<Vec<ChatCase>, Failure> {
    grading::golden!("chats.json")
}

pub fn padded() -> Result<Vec<PaddedCase>, Failure> {
    grading::golden!("padded.json")
}

pub fn flat() -> Result<Vec<FlatCase>, Failure> {
    grading::golden!("flat.json")
}

//! What is right, computed without the lesson's code: by a Python program, in a golden file. A reason
//! is there as the text that `{:?}` makes of it; none is an empty text.

use grading::Failure;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Golden {
    pub c4: Vec<Cleaned>,
    pub gopher: Vec<Judged>,
    pub links: Vec<Links>,
    pub mixtures: Vec<Mixed>,
}

#[derive(Deserialize)]
pub struct Cleaned {
    pub page: String,
    pub blocklist: Vec<String>,
    /// The text and the reason of each line.
    pub lines: Vec<(String, String)>,
    pub text: String,
    pub reason: String,
}

#[derive(Deserialize)]
pub struct Judged {
    pub document: String,
    pub reason: String,
}

#[derive(Deserialize)]
pub struct Links {
    pub submissions: Vec<(String, i64)>,
    pub reasons: Vec<String>,
}

#[derive(Deserialize)]
pub struct Mixed {
    /// Tokens and weight of each source.
    pub sources: Vec<(u64, u32)>,
    pub max_epochs: u32,
    pub budget: u64,
    pub tokens: Vec<u64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

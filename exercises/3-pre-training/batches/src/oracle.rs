//! What is right, computed without the lesson's code: by transformers and TRL in golden files.

use grading::Failure;
use serde::Deserialize;

/// Documents, and the rows that transformers makes of them.
#[derive(Deserialize)]
pub struct PackedCase {
    pub name: String,
    pub documents: Vec<Vec<u32>>,
    pub context: usize,
    pub end: u32,
    pub rows: Vec<PackedRow>,
}

#[derive(Deserialize)]
pub struct PackedRow {
    pub ids: Vec<u32>,
    pub labels: Vec<i64>,
    pub document_ids: Vec<Option<usize>>,
    pub position_ids: Vec<usize>,
    pub mask: Vec<Vec<u8>>,
}

/// Lengths, and how full the rows are that TRL packs them into.
#[derive(Deserialize)]
pub struct FittedCase {
    pub lengths: Vec<usize>,
    pub context: usize,
    pub filled: Vec<usize>,
}

pub fn packed_golden() -> Result<Vec<PackedCase>, Failure> {
    grading::golden!("packed.json")
}

pub fn fitted_golden() -> Result<Vec<FittedCase>, Failure> {
    grading::golden!("fitted.json")
}

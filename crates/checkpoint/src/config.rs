//! The file beside the weights that says what model they are of.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::CheckpointError;

/// Reads the fields of `T` from `config.json` in a folder, as Hugging Face lays it out; others are
/// passed over.
///
/// # Errors
/// If the file cannot be read, is no JSON, or lacks a field; with line and column.
pub fn config<T: DeserializeOwned>(folder: &Path) -> Result<T, CheckpointError> {
    let path = folder.join("config.json");
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|error| CheckpointError::Config { path, why: error.to_string() }),
        Err(error) => Err(CheckpointError::File { path, error }),
    }
}

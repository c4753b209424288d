//! The folders of `models/`.

use std::path::PathBuf;
use std::{fmt::Write as _, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::Record;

/// The folder of all models, from the root of the book.
pub const MODELS: &str = "models";

/// A model that is kept with the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A BERT that fills gaps in stories.
    Encoder,
    /// A T5 that translates English into Tinytongue.
    EncoderDecoder,
    /// A GPT that was pre-trained on stories.
    Decoder,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Encoder, Self::EncoderDecoder, Self::Decoder];

    /// As `cargo study train` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Encoder => "encoder",
            Self::EncoderDecoder => "encoder-decoder",
            Self::Decoder => "buddy",
        }
    }

    /// Where it is.
    pub fn folder(self) -> PathBuf {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        PathBuf::from(root).join(MODELS).join(self.folder_name())
    }

    /// What its folder is called.
    pub fn folder_name(self) -> &'static str {
        match self {
            Self::Encoder => "encoder-buddy",
            Self::EncoderDecoder => "encoder-decoder-buddy",
            Self::Decoder => "buddy",
        }
    }

    /// How it was trained.
    ///
    /// # Errors
    /// If its `training.json` cannot be read.
    pub fn record(self) -> Result<Record> {
        let path = self.folder().join("training.json");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

//! Where the files of a model are: in a folder, or on the hub.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use tokenizer_file::Tokenizer;

use crate::hub::Hub;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

pub const CONFIG: &str = "config.json";
pub const TOKENIZER: &str = "tokenizer.json";
pub const VOCAB: &str = "vocab.json";
pub const MERGES: &str = "merges.txt";

/// A model that can be read.
#[derive(Debug)]
pub enum Files {
    /// Its folder, and its weights if they have another name than usual.
    Folder {
        folder: PathBuf,
        weights: PathBuf,
    },
    Hub(Box<Hub>),
}

impl Files {
    /// What `--model` means: a path, if there is one, else a name on the hub.
    pub fn of(model: &str) -> Outcome<Self> {
        let path = Path::new(model);
        if path.is_dir() {
            return Ok(Self::Folder {
                folder: path.to_owned(),
                weights: path.join(checkpoint::WEIGHTS),
            });
        }
        if path.exists() {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            return Ok(Self::Folder { folder, weights: path.to_owned() });
        }
        if !is_name(model) {
            let text = format!(
                "{model}: there is no such file or folder, and it is no name of a model on the hub, \
                 such as openai-community/gpt2"
            );
            return Err(text.into());
        }
        Ok(Self::Hub(Box::new(Hub::open(model)?)))
    }

    pub fn config(&self) -> Outcome<String> {
        let path = match self {
            Self::Folder { folder, .. } => folder.join(CONFIG),
            Self::Hub(hub) => hub.need(CONFIG)?,
        };
        text_of(&path)
    }

    /// The tokenizer, if there is one.
    pub fn tokenizer(&self) -> Outcome<Option<Tokenizer>> {
        let (json, vocab, merges) = match self {
            Self::Folder { folder, .. } => {
                let there = |name| Some(folder.join(name)).filter(|path| path.exists());
                (there(TOKENIZER), there(VOCAB), there(MERGES))
            }
            Self::Hub(hub) => hub.tokenizer()?,
        };
        let told = |path: &Path, error| format!("{}: {error}", path.display());
        match (json, vocab, merges) {
            (Some(json), ..) => match Tokenizer::open(&json) {
                Ok(tokenizer) => Ok(Some(tokenizer)),
                Err(error) => Err(told(&json, error).into()),
            },
            (None, vocab, Some(merges)) => {
                let vocab = vocab.map(|vocab| text_of(&vocab)).transpose()?;
                match Tokenizer::gpt2(vocab.as_deref(), &text_of(&merges)?) {
                    Ok(tokenizer) => Ok(Some(tokenizer)),
                    Err(error) => Err(told(&merges, error).into()),
                }
            }
            _ => Ok(None),
        }
    }

    pub fn weights(&self) -> Outcome<PathBuf> {
        match self {
            Self::Folder { weights, .. } => Ok(weights.clone()),
            Self::Hub(hub) => hub.need(checkpoint::WEIGHTS),
        }
    }
}

fn text_of(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Whether a model on the hub may be called so: `owner/name`, or one of the old names without an
/// owner.
fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_edge = |c: char| matches!(c, '-' | '.');
        !part.is_empty()
            && part.len() <= 96
            && part.chars().all(fits)
            && !part.starts_with(is_edge)
            && !part.ends_with(is_edge)
            && !part.contains("..")
            && !part.contains("--")
    };
    text.split('/').count() <= 2 && text.split('/').all(is_part) && !text.ends_with(".safetensors")
}

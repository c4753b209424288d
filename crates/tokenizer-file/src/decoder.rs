//! How tokens become a text again.

use crate::TokenizerError;
use crate::json::At;
use crate::normalizer::short;
use crate::pre_tokenizer::{BYTES, Metaspace, Prepend};

#[derive(Clone, Debug)]
pub enum Decoder {
    ByteLevel,
    WordPiece { prefix: String, cleanup: bool },
    Metaspace(Metaspace),
    Sequence(Vec<Decoder>),
}

const KNOWN: &str = "ByteLevel, WordPiece, Metaspace and Sequence";

/// What [`Decoder::WordPiece`] writes as it is typed, in this order.
const CLEANED: [(&str, &str); 11] = [
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" do not", " don't"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
];

impl Decoder {
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        let kind = at.kind()?;
        match kind {
            "ByteLevel" => {
                // What else it may have is for cutting.
                at.only(&["type", "add_prefix_space", "trim_offsets", "use_regex"])?;
                Ok(Self::ByteLevel)
            }
            "WordPiece" => {
                at.only(&["type", "prefix", "cleanup"])?;
                Ok(Self::WordPiece {
                    prefix: short(&at.need("prefix")?)?,
                    cleanup: at.need("cleanup")?.bool()?,
                })
            }
            "Metaspace" => Ok(Self::Metaspace(Metaspace::read(at)?)),
            "Sequence" => {
                at.only(&["type", "decoders"])?;
                let its = at.need("decoders")?.items()?;
                Ok(Self::Sequence(its.iter().map(Self::read).collect::<Result<_, _>>()?))
            }
            _ => at.unsupported(kind, KNOWN),
        }
    }

    pub fn apply(&self, mut tokens: Vec<String>) -> Vec<String> {
        match self {
            Self::ByteLevel => {
                let bytes = tokens.iter().flat_map(|token| {
                    let bytes: Option<Vec<u8>> =
                        token.chars().map(|letter| BYTES.get(&letter).copied()).collect();
                    // Added tokens are no letters of bytes.
                    bytes.unwrap_or_else(|| token.clone().into_bytes())
                });
                let bytes: Vec<u8> = bytes.collect();
                vec![String::from_utf8_lossy(&bytes).into_owned()]
            }
            Self::WordPiece { prefix, cleanup } => {
                for (i, token) in tokens.iter_mut().enumerate() {
                    match token.strip_prefix(prefix.as_str()) {
                        _ if i == 0 => {}
                        Some(rest) => *token = rest.to_owned(),
                        None => token.insert(0, ' '),
                    }
                    if *cleanup {
                        for (from, to) in CLEANED {
                            *token = token.replace(from, to);
                        }
                    }
                }
                tokens
            }
            Self::Metaspace(Metaspace { replacement, prepend, .. }) => {
                let space = |(i, token): (usize, String)| match i {
                    // All of them, as `tokenizers` does.
                    0 if *prepend != Prepend::Never => token.replace(*replacement, ""),
                    _ => token.replace(*replacement, " "),
                };
                tokens.into_iter().enumerate().map(space).collect()
            }
            Self::Sequence(all) => all.iter().fold(tokens, |tokens, its| its.apply(tokens)),
        }
    }
}

//! The normalization that SentencePiece compiles into its models: a trie of what is replaced, and
//! the texts that replace it.
//!
//! The trie is a double array of Darts-clone, <https://github.com/s-yata/darts-clone>: a step from a
//! node by a byte is an index into the array, and a unit whose label is not that byte says that
//! there is no such step.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use unicode_segmentation::UnicodeSegmentation;

use crate::TokenizerError;
use crate::json::At;
use crate::normalizer::LONGEST;

#[derive(Clone, Debug)]
pub struct Charsmap {
    units: Arc<[u32]>,
    /// One after another, each ended by a byte of 0.
    texts: Arc<str>,
}

impl Charsmap {
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        let Ok(bytes) = BASE64_STANDARD.decode(at.text()?) else {
            return at.wrong("it must be base64");
        };
        let size = bytes.first_chunk().map(|size| u32::from_le_bytes(*size) as usize);
        let trie = size.filter(|size| size % 4 == 0).and_then(|size| bytes[4..].get(..size));
        let Some(trie) = trie.filter(|trie| !trie.is_empty()) else {
            return at.wrong("it ends before its trie does: fetch the file again");
        };
        let Ok(texts) = str::from_utf8(&bytes[4 + trie.len()..]) else {
            return at.wrong("its replacements are no UTF-8");
        };
        if texts.split('\0').any(|text| text.len() > LONGEST) {
            return at.wrong(format!("a replacement has more than {LONGEST} bytes"));
        }
        let units = trie.chunks_exact(4).map(|unit| {
            let unit = unit.first_chunk().copied().unwrap_or_default();
            u32::from_le_bytes(unit)
        });
        Ok(Self { units: units.collect(), texts: texts.into() })
    }

    /// Replaces what the trie knows: first whole characters with their combining marks, if they are
    /// short, then what is left of them one by one.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for grapheme in text.graphemes(true) {
            if grapheme.len() < 6
                && let Some(replaced) = self.replacement(grapheme)
            {
                out += replaced;
                continue;
            }
            for (start, letter) in grapheme.char_indices() {
                let part = &grapheme[start..start + letter.len_utf8()];
                out += self.replacement(part).unwrap_or(part);
            }
        }
        out
    }

    /// What replaces a text, by the shortest of its beginnings that the trie knows: `tokenizers`
    /// does it so, and models are trained and run with what it makes.
    fn replacement(&self, text: &str) -> Option<&str> {
        let unit = |at: usize| self.units.get(at).copied();
        let mut node = step(unit(0)?);
        for byte in text.bytes().take_while(|byte| *byte != 0) {
            node ^= usize::from(byte);
            let its = unit(node)?;
            if its & (1 << 31 | 0xff) != u32::from(byte) {
                return None;
            }
            node ^= step(its);
            if its >> 8 & 1 == 1 {
                let start = unit(node)? & !(1 << 31);
                return self.texts.get(start as usize..)?.split('\0').next();
            }
        }
        None
    }
}

/// Where the children of a node are, from the node.
fn step(unit: u32) -> usize {
    (unit >> 10 << ((unit & 1 << 9) >> 6)) as usize
}

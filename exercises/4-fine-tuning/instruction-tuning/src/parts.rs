//! What data consists of on its way from a file to a batch. Given.

use std::ops::Range;

use tokenization::Bpe;
use tokenization::solution::encode;

pub use batches::solution::document_mask;
pub use batches::{IGNORE, Row};

/// Begins a message.
pub const IM_START: &str = "<|im_start|>";
/// Ends a message.
pub const IM_END: &str = "<|im_end|>";
/// Ends a text, as in pre-training.
pub const END: &str = "<|endoftext|>";
/// What no text of a data set may spell.
pub const SPECIAL: [&str; 3] = [END, IM_START, IM_END];

/// A message of a dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who says it: `system`, `user` or `assistant`.
    pub role: String,
    /// What.
    pub content: String,
}

impl Message {
    /// A message.
    pub fn new(role: &str, content: &str) -> Self {
        Self { role: role.into(), content: content.into() }
    }
}

/// A dialogue as one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// The text.
    pub text: String,
    /// What the assistant says: ranges of bytes of the text, from left to right.
    pub spans: Vec<Range<usize>>,
}

impl Chat {
    /// A prompt and its completion as one text, which [`END`] ends; the span is the completion and
    /// the end.
    pub fn completion(prompt: &str, completion: &str) -> Self {
        let text = format!("{prompt}{completion}{END}");
        Self { spans: std::iter::once(prompt.len()..text.len()).collect(), text }
    }
}

/// An example as the model reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// Its tokens.
    pub ids: Vec<u32>,
    /// For each the token that follows it, or [`IGNORE`].
    pub labels: Vec<i64>,
}

/// On which side short rows are filled up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the text: all texts end together.
    Left,
    /// Behind the text: all texts begin together.
    Right,
}

/// A batch of rows of one length: `(rows, seq)` each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Padded {
    /// What the model reads.
    pub ids: Vec<Vec<u32>>,
    /// What it should say next, or [`IGNORE`].
    pub labels: Vec<Vec<i64>>,
    /// 1 for a token, 0 for padding.
    pub attention_mask: Vec<Vec<u8>>,
    /// Where a token stands in its text; 0 for padding.
    pub position_ids: Vec<Vec<usize>>,
}

/// A line of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Example {
    /// `{"messages": [{"role": …, "content": …}, …]}`
    Chat(Vec<Message>),
    /// `{"prompt": …, "completion": …}`
    Completion {
        /// What is given.
        prompt: String,
        /// What is to be learned.
        completion: String,
    },
    /// `{"text": …, "label": …}`
    Label {
        /// What is given.
        text: String,
        /// Its class.
        label: String,
    },
}

/// Which fields a line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `messages`.
    Chat,
    /// `prompt` and `completion`.
    Completion,
    /// `text` and `label`.
    Label,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chat, Self::Completion, Self::Label];

    /// The fields that a line of this kind must have.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["messages"],
            Self::Completion => &["prompt", "completion"],
            Self::Label => &["text", "label"],
        }
    }
}

/// The bytes of the text that each token stands for, one range after the other.
pub fn offsets(bpe: &Bpe, ids: &[u32]) -> Vec<Range<usize>> {
    let mut end = 0;
    let range = |&id: &u32| {
        let start = end;
        end += bpe.bytes(id).map_or(0, <[u8]>::len);
        start..end
    };
    ids.iter().map(range).collect()
}

/// The tokens of a text and the bytes that each stands for.
pub fn tokens(bpe: &Bpe, text: &str) -> (Vec<u32>, Vec<Range<usize>>) {
    let ids = encode(bpe, text);
    let offsets = offsets(bpe, &ids);
    (ids, offsets)
}

/// Buddy's tokenizer with two tokens more, [`IM_START`] and [`IM_END`], behind its own.
///
/// # Panics
/// If the file of the book's own model is not what it was.
pub fn buddy_bpe() -> Bpe {
    let file = include_str!("../../../../models/buddy/tokenizer.json");
    let file: serde_json::Value = serde_json::from_str(file).expect("the file is JSON");
    let id = |token: &serde_json::Value| -> Option<u32> {
        Some(file["model"]["vocab"][token.as_str()?].as_u64()? as u32)
    };
    let pair = |pair: &serde_json::Value| Some((id(&pair[0])?, id(&pair[1])?));
    let merges = file["model"]["merges"].as_array().and_then(|all| all.iter().map(pair).collect());
    Bpe::new(merges.expect("merges join tokens of the vocabulary"), &SPECIAL)
        .expect("each merge makes a new token")
}

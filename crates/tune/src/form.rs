//! The forms that examples have, and how a new text is put into one.

use anyhow::Result;
use instruction_tuning::solution::chat_template;
use instruction_tuning::{Example, Message};
use pocket_buddy::PocketBuddy;
use serde::{Deserialize, Serialize};

/// What stands between a text and its label.
pub const LABEL: &str = "\nLabel:";

/// What an example is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A prompt and what follows.
    Completion,
    /// A text and its label.
    Label,
    /// A dialogue.
    Chat,
}

impl Form {
    /// That of an example.
    pub fn of(example: &Example) -> Self {
        match example {
            Example::Completion { .. } => Self::Completion,
            Example::Label { .. } => Self::Label,
            Example::Chat(_) => Self::Chat,
        }
    }

    /// The tokens of a new text, up to where the answer begins.
    ///
    /// # Errors
    /// If a token is none of the model's.
    pub fn given(self, text: &str, buddy: &PocketBuddy) -> Result<Vec<u32>> {
        // Cut where an example is cut: what is asked has to look like what was learned.
        let text = match self {
            Self::Completion => text.to_owned(),
            Self::Label => format!("{text}{LABEL}"),
            Self::Chat => chat_template(&[Message::new("user", text)], true)?.text,
        };
        Ok([vec![buddy.end], buddy.encode(&text)?].concat())
    }
}

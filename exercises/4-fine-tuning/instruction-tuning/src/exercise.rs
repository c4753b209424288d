//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/instruction-tuning.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade instruction-tuning`.
//! - Stuck? `cargo study hint instruction-tuning` gives one hint at a time.

use std::ops::Range;

use batches::solution::best_fit_pack;
use instruction_tuning::{
    Chat, DataError, Encoded, Example, IGNORE, IM_END, IM_START, Kind, Message, Padded, Place, Row,
    Side, special_in,
};
use serde_json::{Map, Value};

// The types are in parts.rs and error.rs, beside this file.

/// A dialogue as one text, in the format ChatML: each message is
///
/// ```text
/// <|im_start|>role⏎content<|im_end|>⏎
/// ```
///
/// with a line feed at each ⏎. The content stays as it is, white space included, and nothing is added:
/// no system message where there is none. With `add_generation_prompt` the text ends in
/// `<|im_start|>assistant⏎`, where a model goes on to write. A span is what an assistant says: its
/// content and the `<|im_end|>` behind it, without the line feed.
///
/// A first message may be of the `system`. All others are of `user` and `assistant` by turns, and the
/// user begins.
///
/// # Errors
/// Of the first message that is wrong, the first of these: [`DataError::Role`] if its role is none of
/// the three, [`DataError::Order`] if another must stand there, [`DataError::Blank`] if its content
/// has nothing but white space (`char::is_whitespace`), [`DataError::Special`] with the special token
/// that its content spells first, if any (`special_in`). If all messages are right:
/// [`DataError::Empty`] if there is none of a user, and [`DataError::NotAsked`] if
/// `add_generation_prompt` is set and the last one is no user's.
///
/// Source: ChatML, as the chat template of Qwen2.5 and SmolLM2 has it.
pub fn chat_template(messages: &[Message], add_generation_prompt: bool) -> Result<Chat, DataError> {
    todo!("chat_template")
}

/// Refuses a text that is blank or spells a special token.
fn check_text(text: &str, place: Place) -> Result<(), DataError> {
    todo!("check_text")
}

/// For each token the token that follows it, if that is to be learned, else [`IGNORE`].
///
/// `offsets` are the bytes of the text that each token stands for, `spans` those that are to be
/// learned. A token is to be learned if at least one of its bytes is in a span: a token over the edge
/// of a span belongs to it. One that stands for no byte never is. Nothing follows the last token, so
/// its label is [`IGNORE`]; the first token is no label. Spans may touch, overlap, be empty, reach
/// beyond the text, and stand in any order. Ids may be any u32.
///
/// # Errors
/// [`DataError::Ragged`] for example 0 if there is not one range a token.
///
/// Source: the mask of `apply_chat_template(…, return_assistant_tokens_mask=True)` of transformers,
/// moved by one as in `batches::solution::pack`.
pub fn sft_labels(
    ids: &[u32],
    offsets: &[Range<usize>],
    spans: &[Range<usize>],
) -> Result<Vec<i64>, DataError> {
    todo!("sft_labels")
}

/// Fills rows up to the length of the longest, rounded up to a multiple of `multiple`.
///
/// Padding has the id `pad`, the label [`IGNORE`], the mask 0 and the position 0. A token has the mask
/// 1 and counts its position from 0 at the first of its row, whatever stands before it, also if its
/// id is `pad`. Without examples the lists are empty; examples may be, too.
///
/// # Errors
/// [`DataError::Zero`] with the name `multiple` if that is 0; then [`DataError::Ragged`] for the first
/// example whose labels are not as many as its ids.
///
/// Source: `tokenizer.pad` of transformers with `padding_side` and `pad_to_multiple_of`; the positions
/// as its `generate` makes them from the mask.
pub fn pad_batch(
    examples: &[Encoded],
    side: Side,
    multiple: usize,
    pad: u32,
) -> Result<Padded, DataError> {
    todo!("pad_batch")
}

/// Refuses an example whose labels are not as many as its ids.
fn check_lengths(example: usize, Encoded { ids, labels }: &Encoded) -> Result<(), DataError> {
    todo!("check_lengths")
}

/// A row with `value` in all places that it lacks, on this side.
fn filled<T: Clone>(row: Vec<T>, side: Side, seq: usize, value: T) -> Vec<T> {
    todo!("filled")
}

/// Packs examples into rows of `context` tokens, each example whole.
///
/// `batches::solution::best_fit_pack` of their lengths says which examples stand in which row, and in
/// which order. Of each token the document id is the number of its example, and the position counts
/// from 0 in its example. Labels are those of the examples, but the label of an example's last token
/// is [`IGNORE`], whatever it was: what follows in the row is of another. A row that is not full is
/// padded at its end: with the id `pad`, the label [`IGNORE`], no document, and position 0. Examples
/// without tokens are in no row.
///
/// # Errors
/// [`DataError::Zero`] with the name `context` if that is 0; then for the first example for which one
/// of them holds: [`DataError::Ragged`] if its labels are not as many as its ids,
/// [`DataError::TooLong`] if it has more than `context` tokens.
///
/// Source: Krell and others, 2021, for examples that share a row and do not see each other.
pub fn pack_examples(
    examples: &[Encoded],
    context: usize,
    pad: u32,
) -> Result<Vec<Row>, DataError> {
    todo!("pack_examples")
}

/// Reads a data set: a file with a JSON object a line, each of which is an example.
///
/// Lines end in `\n`; a `\r` before it does not matter, nor does a byte order mark at the beginning of
/// the file, nor whether the last line ends. A line of nothing but spaces, tabs and `\r` is no
/// example, but counts as a line. An object is of the [`Kind`] whose fields it has all; it may have
/// others besides, which are ignored, but not all fields of two kinds. All examples of a file are of
/// one kind. `messages` may have any further fields, too.
///
/// # Errors
/// [`DataError::Line`] for the first line that is wrong, with the first reason of these:
/// [`DataError::NotUtf8`]; [`DataError::NotJson`]; [`DataError::NotObject`]; [`DataError::Fields`] if
/// it has all fields of no kind, or of more than one; [`DataError::Mixed`] if it is of another kind
/// than the first example; [`DataError::Type`] for the first field that is no text, in the order of
/// [`Kind::fields`], or if `messages` is no list of objects with the texts `role` and `content`.
/// Then for each text, in the same order, [`DataError::Blank`] and [`DataError::Special`] as for
/// [`chat_template`]; for messages all errors of [`chat_template`] (without a generation prompt), then
/// [`DataError::NotAnswered`] if the last one is no assistant's. A file with no wrong line and no
/// example is [`DataError::NoExamples`].
///
/// Source: the formats of TRL's data sets, <https://huggingface.co/docs/trl/dataset_formats>.
pub fn read_data(file: &[u8]) -> Result<Vec<Example>, DataError> {
    todo!("read_data")
}

/// Reads an example, which must be of the kind of the first one.
fn read_line(line: &[u8], first: &mut Option<Kind>) -> Result<Example, DataError> {
    todo!("read_line")
}

/// The messages of a line, if they are what they must be.
fn messages(object: &Map<String, Value>) -> Option<Vec<Message>> {
    todo!("messages")
}

//! The reference: from a line of a file to rows of which the model learns the answers.

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
    // BEGIN ANSWER
    let mut chat = Chat::default();
    let with_system = messages.first().is_some_and(|message| message.role == "system");
    for (i, Message { role, content }) in messages.iter().enumerate() {
        let turn = i + usize::from(!with_system);
        let expected = match turn {
            0 => "system",
            turn if turn % 2 == 1 => "user",
            _ => "assistant",
        };
        if !["system", "user", "assistant"].contains(&role.as_str()) {
            return Err(DataError::Role { message: i, role: role.clone() });
        }
        if role != expected {
            return Err(DataError::Order { message: i, role: role.clone() });
        }
        check_text(content, Place::Message(i))?;
        chat.text += &format!("{IM_START}{role}\n");
        let start = chat.text.len();
        chat.text += &format!("{content}{IM_END}");
        if role == "assistant" {
            chat.spans.push(start..chat.text.len());
        }
        chat.text.push('\n');
    }
    match messages.last().map(|message| message.role.as_str()) {
        None | Some("system") => Err(DataError::Empty),
        Some("assistant") if add_generation_prompt => Err(DataError::NotAsked),
        _ => {
            if add_generation_prompt {
                chat.text += &format!("{IM_START}assistant\n");
            }
            Ok(chat)
        }
    }
    // END ANSWER
}

/// Refuses a text that is blank or spells a special token.
fn check_text(text: &str, place: Place) -> Result<(), DataError> {
    // BEGIN ANSWER
    if text.trim().is_empty() {
        return Err(DataError::Blank { place });
    }
    match special_in(text) {
        Some(token) => Err(DataError::Special { place, token }),
        None => Ok(()),
    }
    // END ANSWER
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
    // BEGIN ANSWER
    if ids.len() != offsets.len() {
        return Err(DataError::Ragged { example: 0, ids: ids.len(), others: offsets.len() });
    }
    let is_learned = |token: &Range<usize>| {
        spans.iter().any(|span| token.start.max(span.start) < token.end.min(span.end))
    };
    let label = |(&id, offset)| if is_learned(offset) { i64::from(id) } else { IGNORE };
    let next = ids.iter().zip(offsets).skip(1).map(label);
    Ok(next.chain([IGNORE]).take(ids.len()).collect())
    // END ANSWER
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
    // BEGIN ANSWER
    if multiple == 0 {
        return Err(DataError::Zero { name: "multiple" });
    }
    for (at, example) in examples.iter().enumerate() {
        check_lengths(at, example)?;
    }
    let longest = examples.iter().map(|example| example.ids.len()).max().unwrap_or(0);
    let seq = longest.next_multiple_of(multiple);
    let mut padded = Padded::default();
    for Encoded { ids, labels } in examples {
        let n = ids.len();
        padded.ids.push(filled(ids.clone(), side, seq, pad));
        padded.labels.push(filled(labels.clone(), side, seq, IGNORE));
        padded.attention_mask.push(filled(vec![1; n], side, seq, 0));
        padded.position_ids.push(filled((0..n).collect(), side, seq, 0));
    }
    Ok(padded)
    // END ANSWER
}

/// Refuses an example whose labels are not as many as its ids.
fn check_lengths(example: usize, Encoded { ids, labels }: &Encoded) -> Result<(), DataError> {
    // BEGIN ANSWER
    match (ids.len(), labels.len()) {
        (ids, others) if ids != others => Err(DataError::Ragged { example, ids, others }),
        _ => Ok(()),
    }
    // END ANSWER
}

/// A row with `value` in all places that it lacks, on this side.
fn filled<T: Clone>(row: Vec<T>, side: Side, seq: usize, value: T) -> Vec<T> {
    // BEGIN ANSWER
    let padding = vec![value; seq - row.len()];
    match side {
        Side::Left => [padding, row].concat(),
        Side::Right => [row, padding].concat(),
    }
    // END ANSWER
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
    // BEGIN ANSWER
    if context == 0 {
        return Err(DataError::Zero { name: "context" });
    }
    for (at, example) in examples.iter().enumerate() {
        check_lengths(at, example)?;
        let tokens = example.ids.len();
        if tokens > context {
            return Err(DataError::TooLong { example: at, tokens, context });
        }
    }
    let lengths: Vec<usize> = examples.iter().map(|example| example.ids.len()).collect();
    // It fails for a context of 0 only.
    let placed = best_fit_pack(&lengths, context).unwrap_or_default();
    let row = |pieces: Vec<batches::Piece>| {
        let mut row = Row::default();
        for piece in pieces {
            let Encoded { ids, labels } = &examples[piece.document];
            let n = ids.len();
            row.ids.extend(ids);
            row.labels.extend(&labels[..n - 1]);
            row.labels.push(IGNORE);
            row.document_ids.extend(vec![Some(piece.document); n]);
            row.position_ids.extend(0..n);
        }
        row.ids.resize(context, pad);
        row.labels.resize(context, IGNORE);
        row.document_ids.resize(context, None);
        row.position_ids.resize(context, 0);
        row
    };
    Ok(placed.into_iter().map(row).collect())
    // END ANSWER
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
    // BEGIN ANSWER
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut examples = Vec::new();
    let mut first = None;
    for (i, line) in file.split(|&byte| byte == b'\n').enumerate() {
        if line.iter().all(|byte| b" \t\r".contains(byte)) {
            continue;
        }
        let example = read_line(line, &mut first)
            .map_err(|why| DataError::Line { line: i + 1, why: Box::new(why) })?;
        examples.push(example);
    }
    if examples.is_empty() { Err(DataError::NoExamples) } else { Ok(examples) }
    // END ANSWER
}

/// Reads an example, which must be of the kind of the first one.
fn read_line(line: &[u8], first: &mut Option<Kind>) -> Result<Example, DataError> {
    // BEGIN ANSWER
    let line = std::str::from_utf8(line).map_err(|_| DataError::NotUtf8)?;
    let value: Value = serde_json::from_str(line).map_err(|_| DataError::NotJson)?;
    let Value::Object(object) = value else { return Err(DataError::NotObject) };
    let has_all = |kind: &Kind| kind.fields().iter().all(|&field| object.contains_key(field));
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(has_all).collect();
    let [here] = kinds[..] else { return Err(DataError::Fields) };
    let first = *first.get_or_insert(here);
    if first != here {
        return Err(DataError::Mixed { first, here });
    }
    if here == Kind::Chat {
        let messages = messages(&object).ok_or(DataError::Type { field: "messages" })?;
        chat_template(&messages, false)?;
        return match messages.last() {
            Some(last) if last.role == "assistant" => Ok(Example::Chat(messages)),
            _ => Err(DataError::NotAnswered),
        };
    }
    let mut texts = Vec::new();
    for &field in here.fields() {
        texts.push((field, object[field].as_str().ok_or(DataError::Type { field })?.to_owned()));
    }
    for (field, text) in &texts {
        check_text(text, Place::Field(field))?;
    }
    let mut texts = texts.into_iter().map(|(_, text)| text);
    let (given, wanted) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    Ok(match here {
        Kind::Label => Example::Label { text: given, label: wanted },
        _ => Example::Completion { prompt: given, completion: wanted },
    })
    // END ANSWER
}

/// The messages of a line, if they are what they must be.
fn messages(object: &Map<String, Value>) -> Option<Vec<Message>> {
    // BEGIN ANSWER
    let message = |value: &Value| {
        let text = |field| value.get(field).and_then(Value::as_str);
        Some(Message::new(text("role")?, text("content")?))
    };
    object["messages"].as_array()?.iter().map(message).collect()
    // END ANSWER
}

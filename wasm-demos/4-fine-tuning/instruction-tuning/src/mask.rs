//! The mask painter: a dialogue as tokens, and which of them are learned.

use demo::control::{Choice, Slider, Text, Toggle, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Shade, Start, View};
use instruction_tuning::{
    Answers, Chat, Encoded, IGNORE, IM_END, Message, Side, buddy_bpe, tokens,
};
use tinytown::{Role, World};
use tokenization::Bpe;

const TEXT: Text = Text::new(
    "text",
    "Your dialogue: a line a message, who speaks first",
    "user: Where does Ada live?\n\
     assistant: Ada lives in River Street.\n\
     user: And who is her friend?\n\
     assistant: Otto.",
    600,
);
const TOWN: Slider =
    Slider::new("town", "Dialogue: 0 is yours, others are Tinytown's", 0.0, [0.0, 30.0], 1.0);
const LEARN: Choice = Choice::new(
    "learn",
    "Which tokens carry loss",
    &[
        ("answers", "What the assistant says"),
        ("last", "Its last answer only"),
        ("no-end", "Its answers without their end"),
        ("all", "Everything, prompts too"),
    ],
);
const SYSTEM: Toggle = Toggle::new("system", "With a system message", false);
const SIDE: Choice =
    Choice::new("side", "Padding", &[("right", "On the right"), ("left", "On the left")]);
const MULTIPLE: Slider =
    Slider::new("multiple", "Row length: a multiple of", 8.0, [1.0, 64.0], 1.0);
/// So many lines has the table of labels.
const LINES: usize = 24;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "mask-painter",
        title: "The mask painter",
        lesson: "instruction-tuning",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TEXT.control(),
                TOWN.control(),
                LEARN.control(),
                SYSTEM.control(),
                SIDE.control(),
                MULTIPLE.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// Messages, a line each.
fn read(text: &str) -> Result<Vec<Message>, DemoError> {
    let mut messages = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((role, content)) = line.split_once(':') else {
            let line = at + 1;
            let why = format!("Line {line} does not say who speaks: begin with “user:”.");
            return Err(DemoError::input(TEXT.name, why));
        };
        messages.push(Message::new(role.trim(), content.trim()));
    }
    Ok(messages)
}

/// A dialogue of Tinytown.
fn of_town(at: usize) -> Vec<Message> {
    let role = |role| if role == Role::User { "user" } else { "assistant" };
    let dialogue = World::new(1).dialogues(0).nth(at);
    let turns = dialogue.map(|dialogue| dialogue.turns).unwrap_or_default();
    turns.iter().map(|turn| Message::new(role(turn.role), &turn.text)).collect()
}

/// The spans that are to be learned.
fn spans(chat: &Chat, learn: &str) -> Vec<std::ops::Range<usize>> {
    let all = chat.spans.iter().cloned();
    match learn {
        "last" => chat.spans.last().cloned().into_iter().collect(),
        "no-end" => all.map(|span| span.start..span.end - IM_END.len()).collect(),
        "all" => std::iter::once(0..chat.text.len()).collect(),
        _ => all.collect(),
    }
}

/// A token as text; half of a character is a sign for it.
pub fn text_of(bpe: &Bpe, id: u32) -> String {
    bpe.spelled(id)
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let at = cx.get(&TOWN)? as usize;
    let mut messages = if at == 0 { read(&cx.get(&TEXT)?)? } else { of_town(at - 1) };
    let has_system = messages.first().is_some_and(|message| message.role == "system");
    if cx.get(&SYSTEM)? && !has_system {
        messages.insert(0, Message::new("system", "You are Buddy, and you are kind."));
    }
    let wrong = |why: String| DemoError::input(TEXT.name, why);
    let chat = (answers.chat_template)(&messages, false).map_err(|e| wrong(e.to_string()))?;
    let bpe = buddy_bpe();
    let (ids, offsets) = tokens(&bpe, &chat.text);
    let spans = spans(&chat, cx.get(&LEARN)?);
    let labels = (answers.sft_labels)(&ids, &offsets, &spans).map_err(|e| wrong(e.to_string()))?;
    let side = if cx.get(&SIDE)? == "left" { Side::Left } else { Side::Right };
    let pad = tokens(&bpe, "<|endoftext|>").0[0];
    let multiple = cx.get(&MULTIPLE)? as usize;
    let example = Encoded { ids, labels };
    let batch = (answers.pad_batch)(std::slice::from_ref(&example), side, multiple, pad)
        .map_err(|e| DemoError::input(MULTIPLE.name, e.to_string()))?;
    let missing = || DemoError::input(MULTIPLE.name, "The batch has no row.");
    let row = |rows: &[Vec<u32>]| rows.first().cloned().ok_or_else(missing);
    let (ids, seq) = (row(&batch.ids)?, batch.ids.first().map_or(0, Vec::len));
    let of = |i: usize| -> (i64, u8, usize) {
        let label = batch.labels.first().and_then(|row| row.get(i)).copied().unwrap_or(IGNORE);
        let mask = batch.attention_mask.first().and_then(|row| row.get(i)).copied();
        let position = batch.position_ids.first().and_then(|row| row.get(i)).copied();
        (label, mask.unwrap_or(0), position.unwrap_or(0))
    };
    // A token is learned where the label of the one before it asks for it.
    let is_learned = |i: usize| i > 0 && of(i - 1).0 != IGNORE;
    let spans: Vec<Shade> = (0..seq)
        .map(|i| Shade {
            text: if of(i).1 == 1 { text_of(&bpe, ids[i]) } else { "▢".into() },
            value: f64::from(u8::from(is_learned(i))),
            shown: match (of(i).1, is_learned(i)) {
                (0, _) => "padding",
                (_, true) => "learned",
                _ => "given",
            }
            .into(),
            muted: of(i).1 == 0,
        })
        .collect();
    let learned = (0..seq).filter(|&i| is_learned(i)).count();
    let tokens = (0..seq).filter(|&i| of(i).1 == 1).count();
    // Around the first answer.
    let first = (0..seq).find(|&i| of(i).0 != IGNORE).unwrap_or(0).saturating_sub(4);
    let name = |id: i64| match u32::try_from(id) {
        Ok(id) => crate::strips::shown(&text_of(&bpe, id)),
        Err(_) => "−100".into(),
    };
    let line = |i: usize| -> Vec<Cell> {
        let (label, mask, position) = of(i);
        vec![
            Cell::Text(i.to_string()),
            name(i64::from(ids[i])).into(),
            name(label).into(),
            Cell::Number(mask.to_string()),
            Cell::Number(position.to_string()),
        ]
    };
    let views = [
        View::Shades {
            label: "What the model reads, and what of it carries loss".into(),
            spans,
            max: 1.0,
            legend: "Shaded: learned. Plain: given. A square is padding.".into(),
        },
        View::Table {
            label: format!("Places {first} to {} of {seq}", (first + LINES).min(seq).max(1) - 1),
            columns: ["Place", "Reads", "Label", "Mask", "Position"].map(String::from).into(),
            rows: (first..(first + LINES).min(seq)).map(line).collect(),
        },
    ];
    let share = demo::format::percent(learned as f64 / tokens.max(1) as f64);
    cx.show(
        format!(
            "{} of {} carry loss: {share}. The row has {} of padding.",
            learned,
            counted(tokens, "token"),
            counted(seq - tokens, "place"),
        ),
        &views,
    );
    Ok(())
}

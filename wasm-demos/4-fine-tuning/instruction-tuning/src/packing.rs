//! Dialogues of Tinytown as a batch: padded on either side, or packed.

use demo::control::{Choice, Slider, Typed};
use demo::format::{counted, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use instruction_tuning::{
    Answers, Encoded, IGNORE, Message, Row, Side, buddy_bpe, document_mask, tokens,
};
use tinytown::{Role, World};

use crate::strips::{mask, strips, told};

const WAY: Choice = Choice::new(
    "way",
    "How rows are made",
    &[
        ("packed", "Packed, several a row"),
        ("right", "One a row, padded on the right"),
        ("left", "One a row, padded on the left"),
    ],
);
const COUNT: Slider = Slider::new("count", "Dialogues", 8.0, [1.0, 16.0], 1.0);
const CONTEXT: Slider = Slider::new("context", "Tokens of a packed row", 192.0, [48.0, 256.0], 8.0);
const SEED: Slider = Slider::new("first", "The first dialogue", 0.0, [0.0, 40.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "rows-of-dialogues",
        title: "Dialogues as rows",
        lesson: "instruction-tuning",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![WAY.control(), COUNT.control(), CONTEXT.control(), SEED.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (count, context) = (cx.get(&COUNT)? as usize, cx.get(&CONTEXT)? as usize);
    let failed = |why: String| DemoError::input(CONTEXT.name, why);
    let bpe = buddy_bpe();
    let role = |role| if role == Role::User { "user" } else { "assistant" };
    let mut examples = Vec::new();
    for dialogue in World::new(1).dialogues(0).skip(cx.get(&SEED)? as usize).take(count) {
        let turns = dialogue.turns.iter();
        let messages: Vec<Message> =
            turns.map(|turn| Message::new(role(turn.role), &turn.text)).collect();
        let chat = (answers.chat_template)(&messages, false).map_err(|e| failed(e.to_string()))?;
        let (ids, offsets) = tokens(&bpe, &chat.text);
        let labels =
            (answers.sft_labels)(&ids, &offsets, &chat.spans).map_err(|e| failed(e.to_string()))?;
        examples.push(Encoded { ids, labels });
    }
    let way = cx.get(&WAY)?;
    let pad = tokens(&bpe, "<|endoftext|>").0[0];
    let all = examples.len();
    // As in training, what is longer than a row is left out.
    if way == "packed" {
        examples.retain(|example| example.ids.len() <= context);
    }
    let rows = match way {
        "packed" => (answers.pack_examples)(&examples, context, pad),
        _ => {
            let side = if way == "left" { Side::Left } else { Side::Right };
            (answers.pad_batch)(&examples, side, 1, pad).map(|batch| {
                let row = |at: usize| Row {
                    ids: batch.ids[at].clone(),
                    labels: batch.labels[at].clone(),
                    document_ids: batch.attention_mask[at]
                        .iter()
                        .map(|&mask| (mask == 1).then_some(at))
                        .collect(),
                    position_ids: batch.position_ids[at].clone(),
                };
                (0..batch.ids.len()).map(row).collect()
            })
        }
    };
    let rows: Vec<Row> = rows.map_err(|e| failed(e.to_string()))?;
    let positions: usize = rows.iter().map(|row| row.ids.len()).sum();
    let held: usize = rows.iter().map(|row| row.document_ids.iter().flatten().count()).sum();
    let learned = rows.iter().flat_map(|row| &row.labels).filter(|label| **label != IGNORE).count();
    let share = |part: usize| percent(part as f64 / positions.max(1) as f64);
    let lines: Vec<String> =
        rows.iter().enumerate().map(|(at, row)| format!("Row {at}: {}.", told(row))).collect();
    let mut views = vec![View::drawing(
        "The rows: low is given, high is learned, empty is padding",
        if lines.is_empty() { "No dialogue fits into a row.".into() } else { lines.join(" ") },
        strips(&rows),
    )];
    let dialogues = |row: &Row| {
        let mut ids: Vec<usize> = row.document_ids.iter().copied().flatten().collect();
        ids.dedup();
        ids.len()
    };
    let most = rows.iter().map(dialogues).max();
    if let Some(at) = rows.iter().position(|row| Some(dialogues(row)) == most) {
        let row = &rows[at];
        let sees = document_mask(&row.document_ids);
        views.push(View::drawing(
            format!("Row {at}: each line looks at the filled columns"),
            format!(
                "A square with a triangle for each of {} on its diagonal. {}.",
                counted(dialogues(row), "dialogue"),
                told(row)
            ),
            mask(&sees, row),
        ));
    }
    let number = |n: usize| Cell::Number(n.to_string());
    views.push(View::Table {
        label: "This batch".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: vec![
            vec!["rows".into(), number(rows.len())],
            vec!["positions".into(), number(positions)],
            vec!["padding".into(), Cell::Number(share(positions - held))],
            vec!["with loss".into(), Cell::Number(share(learned))],
            vec!["too long, left out".into(), number(all - examples.len())],
        ],
    });
    cx.show(
        format!(
            "{} in {}: {} of the positions are padding.",
            counted(examples.len(), "dialogue"),
            counted(rows.len(), "row"),
            share(positions - held)
        ),
        &views,
    );
    Ok(())
}

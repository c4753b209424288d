//! A few stories as batches: which story each position belongs to, what is wasted, who sees whom, and
//! how often each token is read in an epoch.

use batches::{Answers, padding_share};
use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{counted, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};

use crate::epoch::{Places, Stream, steps};
use crate::squares::{Square, letter, squares, told};

/// Tokens in a line of the strip.
const LINE: usize = 20;
const TEXT: Text = Text::new(
    "text",
    "Stories, one a line",
    "Mila lost her red kite near the river\n\
     It rained\n\
     Otto baked a cake for his sister and then he ate half of it himself\n\
     A cat slept\n\
     Nora found the kite in a tree and brought it back\n\
     The mill is old",
    2000,
);
const WAY: Choice = Choice::new(
    "way",
    "How rows are made",
    &[
        ("padded", "One story a row, padded"),
        ("random", "Windows at random"),
        ("packed", "Packed, cut anywhere"),
        ("fit", "Best fit, cut only if too long"),
    ],
);
const CONTEXT: Slider = Slider::new("context", "Context: tokens a row", 10.0, [2.0, 16.0], 1.0);
const BATCH: Slider = Slider::new("batch", "Batch: rows a step", 3.0, [1.0, 6.0], 1.0);
const STEP: Slider = Slider::new("step", "Step of the epoch, from 0", 0.0, [0.0, 19.0], 1.0);
const SEED: Slider = Slider::new("seed", "Seed", 1.0, [1.0, 50.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "windows",
        title: "Stories as batches",
        lesson: "batches",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TEXT.control(),
                WAY.control(),
                CONTEXT.control(),
                BATCH.control(),
                STEP.control(),
                SEED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// The strip of all tokens, in lines.
fn strip(squares: &[Square]) -> Vec<(String, Vec<Square>)> {
    let line = |(at, line): (usize, &[Square])| (format!("{}", at * LINE), line.to_vec());
    squares.chunks(LINE).enumerate().map(line).collect()
}

fn view(label: &str, before: &str, rows: &[(String, Vec<Square>)]) -> View {
    let lines: Vec<String> =
        rows.iter().map(|(name, row)| format!("{name}: {}", told(row))).collect();
    View::drawing(label, format!("{before} {}.", lines.join("; ")), squares(rows))
}

/// Each story's counts.
fn told_by_story(stream: &Stream, times: &[usize]) -> String {
    let story = |(story, ids): (usize, &Vec<u32>)| {
        let counts = &times[stream.begins[story]..][..=ids.len()];
        let shown: Vec<String> = counts.iter().map(ToString::to_string).collect();
        format!("{}: {}", letter(story), shown.join(" "))
    };
    stream.documents.iter().enumerate().map(story).collect::<Vec<_>>().join("; ")
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let stream = Stream::read(&cx.get(&TEXT)?);
    if stream.documents.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no story: type one a line."));
    }
    let (way, seed) = (cx.get(&WAY)?, cx.get(&SEED)? as u64);
    let [context, batch] = [cx.get(&CONTEXT)? as usize, cx.get(&BATCH)? as usize];
    let steps = steps(&answers, &stream, way, [context, batch], seed)
        .map_err(|error| DemoError::input(CONTEXT.name, error.to_string()))?;
    let step = (cx.get(&STEP)? as usize).min(steps.len().saturating_sub(1));
    let shown = steps.get(step).cloned().unwrap_or_default();

    let all: Vec<Square> = (0..stream.tokens.len()).map(|at| stream.square(Some(at))).collect();
    let batch_rows: Vec<(String, Vec<Square>)> = shown
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let squares = row.iter().map(|&place| stream.square(place)).collect();
            (format!("row {at}"), squares)
        })
        .collect();

    let mut times = vec![0; stream.tokens.len()];
    let rows: Vec<&Places> = steps.iter().flatten().collect();
    for &place in rows.iter().copied().flatten().flatten() {
        if let Some(times) = times.get_mut(place) {
            *times += 1;
        }
    }
    let read = |at: usize| Square::Story(stream.tokens[at].0, times[at].to_string());
    let counts: Vec<Square> = (0..times.len()).map(read).collect();

    // Pairs that a causal mask alone lets see each other.
    let (mut pairs, mut across) = (0, 0);
    for row in &rows {
        for (i, &looks) in row.iter().enumerate() {
            for &seen in &row[..=i] {
                if let (Some(one), Some(other)) = (stream.story(looks), stream.story(seen)) {
                    pairs += 1;
                    across += usize::from(one != other);
                }
            }
        }
    }
    let positions = rows.len() * context;
    let held: usize = rows.iter().map(|row| row.iter().flatten().count()).sum();
    let never = times.iter().filter(|times| **times == 0).count();
    let share = |part: usize, whole: usize| match whole {
        0 => percent(0.0),
        _ => percent(part as f64 / whole as f64),
    };
    let wasted = percent(padding_share(held, rows.len(), context));

    let mut views = vec![
        view(
            "All stories, one after the other",
            "Each token by the letter of its story.",
            &strip(&all),
        ),
        view(
            &format!("The batch of step {step}, of {} in this epoch", counted(steps.len(), "step")),
            "Which story each position belongs to.",
            &batch_rows,
        ),
    ];
    let stories = |row: &Places| {
        let mut ids: Vec<usize> = row.iter().filter_map(|&place| stream.story(place)).collect();
        ids.dedup();
        ids.len()
    };
    // The row with the most stories, of equals the first.
    let most = shown.iter().map(stories).max();
    if let Some(at) = shown.iter().position(|row| Some(stories(row)) == most) {
        let ids: Vec<Option<usize>> = shown[at].iter().map(|&place| stream.story(place)).collect();
        let mask = (answers.document_mask)(&ids);
        let line = |i: usize| {
            let square = |j: usize| match (ids[i], ids[j]) {
                (Some(one), Some(_)) if j <= i => {
                    let sees = mask.get(i).and_then(|row| row.get(j)).copied().unwrap_or(false);
                    if sees { Square::Seen(one) } else { Square::Across }
                }
                _ => Square::Empty,
            };
            let name = ids[i].map_or("–".into(), letter);
            (name, (0..ids.len()).map(square).collect())
        };
        let lines: Vec<(String, Vec<Square>)> = (0..ids.len()).map(line).collect();
        views.push(view(
            &format!("Row {at} of the batch: who sees whom"),
            "A line looks at a column. Filled: with a document mask. Framed: with a causal mask \
             only, across a border.",
            &lines,
        ));
    }
    let number = |n: usize| Cell::Number(n.to_string());
    let line = |name: &str, value: Cell| vec![name.into(), value];
    views.extend([
        View::drawing(
            "How often each token is read in this epoch",
            format!("Counts, token by token. {}.", told_by_story(&stream, &times)),
            squares(&strip(&counts)),
        ),
        View::Table {
            label: "This epoch".into(),
            columns: vec!["What".into(), "How much".into()],
            rows: vec![
                line("rows", number(rows.len())),
                line("positions", number(positions)),
                line("padding", Cell::Number(wasted.clone())),
                line("tokens never read", number(never)),
                line("read more than once", number(times.iter().filter(|n| **n > 1).count())),
                line("pairs across a border", Cell::Number(share(across, pairs))),
            ],
        },
        View::Prose(vec![
            "A letter is a token of that story, a stroke is the token that ends it, an empty square \
             is padding."
                .into(),
        ]),
    ]);
    cx.show(
        format!(
            "{} in {}: {wasted} of the positions are padding, and {} never read.",
            counted(stream.tokens.len(), "token"),
            counted(rows.len(), "row"),
            match never {
                1 => "1 token is".to_owned(),
                _ => format!("{} are", counted(never, "token")),
            }
        ),
        &views,
    );
    Ok(())
}

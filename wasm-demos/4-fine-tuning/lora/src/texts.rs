//! The texts of the training, in a file: neither Tinytown nor Buddy's tokenizer is in the page's module.

use crate::tuning::{Example, Task};

/// The file, in the folder `models/`.
pub const TEXTS: &str = "lora/sentiments.csv";

/// A task that [`written`] wrote.
///
/// # Errors
/// If the file is another.
pub fn read(file: &[u8]) -> Result<Task, String> {
    let parsed = std::str::from_utf8(file).ok().and_then(parsed);
    parsed.ok_or_else(|| format!("models/{TEXTS} cannot be read: reload the page."))
}

fn parsed(file: &str) -> Option<Task> {
    let ids = |part: &str| part.split(' ').map(|id| id.parse().ok()).collect::<Option<Vec<u32>>>();
    let (first, rest) = file.split_once('\n')?;
    let answers = ids(first)?.try_into().ok()?;
    let mut task = Task { train: Vec::new(), held_out: Vec::new(), answers };
    for line in rest.lines() {
        let mut parts = line.splitn(3, ',');
        let (is_good, ids) = (parts.next()? == "good", ids(parts.next()?)?);
        match parts.next() {
            Some(text) => task.held_out.push(Example { text: text.into(), ids, is_good }),
            None => task.train.push(Example { text: String::new(), ids, is_good }),
        }
    }
    Some(task)
}

/// A line each: the answers; what is learned from, how it is meant and its tokens; what is held out,
/// the same and the text.
#[cfg(not(target_family = "wasm"))]
pub fn written(task: &Task) -> String {
    let ids = |ids: &[u32]| ids.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ");
    let mut lines = vec![ids(&task.answers)];
    for Example { text, ids: of, is_good } in task.train.iter().chain(&task.held_out) {
        let text = if text.is_empty() { String::new() } else { format!(",{text}") };
        lines.push(format!("{},{}{text}", if *is_good { "good" } else { "bad" }, ids(of)));
    }
    lines.join("\n") + "\n"
}

/// Enough texts for so many steps: stream 0 of Tinytown, and of stream 2 what is held out.
///
/// # Errors
/// If Buddy has not the tokens.
#[cfg(not(target_family = "wasm"))]
pub fn drawn(
    buddy: &pocket_buddy::PocketBuddy,
    steps: usize,
) -> Result<Task, pocket_buddy::PocketError> {
    use tinytown::{Mood, Way, World};

    /// What stands behind a text; the answer follows.
    const ASK: &str = " It was";
    /// The longest text, with the question, in tokens.
    const LONGEST: usize = 24;
    let world = World::new(1);
    let examples = |stream, most| -> Result<Vec<Example>, pocket_buddy::PocketError> {
        let mut examples = Vec::with_capacity(most);
        for found in world.sentiments(stream).filter(|found| found.way == Way::Plain) {
            let ids = buddy.encode(&format!("{}{ASK}", found.text))?;
            if ids.len() <= LONGEST {
                let text = if stream == 0 { String::new() } else { found.text };
                examples.push(Example { text, ids, is_good: found.mood == Mood::Good });
            }
            if examples.len() == most {
                break;
            }
        }
        Ok(examples)
    };
    let first = |word| {
        Ok::<_, pocket_buddy::PocketError>(buddy.encode(word)?.first().copied().unwrap_or(0))
    };
    Ok(Task {
        train: examples(0, steps * crate::tuning::BATCH)?,
        held_out: examples(2, crate::tuning::HELD_OUT)?,
        answers: [first(" bad")?, first(" good")?],
    })
}

//! The figures of the page: natively only, no page carries Buddy.

use demo::figure::{Cells, Figure, Ink, Plot};
use grading::numbers::{percent, short};
use in_context_learning::measured::{Measured, all};
use in_context_learning::solution::{answer_log_probs, encode_pair};
use in_context_learning::{LanguageModel, Pair};
use pocket_buddy::PocketBuddy;

use crate::buddy::Reader;
use crate::tasks::TASKS;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [by_shots(), boundary()].into_iter().flatten().collect()
}

/// What each curve is called, and where: they cross.
const NAMES: [(&str, f64); 5] =
    [("put away", 0.5), ("told", 4.0), ("listed", 8.0), ("mood", 3.0), ("rule", 8.0)];

fn by_shots() -> Option<Figure> {
    let rows = all().ok()?;
    let mut plot = Plot::new(("examples", 0.0, 8.0), ("right, %", 0.0, 110.0));
    let mut told = Vec::new();
    for ((task, says), (name, at)) in TASKS.iter().zip(NAMES) {
        let rows: Vec<&Measured> = rows.iter().filter(|row| row.task == *task).collect();
        let points: Vec<(f64, f64)> =
            rows.iter().map(|row| (row.shots as f64, 100.0 * row.share())).collect();
        let shares: Vec<String> = rows.iter().map(|row| percent(row.share(), 0)).collect();
        told.push(format!("{says}: {}", shares.join(", ")));
        let between = points.windows(2).find(|ends| (ends[0].0..=ends[1].0).contains(&at))?;
        let [(x, y), (to, end)] = [between[0], between[1]];
        let height = y + (end - y) * (at - x) / (to - x);
        plot = plot.curve("", points.clone()).point((at, height), name);
    }
    let queries = rows.first()?.queries;
    Some(Figure {
        name: "by-shots",
        caption: format!(
            "How often Buddy is right on {queries} queries of each task, by the number of examples \
             asked for; of the long ones, not all fit. Blind guessing gets 20% for the thing put away, \
             25% for jobs, and 50% for mood and rule."
        ),
        text: format!("Five curves, at 0, 1, 2, 4 and 8 examples. {}.", told.join(". ")),
        drawing: plot.into(),
    })
}

fn boundary() -> Option<Figure> {
    let mut model = Reader::from(PocketBuddy::kept().ok()?);
    let right = encode_pair(&model, "Dina was a", " gardener");
    let space = model.encode("Dina was a ");
    let alone = model.encode("gardener").split_off(1);
    let wrong = Pair { prompt: space, answer: alone };
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (name, pair) in [("space in the answer", right), ("space in the prompt", wrong)] {
        let sum: f64 = answer_log_probs(&mut model, &pair).ok()?.iter().sum();
        let pieces = |ids: &[u32]| -> Vec<String> {
            model.pieces(ids).iter().map(|piece| piece.replace(' ', "▁")).collect()
        };
        // The token before every text has no letters.
        let (prompt, answer) = (pieces(&pair.prompt[1..]), pieces(&pair.answer));
        let row = prompt.iter().map(|piece| (piece.as_str(), Ink::Plain));
        let row = row.chain(answer.iter().map(|piece| (piece.as_str(), Ink::Marked)));
        let score = short(sum, 1);
        cells = cells.rule(&format!("{name}: {score} nats")).row("", row);
        told.push(format!(
            "{name}: {}, then the answer {}, with {score} nats",
            prompt.join(" "),
            answer.join(" ")
        ));
    }
    Some(Figure {
        name: "boundary",
        caption: "The same letters, cut in two ways: the prompt, and marked the answer, with its \
                  log-probability by Buddy: the nearer to 0, the likelier. ▁ is a space."
            .into(),
        text: format!("Two rows of tokens. {}.", told.join(". ")),
        drawing: cells.into(),
    })
}

//! The figures of the page.

use batches::solution::{batch_at, best_fit_pack, document_mask, pack};
use batches::town::{costs, lengths};
use batches::{BatchError, Plan};
use demo::figure::{Bars, Cells, Figure, Ink};
use grading::numbers::percent;

use crate::squares::{Square, letter, squares, told};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![shift()];
    figures.extend([padded(), packed(), mask(), fitted(), waste()].into_iter().flatten());
    if let Ok(deal) = deal() {
        figures.push(deal);
    }
    figures
}

/// Five stories of the page, their ends included.
const LENGTHS: [usize; 5] = [4, 9, 7, 2, 3];
const CONTEXT: usize = 9;

fn rows(lines: Vec<Vec<Square>>) -> Vec<(String, Vec<Square>)> {
    lines.into_iter().enumerate().map(|(at, row)| (format!("row {at}"), row)).collect()
}

fn figure(name: &'static str, caption: &str, rows: &[(String, Vec<Square>)]) -> Figure {
    let lines: Vec<String> =
        rows.iter().map(|(name, row)| format!("{name}: {}", told(row))).collect();
    Figure {
        name,
        caption: caption.into(),
        text: format!("Squares, row by row. {}.", lines.join("; ")),
        drawing: squares(rows),
    }
}

fn story(story: usize, length: usize) -> Vec<Square> {
    (1..=length).map(|at| Square::token(story, at == length)).collect()
}

/// One story a row.
fn padded() -> Option<Figure> {
    let longest = *LENGTHS.iter().max()?;
    let row = |(at, &length): (usize, &usize)| {
        let mut row = story(at, length);
        row.resize(longest, Square::Empty);
        row
    };
    Some(figure(
        "padded",
        "Five stories, A to E, one a row. A stroke is the token that ends a story, an empty square \
         is padding.",
        &rows(LENGTHS.iter().enumerate().map(row).collect()),
    ))
}

/// Documents of the page's lengths.
fn documents() -> Vec<Vec<u32>> {
    LENGTHS.iter().map(|&length| vec![1; length - 1]).collect()
}

/// The same stories packed.
fn packed() -> Option<Figure> {
    let packed = pack(&documents(), CONTEXT, 0).ok()?;
    let row = |row: &batches::Row| {
        let square = |(document, id): (&Option<usize>, &u32)| match document {
            Some(story) => Square::token(*story, *id == 0),
            None => Square::Empty,
        };
        row.document_ids.iter().zip(&row.ids).map(square).collect()
    };
    Some(figure(
        "packed",
        "The same stories packed into rows of 9. Only the last row has padding, but B and C are cut.",
        &rows(packed.iter().map(row).collect()),
    ))
}

/// The mask of the last row.
fn mask() -> Option<Figure> {
    let packed = pack(&documents(), CONTEXT, 0).ok()?;
    let ids = &packed.last()?.document_ids;
    let mask = document_mask(ids);
    let line = |i: usize| {
        let square = |j: usize| match ids[i] {
            Some(story) if mask[i][j] => Square::Seen(story),
            Some(_) if j <= i => Square::Across,
            _ => Square::Empty,
        };
        (ids[i].map_or("–".into(), letter), (0..ids.len()).map(square).collect())
    };
    let lines: Vec<(String, Vec<Square>)> = (0..ids.len()).map(line).collect();
    Some(figure(
        "mask",
        "The last of the packed rows, with tokens of C, D and E and two positions of padding: each \
         line looks at the columns. Filled squares are of the same story. Framed in red is what a \
         causal mask would let through as well.",
        &lines,
    ))
}

/// The same stories by best fit.
fn fitted() -> Option<Figure> {
    let fitted = best_fit_pack(&LENGTHS, CONTEXT).ok()?;
    let row = |row: &Vec<batches::Piece>| {
        let mut squares: Vec<Square> =
            row.iter().flat_map(|piece| story(piece.document, piece.length)).collect();
        squares.resize(CONTEXT, Square::Empty);
        squares
    };
    Some(figure(
        "fitted",
        "The same stories by best fit: no story is cut, and the room that is left is padding.",
        &rows(fitted.iter().map(row).collect()),
    ))
}

/// Inputs and labels of two windows.
fn shift() -> Figure {
    let words = ["it", "rained", "and", "the", "mill", "stood", "still"];
    let window = |start: usize| -> Vec<(&str, Ink)> {
        let inside = |at: usize| (start..start + 4).contains(&at);
        let word = |(at, &word): (usize, &&'static str)| {
            if inside(at) { (word, Ink::Marked) } else { ("", Ink::Quiet) }
        };
        words.iter().enumerate().map(word).collect()
    };
    Figure {
        name: "shift",
        caption:
            "Two windows of four tokens: what the model reads, and what it should say at each \
                  place."
                .into(),
        text: "The data: it rained and the mill stood still. A window with the start 0 has the \
               inputs it rained and the, and the labels rained and the mill. One with the start 2 \
               has the inputs and the mill stood, and the labels the mill stood still."
            .into(),
        drawing: Cells::new()
            .row("data", words.map(|word| (word, Ink::Plain)))
            .rule("start 0")
            .row("inputs", window(0))
            .row("labels", window(1))
            .rule("start 2")
            .row("inputs", window(2))
            .row("labels", window(3))
            .into(),
    }
}

/// What each way wastes on Tinytown's stories.
fn waste() -> Option<Figure> {
    let lengths = lengths(2000);
    let tokens: usize = lengths.iter().sum();
    let costs = costs(&lengths, 16, 256).ok()?;
    let wasted = costs.map(|cost| 1.0 - tokens as f64 / cost.positions as f64);
    let cut = costs.map(|cost| cost.cut as f64 / lengths.len() as f64);
    let shown = |share: f64| percent(share, 1);
    let told: Vec<String> = costs
        .iter()
        .zip(wasted.iter().zip(&cut))
        .map(|(cost, (wasted, cut))| {
            format!("{}: {} padding, {} of the stories cut", cost.name, shown(*wasted), shown(*cut))
        })
        .collect();
    Some(Figure {
        name: "waste",
        caption:
            "2,000 stories of Tinytown: the share of positions that is padding, and the share of \
                  stories that is cut. Padded batches have 16 rows, packed rows 256 positions."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&["any order", "by length", "packed", "best fit"])
            .series("padding", &wasted, shown)
            .series("stories cut", &cut, shown)
            .into(),
    })
}

/// Ten windows, in steps of four, on two ranks.
fn deal() -> Result<Figure, BatchError> {
    let order = [6, 2, 9, 0, 4, 8, 1, 7, 3, 5];
    let (batch, ranks) = (4, 2);
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for step in 0..order.len().div_ceil(batch) {
        cells = cells.rule(&format!("step {step}"));
        for rank in 0..ranks {
            let plan = Plan { batch, ranks, rank, drop_last: false };
            let windows: Vec<String> =
                batch_at(&order, &plan, step)?.iter().map(ToString::to_string).collect();
            told.push(format!("step {step}, rank {rank}: {}", windows.join(", ")));
            let ink = if rank == 0 { Ink::Marked } else { Ink::Plain };
            cells = cells
                .row(&format!("rank {rank}"), windows.iter().map(|window| (window.as_str(), ink)));
        }
    }
    Ok(Figure {
        name: "deal",
        caption:
            "The order 6, 2, 9, 0, 4, 8, 1, 7, 3, 5 in steps of four windows, dealt to two ranks. \
                  The last step has what is left."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: cells.into(),
    })
}

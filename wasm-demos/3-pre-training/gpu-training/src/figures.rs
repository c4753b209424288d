//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, WIDTH};
use gpu_training::solution::block_backward;
use gpu_training::{Linear, Norm, Pass};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![way_back(), strides(), triangle(), collected()]
}

/// The layer of a pass, what it reads of the way forward, the slopes it reads and those it makes.
fn told(pass: Pass) -> [String; 4] {
    let of = |of: &dyn std::fmt::Debug| format!("{of:?}");
    match pass {
        Pass::Linear { of: linear, x, dy, dx } => {
            let name = match linear {
                Linear::Attn => "attn.c_attn",
                Linear::AttnProj => "attn.c_proj",
                Linear::Fc => "mlp.c_fc",
                Linear::FcProj => "mlp.c_proj",
            };
            [name.into(), of(&x), of(&dy), of(&dx)]
        }
        Pass::Gelu { x, slopes } => ["GELU".into(), of(&x), of(&slopes), of(&slopes)],
        Pass::LayerNorm { of: norm, x, dy, dx } => {
            let name = if norm == Norm::Ln1 { "ln_1" } else { "ln_2" };
            [name.into(), of(&x), of(&dy), format!("+ {}", of(&dx))]
        }
        Pass::Attention { dfound, dqkv } => {
            ["attention".into(), "Qkv, Found".into(), of(&dfound), of(&dqkv)]
        }
    }
}

fn way_back() -> Figure {
    let passes: Vec<[String; 4]> = block_backward().into_iter().rev().map(told).collect();
    let (top, step, box_high) = (40.0, 34.0, 22.0);
    let mut drawing = Drawing::new(top + step * passes.len() as f64 + 8.0);
    let (left, right) = (0.36 * WIDTH, 0.64 * WIDTH);
    drawing.text((0.17 * WIDTH, 14.0), Anchor::Middle, "kept forward", Ink::Quiet);
    drawing.text((0.5 * WIDTH, 14.0), Anchor::Middle, "layer", Ink::Quiet);
    drawing.text((0.83 * WIDTH, 14.0), Anchor::Middle, "slopes, going up", Ink::Quiet);
    for (i, [name, x, dy, dx]) in passes.iter().enumerate() {
        let y = top + step * i as f64;
        drawing.boxed((left, y), (right, y + box_high), 3.0, Ink::Plain);
        let middle = y + 0.5 * box_high + 4.0;
        drawing.text((0.5 * WIDTH, middle), Anchor::Middle, name, Ink::Plain);
        drawing.text((left - 34.0, middle), Anchor::End, x, Ink::Plain);
        drawing.arrow((left - 28.0, middle - 4.0), (left - 4.0, middle - 4.0), Ink::Quiet);
        let slopes = format!("{dy} → {dx}");
        drawing.text((right + 10.0, middle), Anchor::Start, &slopes, Ink::Marked);
    }
    let lines: Vec<String> = passes
        .iter()
        .rev()
        .map(|[name, x, dy, dx]| format!("{name} takes {x} and the slopes {dy}, and makes {dx}"))
        .collect();
    Figure {
        name: "way-back",
        caption:
            "A block of GPT-2. Forward, read it downward: each layer reads what stands on its \
                  left, and that is kept. Back, read it upward: the slopes on the right are handed \
                  on, and a plus adds them to what is there."
                .into(),
        text: format!("From below: {}.", lines.join("; ")),
        drawing,
    }
}

fn strides() -> Figure {
    let places: Vec<String> = (0..6).map(|at| at.to_string()).collect();
    let letters = ["a", "b", "c", "d", "e", "f"];
    let ink = |at: usize| if at % 3 == 1 { Ink::Marked } else { Ink::Plain };
    let cells = Cells::new()
        .row("place", places.iter().map(|at| (at.as_str(), Ink::Quiet)))
        .row("buffer", letters.iter().enumerate().map(|(at, of)| (*of, ink(at))))
        .rule("as 2 rows of 3: steps 3 and 1")
        .row("", [("a", ink(0)), ("b", ink(1)), ("c", ink(2))])
        .row("", [("d", ink(0)), ("e", ink(1)), ("f", ink(2))])
        .rule("transposed, 3 rows of 2: steps 1 and 3")
        .row("", [("a", ink(0)), ("d", ink(0))])
        .row("", [("b", ink(1)), ("e", ink(1))])
        .row("", [("c", ink(2)), ("f", ink(2))]);
    Figure {
        name: "strides",
        caption: "Six numbers in a buffer, a to f. Whether they are a matrix or its transpose depends \
                  on how far you step to go one down and one to the right."
            .into(),
        text: "A buffer holds a to f. Read with steps of 3 down and 1 to the right, it has the rows \
               a b c and d e f. Read with steps of 1 down and 3 to the right, it has the rows a d, \
               b e and c f. The numbers b and e, at places 1 and 4, are a column of the first and a \
               row of the second."
            .into(),
        drawing: cells.into(),
    }
}

fn triangle() -> Figure {
    let (query, key) = (3, 1);
    let mut cells = Cells::new().head(["key 0", "key 1", "key 2", "key 3"]);
    for i in 0..4 {
        let row: Vec<(&str, Ink)> = (0..4)
            .map(|j| match (i, j) {
                (i, j) if j > i => ("", Ink::Quiet),
                (i, j) if i == query && j == key => ("q k", Ink::Marked),
                (i, _) if i == query => ("q", Ink::Marked),
                (_, j) if j == key => ("k", Ink::Marked),
                _ => ("·", Ink::Plain),
            })
            .collect();
        cells = cells.row(&format!("query {i}"), row);
    }
    Figure {
        name: "triangle",
        caption:
            "The weights of four tokens. A thread for query 3 adds up along its row, marked q; \
                  one for key 1, or for its value, goes down its column, marked k."
                .into(),
        text: "A triangle: query i has weights for the keys 0 to i. The row of query 3 is marked \
               from key 0 to key 3, and the column of key 1 from query 1 down to query 3."
            .into(),
        drawing: cells.into(),
    }
}

fn collected() -> Figure {
    let ids = [2, 0, 2, 1, 2];
    let slopes = [0.5, 1.0, -2.0, 0.25, 4.0];
    let texts = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>();
    let ink = |id: i32| if id == 2 { Ink::Marked } else { Ink::Plain };
    let sums: Vec<f64> = (0..4)
        .map(|row| {
            let of_row = ids.iter().zip(&slopes).filter(|(id, _)| **id == row);
            of_row.fold(0.0, |sum, (_, slope)| sum + slope)
        })
        .collect();
    let (slopes, shown) = (texts(&slopes), texts(&sums));
    let names: Vec<String> = ids.iter().map(i32::to_string).collect();
    let cells = Cells::new()
        .row("id", names.iter().zip(ids).map(|(name, id)| (name.as_str(), ink(id))))
        .row("dx", slopes.iter().zip(ids).map(|(slope, id)| (slope.as_str(), ink(id))))
        .rule("threads 0 to 3, one a row of the table")
        .row("sum", shown.iter().zip(0..).map(|(sum, row)| (sum.as_str(), ink(row))));
    Figure {
        name: "collected",
        caption:
            "Five tokens with vectors of one number, a vocabulary of four. Thread 2 goes through \
                  all tokens and adds up the slopes of those with the id 2; thread 3 finds none."
                .into(),
        text: format!(
            "The ids 2, 0, 2, 1, 2 have the slopes 0.5, 1, −2, 0.25 and 4. The sums of the rows are \
             {}.",
            shown.join(", ").replace('-', "−")
        ),
        drawing: cells.into(),
    }
}

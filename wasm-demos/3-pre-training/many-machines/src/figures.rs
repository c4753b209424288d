//! The figures of the page.

use demo::figure::{Anchor, Drawing, Figure, Ink};
use many_machines::solution::{pipeline_schedule, ring_all_reduce, timeline};
use many_machines::{Kind, MachineError, in_turns};

use crate::rows;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let computed = [four_machines(), around(), orders(Kind::GPipe), orders(Kind::OneFOneB)];
    let mut figures: Vec<Figure> = computed.into_iter().flatten().collect();
    figures.push(shards());
    figures
}

fn four_machines() -> Result<Figure, MachineError> {
    let rows = timeline(&pipeline_schedule(Kind::GPipe, 4, 1), 1, 2)?;
    Ok(Figure {
        name: "four-machines",
        caption: "Four machines with a quarter of the layers each, and one batch: forward through \
                  all, then backward through all."
            .into(),
        text: format!("Rows of boxes over time. {}.", rows::told(&rows)),
        drawing: rows::timeline(&rows),
    })
}

fn orders(kind: Kind) -> Result<Figure, MachineError> {
    let rows = timeline(&pipeline_schedule(kind, 4, 8), 1, 2)?;
    let (name, caption) = match kind {
        Kind::GPipe => ("gpipe", "GPipe: all eight micro-batches forward, then all backward."),
        Kind::OneFOneB => (
            "one-f-one-b",
            "1F1B: as soon as a micro-batch can go back, it does. Same end, same waiting.",
        ),
    };
    Ok(Figure {
        name,
        caption: caption.into(),
        text: format!("Rows of boxes over time. {}.", rows::told(&rows)),
        drawing: rows::timeline(&rows),
    })
}

/// Three ranks with three numbers.
fn around() -> Result<Figure, MachineError> {
    let starts: Vec<Vec<f64>> =
        (0..3).map(|rank| (0..3).map(|i| rows::number(rank, i)).collect()).collect();
    let sum: Vec<f64> = (0..3).map(|i| starts.iter().map(|start| start[i]).sum()).collect();
    let mut states = vec![starts.clone()];
    let program = |link: &mut dyn many_machines::Link, x: &mut Vec<f64>| ring_all_reduce(link, x);
    // After the first turn nothing has come yet.
    in_turns(&starts, program, |turn, now| {
        if turn > 1 {
            states.push(now.to_vec());
        }
    })?;
    let mut drawing = Drawing::new(states.len() as f64 * 62.0 + 4.0);
    let titles = ["at first", "round 1: add", "round 2: add", "round 3: copy", "round 4: copy"];
    let mut told = Vec::new();
    for (at, now) in states.iter().enumerate() {
        let y = 62.0 * at as f64 + 4.0;
        let title = titles.get(at).copied().unwrap_or("");
        drawing.text((0.0, y + 32.0), Anchor::Start, title, Ink::Plain);
        for (rank, numbers) in now.iter().enumerate() {
            let y = y + 18.0 * rank as f64;
            drawing.text((132.0, y + 13.0), Anchor::End, &format!("rank {rank}"), Ink::Quiet);
            for (i, x) in numbers.iter().enumerate() {
                let left = 140.0 + 62.0 * i as f64;
                let is_new = at > 0 && states[at - 1][rank][i] != *x;
                let ink = match () {
                    () if is_new => Ink::Marked,
                    () if sum[i] == *x => Ink::Plain,
                    () => Ink::Quiet,
                };
                drawing.boxed((left, y), (left + 58.0, y + 16.0), 3.0, ink);
                drawing.text((left + 29.0, y + 12.0), Anchor::Middle, &x.to_string(), ink);
            }
        }
        told.push(format!("{title}: {}", rows::ranks_told(now)));
    }
    Ok(Figure {
        name: "around",
        caption: "Three ranks with three numbers each. The right neighbor is the next row down; after the \
 last rank comes rank 0. What just came in is marked.".into(),
        text: told.join(". "),
        drawing,
    })
}

/// A network cut in two.
fn shards() -> Figure {
    let mut drawing = Drawing::new(206.0);
    for (rank, y) in [(0, 26.0), (1, 116.0)] {
        let ink = Ink::Curve(rank);
        let name = format!("rank {rank}");
        drawing.text((0.0, y - 10.0), Anchor::Start, &name, Ink::Quiet);
        let mut x = 0.0;
        // Width and height of each matrix, and which part of it is here.
        for (name, width, height, part) in [
            ("x", 46.0, 30.0, None),
            ("A", 70.0, 46.0, Some((true, rank))),
            ("hidden", 70.0, 30.0, Some((true, rank))),
            ("B", 46.0, 70.0, Some((false, rank))),
            ("a part", 46.0, 30.0, None),
        ] {
            let (to, half) = ((x + width, y + height), [width / 2.0, height / 2.0]);
            match part {
                None if name == "x" => drawing.boxed((x, y), to, 2.0, Ink::Plain),
                None => drawing.filled((x, y), to, ink),
                Some((by_columns, part)) => {
                    let offset = part as f64;
                    let (from, to) = match by_columns {
                        true => ((x + half[0] * offset, y), (x + half[0] * (offset + 1.0), to.1)),
                        false => ((x, y + half[1] * offset), (to.0, y + half[1] * (offset + 1.0))),
                    };
                    drawing.boxed((x, y), (x + width, y + height), 2.0, Ink::Quiet);
                    drawing.filled(from, to, ink)
                }
            };
            drawing.text(
                (x + width / 2.0, y - 5.0 + height + 18.0),
                Anchor::Middle,
                name,
                Ink::Plain,
            );
            x += width + 20.0;
        }
    }
    for (y, sign) in [(98.0, "+"), (186.0, "= y")] {
        drawing.text((335.0, y), Anchor::Middle, sign, Ink::Marked);
    }
    Figure {
        name: "shards",
        caption:
            "A feed-forward network cut in two: each rank has half of the columns of A, of the \
                  hidden units, and of the rows of B."
                .into(),
        text:
            "Two rows, one a rank. Both have the whole of x. Rank 0 has the left half of A, which \
               gives the left half of the hidden units, and the upper half of B; rank 1 has the \
               right half of A and of the hidden units, and the lower half of B. Each ends with a \
               matrix of the shape of the result, and the sum of the two is y."
                .into(),
        drawing,
    }
}

//! The figures of the page.

use attention::example::{Head, SENTENCE, random_scores, weights};
use attention::solution::{causal_mask, padding_mask, sdpa};
use attention::{AttentionError, Side};
use candle_core::Tensor;
use demo::figure::{Anchor, Cells, Drawing, Figure, Ink};
use demo::format::percent;
use grading::numbers::{settled, shares, short};

use crate::grid;

const IT: usize = 8;
const CAT: usize = 1;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [pronoun(), whole(), Ok(cell()), Ok(roots()), masks(), Ok(passes())];
    figures.into_iter().flatten().collect()
}

/// The words of the page, and their weights.
fn sentence() -> Result<(Vec<&'static str>, Vec<Vec<f64>>), AttentionError> {
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let [q, k, _] = Head::Roles.vectors(&words).tensors()?;
    let mut weights = weights(sdpa, [&q, &k], None)?;
    weights.iter_mut().flatten().for_each(|weight| *weight = settled(*weight));
    Ok((words, weights))
}

/// Whom one word looks at.
fn pronoun() -> Result<Figure, AttentionError> {
    let (words, weights) = sentence()?;
    Ok(Figure {
        name: "pronoun",
        caption: "Whom “it” looks at, with vectors that we set by hand. The thicker an arc, the \
                  more “it” takes from that word; what it takes from itself has no arc."
            .into(),
        text: format!(
            "The words of the sentence, and what “it” takes from each: {}.",
            grid::told(&words, &weights[IT])
        ),
        drawing: grid::arcs(&words, &weights[IT], IT),
    })
}

/// Whom all words look at.
fn whole() -> Result<Figure, AttentionError> {
    let (words, weights) = sentence()?;
    let rows: Vec<String> = words
        .iter()
        .zip(&weights)
        .enumerate()
        .map(|(i, (word, row))| {
            let (top, most) = row
                .iter()
                .enumerate()
                .fold((0, 0.0), |best, (j, &w)| if w > best.1 { (j, w) } else { best });
            format!("{} {word}: most from {} {}, {}", i + 1, top + 1, words[top], percent(most))
        })
        .collect();
    Ok(Figure {
        name: "grid",
        caption: "A row for each word that looks, a column for each that is looked at. The larger \
                  a dot, the more is taken; each row adds up to 100%. In color, the row of “it”."
            .into(),
        text: format!("A grid of dots. {}.", rows.join("; ")),
        drawing: grid::grid(&words, &weights, IT, Some(CAT)),
    })
}

/// One cell, number by number.
fn cell() -> Figure {
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let vectors = Head::Roles.vectors(&words);
    let (q, k) = (&vectors.queries[IT], &vectors.keys[CAT]);
    let list = |x: &[f64]| x.iter().map(|&x| short(x, 0)).collect::<Vec<_>>();
    let products: Vec<f64> = q.iter().zip(k).map(|(q, k)| q * k).collect();
    let sum: f64 = products.iter().sum();
    let (asked, offered, product) = (list(q), list(k), list(&products));
    fn inked(texts: &[String], ink: Ink) -> impl Iterator<Item = (&str, Ink)> {
        texts.iter().map(move |text| (text.as_str(), ink))
    }
    let total = [short(sum, 0)];
    Figure {
        name: "cell",
        caption: format!(
            "The circled cell: what “it” asks for, times what “cat” offers, number by number. The \
             sum, {}, is their dot product.",
            short(sum, 0)
        ),
        text: format!(
            "Four numbers, about: {}. The query of it: {}. The key of cat: {}. Their products: {}; \
             the sum is {}.",
            vectors.names.join(", "),
            asked.join(", "),
            offered.join(", "),
            product.join(", "),
            short(sum, 0)
        ),
        drawing: Cells::new()
            .head(vectors.names.iter().map(String::as_str))
            .row("“it” asks", inked(&asked, Ink::Plain))
            .row("“cat” offers", inked(&offered, Ink::Plain))
            .row("product", inked(&product, Ink::Quiet))
            .row("sum", inked(&total, Ink::Marked))
            .into(),
    }
}

/// Random scores through softmax, as they are and divided.
fn roots() -> Figure {
    let (keys, seed, height, gap) = (8, 0, 64.0, 16.0);
    let sizes = [4, 64, 1024];
    let mut drawing = Drawing::new(24.0 + (height + gap) * sizes.len() as f64);
    let (left, wide) = (66.0, 132.0);
    for (c, name) in ["dot products", "divided by √d"].iter().enumerate() {
        let middle = left + (c as f64 + 0.5) * (wide + 20.0) - 10.0;
        drawing.text((middle, 12.0), Anchor::Middle, name, Ink::Quiet);
    }
    let mut told = Vec::new();
    for (r, d) in sizes.into_iter().enumerate() {
        let scores = random_scores(d, keys, seed);
        let bottom = 24.0 + (height + gap) * r as f64 + height;
        drawing.text((left - 10.0, bottom - 4.0), Anchor::End, &format!("d = {d}"), Ink::Plain);
        let mut tops = Vec::new();
        for (c, scale) in [1.0, (d as f64).sqrt().recip()].into_iter().enumerate() {
            let weights =
                shares(&scores.iter().map(|score| (score * scale).exp()).collect::<Vec<_>>());
            let start = left + c as f64 * (wide + 20.0);
            drawing.line(&[(start, bottom), (start + wide, bottom)], Ink::Quiet);
            let step = wide / keys as f64;
            let most = weights.iter().copied().fold(0.0, f64::max);
            for (j, &weight) in weights.iter().enumerate() {
                let x = start + step * j as f64;
                let ink = if weight == most { Ink::Marked } else { Ink::Curve(1) };
                let top = bottom - (height - 14.0) * weight;
                drawing.filled((x + 2.0, top.min(bottom - 0.6)), (x + step - 2.0, bottom), ink);
                if weight == most {
                    let at = (x + step / 2.0, top - 4.0);
                    drawing.text(at, Anchor::Middle, &percent(most), Ink::Plain);
                }
            }
            tops.push(percent(most));
        }
        told.push(format!("with d = {d} it is {}, and {} divided", tops[0], tops[1]));
    }
    Figure {
        name: "roots",
        caption: "Eight random keys and a random query of d numbers: the softmax of their dot \
                  products, as they are and divided by √d."
            .into(),
        text: format!(
            "Six groups of eight bars, the weights of eight keys. Of the largest weight: {}.",
            told.join("; ")
        ),
        drawing,
    }
}

/// Three masks.
fn masks() -> Result<Figure, AttentionError> {
    let numbers = |mask: Tensor, rows: usize, columns: usize| -> Result<Vec<u8>, AttentionError> {
        Ok(mask.broadcast_as((1, 1, rows, columns))?.flatten_all()?.to_vec1::<u8>()?)
    };
    let grids = [
        ("causal", 5, 5, numbers(causal_mask(5, 5)?, 5, 5)?),
        ("two new tokens", 2, 5, numbers(causal_mask(2, 5)?, 2, 5)?),
        ("two of padding", 5, 5, numbers(padding_mask(&[3], 5, Side::Right)?, 5, 5)?),
    ];
    let (cell, apart) = (19.0, 132.0);
    let mut drawing = Drawing::new(20.0 + 5.0 * cell);
    let mut told = Vec::new();
    for (g, (name, rows, columns, mask)) in grids.iter().enumerate() {
        let left = apart * g as f64;
        drawing.text((left, 12.0), Anchor::Start, name, Ink::Quiet);
        for (at, &may) in mask.iter().enumerate() {
            let (x, y) = (left + cell * (at % columns) as f64, 20.0 + cell * (at / columns) as f64);
            drawing.boxed((x + 1.0, y + 1.0), (x + cell - 1.0, y + cell - 1.0), 3.0, Ink::Quiet);
            if may == 1 {
                drawing.dot((x + cell / 2.0, y + cell / 2.0), 5.0, Ink::Marked);
            }
        }
        let seen: Vec<String> = mask
            .chunks(*columns)
            .map(|row| row.iter().filter(|&&may| may == 1).count().to_string())
            .collect();
        told.push(format!(
            "{name}: {rows} queries and {columns} keys, of which the queries see the first {}",
            seen.join(", ")
        ));
    }
    Ok(Figure {
        name: "masks",
        caption: "Three masks. A row is a query, a column a key; a dot says that the query may \
                  look."
            .into(),
        text: told.join(". ") + ".",
        drawing,
    })
}

/// What the threads of a workgroup do.
fn passes() -> Figure {
    let threads: Vec<String> = (0..4).map(|t| format!("thread {t}")).collect();
    let name = |text: &str| (0..4).map(|t| text.replace('#', &t.to_string())).collect::<Vec<_>>();
    fn inked(texts: &[String], ink: Ink) -> impl Iterator<Item = (&str, Ink)> {
        texts.iter().map(move |text| (text.as_str(), ink))
    }
    let (keys, slots) = (name("key #"), name("slot #"));
    let (columns, reads) = (name("column #"), name("all slots"));
    Figure {
        name: "passes",
        caption: "The second loop, with four threads in place of 256. First a thread is a key and \
                  leaves its weight in a slot. Behind the barrier it is a column of the result, \
                  and reads them all."
            .into(),
        text: "Four threads. First each takes a key, thread 0 key 0 and so on, and writes its \
               weight into the slot of its number. After a barrier each takes a column of the \
               values, and reads the weights in all slots. After another barrier come the next \
               four keys."
            .into(),
        drawing: Cells::new()
            .head(threads.iter().map(String::as_str))
            .row("takes", inked(&keys, Ink::Plain))
            .row("writes", inked(&slots, Ink::Marked))
            .rule("barrier")
            .row("takes", inked(&columns, Ink::Plain))
            .row("reads", inked(&reads, Ink::Marked))
            .rule("barrier, and the next keys")
            .into(),
    }
}

//! The figures of the page.

use std::f64::consts::TAU;

use candle_core::{DType, Device, Tensor};
use demo::figure::{Cells, Figure, Ink, Plot};
use grading::numbers::{count, short};
use positions::example::{BITES, DOG, KEY_PAIR, MAN, QUERY_PAIR};
use positions::solution::{alibi_bias, alibi_slopes, frequencies, rope, sinusoidal};
use positions::{BASE, PositionError};

use crate::hands;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [Ok(bag()), clocks(), turned(), Ok(partners()), penalty(), Ok(threads())];
    figures.into_iter().flatten().collect()
}

/// Three words added up, in two orders.
fn bag() -> Figure {
    let add = |a: [f64; 2], b: [f64; 2]| [a[0] + b[0], a[1] + b[1]];
    let at = |v: [f64; 2]| (v[0], v[1]);
    let origin = [0.0, 0.0];
    let (one, two) = (add(DOG, BITES), add(MAN, BITES));
    let sum = add(one, MAN);
    let shown = |v: [f64; 2]| format!("({}, {})", short(v[0], 1), short(v[1], 1));
    Figure {
        name: "bag",
        caption: "Each word is an arrow, and each sentence a path: in color “dog bites man”, in \
                  gray “man bites dog”. Both arrive at the same place."
            .into(),
        text: format!(
            "Two paths of three arrows each, from the same start. The first goes along dog {}, \
             bites {}, man {}; the second along man, bites, dog. Both end at {}.",
            shown(DOG),
            shown(BITES),
            shown(MAN),
            shown(sum)
        ),
        drawing: Plot::plane((-0.3, 3.0), (-0.9, 2.0))
            .quiet_arrow(at(origin), at(MAN), "man")
            .quiet_arrow(at(MAN), at(two), "bites")
            .quiet_arrow(at(two), at(sum), "dog")
            .arrow(at(origin), at(DOG), "dog")
            .arrow(at(DOG), at(one), "bites")
            .arrow(at(one), at(sum), "man")
            .into(),
    }
}

/// Positions as clocks of four hands.
fn clocks() -> Result<Figure, PositionError> {
    let omega = frequencies(8, BASE)?;
    let places = [0, 1, 2, 10, 100];
    let waves = sinusoidal(101, 8)?.to_dtype(DType::F64)?.to_vec2::<f64>()?;
    let rows: Vec<(String, Vec<Vec<hands::Hand>>)> = places
        .iter()
        .map(|&p| {
            // To the right the sine, up the cosine: from the top, as on a clock.
            let hand = |pair: &[f64]| vec![([pair[0], pair[1]], Ink::Marked)];
            (format!("position {p}"), waves[p].chunks(2).map(hand).collect())
        })
        .collect();
    let columns: Vec<String> = (0..4).map(|i| format!("pair {i}")).collect();
    let told: Vec<String> = places
        .iter()
        .map(|&p| {
            let angle = |w: &f64| format!("{:.0}", (p as f64 * w).to_degrees().rem_euclid(360.0));
            let angles: Vec<String> = omega.iter().map(angle).collect();
            format!("position {p} at {} degrees", angles.join(", "))
        })
        .collect();
    let turns: Vec<String> = omega.iter().map(|w| turn(*w)).collect();
    Ok(Figure {
        name: "clocks",
        caption: format!(
            "Five positions on four clocks. The hands take {} positions to go around.",
            turns.join(", ")
        ),
        text: format!(
            "Clocks with one hand each, which starts at the top and goes clockwise: {}.",
            told.join("; ")
        ),
        drawing: hands::clocks(20.0, &columns, &rows),
    })
}

/// So many positions to a full turn.
fn turn(omega: f64) -> String {
    let turn = TAU / omega;
    if turn < 10.0 { short(turn, 1) } else { count(turn.round() as u64) }
}

/// A query and a key, before and after both move on.
fn turned() -> Result<Figure, PositionError> {
    // The second pair of eight numbers, so that a position is a small turn.
    let turn = |pair: [f64; 2], p: usize| -> Result<[f64; 2], PositionError> {
        let mut x = [0.0; 8];
        (x[1], x[5]) = (pair[0], pair[1]);
        let x = Tensor::from_slice(&x, (1, 1, 1, 8), &Device::Cpu)?;
        let y = rope(&x, p, BASE)?.flatten_all()?.to_vec1::<f64>()?;
        Ok([y[1], y[5]])
    };
    let at = |v: [f64; 2]| (v[0], v[1]);
    let (near, far) = ([5, 2], [17, 14]);
    let [q, k] = [turn(QUERY_PAIR, near[0])?, turn(KEY_PAIR, near[1])?];
    let [q_far, k_far] = [turn(QUERY_PAIR, far[0])?, turn(KEY_PAIR, far[1])?];
    let angle = |v: [f64; 2]| v[1].atan2(v[0]).to_degrees();
    let between = |a: [f64; 2], b: [f64; 2]| (angle(b) - angle(a)).abs();
    let score = |a: [f64; 2], b: [f64; 2]| a[0] * b[0] + a[1] * b[1];
    Ok(Figure {
        name: "turned",
        caption: format!(
            "A query and a key at positions {} and {}, in gray, and at {} and {}. Both have turned \
             by the same angle, so the angle between them, and with it their dot product, stays.",
            near[0], near[1], far[0], far[1]
        ),
        text: format!(
            "Arrows from one point. At positions {} and {} the query points to {:.0} degrees and \
             the key to {:.0}, {:.0} apart; their dot product is {}. At {} and {} they point to \
             {:.0} and {:.0} degrees, again {:.0} apart, and the dot product is {}.",
            near[0],
            near[1],
            angle(q),
            angle(k),
            between(q, k),
            short(score(q, k), 3),
            far[0],
            far[1],
            angle(q_far),
            angle(k_far),
            between(q_far, k_far),
            short(score(q_far, k_far), 3)
        ),
        drawing: Plot::plane((-1.7, 2.3), (-0.2, 1.9))
            .quiet_arrow((0.0, 0.0), at(q), &format!("query at {}", near[0]))
            .quiet_arrow((0.0, 0.0), at(k), &format!("key at {}", near[1]))
            .arrow((0.0, 0.0), at(q_far), &format!("query at {}", far[0]))
            .arrow((0.0, 0.0), at(k_far), &format!("key at {}", far[1]))
            .angle(at(q), at(k), "")
            .angle(at(q_far), at(k_far), "")
            .into(),
    })
}

const DIM: usize = 8;

/// Which numbers of a vector are a pair, in two layouts.
fn partners() -> Figure {
    let numbers: Vec<String> = (0..DIM).map(|i| i.to_string()).collect();
    let row = |pair: fn(usize) -> usize| -> Vec<(String, Ink)> {
        let ink = |i| if pair(i) == 1 { Ink::Marked } else { Ink::Plain };
        (0..DIM).map(|i| (pair(i).to_string(), ink(i))).collect()
    };
    let (halves, neighbors) = (row(|i| i % (DIM / 2)), row(|i| i / 2));
    fn texts(row: &[(String, Ink)]) -> impl Iterator<Item = (&str, Ink)> {
        row.iter().map(|(text, ink)| (text.as_str(), *ink))
    }
    Figure {
        name: "partners",
        caption: "Which pair each of eight numbers belongs to. In color: pair 1.".into(),
        text: "Eight numbers, 0 to 7. Halves, as here: they belong to the pairs 0, 1, 2, 3, 0, 1, \
               2, 3, so number 1 goes with number 5. Neighbors: 0, 0, 1, 1, 2, 2, 3, 3, so number \
               2 goes with number 3."
            .into(),
        drawing: Cells::new()
            .add(("number", Ink::Quiet), numbers.iter().map(|n| (n.as_str(), Ink::Quiet)), false)
            .row("halves: pair", texts(&halves))
            .row("neighbors: pair", texts(&neighbors))
            .into(),
    }
}

/// What some of eight heads add to a score, over distance.
fn penalty() -> Result<Figure, PositionError> {
    let (heads, shown, far) = (8, [0, 1, 2, 3, 7], 20);
    let slopes = alibi_slopes(heads)?;
    // The row of the last query.
    let bias = alibi_bias(heads, 1, far)?.to_dtype(DType::F64)?.squeeze(1)?.to_vec2::<f64>()?;
    let axes = Plot::new(("positions back", 0.0, far as f64), ("added to the score", -5.0, 0.0));
    let name = |m: f64| format!("1/{:.0}", 1.0 / m);
    let (mut plot, mut told) = (axes, Vec::new());
    for (row, m) in shown.map(|head| (&bias[head], slopes[head])) {
        let points = row.iter().rev().enumerate().map(|(back, &bias)| (back as f64, bias));
        plot = plot.curve(&name(m), points);
        told.push(format!("slope {}, at {}", name(m), short(row[0], 2)));
    }
    Ok(Figure {
        name: "penalty",
        caption: format!(
            "What five of eight heads add to the score of a word further back. One with slope {} \
             hardly sees past a few words; one with {} sees almost all of these alike.",
            name(slopes[0]),
            name(slopes[heads - 1])
        ),
        text: format!(
            "Straight lines from 0 down, over the distance of a key from the query. After {far} \
             positions they are: {}.",
            told.join("; ")
        ),
        drawing: plot.into(),
    })
}

/// Which thread takes which numbers of two vectors.
fn threads() -> Figure {
    let (dim, seq) = (6, 2);
    let half = dim / 2;
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for place in 0..seq {
        let thread = |i: usize| (place * half + i % half).to_string();
        let x: Vec<String> = (0..dim).map(|i| format!("x[{}]", place * dim + i)).collect();
        let threads: Vec<String> = (0..dim).map(thread).collect();
        let ink = |i: usize| if i % half == 1 { Ink::Marked } else { Ink::Plain };
        cells = cells
            .add(
                (&format!("offset + {place}"), Ink::Quiet),
                x.iter().enumerate().map(|(i, x)| (x.as_str(), ink(i))),
                true,
            )
            .add(
                ("thread", Ink::Quiet),
                threads.iter().enumerate().map(|(i, t)| (t.as_str(), ink(i))),
                false,
            );
        for i in 0..half {
            let (thread, first) = (place * half + i, place * dim + i);
            told.push(format!("thread {thread} takes {first} and {}", first + half));
        }
    }
    Figure {
        name: "threads",
        caption:
            "Two vectors of six numbers, at positions offset and offset + 1. A thread takes a \
                  pair: it reads both numbers and writes both."
                .into(),
        text: format!("Of the twelve numbers of two vectors, {}.", told.join("; ")),
        drawing: cells.into(),
    }
}

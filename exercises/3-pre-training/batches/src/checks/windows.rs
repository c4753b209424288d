//! Windows at random: what they hold, and how often each is drawn.

use grading::draw::{self, Strategy};
use grading::numbers::{count, counted};
use grading::random::seeded;
use grading::{
    Differential, Failure, Outcome, agree, differential, expect, expect_distribution,
    expect_error_is, expect_same,
};
use rand::RngExt;

use crate::{Answers, Batch, BatchError, SOLUTION};

/// Ids that say where they stand: each comes once, and none tells its neighbors.
fn shuffled(tokens: usize, seed: u64) -> Vec<u32> {
    let mut rng = seeded(seed);
    // An odd factor keeps them apart and reaches all 32 bits.
    let mut data: Vec<u32> = (0..tokens as u32).map(|i| i.wrapping_mul(0x9e37_79b1)).collect();
    for i in (1..tokens).rev() {
        data.swap(i, rng.random_range(0..=i));
    }
    data
}

/// Where the windows of a batch start; fails unless each is a window of the data.
fn starts(
    what: &str,
    data: &[u32],
    [batch, context]: [usize; 2],
    got: &Batch,
) -> Result<Vec<usize>, Failure> {
    for (name, rows) in [("inputs", &got.inputs), ("labels", &got.labels)] {
        expect_same(&format!("{what}: how many rows of {name}"), &rows.len(), &batch)?;
        for (row, ids) in rows.iter().enumerate() {
            let what = format!("{what}: how many {name} in row {row}");
            expect_same(&what, &ids.len(), &context)?;
        }
    }
    let mut places: Vec<(u32, usize)> = data.iter().copied().zip(0..).collect();
    places.sort_unstable();
    let place =
        |id: u32| places.binary_search_by_key(&id, |&(id, _)| id).ok().map(|at| places[at].1);
    let start = |(row, (inputs, labels)): (usize, (&Vec<u32>, &Vec<u32>))| {
        let Some(start) = place(inputs[0]) else {
            return Err(Failure::wrong(format!(
                "{what}: row {row} begins with the id {}, which is not in the data",
                inputs[0]
            )));
        };
        expect(start + context < data.len(), || {
            format!(
                "{what}: row {row} begins at place {start} of the data, where no window of \
                 {} with labels begins",
                counted(context, "token")
            )
        })?;
        for (name, ids, begin) in [("input", inputs, start), ("label", labels, start + 1)] {
            let wrong = (0..context).find(|&t| ids[t] != data[begin + t]);
            expect(wrong.is_none(), || {
                let t = wrong.unwrap_or(0);
                let is = match place(ids[t]) {
                    Some(place) => format!("the token at place {place}"),
                    None => format!("{}, which is nowhere in the data", ids[t]),
                };
                format!(
                    "{what}: row {row} begins at place {start} of the data, so {name} {t} should be \
                     the token at place {}; it is {is}",
                    begin + t
                )
            })?;
        }
        Ok(start)
    };
    got.inputs.iter().zip(&got.labels).enumerate().map(start).collect()
}

/// The starts of so many batches, drawn from one generator.
fn drawn(
    answers: &Answers,
    tokens: usize,
    sizes: [usize; 2],
    times: usize,
    seed: u64,
) -> Result<Vec<Vec<usize>>, Failure> {
    let data = shuffled(tokens, seed);
    let mut rng = seeded(seed + 1);
    let [batch, context] = sizes;
    let what = format!("{batch} × {context} from {}", counted(tokens, "token"));
    let draw = |_| {
        let got = (answers.get_batch)(&data, batch, context, &mut rng)?;
        starts(&what, &data, sizes, &got)
    };
    (0..times).map(draw).collect()
}

pub fn labels_are_successors(answers: &Answers) -> Outcome {
    for (seed, (tokens, batch, context)) in
        (1..).zip([(50, 4, 8), (9, 3, 1), (30, 1, 29), (2, 5, 1), (700, 2, 333), (70_000, 3, 17)])
    {
        drawn(answers, tokens, [batch, context], 20, seed)?;
    }
    Ok(())
}

pub fn every_start_is_equally_likely(answers: &Answers) -> Outcome {
    for (seed, (tokens, batch, context)) in
        (20..).zip([(12, 6, 4), (4, 3, 1), (9, 5, 7), (41, 8, 3), (33, 1, 16)])
    {
        let starts = drawn(answers, tokens, [batch, context], 24_000 / batch, seed)?;
        let mut counts = vec![0; tokens - context];
        starts.iter().flatten().for_each(|&start| counts[start] += 1);
        let what = format!(
            "how often a window of {} begins at each place of {}",
            counted(context, "token"),
            counted(tokens, "token")
        );
        expect_distribution(&what, &counts, &vec![1.0 / counts.len() as f64; counts.len()])?;
    }
    // Of long data, 16 parts.
    let (tokens, context, times) = (150_000, 2, 30_000);
    let mut starts = drawn(answers, tokens, [times, context], 1, 30)?.concat();
    let places = tokens - context;
    let mut counts = [0; 16];
    starts.iter().for_each(|start| counts[start * 16 / places] += 1);
    let what = "how many of 30,000 windows begin in each sixteenth of 150,000 tokens";
    expect_distribution(what, &counts, &[1.0 / 16.0; 16])?;
    // If some places are never drawn, the others come again more often.
    starts.sort_unstable();
    starts.dedup();
    let load = times as f64 / places as f64;
    let want = places as f64 * (1.0 - (-load).exp());
    let spread = (places as f64 * ((-load).exp() - (1.0 + load) * (-2.0 * load).exp())).sqrt();
    expect((starts.len() as f64 - want).abs() < 7.0 * spread, || {
        format!(
            "30,000 windows of 150,000 tokens begin at {} different places, expected {:.0} or so",
            count(starts.len() as u64),
            want
        )
    })
}

pub fn each_window_is_drawn_anew(answers: &Answers) -> Outcome {
    // Five starts: which pairs come, of rows side by side and of batches one after the other.
    let batches = drawn(answers, 8, [4, 3], 12_000, 40)?;
    let expect_apart = |what: &str, pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        let mut counts = [0; 25];
        pairs.for_each(|(one, other)| counts[5 * one + other] += 1);
        let what = format!("which of 5 starts {what} have, pair by pair");
        expect_distribution(&what, &counts, &[0.04; 25])
    };
    for one in 0..4 {
        for other in one + 1..4 {
            let what = format!("rows {one} and {other} of a batch");
            expect_apart(&what, &mut batches.iter().map(|b| (b[one], b[other])))?;
        }
        let what = format!("row {one} of two batches, one after the other,");
        expect_apart(&what, &mut batches.chunks(2).map(|b| (b[0][one], b[1][one])))?;
    }
    let what = "the last row of a batch and the first of the next";
    expect_apart(what, &mut batches.chunks(2).map(|b| (b[0][3], b[1][0])))?;
    for (seed, tokens) in (50..).zip([300, 3000, 100_000]) {
        let data = shuffled(tokens, seed);
        let draw = |seed| -> Result<[Batch; 2], BatchError> {
            let mut rng = seeded(seed);
            let mut draw = || (answers.get_batch)(&data, 9, 12, &mut rng);
            Ok([draw()?, draw()?])
        };
        let (once, again, other) = (draw(seed)?, draw(seed)?, draw(seed + 100)?);
        let what = format!("{}, the same generator again", counted(tokens, "token"));
        expect(once == again, || format!("{what}: expected the same batches, got others"))?;
        expect(once[0] != once[1] && once != other, || {
            format!("{}: two draws give the same batch", counted(tokens, "token"))
        })?;
    }
    Ok(())
}

pub fn what_has_no_window_is_refused(answers: &Answers) -> Outcome {
    drawn(answers, 6, [2, 5], 3, 60)?;
    let data = shuffled(6, 61);
    for (tokens, batch, context, want) in [
        (6, 0, 3, BatchError::EmptyBatch),
        (0, 0, 0, BatchError::EmptyBatch),
        (6, 0, 9, BatchError::EmptyBatch),
        (6, 2, 0, BatchError::EmptyContext),
        (0, 1, 0, BatchError::EmptyContext),
        (6, 1, 6, BatchError::TooShort { tokens: 6, context: 6 }),
        (5, 3, 7, BatchError::TooShort { tokens: 5, context: 7 }),
        (1, 1, 1, BatchError::TooShort { tokens: 1, context: 1 }),
        (0, 4, 1, BatchError::TooShort { tokens: 0, context: 1 }),
        (6, 1, usize::MAX, BatchError::TooShort { tokens: 6, context: usize::MAX }),
    ] {
        let got = (answers.get_batch)(&data[..tokens], batch, context, &mut seeded(62));
        let what = format!("{batch} × {context} from {}", counted(tokens, "token"));
        expect_error_is(&what, got, &want)?;
    }
    Ok(())
}

/// Fails unless each row is a window of data in which ids come again.
fn expect_windows(what: &str, data: &[u32], [batch, context]: [usize; 2], got: &Batch) -> Outcome {
    let rows = [got.inputs.len(), got.labels.len()];
    expect_same(&format!("{what}: how many rows of inputs and labels"), &rows, &[batch; 2])?;
    for (row, (inputs, labels)) in got.inputs.iter().zip(&got.labels).enumerate() {
        let is_window = |at: &[u32]| at[..context] == inputs[..] && at[1..] == labels[..];
        expect(data.windows(context + 1).any(is_window), || {
            format!(
                "{what}: row {row} has the inputs {inputs:?} and the labels {labels:?}, which are \
                 no window of {data:?}"
            )
        })?;
    }
    Ok(())
}

pub fn drawn_batches_keep_to_the_docs(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=300), draw::lengths(0..=20), draw::lengths(0..=40));
    // How many starts there are is drawn, so that a single one comes often.
    let inputs = (sizes, draw::any_u64(), draw::select(vec![false, false, false, true])).prop_map(
        |((spare, batch, context), seed, is_short)| {
            let tokens = if is_short { spare.min(context) } else { spare + context };
            (tokens, batch, context, seed)
        },
    );
    differential(inputs, |&(tokens, batch, context, seed)| {
        let data = shuffled(tokens, seed >> 1);
        let run = |answers: &Answers| (answers.get_batch)(&data, batch, context, &mut seeded(seed));
        let what = format!("{batch} × {context} from {}", counted(tokens, "token"));
        agree(&what, run(answers), run(&SOLUTION), |got, _| {
            starts(&what, &data, [batch, context], got)?;
            agree(&what, run(answers), Ok::<_, BatchError>(()), |again, ()| {
                expect(again == got, || {
                    format!("{what}: the same generator again draws another batch")
                })
            })
        })
    })?;
    // Ids that come again, those at the ends of their type among them.
    let ids = draw::list(draw::select(vec![0, 0, 1, 7, 1 << 16, 1 << 31, u32::MAX]), 0..=40);
    Differential::cases(300).run((ids, 1..=6_usize, draw::any_u64()), |(data, context, seed)| {
        let run = |answers: &Answers| (answers.get_batch)(data, 5, *context, &mut seeded(*seed));
        let what = format!("5 × {context} from {}", counted(data.len(), "token"));
        agree(&what, run(answers), run(&SOLUTION), |got, _| {
            expect_windows(&what, data, [5, *context], got)
        })
    })
}

//! Windows at random: what they hold, and how often each is drawn.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Failure, Outcome, agree, differential, expect, expect_distribution, expect_eq, expect_error_is,
    expect_same,
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
    let start = |(row, (inputs, labels)): (usize, (&Vec<u32>, &Vec<u32>))| {
        let first = inputs[0];
        let found = places.binary_search_by_key(&first, |&(id, _)| id).map(|at| places[at].1);
        let Ok(start) = found else {
            return Err(Failure::wrong(format!(
                "{what}: row {row} begins with the id {first}, which is not in the data"
            )));
        };
        expect(start + context < data.len(), || {
            format!(
                "{what}: row {row} begins at place {start} of the data, where no window of \
                 {} with labels begins",
                counted(context, "token")
            )
        })?;
        let what = format!("{what}: row {row}, which begins at place {start} of the data");
        expect_eq(&format!("{what}, inputs"), inputs, &data[start..start + context])?;
        expect_eq(&format!("{what}, labels"), labels, &data[start + 1..start + 1 + context])?;
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
    let (tokens, context) = (150_000, 7);
    let starts = drawn(answers, tokens, [2000, context], 1, 30)?.concat();
    let mut counts = [0; 16];
    starts.iter().for_each(|start| counts[start * 16 / (tokens - context)] += 1);
    let what = "how many of 2,000 windows begin in each sixteenth of 150,000 tokens";
    expect_distribution(what, &counts, &[1.0 / 16.0; 16])
}

pub fn each_window_is_drawn_anew(answers: &Answers) -> Outcome {
    // Five starts: which pairs come, of rows side by side and of batches one after the other.
    let batches = drawn(answers, 8, [4, 3], 12_000, 40)?;
    let pairs = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        let mut counts = [0; 25];
        pairs.for_each(|(one, other)| counts[5 * one + other] += 1);
        counts
    };
    for (what, counts) in [
        ("rows 0 and 1 of a batch", pairs(&mut batches.iter().map(|b| (b[0], b[1])))),
        ("rows 0 and 3 of a batch", pairs(&mut batches.iter().map(|b| (b[0], b[3])))),
        (
            "the same row of two batches in a row",
            pairs(&mut batches.chunks(2).map(|b| (b[0][2], b[1][2]))),
        ),
    ] {
        let what = format!("which of 5 starts {what} have, pair by pair");
        expect_distribution(&what, &counts, &[0.04; 25])?;
    }
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
    })
}

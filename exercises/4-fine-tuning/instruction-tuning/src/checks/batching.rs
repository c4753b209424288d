//! Examples as rows of one length.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect_eq, expect_error_is, expect_same};
use rand::RngExt;

use crate::oracle::{flat, padded};
use crate::{Answers, DataError, Encoded, IGNORE, Padded, Row, SOLUTION, Side};

fn expect_rows<T: PartialEq + std::fmt::Debug>(
    what: &str,
    got: &[Vec<T>],
    want: &[Vec<T>],
) -> Outcome {
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        expect_eq(&format!("{what}, row {at}"), got, want)?;
    }
    expect_same(&format!("{what}, how many rows"), &got.len(), &want.len())
}

fn expect_padded(what: &str, got: &Padded, want: &Padded) -> Outcome {
    expect_rows(&format!("{what}: ids"), &got.ids, &want.ids)?;
    expect_rows(&format!("{what}: attention_mask"), &got.attention_mask, &want.attention_mask)?;
    expect_rows(&format!("{what}: labels"), &got.labels, &want.labels)?;
    expect_rows(&format!("{what}: position_ids"), &got.position_ids, &want.position_ids)
}

fn lengths(examples: &[Encoded]) -> Vec<usize> {
    examples.iter().map(|example| example.ids.len()).collect()
}

pub fn batches_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in padded()? {
        let examples = case.examples();
        let side = if case.side == "left" { Side::Left } else { Side::Right };
        let what =
            format!("lengths {:?}, {side:?}, multiple {}", lengths(&examples), case.multiple);
        let got = (answers.pad_batch)(&examples, side, case.multiple, case.pad)?;
        let want = Padded {
            ids: case.ids,
            labels: case.labels,
            attention_mask: case.attention_mask,
            position_ids: case.position_ids,
        };
        expect_padded(&what, &got, &want)?;
    }
    Ok(())
}

/// Examples of these lengths; some ids are `pad`, some labels are ignored.
fn examples(lengths: &[usize], pad: u32, seed: u64) -> Vec<Encoded> {
    let mut rng = seeded(seed);
    let mut example = |&n: &usize| {
        let ids = (0..n).map(|_| if rng.random_bool(0.2) { pad } else { rng.random() });
        let ids: Vec<u32> = ids.collect();
        let label = |_| if rng.random_bool(0.5) { IGNORE } else { rng.random_range(0..99_999) };
        Encoded { labels: (0..n).map(label).collect(), ids }
    };
    lengths.iter().map(&mut example).collect()
}

pub fn what_is_not_padding_is_the_example(answers: &Answers) -> Outcome {
    for (lengths, multiple, seq) in [
        (&[][..], 4, 0),
        (&[0], 4, 0),
        (&[0, 0], 1, 0),
        (&[0, 3], 2, 4),
        (&[5, 1, 5, 2], 5, 5),
        (&[6, 1], 5, 10),
        (&[1, 300, 17], 64, 320),
    ] {
        for side in [Side::Left, Side::Right] {
            let examples = examples(lengths, 7, seq as u64);
            let what = format!("lengths {lengths:?}, {side:?}, multiple {multiple}");
            let got = (answers.pad_batch)(&examples, side, multiple, 7)?;
            for (name, rows) in [
                ("ids", got.ids.iter().map(Vec::len).collect::<Vec<_>>()),
                ("labels", got.labels.iter().map(Vec::len).collect()),
                ("attention_mask", got.attention_mask.iter().map(Vec::len).collect()),
                ("position_ids", got.position_ids.iter().map(Vec::len).collect()),
            ] {
                expect_eq(&format!("{what}: lengths of {name}"), &rows, &vec![seq; lengths.len()])?;
            }
            for (at, Encoded { ids, labels }) in examples.iter().enumerate() {
                let n = ids.len();
                let inside = match side {
                    Side::Left => seq - n..seq,
                    Side::Right => 0..n,
                };
                let what = format!("{what}: row {at}");
                let outside = |i: &usize| !inside.contains(i);
                expect_eq(&format!("{what}, ids"), &got.ids[at][inside.clone()], ids)?;
                expect_eq(&format!("{what}, labels"), &got.labels[at][inside.clone()], labels)?;
                let positions: Vec<usize> = (0..n).collect();
                let its = &got.position_ids[at][inside.clone()];
                expect_eq(&format!("{what}, positions"), its, &positions)?;
                let mask: Vec<u8> = (0..seq).map(|i| u8::from(!outside(&i))).collect();
                expect_eq(&format!("{what}, mask"), &got.attention_mask[at], &mask)?;
                for i in (0..seq).filter(outside) {
                    let got = (got.ids[at][i], got.labels[at][i], got.position_ids[at][i]);
                    let what = format!("{what}: id, label and position of padding at {i}");
                    expect_same(&what, &got, &(7, IGNORE, 0))?;
                }
            }
        }
    }
    let mut ragged = examples(&[2, 3, 0, 1], 7, 9);
    let zero = DataError::Zero { name: "multiple" };
    let none: [Encoded; 0] = [];
    expect_error_is(
        "multiple 0, no examples",
        (answers.pad_batch)(&none, Side::Left, 0, 1),
        &zero,
    )?;
    ragged[1].labels.pop();
    ragged[2].labels.push(3);
    let got = (answers.pad_batch)(&ragged, Side::Left, 0, 1);
    expect_error_is("multiple 0, ragged examples", got, &zero)?;
    for side in [Side::Left, Side::Right] {
        let got = (answers.pad_batch)(&ragged, side, 1, 1);
        let want = DataError::Ragged { example: 1, ids: 3, others: 2 };
        expect_error_is("example 1 has 3 ids and 2 labels", got, &want)?;
        let got = (answers.pad_batch)(&ragged[2..], side, 8, 1);
        let want = DataError::Ragged { example: 0, ids: 0, others: 1 };
        expect_error_is("example 0 has no ids and 1 label", got, &want)?;
    }
    Ok(())
}

/// Examples, of which one in eight may have a label too many or too few.
fn drawn() -> impl Strategy<Value = Vec<Encoded>> {
    let id = draw::select(vec![0, 7, 7, 511, 1 << 31, u32::MAX]);
    let label = draw::select(vec![IGNORE, IGNORE, 0, 7, 511, i64::from(u32::MAX), -1]);
    let ids = draw::list((id, label), 0..=24);
    let wrong = draw::select(vec![0, 0, 0, 0, 0, 0, 0, 1, -1]);
    (draw::list(ids, 0..=9), wrong, 0..9_usize).prop_map(|(all, wrong, at)| {
        let example = |tokens: Vec<(u32, i64)>| {
            let (ids, labels) = tokens.into_iter().unzip();
            Encoded { ids, labels }
        };
        let mut all: Vec<Encoded> = all.into_iter().map(example).collect();
        if let Some(example) = all.get_mut(at) {
            match wrong {
                1 => example.labels.push(7),
                -1 => drop(example.labels.pop()),
                _ => {}
            }
        }
        all
    })
}

pub fn drawn_batches_agree(answers: &Answers) -> Outcome {
    let side = draw::select(vec![Side::Left, Side::Right]);
    let multiple = draw::select(vec![1, 1, 2, 3, 8, 64, 0]);
    let pad = draw::select(vec![0, 7, 511, u32::MAX]);
    differential((drawn(), side, multiple, pad), |(examples, side, multiple, pad)| {
        let run = |answers: &Answers| (answers.pad_batch)(examples, *side, *multiple, *pad);
        let what = counted(examples.len(), "example");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_padded(&what, got, want))
    })
}

fn expect_packed(what: &str, got: &[Row], want: &[Row]) -> Outcome {
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        let what = format!("{what}: row {at}");
        expect_eq(&format!("{what}, document_ids"), &got.document_ids, &want.document_ids)?;
        expect_eq(&format!("{what}, ids"), &got.ids, &want.ids)?;
        expect_eq(&format!("{what}, labels"), &got.labels, &want.labels)?;
        expect_eq(&format!("{what}, position_ids"), &got.position_ids, &want.position_ids)?;
    }
    expect_same(&format!("{what}: how many rows"), &got.len(), &want.len())
}

pub fn shared_rows_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in flat()? {
        let examples = case.examples();
        let of = |(at, example): (usize, &Encoded)| vec![Some(at); example.ids.len()];
        let row = Row {
            ids: case.ids,
            labels: case.labels,
            document_ids: examples.iter().enumerate().flat_map(of).collect(),
            position_ids: case.position_ids,
        };
        let context = row.ids.len();
        let what = format!("lengths {:?}, context {context}", lengths(&examples));
        let got = (answers.pack_examples)(&examples, context, 511)?;
        expect_packed(&what, &got, std::slice::from_ref(&row))?;
        // With room behind them.
        let padded = Row {
            ids: [row.ids, vec![511; 2]].concat(),
            labels: [row.labels, vec![IGNORE; 2]].concat(),
            document_ids: [row.document_ids, vec![None; 2]].concat(),
            position_ids: [row.position_ids, vec![0; 2]].concat(),
        };
        let what = format!("lengths {:?}, context {}", lengths(&examples), context + 2);
        let got = (answers.pack_examples)(&examples, context + 2, 511)?;
        expect_packed(&what, &got, &[padded])?;
    }
    Ok(())
}

/// Which examples stand in which row, written down once more: the longest first, each where the least
/// room is left.
fn placed(lengths: &[usize], context: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).filter(|&at| lengths[at] > 0).collect();
    order.sort_by_key(|&at| (usize::MAX - lengths[at], at));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let room = |row: &Vec<usize>| {
            let taken: usize = row.iter().map(|&at| lengths[at]).sum();
            (context - taken).checked_sub(lengths[at])
        };
        let best = (0..rows.len()).filter_map(|row| Some((room(&rows[row])?, row))).min();
        match best {
            Some((_, row)) => rows[row].push(at),
            None => rows.push(vec![at]),
        }
    }
    rows
}

pub fn each_example_stands_whole(answers: &Answers) -> Outcome {
    for (lengths, context) in [
        (&[][..], 4),
        (&[0, 0], 4),
        (&[1], 1),
        (&[0, 3, 0, 4, 1], 4),
        (&[3, 5, 2, 5, 4, 1, 1], 8),
        (&[2, 2, 2, 2, 2], 4),
        (&[70, 30, 64, 12, 128, 1, 99, 8], 128),
    ] {
        let examples = examples(lengths, 7, context as u64);
        let what = format!("lengths {lengths:?}, context {context}");
        let got = (answers.pack_examples)(&examples, context, 7)?;
        let rows = placed(lengths, context);
        let want: Vec<Row> = rows
            .iter()
            .map(|row| {
                let mut want = Row::default();
                for &at in row {
                    let Encoded { ids, labels } = &examples[at];
                    for (position, (&id, &label)) in ids.iter().zip(labels).enumerate() {
                        let is_last = position + 1 == ids.len();
                        want.ids.push(id);
                        want.labels.push(if is_last { IGNORE } else { label });
                        want.document_ids.push(Some(at));
                        want.position_ids.push(position);
                    }
                }
                while want.ids.len() < context {
                    want.ids.push(7);
                    want.labels.push(IGNORE);
                    want.document_ids.push(None);
                    want.position_ids.push(0);
                }
                want
            })
            .collect();
        expect_packed(&what, &got, &want)?;
    }
    Ok(())
}

pub fn what_fits_no_row_is_refused(answers: &Answers) -> Outcome {
    shared_rows_are_those_of_transformers(answers)?;
    let whole = examples(&[3, 5, 9], 7, 1);
    let mut ragged = whole.clone();
    ragged[1].labels.push(2);
    let mut both = whole.clone();
    both[2].labels.pop();
    let zero = DataError::Zero { name: "context" };
    let too_long = |example, tokens, context| DataError::TooLong { example, tokens, context };
    for (what, examples, context, want) in [
        ("context 0", &whole, 0, zero.clone()),
        ("context 0, ragged", &ragged, 0, zero.clone()),
        ("context 0, nothing", &vec![], 0, zero),
        ("context 4", &whole, 4, too_long(1, 5, 4)),
        ("context 8", &whole, 8, too_long(2, 9, 8)),
        ("context 1", &whole, 1, too_long(0, 3, 1)),
        ("context 9, ragged", &ragged, 9, DataError::Ragged { example: 1, ids: 5, others: 6 }),
        ("context 4, ragged", &ragged, 4, DataError::Ragged { example: 1, ids: 5, others: 6 }),
        ("context 2, ragged", &ragged, 2, too_long(0, 3, 2)),
        ("context 8, ragged later", &both, 8, DataError::Ragged { example: 2, ids: 9, others: 8 }),
        ("context 4, ragged later", &both, 4, too_long(1, 5, 4)),
    ] {
        expect_error_is(what, (answers.pack_examples)(examples, context, 7), &want)?;
    }
    Ok(())
}

pub fn drawn_rows_agree(answers: &Answers) -> Outcome {
    let context = draw::select(vec![1, 2, 8, 23, 24, 24, 25, 48, 100, 128, 0]);
    let pad = draw::select(vec![0, 7, 511, u32::MAX]);
    differential((drawn(), context, pad), |(examples, context, pad)| {
        let run = |answers: &Answers| (answers.pack_examples)(examples, *context, *pad);
        let what = counted(examples.len(), "example");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_packed(&what, got, want))
    })?;
    let many = examples(&(0..700).map(|i| i % 97).collect::<Vec<_>>(), 7, 5);
    let run = |answers: &Answers| (answers.pack_examples)(&many, 128, 7);
    let what = "700 examples of 0 to 96 tokens";
    agree(what, run(answers), run(&SOLUTION), |got, want| expect_packed(what, got, want))
}

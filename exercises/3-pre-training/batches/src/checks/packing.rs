//! Packed rows, and their masks.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::{
    Failure, Outcome, agree, differential, expect, expect_eq, expect_error_is, expect_same,
};

use crate::oracle::packed_golden;
use crate::{Answers, BatchError, IGNORE, Row, SOLUTION};

fn expect_row(what: &str, got: &Row, want: &Row) -> Outcome {
    expect_eq(&format!("{what}, ids"), &got.ids, &want.ids)?;
    expect_eq(&format!("{what}, labels"), &got.labels, &want.labels)?;
    expect_eq(&format!("{what}, document_ids"), &got.document_ids, &want.document_ids)?;
    expect_eq(&format!("{what}, position_ids"), &got.position_ids, &want.position_ids)
}

fn expect_rows(what: &str, got: &[Row], want: &[Row]) -> Outcome {
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        expect_row(&format!("{what}: row {at}"), got, want)?;
    }
    expect_same(&format!("{what}: how many rows"), &got.len(), &want.len())
}

pub fn rows_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in packed_golden()? {
        let row = |row: crate::oracle::PackedRow| Row {
            ids: row.ids,
            labels: row.labels,
            document_ids: row.document_ids,
            position_ids: row.position_ids,
        };
        let want: Vec<Row> = case.rows.into_iter().map(row).collect();
        let got = (answers.pack)(&case.documents, case.context, case.end)?;
        let what = format!("{}, context {}, end {}", case.name, case.context, case.end);
        expect_rows(&what, &got, &want)?;
    }
    Ok(())
}

/// Documents of these lengths, of ids from 1 on that come once.
fn documents(lengths: &[usize]) -> Vec<Vec<u32>> {
    let mut next = 0;
    let id = |_| {
        next += 1;
        next
    };
    let mut id = id;
    lengths.iter().map(|&length| (0..length).map(&mut id).collect()).collect()
}

pub fn packing_loses_nothing(answers: &Answers) -> Outcome {
    for lengths in [
        &[][..],
        &[0],
        &[0, 0, 0],
        &[1],
        &[9],
        &[3, 0, 7, 1, 1, 0, 40, 2],
        &[15, 15, 15],
        &[300, 2, 700, 0, 5],
    ] {
        let documents = documents(lengths);
        for context in [1, 2, 5, 8, 16, 700] {
            let what = format!("documents of {lengths:?} tokens, context {context}");
            let got = (answers.pack)(&documents, context, 0)?;
            let mut read: Vec<Vec<u32>> = vec![Vec::new(); documents.len()];
            for (at, row) in got.iter().enumerate() {
                for (name, length) in [
                    ("ids", row.ids.len()),
                    ("labels", row.labels.len()),
                    ("document_ids", row.document_ids.len()),
                    ("position_ids", row.position_ids.len()),
                ] {
                    let what = format!("{what}: how many {name} in row {at}");
                    expect_same(&what, &length, &context)?;
                }
                for (id, document) in row.ids.iter().zip(&row.document_ids) {
                    let Some(document) = *document else { continue };
                    let Some(read) = read.get_mut(document) else {
                        return Err(Failure::wrong(format!(
                            "{what}: row {at} has a token of document {document}, which is none \
                             of {}",
                            documents.len()
                        )));
                    };
                    read.push(*id);
                }
            }
            for (at, (read, ids)) in read.iter().zip(&documents).enumerate() {
                let mut want = ids.clone();
                want.extend((!ids.is_empty()).then_some(0));
                expect_eq(&format!("{what}: document {at}, read from the rows"), read, &want)?;
            }
            let all: Vec<u32> = documents
                .iter()
                .filter(|ids| !ids.is_empty())
                .flat_map(|ids| ids.iter().copied().chain([0]))
                .collect();
            let labels: Vec<i64> =
                got.iter().flat_map(|row| &row.labels).copied().filter(|&l| l != IGNORE).collect();
            let next: Vec<i64> = all.iter().skip(1).map(|&id| i64::from(id)).collect();
            let text = format!("{what}: all labels, expected each token but the first");
            expect_eq(&text, &labels, &next)?;
            let rows = all.len().div_ceil(context);
            expect_same(&format!("{what}: how many rows"), &got.len(), &rows)?;
        }
    }
    Ok(())
}

pub fn what_cannot_be_packed_is_refused(answers: &Answers) -> Outcome {
    rows_are_those_of_transformers(answers)?;
    let documents = vec![vec![4, 5], vec![], vec![6, 7, 6, 8], vec![8, 9, u32::MAX]];
    for (context, end, want) in [
        (0, 3, BatchError::EmptyContext),
        (0, 5, BatchError::EmptyContext),
        (3, 5, BatchError::EndInside { document: 0, at: 1 }),
        (3, 6, BatchError::EndInside { document: 2, at: 0 }),
        (1, 8, BatchError::EndInside { document: 2, at: 3 }),
        (9, u32::MAX, BatchError::EndInside { document: 3, at: 2 }),
    ] {
        let got = (answers.pack)(&documents, context, end);
        expect_error_is(&format!("context {context}, end {end}"), got, &want)?;
    }
    expect_error_is("no documents", (answers.pack)(&[], 0, 1), &BatchError::EmptyContext)
}

pub fn rows_agree(answers: &Answers) -> Outcome {
    let end = draw::select(vec![0, 1, 2, 50_256, u32::MAX]);
    let documents = draw::list(draw::tokens(30, 40), 0..=12);
    let inputs = (documents, draw::lengths(0..=70), end, draw::select(vec![false, false, true]));
    let inputs = inputs.prop_map(|(mut documents, context, end, may_fail)| {
        // Most documents are without the end.
        if !may_fail {
            documents.iter_mut().flatten().filter(|id| **id == end).for_each(|id| *id = 77);
        }
        (documents, context, end)
    });
    differential(inputs, |(documents, context, end)| {
        let run = |answers: &Answers| (answers.pack)(documents, *context, *end);
        let what = counted(documents.len(), "document");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_rows(&what, got, want))
    })?;
    // Longer, and more, than any small number counts.
    let long = vec![(0..70_000).map(|i| i % 1000).collect(), vec![5; 300]];
    for context in [33_000, 69_999, 80_000] {
        let run = |answers: &Answers| (answers.pack)(&long, context, 2000);
        let what = format!("documents of 70,000 and 300 tokens, context {context}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_rows(&what, got, want))?;
    }
    let many: Vec<Vec<u32>> = (0..66_000).map(|i| vec![3; usize::from(i % 5 > 0)]).collect();
    let run = |answers: &Answers| (answers.pack)(&many, 300, 9);
    let what = "66,000 documents of a token or none";
    agree(what, run(answers), run(&SOLUTION), |got, want| expect_rows(what, got, want))
}

/// Fails unless both say the same about each pair.
fn expect_mask(what: &str, got: &[Vec<bool>], want: &[Vec<bool>]) -> Outcome {
    expect_same(&format!("{what}: how many rows"), &got.len(), &want.len())?;
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        expect_same(&format!("{what}: how many columns in row {i}"), &got.len(), &want.len())?;
        let wrong = (0..want.len()).find(|&j| got[j] != want[j]);
        expect(wrong.is_none(), || {
            let j = wrong.unwrap_or(0);
            let [should, is] = [want[j], got[j]].map(|sees| if sees { "may" } else { "may not" });
            format!("{what}: expected that position {i} {should} look at position {j}, it {is}")
        })?;
    }
    Ok(())
}

pub fn masks_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in packed_golden()? {
        for row in &case.rows {
            let want: Vec<Vec<bool>> =
                row.mask.iter().map(|bits| bits.iter().map(|&bit| bit == 1).collect()).collect();
            let got = (answers.document_mask)(&row.document_ids);
            expect_mask(&format!("documents {:?}", row.document_ids), &got, &want)?;
        }
    }
    Ok(())
}

pub fn no_document_sees_another(answers: &Answers) -> Outcome {
    let some = |ids: &[usize]| -> Vec<Option<usize>> { ids.iter().map(|&id| Some(id)).collect() };
    for row in [
        vec![],
        vec![None],
        vec![None, None, Some(0), None],
        some(&[5]),
        some(&[0, 0, 1, 0, 1, 1]),
        some(&[9, 8, 7, 7, 8]),
        some(&[0, usize::MAX, 0, usize::MAX]),
        some(&[3, 3 + (1 << 16), 3 + (1 << (usize::BITS / 2)), 3]),
        [some(&[300; 40]), vec![None; 3], some(&[44; 30])].concat(),
    ] {
        let what = format!("documents {row:?}");
        let got = (answers.document_mask)(&row);
        // Cell by cell: the earlier one of a pair is the column.
        let mut want = vec![vec![false; row.len()]; row.len()];
        for (j, one) in row.iter().enumerate() {
            for (i, other) in row.iter().enumerate().skip(j) {
                if let (Some(one), Some(other)) = (one, other) {
                    want[i][j] = one == other;
                }
            }
        }
        expect_mask(&what, &got, &want)?;
    }
    Ok(())
}

pub fn masks_agree(answers: &Answers) -> Outcome {
    let id = draw::select(vec![
        None,
        Some(0),
        Some(1),
        Some(1),
        Some(257),
        Some(1 + (1 << 16)),
        Some(usize::MAX),
    ]);
    let runs = draw::list((id, 1..=4_usize), 0..=30);
    differential(runs, |runs| {
        let row: Vec<Option<usize>> = runs.iter().flat_map(|&(id, n)| vec![id; n]).collect();
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.document_mask)(&row));
        expect_mask(&format!("a row of {}", counted(row.len(), "position")), &got, &want)
    })?;
    let row: Vec<Option<usize>> = (0..600).map(|i| (i % 50 != 49).then_some(i / 200)).collect();
    let [got, want] = [answers, &SOLUTION].map(|answers| (answers.document_mask)(&row));
    expect_mask("a row of 600 positions", &got, &want)
}

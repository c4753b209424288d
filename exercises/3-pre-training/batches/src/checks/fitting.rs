//! Documents placed where they fit best.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect, expect_eq, expect_error_is, expect_same};
use rand::RngExt;

use crate::oracle::fitted_golden;
use crate::{Answers, BatchError, Piece, SOLUTION};

fn filled(row: &[Piece]) -> usize {
    row.iter().map(|piece| piece.length).sum()
}

pub fn rows_are_as_full_as_those_of_trl(answers: &Answers) -> Outcome {
    for case in fitted_golden()? {
        let got = (answers.best_fit_pack)(&case.lengths, case.context)?;
        let mut rows: Vec<usize> = got.iter().map(|row| filled(row)).collect();
        rows.sort_unstable();
        let what = format!(
            "documents of {:?} tokens, context {}: how full the rows are, sorted",
            case.lengths, case.context
        );
        expect_eq(&what, &rows, &case.filled)?;
    }
    Ok(())
}

/// The pieces that documents of these lengths are cut into, in their order.
fn pieces(lengths: &[usize], context: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (document, &tokens) in lengths.iter().enumerate() {
        let mut start = 0;
        while start < tokens {
            let length = context.min(tokens - start);
            pieces.push(Piece { document, start, length });
            start += length;
        }
    }
    pieces
}

fn shown(piece: &Piece) -> String {
    let Piece { document, start, length } = piece;
    format!("document {document} from {start} on ({})", counted(*length, "token"))
}

/// Places the pieces as the answer did, and fails at the first that should have gone elsewhere.
fn expect_best_fit(lengths: &[usize], context: usize, got: &[Vec<Piece>]) -> Outcome {
    let what = format!("documents of {lengths:?} tokens, context {context}");
    let mut room: Vec<usize> = Vec::new();
    let mut placed = vec![0; got.len()];
    let mut waiting = pieces(lengths, context);
    while !waiting.is_empty() {
        // The longest; of equals the first.
        let longest = waiting.iter().map(|piece| piece.length).max().unwrap_or(0);
        let at = waiting.iter().position(|piece| piece.length == longest).unwrap_or(0);
        let piece = waiting.remove(at);
        let best = room.iter().copied().filter(|&room| room >= piece.length).min();
        let want =
            best.map_or(room.len(), |best| room.iter().position(|&room| room == best).unwrap_or(0));
        if want == room.len() {
            room.push(context);
        }
        let next = got.get(want).and_then(|row| row.get(placed[want]));
        expect(next == Some(&piece), || {
            let next = next.map_or("nothing".into(), shown);
            let fits = match best {
                Some(room) => format!("which has room for {room}"),
                None => "a new one".into(),
            };
            format!(
                "{what}: {} belongs into row {want}, {fits}, as its piece {}; there is {next}",
                shown(&piece),
                placed.get(want).unwrap_or(&0)
            )
        })?;
        room[want] -= piece.length;
        placed[want] += 1;
    }
    expect_same(&format!("{what}: how many rows"), &got.len(), &room.len())?;
    for (at, (row, &placed)) in got.iter().zip(&placed).enumerate() {
        expect_same(&format!("{what}: how many pieces in row {at}"), &row.len(), &placed)?;
    }
    Ok(())
}

fn drawn_lengths(documents: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut rng = seeded(seed);
    (0..documents).map(|_| rng.random_range(0..=most)).collect()
}

pub fn each_piece_goes_where_it_fits_best(answers: &Answers) -> Outcome {
    let run = |lengths: &[usize], context: usize| -> Outcome {
        expect_best_fit(lengths, context, &(answers.best_fit_pack)(lengths, context)?)
    };
    for (lengths, context) in [
        (&[6, 5, 4, 3, 2][..], 10),
        // First fit would put 3 beside 6.
        (&[6, 7, 3], 10),
        // 2 fits three rows equally well.
        (&[8, 8, 8, 2, 2], 10),
        // Row 1 was filled up to a room of 1 before row 0 was.
        (&[12, 10, 9, 7, 1], 20),
        (&[1, 1, 1, 1], 3),
        (&[4, 4, 4], 4),
        (&[1], 9),
        (&[], 5),
        (&[5, 0, 5], usize::MAX),
    ] {
        run(lengths, context)?;
    }
    for seed in 0..30 {
        run(&drawn_lengths(40, 30, seed), 20 + seed as usize)?;
    }
    Ok(())
}

pub fn long_documents_are_cut(answers: &Answers) -> Outcome {
    for (lengths, context) in [
        (&[10][..], 4),
        (&[8], 4),
        (&[4], 4),
        (&[5], 4),
        (&[3], 4),
        (&[0, 0], 4),
        (&[7, 0, 23, 4, 9], 6),
        (&[3, 5], 1),
        (&[70_000, 3], 33_000),
    ] {
        let what = format!("documents of {lengths:?} tokens, context {context}");
        let got = (answers.best_fit_pack)(lengths, context)?;
        let mut all: Vec<Piece> = got.concat();
        all.sort_unstable();
        expect_eq(&format!("{what}: the pieces, sorted"), &all, &pieces(lengths, context))?;
        let full = got.iter().position(|row| filled(row) > context);
        expect(full.is_none(), || {
            let at = full.unwrap_or(0);
            let tokens = counted(filled(&got[at]), "token");
            format!("{what}: row {at} holds {tokens}, more than the context")
        })?;
        expect(got.iter().all(|row| !row.is_empty()), || format!("{what}: a row is empty"))?;
    }
    for lengths in [&[][..], &[3, 4]] {
        let got = (answers.best_fit_pack)(lengths, 0);
        expect_error_is("a context of 0", got, &BatchError::EmptyContext)?;
    }
    Ok(())
}

pub fn fits_agree(answers: &Answers) -> Outcome {
    let lengths = draw::prop_oneof![
        draw::list(0..=9_usize, 0..=40),
        draw::list(draw::lengths(0..=100), 0..=40),
        // Many of the same.
        (draw::lengths(0..=20), draw::lengths(0..=60)).prop_map(|(length, n)| vec![length; n]),
    ];
    let large = draw::select(vec![1 << 16, 1 << (usize::BITS / 2), usize::MAX]);
    let contexts = draw::prop_oneof![9 => draw::lengths(0..=64), 1 => large];
    differential((lengths, contexts), |(lengths, context)| {
        let run = |answers: &Answers| (answers.best_fit_pack)(lengths, *context);
        let what = format!("{}, context {context}", counted(lengths.len(), "document"));
        agree(&what, run(answers), run(&SOLUTION), |got, want| {
            for (at, (got, want)) in got.iter().zip(want).enumerate() {
                expect_eq(&format!("{what}: row {at}"), got, want)?;
            }
            expect_same(&format!("{what}: how many rows"), &got.len(), &want.len())
        })
    })?;
    let lengths = drawn_lengths(1500, 90, 5);
    let run = |answers: &Answers| (answers.best_fit_pack)(&lengths, 256);
    agree("1,500 documents", run(answers), run(&SOLUTION), |got, want| {
        expect_eq("1,500 documents, context 256: the rows", got, want)
    })
}

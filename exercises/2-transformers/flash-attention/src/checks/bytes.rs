//! What is moved from and to memory.

use grading::draw::prop_oneof;
use grading::{Outcome, agree, differential, draw, expect_error_is, expect_same};

use super::tiles::sides;
use crate::oracle::Head;
use crate::{Answers, FlashError, MOST_TOKENS, SOLUTION, Shape, Tile, WIDEST};

/// Each number that one of the three kernels reads or writes, one by one.
fn counted_one_by_one(Shape { t_q, t_k, d, d_v }: Shape) -> u64 {
    let mut numbers = 0;
    let mut matrix = |rows: usize, columns: usize| {
        (0..rows).for_each(|_| (0..columns).for_each(|_| numbers += 1));
    };
    // Scores, softmax, weighted values: each reads its operands and writes its result.
    for [rows, columns] in
        [[t_q, d], [t_k, d], [t_q, t_k], [t_q, t_k], [t_q, t_k], [t_q, t_k], [t_k, d_v], [t_q, d_v]]
    {
        matrix(rows, columns);
    }
    4 * numbers
}

fn expect_unfused(answers: &Answers, shape: Shape) -> Outcome {
    let what = format!("the bytes of three kernels for {shape:?}");
    expect_same(&what, &(answers.unfused_bytes)(shape)?, &counted_one_by_one(shape))
}

pub fn three_kernels_move_the_scores(answers: &Answers) -> Outcome {
    for [t_q, t_k, d, d_v] in [
        [1, 1, 1, 1],
        [4, 4, 2, 2],
        [3, 5, 7, 2],
        [9, 2, 1, 6],
        [0, 4, 3, 3],
        [5, 0, 2, 3],
        [0, 0, 1, 1],
        [33, 17, 12, 5],
    ] {
        expect_unfused(answers, Shape { t_q, t_k, d, d_v })?;
    }
    // As large as can be: 4 bytes of 2²² · 256 and of 2⁴² numbers.
    let largest = Shape::square(MOST_TOKENS, WIDEST);
    let got = (answers.unfused_bytes)(largest)?;
    expect_same("the bytes of the largest shape", &got, &((1 << 32) + (1 << 44)))
}

/// Sizes that are refused, and how.
fn refused() -> [(Shape, FlashError); 6] {
    let shape = |t_q, t_k, d, d_v| Shape { t_q, t_k, d, d_v };
    [
        (shape(2, 3, 0, 2), FlashError::Width { d: 0, d_v: 2 }),
        (shape(2, 3, 2, 0), FlashError::Width { d: 2, d_v: 0 }),
        (shape(2, 3, WIDEST + 1, 1), FlashError::Width { d: WIDEST + 1, d_v: 1 }),
        (shape(usize::MAX, 3, 1, usize::MAX), FlashError::Width { d: 1, d_v: usize::MAX }),
        (shape(MOST_TOKENS + 1, 3, 1, 1), FlashError::TooLong { t_q: MOST_TOKENS + 1, t_k: 3 }),
        (shape(3, usize::MAX, 1, 1), FlashError::TooLong { t_q: 3, t_k: usize::MAX }),
    ]
}

pub fn unfused_refuses_other_sizes(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_unfused(answers, Shape::square(3, 2))?;
    for (shape, want) in refused() {
        let what = format!("the bytes of three kernels for {shape:?}");
        expect_error_is(&what, (answers.unfused_bytes)(shape), &want)?;
    }
    Ok(())
}

fn drawn_shapes() -> impl draw::Strategy<Value = ((usize, usize), (usize, usize))> {
    let tokens = || {
        prop_oneof![
            8 => draw::lengths(0..=200),
            2 => draw::lengths(0..=MOST_TOKENS),
            1 => draw::select(vec![MOST_TOKENS + 1, usize::MAX]),
        ]
    };
    let width =
        || prop_oneof![9 => draw::lengths(1..=WIDEST), 1 => draw::select(vec![0, WIDEST + 1])];
    ((tokens(), tokens()), (width(), width()))
}

pub fn unfused_bytes_agree(answers: &Answers) -> Outcome {
    // More scores than 32 bits count.
    let shape = Shape { t_q: 70_000, t_k: 80_000, d: 3, d_v: 5 };
    let want = 4 * (4 * 70_000 * 80_000 + 8 * (70_000 + 80_000));
    let what = format!("the bytes of three kernels for {shape:?}");
    expect_same(&what, &(answers.unfused_bytes)(shape)?, &want)?;
    differential(drawn_shapes(), |&((t_q, t_k), (d, d_v))| {
        let on = |answers: &Answers| (answers.unfused_bytes)(Shape { t_q, t_k, d, d_v });
        agree("the bytes", on(answers), on(&SOLUTION), |got, want| {
            expect_same("the bytes", got, want)
        })
    })
}

/// As many bytes as rows are moved, tile by tile and key by key.
fn expect_bytes(answers: &Answers, sizes: [usize; 4], tile: Tile, causal: bool) -> Outcome {
    let [t_q, t_k, d, d_v] = sizes;
    let shape = Shape { t_q, t_k, d, d_v };
    // Of the numbers themselves nothing is asked.
    let moved = Head::drawn([t_q, t_k, 1, 1], 1).moved(tile, causal);
    let rows = moved.map(|rows| rows.iter().sum::<usize>());
    let want: usize = rows.iter().zip([d, d, d_v, d_v]).map(|(rows, width)| 4 * rows * width).sum();
    let mask = if causal { ", causal" } else { "" };
    let what =
        format!("the bytes for {shape:?} in tiles of {} by {}{mask}", tile.queries, tile.keys);
    expect_same(&what, &(answers.flash_bytes)(shape, tile, causal)?, &(want as u64))
}

pub fn every_block_reads_all_keys(answers: &Answers) -> Outcome {
    for sizes in [[4, 4, 2, 2], [12, 6, 3, 5], [8, 2, 1, 7], [1, 1, 1, 1]] {
        for queries in [1, 2, 4] {
            for keys in [1, 2] {
                expect_bytes(answers, sizes, Tile { queries, keys }, false)?;
            }
        }
    }
    // Twice the queries of a block, half the reads of keys and values.
    for queries in [16_usize, 64, 256] {
        let shape = Shape::square(4096, 128);
        let want = 4 * 2 * 128 * 4096 * (1 + 4096 / queries as u64);
        let got = (answers.flash_bytes)(shape, Tile { queries, keys: 32 }, false)?;
        expect_same(&format!("the bytes for {shape:?} in blocks of {queries}"), &got, &want)?;
    }
    Ok(())
}

pub fn short_tiles_move_less(answers: &Answers) -> Outcome {
    for sizes in [[5, 7, 2, 3], [9, 4, 1, 2], [3, 10, 4, 1], [0, 3, 2, 2], [4, 0, 2, 2]] {
        for queries in [1, 2, 3, 4, 7, 100, usize::MAX] {
            for keys in [1, 3, 4, 6, 100, usize::MAX] {
                expect_bytes(answers, sizes, Tile { queries, keys }, false)?;
            }
        }
    }
    Ok(())
}

pub fn unseen_tiles_are_not_moved(answers: &Answers) -> Outcome {
    for sizes in [[8, 8, 2, 2], [5, 9, 2, 3], [9, 5, 1, 2], [12, 3, 2, 1], [1, 7, 2, 2]] {
        for queries in [1, 2, 3, 5, 100, usize::MAX] {
            for keys in [1, 2, 3, 4, 100, usize::MAX] {
                expect_bytes(answers, sizes, Tile { queries, keys }, true)?;
            }
        }
    }
    Ok(())
}

pub fn bytes_refuse_other_sizes(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_bytes(answers, [3, 4, 2, 2], Tile { queries: 2, keys: 2 }, false)?;
    let ask = |shape, queries, keys| {
        let got = (answers.flash_bytes)(shape, Tile { queries, keys }, true);
        (format!("the bytes for {shape:?} in tiles of {queries} by {keys}"), got)
    };
    for (shape, want) in refused() {
        let (what, got) = ask(shape, 2, 2);
        expect_error_is(&what, got, &want)?;
        // What is wrong with the tile comes first.
        let (what, got) = ask(shape, 0, 2);
        expect_error_is(&what, got, &FlashError::NoTile { queries: 0, keys: 2 })?;
    }
    for (queries, keys) in [(0, 1), (1, 0), (0, 0)] {
        for shape in [Shape::square(4, 2), Shape::square(0, 2)] {
            let (what, got) = ask(shape, queries, keys);
            expect_error_is(&what, got, &FlashError::NoTile { queries, keys })?;
        }
    }
    Ok(())
}

pub fn flash_bytes_agree(answers: &Answers) -> Outcome {
    // As large as can be: all keys for each query, or as many as there are up to it.
    let (largest, n) = (Shape::square(MOST_TOKENS, WIDEST), MOST_TOKENS as u64);
    for (causal, keys) in [(false, n * n), (true, n * (n + 1) / 2)] {
        let got = (answers.flash_bytes)(largest, Tile { queries: 1, keys: 1 }, causal)?;
        let want = 4 * 2 * WIDEST as u64 * (n + keys);
        expect_same("the bytes of the largest shape, key by key", &got, &want)?;
    }
    let inputs = (drawn_shapes(), (sides(), sides()), draw::select(vec![false, true]));
    differential(inputs, |&(((t_q, t_k), (d, d_v)), (queries, keys), causal)| {
        let shape = Shape { t_q, t_k, d, d_v };
        let on = |answers: &Answers| (answers.flash_bytes)(shape, Tile { queries, keys }, causal);
        agree("the bytes", on(answers), on(&SOLUTION), |got, want| {
            expect_same("the bytes", got, want)
        })
    })
}

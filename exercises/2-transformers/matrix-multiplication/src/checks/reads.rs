//! How many numbers workgroups read.

use grading::draw::{self, prop_oneof};
use grading::{Outcome, agree, differential, expect_error_is, expect_same};

use crate::oracle::numbers_needed;
use crate::{Answers, Dims, MatmulError, SOLUTION};

fn expect_reads(answers: &Answers, [m, k, n]: [usize; 3], tile: usize, want: u64) -> Outcome {
    let what = format!("the reads for ({m}, {k}) times ({k}, {n}) in tiles of {tile}");
    expect_same(&what, &(answers.numbers_read)(Dims { m, k, n }, tile)?, &want)
}

pub fn reads_of_whole_tiles(answers: &Answers) -> Outcome {
    for (sizes, tile) in [
        ([4, 4, 4], 1),
        ([2, 3, 5], 1),
        ([8, 6, 4], 2),
        ([4, 5, 12], 4),
        ([6, 1, 3], 3),
        ([16, 3, 16], 16),
    ] {
        let [m, k, n] = sizes;
        expect_reads(answers, sizes, tile, numbers_needed(Dims { m, k, n }, tile))?;
    }
    // Every product has two factors, of which a tile saves all but one in so many.
    for tile in [1, 16, 64, 1024] {
        expect_reads(answers, [1024; 3], tile, 2 * (1 << 30) / tile as u64)?;
    }
    Ok(())
}

pub fn reads_at_the_edges(answers: &Answers) -> Outcome {
    for (sizes, tile) in [
        ([17, 5, 17], 16),
        ([17, 4, 33], 16),
        ([1, 9, 1], 16),
        ([7, 2, 5], 3),
        ([15, 3, 40], 8),
        ([2, 3, 5], 100),
        ([0, 3, 5], 4),
        ([4, 0, 5], 4),
        ([4, 3, 0], 2),
    ] {
        let [m, k, n] = sizes;
        expect_reads(answers, sizes, tile, numbers_needed(Dims { m, k, n }, tile))?;
    }
    Ok(())
}

pub fn reads_that_cannot_be_counted(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    reads_of_whole_tiles(answers)?;
    for sizes in [[2, 3, 4], [0, 0, 0], [usize::MAX; 3]] {
        let [m, k, n] = sizes;
        let got = (answers.numbers_read)(Dims { m, k, n }, 0);
        let what = format!("the reads for ({m}, {k}) times ({k}, {n}) in tiles of 0");
        expect_error_is(&what, got, &MatmulError::NoTile)?;
    }
    // Twice 2⁶² fits, twice 2⁶³ does not; where usize has fewer bits, the sizes are smaller.
    let size = 1_usize << 31;
    expect_reads(answers, [size, size, 1], 1, 2 << 62)?;
    expect_reads(answers, [size, size, 1], usize::MAX, (1 << 62) + (1 << 31))?;
    // Every digit counts: 2 (2³¹ + 1)².
    expect_reads(answers, [size + 1, size + 1, 1], 1, (1 << 63) + (1 << 33) + 2)?;
    let most = usize::MAX;
    for ([m, k, n], tile) in [
        ([size, size, 2], 1),
        ([size; 3], 1),
        ([most; 3], 1),
        ([most, most, 1], most),
        ([1, most, most], 2),
        ([most; 3], most),
    ] {
        let got = (answers.numbers_read)(Dims { m, k, n }, tile);
        let what = format!("the reads for ({m}, {k}) times ({k}, {n}) in tiles of {tile}");
        expect_error_is(&what, got, &MatmulError::TooManyReads)?;
    }
    // Beyond what f64 counts one by one.
    if let Ok(n) = usize::try_from((1_u64 << 53) + 1) {
        expect_reads(answers, [1, 1, n], 1, (1 << 54) + 2)?;
        expect_reads(answers, [1, 1, n], n - 1, (1 << 53) + 3)?;
    }
    // Nothing is nothing, however often.
    expect_reads(answers, [most, 0, most], 1, 0)?;
    expect_reads(answers, [most, most, 0], 1, 0)?;
    expect_reads(answers, [0, most, 0], 3, 0)
}

pub fn numbers_read_agrees(answers: &Answers) -> Outcome {
    let size = || prop_oneof![6 => draw::lengths(0..=300), 2 => draw::lengths(0..=1 << 22)];
    let tile = prop_oneof![6 => draw::lengths(0..=70), 1 => draw::lengths(0..=1 << 20)];
    differential((size(), size(), size(), tile), |&(m, k, n, tile)| {
        let dims = Dims { m, k, n };
        let (got, want) = ((answers.numbers_read)(dims, tile), (SOLUTION.numbers_read)(dims, tile));
        agree("the reads", got, want, |got, want| expect_same("the reads", got, want))
    })
}

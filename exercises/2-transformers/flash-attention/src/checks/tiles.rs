//! Whole attention, for every tile.

use grading::{Differential, Outcome, agree, draw, expect_close, expect_error_is};

use crate::oracle::{Head, STEP};
use crate::{Answers, FlashError, Hbm, SOLUTION, Tile};

/// With every tile of one up to more than there is.
fn for_every_tile(answers: &Answers, head: &Head, causal: bool) -> Outcome {
    for queries in 1..=head.shape.t_q + 2 {
        for keys in 1..=head.shape.t_k + 3 {
            head.flash(answers, Tile { queries, keys }, causal)?;
        }
    }
    Ok(())
}

pub fn every_tile_gives_attention(answers: &Answers) -> Outcome {
    for (seed, sizes) in (1..).zip([[1, 1, 1, 1], [3, 5, 4, 2], [7, 4, 2, 5], [6, 9, 3, 3]]) {
        for_every_tile(answers, &Head::drawn(sizes, seed), false)?;
    }
    Ok(())
}

pub fn flash_hides_the_future(answers: &Answers) -> Outcome {
    for (seed, sizes) in (10..).zip([[1, 1, 1, 1], [6, 6, 4, 2], [2, 7, 3, 3], [5, 8, 2, 1]]) {
        for_every_tile(answers, &Head::drawn(sizes, seed), true)?;
    }
    Ok(())
}

pub fn queries_without_keys_get_zeros(answers: &Answers) -> Outcome {
    for (seed, sizes) in (20..).zip([[7, 4, 2, 3], [5, 1, 3, 2], [4, 0, 2, 2], [0, 3, 2, 2]]) {
        for_every_tile(answers, &Head::drawn(sizes, seed), true)?;
    }
    for_every_tile(answers, &Head::drawn([3, 0, 2, 4], 25), false)
}

pub fn flash_takes_high_and_low_scores(answers: &Answers) -> Outcome {
    for (seed, (scale, moved)) in
        (30..).zip([(2000.0, 0.0), (256.0, 20.0), (256.0, -20.0), (4.0, 0.0), (1.0, 0.0)])
    {
        for rising in [true, false] {
            let head = Head::drawn([3, 9, 16, 2], seed).stretched(scale, moved).sorted(rising);
            for (queries, keys) in [(1, 1), (2, 4), (3, 2), (8, 9)] {
                for causal in [false, true] {
                    head.flash(answers, Tile { queries, keys }, causal)?;
                }
            }
        }
    }
    for (seed, low) in [(36, -9.0), (37, -12.0)] {
        let head = Head::of_small_weights(200, low, seed);
        head.flash(answers, Tile { queries: 1, keys: 16 }, false)?;
    }
    Ok(())
}

pub fn moves_are_counted(answers: &Answers) -> Outcome {
    for (seed, sizes) in (40..).zip([[6, 6, 2, 3], [5, 9, 3, 1], [8, 3, 1, 2], [1, 10, 2, 2]]) {
        let head = Head::drawn(sizes, seed);
        for (queries, keys) in [(1, 1), (2, 3), (4, 2), (3, 4), (20, 2), (2, 20)] {
            for causal in [false, true] {
                head.expect_flash(answers, Tile { queries, keys }, causal)?;
            }
        }
    }
    Ok(())
}

pub fn flash_refuses_tiles_of_nothing(answers: &Answers) -> Outcome {
    let head = Head::drawn([2, 3, 2, 2], 50);
    // An answer that always fails must not pass.
    head.flash(answers, Tile { queries: 2, keys: 2 }, false)?;
    let none = Head::drawn([0, 0, 1, 1], 51);
    for head in [&head, &none] {
        for (queries, keys) in [(0, 2), (2, 0), (0, 0)] {
            let mut hbm = Hbm::new(head.slices(), head.shape)?;
            let got = (answers.flash)(&mut hbm, Tile { queries, keys }, true);
            let what = format!("{} in tiles of {queries} by {keys}", head.shown());
            expect_error_is(&what, got, &FlashError::NoTile { queries, keys })?;
        }
    }
    Ok(())
}

/// Sides of tiles: small, none, and as large as can be said.
pub fn sides() -> impl draw::Strategy<Value = usize> {
    use draw::{Just, prop_oneof};
    prop_oneof![12 => draw::lengths(1..=24), 1 => Just(0), 2 => Just(usize::MAX), 1 => Just(1 << 20)]
}

pub fn flash_agrees(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=20), draw::lengths(0..=24));
    let widths = (draw::lengths(1..=18), draw::lengths(1..=9));
    let scale = draw::select(vec![1.0, 1.0, 1.0, 60.0, 4000.0, 1e-12]);
    let flags = (draw::select(vec![false, true]), scale);
    let inputs = (sizes, widths, (sides(), sides()), flags, draw::any_u64());
    Differential::cases(250).run(
        inputs,
        |&((t_q, t_k), (d, d_v), (queries, keys), (causal, scale), seed)| {
            let mut head = Head::drawn([t_q, t_k, d, d_v], seed);
            if scale > 1.0 {
                head = head.stretched(scale, 0.0);
            } else {
                head.qkv[0].iter_mut().for_each(|q| *q *= scale);
            }
            if seed % 4 == 0 {
                head.qkv[2].iter_mut().for_each(|v| *v *= 1e20);
            }
            let tile = Tile { queries, keys };
            let on = |answers: &Answers| -> Result<Hbm<'_>, FlashError> {
                let mut hbm = Hbm::new(head.slices(), head.shape)?;
                (answers.flash)(&mut hbm, tile, causal)?;
                Ok(hbm)
            };
            agree("the result", on(answers), on(&SOLUTION), |got, want| {
                let tolerance = head.tolerance(STEP);
                expect_close("the result", &[t_q, d_v], got.out(), want.out(), tolerance)?;
                head.expect_moves(got, "what was moved", tile, causal)
            })
        },
    )?;
    // Another head of the same sizes: nothing is kept from call to call.
    for seed in [61, 62] {
        let head = Head::drawn([5, 6, 4, 3], seed);
        head.flash(answers, Tile { queries: 5, keys: 4 }, false)?;
    }
    // More keys, and more queries, than 16 bits count.
    for (sizes, tile) in [([1, 70_000, 1, 1], 512), ([70_000, 2, 1, 1], 512)] {
        let head = Head::drawn(sizes, 60);
        head.flash(answers, Tile { queries: tile, keys: tile }, false)?;
    }
    Ok(())
}

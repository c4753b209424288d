//! The grid, by what it is for.

use grading::draw::{self, Strategy, prop_oneof};
use grading::{Outcome, differential, expect, expect_same};

use crate::{Answers, SOLUTION, THREADS, WIDEST};

/// The numbers of a line of workgroups that is full.
const LINE: u32 = WIDEST * THREADS;

pub fn every_number_has_a_thread(answers: &Answers) -> Outcome {
    expect_same("the grid of 0 numbers", &(answers.workgroups)(0), &[0, 0, 1])?;
    for n in (1..=1100).chain([70_000, LINE - 1, LINE]) {
        let grid @ [width, lines, depth] = (answers.workgroups)(n);
        let shown = || format!("the grid of {n} numbers, {grid:?}");
        expect((lines, depth) == (1, 1), || format!("{}, is not a single line", shown()))?;
        let threads = u64::from(width) * u64::from(THREADS);
        expect(threads >= n.into(), || {
            format!("{}, has {threads} threads: numbers are left out", shown())
        })?;
        expect(threads < u64::from(n) + u64::from(THREADS), || {
            format!("{}, has a workgroup without any number", shown())
        })?;
    }
    Ok(())
}

pub fn long_grids_have_several_lines(answers: &Answers) -> Outcome {
    for n in [LINE + 1, 2 * LINE, 2 * LINE + 1, 99 * LINE + 7, u32::MAX - 1, u32::MAX] {
        let grid @ [width, lines, depth] = (answers.workgroups)(n);
        let shown = || format!("the grid of {n} numbers, {grid:?}");
        expect((width, depth) == (WIDEST, 1), || {
            format!("{}, does not consist of lines of {WIDEST} workgroups", shown())
        })?;
        let threads = u64::from(lines) * u64::from(LINE);
        expect(threads >= n.into(), || {
            format!("{}, has {threads} threads: numbers are left out", shown())
        })?;
        expect(threads < u64::from(n) + u64::from(LINE), || {
            format!("{}, has a line without any number", shown())
        })?;
    }
    Ok(())
}

pub fn workgroups_agree(answers: &Answers) -> Outcome {
    // Any number, and those beside full workgroups and full lines.
    let any = draw::any_u64().prop_map(|n| n as u32);
    let beside = |step: u32, most: u32| {
        (0..=most, -1_i32..=1).prop_map(move |(k, off)| (k * step).saturating_add_signed(off))
    };
    let numbers = prop_oneof![any, beside(THREADS, u32::MAX / THREADS), beside(LINE, 256)];
    differential(numbers, |&n| {
        let (got, want) = ((answers.workgroups)(n), (SOLUTION.workgroups)(n));
        expect_same(&format!("the grid of {n} numbers"), &got, &want)
    })
}

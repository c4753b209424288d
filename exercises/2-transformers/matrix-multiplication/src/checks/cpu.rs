//! The product on the CPU.

use grading::draw::{self, Strategy, prop_oneof};
use grading::{Differential, Outcome, agree, expect_error_is, expect_same};

use crate::oracle::{Job, SCALES};
use crate::{Answers, Dims, LONGEST, MatmulError, SOLUTION};

fn expect_right(answers: &Answers, job: &Job) -> Outcome {
    job.expect(&job.shown(), &(answers.matmul)(&job.a, &job.b, job.dims)?)
}

pub fn rows_meet_columns(answers: &Answers) -> Outcome {
    for (seed, sizes) in (1..).zip([
        [2, 3, 4],
        [1, 1, 1],
        [1, 7, 1],
        [5, 1, 3],
        [1, 4, 6],
        [6, 4, 1],
        [4, 4, 4],
        [17, 13, 19],
        [3, 65, 2],
    ]) {
        expect_right(answers, &Job::whole(sizes, seed))?;
        expect_right(answers, &Job::reals(sizes, [1.0; 2], seed))?;
    }
    Ok(())
}

pub fn long_sums_leave_nothing_out(answers: &Answers) -> Outcome {
    for (seed, sizes) in (20..).zip([[2, 4099, 3], [1, 65_537, 2], [1, 100_003, 1], [300, 2, 301]])
    {
        expect_right(answers, &Job::whole(sizes, seed))?;
    }
    expect_right(answers, &Job::reals([2, 5003, 2], [1.0; 2], 24))
}

pub fn infinity_and_nan_show(answers: &Answers) -> Outcome {
    for (seed, special) in (30..).zip([f32::INFINITY, f32::NEG_INFINITY, f32::NAN]) {
        let job = Job::whole([3, 4, 5], seed);
        expect_right(answers, &job)?;
        // Zeros on the other side, one of them negative.
        let mut of_a = job.clone();
        of_a.a[4 + 2] = special;
        (of_a.b[2 * 5], of_a.b[2 * 5 + 3]) = (0.0, -0.0);
        expect_right(answers, &of_a)?;
        let mut of_b = job;
        of_b.b[5 + 1] = special;
        (of_b.a[1], of_b.a[4 + 1]) = (0.0, -0.0);
        expect_right(answers, &of_b)?;
    }
    Ok(())
}

pub fn empty_sums_are_zero(answers: &Answers) -> Outcome {
    // An answer that is always zero must not pass.
    expect_right(answers, &Job::whole([3, 2, 4], 40))?;
    for sizes in [[3, 0, 4], [1, 0, 1], [0, 3, 4], [3, 4, 0], [0, 0, 5], [0, 0, 0]] {
        expect_right(answers, &Job::whole(sizes, 41))?;
    }
    Ok(())
}

pub fn wrong_sizes_are_errors(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_right(answers, &Job::whole([2, 3, 4], 50))?;
    let (half, root) = (usize::MAX / 2 + 1, 1 << (usize::BITS / 2));
    let numbers = [1.0; 13];
    for ([m, k, n], a, b) in [
        ([2, 3, 4], 5, 12),
        ([2, 3, 4], 7, 12),
        ([2, 3, 4], 6, 11),
        ([2, 3, 4], 6, 13),
        // As many numbers in all, and the shapes the other way around.
        ([2, 3, 4], 12, 6),
        ([2, 3, 4], 5, 11),
        ([3, 0, 4], 1, 0),
        // Sizes whose product overflows, to 0.
        ([half, 2, 1], 0, 2),
        ([1, root, root], 3, 0),
        ([root, root, root], 0, 0),
    ] {
        let got = (answers.matmul)(&numbers[..a], &numbers[..b], Dims { m, k, n });
        let (name, shape, len) = match m.checked_mul(k) == Some(a) {
            false => ("a", [m, k], a),
            true => ("b", [k, n], b),
        };
        let what = format!("{a} numbers for ({m}, {k}), {b} for ({k}, {n})");
        expect_error_is(&what, got, &MatmulError::Length { name, shape, len })?;
    }
    let column = vec![1.0; 5793];
    for ([m, k, n], a, b) in [
        ([5793, 1, 5793], &column[..], &column[..]),
        ([2, 0, half], &[], &[]),
        ([3, 0, half], &[], &[]),
        ([usize::MAX, 0, 1], &[], &[]),
    ] {
        let what = format!("a product of shape ({m}, {n})");
        let got = (answers.matmul)(a, b, Dims { m, k, n });
        expect_error_is(&what, got, &MatmulError::TooLarge([m, n]))?;
    }
    // The largest that fits: no more than its length is looked at.
    let dims = Dims { m: 2, k: 0, n: LONGEST / 2 };
    expect_same(
        "the numbers of the longest product",
        &(answers.matmul)(&[], &[], dims)?.len(),
        &LONGEST,
    )
}

pub fn matmul_agrees(answers: &Answers) -> Outcome {
    let size = || prop_oneof![8 => draw::lengths(0..=12), 1 => draw::lengths(0..=70)];
    let scale = prop_oneof![
        1 => draw::Just(None),
        1 => draw::Just(Some([1.0; 2])),
        1 => draw::select(SCALES.to_vec()).prop_map(Some),
    ];
    // How many numbers too few or too many.
    let off = || draw::select(vec![0, 0, 0, 0, 0, 0, 0, -1, 1]);
    let inputs = ((size(), size(), size()), scale, (off(), off()), draw::any_u64());
    Differential::cases(300).run(inputs, |&((m, k, n), scale, (more_a, more_b), seed)| {
        let mut job = Job::drawn([m, k, n], scale, seed);
        job.a.resize(job.a.len().saturating_add_signed(more_a), 1.0);
        job.b.resize(job.b.len().saturating_add_signed(more_b), 1.0);
        // What is kept from one call must not show in the next.
        let other = |numbers: &[f32]| -> Vec<f32> { numbers.iter().map(|x| 2.0 - x).collect() };
        let _ = (answers.matmul)(&other(&job.a), &other(&job.b), job.dims);
        let got = (answers.matmul)(&job.a, &job.b, job.dims);
        let want = (SOLUTION.matmul)(&job.a, &job.b, job.dims);
        agree(&job.shown(), got, want, |got, _| job.expect(&job.shown(), got))
    })
}

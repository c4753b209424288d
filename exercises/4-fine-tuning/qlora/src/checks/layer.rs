//! The layer, forward and back.

use grading::{Differential, Outcome, Tolerance, agree, draw, expect, expect_close};

use crate::oracle::{Job, Layer, expect_sums, golden};
use crate::{Answers, SOLUTION};

/// Of f32 sums of some dozens of terms near 1.
const CLOSE: Tolerance = Tolerance { rtol: 2e-5, atol: 1e-5 };

fn told(sizes: &[usize; 4]) -> String {
    let [rows, inputs, outputs, rank] = sizes;
    format!("rows {rows}, inputs {inputs}, outputs {outputs}, rank {rank}")
}

pub fn layer_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.layers {
        let job = Job::of(&case);
        let y = (answers.qlora_forward)(&job.x, &job.base, &job.lora())?;
        let Layer { sizes, .. } = case;
        let shape = [sizes[0], sizes[2]];
        expect_close(&format!("{}: y", told(&sizes)), &shape, &y, &case.y, CLOSE)?;
    }
    for (seed, sizes) in (0..).zip(SIZES) {
        forward(answers, &Job::drawn(sizes, 64, seed), sizes)?;
    }
    Ok(())
}

/// Larger than any tile; blocks that reach over rows.
const SIZES: [[usize; 4]; 5] =
    [[1, 1, 1, 1], [3, 5, 7, 2], [2, 65, 33, 4], [7, 12, 130, 9], [1, 300, 2, 1]];

fn forward(answers: &Answers, job: &Job, sizes: [usize; 4]) -> Outcome {
    let y = (answers.qlora_forward)(&job.x, &job.base, &job.lora())?;
    expect_sums(&format!("{}: y", told(&sizes)), &[sizes[0], sizes[2]], &y, &job.wanted().y)
}

fn back(answers: &Answers, job: &Job, sizes: [usize; 4]) -> Outcome {
    let [rows, inputs, outputs, rank] = sizes;
    let got = (answers.qlora_backward)(&job.x, &job.base, &job.lora(), &job.dy)?;
    let (wanted, what) = (job.wanted(), told(&sizes));
    expect_sums(&format!("{what}: dx"), &[rows, inputs], &got.dx, &wanted.dx)?;
    expect_sums(&format!("{what}: dA"), &[rank, inputs], &got.da, &wanted.da)?;
    expect_sums(&format!("{what}: dB"), &[outputs, rank], &got.db, &wanted.db)
}

pub fn layers_agree(answers: &Answers) -> Outcome {
    drawn(answers, forward, |of, job| (of.qlora_forward)(&job.x, &job.base, &job.lora()).map(drop))
}

pub fn slopes_agree(answers: &Answers) -> Outcome {
    drawn(answers, back, |of, job| {
        (of.qlora_backward)(&job.x, &job.base, &job.lora(), &job.dy).map(drop)
    })
}

fn drawn(
    answers: &Answers,
    judge: fn(&Answers, &Job, [usize; 4]) -> Outcome,
    run: fn(&Answers, &Job) -> Result<(), crate::QloraError>,
) -> Outcome {
    let size = || draw::lengths(1..=20);
    let sizes = (draw::lengths(0..=6), size(), size(), draw::lengths(1..=5));
    let block = draw::select(vec![64, 1, 3, 8, 4096]);
    let wrong = draw::select(vec![0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]);
    let inputs = (sizes, block, draw::any_u64(), wrong);
    Differential::cases(120).run(
        inputs,
        |&((rows, inputs, outputs, rank), block, seed, wrong)| {
            let sizes = [rows, inputs, outputs, rank];
            let mut job = Job::drawn(sizes, block, seed);
            let lists = [&mut job.x, &mut job.a, &mut job.b, &mut job.dy];
            match wrong {
                0 => return judge(answers, &job, sizes),
                5 => drop(job.base.weight.bytes.pop()),
                6 => job.base.weight.len += 1,
                7 => job.base.inputs += 1,
                _ => lists.into_iter().nth(wrong - 1).into_iter().for_each(|list| list.push(0.5)),
            }
            agree(
                "a layer that does not fit",
                run(answers, &job),
                run(&SOLUTION, &job),
                |(), ()| Ok(()),
            )
        },
    )?;
    // Numbers with very different sizes: no sum may lose the small ones for good.
    let mut job = Job::drawn([2, 9, 11, 3], 8, 5);
    job.x.iter_mut().for_each(|x| *x *= 1e15);
    job.dy.iter_mut().for_each(|dy| *dy *= 1e-12);
    judge(answers, &job, [2, 9, 11, 3])
}

pub fn slopes_are_those_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.layers {
        let job = Job::of(&case);
        let before = (job.x.clone(), job.dy.clone());
        let got = (answers.qlora_backward)(&job.x, &job.base, &job.lora(), &job.dy)?;
        expect(before == (job.x.clone(), job.dy.clone()), || "x or dy was changed".into())?;
        let Layer { sizes, .. } = case;
        let [rows, inputs, outputs, rank] = sizes;
        let what = told(&sizes);
        expect_close(&format!("{what}: dx"), &[rows, inputs], &got.dx, &case.dx, CLOSE)?;
        expect_close(&format!("{what}: dA"), &[rank, inputs], &got.da, &case.da, CLOSE)?;
        expect_close(&format!("{what}: dB"), &[outputs, rank], &got.db, &case.db, CLOSE)?;
    }
    for (seed, sizes) in (0..).zip(SIZES) {
        back(answers, &Job::drawn(sizes, 64, seed), sizes)?;
    }
    Ok(())
}

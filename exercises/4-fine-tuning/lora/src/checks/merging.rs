//! Merging, taking out, and counting.

use grading::draw::{self, Strategy};
use grading::{Outcome, Tolerance, agree, differential, expect_close, expect_same};

use super::forward::drawn;
use crate::oracle::{Drawn, cases, counts, expect_golden, expect_sized, forward, merged};
use crate::{Answers, LoraError, LoraLinear, SOLUTION};

type Merge = fn(&LoraLinear<'_>, &mut [f32]) -> Result<(), LoraError>;

pub fn merged_is_that_of_peft(answers: &Answers) -> Outcome {
    for case in cases()? {
        let mut weight = case.weight.clone();
        (answers.merge)(&case.layer(), &mut weight)?;
        let what = format!("{}: the merged weight", case.told());
        expect_golden(&what, [case.inputs, case.outputs], &weight, &case.merged)?;
    }
    Ok(())
}

pub fn merged_does_what_both_did(answers: &Answers) -> Outcome {
    for (seed, sizes) in (7..).zip([[6, 6, 2, 3], [5, 9, 3, 4], [12, 4, 20, 2]]) {
        let drawn = Drawn { scale: 0.75, ..Drawn::new(sizes, 0.0, seed) };
        let (layer, [inputs, outputs, ..]) = (drawn.layer(), sizes);
        let mut weight = drawn.weight.clone();
        (answers.merge)(&layer, &mut weight)?;
        let times = |weight: &[f32]| -> Vec<f64> {
            let at = |i: usize| {
                let x = &drawn.x[i / outputs * inputs..][..inputs];
                let column = weight[i % outputs..].iter().step_by(outputs);
                x.iter().zip(column).map(|(&x, &w)| f64::from(x) * f64::from(w)).sum()
            };
            (0..drawn.rows * outputs).map(at).collect()
        };
        let added = forward(&layer, &drawn.x, &vec![0.0; drawn.rows * outputs]);
        let both: Vec<f64> =
            times(&drawn.weight).iter().zip(added).map(|(y, [more, _])| y + more).collect();
        let what = format!("{}: x times the merged weight", drawn.told());
        let tolerance = Tolerance { rtol: 1e-5, atol: 1e-4 };
        expect_close(&what, &[drawn.rows, outputs], &times(&weight), &both, tolerance)?;
    }
    Ok(())
}

fn merges(ours: Merge, theirs: Merge, sign: f32) -> Outcome {
    let off = draw::select([vec![0; 20], vec![1, 2]].concat());
    let inputs = (drawn(), off).prop_map(|((mut drawn, _), off)| {
        drawn.weight.resize(drawn.weight.len() + off, 1.0);
        drawn
    });
    differential(inputs, |drawn| {
        let run = |merge: Merge| {
            let mut weight = drawn.weight.clone();
            match merge(&drawn.layer(), &mut weight) {
                Ok(()) => Ok(weight),
                Err(error) => Err((error, weight)),
            }
        };
        agree("the weight", run(ours), run(theirs), |got, _| {
            let want = merged(&drawn.layer(), &drawn.weight, sign);
            let what = format!("{}: the weight", drawn.told());
            expect_sized(&what, [drawn.inputs, drawn.outputs], got, &want)
        })
    })
}

pub fn merges_agree(answers: &Answers) -> Outcome {
    merges(answers.merge, SOLUTION.merge, 1.0)
}

pub fn unmerged_is_back(answers: &Answers) -> Outcome {
    for case in cases()? {
        let mut weight: Vec<f32> = case.merged.iter().map(|&w| w as f32).collect();
        (answers.unmerge)(&case.layer(), &mut weight)?;
        let want: Vec<f64> = case.weight.iter().map(|&w| w.into()).collect();
        let what = format!("{}: the weight without its pair", case.told());
        let largest = case.merged.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let tolerance = Tolerance { rtol: 1e-6, atol: 2e-6 * largest };
        expect_close(&what, &[case.inputs, case.outputs], &weight, &want, tolerance)?;
    }
    Ok(())
}

pub fn unmerges_agree(answers: &Answers) -> Outcome {
    merges(answers.unmerge, SOLUTION.unmerge, -1.0)
}

pub fn counts_are_those_of_peft(answers: &Answers) -> Outcome {
    for case in counts()? {
        let what = format!("{} at rank {}", case.targets.join(" and "), case.rank);
        expect_same(&what, &(answers.lora_parameters)(&case.layers, case.rank), &case.numbers)?;
    }
    Ok(())
}

pub fn counts_agree(answers: &Answers) -> Outcome {
    let size = || draw::select(vec![0, 1, 2, 3, 64, 128, 768, 12_288, 70_000]);
    let layers = draw::list((size(), size()).prop_map(|(i, o)| [i, o]), 0..=200);
    let rank = draw::select(vec![0, 1, 2, 7, 8, 64, 1024, 5_000_000]);
    differential((layers, rank), |(layers, rank)| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.lora_parameters)(layers, *rank));
        expect_same("how many numbers learn", &got, &want)
    })
}

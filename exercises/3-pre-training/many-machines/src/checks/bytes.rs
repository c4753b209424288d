//! What a machine keeps.

use grading::draw;
use grading::draw::Strategy;
use grading::{Outcome, agree, differential, expect_error_is, expect_same};

use crate::oracle::by_dealing;
use crate::{Answers, Layout, MachineError, SOLUTION, Sharded};

const ALL: [Sharded; 4] =
    [Sharded::Nothing, Sharded::Optimizer, Sharded::Gradients, Sharded::Weights];

fn layout([tensor, pipeline, data]: [u64; 3]) -> Layout {
    Layout { tensor, pipeline, data }
}

pub fn zero_is_that_of_its_paper(answers: &Answers) -> Outcome {
    // Figure 1 of the paper: 7.5 billion parameters on 64 machines, in GB with one digit.
    for (sharded, want) in ALL.into_iter().zip(["120.0", "31.4", "16.6", "1.9"]) {
        let bytes = (answers.machine_bytes)(7_500_000_000, &layout([1, 1, 64]), sharded)?;
        let got = format!("{:.1}", bytes as f64 / 1e9);
        expect_same(&format!("GB with {sharded:?}"), got.as_str(), want)?;
    }
    Ok(())
}

pub fn fullest_machine_counts(answers: &Answers) -> Outcome {
    for parameters in [0, 1, 5, 12, 37, 100] {
        for of in [[1, 1, 1], [2, 1, 1], [1, 3, 2], [2, 3, 4], [1, 1, 7], [3, 2, 5]] {
            for sharded in ALL {
                let what = format!("{parameters} parameters, {:?}, {sharded:?}", layout(of));
                let got = (answers.machine_bytes)(parameters, &layout(of), sharded)?;
                let want = by_dealing(parameters, &layout(of), sharded);
                expect_same(&what, &got, &want)?;
            }
        }
    }
    let got = (answers.machine_bytes)(u64::MAX, &layout([1, 1, 1]), Sharded::Weights)?;
    expect_same("2⁶⁴ − 1 parameters on one machine", &got, &(16 * u128::from(u64::MAX)))?;
    let got = (answers.machine_bytes)(9, &layout([u64::MAX; 3]), Sharded::Weights)?;
    expect_same("9 parameters on more machines than a u64 counts", &got, &16)?;
    for of in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 0]] {
        let what = format!("{:?}", layout(of));
        let got = (answers.machine_bytes)(5, &layout(of), Sharded::Nothing);
        expect_error_is(&what, got, &MachineError::NoMachines)?;
    }
    Ok(())
}

pub fn bytes_agree(answers: &Answers) -> Outcome {
    let parameters = draw::prop_oneof![2 => 0..=50_u64, 2 => draw::any_u64()];
    let number = draw::prop_oneof![
        8 => 1..=9_u64, 3 => 1..=20_000_u64, 1 => draw::select(vec![0, 1 << 32, u64::MAX])
    ];
    let layouts = [number.clone(), number.clone(), number].prop_map(layout);
    let sharded = draw::select(ALL.to_vec());
    differential((parameters, layouts, sharded), |(parameters, layout, sharded)| {
        let bytes = |answers: &Answers| (answers.machine_bytes)(*parameters, layout, *sharded);
        agree("machine_bytes", bytes(answers), bytes(&SOLUTION), |got, want| {
            expect_same("bytes", got, want)
        })
    })
}

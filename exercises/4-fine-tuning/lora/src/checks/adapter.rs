//! The bottleneck adapter.

use grading::draw;
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect_bits};
use rand::RngExt;

use crate::oracle::{AdapterCase, adapted, adapters, expect_golden, expect_sized};
use crate::{Answers, SOLUTION};

pub fn adapter_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for mut case in adapters()? {
        let told = format!("an adapter from {} to {} numbers", case.width, case.bottleneck);
        let y = (answers.adapter_forward)(&case.adapter(), &case.x)?;
        expect_golden(&told, [case.x.len() / case.width, case.width], &y, &case.y)?;
        case.up.fill(0.0);
        case.up_bias.fill(0.0);
        let y = (answers.adapter_forward)(&case.adapter(), &case.x)?;
        expect_bits(&format!("{told}, whose way up is 0"), &y, &case.x)?;
    }
    Ok(())
}

pub fn adapters_agree(answers: &Answers) -> Outcome {
    let size = || draw::lengths(0..=20);
    let off = || draw::select([vec![0; 24], vec![1, 2]].concat());
    let lengths = (off(), off(), off(), off(), off());
    let inputs = (size(), size(), draw::lengths(0..=6), lengths, draw::any_u64());
    differential(inputs, |&(width, bottleneck, rows, off, seed)| {
        let mut rng = seeded(seed);
        let mut numbers = |n: usize, off: usize| -> Vec<f32> {
            (0..n + off).map(|_| rng.random_range(-2.0..2.0)).collect()
        };
        let case = AdapterCase {
            width,
            bottleneck,
            down: numbers(bottleneck * width, off.0),
            down_bias: numbers(bottleneck, off.1),
            up: numbers(width * bottleneck, off.2),
            up_bias: numbers(width, off.3),
            x: numbers(rows * width, off.4),
            y: vec![],
        };
        let run = |answers: &Answers| (answers.adapter_forward)(&case.adapter(), &case.x);
        agree("adapter_forward", run(answers), run(&SOLUTION), |got, _| {
            let what = format!("width {width}, bottleneck {bottleneck}, rows: {rows}");
            expect_sized(&what, [rows, width], got, &adapted(&case.adapter(), &case.x))
        })
    })
}

//! The way forward.

use grading::draw::{self, Strategy};
use grading::{Outcome, agree, differential, expect_bits, expect_same};

use crate::oracle::{Drawn, cases, down, expect_golden, expect_sized, forward};
use crate::{Answers, SOLUTION};

pub fn forward_is_that_of_peft(answers: &Answers) -> Outcome {
    for case in cases()? {
        let mut y = case.frozen.clone();
        let xa = (answers.lora_forward)(&case.layer(), &case.x, &mut y)?;
        let rows = case.rows();
        expect_golden(&format!("{}: y", case.told()), [rows, case.outputs], &y, &case.y)?;
        expect_golden(&format!("{}: x Aᵀ", case.told()), [rows, case.rank], &xa, &case.xa)?;
    }
    Ok(())
}

pub fn zero_b_changes_nothing(answers: &Answers) -> Outcome {
    for (seed, sizes) in (1..).zip([[5, 3, 2, 4], [16, 24, 8, 3], [3, 1, 6, 1]]) {
        let mut drawn = Drawn::new(sizes, 2.5, seed);
        drawn.b.fill(0.0);
        let mut y = drawn.y.clone();
        let xa = (answers.lora_forward)(&drawn.layer(), &drawn.x, &mut y)?;
        expect_bits(&format!("B = 0, {}: y", drawn.told()), &y, &drawn.y)?;
        let want = down(&drawn.layer(), &drawn.x);
        let what = format!("B = 0, {}: x Aᵀ", drawn.told());
        expect_sized(&what, [drawn.rows, drawn.rank], &xa, &want)?;
    }
    Ok(())
}

/// Layers, some of which do not fit: by how much A, B, x and y are longer.
pub(super) fn drawn() -> impl Strategy<Value = (Drawn, [usize; 4])> {
    let size = || draw::lengths(0..=20);
    // Few are wrong, and seldom several things at once.
    let off = || draw::select([vec![0; 20], vec![1, 2]].concat());
    let scale = draw::select(vec![1.0_f32, 0.5, -3.0, 0.0, 1e-3, 16.0, 2.667]);
    let sizes = (size(), size(), draw::lengths(0..=12), draw::lengths(0..=9));
    (sizes, scale, (off(), off(), off(), off()), draw::any_u64()).prop_map(
        |((inputs, outputs, rank, rows), scale, (a, b, x, y), seed)| {
            let mut drawn = Drawn::new([inputs, outputs, rank, rows], scale, seed);
            let more = |list: &mut Vec<f32>, off| list.resize(list.len() + off, 1.0);
            more(&mut drawn.a, a);
            more(&mut drawn.b, b);
            more(&mut drawn.x, x);
            more(&mut drawn.y, y);
            (drawn, [a, b, x, y])
        },
    )
}

pub fn forwards_agree(answers: &Answers) -> Outcome {
    differential(drawn(), |(drawn, _)| {
        let run = |answers: &Answers| {
            let mut y = drawn.y.clone();
            let xa = (answers.lora_forward)(&drawn.layer(), &drawn.x, &mut y);
            xa.map(|xa| (xa, y.clone())).map_err(|error| (error, y))
        };
        let told = drawn.told();
        agree("lora_forward", run(answers), run(&SOLUTION), |(xa, y), (want, _)| {
            expect_same(&format!("{told}: how many numbers of x Aᵀ"), &xa.len(), &want.len())?;
            let (layer, shape) = (drawn.layer(), [drawn.rows, drawn.outputs]);
            expect_sized(&format!("{told}: y"), shape, y, &forward(&layer, &drawn.x, &drawn.y))?;
            let want = down(&layer, &drawn.x);
            expect_sized(&format!("{told}: x Aᵀ"), [drawn.rows, drawn.rank], xa, &want)
        })
    })
}

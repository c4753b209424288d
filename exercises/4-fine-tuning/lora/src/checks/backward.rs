//! The way back.

use grading::draw::{self, Strategy};
use grading::{Failure, Outcome, agree, differential, expect};

use super::forward::drawn;
use crate::oracle::{Case, Drawn, backward, cases, down, expect_golden, expect_sized, forward};
use crate::{Answers, LoraError, LoraLinear, SOLUTION, Slopes};

/// What is in the three lists afterwards.
type Back = [Vec<f32>; 3];

fn back(
    answers: &Answers,
    layer: &LoraLinear<'_>,
    [x, xa, dy]: [&[f32]; 3],
    mut lists: Back,
) -> Result<Back, (LoraError, Back)> {
    let [da, db, dx] = &mut lists;
    match (answers.lora_backward)(layer, x, xa, dy, Slopes { da, db, dx }) {
        Ok(()) => Ok(lists),
        Err(error) => Err((error, lists)),
    }
}

fn narrow(of: &[f64]) -> Vec<f32> {
    of.iter().map(|&n| n as f32).collect()
}

pub fn backward_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in cases()? {
        let Case { inputs, outputs, rank, .. } = case;
        let lists = [vec![0.0; rank * inputs], vec![0.0; outputs * rank], case.dx_frozen.clone()];
        let xa = narrow(&case.xa);
        let got = back(answers, &case.layer(), [&case.x, &xa, &case.dy], lists);
        let [da, db, dx] = got.map_err(|(error, _)| Failure::wrong(error.to_string()))?;
        let told = case.told();
        expect_golden(&format!("{told}: dB"), [outputs, rank], &db, &case.db)?;
        expect_golden(&format!("{told}: dA"), [rank, inputs], &da, &case.da)?;
        expect_golden(&format!("{told}: dx"), [case.rows(), inputs], &dx, &case.dx)?;
    }
    Ok(())
}

/// Nudges each number of A, B and x, and looks at the loss `Σ dy · y`.
pub fn backward_is_that_of_nudges(answers: &Answers) -> Outcome {
    for (seed, sizes) in (3..).zip([[4, 3, 2, 5], [2, 6, 3, 1], [7, 1, 1, 4]]) {
        let drawn = Drawn { scale: 1.75, ..Drawn::new(sizes, 0.0, seed) };
        let lists = [drawn.da.clone(), drawn.db.clone(), drawn.dx.clone()];
        let xa: Vec<f32> = down(&drawn.layer(), &drawn.x).iter().map(|of| of[0] as f32).collect();
        let got = back(answers, &drawn.layer(), [&drawn.x, &xa, &drawn.y], lists.clone());
        let got = got.map_err(|(error, _)| Failure::wrong(error.to_string()))?;
        let loss = |drawn: &Drawn, dy: &[f32]| -> f64 {
            let zeros = vec![0.0; dy.len()];
            let y = forward(&drawn.layer(), &drawn.x, &zeros);
            y.iter().zip(dy).map(|(y, &dy)| y[0] * f64::from(dy)).sum()
        };
        let names = ["dA", "dB", "dx"];
        for (at, (got, held)) in got.iter().zip(&lists).enumerate() {
            for (i, (&got, &held)) in got.iter().zip(held).enumerate() {
                let nudged = |h: f32| {
                    let mut nudged = drawn.clone();
                    [&mut nudged.a, &mut nudged.b, &mut nudged.x][at][i] += h;
                    // What f32 made of the nudge.
                    let by = [&nudged.a, &nudged.b, &nudged.x][at][i];
                    (loss(&nudged, &drawn.y), f64::from(by))
                };
                // The loss is linear in each number: no step is too long.
                let ((up, high), (below, low)) = (nudged(0.5), nudged(-0.5));
                let want = f64::from(held) + (up - below) / (high - low);
                let size = want.abs() + 30.0;
                expect((f64::from(got) - want).abs() <= 4e-6 * size, || {
                    format!(
                        "{}: {}[{i}] held {held}; expected {want:.6} after nudges, got {got:.6}",
                        drawn.told(),
                        names[at]
                    )
                })?;
            }
        }
    }
    Ok(())
}

pub fn backwards_agree(answers: &Answers) -> Outcome {
    let off = || draw::select([vec![0; 20], vec![1, 2]].concat());
    let inputs = (drawn(), (off(), off(), off(), off()));
    let inputs = inputs.prop_map(|((mut drawn, _), (xa, da, db, dx))| {
        for (list, off) in [(&mut drawn.da, da), (&mut drawn.db, db), (&mut drawn.dx, dx)] {
            list.resize(list.len() + off, 1.0);
        }
        (drawn, xa)
    });
    differential(inputs, |(drawn, off)| {
        let layer = drawn.layer();
        let mut xa = match layer.rows(&drawn.x, &drawn.y) {
            Ok(_) => down(&layer, &drawn.x).iter().map(|of| of[0] as f32).collect(),
            Err(_) => vec![0.0; drawn.rows * drawn.rank],
        };
        xa.resize(xa.len() + off, 1.0);
        let run = |answers: &Answers| {
            let lists = [drawn.da.clone(), drawn.db.clone(), drawn.dx.clone()];
            back(answers, &layer, [&drawn.x, &xa, &drawn.y], lists)
        };
        agree("lora_backward", run(answers), run(&SOLUTION), |[da, db, dx], _| {
            let [want_da, want_db, want_dx] = backward(&layer, drawn);
            let (told, Drawn { inputs, outputs, rank, rows, .. }) = (drawn.told(), drawn);
            expect_sized(&format!("{told}: dB"), [*outputs, *rank], db, &want_db)?;
            expect_sized(&format!("{told}: dA"), [*rank, *inputs], da, &want_da)?;
            expect_sized(&format!("{told}: dx"), [*rows, *inputs], dx, &want_dx)
        })
    })
}

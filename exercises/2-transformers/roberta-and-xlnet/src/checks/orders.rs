//! Orders and distances.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_error_is, expect_same};
use tensor_test::{expect_slopes, expect_tensor, numbers, tensor, upstream};

use crate::oracle::{masks_by_steps, xlnet_golden};
use crate::{Answers, XlNetError};

/// Nothing is computed, so nothing is rounded.
const EXACT: Tolerance = Tolerance { rtol: 0.0, atol: 0.0 };

/// All orders of `n` places.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for place in 0..n {
        all = all
            .iter()
            .flat_map(|order: &Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, place);
                    longer
                })
            })
            .collect();
    }
    all
}

pub fn masks_follow_the_order(answers: &Answers) -> Outcome {
    let long = (0..23).map(|step| step * 7 % 23).collect();
    for order in (0..=5).flat_map(orders).chain([long]) {
        let (got, want) = ((answers.permutation_masks)(&order)?, masks_by_steps(&order));
        for (name, got, want) in
            [("content", &got.content, &want.content), ("query", &got.query, &want.query)]
        {
            let rows = format!("the order {order:?}: how many rows the {name} mask has");
            expect_same(&rows, &got.len(), &want.len())?;
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                let what = format!("the order {order:?}: the {name} mask, what token {i} may see");
                expect_same(&what, got, want)?;
            }
        }
    }
    Ok(())
}

pub fn what_is_no_order_is_refused(answers: &Answers) -> Outcome {
    masks_follow_the_order(answers)?;
    for (order, step) in [
        (&[1][..], 0),
        (&[0, 0], 1),
        (&[0, 2], 1),
        (&[1, 2, 3], 2),
        (&[2, 0, 2, 9], 2),
        (&[2, 9, 2, 0], 1),
        (&[0, 1, 1, 1], 2),
        (&[3, 1, 2, usize::MAX], 3),
    ] {
        let want = XlNetError::Order { step, place: order[step], seq: order.len() };
        expect_error_is(&format!("{order:?}"), (answers.permutation_masks)(order), &want)?;
    }
    Ok(())
}

pub fn shifts_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in xlnet_golden()?.shifts {
        let x = tensor(&case.x, &case.shape, DType::F64)?;
        let got = (answers.rel_shift)(&x)?;
        let seq = case.shape[2];
        let shape = [case.shape[0], case.shape[1], seq, seq];
        let what = format!("scores {:?}, as in transformers", case.shape);
        expect_tensor(&what, &got, &shape, DType::F64, &case.y, EXACT)?;
    }
    // Column p of each row says which distance it is of: then row i, column j is i − j.
    for (front, seq, dtype) in [(&[][..], 3, DType::F64), (&[2], 6, DType::F32)] {
        let rows = front.iter().product::<usize>() * seq;
        let x: Vec<f64> =
            (0..rows).flat_map(|_| (0..2 * seq).map(|p| seq as f64 - p as f64)).collect();
        let x = tensor(&x, &[front, &[seq, 2 * seq]].concat(), dtype)?;
        let want: Vec<f64> = (0..rows)
            .flat_map(|row| (0..seq).map(move |j| (row % seq) as f64 - j as f64))
            .collect();
        let what = format!("the distances themselves as scores, {:?}", x.dims());
        let shape = [front, &[seq, seq]].concat();
        expect_tensor(&what, &(answers.rel_shift)(&x)?, &shape, dtype, &want, EXACT)?;
    }
    Ok(())
}

pub fn shift_passes_gradients(answers: &Answers) -> Outcome {
    shifts_are_those_of_transformers(answers)?;
    let leaf = tensor(&numbers(2 * 8 * 4, 1), &[2, 8, 4], DType::F64)?;
    let leaf = Var::from_tensor(&leaf)?.into_inner();
    let run = |leaf: &Tensor| -> Result<Tensor, Failure> {
        let y = (answers.rel_shift)(&leaf.transpose(1, 2)?)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&leaf)?.backward()?;
    expect_slopes("the scores", &leaf, gradients.get(&leaf), &mut |x| {
        Ok(run(x)?.to_scalar::<f64>()?)
    })
}

pub fn shift_refuses(answers: &Answers) -> Outcome {
    shifts_are_those_of_transformers(answers)?;
    for shape in [
        &[][..],
        &[4],
        &[3, 3],
        &[3, 5],
        &[3, 7],
        &[6, 3],
        &[2, 4, 2],
        &[0, 0],
        &[2, 0, 0],
        &[0, 3, 6],
        &[1, 1, 2, 2],
    ] {
        let x = Tensor::zeros(shape, DType::F32, &Device::Cpu)?;
        let want = XlNetError::Shift(shape.to_vec());
        expect_error_is(&format!("scores {shape:?}"), (answers.rel_shift)(&x), &want)?;
    }
    Ok(())
}

//! The whole model.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_error_is};
use tensor_test::{batch_of, expect_form, expect_tensor, flat, ids, rounding, upstream};

use super::streams::weights_get_gradients;
use crate::oracle::{drawn_model, masks_by_steps, masks_of, small, tiny_xlnet, xlnet_golden};
use crate::{Answers, Stream, StreamMasks, XlNet, XlNetError};

const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

pub fn logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        for case in xlnet_golden()?.texts {
            let model = tiny_xlnet(case.activation, dtype)?;
            let [batch, seq] = case.shape;
            let ids = batch_of(&case.ids, case.shape)?;
            let masks = masks_of(&case.content, &case.query, case.shape)?;
            let n_targets = case.targets.first().map_or(0, Vec::len);
            let targets = (n_targets > 0)
                .then(|| batch_of(&case.targets.concat(), [batch, n_targets]))
                .transpose()?;
            let got = (answers.forward)(&model, &ids, &masks, targets.as_ref())?;
            let places = if n_targets > 0 { n_targets } else { seq };
            let what = format!("{}, as in transformers, {dtype:?}", case.name);
            let tolerance = rounding(dtype, &case.logits);
            expect_tensor(&what, &got, &[batch, places, 31], dtype, &case.logits, tolerance)?;
        }
    }
    Ok(())
}

/// Logits `(1, n, 17)` of a text, in rows.
fn rows(
    answers: &Answers,
    model: &XlNet,
    text: &[u32],
    order: &[usize],
    targets: Option<&[u32]>,
) -> Result<Vec<Vec<f64>>, Failure> {
    let masks = StreamMasks::stack(&[masks_by_steps(order)])?;
    let ids = batch_of(text, [1, text.len()])?;
    let targets = targets.map(|at| batch_of(at, [1, at.len()])).transpose()?;
    let logits = (answers.forward)(model, &ids, &masks, targets.as_ref())?;
    let places = targets.map_or(text.len(), |targets| targets.elem_count());
    expect_form("the logits", &logits, &[1, places, 17], DType::F64)?;
    Ok(flat(&logits)?.chunks(17).map(<[f64]>::to_vec).collect())
}

fn differ(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-9)
}

pub fn a_target_does_not_see_itself(answers: &Answers) -> Outcome {
    let model = drawn_model(small(3), 0.9, 300)?;
    let text = ids(6, 17, 301);
    let order = [4, 0, 5, 2, 1, 3];
    let all: Vec<u32> = (0..6).collect();
    let before = rows(answers, &model, &text, &order, Some(&all))?;
    for (step, &changed) in order.iter().enumerate() {
        let mut other = text.clone();
        other[changed] = (other[changed] + 5) % 17;
        let after = rows(answers, &model, &other, &order, Some(&all))?;
        for (k, &target) in order.iter().enumerate() {
            let (got, want) = (differ(&before[target], &after[target]), k > step);
            expect(got == want, || {
                let why = match k.cmp(&step) {
                    std::cmp::Ordering::Less => "is predicted before it",
                    std::cmp::Ordering::Equal => "is it",
                    std::cmp::Ordering::Greater => "is predicted after it",
                };
                let is = if got { "changed" } else { "did not change" };
                format!(
                    "in the order {order:?}, token {changed} was replaced: the logits at target \
                     {target}, which {why}, {is}"
                )
            })?;
        }
    }
    // The first in the order knows nothing, not even where it stands.
    for (name, text) in [("this text", &text), ("another text", &ids(6, 17, 302))] {
        let other = rows(answers, &model, text, &[2, 1, 0, 3, 4, 5], Some(&[2]))?;
        expect(!differ(&other[0], &before[4]), || {
            format!("{name}: the first token of an order has the same logits, wherever it stands")
        })?;
    }
    Ok(())
}

pub fn the_order_of_the_text_is_causal(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let model = drawn_model(small(2), 0.9, 310)?;
    let text = ids(7, 17, 311);
    let order: Vec<usize> = (0..7).collect();
    let whole = rows(answers, &model, &text, &order, None)?;
    // A beginning alone has the content states that it has in the whole text.
    for end in 1..7 {
        let part = rows(answers, &model, &text[..end], &order[..end], None)?;
        for (at, (got, want)) in part.iter().zip(&whole).enumerate() {
            expect(!differ(got, want), || {
                format!(
                    "in the order of the text, the content stream at place {at}: expected the same \
                     for the first {end} of 7 tokens as for all of them"
                )
            })?;
        }
        let target = (end - 1) as u32;
        let alone = rows(answers, &model, &text[..end], &order[..end], Some(&[target]))?;
        let among = rows(answers, &model, &text, &order, Some(&[target]))?;
        expect(!differ(&alone[0], &among[0]), || {
            format!(
                "in the order of the text, the query stream at place {target}: expected the same \
                 for the first {end} of 7 tokens as for all of them"
            )
        })?;
    }
    Ok(())
}

pub fn gradients_reach_every_weight(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let ids = batch_of(&[3, 5, 3, 0, 8, 2, 11, 3], [2, 4])?;
    let orders = [[3, 1, 0, 2], [0, 2, 1, 3]];
    let masks = StreamMasks::stack(&orders.map(|order| masks_by_steps(&order)))?;
    let targets = batch_of(&[2, 0, 2, 1, 3, 3], [2, 3])?;
    let mut model = drawn_model(small(2), 0.8, 330)?.map(var)?;
    weights_get_gradients(&mut model, |_| true, &|model| {
        let logits = (answers.forward)(model, &ids, &masks, Some(&targets))?;
        Ok((&logits * upstream(&logits)?)?.sum_all()?)
    })
}

pub fn forward_refuses(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let model = drawn_model(small(1), 0.8, 340)?;
    let run = |ids: (&[u32], &[usize]), targets: Option<(&[u32], &[usize])>, seq: usize| {
        let of = |(x, shape): (&[u32], &[usize])| Tensor::from_slice(x, shape, &Device::Cpu);
        let mask = Tensor::ones((2, seq, seq), DType::U8, &Device::Cpu)?;
        let masks = StreamMasks { content: mask.clone(), query: mask };
        (answers.forward)(&model, &of(ids)?, &masks, targets.map(of).transpose()?.as_ref())
    };
    let refused = |what: &str, got, want: XlNetError| expect_error_is(what, got, &want);
    let fine = (&[1_u32, 2, 3, 4, 5, 6][..], &[2_usize, 3][..]);
    refused("ids with one axis", run((&[1, 99], &[2]), None, 9), XlNetError::Ids(vec![2]))?;
    let got = run((&[1, 99], &[1, 2, 1]), None, 9);
    refused("ids with three axes", got, XlNetError::Ids(vec![1, 2, 1]))?;
    for shape in [[2, 0], [0, 2]] {
        let got = run((&[], &shape), Some((&[], &[0, 0])), 9);
        refused(&format!("ids {shape:?}"), got, XlNetError::Ids(shape.to_vec()))?;
    }
    let want = XlNetError::UnknownId { id: 17, vocab_size: 17 };
    let got = run((&[1, 16, 17, 30, 5, 6], &[2, 3]), Some((&[9], &[1])), 9);
    refused("id 17 of 17", got, want)?;
    for (targets, shape) in [
        (&[0_u32, 9][..], &[2_usize][..]),
        (&[9], &[1, 1]),
        (&[9; 3], &[3, 1]),
        (&[], &[2, 0]),
        (&[9, 0], &[2, 1, 1]),
    ] {
        let want = XlNetError::Targets { got: shape.to_vec(), batch: 2 };
        refused(&format!("targets {shape:?}"), run(fine, Some((targets, shape)), 9), want)?;
    }
    let want = XlNetError::NoPlace { target: 3, seq: 3 };
    let got = run(fine, Some((&[2, 0, 3, 7], &[2, 2])), 9);
    refused("target 3 of 3 places", got, want)?;
    let want = XlNetError::Mask {
        stream: Stream::Content,
        got: vec![2, 9, 9],
        dtype: DType::U8,
        want: vec![2, 3, 3],
    };
    refused("masks for 9 places where there are 3", run(fine, Some((&[2, 0], &[2, 1])), 9), want)?;
    let good = run(fine, Some((&[2, 0], &[2, 1])), 3)?;
    let again = run(fine, Some((&[2, 2, 1, 0], &[2, 2])), 3)?.narrow(1, 1, 1)?;
    expect_tensor("a target twice", &again, &[2, 1, 17], DType::F64, &flat(&good)?, CLOSE)
}

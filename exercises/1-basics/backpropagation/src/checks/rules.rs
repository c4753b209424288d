//! Local gradients, as PyTorch has them.

use grading::{Outcome, expect_close, expect_close_or_nan};

use crate::oracle::{EXACT, golden};
use crate::{Answers, Op};

fn match_pytorch(answers: &Answers, ops: &[Op]) -> Outcome {
    for rule in golden()?.rules.iter().filter(|rule| ops.contains(&rule.op)) {
        let got = (answers.local_gradients)(rule.op, &rule.inputs, rule.output);
        let what = format!("the local gradients of {:?} at {:?}", rule.op, rule.inputs);
        expect_close(&what, &[], &got, &rule.gradients, EXACT)?;
    }
    Ok(())
}

pub fn arithmetic_matches_pytorch(answers: &Answers) -> Outcome {
    match_pytorch(answers, &[Op::Add, Op::Sub, Op::Mul, Op::Div])
}

pub fn functions_match_pytorch(answers: &Answers) -> Outcome {
    match_pytorch(answers, &[Op::Neg, Op::Exp, Op::Ln, Op::Tanh, Op::Relu])
}

pub fn nan_is_not_hidden(answers: &Answers) -> Outcome {
    const NAN: f64 = f64::NAN;
    let cases: [(Op, &[f64], &[f64]); 9] = [
        (Op::Relu, &[NAN], &[NAN]),
        (Op::Relu, &[-NAN], &[NAN]),
        (Op::Exp, &[NAN], &[NAN]),
        (Op::Ln, &[NAN], &[NAN]),
        (Op::Tanh, &[NAN], &[NAN]),
        (Op::Mul, &[NAN, 2.0], &[2.0, NAN]),
        (Op::Div, &[NAN, 2.0], &[0.5, NAN]),
        (Op::Div, &[3.0, NAN], &[NAN, NAN]),
        // What does not depend on the inputs is known all the same.
        (Op::Sub, &[NAN, 2.0], &[1.0, -1.0]),
    ];
    for (op, inputs, want) in cases {
        let got = (answers.local_gradients)(op, inputs, NAN);
        let what = format!("the local gradients of {op:?} at {inputs:?}");
        expect_close_or_nan(&what, &[], &got, want, EXACT)?;
    }
    Ok(())
}

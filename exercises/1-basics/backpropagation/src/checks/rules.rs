//! Local gradients, as PyTorch has them.

use grading::{Outcome, expect_close};

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

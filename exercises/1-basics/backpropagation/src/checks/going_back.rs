//! Gradients of whole computations: by hand, by PyTorch, by nudging.

use grading::random::seeded;
use grading::{
    Failure, Outcome, expect, expect_close, expect_close_or_nan, expect_eq, expect_error_is,
};

use crate::oracle::{EXACT, MEASURED, golden, random_tape, slopes};
use crate::{Answers, Op, Tape, TapeError};

/// All gradients, and as many as there are nodes.
fn gradients(answers: &Answers, tape: &Tape, output: usize) -> Result<Vec<f64>, Failure> {
    let gradients = (answers.backward)(tape, output)?;
    let (got, want) = (gradients.len(), tape.nodes().len());
    expect(got == want, || format!("a tape of {want} nodes has {want} gradients, got {got}"))?;
    Ok(gradients)
}

pub fn shared_nodes_collect(answers: &Answers) -> Outcome {
    for [a, b, c] in [[2.0, -3.0, 10.0], [-1.5, 0.5, 4.0]] {
        let mut tape = Tape::default();
        let leaves = [a, b, c].map(|x| tape.leaf(x));
        let square = tape.apply(Op::Mul, &[leaves[0], leaves[0]])?;
        // y = a² b + a c + c + c, so dy = (2ab + c, a², a + 2).
        let left = tape.apply(Op::Mul, &[square, leaves[1]])?;
        let right = tape.apply(Op::Mul, &[leaves[0], leaves[2]])?;
        let sum = tape.apply(Op::Add, &[left, right])?;
        let twice = tape.apply(Op::Add, &[leaves[2], leaves[2]])?;
        let y = tape.apply(Op::Add, &[sum, twice])?;
        let got = gradients(answers, &tape, y)?;
        let want = [2.0 * a * b + c, a * a, a + 2.0];
        let what = format!("the gradients of a·a·b + a·c + (c + c) at a, b, c = {a}, {b}, {c}");
        expect_close(&what, &[], &got[..3], &want, EXACT)?;
    }
    Ok(())
}

pub fn all_nodes_match_pytorch(answers: &Answers) -> Outcome {
    for (number, recorded) in golden()?.tapes.iter().enumerate() {
        let (tape, output) = (recorded.tape()?, recorded.output);
        let got = gradients(answers, &tape, output)?;
        for (place, (&got, &want)) in got.iter().zip(&recorded.gradients).enumerate() {
            expect(EXACT.accepts(got, want), || {
                let node = &tape.nodes()[place];
                format!(
                    "computation {number} of {} nodes, output {output}: node {place} ({:?} of the \
                     nodes {:?}) has the gradient {want:.7}; got {got:.7}",
                    tape.nodes().len(),
                    node.op,
                    node.inputs
                )
            })?;
        }
    }
    Ok(())
}

pub fn gradients_match_nudging(answers: &Answers) -> Outcome {
    let mut rng = seeded(11);
    for round in 0..40 {
        let tape = random_tape(&mut rng, 6 + round % 20)?;
        let output = tape.nodes().len() - 1;
        // They stand at the start of the tape.
        let leaves = tape.nodes().iter().filter(|node| node.op == Op::Leaf);
        let leaves: Vec<f64> = leaves.map(|leaf| leaf.value).collect();
        let want = slopes(&leaves, 1e-5, |leaves| Ok(tape.replay(leaves)?.value(output)?))?;
        let got = gradients(answers, &tape, output)?;
        let what = format!("random computation {round}: the gradients of its leaves");
        expect_close(&what, &[], &got[..leaves.len()], &want, MEASURED)?;
    }
    Ok(())
}

pub fn the_rest_has_gradient_zero(answers: &Answers) -> Outcome {
    let mut tape = Tape::default();
    let [a, b, zero] = [3.0, 5.0, 0.0].map(|x| tape.leaf(x));
    let endless = tape.apply(Op::Ln, &[zero])?;
    let unused = tape.apply(Op::Mul, &[a, b])?;
    let output = tape.apply(Op::Mul, &[a, a])?;
    let later = tape.apply(Op::Mul, &[output, b])?;
    let mut want = vec![0.0; tape.nodes().len()];
    (want[a], want[output]) = (6.0, 1.0);
    let what = format!(
        "y = a·a with a = 3 at node {a} and y at node {output}; the nodes {b}, {zero}, {endless}, \
         {unused} and {later} do not count: all gradients"
    );
    expect_close(&what, &[], &gradients(answers, &tape, output)?, &want, EXACT)
}

pub fn nan_comes_through(answers: &Answers) -> Outcome {
    // y = relu(ln(a)) · b + c with a = −1, which has no logarithm.
    let mut tape = Tape::default();
    let [a, b, c, unused] = [-1.0, 2.0, 3.0, 4.0].map(|x| tape.leaf(x));
    let log = tape.apply(Op::Ln, &[a])?;
    let rectified = tape.apply(Op::Relu, &[log])?;
    let product = tape.apply(Op::Mul, &[rectified, b])?;
    let y = tape.apply(Op::Add, &[product, c])?;
    let mut want = vec![f64::NAN; tape.nodes().len()];
    for (place, gradient) in [(c, 1.0), (unused, 0.0), (rectified, 2.0), (product, 1.0), (y, 1.0)] {
        want[place] = gradient;
    }
    let what = format!(
        "y = relu(ln(a)) · b + c at a, b, c = −1, 2, 3, where ln(a) is NaN; a is node {a}, b node \
         {b}, ln(a) node {log}: all gradients"
    );
    expect_close_or_nan(&what, &[], &gradients(answers, &tape, y)?, &want, EXACT)
}

pub fn long_chains_work(answers: &Answers) -> Outcome {
    // y = x · c · c · …, with c² = 1 in the mean: cheap, and no value overflows.
    const LENGTH: usize = 300_000;
    let mut tape = Tape::default();
    let [x, up, down] = [3.0, 2.0, 0.5].map(|x| tape.leaf(x));
    let mut last = x;
    for i in 0..LENGTH {
        last = tape.apply(Op::Mul, &[last, if i % 2 == 0 { up } else { down }])?;
    }
    let doubled = tape.apply(Op::Add, &[last, last])?;
    // Half of the factors are `up`, and each has the slope y / up.
    let half = LENGTH as f64 / 2.0;
    let want = [2.0, 6.0 * half / 2.0, 6.0 * half / 0.5];
    let what = format!("2x · 2 · ½ · 2 · ½ … with {LENGTH} factors: the gradients of x, 2 and ½");
    expect_close(&what, &[], &gradients(answers, &tape, doubled)?[..3], &want, EXACT)?;
    // Doubling 60 times has 2⁶⁰ paths from x to y.
    let mut tape = Tape::default();
    let mut y = tape.leaf(1.0);
    for _ in 0..60 {
        y = tape.apply(Op::Add, &[y, y])?;
    }
    let what = "x doubled 60 times: the gradient of x";
    expect_close(what, &[], &gradients(answers, &tape, y)?[..1], &[2f64.powi(60)], EXACT)
}

pub fn missing_output_is_an_error(answers: &Answers) -> Outcome {
    let mut tape = Tape::default();
    let a = tape.leaf(4.0);
    let y = tape.apply(Op::Neg, &[a])?;
    expect_eq("the gradients of y = −a", &gradients(answers, &tape, y)?, &[-1.0, 1.0])?;
    for (tape, output) in [(&tape, 2), (&tape, usize::MAX), (&Tape::default(), 0)] {
        let len = tape.nodes().len();
        let what = format!("node {output} of a tape of {len} nodes");
        let want = TapeError::NoSuchNode { place: output, len };
        expect_error_is(&what, (answers.backward)(tape, output), &want)?;
    }
    Ok(())
}

use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_eq, expect_error};

use crate::golden::Golden;
use crate::random::Random;
use crate::{Matrix, Op, Tape, TapeError};

grading::checks! {
    "A measured gradient is exact for parabolas" => measured_gradients_are_exact_for_parabolas {
        points: 1, section: "nudging", hints: [
            "Go to both sides: `f` at x_i + h minus `f` at x_i − h, over the distance between the two.",
            "The two points are 2h apart, not h.",
            "For every i: copy `x` with `to_vec()`, change only number i of the copy, and call `f` with it."
        ]
    }
    "The error of a measured gradient is that of a central difference" => measured_gradients_err_like_central_differences {
        points: 1, section: "nudging", hints: [
            "For x³ a central difference is off by exactly h². A larger error means that only one side was nudged.",
            "Use the `h` that was given, and nudge one number at a time: the others stay as they are.",
            "`(f(&plus) - f(&minus)) / (2.0 * h)`, with `plus` and `minus` fresh copies of `x` for every i."
        ]
    }
    "Local gradients of arithmetic are those of PyTorch" => local_gradients_of_arithmetic_match_pytorch {
        points: 2, section: "local-rules", hints: [
            "One number for each input, in the order of the inputs: how fast does the result grow with it, if the other stays?",
            "In a · b, the other factor says how fast: [b, a]. In a − b, the second input pulls down: [1, −1].",
            "a / b: with respect to a it is 1 / b; with respect to b it is −a / b²."
        ]
    }
    "Local gradients of functions are those of PyTorch" => local_gradients_of_functions_match_pytorch {
        points: 2, section: "local-rules", hints: [
            "The table in this section of the page has a row for each.",
            "exp and tanh are told from `output`: exp is its own derivative; tanh has 1 − tanh².",
            "ln: 1 / a. ReLU: 1 if a > 0, else 0, also at 0 itself. −a: −1."
        ]
    }
    "A node that is used twice collects from both uses" => shared_nodes_collect_from_all_uses {
        points: 2, section: "going-back", hints: [
            "a · a has the slope 2a. Each use gives a; together they give 2a.",
            "What arrives at an input is added to what it has, whether the uses are in one node or in many.",
            "`gradients[input] += gradients[place] * local` for every input of the node, equal or not."
        ]
    }
    "Every node gets the gradient that PyTorch computes" => gradients_of_all_nodes_match_pytorch {
        points: 3, section: "going-back", hints: [
            "Start with zeros, put 1 at `output`, and go through the tape from its end to its start.",
            "For each node: collect the values of its inputs, ask `local_gradients`, and give every input the node's own gradient times its local gradient.",
            "`for (place, node) in nodes.iter().enumerate().rev()`: all that use a node stand behind it, so its gradient is complete when its turn comes."
        ]
    }
    "Gradients are those that nudging measures" => gradients_agree_with_nudging {
        points: 2, section: "going-back", hints: [
            "Check `local_gradients` first: this check uses all operations together.",
            "The chain rule multiplies: what a node gives is its own gradient *times* the local one.",
            "A local gradient is taken at the values of the inputs: `nodes[input].value`, and at `node.value` for the output."
        ]
    }
    "What the output does not depend on has gradient zero" => what_does_not_count_has_gradient_zero {
        points: 1, section: "going-back", hints: [
            "The output need not be the last node, and a node before it need not lead to it.",
            "Only `output` starts with 1. What stands behind it on the tape keeps 0.",
            "0 · ∞ is NaN: skip a node whose gradient is 0, for its local gradients may be infinite."
        ]
    }
    "A chain of 100,000 operations is no problem" => long_chains_are_no_problem {
        points: 1, section: "going-back", hints: [
            "A function that calls itself for every node runs out of stack; one that follows every path runs out of time.",
            "Each node is handled once, in one loop.",
            "The order of the tape is all you need: no recursion, no search, no list of visited nodes."
        ]
    }
    "A node that is not on the tape is an error" => a_missing_output_is_an_error {
        points: 1, section: "going-back", hints: [
            "What is `gradients[output]` if `output` is as large as the tape is long?",
            "Compare `output` with the number of nodes before anything else.",
            "`return Err(TapeError::NoSuchNode { place: output, len: nodes.len() })`."
        ]
    }
    "The gradients of a matrix product are those of PyTorch" => matmul_backward_matches_pytorch {
        points: 2, section: "from-numbers-to-matrices", hints: [
            "d_a has the shape of a, d_b that of b. Which products of d_out, a and b have these shapes?",
            "d_out is (m, n) and b is (k, n): to get (m, k), turn b around.",
            "`d_a = d_out · bᵀ` and `d_b = aᵀ · d_out`, with `matmul` and `transpose`."
        ]
    }
    "The gradients of a matrix product are those that nudging measures" => matmul_backward_agrees_with_nudging {
        points: 1, section: "from-numbers-to-matrices", hints: [
            "The loss of this check weighs every entry of the product differently: d_out is not all ones.",
            "The order of the factors matters, and so does which of them is turned around.",
            "Return `(d_a, d_b)` in this order, each exactly as the product of two matrices: no mean, no scale."
        ]
    }
    "Shapes that do not fit are an error" => wrong_shapes_are_an_error {
        points: 1, section: "from-numbers-to-matrices", hints: [
            "`matmul` refuses some wrong shapes, but not all: what if only a and b do not fit together?",
            "`expect_shape` compares a shape and makes the error.",
            "`b.expect_shape(\"b\", (k, n))?` and `d_out.expect_shape(\"d_out\", (m, n))?`, with m and k from a, and n from b."
        ]
    }
    "The gradient of a bias is that of PyTorch" => bias_backward_matches_pytorch {
        points: 1, section: "from-numbers-to-matrices", hints: [
            "The same n numbers were used in each of the m rows, so each collects from m uses.",
            "Add the rows of `d_out` up: n sums. It is a sum, not a mean.",
            "Start with `vec![0.0; n]` and add every row of `d_out.rows()` to it, entry by entry."
        ]
    }
}

/// f64 against f64, in another order of operations.
const EXACT: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-13 };

/// Against a central difference with a step of 1e-5: its error is about 1e-10 of the values.
const MEASURED: Tolerance = Tolerance { rtol: 1e-6, atol: 1e-8 };

fn measured_gradients_are_exact_for_parabolas() -> Outcome {
    // f = 3x² − 2xy + y + 5z², with the gradient (6x − 2y, −2x + 1, 10z).
    let f = |x: &[f64]| 3.0 * x[0] * x[0] - 2.0 * x[0] * x[1] + x[1] + 5.0 * x[2] * x[2];
    for x in [[1.5, -2.0, 0.5], [-0.25, 4.0, 3.0]] {
        for h in [0.5, 0.01] {
            let want = [6.0 * x[0] - 2.0 * x[1], -2.0 * x[0] + 1.0, 10.0 * x[2]];
            let got = subject::numeric_gradients(f, &x, h);
            let what = format!("the gradient of 3x² − 2xy + y + 5z² at {x:?}, with h = {h}");
            expect_close(&what, &[], &got, &want, Tolerance { rtol: 1e-9, atol: 1e-11 })?;
        }
    }
    Ok(())
}

fn measured_gradients_err_like_central_differences() -> Outcome {
    // ((x + h)³ − (x − h)³) / 2h = 3x² + h².
    let f = |x: &[f64]| x.iter().map(|x| x * x * x).sum();
    for (x, h) in [(vec![2.0], 0.5), (vec![-1.0, 0.5, 3.0, 0.25], 0.125)] {
        let want: Vec<f64> = x.iter().map(|x| 3.0 * x * x + h * h).collect();
        let what = format!("central differences of Σ x³ at {x:?}, with h = {h}");
        let got = subject::numeric_gradients(f, &x, h);
        expect_close(&what, &[], &got, &want, Tolerance { rtol: 1e-9, atol: 1e-11 })?;
    }
    Ok(())
}

/// Compares the local gradients of these operations with PyTorch's.
fn local_gradients_match(ops: &[Op]) -> Outcome {
    for rule in Golden::load()?.rules.iter().filter(|rule| ops.contains(&rule.op)) {
        let got = subject::local_gradients(rule.op, &rule.inputs, rule.output);
        let what = format!("the local gradients of {:?} at {:?}", rule.op, rule.inputs);
        expect_close(&what, &[], &got, &rule.gradients, EXACT)?;
    }
    Ok(())
}

fn local_gradients_of_arithmetic_match_pytorch() -> Outcome {
    local_gradients_match(&[Op::Add, Op::Sub, Op::Mul, Op::Div])
}

fn local_gradients_of_functions_match_pytorch() -> Outcome {
    local_gradients_match(&[Op::Neg, Op::Exp, Op::Ln, Op::Tanh, Op::Relu])
}

fn shared_nodes_collect_from_all_uses() -> Outcome {
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
        let gradients = gradients(&tape, y)?;
        let got: Vec<f64> = leaves.iter().map(|&leaf| gradients[leaf]).collect();
        let want = [2.0 * a * b + c, a * a, a + 2.0];
        let what = format!("the gradients of a·a·b + a·c + (c + c) at a, b, c = {a}, {b}, {c}");
        expect_close(&what, &[], &got, &want, EXACT)?;
    }
    Ok(())
}

fn gradients_of_all_nodes_match_pytorch() -> Outcome {
    for (number, recorded) in Golden::load()?.tapes.iter().enumerate() {
        let got = gradients(&recorded.tape()?, recorded.output)?;
        let differ = got.iter().zip(&recorded.gradients).position(|(&g, &w)| !EXACT.accepts(g, w));
        if let Some(place) = differ {
            let node = &recorded.nodes[place];
            return Err(Failure::wrong(format!(
                "computation {number} of {} nodes, output {}: node {place} ({:?} of the nodes {:?}) has the gradient {:.7}; got {:.7}",
                recorded.nodes.len(),
                recorded.output,
                node.op,
                node.inputs,
                recorded.gradients[place],
                got[place]
            )));
        }
    }
    Ok(())
}

fn gradients_agree_with_nudging() -> Outcome {
    let mut random = Random(11);
    for round in 0..40 {
        let (tape, leaves) = random.tape(6 + round % 20)?;
        let output = tape.nodes().len() - 1;
        let h = 1e-5;
        let mut want = Vec::new();
        for i in 0..leaves.len() {
            let mut values = leaves.clone();
            values[i] += h;
            let above = tape.replay(&values)?.value(output)?;
            values[i] -= 2.0 * h;
            want.push((above - tape.replay(&values)?.value(output)?) / (2.0 * h));
        }
        let got = gradients(&tape, output)?;
        // The leaves stand at the start of the tape.
        let what = format!("random computation {round}: the gradients of its leaves");
        expect_close(&what, &[], &got[..leaves.len()], &want, MEASURED)?;
    }
    Ok(())
}

fn what_does_not_count_has_gradient_zero() -> Outcome {
    let mut tape = Tape::default();
    let [a, b, zero] = [3.0, 5.0, 0.0].map(|x| tape.leaf(x));
    let endless = tape.apply(Op::Ln, &[zero])?;
    let unused = tape.apply(Op::Mul, &[a, b])?;
    let output = tape.apply(Op::Mul, &[a, a])?;
    let later = tape.apply(Op::Mul, &[output, b])?;
    let mut want = vec![0.0; tape.nodes().len()];
    (want[a], want[output]) = (6.0, 1.0);
    let got = gradients(&tape, output)?;
    let what = format!(
        "y = a·a with a = 3 at node {a} and y at node {output}; the nodes {b}, {zero}, {endless}, {unused} and {later} do not count: all gradients"
    );
    expect_close(&what, &[], &got, &want, EXACT)
}

fn long_chains_are_no_problem() -> Outcome {
    // y = x · c · c · …, with c² = 2 in the mean: cheap, and no value overflows.
    const LENGTH: usize = 100_000;
    let mut tape = Tape::default();
    let [x, up, down] = [3.0, 2.0, 0.5].map(|x| tape.leaf(x));
    let mut last = x;
    for i in 0..LENGTH {
        last = tape.apply(Op::Mul, &[last, if i % 2 == 0 { up } else { down }])?;
    }
    let doubled = tape.apply(Op::Add, &[last, last])?;
    let got = gradients(&tape, doubled)?;
    // Half of the factors are `up`, and each has the slope y / up.
    let half = LENGTH as f64 / 2.0;
    let want = [2.0, 6.0 * half / 2.0, 6.0 * half / 0.5];
    let what = format!("2x · 2 · ½ · 2 · ½ … with {LENGTH} factors: the gradients of x, 2 and ½");
    expect_close(&what, &[], &got[..3], &want, EXACT)?;
    // Doubling 60 times has 2⁶⁰ paths from x to y.
    let mut tape = Tape::default();
    let mut y = tape.leaf(1.0);
    for _ in 0..60 {
        y = tape.apply(Op::Add, &[y, y])?;
    }
    let what = "x doubled 60 times: the gradient of x";
    expect_close(what, &[], &gradients(&tape, y)?[..1], &[2f64.powi(60)], EXACT)
}

fn a_missing_output_is_an_error() -> Outcome {
    let mut tape = Tape::default();
    let a = tape.leaf(4.0);
    let y = tape.apply(Op::Neg, &[a])?;
    expect_eq("the gradients of y = −a", &gradients(&tape, y)?, &[-1.0, 1.0])?;
    for (tape, output) in [(&tape, 2), (&tape, usize::MAX), (&Tape::default(), 0)] {
        let len = tape.nodes().len();
        let got = subject::backward(tape, output);
        expect(got == Err(TapeError::NoSuchNode { place: output, len }), || {
            format!("output {output} of a tape of {len} nodes: expected `NoSuchNode`, got {got:?}")
        })?;
    }
    Ok(())
}

fn matmul_backward_matches_pytorch() -> Outcome {
    for product in Golden::load()?.products {
        let (d_a, d_b) = subject::matmul_backward(&product.a, &product.b, &product.d_out)?;
        same(&format!("d_a of {}", shapes(&product.a, &product.b)), &d_a, &product.d_a, EXACT)?;
        same(&format!("d_b of {}", shapes(&product.a, &product.b)), &d_b, &product.d_b, EXACT)?;
    }
    Ok(())
}

fn matmul_backward_agrees_with_nudging() -> Outcome {
    let mut random = Random(12);
    for (m, k, n) in [(3, 2, 5), (1, 3, 4), (4, 5, 1), (2, 2, 2)] {
        let (a, b) = (random.matrix(m, k)?, random.matrix(k, n)?);
        let weights = random.matrix(m, n)?;
        // The sum of the product's entries, each times its weight.
        let loss = |a: &Matrix, b: &Matrix| -> Result<f64, Failure> {
            let out = a.matmul(b)?;
            Ok(out.data().iter().zip(weights.data()).map(|(x, w)| x * w).sum())
        };
        let nudged = |x: &Matrix, i: usize, h: f64| {
            let mut data = x.data().to_vec();
            data[i] += h;
            Matrix::new(x.shape().0, x.shape().1, data)
        };
        let h = 0.5; // The loss is linear in each entry: every step is exact.
        let (mut want_a, mut want_b) = (Vec::new(), Vec::new());
        for i in 0..m * k {
            let (up, down) = (loss(&nudged(&a, i, h)?, &b)?, loss(&nudged(&a, i, -h)?, &b)?);
            want_a.push((up - down) / (2.0 * h));
        }
        for i in 0..k * n {
            let (up, down) = (loss(&a, &nudged(&b, i, h)?)?, loss(&a, &nudged(&b, i, -h)?)?);
            want_b.push((up - down) / (2.0 * h));
        }
        let (d_a, d_b) = subject::matmul_backward(&a, &b, &weights)?;
        let what = shapes(&a, &b);
        same(&format!("d_a of {what}"), &d_a, &Matrix::new(m, k, want_a)?, MEASURED)?;
        same(&format!("d_b of {what}"), &d_b, &Matrix::new(k, n, want_b)?, MEASURED)?;
    }
    Ok(())
}

fn wrong_shapes_are_an_error() -> Outcome {
    let mut random = Random(13);
    let mut matrix = |(rows, cols)| random.matrix(rows, cols);
    let (one, two) = (matrix((1, 1))?, Matrix::new(1, 1, vec![2.0])?);
    let (d_a, d_b) = subject::matmul_backward(&one, &two, &Matrix::new(1, 1, vec![3.0])?)?;
    let want = [6.0, 3.0 * one.data()[0]];
    let what = "a (1, 1), b = [2] and d_out = [3]: d_a and d_b";
    expect_close(what, &[], &[d_a.data(), d_b.data()].concat(), &want, EXACT)?;
    for [a, b, d_out] in [
        [(2, 3), (3, 4), (2, 3)],
        [(2, 3), (3, 4), (4, 2)],
        [(2, 3), (3, 4), (3, 4)],
        [(2, 3), (4, 5), (2, 5)],
        [(2, 3), (2, 5), (2, 5)],
    ] {
        let what = format!("a {a:?}, b {b:?} and d_out {d_out:?}");
        let got = subject::matmul_backward(&matrix(a)?, &matrix(b)?, &matrix(d_out)?);
        expect_error(&what, got)?;
    }
    Ok(())
}

fn bias_backward_matches_pytorch() -> Outcome {
    for bias in Golden::load()?.biases {
        let what = format!("d_out of shape {:?}: the gradient of the bias", bias.d_out.shape());
        expect_close(&what, &[], &subject::bias_backward(&bias.d_out), &bias.gradient, EXACT)?;
    }
    Ok(())
}

/// All gradients, and as many as there are nodes.
fn gradients(tape: &Tape, output: usize) -> Result<Vec<f64>, Failure> {
    let gradients = subject::backward(tape, output)?;
    let (got, want) = (gradients.len(), tape.nodes().len());
    expect(got == want, || format!("a tape of {want} nodes has {want} gradients, got {got}"))?;
    Ok(gradients)
}

fn shapes(a: &Matrix, b: &Matrix) -> String {
    format!("a {:?} · b {:?}", a.shape(), b.shape())
}

fn same(what: &str, got: &Matrix, want: &Matrix, tolerance: Tolerance) -> Outcome {
    got.expect_shape("the gradient", want.shape())
        .map_err(|e| Failure::wrong(format!("{what}: {e}")))?;
    let (rows, cols) = want.shape();
    expect_close(what, &[rows, cols], got.data(), want.data(), tolerance)
}

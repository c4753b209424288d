//! The reference: gradients by nudging, by the chain rule, and of matrices.

use backpropagation::{Matrix, Op, ShapeError, Tape, TapeError};

/// The gradient of `f` at `x`, measured: how much faster than `x[i]` does `f`
/// grow, for every `i`?
///
/// The central difference: `(f(…, x_i + h, …) − f(…, x_i − h, …)) / 2h`, with
/// all other numbers of `x` exactly as they are. Calls `f` twice for each
/// number of `x`, and no more. `h` is positive. If `f` answers with ∞ or NaN,
/// so does the formula.
pub fn numeric_gradients(f: &dyn Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
    // BEGIN ANSWER
    let at = |i: usize, nudge: f64| {
        let mut nudged = x.to_vec();
        nudged[i] += nudge;
        f(&nudged)
    };
    (0..x.len()).map(|i| (at(i, h) - at(i, -h)) / (2.0 * h)).collect()
    // END ANSWER
}

/// The local gradients of one operation: the derivative of its output with
/// respect to each of its inputs, in their order.
///
/// `inputs` are the values that went in, as many as `op` takes, and `output` is
/// what came out: for some operations the derivative is easiest to tell from
/// it. A leaf has no inputs, so the answer is empty. For `Relu` at 0 and −0,
/// where the slope jumps from 0 to 1, the answer is 0, as in PyTorch; at NaN it
/// is NaN. A slope may be infinite, as that of `Ln` at 0 is.
pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
    // BEGIN ANSWER
    // STUB: match (op, inputs) {
    // STUB:     (Op::Add, &[_, _]) => vec![1.0, 1.0],
    // STUB:     (Op::Sub, &[_, _]) => todo!("local_gradients of Sub"),
    // STUB:     (Op::Mul, &[a, b]) => todo!("local_gradients of Mul"),
    // STUB:     (Op::Div, &[a, b]) => todo!("local_gradients of Div"),
    // STUB:     (Op::Neg, &[_]) => todo!("local_gradients of Neg"),
    // STUB:     (Op::Exp, &[_]) => todo!("local_gradients of Exp"),
    // STUB:     (Op::Ln, &[a]) => todo!("local_gradients of Ln"),
    // STUB:     (Op::Tanh, &[_]) => todo!("local_gradients of Tanh"),
    // STUB:     (Op::Relu, &[a]) => todo!("local_gradients of Relu"),
    // STUB:     _ => Vec::new(),
    // STUB: }
    match (op, inputs) {
        (Op::Add, &[_, _]) => vec![1.0, 1.0],
        (Op::Sub, &[_, _]) => vec![1.0, -1.0],
        (Op::Mul, &[a, b]) => vec![b, a],
        (Op::Div, &[a, b]) => vec![1.0 / b, -a / (b * b)],
        (Op::Neg, &[_]) => vec![-1.0],
        (Op::Exp, &[_]) => vec![output],
        (Op::Ln, &[a]) => vec![1.0 / a],
        (Op::Tanh, &[_]) => vec![1.0 - output * output],
        // NaN is not above 0, and would pass for flat.
        (Op::Relu, &[a]) if a.is_nan() => vec![a],
        (Op::Relu, &[a]) => vec![if a > 0.0 { 1.0 } else { 0.0 }],
        _ => Vec::new(),
    }
    // END ANSWER
}

/// Backpropagation: the gradient of the node `output` with respect to every
/// node of the tape, as many numbers as the tape has nodes.
///
/// The gradient of `output` itself is 1. From there to the start of the tape,
/// every node gives to each of its inputs its own gradient times the local
/// gradient for that input ([`local_gradients`]), and what an input gets adds
/// up. A node whose gradient is 0 gives nothing, one whose gradient is NaN
/// passes it on; what `output` does not depend on keeps 0.
///
/// # Errors
/// [`TapeError::NoSuchNode`] if `output` is not a place on the tape.
///
/// Source: D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning
/// representations by back-propagating errors", 1986; for any computation: S.
/// Linnainmaa, 1970.
pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
    // BEGIN ANSWER
    let nodes = tape.nodes();
    if output >= nodes.len() {
        return Err(TapeError::NoSuchNode { place: output, len: nodes.len() });
    }
    let mut gradients = vec![0.0; nodes.len()];
    gradients[output] = 1.0;
    for (place, node) in nodes.iter().enumerate().rev() {
        // Zero times an infinite slope would be NaN.
        if gradients[place] == 0.0 {
            continue;
        }
        let inputs: Vec<f64> = node.inputs.iter().map(|&input| nodes[input].value).collect();
        let locals = local_gradients(node.op, &inputs, node.value);
        for (&input, local) in node.inputs.iter().zip(locals) {
            gradients[input] += gradients[place] * local;
        }
    }
    Ok(gradients)
    // END ANSWER
}

/// Backward of the matrix product `out = a · b`: the gradients of both factors,
/// `(d_a, d_b)`.
///
/// Shapes: `a (m, k)`, `b (k, n)`, and the gradient of the product `d_out (m,
/// n)` give `d_a (m, k)` and `d_b (k, n)`. An entry of `d_a` says how fast the
/// loss grows with that entry of `a`. No product is left out: 0 · ∞ is NaN.
///
/// # Errors
/// [`ShapeError`] as [`Matrix::expect_shape`] makes it: of `"b"` if `b` is not
/// `(k, n)`, with `k` from `a` and `n` its own; then of `"d_out"` if `d_out` is
/// not `(m, n)`.
pub fn matmul_backward(
    a: &Matrix,
    b: &Matrix,
    d_out: &Matrix,
) -> Result<(Matrix, Matrix), ShapeError> {
    // BEGIN ANSWER
    let ((m, k), (_, n)) = (a.shape(), b.shape());
    b.expect_shape("b", (k, n))?;
    d_out.expect_shape("d_out", (m, n))?;
    Ok((d_out.matmul(&b.transpose())?, a.transpose().matmul(d_out)?))
    // END ANSWER
}

/// Backward of a bias: `out` is a matrix to every row of which the same `n`
/// numbers were added.
///
/// From the gradient `d_out (m, n)` to the gradient of the bias, `n` numbers: 0
/// if there are no rows.
pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
    // BEGIN ANSWER
    let (_, n) = d_out.shape();
    let mut d_bias = vec![0.0; n];
    for row in d_out.rows() {
        for (sum, d) in d_bias.iter_mut().zip(row) {
            *sum += d;
        }
    }
    d_bias
    // END ANSWER
}

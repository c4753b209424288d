//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/backpropagation.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade backpropagation`.
//! - Stuck? `cargo study hint backpropagation` gives one hint at a time.

use backpropagation::{Matrix, Op, ShapeError, Tape, TapeError};

/// The gradient of `f` at `x`, measured: how much faster than `x[i]` does `f`
/// grow, for every `i`?
///
/// The central difference: `(f(…, x_i + h, …) − f(…, x_i − h, …)) / 2h`, with
/// all other numbers of `x` exactly as they are. Calls `f` twice for each
/// number of `x`, and no more. `h` is positive. If `f` answers with ∞ or NaN,
/// so does the formula.
pub fn numeric_gradients(f: &dyn Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
    todo!("numeric_gradients")
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
    match (op, inputs) {
        (Op::Add, &[_, _]) => vec![1.0, 1.0],
        (Op::Sub, &[_, _]) => todo!("local_gradients of Sub"),
        (Op::Mul, &[a, b]) => todo!("local_gradients of Mul"),
        (Op::Div, &[a, b]) => todo!("local_gradients of Div"),
        (Op::Neg, &[_]) => todo!("local_gradients of Neg"),
        (Op::Exp, &[_]) => todo!("local_gradients of Exp"),
        (Op::Ln, &[a]) => todo!("local_gradients of Ln"),
        (Op::Tanh, &[_]) => todo!("local_gradients of Tanh"),
        (Op::Relu, &[a]) => todo!("local_gradients of Relu"),
        _ => Vec::new(),
    }
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
    todo!("backward")
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
    todo!("matmul_backward")
}

/// Backward of a bias: `out` is a matrix to every row of which the same `n`
/// numbers were added.
///
/// From the gradient `d_out (m, n)` to the gradient of the bias, `n` numbers: 0
/// if there are no rows.
pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
    todo!("bias_backward")
}

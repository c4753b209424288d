//! Wrong solutions, each with one classic bug, that the checks must reject.

use crate::solution::local_gradients;
use crate::{Matrix, Op, ShapeError, Tape, TapeError};

/// Differences of `f` at two nudges, over `distance`.
fn differences(
    f: impl Fn(&[f64]) -> f64,
    x: &[f64],
    [up, down]: [f64; 2],
    distance: f64,
) -> Vec<f64> {
    let at = |i: usize, nudge: f64| {
        let mut nudged = x.to_vec();
        nudged[i] += nudge;
        f(&nudged)
    };
    (0..x.len()).map(|i| (at(i, up) - at(i, down)) / distance).collect()
}

/// The local gradients, with another rule for one operation.
fn with_rule(
    op: Op,
    inputs: &[f64],
    output: f64,
    other: Op,
    rule: impl Fn(&[f64]) -> Vec<f64>,
) -> Vec<f64> {
    if op == other { rule(inputs) } else { crate::solution::local_gradients(op, inputs, output) }
}

/// How one node gives to its inputs: from the gradient that it has, its value, the local gradient
/// and what the input has already.
type Give = fn(upstream: f64, value: f64, local: f64, has: f64) -> f64;

/// Goes through places of the tape in an order, and gives.
fn walk(
    tape: &Tape,
    output: usize,
    start: (usize, f64),
    order: impl Iterator<Item = usize>,
    give: Give,
) -> Result<Vec<f64>, TapeError> {
    let nodes = tape.nodes();
    tape.value(output)?;
    let mut gradients = vec![0.0; nodes.len()];
    gradients[start.0] = start.1;
    for place in order {
        let node = &nodes[place];
        if gradients[place] == 0.0 {
            continue;
        }
        let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
        for (&i, local) in node.inputs.iter().zip(local_gradients(node.op, &inputs, node.value)) {
            gradients[i] = give(gradients[place], node.value, local, gradients[i]);
        }
    }
    Ok(gradients)
}

fn adds(upstream: f64, _: f64, local: f64, has: f64) -> f64 {
    has + upstream * local
}

grading::mutants! {
    /// Nudges to one side only.
    nudges_to_one_side {
        pub fn numeric_gradients(f: impl Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
            differences(f, x, [h, 0.0], h)
        }
    }
    /// Divides by the step instead of the distance.
    divides_by_one_step {
        pub fn numeric_gradients(f: impl Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
            differences(f, x, [h, -h], h)
        }
    }
    /// Nudges all numbers together.
    nudges_all_at_once {
        pub fn numeric_gradients(f: impl Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
            let at = |nudge: f64| f(&x.iter().map(|x| x + nudge).collect::<Vec<f64>>());
            vec![(at(h) - at(-h)) / (2.0 * h); x.len()]
        }
    }
    /// Leaves earlier numbers where the nudge has put them.
    does_not_put_back {
        pub fn numeric_gradients(f: impl Fn(&[f64]) -> f64, x: &[f64], h: f64) -> Vec<f64> {
            let mut x = x.to_vec();
            (0..x.len())
                .map(|i| {
                    x[i] += h;
                    let above = f(&x);
                    x[i] -= 2.0 * h;
                    (above - f(&x)) / (2.0 * h)
                })
                .collect()
        }
    }
    /// Has a step of its own.
    ignores_the_step {
        pub fn numeric_gradients(f: impl Fn(&[f64]) -> f64, x: &[f64], _: f64) -> Vec<f64> {
            differences(f, x, [1e-5, -1e-5], 2e-5)
        }
    }
    /// The second input of a difference counts like the first.
    sub_adds {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Sub, |_| vec![1.0, 1.0])
        }
    }
    /// Each factor gets itself.
    mul_keeps_its_own {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Mul, <[f64]>::to_vec)
        }
    }
    /// The quotient falls with the denominator; the sign is lost.
    div_loses_its_sign {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Div, |x| vec![1.0 / x[1], x[0] / (x[1] * x[1])])
        }
    }
    /// The denominator is not squared.
    div_forgets_the_square {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Div, |x| vec![1.0 / x[1], -x[0] / x[1]])
        }
    }
    /// The logarithm's derivative taken at its output.
    ln_uses_its_output {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Ln, |_| vec![1.0 / output])
        }
    }
    /// The square of what went in, not of what came out.
    tanh_uses_its_input {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Tanh, |x| vec![1.0 - x[0] * x[0]])
        }
    }
    /// As if exp were a power: x · e^(x−1).
    exp_is_a_power {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Exp, |x| vec![x[0] * output / 1f64.exp()])
        }
    }
    /// The gradient passes at 0, too.
    relu_passes_zero {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Relu, |x| vec![f64::from(u8::from(x[0] >= 0.0))])
        }
    }
    /// The gradient passes whatever went in.
    relu_passes_all {
        pub fn local_gradients(op: Op, inputs: &[f64], output: f64) -> Vec<f64> {
            with_rule(op, inputs, output, Op::Relu, |_| vec![1.0])
        }
    }
    /// The last use of a node wins.
    assigns_instead_of_adding {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let order = (0..=output).rev();
            walk(tape, output, (output, 1.0), order, |upstream, _, local, _| upstream * local)
        }
    }
    /// A node that is both inputs of an operation counts once.
    counts_a_square_once {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            tape.value(output)?;
            let nodes = tape.nodes();
            let mut gradients = vec![0.0; nodes.len()];
            gradients[output] = 1.0;
            for place in (0..=output).rev() {
                let node = &nodes[place];
                let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
                let locals = local_gradients(node.op, &inputs, node.value);
                let mut given = Vec::new();
                for (&i, local) in node.inputs.iter().zip(locals) {
                    if gradients[place] != 0.0 && !given.contains(&i) {
                        gradients[i] += gradients[place] * local;
                        given.push(i);
                    }
                }
            }
            Ok(gradients)
        }
    }
    /// From the start of the tape to its end: nothing has a gradient yet.
    goes_forward {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            walk(tape, output, (output, 1.0), 0..tape.nodes().len(), adds)
        }
    }
    /// Local gradients only: no chain.
    forgets_the_upstream_gradient {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let order = (0..=output).rev();
            walk(tape, output, (output, 1.0), order, |_, _, local, has| has + local)
        }
    }
    /// The value of the node in place of its gradient.
    chains_values {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let order = (0..=output).rev();
            walk(tape, output, (output, 1.0), order, |_, value, local, has| has + value * local)
        }
    }
    /// The chain rule with a plus.
    adds_along_the_chain {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let order = (0..=output).rev();
            walk(tape, output, (output, 1.0), order, |up, _, local, has| has + up + local)
        }
    }
    /// Starts with the output's value.
    starts_with_the_value {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let start = (output, tape.value(output)?);
            walk(tape, output, start, (0..=output).rev(), adds)
        }
    }
    /// Starts at the last node.
    starts_at_the_end {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            tape.value(output)?;
            let last = tape.nodes().len() - 1;
            walk(tape, output, (last, 1.0), (0..=last).rev(), adds)
        }
    }
    /// Zero times infinity is NaN.
    multiplies_zero_by_infinity {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            tape.value(output)?;
            let nodes = tape.nodes();
            let mut gradients = vec![0.0; nodes.len()];
            gradients[output] = 1.0;
            for place in (0..=output).rev() {
                let node = &nodes[place];
                let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
                let locals = local_gradients(node.op, &inputs, node.value);
                for (&i, local) in node.inputs.iter().zip(locals) {
                    gradients[i] += gradients[place] * local;
                }
            }
            Ok(gradients)
        }
    }
    /// Stops at a fixed depth.
    gives_up_after_a_thousand {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            walk(tape, output, (output, 1.0), (0..=output).rev().take(1000), adds)
        }
    }
    /// A place that does not exist has no gradients.
    takes_any_output {
        pub fn backward(tape: &Tape, output: usize) -> Result<Vec<f64>, TapeError> {
            let none = Ok(vec![0.0; tape.nodes().len()]);
            crate::solution::backward(tape, output).or(none)
        }
    }
    /// The factor is not turned around: possible for squares only.
    forgets_to_transpose {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            Ok((d_out.matmul(b)?, a.matmul(d_out)?))
        }
    }
    /// The gradients the other way round.
    swaps_the_factors {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            crate::solution::matmul_backward(a, b, d_out).map(|(d_a, d_b)| (d_b, d_a))
        }
    }
    /// The loss is the plain sum of the product.
    takes_d_out_for_ones {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            let (m, n) = d_out.shape();
            crate::solution::matmul_backward(a, b, &Matrix::new(m, n, vec![1.0; m * n])?)
        }
    }
    /// The mean over the rows, not their sum.
    averages_over_the_rows {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            let (d_a, d_b) = crate::solution::matmul_backward(a, b, d_out)?;
            let ((m, _), (k, n)) = (a.shape(), b.shape());
            let mean = d_b.data().iter().map(|d| d / m as f64).collect();
            Ok((d_a, Matrix::new(k, n, mean)?))
        }
    }
    /// The right shapes, but both products turned: `(b · d_outᵀ)` read in row order.
    reads_the_transpose {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            let (d_a, d_b) = crate::solution::matmul_backward(a, b, d_out)?;
            let turned = |x: &Matrix| {
                Matrix::new(x.shape().0, x.shape().1, x.transpose().data().to_vec())
            };
            Ok((turned(&d_a)?, turned(&d_b)?))
        }
    }
    /// Never looks whether the factors fit together.
    trusts_the_factors {
        pub fn matmul_backward(
            a: &Matrix, b: &Matrix, d_out: &Matrix,
        ) -> Result<(Matrix, Matrix), ShapeError> {
            Ok((d_out.matmul(&b.transpose())?, a.transpose().matmul(d_out)?))
        }
    }
    /// The mean of the rows.
    bias_takes_the_mean {
        pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
            let m = d_out.shape().0 as f64;
            crate::solution::bias_backward(d_out).iter().map(|d| d / m).collect()
        }
    }
    /// The sums of the rows, not of the columns.
    bias_sums_each_row {
        pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
            d_out.rows().map(|row| row.iter().sum()).collect()
        }
    }
    /// The last row only: assigned, not added.
    bias_keeps_the_last_row {
        pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
            d_out.rows().last().map(<[f64]>::to_vec).unwrap_or_default()
        }
    }
    /// How often the bias was used.
    bias_counts_the_rows {
        pub fn bias_backward(d_out: &Matrix) -> Vec<f64> {
            let (m, n) = d_out.shape();
            vec![m as f64; n]
        }
    }
}

//! What PyTorch's autograd answers, made by `golden/make.py`, and random computations.

use grading::{Failure, Tolerance, expect};
use rand::{Rng, RngExt};
use serde::Deserialize;

use crate::{Matrix, Node, Op, Tape};

/// f64 against f64, in another order of operations.
pub const EXACT: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-13 };

/// Against a central difference with a step of 1e-5: its error is about 1e-10 of the values.
pub const MEASURED: Tolerance = Tolerance { rtol: 1e-6, atol: 1e-8 };

pub const OPS: [Op; 9] =
    [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Neg, Op::Exp, Op::Ln, Op::Tanh, Op::Relu];

#[derive(Deserialize)]
pub struct Golden {
    pub rules: Vec<Rule>,
    pub tapes: Vec<Recorded>,
    pub products: Vec<Product>,
    pub biases: Vec<Bias>,
}

/// An operation at a point, with one gradient an input.
#[derive(Deserialize)]
pub struct Rule {
    pub op: Op,
    pub inputs: Vec<f64>,
    pub output: f64,
    pub gradients: Vec<f64>,
}

/// A computation with the gradient of its output, which is not always its last node, for every
/// node.
#[derive(Deserialize)]
pub struct Recorded {
    nodes: Vec<Node>,
    pub output: usize,
    pub gradients: Vec<f64>,
}

/// `out = a · b` with the gradient of `out` and of both factors.
#[derive(Deserialize)]
pub struct Product {
    pub a: Matrix,
    pub b: Matrix,
    pub d_out: Matrix,
    pub d_a: Matrix,
    pub d_b: Matrix,
}

/// The gradient of a row that was added to every row.
#[derive(Deserialize)]
pub struct Bias {
    pub d_out: Matrix,
    pub gradient: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

impl Recorded {
    /// The same computation on a tape, which must get PyTorch's values.
    pub fn tape(&self) -> Result<Tape, Failure> {
        let mut tape = Tape::default();
        for node in &self.nodes {
            let place = match node.op {
                Op::Leaf => tape.leaf(node.value),
                op => tape.apply(op, &node.inputs)?,
            };
            let value = tape.value(place)?;
            expect(EXACT.accepts(value, node.value), || format!("{node:?} has the value {value}"))?;
        }
        Ok(tape)
    }
}

/// The slope of `f` along each number of `x`, between a step to either side.
pub fn slopes(
    x: &[f64],
    h: f64,
    f: impl Fn(&[f64]) -> Result<f64, Failure>,
) -> Result<Vec<f64>, Failure> {
    let at = |i: usize, h: f64| {
        let mut x = x.to_vec();
        x[i] += h;
        f(&x)
    };
    (0..x.len()).map(|i| Ok((at(i, h)? - at(i, -h)?) / (2.0 * h))).collect()
}

/// Numbers from −2 to 2.
pub fn random_matrix(rng: &mut impl Rng, rows: usize, cols: usize) -> Result<Matrix, Failure> {
    let data = (0..rows * cols).map(|_| rng.random_range(-2.0..2.0));
    Ok(Matrix::new(rows, cols, data.collect())?)
}

/// Two to four leaves, then so many operations of earlier nodes, each where it is smooth, then the
/// sum of all that are not used: every node counts.
pub fn random_tape(rng: &mut impl Rng, operations: usize) -> Result<Tape, Failure> {
    let mut tape = Tape::default();
    let leaves = rng.random_range(2..5);
    for _ in 0..leaves {
        tape.leaf(rng.random_range(-2.0..2.0));
    }
    while tape.nodes().len() < leaves + operations {
        let op = OPS[rng.random_range(0..OPS.len())];
        let len = tape.nodes().len();
        let inputs: Vec<usize> = (0..op.arity()).map(|_| rng.random_range(0..len)).collect();
        let values: Vec<f64> = inputs.iter().map(|&input| tape.nodes()[input].value).collect();
        let last = values[values.len() - 1];
        let is_smooth = match op {
            Op::Div => last.abs() > 0.3,
            Op::Exp => last < 2.0,
            Op::Ln => last > 0.3,
            Op::Relu => last.abs() > 0.01,
            _ => true,
        };
        if is_smooth && op.forward(&values).is_some_and(|value| value.abs() < 20.0) {
            tape.apply(op, &inputs)?;
        }
    }
    let is_used = |i: &usize| tape.nodes().iter().any(|node| node.inputs.contains(i));
    let ends: Vec<usize> = (0..tape.nodes().len()).filter(|i| !is_used(i)).collect();
    let mut sum = ends[0];
    for &end in &ends[1..] {
        sum = tape.apply(Op::Add, &[sum, end])?;
    }
    Ok(tape)
}

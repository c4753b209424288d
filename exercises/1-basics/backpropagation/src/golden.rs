//! What PyTorch's autograd answers; made by `golden/make.py`.

use serde::Deserialize;

use crate::{Matrix, Op, Tape, TapeError};

/// All golden values.
#[derive(Clone, Debug, Deserialize)]
pub struct Golden {
    /// Local gradients of single operations.
    pub rules: Vec<Rule>,
    /// Random computations.
    pub tapes: Vec<Recorded>,
    /// Matrix products.
    pub products: Vec<Product>,
    /// A row added to every row.
    pub biases: Vec<Bias>,
}

/// An operation at a point.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    /// The operation.
    pub op: Op,
    /// The point.
    pub inputs: Vec<f64>,
    /// Its result there.
    pub output: f64,
    /// One number an input.
    pub gradients: Vec<f64>,
}

/// A computation with the gradient of its output for every node.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    /// In the order they were computed.
    pub nodes: Vec<RecordedNode>,
    /// The place of the output; not always the last.
    pub output: usize,
    /// One number a node.
    pub gradients: Vec<f64>,
}

/// A node as PyTorch computed it.
#[derive(Clone, Debug, Deserialize)]
pub struct RecordedNode {
    /// What made its value.
    pub op: Op,
    /// Places of its inputs.
    pub inputs: Vec<usize>,
    /// What came out.
    pub value: f64,
}

/// `out = a · b` with the gradient of `out` and of both factors.
#[derive(Clone, Debug, Deserialize)]
pub struct Product {
    /// `(m, k)`
    pub a: Matrix,
    /// `(k, n)`
    pub b: Matrix,
    /// `(m, n)`
    pub d_out: Matrix,
    /// `(m, k)`
    pub d_a: Matrix,
    /// `(k, n)`
    pub d_b: Matrix,
}

/// The gradient of a bias.
#[derive(Clone, Debug, Deserialize)]
pub struct Bias {
    /// `(m, n)`
    pub d_out: Matrix,
    /// `n` numbers
    pub gradient: Vec<f64>,
}

impl Golden {
    /// Reads the golden values.
    ///
    /// # Errors
    /// If `golden/golden.json` is not what `golden/make.py` writes.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/golden.json"))
    }
}

impl Recorded {
    /// The same computation on a tape.
    ///
    /// # Errors
    /// If a node does not fit its inputs.
    pub fn tape(&self) -> Result<Tape, TapeError> {
        let mut tape = Tape::default();
        for node in &self.nodes {
            match node.op {
                Op::Leaf => tape.leaf(node.value),
                op => tape.apply(op, &node.inputs)?,
            };
        }
        Ok(tape)
    }
}

//! The tape: a computation written down, one operation after the other.

use std::fmt;

use serde::Deserialize;

/// An operation of one or two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// No operation: a number that was put in.
    Leaf,
    /// `a + b`
    Add,
    /// `a − b`
    Sub,
    /// `a · b`
    Mul,
    /// `a / b`
    Div,
    /// `−a`
    Neg,
    /// `e` to the power of `a`
    Exp,
    /// The natural logarithm of `a`
    Ln,
    /// The hyperbolic tangent of `a`
    Tanh,
    /// `a` if it is positive, else 0; of NaN, NaN
    Relu,
}

impl Op {
    /// How many inputs it takes.
    pub fn arity(self) -> usize {
        match self {
            Self::Leaf => 0,
            Self::Add | Self::Sub | Self::Mul | Self::Div => 2,
            Self::Neg | Self::Exp | Self::Ln | Self::Tanh | Self::Relu => 1,
        }
    }

    /// Its result; `None` of a leaf, or if these are not as many inputs as it takes.
    pub fn forward(self, inputs: &[f64]) -> Option<f64> {
        Some(match (self, inputs) {
            (Self::Add, &[a, b]) => a + b,
            (Self::Sub, &[a, b]) => a - b,
            (Self::Mul, &[a, b]) => a * b,
            (Self::Div, &[a, b]) => a / b,
            (Self::Neg, &[a]) => -a,
            (Self::Exp, &[a]) => libm::exp(a),
            (Self::Ln, &[a]) => libm::log(a),
            (Self::Tanh, &[a]) => libm::tanh(a),
            // `a.max(0.0)` would be 0 for NaN, and hide what went wrong before.
            (Self::Relu, &[a]) if a <= 0.0 => 0.0,
            (Self::Relu, &[a]) => a,
            _ => return None,
        })
    }

    /// The operation of these inputs as mathematics writes it, e.g. `a × b`.
    pub fn spelled(self, inputs: &[String]) -> String {
        match (self, inputs) {
            (Self::Add, [a, b]) => format!("{a} + {b}"),
            (Self::Sub, [a, b]) => format!("{a} − {b}"),
            (Self::Mul, [a, b]) => format!("{a} × {b}"),
            (Self::Div, [a, b]) => format!("{a} / {b}"),
            (Self::Neg, [a]) => format!("−({a})"),
            (Self::Exp, [a]) => format!("exp({a})"),
            (Self::Ln, [a]) => format!("ln({a})"),
            (Self::Tanh, [a]) => format!("tanh({a})"),
            (Self::Relu, [a]) => format!("relu({a})"),
            _ => String::new(),
        }
    }
}

/// One line of a [`Tape`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Node {
    /// What made its value.
    pub op: Op,
    /// The places of its inputs on the tape; all are smaller than its own.
    pub inputs: Vec<usize>,
    /// What came out.
    pub value: f64,
}

/// Every operation of a computation in the order in which it was done, which is why the inputs of
/// a node always stand before it. A node is known by its place, counted from 0.
///
/// Source: R. E. Wengert, "A simple automatic derivative evaluation program", 1964.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tape {
    nodes: Vec<Node>,
}

impl Tape {
    /// Puts a number on the tape and returns its place.
    pub fn leaf(&mut self, value: f64) -> usize {
        self.nodes.push(Node { op: Op::Leaf, inputs: Vec::new(), value });
        self.nodes.len() - 1
    }

    /// Computes an operation of nodes, writes it down, and returns its place.
    ///
    /// # Errors
    /// [`TapeError`] if an input is not on the tape, or their number is not the operation's.
    pub fn apply(&mut self, op: Op, inputs: &[usize]) -> Result<usize, TapeError> {
        let values = inputs.iter().map(|&input| self.value(input));
        let values = values.collect::<Result<Vec<f64>, _>>()?;
        let wrong = TapeError::WrongInputs { op, takes: op.arity(), got: inputs.len() };
        let value = op.forward(&values).ok_or(wrong)?;
        self.nodes.push(Node { op, inputs: inputs.to_vec(), value });
        Ok(self.nodes.len() - 1)
    }

    /// All nodes; the place of a node is its index.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The value at a place.
    ///
    /// # Errors
    /// [`TapeError::NoSuchNode`] behind the end.
    pub fn value(&self, place: usize) -> Result<f64, TapeError> {
        let len = self.nodes.len();
        self.nodes.get(place).map(|node| node.value).ok_or(TapeError::NoSuchNode { place, len })
    }

    /// Where to draw each node, from left to right: an operation one layer behind its last input,
    /// a leaf one layer before its first use.
    pub fn layers(&self) -> Vec<usize> {
        let mut layers = vec![0; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate() {
            layers[i] = node.inputs.iter().map(|&input| layers[input] + 1).max().unwrap_or(0);
        }
        let uses =
            |leaf| self.nodes.iter().zip(&layers).filter(move |(n, _)| n.inputs.contains(&leaf));
        let before_use = |leaf| uses(leaf).map(|(_, &layer)| layer - 1).min().unwrap_or(0);
        let is_leaf = |i: usize| self.nodes[i].op == Op::Leaf;
        let place = |i| if is_leaf(i) { before_use(i) } else { layers[i] };
        (0..self.nodes.len()).map(place).collect()
    }

    /// The same computation with other numbers at its leaves, given in the order of the tape.
    ///
    /// # Errors
    /// [`TapeError::WrongLeaves`] if there are more or fewer leaves.
    pub fn replay(&self, leaves: &[f64]) -> Result<Self, TapeError> {
        let takes = self.nodes.iter().filter(|node| node.op == Op::Leaf).count();
        if leaves.len() != takes {
            return Err(TapeError::WrongLeaves { takes, got: leaves.len() });
        }
        let mut tape = Self::default();
        let mut leaves = leaves.iter();
        for node in &self.nodes {
            match node.op {
                Op::Leaf => tape.leaf(leaves.next().copied().unwrap_or(node.value)),
                op => tape.apply(op, &node.inputs)?,
            };
        }
        Ok(tape)
    }
}

/// Why something cannot be written on a tape, or read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapeError {
    /// The place asked for is behind the end of a tape of `len` nodes.
    NoSuchNode { place: usize, len: usize },
    /// The operation takes another number of inputs than it got.
    WrongInputs { op: Op, takes: usize, got: usize },
    /// The tape has another number of leaves than a replay got.
    WrongLeaves { takes: usize, got: usize },
}

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchNode { place, len } => {
                write!(f, "there is no node {place} on this tape of {len} nodes: places start at 0")
            }
            Self::WrongInputs { op, takes, got } => {
                write!(f, "the operation {op:?} takes {takes} inputs, and {got} were given")
            }
            Self::WrongLeaves { takes, got } => {
                write!(f, "the tape has {takes} leaves, and {got} values were given")
            }
        }
    }
}

impl std::error::Error for TapeError {}

//! Seeded random computations for the checks.

use grading::Failure;

use crate::{Matrix, Op, Tape};

/// A generator: xorshift64*.
pub struct Random(pub u64);

impl Random {
    /// From 0 to `n − 1`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    }

    /// From −2 to 2.
    pub fn number(&mut self) -> f64 {
        self.below(4_000_001) as f64 / 1e6 - 2.0
    }

    /// Numbers from −2 to 2.
    pub fn matrix(&mut self, rows: usize, cols: usize) -> Result<Matrix, Failure> {
        Ok(Matrix::new(rows, cols, (0..rows * cols).map(|_| self.number()).collect())?)
    }

    /// Leaves, then operations of earlier nodes, each where it is smooth; all unused ones are
    /// summed at the end. Returns the values of the leaves, too.
    pub fn tape(&mut self, operations: usize) -> Result<(Tape, Vec<f64>), Failure> {
        const OPS: [Op; 9] =
            [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Neg, Op::Exp, Op::Ln, Op::Tanh, Op::Relu];
        let leaves: Vec<f64> = (0..2 + self.below(3)).map(|_| self.number()).collect();
        let mut tape = Tape::default();
        for &leaf in &leaves {
            tape.leaf(leaf);
        }
        while tape.nodes().len() < leaves.len() + operations {
            let op = OPS[self.below(OPS.len())];
            let len = tape.nodes().len();
            let inputs: Vec<usize> = (0..op.arity()).map(|_| self.below(len)).collect();
            let last = tape.value(inputs[inputs.len() - 1])?;
            let smooth = match op {
                Op::Div => last.abs() > 0.3,
                Op::Exp => last < 2.0,
                Op::Ln => last > 0.3,
                Op::Relu => last.abs() > 0.01,
                _ => true,
            };
            let values = inputs.iter().map(|&i| tape.value(i)).collect::<Result<Vec<f64>, _>>()?;
            if smooth && op.forward(&values).is_some_and(|value| value.abs() < 20.0) {
                tape.apply(op, &inputs)?;
            }
        }
        let used = |i: &usize| tape.nodes().iter().any(|node| node.inputs.contains(i));
        let ends: Vec<usize> = (0..tape.nodes().len()).filter(|i| !used(i)).collect();
        let mut sum = ends[0];
        for &end in &ends[1..] {
            sum = tape.apply(Op::Add, &[sum, end])?;
        }
        Ok((tape, leaves))
    }
}

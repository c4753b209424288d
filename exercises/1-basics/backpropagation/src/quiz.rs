//! Questions whose answers the reference computes.

use grading::{Failure, Keys, pick, position};

use crate::expression::parse;
use crate::solution::{backward, bias_backward, local_gradients, matmul_backward};
use crate::{Matrix, Op};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("used-twice", || position(&[1.0, 4.0, 7.0, 9.0], &gradient("a * a + a", "a = 3")?))
        .key("dead-relu", || {
            let local = local_gradients(Op::Relu, &[-2.0], 0.0);
            position(&[5.0, 0.0, -10.0, -5.0], &(5.0 * local[0]))
        })
        .key("shapes-tell", || {
            let a = Matrix::new(32, 5, (0..160).map(|i| f64::from(i % 11)).collect())?;
            let b = Matrix::new(5, 7, vec![1.0; 35])?;
            let d_out = Matrix::new(32, 7, (0..224).map(|i| f64::from(i % 13)).collect())?;
            let products = [
                d_out.matmul(&a.transpose()),
                a.transpose().matmul(&d_out),
                d_out.matmul(&b.transpose()),
                a.matmul(&d_out),
            ];
            position(&products, &Ok(matmul_backward(&a, &b, &d_out)?.1))
        })
        .key("bias-over-rows", || {
            let choices = [vec![0.5; 3], vec![2.0; 3], vec![1.5; 4], vec![1.0; 3]];
            position(&choices, &bias_backward(&Matrix::new(4, 3, vec![0.5; 12])?))
        })
        .key("ten-layers", || {
            let ten = format!("{}x{}", "tanh(".repeat(10), ")".repeat(10));
            let g = gradient(&ten, "x = 3")?;
            pick([g > 0.5, (0.01..=0.5).contains(&g), 0.0 < g && g < 0.01, g == 0.0])
        })
}

/// The gradient of the first leaf.
fn gradient(expression: &str, values: &str) -> Result<f64, Failure> {
    let read = parse(expression, values)?;
    Ok(backward(&read.tape, read.output)?[0])
}

//! The quiz of the page; the code of the lesson picks the right choices.

use grading::{Failure, Quiz};

use crate::expression::parse;
use crate::solution::{backward, bias_backward, local_gradients, matmul_backward};
use crate::{Matrix, Op};

/// Five questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "used-twice",
            "With y = a · a + a and a = 3, what is the gradient of a?",
            [
                ("1", "This is what the last + gives to a. The product gives more."),
                ("4", "One use of a in the product was forgotten: it is used twice there, and each use gives 3."),
                ("7", "The two uses in the product give 3 each and the sum gives 1."),
                ("9", "This is the value of a · a. A gradient says how fast y moves, not where it is."),
            ],
            || pick(&[1.0, 4.0, 7.0, 9.0], gradient("a * a + a", "a = 3")?),
        )
        .ask(
            "dead-relu",
            "The input of a ReLU is −2, and the gradient of its output is 5. What does the input get?",
            [
                ("5", "A ReLU passes the gradient on only where its input is positive."),
                ("0", "Left of 0 the ReLU is flat: a nudge of the input changes nothing, so the gradient ends here."),
                ("−10", "This multiplies the gradient by the input. The local gradient of a ReLU is 0 or 1."),
                ("−5", "A ReLU never turns the sign around: its slope is 0 or 1."),
            ],
            || {
                let local = local_gradients(Op::Relu, &[-2.0], 0.0);
                pick(&[5.0, 0.0, -10.0, -5.0], 5.0 * local.iter().sum::<f64>())
            },
        )
        .ask(
            "shapes-tell",
            "`out = a · b`, where a is (32, 5), b is (5, 7) and d_out is (32, 7). Which product is the gradient of b?",
            [
                ("d_out · aᵀ", "(32, 7) times (5, 32) does not fit."),
                ("aᵀ · d_out", "(5, 32) times (32, 7) is (5, 7): the shape of b."),
                ("d_out · bᵀ", "This has the shape (32, 5): it is the gradient of a."),
                ("a · d_out", "(32, 5) times (32, 7) does not fit: a has to be turned around."),
            ],
            || {
                let a = Matrix::new(32, 5, (0..160).map(|i| f64::from(i % 11)).collect())?;
                let b = Matrix::new(5, 7, vec![1.0; 35])?;
                let d_out = Matrix::new(32, 7, (0..224).map(|i| f64::from(i % 13)).collect())?;
                let (_, d_b) = matmul_backward(&a, &b, &d_out)?;
                let products = [
                    d_out.matmul(&a.transpose()),
                    a.transpose().matmul(&d_out),
                    d_out.matmul(&b.transpose()),
                    a.matmul(&d_out),
                ];
                let found = products.iter().position(|product| product.as_ref() == Ok(&d_b));
                found.ok_or_else(|| Failure::wrong("no product is d_b"))
            },
        )
        .ask(
            "bias-over-rows",
            "A bias of 3 numbers is added to each of 4 rows, and the gradient of every entry of the result is 0.5. What is the gradient of the bias?",
            [
                ("[0.5, 0.5, 0.5]", "This is one row's share, or the mean. A nudge of the bias moves all four rows."),
                ("[2, 2, 2]", "Each of its numbers is used in four rows, and each use gives 0.5."),
                ("[1.5, 1.5, 1.5, 1.5]", "This adds along the rows: four numbers, but the bias has three."),
                ("[1, 1, 1]", "This is the local gradient of one addition. It is multiplied by 0.5, and four uses add up."),
            ],
            || {
                let d_bias = bias_backward(&Matrix::new(4, 3, vec![0.5; 12])?);
                let answers: [&[f64]; 4] = [&[0.5; 3], &[2.0; 3], &[1.5; 4], &[1.0; 3]];
                let found = answers.iter().position(|answer| *answer == d_bias.as_slice());
                found.ok_or_else(|| Failure::wrong(format!("the code computes {d_bias:?}")))
            },
        )
        .ask(
            "ten-layers",
            "x goes through tanh ten times in a row, and starts at 3. About how large is the gradient of x?",
            [
                ("1: a tanh keeps the size", "Only at 0 is the slope of tanh 1. At 3 it is near 0.01, and all ten slopes are multiplied."),
                ("0.1", "Ten slopes are multiplied, not added up and divided."),
                ("Less than 0.01", "The first tanh alone has a slope of about 0.01, and no later slope is above 1."),
                ("0: it vanishes exactly", "It is small, but not zero: every slope of tanh is positive."),
            ],
            || {
                let expression = format!("{}x{}", "tanh(".repeat(10), ")".repeat(10));
                Ok(match gradient(&expression, "x = 3")? {
                    0.0 => 3,
                    g if g < 0.01 => 2,
                    g if g < 0.5 => 1,
                    _ => 0,
                })
            },
        )
}

/// The gradient of the first leaf.
fn gradient(expression: &str, values: &str) -> Result<f64, Failure> {
    let read = parse(expression, values)?;
    Ok(backward(&read.tape, read.output)?[0])
}

/// The index of the choice that the code computed.
fn pick(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-9);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}

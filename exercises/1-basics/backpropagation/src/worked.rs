//! Numbers for the page.

use grading::numbers::{minus, power, settled};
use grading::{Failure, Worked};

use crate::example::{RATE, RECEIPTS, START, cost, loss, slopes};
use crate::expression::parse;
use crate::solution::{
    backward, bias_backward, local_gradients, matmul_backward, numeric_gradients,
};
use crate::{Matrix, Op};

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // A missing value fails the build of the page, which names it.
    let _ = example(&mut worked).and_then(|()| matrices(&mut worked));
    prices(&mut worked);
    vanishing(&mut worked);
    costs(&mut worked);
    worked
}

/// One step toward the price of an apple.
fn prices(worked: &mut Worked) {
    const NUDGE: f64 = 0.01;
    let [(apples, paid), (both, paid_both)] = RECEIPTS;
    let at = |price: f64| loss(&RECEIPTS[..1], &[price]);
    let [slope] = slopes(&RECEIPTS[..1], [START]);
    worked
        .set("apples", apples[0])
        .set("paid", paid)
        .set("apples-too", both[0])
        .set("pears-too", both[1])
        .set("paid-too", paid_both)
        .set("start", START)
        .set("cost", cost(&apples, &[START]))
        .set("missing", paid - cost(&apples, &[START]))
        .set("loss", at(START))
        .set("slope", shown(slope))
        .set("price-nudge", NUDGE)
        .set("loss-nudged", format!("{:.1}", at(START) - at(START + NUDGE)))
        .set("rate", RATE)
        .set("step", shown(settled(-RATE * slope)));
}

/// `y = a (a b + c)`: nudged, then backward.
fn example(worked: &mut Worked) -> Result<(), Failure> {
    let read = parse("a * (a * b + c)", "a = 2, b = -3, c = 10")?;
    let values = [2.0, -3.0, 10.0];
    let at = |values: &[f64]| read.tape.replay(values).and_then(|tape| tape.value(read.output));
    let gradients = backward(&read.tape, read.output)?;
    for (i, name) in read.names.iter().enumerate() {
        worked.set(name, shown(read.tape.value(i)?));
        worked.set(&format!("grad-{name}"), shown(gradients[i]));
        for (&input, local) in read.tape.nodes()[i].inputs.iter().zip(local_of(&read.tape, i)) {
            let input = &read.names[input];
            let (own, local, given) =
                (shown(gradients[i]), shown(local), shown(local * gradients[i]));
            worked.set(&format!("times-{name}-{input}"), format!("{own} × {local} = {given}"));
            worked.set(&format!("gives-{name}-{input}"), given);
        }
    }
    const H: f64 = 0.001;
    worked.set("nudge", H);
    for (side, a) in [("up", 2.0 + H), ("down", 2.0 - H)] {
        worked.set(&format!("a-{side}"), a);
        worked.set(&format!("y-{side}"), format!("{:.6}", at(&[a, -3.0, 10.0])?));
    }
    let slope = numeric_gradients(&|x| at(x).unwrap_or(f64::NAN), &values, H)[0];
    worked.set("slope-a", shown(settled(slope)));
    Ok(())
}

fn local_of(tape: &crate::Tape, place: usize) -> Vec<f64> {
    let node = &tape.nodes()[place];
    let inputs: Vec<f64> = node.inputs.iter().map(|&i| tape.nodes()[i].value).collect();
    local_gradients(node.op, &inputs, node.value)
}

/// A product of a row and a matrix, and a bias.
fn matrices(worked: &mut Worked) -> Result<(), Failure> {
    let a = Matrix::new(1, 2, vec![2.0, -1.0])?;
    let b = Matrix::new(2, 3, vec![1.0, 0.0, 3.0, 4.0, -2.0, 0.5])?;
    let d_out = Matrix::new(1, 3, vec![1.0, 2.0, -1.0])?;
    let (d_a, d_b) = matmul_backward(&a, &b, &d_out)?;
    for (name, matrix) in [("a", &a), ("b", &b), ("d-out", &d_out), ("d-a", &d_a), ("d-b", &d_b)] {
        worked.set(&format!("matrix-{name}"), rows(matrix));
    }
    let two = Matrix::new(2, 3, vec![1.0, 2.0, -1.0, 0.5, 0.0, 4.0])?;
    worked.set("bias-d-out", rows(&two)).set("bias", row(&bias_backward(&two)));
    Ok(())
}

/// Slopes of tanh, and what is left behind many.
fn vanishing(worked: &mut Worked) {
    let slope = |x: f64| local_gradients(Op::Tanh, &[x], x.tanh()).iter().sum::<f64>();
    worked.set("tanh-slope-1", format!("{:.2}", slope(1.0)));
    worked.set("tanh-slope-2", format!("{:.2}", slope(2.0)));
    // Going back through a layer multiplies by its slope and its weight.
    const STEEP: f64 = 5.0;
    worked.set("steep", STEEP);
    for (name, weight) in [("vanished", 1.0), ("exploded", STEEP)] {
        worked.set(name, power((weight * slope(1.0)).powi(20), 0));
    }
}

/// Counts of what is too many.
fn costs(worked: &mut Worked) {
    // GPT-2 small: Radford and others (2019), as counted from its published weights.
    const GPT2: u64 = 124_439_808;
    worked.set("gpt2-millions", GPT2 / 1_000_000).set("gpt2-runs-millions", 2 * GPT2 / 1_000_000);
    // The input of one product, (m, k), in f32.
    let (m, k) = (8192_u64, 768_u64);
    worked.set("input-mb", m * k * 4 / 1_000_000);
}

fn shown(x: f64) -> String {
    minus(&x.to_string())
}

fn row(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&x| shown(x)).collect();
    format!("[{}]", numbers.join(", "))
}

fn rows(matrix: &Matrix) -> String {
    let rows: Vec<String> = matrix.rows().map(row).collect();
    if let [row] = rows.as_slice() { row.clone() } else { format!("[{}]", rows.join(", ")) }
}

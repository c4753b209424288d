//! Every function beside the reference, on inputs drawn anew in each run.

use std::cell::RefCell;
use std::cmp::Ordering;

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect_close_or_nan, expect_same,
};
use rand::RngExt;

use crate::oracle::OPS;
use crate::{Answers, Matrix, Op, SOLUTION, Tape, TapeError};

/// Compares sums whose terms may come in any order: rounding errors are relative to `sizes`, the
/// sums of the terms' absolute values. Where one is infinite or NaN, the sums must be the same.
fn expect_sums(what: &str, [got, want, sizes]: [&[f64]; 3]) -> Outcome {
    expect_same(&format!("{what}: how many numbers"), &got.len(), &want.len())?;
    for (i, ((&got, &want), &size)) in got.iter().zip(want).zip(sizes).enumerate() {
        let atol = if size.is_finite() { 1e-11 * size + 1e-300 } else { 0.0 };
        let what = format!("{what}: number {i}");
        expect_close_or_nan(&what, &[], &[got], &[want], Tolerance { rtol: 0.0, atol })?;
    }
    Ok(())
}

/// A function with another slope along every axis, infinite or NaN where numbers are huge; what it
/// is asked is kept and compared.
pub fn nudging_agrees(answers: &Answers) -> Outcome {
    let corner = draw::select(vec![0.0, -0.0, 1e-300, 1e100, -1e200]);
    let number = prop_oneof![30 => draw::between(-3.0, 3.0), 1 => corner];
    let step = draw::between(-9.0, 3.0).prop_map(|digits| 10_f64.powf(digits));
    // Slopes near 0 are slopes.
    let scale = draw::select(vec![1.0, 1.0, 1.0, 1e-9]);
    let check = |(x, h, scale): &(Vec<f64>, f64, f64)| {
        let run = |answers: &Answers| {
            let calls = RefCell::new(Vec::new());
            let f = |x: &[f64]| {
                let pairs = x.windows(2).map(|pair| pair[0] * pair[1]);
                let y =
                    (1..).zip(x).map(|(i, x)| f64::from(i) * x * x - x).chain(pairs).sum::<f64>();
                let y = scale * y;
                // −0 plus 0 is 0, which compares like any number.
                calls.borrow_mut().push((x.iter().map(|x| x + 0.0).collect::<Vec<f64>>(), y));
                y
            };
            let gradients = (answers.numeric_gradients)(&f, x, *h);
            let mut calls = calls.into_inner();
            // Which call comes first is nobody's business.
            calls.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal));
            let (at, y): (Vec<Vec<f64>>, Vec<f64>) = calls.into_iter().unzip();
            (gradients, at, y)
        };
        let ((got, got_at, _), (want, want_at, y)) = (run(answers), run(&SOLUTION));
        expect_same("how often `f` is called", &got_at.len(), &want_at.len())?;
        expect_same("what `f` is called with, sorted", &got_at, &want_at)?;
        let largest = y.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
        expect_sums("gradients", [&got, &want, &vec![1e-4 * largest / h; x.len()]])
    };
    let lists = |least, most| draw::list(number.clone(), least..=most);
    differential((lists(0, 260), step.clone(), scale.clone()), check)?;
    Differential::cases(1).run((lists(1100, 1200), step, scale), check)
}

/// Numbers of all sizes, both zeros and infinities; the output is what the operation gives.
pub fn rules_agree(answers: &Answers) -> Outcome {
    let number = || prop_oneof![draw::between(-30.0, 30.0), draw::any_f64()];
    let inputs = (draw::select(OPS.to_vec()), number(), number());
    Differential::cases(4000).run(inputs, |(op, a, b)| {
        let inputs = &[*a, *b][..op.arity()];
        // Where there is no output, there is no derivative, and ReLU must say so; where b² over- or
        // underflows, formulas that are the same on paper differ.
        let output = op.forward(inputs).filter(|output| *op == Op::Relu || !output.is_nan());
        let is_extreme = *b != 0.0 && b.is_finite() && !(b * b).is_normal();
        let Some(output) = output.filter(|_| *op != Op::Div || !is_extreme) else { return Ok(()) };
        let [got, want] = [answers, &SOLUTION].map(|of| (of.local_gradients)(*op, inputs, output));
        // 1 − tanh² loses its digits where the curve is flat.
        let atol = if *op == Op::Tanh { 1e-15 } else { 1e-300 };
        let what = format!("the local gradients of {op:?} at {inputs:?}");
        expect_close_or_nan(&what, &[], &got, &want, Tolerance { rtol: 1e-10, atol })?;
        expect_same("those of a leaf", &(answers.local_gradients)(Op::Leaf, &[], *a), &Vec::new())
    })
}

/// Tapes on which nodes are used often, are 0, or are infinite on a way that does not count.
fn tapes() -> impl Strategy<Value = Tape> {
    let corner = draw::select(vec![0.0, -0.0, 1e6, -1e9, 1e-6]);
    let leaf = prop_oneof![6 => draw::between(-2.0, 2.0), 1 => corner];
    let steps = draw::list((draw::select(OPS.to_vec()), draw::any_u64(), draw::any_u64()), 0..=140);
    (draw::list(leaf, 0..=8), steps).prop_map(|(leaves, steps)| {
        let mut tape = Tape::default();
        for &leaf in &leaves {
            tape.leaf(leaf);
        }
        for (op, first, second) in steps.into_iter().filter(|_| !leaves.is_empty()) {
            let len = tape.nodes().len() as u64;
            // Mostly the last nodes, so that tapes grow deep.
            let places = [(second % len) as usize, (len - 1 - first % len.min(5)) as usize];
            let inputs = &places[2 - op.arity()..];
            let values: Vec<f64> = inputs.iter().map(|&i| tape.nodes()[i].value).collect();
            let last = values[values.len() - 1];
            let value = op.forward(&values).unwrap_or(f64::NAN);
            let fits = match op {
                Op::Div | Op::Ln if last.abs() < 0.01 => last == 0.0 && value.is_infinite(),
                // Where the curve is flat, 1 − tanh² has few digits.
                Op::Tanh => last.abs() < 3.0 || last.is_infinite(),
                _ => value.abs() < 1e15,
            };
            if fits {
                let _ = tape.apply(op, inputs);
            }
        }
        tape
    })
}

/// The logarithm of a sum that is 0: its infinite slope goes on to both terms. (That of a product
/// would be NaN at one of its factors.)
fn infinite_slope() -> Result<Tape, TapeError> {
    let mut tape = Tape::default();
    let terms = [tape.leaf(2.0), tape.leaf(-2.0)];
    let sum = tape.apply(Op::Add, &terms)?;
    tape.apply(Op::Ln, &[sum])?;
    Ok(tape)
}

pub fn going_back_agrees(answers: &Answers) -> Outcome {
    let check = |(tape, drawn): &(Tape, u64)| {
        let nodes = tape.nodes();
        // Mostly the last node, now and then any other, or one that is missing.
        let output = match drawn % 8 {
            0..3 => (*drawn >> 3) as usize % (nodes.len() + 3),
            3 => usize::MAX,
            _ => nodes.len().wrapping_sub(1),
        };
        let [got, want] = [answers, &SOLUTION].map(|of| (of.backward)(tape, output));
        agree("backward", got, want, |got, want| {
            // The same with absolute values: how large what was added up is.
            let mut sizes = vec![0.0; nodes.len()];
            sizes[output] = 1.0;
            for (place, node) in nodes.iter().enumerate().rev() {
                if sizes[place] == 0.0 {
                    continue;
                }
                let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
                let locals = (SOLUTION.local_gradients)(node.op, &inputs, node.value);
                for (&input, local) in node.inputs.iter().zip(locals) {
                    // Rounding decides whether a sum is 0, and an infinite slope is followed.
                    if local.is_infinite() && want[place].abs() < 1e-9 * sizes[place] {
                        return Ok(());
                    }
                    sizes[input] += sizes[place] * local.abs();
                }
            }
            // ∞ that comes of an infinite slope is the same in any order, not so an overflow.
            if sizes.iter().any(|size| size.is_nan() || size.is_finite() && *size > 1e280) {
                return Ok(());
            }
            expect_sums(&format!("the gradients of node {output}"), [got, want, &sizes])
        })
    };
    differential((tapes(), draw::any_u64()), check)?;
    Differential::cases(1).run(draw::Just((infinite_slope()?, 7)), check)
}

/// Numbers whose sums need all bits of an f64; in one matrix of eight, zeros, infinities and NaN.
fn matrix((rows, cols): (usize, usize), seed: u64) -> Matrix {
    const CORNERS: [f64; 4] = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -0.0];
    let mut rng = seeded(seed);
    let scale = [1.0, 1.0, 1e100, 1e-100][rng.random_range(0..4)];
    // In long sums one of them hides whatever else goes wrong.
    let has_corners = rng.random_range(0..8) == 0 && rows * cols < 60_000;
    let number = |_| match rng.random_range(0..80) {
        0 if has_corners => CORNERS[rng.random_range(0..4)],
        1..9 if has_corners => 0.0,
        0..20 => scale * rng.random_range(-1e9..1e9),
        _ => scale * rng.random_range(-3.0..3.0),
    };
    let numbers = (0..rows * cols).map(number).collect();
    Matrix::new(rows, cols, numbers).expect("as many numbers as the shape has")
}

fn absolute(x: &Matrix) -> Matrix {
    let data = x.data().iter().map(|x| x.abs()).collect();
    Matrix::new(x.shape().0, x.shape().1, data).expect("the same shape")
}

/// Mostly small sizes, some of 40, one of thousands, squares; b and d_out may each not fit.
fn products() -> impl Strategy<Value = [Matrix; 3]> {
    let size = || prop_oneof![4 => 0_usize..=5, 1 => draw::lengths(0..=40)];
    let wrong = (draw::select(vec![0, 0, 0, 1]), draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2, 3]));
    let sizes = (size(), size(), size(), draw::lengths(0..=5000), 0..9);
    (sizes, wrong, draw::any_u64()).prop_map(|((m, k, n, long, which), wrong, seed)| {
        let [m, k, n] = match which {
            0 => [long, k.min(5), n.min(5)],
            1 => [m.min(5), long, n.min(5)],
            2 => [m.min(5), k.min(5), long],
            3 => [m.max(k); 3],
            _ => [m, k, n],
        };
        let b = (k + wrong.0, n);
        let d_out = [(m, n), (m + 1, n), (m, n + 1), (n, m)][wrong.1];
        [((m, k), 0), (b, 1), (d_out, 2)].map(|(shape, i)| matrix(shape, seed.rotate_left(i)))
    })
}

pub fn products_agree(answers: &Answers) -> Outcome {
    let check = |[a, b, d_out]: &[Matrix; 3]| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.matmul_backward)(a, b, d_out));
        agree("matmul_backward", got, want, |got, want| {
            let [a, b, d_out] = [a, b, d_out].map(absolute);
            let sizes = (SOLUTION.matmul_backward)(&a, &b, &d_out)?;
            for (what, got, want, sizes) in
                [("d_a", &got.0, &want.0, &sizes.0), ("d_b", &got.1, &want.1, &sizes.1)]
            {
                expect_same(&format!("the shape of {what}"), &got.shape(), &want.shape())?;
                expect_sums(what, [got, want, sizes].map(Matrix::data))?;
            }
            Ok(())
        })
    };
    differential(products(), check)?;
    // 0 · ∞ and 0 · NaN are NaN, which is rare among drawn numbers.
    let square = |numbers: [f64; 4]| Matrix::new(2, 2, numbers.to_vec());
    let (a, b) = (square([1.0, f64::INFINITY, 2.0, 3.0])?, square([f64::NAN, 1.0, 2.0, 3.0])?);
    let d_out = square([0.0, 0.0, 0.0, 4.0])?;
    Differential::cases(1).run(draw::Just([a.clone(), b, d_out]), check)?;
    // Neither fits: of the two errors the first counts.
    let [b, d_out] = [matrix((3, 2), 1), matrix((3, 2), 2)];
    Differential::cases(1).run(draw::Just([a, b, d_out]), check)
}

/// Tall, wide, none at all.
pub fn biases_agree(answers: &Answers) -> Outcome {
    let check = |&((long, short, is_wide), seed): &((usize, usize, bool), u64)| {
        let d_out = matrix(if is_wide { (short, long) } else { (long, short) }, seed);
        let [got, want] = [answers, &SOLUTION].map(|of| (of.bias_backward)(&d_out));
        let sizes = (SOLUTION.bias_backward)(&absolute(&d_out));
        expect_sums(&format!("d_out of shape {:?}", d_out.shape()), [&got, &want, &sizes])
    };
    let shape = (draw::lengths(0..=20_000), 0..=4_usize, draw::select(vec![false, true]));
    differential((shape, draw::any_u64()), check)?;
    // More rows than 16 bits count.
    let tall = (66_000..=70_000_usize, 1..=2_usize, draw::Just(false));
    Differential::cases(1).run((tall, draw::any_u64()), check)
}

//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor, Var};
use grading::draw::{self, Array, Just, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{Differential, Failure, Outcome, Tolerance, agree, differential, expect_close};
use grading::{expect, expect_close_or_nan, expect_error};
use rand::RngExt;
use tensor_test::flat;

use crate::oracle::{Batch, LossKernel, gradient, labels};
use crate::{Answers, LossError, SOLUTION};

/// f32 arithmetic in any order of the terms, and f64.
const SUM_F32: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-5 };
const SUM_F64: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-10 };

pub fn surprise_like_reference(answers: &Answers) -> Outcome {
    let beyond = draw::select(vec![1.0_f64.next_up(), (-0.0_f64).next_down(), f64::NAN]);
    let p = prop_oneof![6 => draw::probability(), 2 => draw::any_f64(), 1 => beyond];
    differential(p, |&p| {
        let (got, want) = ((answers.surprise_bits)(p), (SOLUTION.surprise_bits)(p));
        agree("the surprise", got, want, |&got, &want| {
            expect_close("the surprise", &[], &[got], &[want], Tolerance::F64)?;
            expect(got.is_sign_positive(), || "the surprise: expected 0, got −0".into())
        })
    })
}

pub fn bits_per_byte_like_reference(answers: &Answers) -> Outcome {
    let beyond = draw::select(vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN]);
    // So that no order of the operations overflows.
    let loss = prop_oneof![8 => draw::between(-1e290, 1e290), 1 => beyond];
    differential((loss, draw::count(), draw::count()), |&(loss, tokens, bytes)| {
        let (tokens, bytes) = (tokens as usize, bytes as usize);
        let got = (answers.bits_per_byte)(loss, tokens, bytes);
        agree("bits", got, (SOLUTION.bits_per_byte)(loss, tokens, bytes), |&got, &want| {
            expect_close_or_nan("bits per byte", &[], &[got], &[want], Tolerance::F64)
        })
    })
}

/// Logits of ordinary size, far apart, and impossible; their differences and sums are finite.
fn logit() -> impl Strategy<Value = f32> + Clone {
    let ends = draw::select(vec![1e30, -1e30, 0.0, -0.0]);
    prop_oneof![
        8 => draw::between_f32(-10.0, 10.0),
        4 => draw::between_f32(-1e4, 1e4),
        1 => ends,
        1 => Just(f32::NEG_INFINITY),
    ]
}

/// A value beside that of the reference, which computes in f64, and if that is finite the gradient
/// of its product with numbers of both signs, too.
fn expect_same_tensor(
    got: impl Fn(&Var) -> Result<Tensor, LossError>,
    want: impl Fn(&Var) -> Result<Tensor, LossError>,
    leaf: &Tensor,
    dtype: DType,
) -> Outcome {
    let (x, exact) = (leaf.to_dtype(dtype)?, leaf.to_dtype(DType::F64)?);
    // What is kept from one call must not show in the next.
    let _ = got(&Var::from_tensor(&x.neg()?)?);
    let (x, exact) = (Var::from_tensor(&x)?, Var::from_tensor(&exact)?);
    agree("the result", got(&x), want(&exact), |got, want| {
        let tolerance = if dtype == DType::F32 { SUM_F32 } else { SUM_F64 };
        expect(got.dims() == want.dims() && got.dtype() == dtype, || {
            let (want, got) = ((want.dims(), dtype), (got.dims(), got.dtype()));
            format!("the result: expected the shape and type {want:?}, got {got:?}")
        })?;
        let values = flat(want)?;
        expect_close_or_nan("the result", want.dims(), &flat(got)?, &values, tolerance)?;
        // Backward through code that goes row by row, so many rows would take minutes.
        if leaf.dims()[0] > 10_000 || values.iter().any(|value| !value.is_finite()) {
            return Ok(());
        }
        let upstream: Vec<f64> = (0..values.len()).map(|i| (i as f64 + 1.0).sin()).collect();
        let upstream = Tensor::from_vec(upstream, want.dims(), &Device::Cpu)?;
        let back = |y: &Tensor, x: &Var| -> Result<Vec<f64>, Failure> {
            gradient(&(y * upstream.to_dtype(y.dtype())?)?.sum_all()?, x)
        };
        let (got, want) = (back(got, &x)?, back(want, &exact)?);
        expect_close("the gradient", leaf.dims(), &got, &want, tolerance)
    })
}

fn dtype() -> impl Strategy<Value = DType> {
    draw::select(vec![DType::F32, DType::F64])
}

pub fn log_softmax_like_reference(answers: &Answers) -> Outcome {
    let check = |(array, is_transposed, dtype): &(Array<f32>, bool, DType)| {
        let Array { shape, axis, data } = array;
        let leaf = Tensor::from_slice(data, &shape[..], &Device::Cpu)?;
        let last = shape.len() - 1;
        let on = |answers: &Answers, leaf: &Var| match is_transposed {
            true => Ok((answers.log_softmax)(&leaf.transpose(0, last)?, last - axis)?),
            false => Ok((answers.log_softmax)(leaf, *axis)?),
        };
        expect_same_tensor(|x| on(answers, x), |x| on(&SOLUTION, x), &leaf, *dtype)?;
        for beyond in [shape.len(), usize::MAX] {
            let what = format!("log-softmax of {shape:?} along axis {beyond}");
            expect_error(&what, (answers.log_softmax)(&leaf, beyond))?;
        }
        let number = Tensor::new(1.0_f32, &Device::Cpu)?;
        expect_error("log-softmax of a number", (answers.log_softmax)(&number, 0))
    };
    let is_transposed = draw::select(vec![false, true]);
    differential((draw::arrays(logit(), 4, 200), is_transposed, dtype()), check)?;
    // Longer than 16 bits count.
    for (shape, axis) in [([1, 70_000], 1), ([33_000, 2], 0)] {
        let long = draw::any_u64().prop_map(move |seed| {
            let data = Batch::random(&mut seeded(seed), shape).logits;
            Array { shape: shape.to_vec(), axis, data }
        });
        Differential::cases(1).run((long, Just(false), Just(DType::F64)), check)?;
    }
    Ok(())
}

/// Some targets are ignored, their rows full of numbers that do not count, and some are bad.
fn spoiled(batches: impl Strategy<Value = Batch>) -> impl Strategy<Value = Batch> {
    let ignore_index = draw::select(vec![0, 1, u32::MAX, u32::MAX - 99, 65_536]);
    let filler = draw::select(vec![0.0, 1e30, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
    let shares = draw::select(vec![(0.0, 0.0), (0.0, 0.3), (0.0, 0.9), (0.2, 0.3), (1.0, 0.5)]);
    let all = (batches, draw::any_u64(), ignore_index, filler, shares);
    all.prop_map(|(mut batch, seed, ignore_index, filler, (bad, ignored))| {
        batch.ignore_index = ignore_index;
        let (cols, rng) = (batch.cols, &mut seeded(seed));
        let mut rows = batch.logits.chunks_mut(cols.max(1));
        for target in &mut batch.targets {
            if rng.random_bool(bad) {
                // Among them what others take for −1 and −100.
                let bad = [cols as u32, u32::MAX, u32::MAX - 1, u32::MAX - 99];
                *target = bad[rng.random_range(0..4)];
            }
            if rng.random_bool(ignored) {
                *target = ignore_index;
            }
            let row = rows.next().unwrap_or_default();
            if *target == ignore_index {
                row.fill(filler);
            }
        }
        batch
    })
}

pub fn cross_entropy_like_reference(answers: &Answers) -> Outcome {
    let check = |(batch, misfit, dtype): &(Batch, i32, DType)| {
        let (rows, cols) = (batch.targets.len(), batch.cols);
        let mut targets = labels(&batch.targets)?;
        let mut logits = Tensor::from_slice(&batch.logits, (rows, cols), &Device::Cpu)?;
        match misfit {
            1 => targets = labels(&batch.targets[..rows.saturating_sub(1)])?,
            2 => targets = labels(&[&batch.targets[..], &[0]].concat())?,
            3 => targets = targets.reshape((rows, 1))?,
            4 => logits = logits.reshape((1, rows, cols))?,
            5 => logits = logits.flatten_all()?,
            6 => logits = logits.t()?.contiguous()?,
            _ => {}
        }
        let on = |answers: &Answers, x: &Var| {
            // Also a view on logits that stand in columns.
            let view = if *misfit == 6 { x.t()? } else { x.as_tensor().clone() };
            (answers.cross_entropy)(&view, &targets, batch.ignore_index)
        };
        expect_same_tensor(|x| on(answers, x), |x| on(&SOLUTION, x), &logits, *dtype)
    };
    let short = (draw::matrices(logit(), 0..=12, 1..=20), draw::any_u64()).prop_map(|(x, seed)| {
        Batch { logits: x.data, ..Batch::random(&mut seeded(seed), [x.rows, x.cols]) }
    });
    differential((spoiled(short), 0..20, dtype()), check)?;
    // More rows and tokens than 16 bits count.
    for (size, beyond) in [([70_000, 2], 0), ([70_000, 2], 1), ([2, 70_000], 0), ([150, 300], 0)] {
        let long = draw::any_u64().prop_map(move |seed| {
            let mut batch = Batch::random(&mut seeded(seed), size);
            let last = batch.targets.last_mut().expect("a batch has rows");
            *last = batch.cols as u32 - 1 + beyond;
            batch
        });
        Differential::cases(1).run((long, Just(0), Just(DType::F64)), check)?;
    }
    Ok(())
}

pub async fn kernel_is_right_on_drawn_rows(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    // Labels of more than 16 bits.
    kernel_is_right_on_many(&kernel, [1, 70_000]).await?;
    #[cfg(not(target_family = "wasm"))]
    kernel_is_right_on_rows_drawn_anew(&kernel).await?;
    Ok(())
}

/// A large batch, most of whose rows are ignored.
async fn kernel_is_right_on_many(kernel: &LossKernel, size: [usize; 2]) -> Outcome {
    let mut batch = Batch::random(&mut seeded(1), size);
    let (last, rest) = batch.targets.split_last_mut().expect("a batch has rows");
    *last = size[1] as u32 - 1;
    for (_, target) in rest.iter_mut().enumerate().filter(|(row, _)| row % 99 > 0) {
        *target = batch.ignore_index;
    }
    kernel.run("many", &batch, gpu::rows_grid(size[0])).await?.expect_both()
}

#[cfg(not(target_family = "wasm"))]
async fn kernel_is_right_on_rows_drawn_anew(kernel: &LossKernel) -> Outcome {
    // More rows than fit into a line of workgroups: a software GPU in a page takes too long for them.
    kernel_is_right_on_many(kernel, [70_000, 2]).await?;
    let sizes = prop_oneof![
        6 => (draw::lengths(1..=70), draw::lengths(1..=600)),
        2 => (1..3_usize, draw::lengths(16_300..=70_000)),
    ];
    let scales = [(1.0, 0.0), (2e3, 0.0), (1.0, 1e4), (1.0, -1e4), (1.0, -1e5)];
    let ignore_index = draw::select(vec![0, 1, 5, u32::MAX]);
    let mask = draw::select(vec![None, None, Some(-1e30), Some(f32::MIN)]);
    let lines = draw::select(vec![1, 1, 2, 3]);
    let inputs = (sizes, draw::any_u64(), draw::select(scales.to_vec()), ignore_index, mask, lines);
    Differential::cases(24)
        .run_async(inputs, async |input| {
            let &((rows, cols), seed, (scale, offset), ignore_index, mask, lines) = input;
            let rng = &mut seeded(seed);
            let mut batch = Batch::random(rng, [rows, cols]);
            batch.ignore_index = ignore_index;
            for target in batch.targets.iter_mut().filter(|_| rng.random_bool(0.2)) {
                *target = ignore_index;
            }
            for (i, x) in batch.logits.iter_mut().enumerate() {
                *x = mask.filter(|_| i % 3 == 1).unwrap_or(*x * scale + offset);
            }
            let grid = [rows.div_ceil(lines) as u32, lines as u32, 1];
            kernel.run("drawn rows", &batch, grid).await?.expect_both()
        })
        .await
}

//! Buckets, the biases made of them, and labels that move right.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Outcome, Tolerance, expect_eq, expect_error_is, expect_same};
use tensor_test::{expect_form, expect_slopes, expect_tensor, flat, numbers, tensor, upstream};

use crate::oracle::{buckets, exact_bucket, golden, rows, tiny_t5};
use crate::{Answers, SeqError};

pub fn buckets_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in buckets()? {
        let (num_buckets, max_distance) = (case.num_buckets, case.max_distance);
        for (&relative, want) in case.relative_positions.iter().zip(&case.buckets) {
            let got = (answers.t5_bucket)(relative, case.bidirectional, num_buckets, max_distance)?;
            let what = format!(
                "{relative} of {num_buckets} buckets up to {max_distance}, bidirectional {}",
                case.bidirectional
            );
            expect_same(&what, &got, want)?;
        }
    }
    Ok(())
}

pub fn boundaries_are_exact(answers: &Answers) -> Outcome {
    // Buckets that begin at a whole distance: at some of them the logarithm of an f64 falls short, at
    // some that of an f32, and at two that of transformers.
    for (n, max_distance) in [
        (16, 128),
        (10, 160),
        (9, 128),
        (36, 32),
        (8, 9),
        (16, 18),
        (48, 54),
        (17, 27),
        (19, 196),
        (2, 9),
        (3, 1000),
        (5, 16),
    ] {
        let exact = n / 2;
        for d in (0..60).chain((0..10).map(|i| exact as u32 * 2_u32.pow(i))).chain([2000]) {
            let want = exact_bucket(d.min(max_distance), n, exact, max_distance).min(n - 1);
            let far = max_distance as usize;
            let what = format!("distance {d} of {n} buckets up to {max_distance}");
            let got = (answers.t5_bucket)(-i64::from(d), false, n, far)?;
            expect_same(&what, &got, &want)?;
            let got = (answers.t5_bucket)(i64::from(d), true, 2 * n + 1, far)?;
            let want = if d == 0 { 0 } else { n + want };
            expect_same(&format!("{what}, later, of twice as many and one"), &got, &want)?;
        }
    }
    Ok(())
}

pub fn buckets_end(answers: &Answers) -> Outcome {
    buckets_are_those_of_transformers(answers)?;
    for (relative, bidirectional, want) in [
        (i64::MAX, true, 31),
        (i64::MIN, true, 15),
        (i64::MIN, false, 31),
        (i64::MAX, false, 0),
        (-(1 << 33), false, 31),
        (128, true, 31),
        (-127, true, 15),
    ] {
        let got = (answers.t5_bucket)(relative, bidirectional, 32, 128)?;
        let what = format!("{relative}, bidirectional {bidirectional}, of 32 buckets up to 128");
        expect_same(&what, &got, &want)?;
    }
    for (bidirectional, num_buckets, max_distance) in [
        (true, 3, 128),
        (true, 0, 128),
        (false, 1, 128),
        (false, 0, 128),
        (false, 32, 16),
        (true, 32, 8),
        (true, 32, 0),
    ] {
        let got = (answers.t5_bucket)(-3, bidirectional, num_buckets, max_distance);
        let what =
            format!("{num_buckets} buckets up to {max_distance}, bidirectional {bidirectional}");
        let want = SeqError::Buckets { bidirectional, num_buckets, max_distance };
        expect_error_is(&what, got, &want)?;
    }
    for (bidirectional, max_distance) in [(false, 17), (true, 9)] {
        (answers.t5_bucket)(0, bidirectional, 32, max_distance)?;
    }
    Ok(())
}

pub fn bias_is_that_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny_t5(false, dtype)?;
        for case in golden()?.t5.biases {
            let (t_q, t_k, is_encoder) = (case.t_q, case.t_k, case.part == "encoder");
            let stack = if is_encoder { &model.encoder } else { &model.decoder };
            let table = &stack.position_bias;
            let got = (answers.position_bias)(table, is_encoder, 20, [t_q, t_k], case.offset)?;
            let what = format!(
                "the bias of the {} for {t_q} × {t_k} scores behind {}, {dtype:?}",
                case.part, case.offset
            );
            let tolerance = Tolerance { rtol: 1e-7, atol: 0.0 };
            expect_tensor(&what, &got, &[1, 3, t_q, t_k], dtype, &case.bias, tolerance)?;
        }
    }
    Ok(())
}

pub fn bias_knows_its_offset(answers: &Answers) -> Outcome {
    let exact = Tolerance { rtol: 0.0, atol: 0.0 };
    for (seed, bidirectional) in [(1, true), (2, false)] {
        let table = tensor(&numbers(8 * 2, seed), &[8, 2], DType::F64)?;
        let run =
            |t: [usize; 2], offset| (answers.position_bias)(&table, bidirectional, 40, t, offset);
        let whole = run([30, 30], 0)?;
        expect_form("the bias of 30 tokens", &whole, &[1, 2, 30, 30], DType::F64)?;
        for (offset, t_q) in [(29, 1), (11, 4), (0, 7)] {
            let want = whole.narrow(2, offset, t_q)?;
            let got = run([t_q, 30], offset)?;
            let what = format!("{t_q} queries behind {offset}, beside those of all 30");
            expect_tensor(&what, &got, &[1, 2, t_q, 30], DType::F64, &flat(&want)?, exact)?;
        }
    }
    bias_is_that_of_transformers(answers)
}

pub fn bias_teaches_its_table(answers: &Answers) -> Outcome {
    bias_is_that_of_transformers(answers)?;
    let table = Var::from_tensor(&tensor(&numbers(24, 5), &[3, 8], DType::F64)?)?.into_inner();
    let run = |table: &Tensor| {
        let bias = (answers.position_bias)(&table.t()?, true, 20, [7, 9], 2)?;
        Ok::<_, grading::Failure>((&bias * upstream(&bias)?)?.sum_all()?)
    };
    let gradients = run(&table)?.backward()?;
    expect_slopes("a transposed table", &table, gradients.get(&table), &mut |table| {
        Ok(run(table)?.to_scalar::<f64>()?)
    })
}

pub fn bias_refuses(answers: &Answers) -> Outcome {
    bias_is_that_of_transformers(answers)?;
    let run = |shape: &[usize], bidirectional, max_distance| {
        let table = Tensor::zeros(shape, DType::F32, &Device::Cpu)?;
        (answers.position_bias)(&table, bidirectional, max_distance, [2, 3], 0)
    };
    for shape in [&[8][..], &[8, 2, 1], &[8, 0], &[]] {
        let want = SeqError::Table(shape.to_vec());
        expect_error_is(&format!("a table {shape:?}"), run(shape, true, 9), &want)?;
    }
    let want = SeqError::Buckets { bidirectional: true, num_buckets: 3, max_distance: 9 };
    expect_error_is("3 buckets for both sides", run(&[3, 2], true, 9), &want)?;
    let want = SeqError::Buckets { bidirectional: false, num_buckets: 8, max_distance: 4 };
    expect_error_is("8 buckets up to 4", run(&[8, 2], false, 4), &want)
}

pub fn labels_move_right(answers: &Answers) -> Outcome {
    for case in golden()?.shifts {
        let got = (answers.shift_right)(&rows(&case.labels)?, case.start, case.pad)?;
        let what = format!("{:?} behind {}, padding {}", case.labels, case.start, case.pad);
        let shape = [case.ids.len(), case.ids[0].len()];
        expect_form(&what, &got, &shape, DType::U32)?;
        expect_eq(&what, &got.flatten_all()?.to_vec1::<u32>()?, &case.ids.concat())?;
    }
    Ok(())
}

pub fn shift_refuses(answers: &Answers) -> Outcome {
    labels_move_right(answers)?;
    for shape in [&[3][..], &[1, 2, 3], &[0, 2], &[2, 0]] {
        let got = (answers.shift_right)(&Tensor::zeros(shape, DType::I64, &Device::Cpu)?, 0, 0);
        let what = format!("labels of shape {shape:?}");
        expect_error_is(&what, got, &SeqError::Ids(shape.to_vec()))?;
    }
    for (labels, label) in [
        ([5, -1, -99, 4], -1),
        ([5, -100, -101, 1], -101),
        ([1 << 32, -1, 0, 0], 1 << 32),
        // The last one is read by nobody, and no label either.
        ([0, 0, 0, i64::MIN], i64::MIN),
    ] {
        let labels = Tensor::new(&[labels], &Device::Cpu)?;
        let what = format!("the label {label}");
        expect_error_is(&what, (answers.shift_right)(&labels, 0, 0), &SeqError::Label(label))?;
    }
    let labels = Tensor::new(&[[i64::from(u32::MAX), 0]], &Device::Cpu)?;
    let got = (answers.shift_right)(&labels, 70_000, 0)?.to_vec2::<u32>()?;
    expect_eq("the largest id behind 70000", &got.concat(), &[70_000, u32::MAX])
}

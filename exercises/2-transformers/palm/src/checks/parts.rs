//! The two parts of a block, and a sum of sizes.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_error_is, expect_same};
use tensor_test::{
    expect_form, expect_slopes, expect_tensor, flat, numbers, rounding, staircase, tensor, upstream,
};

use crate::oracle::{counts, drawn_model, golden, mlp, small, tiny};
use crate::{Answers, Config, KeysValues, Linear, Mlp, PalmError, Parameters, published};

pub const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

/// A network of drawn numbers, and the same as plain numbers.
fn drawn_mlp(
    d_model: usize,
    d_ff: usize,
    dtype: DType,
    seed: u64,
) -> Result<(Mlp, [Vec<f64>; 3]), Failure> {
    let plain = [0, 1, 2].map(|i| numbers(d_model * d_ff, seed + i));
    let linear = |x: &[f64], shape: [usize; 2]| {
        Ok::<_, Failure>(Linear { weight: tensor(x, &shape, dtype)? })
    };
    let mlp = Mlp {
        gate_proj: linear(&plain[0], [d_ff, d_model])?,
        up_proj: linear(&plain[1], [d_ff, d_model])?,
        down_proj: linear(&plain[2], [d_model, d_ff])?,
    };
    Ok((mlp, plain))
}

pub fn mlp_opens_and_shuts(answers: &Answers) -> Outcome {
    // Where the gate bends, and where an exponential of it is no number any more.
    for (seed, (scale, front, d_model, d_ff)) in (1..).step_by(5).zip([
        (4.0, &[2][..], 3, 5),
        (4.0, &[2, 4], 5, 2),
        // Square weights fit in any order and turned around.
        (4.0, &[3], 4, 4),
        (4.0, &[], 3, 7),
        (4.0, &[2, 1, 3], 2, 6),
        (4.0, &[1, 1], 1, 1),
        (1e4, &[3], 4, 9),
    ]) {
        for dtype in [DType::F64, DType::F32] {
            let (network, plain) = drawn_mlp(d_model, d_ff, dtype, seed)?;
            let shape = [front, &[d_model]].concat();
            let mut x = numbers(shape.iter().product(), seed + 3);
            x.iter_mut().for_each(|x| *x *= scale);
            let x = flat(&tensor(&x, &shape, dtype)?)?;
            let want = mlp(&x, plain.each_ref().map(Vec::as_slice), d_model);
            let got = (answers.swiglu_mlp)(&tensor(&x, &shape, dtype)?, &network)?;
            let what = format!("x {shape:?} up to {scale}, d_ff {d_ff}, {dtype:?}");
            expect_tensor(&what, &got, &shape, dtype, &want, rounding(dtype, &want))?;
        }
    }
    let model = tiny()?.map(|tensor| tensor.to_dtype(DType::F64))?;
    for case in golden()?.parts {
        let x = tensor(&case.x, &case.shape, DType::F64)?;
        let got = (answers.swiglu_mlp)(&x, &model.blocks[case.layer].mlp)?;
        let what = format!("block {} of the model in golden/, as in PyTorch", case.layer);
        expect_tensor(
            &what,
            &got,
            &case.shape,
            DType::F64,
            &case.mlp,
            rounding(DType::F64, &case.mlp),
        )?;
    }
    Ok(())
}

pub fn mlp_passes_gradients(answers: &Answers) -> Outcome {
    let (network, plain) = drawn_mlp(3, 5, DType::F64, 40)?;
    let var = |x: &Tensor| Ok::<_, Failure>(Var::from_tensor(x)?.into_inner());
    let leaf = var(&tensor(&numbers(24, 44), &[3, 2, 4], DType::F64)?)?;
    let [gate_proj, up_proj, down_proj] =
        [&network.gate_proj, &network.up_proj, &network.down_proj].map(|part| &part.weight);
    let leaves = [leaf, var(gate_proj)?, var(up_proj)?, var(down_proj)?];
    // x is a view: axes swapped, and the last number of each vector left out.
    let view = |x: &Tensor| x.transpose(0, 1)?.narrow(2, 0, 3);
    let run = |leaves: &[Tensor]| -> Result<Tensor, Failure> {
        let [gate_proj, up_proj, down_proj] =
            [1, 2, 3].map(|i| Linear { weight: leaves[i].clone() });
        Ok((answers.swiglu_mlp)(&view(&leaves[0])?, &Mlp { gate_proj, up_proj, down_proj })?)
    };
    let got = run(&leaves)?;
    let x = flat(&view(&leaves[0])?.contiguous()?)?;
    let want = mlp(&x, plain.each_ref().map(Vec::as_slice), 3);
    expect_tensor("a view of x", &got, &[2, 3, 3], DType::F64, &want, CLOSE)?;
    let gradients = (&got * upstream(&got)?)?.sum_all()?.backward()?;
    for (i, name) in ["x", "gate_proj", "up_proj", "down_proj"].into_iter().enumerate() {
        expect_slopes(name, &leaves[i], gradients.get(&leaves[i]), &mut |moved| {
            let mut leaves = leaves.clone();
            leaves[i] = moved.clone();
            let y = run(&leaves)?;
            Ok((&y * upstream(&y)?)?.sum_all()?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn mlp_refuses(answers: &Answers) -> Outcome {
    mlp_opens_and_shuts(answers)?;
    let (network, _) = drawn_mlp(3, 5, DType::F32, 50)?;
    for x in [&[2, 5][..], &[2, 4], &[1], &[0, 3], &[2, 0, 3], &[3, 1]] {
        let got = (answers.swiglu_mlp)(&Tensor::zeros(x, DType::F32, &Device::Cpu)?, &network);
        let want = PalmError::Linear { x: x.to_vec(), weight: vec![5, 3] };
        expect_error_is(&format!("x {x:?} for vectors of 3 numbers"), got, &want)?;
    }
    Ok(())
}

pub fn attention_is_that_of_pytorch(answers: &Answers) -> Outcome {
    let model = tiny()?;
    let d_head = model.config.d_head;
    for dtype in [DType::F64, DType::F32] {
        let model = model.map(|tensor| tensor.to_dtype(dtype))?;
        for case in golden()?.parts {
            let [batch, seq, _] = case.shape;
            let x = tensor(&case.x, &case.shape, dtype)?;
            // As it comes, and with the numbers of a place in all texts side by side.
            let swapped = x.transpose(0, 1)?.contiguous()?.transpose(0, 1)?;
            for x in [x, swapped] {
                let its = &model.blocks[case.layer].attention;
                let mask = staircase(seq, seq)?;
                let (y, kept) =
                    (answers.multi_query_attention)(&x, its, &model.config, None, Some(&mask))?;
                let what = format!("block {} of the model in golden/, {dtype:?}", case.layer);
                let one = [batch, 1, seq, d_head];
                for (name, got, shape, want) in [
                    ("the kept keys", &kept.keys, one.as_slice(), &case.keys),
                    ("the kept values", &kept.values, one.as_slice(), &case.values),
                    ("the result", &y, case.shape.as_slice(), &case.attention),
                ] {
                    let tolerance = rounding(dtype, want);
                    expect_tensor(&format!("{what}: {name}"), got, shape, dtype, want, tolerance)?;
                }
            }
        }
    }
    Ok(())
}

pub fn attention_goes_on_from_its_past(answers: &Answers) -> Outcome {
    for (seed, cuts) in (60..).zip([&[1, 4][..], &[4, 1], &[2, 1, 2], &[1, 1, 1, 1, 1]]) {
        let model = drawn_model(small(1), 0.8, 20 * seed)?;
        let its = &model.blocks[0].attention;
        let x = tensor(&numbers(2 * 5 * 6, seed), &[2, 5, 6], DType::F64)?;
        let run = |x: &Tensor, past: Option<&KeysValues>, mask: Tensor| {
            (answers.multi_query_attention)(x, its, &model.config, past, Some(&mask))
        };
        let (whole, all) = run(&x, None, staircase(5, 5)?)?;
        let (mut past, mut parts, mut from): (Option<KeysValues>, Vec<Tensor>, usize) =
            (None, Vec::new(), 0);
        for &seq in cuts {
            let part = x.narrow(1, from, seq)?;
            from += seq;
            let (y, kept) = run(&part, past.as_ref(), staircase(seq, from)?)?;
            for (name, kept) in [("keys", &kept.keys), ("values", &kept.values)] {
                let what = format!("{name} kept after {from} of 5 tokens, in parts of {cuts:?}");
                expect_form(&what, kept, &[2, 1, from, 4], DType::F64)?;
            }
            parts.push(y);
            past = Some(kept);
        }
        let Some(past) = past else { continue };
        let what = format!("five tokens in parts of {cuts:?}, as at once");
        for (name, got, want) in [
            ("the result", &Tensor::cat(&parts, 1)?, &whole),
            ("keys", &past.keys, &all.keys),
            ("values", &past.values, &all.values),
        ] {
            let what = format!("{what}: {name}");
            expect_tensor(&what, got, want.dims(), DType::F64, &flat(want)?, CLOSE)?;
        }
    }
    attention_is_that_of_pytorch(answers)
}

pub fn attention_obeys_its_mask(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 70)?;
    let x = tensor(&numbers(2 * 5 * 6, 71), &[2, 5, 6], DType::F64)?;
    let run = |x: &Tensor, mask: Option<&Tensor>| -> Result<Tensor, Failure> {
        let its = &model.blocks[0].attention;
        Ok((answers.multi_query_attention)(x, its, &model.config, None, mask)?.0)
    };
    // Who sees only itself takes its own value, wherever it stands.
    let only = (0..25).map(|at| u8::from(at % 6 == 0)).collect();
    let only = Tensor::from_vec(only, (5, 5), &Device::Cpu)?;
    let got = run(&x, Some(&only))?;
    for t in 0..5 {
        let alone = flat(&run(&x.narrow(1, t, 1)?.contiguous()?, None)?)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &got.narrow(1, t, 1)?, &[2, 1, 6], DType::F64, &alone, CLOSE)?;
    }
    // Without a mask all see all: as with one that hides nothing, and not as with the causal one.
    let all = flat(&run(&x, Some(&Tensor::ones((5, 5), DType::U8, &Device::Cpu)?))?)?;
    expect_tensor("no mask", &run(&x, None)?, &[2, 5, 6], DType::F64, &all, CLOSE)?;
    // A mask of each text, and of each head.
    let mut see = vec![1_u8; 2 * 3 * 5 * 5];
    see[..75].copy_from_slice(
        &[[1, 0, 0, 0, 0].repeat(5), [0, 1, 0, 0, 0].repeat(5), [0, 0, 0, 0, 1].repeat(5)].concat(),
    );
    let mask = Tensor::from_vec(see, (2, 3, 5, 5), &Device::Cpu)?;
    let got = run(&x, Some(&mask))?;
    expect_tensor(
        "the second text, which sees all",
        &got.narrow(0, 1, 1)?,
        &[1, 5, 6],
        DType::F64,
        &all[30..],
        CLOSE,
    )?;
    // In the first, all five look at the same three tokens.
    let first = flat(&got.narrow(0, 0, 1)?)?;
    let what = "five tokens whose heads look at one token each, all at the same ones";
    expect_tensor(
        what,
        &got.narrow(0, 0, 1)?,
        &[1, 5, 6],
        DType::F64,
        &first[..6].repeat(5),
        CLOSE,
    )?;
    attention_is_that_of_pytorch(answers)
}

pub fn attention_passes_gradients(answers: &Answers) -> Outcome {
    let mask = staircase(4, 4)?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let mut model = drawn_model(small(1), 0.8, 80)?.map(var)?;
    let x = var(&tensor(&numbers(2 * 4 * 6, 81), &[2, 4, 6], DType::F64)?)?;
    let config = model.config.clone();
    let run = |x: &Tensor, its: &crate::Attention| -> Result<Tensor, Failure> {
        let (y, kept) = (answers.multi_query_attention)(x, its, &config, None, Some(&mask))?;
        let sum = |y: &Tensor| (y * upstream(y)?)?.sum_all();
        // What is kept may be looked at again, and learns by that, too.
        Ok(((sum(&y)? + sum(&kept.keys)?)? + sum(&kept.values)?)?)
    };
    let gradients = run(&x, &model.blocks[0].attention)?.backward()?;
    let its = model.blocks[0].attention.clone();
    expect_slopes("x", &x, gradients.get(&x), &mut |x| Ok(run(x, &its)?.to_scalar::<f64>()?))?;
    for (i, name) in ["q_proj", "k_proj", "v_proj", "o_proj"].into_iter().enumerate() {
        let weight = model.blocks[0].tensors_mut()[1 + i].clone();
        expect_slopes(name, &weight, gradients.get(&weight), &mut |moved| {
            let mut block = model.blocks[0].clone();
            *block.tensors_mut()[1 + i] = moved.clone();
            Ok(run(&x, &block.attention)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn attention_refuses(answers: &Answers) -> Outcome {
    attention_is_that_of_pytorch(answers)?;
    let run = |config: Config, x: &[usize], mask: Option<Tensor>| {
        let model = drawn_model(config, 0.8, 90)?;
        let x = Tensor::zeros(x, DType::F64, &Device::Cpu)?;
        let its = &model.blocks[0].attention;
        (answers.multi_query_attention)(&x, its, &model.config, None, mask.as_ref()).map(|(y, _)| y)
    };
    let got = run(small(1), &[2, 5, 4], None);
    match got {
        Err(PalmError::Linear { ref x, .. }) if x == &[2, 5, 4] => {}
        got => {
            let want = PalmError::Linear { x: vec![2, 5, 4], weight: vec![12, 6] };
            expect_error_is("vectors of 4 numbers for weights that take 6", got, &want)?;
        }
    }
    let got = run(Config { d_head: 3, ..small(1) }, &[2, 5, 6], None);
    let want = PalmError::Position(positions::PositionError::Odd(3));
    expect_error_is("heads of 3 numbers", got, &want)?;
    let mask = Tensor::ones((5, 4), DType::U8, &Device::Cpu)?;
    let got = run(small(1), &[2, 5, 6], Some(mask));
    let (mask, scores) = (vec![5, 4], vec![2, 3, 5, 5]);
    let want = PalmError::Attention(attention::AttentionError::Mask { mask, scores });
    expect_error_is("a mask (5, 4) for five tokens", got, &want)
}

pub fn counts_are_the_published(answers: &Answers) -> Outcome {
    for model in published() {
        let got = (answers.parameters)(&model.config);
        // To the digits of the paper, which leaves the gains of the norms out.
        let billions =
            |hundredths: u64| format!("{}.{:02} billion", hundredths / 100, hundredths % 100);
        let weights = got.embeddings.saturating_add(got.attention).saturating_add(got.mlp);
        let rounded = weights.saturating_add(5_000_000) / 10_000_000;
        let what = format!("{}: table, attention and feed-forward, {weights},", model.name);
        expect_same(&what, &billions(rounded), &billions(model.hundredths))?;
    }
    counts_are_those_of_pytorch(answers)
}

pub fn counts_are_those_of_pytorch(answers: &Answers) -> Outcome {
    for case in counts()? {
        let got = (answers.parameters)(&case.config);
        let want = Parameters {
            embeddings: case.embeddings,
            attention: case.attention,
            mlp: case.mlp,
            norms: case.norms,
        };
        for ((part, got), (_, want)) in got.parts().into_iter().zip(want.parts()) {
            expect_same(&format!("{}: parameters of the {part}", case.name), &got, &want)?;
        }
    }
    Ok(())
}

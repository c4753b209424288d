//! The small parts: a product, embeddings, the head.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{
    batch_of, expect_form, expect_slopes, expect_tensor, flat, ids, numbers, rounding, tensor,
    upstream,
};

use crate::oracle::{drawn_model, golden, normed, product, small, tiny};
use crate::{Answers, Bert, BertError, Config, Norm};

/// Up to 64 products of numbers up to 1.
const F32: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-5 };
const F64: Tolerance = Tolerance { rtol: 1e-11, atol: 1e-12 };

pub fn linear_multiplies(answers: &Answers) -> Outcome {
    // A square weight fits both ways around.
    for (seed, (front, n_in, n_out)) in (1..).step_by(3).zip([
        (&[2][..], 3, 3),
        (&[4], 2, 5),
        (&[2, 3], 5, 5),
        (&[], 4, 3),
        (&[3, 1, 2], 7, 2),
        (&[1], 64, 1),
    ]) {
        let shape = [front, &[n_in]].concat();
        let x = numbers(shape.iter().product(), seed);
        let (weight, bias) = (numbers(n_in * n_out, seed + 1), numbers(n_out, seed + 2));
        let want = product(&x, &weight, &bias);
        let what = format!("x {shape:?} times a weight ({n_out}, {n_in}), plus a bias");
        for (dtype, tolerance) in [(DType::F32, F32), (DType::F64, F64)] {
            let got = (answers.linear)(
                &tensor(&x, &shape, dtype)?,
                &tensor(&weight, &[n_out, n_in], dtype)?,
                &tensor(&bias, &[n_out], dtype)?,
            )?;
            let shape = [front, &[n_out]].concat();
            expect_tensor(&what, &got, &shape, dtype, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn linear_takes_views(answers: &Answers) -> Outcome {
    let var = |x: &[f64], shape: &[usize]| -> candle_core::Result<Tensor> {
        Ok(Var::from_tensor(&tensor(x, shape, DType::F64)?)?.into_inner())
    };
    // Axes swapped, some columns of a wider weight, the second half of a bias.
    let leaves = [
        var(&numbers(24, 31), &[3, 2, 4])?,
        var(&numbers(50, 32), &[5, 10])?,
        var(&numbers(10, 33), &[10])?,
    ];
    let view = |i: usize, leaf: &Tensor| match i {
        0 => leaf.transpose(0, 1),
        1 => leaf.narrow(1, 3, 4),
        _ => leaf.narrow(0, 5, 5),
    };
    let run = |leaves: &[Tensor]| -> Result<Tensor, Failure> {
        let [x, weight, bias] = [0, 1, 2].map(|i| view(i, &leaves[i]));
        Ok((answers.linear)(&x?, &weight?, &bias?)?)
    };
    let got = run(&leaves)?;
    let numbers_of =
        |i: usize| -> candle_core::Result<Vec<f64>> { flat(&view(i, &leaves[i])?.contiguous()?) };
    let want = product(&numbers_of(0)?, &numbers_of(1)?, &numbers_of(2)?);
    expect_tensor("views of x, weight and bias", &got, &[2, 3, 5], DType::F64, &want, F64)?;
    let gradients = (&got * upstream(&got)?)?.sum_all()?.backward()?;
    for (i, name) in ["x", "the weight", "the bias"].into_iter().enumerate() {
        expect_slopes(name, &leaves[i], gradients.get(&leaves[i]), &mut |moved| {
            let mut leaves = leaves.clone();
            leaves[i] = moved.clone();
            let y = run(&leaves)?;
            Ok((&y * upstream(&y)?)?.sum_all()?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn linear_refuses(answers: &Answers) -> Outcome {
    linear_multiplies(answers)?;
    for (x, weight, bias) in [
        (&[2, 3][..], &[5, 4][..], &[5][..]),
        // As GPT-2 has it.
        (&[2, 3], &[3, 5], &[5]),
        (&[2, 3], &[5, 3], &[3]),
        (&[2, 3], &[5, 3], &[1]),
        (&[2, 3], &[5, 3], &[1, 5]),
        (&[2, 3], &[1, 5, 3], &[5]),
        (&[2, 3], &[3], &[5]),
        (&[], &[5, 3], &[5]),
        (&[0, 3], &[5, 3], &[5]),
        (&[2, 0], &[5, 0], &[5]),
        (&[2, 3], &[0, 3], &[0]),
        (&[2, 0, 3], &[5, 3], &[5]),
    ] {
        let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu);
        let got = (answers.linear)(&zeros(x)?, &zeros(weight)?, &zeros(bias)?);
        let what = format!("x {x:?}, weight {weight:?}, bias {bias:?}");
        let [x, weight, bias] = [x, weight, bias].map(<[usize]>::to_vec);
        expect_error_is(&what, got, &BertError::Linear { x, weight, bias })?;
    }
    Ok(())
}

pub fn embeddings_are_those_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny(dtype)?;
        let n = model.config.hidden_size;
        for case in golden()?.texts {
            let (ids, types, _) = case.inputs()?;
            let got = (answers.embed)(&model.embeddings, &model.config, &ids, types.as_ref())?;
            let what = format!("{}, as in transformers, {dtype:?}", case.name);
            let [batch, seq] = case.shape;
            let tolerance = rounding(dtype, &case.embedded);
            expect_tensor(&what, &got, &[batch, seq, n], dtype, &case.embedded, tolerance)?;
        }
    }
    Ok(())
}

/// What [`Answers::embed`] should make of ids and types, row by row, whole number by number.
fn embedded(model: &Bert, ids: &[u32], types: &[u32], seq: usize) -> Result<Vec<f64>, Failure> {
    let n = model.config.hidden_size;
    let tables = &model.embeddings;
    let [word, position, token_type] =
        [&tables.word, &tables.position, &tables.token_type].map(flat);
    let (word, position, token_type) = (word?, position?, token_type?);
    let mut sum = Vec::new();
    for (at, (&id, &kind)) in ids.iter().zip(types).enumerate() {
        sum.extend((0..n).map(|i| {
            word[id as usize * n + i]
                + position[at % seq * n + i]
                + token_type[kind as usize * n + i]
        }));
    }
    let Norm { weight, bias } = &tables.norm;
    Ok(normed(&sum, &flat(weight)?, &flat(bias)?, model.config.layer_norm_eps))
}

pub fn each_table_has_its_row(answers: &Answers) -> Outcome {
    // More tokens than 16 bits number, more places and types than 8.
    let config = Config {
        vocab_size: 66_000,
        max_position_embeddings: 300,
        type_vocab_size: 260,
        hidden_size: 2,
        num_attention_heads: 1,
        ..small(1)
    };
    let model = drawn_model(config, 0.8, 200)?;
    for (seed, [batch, seq]) in (210..).step_by(2).zip([[1, 300], [2, 3], [3, 1], [5, 4]]) {
        let mut ids = ids(batch * seq, 66_000, seed);
        ids[0] = 65_999;
        let types = tensor_test::ids(batch * seq, 260, seed + 1);
        let turned = |x: &[u32]| batch_of(x, [batch, seq])?.t()?.contiguous()?.t();
        let got = (answers.embed)(
            &model.embeddings,
            &model.config,
            &turned(&ids)?,
            Some(&turned(&types)?),
        )?;
        let want = embedded(&model, &ids, &types, seq)?;
        let what = format!("ids ({batch}, {seq}) of 66,000 tokens, with types");
        expect_tensor(&what, &got, &[batch, seq, 2], DType::F64, &want, F64)?;
        let got = (answers.embed)(
            &model.embeddings,
            &model.config,
            &batch_of(&ids, [batch, seq])?,
            None,
        )?;
        let want = embedded(&model, &ids, &vec![0; batch * seq], seq)?;
        let what = format!("ids ({batch}, {seq}), no types");
        expect_tensor(&what, &got, &[batch, seq, 2], DType::F64, &want, F64)?;
    }
    Ok(())
}

pub fn embed_passes_gradients(answers: &Answers) -> Outcome {
    let (ids, types) =
        (batch_of(&[3, 5, 3, 0, 8, 2], [2, 3])?, batch_of(&[0, 2, 2, 1, 0, 0], [2, 3])?);
    let model = drawn_model(small(1), 0.8, 220)?
        .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
    let run = |model: &Bert| -> Result<Tensor, Failure> {
        let x = (answers.embed)(&model.embeddings, &model.config, &ids, Some(&types))?;
        Ok((&x * upstream(&x)?)?.sum_all()?)
    };
    let names = ["word", "position", "token_type", "the gain of the norm", "the bias of the norm"];
    weights_get_gradients(&model, &names, 0, &run)
}

/// Compares the gradients of some weights, named from the `first` on, with slopes.
pub fn weights_get_gradients(
    model: &Bert,
    names: &[&str],
    first: usize,
    run: &dyn Fn(&Bert) -> Result<Tensor, Failure>,
) -> Outcome {
    let gradients = run(model)?.backward()?;
    for (i, name) in (first..).zip(names) {
        let weight = model.clone().tensors_mut()[i].clone();
        expect_slopes(name, &weight, gradients.get(&weight), &mut |moved| {
            let mut changed = model.clone();
            *changed.tensors_mut()[i] = moved.clone();
            Ok(run(&changed)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn embed_refuses(answers: &Answers) -> Outcome {
    embeddings_are_those_of_transformers(answers)?;
    let model = drawn_model(small(1), 0.8, 230)?;
    let run = |ids: &[u32], shape: &[usize], types: Option<(&[u32], &[usize])>| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        let types = types.map(|(types, shape)| Tensor::from_slice(types, shape, &Device::Cpu));
        (answers.embed)(&model.embeddings, &model.config, &ids, types.transpose()?.as_ref())
    };
    let refused = |what: &str, got, want: BertError| expect_error_is(what, got, &want);
    let bad_types = Some((&[0, 1, 2][..], &[3][..]));
    refused("one axis", run(&[1, 2], &[2], bad_types), BertError::Ids(vec![2]))?;
    refused("three axes", run(&[1, 2], &[1, 2, 1], None), BertError::Ids(vec![1, 2, 1]))?;
    refused("no token", run(&[], &[2, 0], None), BertError::Ids(vec![2, 0]))?;
    refused("no text", run(&[], &[0, 3], None), BertError::Ids(vec![0, 3]))?;
    for shape in [&[3][..], &[3, 1], &[1, 3, 1]] {
        let got = run(&[1, 17, 3], &[1, 3], Some((&[0, 9, 0], shape)));
        let want = BertError::TokenTypes { got: shape.to_vec(), want: vec![1, 3] };
        refused(&format!("types {shape:?} for ids [1, 3]"), got, want)?;
    }
    let too_long = |seq| BertError::TooLong { seq, max_position_embeddings: 11 };
    let got = run(&[1, 17, 3], &[1, 3], Some((&[0, 9], &[1, 2])));
    let want = BertError::TokenTypes { got: vec![1, 2], want: vec![1, 3] };
    refused("two types for three ids", got, want)?;
    refused("an unknown id and 12 places", run(&[17; 24], &[2, 12], None), too_long(12))?;
    run(&[16; 22], &[2, 11], Some((&[2; 22], &[2, 11])))?;
    let unknown = |id| BertError::UnknownId { id, vocab_size: 17 };
    let types = Some((&[0, 3, 7][..], &[1, 3][..]));
    refused("id 17 of 17, type 3 of 3", run(&[1, 17, 40], &[1, 3], types), unknown(17))?;
    refused("id 4294967295", run(&[u32::MAX, 20], &[2, 1], None), unknown(u32::MAX))?;
    let unknown = |token_type| BertError::UnknownType { token_type, type_vocab_size: 3 };
    refused("types 3 and 7 of 3", run(&[1, 2, 3], &[1, 3], types), unknown(3))?;
    let types = Some((&[0, u32::MAX][..], &[2, 1][..]));
    refused("type 4294967295", run(&[1, 2], &[2, 1], types), unknown(u32::MAX))
}

pub fn logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny(dtype)?;
        let Config { hidden_size, vocab_size, .. } = model.config;
        for case in golden()?.texts.iter().filter(|case| !case.logits.is_empty()) {
            let [batch, seq] = case.shape;
            let hidden = tensor(&case.hidden, &[batch, seq, hidden_size], dtype)?;
            let got = (answers.mlm_logits)(&model, &hidden)?;
            let what = format!("logits of {}, as in transformers, {dtype:?}", case.name);
            let (shape, tolerance) = ([batch, seq, vocab_size], rounding(dtype, &case.logits));
            expect_tensor(&what, &got, &shape, dtype, &case.logits, tolerance)?;
        }
    }
    Ok(())
}

pub fn the_table_is_tied(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 240)?;
    let hidden = tensor(&numbers(2 * 3 * 6, 241), &[2, 3, 6], DType::F64)?;
    let run = |model: &Bert| -> Result<Vec<f64>, Failure> {
        let logits = (answers.mlm_logits)(model, &hidden)?;
        expect_form("the logits", &logits, &[2, 3, 17], DType::F64)?;
        Ok(flat(&logits)?)
    };
    let before = run(&model)?;
    let bias = match &model.mlm {
        Some(head) => flat(&head.bias)?,
        None => return Err(Failure::wrong("the drawn model has no head: a bug of this check")),
    };
    for token in [0, 4, 16] {
        let mut table = flat(&model.embeddings.word)?;
        table[token * 6..][..6].iter_mut().for_each(|x| *x *= -3.0);
        let mut changed = model.clone();
        changed.embeddings.word = tensor(&table, &[17, 6], DType::F64)?;
        let after = run(&changed)?;
        let want: Vec<f64> = before
            .iter()
            .enumerate()
            .map(
                |(at, x)| {
                    if at % 17 == token { -3.0 * (x - bias[token]) + bias[token] } else { *x }
                },
            )
            .collect();
        let what = format!("row {token} of `word` times −3");
        expect_close(&what, &[2, 3, 17], &after, &want, F64)?;
    }
    logits_are_those_of_transformers(answers)
}

pub fn head_passes_gradients(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 250)?
        .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
    let x = tensor(&numbers(2 * 3 * 6, 251), &[2, 3, 6], DType::F64)?;
    let x = Var::from_tensor(&x)?.into_inner();
    let run = |model: &Bert, x: &Tensor| -> Result<Tensor, Failure> {
        let y = (answers.mlm_logits)(model, x)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&model, &x)?.backward()?;
    expect_slopes("the hidden states", &x, gradients.get(&x), &mut |x| {
        Ok(run(&model, x)?.to_scalar::<f64>()?)
    })?;
    weights_get_gradients(&model, &["word, of the embeddings,"], 0, &|model| run(model, &x))?;
    let names =
        ["dense.weight", "dense.bias", "the gain of the norm", "the bias of the norm", "the bias"];
    let first = model.clone().tensors_mut().len() - names.len();
    weights_get_gradients(&model, &names, first, &|model| run(model, &x))
}

pub fn no_head_is_an_error(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let model = drawn_model(small(1), 0.8, 260)?;
    let headless = Bert { mlm: None, ..model.clone() };
    for shape in [&[2, 3, 6][..], &[2, 3, 5]] {
        let hidden = Tensor::zeros(shape, DType::F64, &Device::Cpu)?;
        let got = (answers.mlm_logits)(&headless, &hidden);
        expect_error_is("a model without a head", got, &BertError::NoHead)?;
    }
    let got = (answers.mlm_logits)(&model, &Tensor::zeros((2, 3, 5), DType::F64, &Device::Cpu)?);
    let want = BertError::Linear { x: vec![2, 3, 5], weight: vec![6, 6], bias: vec![6] };
    expect_error_is("hidden states of 5 numbers for a model of 6", got, &want)?;
    let got = (answers.mlm_logits)(&model, &tensor(&numbers(6, 1), &[1, 1, 6], DType::F64)?)?;
    expect(got.dims() == [1, 1, 17], || format!("logits of shape {:?}, not [1, 1, 17]", got.dims()))
}

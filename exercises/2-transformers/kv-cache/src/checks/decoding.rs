//! A text read in steps: whatever the steps, the result is that of the whole text.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is, expect_same};
use positions::PositionError;
use tensor_test::expect_tensor;

use crate::oracle::{Text, cases, filled, held, state};
use crate::{Answers, CacheError, KvCache};

/// Reads tokens in steps, and returns what each of them gets.
fn read(
    answers: &Answers,
    cache: &mut KvCache,
    text: &Text,
    from: usize,
    chunks: &[usize],
    window: Option<usize>,
) -> Result<Tensor, Failure> {
    let (mut at, mut steps) = (from, Vec::new());
    for &count in chunks {
        let [q, k, v] = text.part(at, count, cache.k.dtype())?;
        let step = (answers.decode_step)(cache, &q, &k, &v, window)?;
        let [batch, heads, ..] = text.shape;
        expect_same("the shape of a step", step.dims(), &[batch, heads, count, text.d_v])?;
        steps.push(step);
        at += count;
    }
    Ok(Tensor::cat(&steps, 2)?)
}

/// Fails unless a text, read in steps with as little room as that takes, gives what it should.
fn expect_read(
    answers: &Answers,
    text: &Text,
    chunks: &[usize],
    window: Option<usize>,
    dtype: DType,
) -> Outcome {
    let [batch, heads, t, d] = text.shape;
    let most = chunks.iter().max().copied().unwrap_or(0);
    let room = window.map_or(t, |window| window + most);
    let mut cache = KvCache::new([batch, heads, room, d], text.d_v, dtype)?;
    let got = read(answers, &mut cache, text, 0, chunks, window)?;
    let through = window.map_or(String::new(), |window| format!(" through a window of {window}"));
    let what = format!("{t} tokens{through}, read in steps of {chunks:?}");
    let shape = [batch, heads, t, text.d_v];
    expect_tensor(&what, &got, &shape, dtype, &text.forward(window), text.allowance(dtype))?;
    let kept = window.map_or(t, |window| window.min(t));
    expect_same(&format!("{what}: cache.len"), &cache.len, &kept)?;
    expect_same(&format!("{what}: cache.start"), &cache.start, &(t - kept))
}

pub fn first_step_is_attention(answers: &Answers) -> Outcome {
    for (seed, (shape, d_v)) in (200..).zip([([1, 1, 4, 2], 2), ([2, 3, 5, 4], 3)]) {
        let text = Text::drawn(shape, d_v, seed);
        expect_read(answers, &text, &[shape[2]], None, DType::F32)?;
    }
    Ok(())
}

pub fn token_by_token_is_all_at_once(answers: &Answers) -> Outcome {
    for (seed, (shape, d_v)) in (210..).zip([([1, 1, 5, 2], 3), ([3, 2, 7, 6], 4)]) {
        let text = Text::drawn(shape, d_v, seed);
        expect_read(answers, &text, &vec![1; shape[2]], None, DType::F32)?;
    }
    Ok(())
}

pub fn any_steps_are_all_at_once(answers: &Answers) -> Outcome {
    let text = Text::drawn([2, 2, 9, 4], 5, 220);
    for chunks in [vec![4, 5], vec![6, 1, 1, 1], vec![1, 3, 2, 3], vec![2, 0, 7], vec![0, 8, 1]] {
        for dtype in [DType::F32, DType::F64] {
            expect_read(answers, &text, &chunks, None, dtype)?;
        }
    }
    Ok(())
}

pub fn steps_are_those_of_llama(answers: &Answers) -> Outcome {
    for case in cases()? {
        let [batch, heads, t, d] = case.shape;
        let (q, k, v) = (case.q, case.k, case.v);
        let text = Text { shape: case.shape, d_v: case.d_v, q, k, v };
        let mut cache = KvCache::new([batch, heads, t, d], case.d_v, DType::F32)?;
        let got = read(answers, &mut cache, &text, 0, &case.chunks, case.window)?;
        let shape = [batch, heads, t, case.d_v];
        let tolerance = text.allowance(DType::F32);
        expect_tensor(&case.name, &got, &shape, DType::F32, &case.out, tolerance)?;
        if case.window.is_none() {
            let what = format!("{}: the keys in the cache", case.name);
            expect_close(&what, &case.shape, &held(&cache)?[0], &case.keys, Tolerance::F32)?;
        }
    }
    Ok(())
}

pub fn positions_go_on(answers: &Answers) -> Outcome {
    // Scores tell distances only; what is kept tells positions, also behind what was dropped.
    let text = Text::drawn([1, 2, 6, 4], 3, 230);
    for start in [0, 1, 40] {
        let mut cache = KvCache::new([1, 2, 6, 4], 3, DType::F64)?;
        cache.start = start;
        read(answers, &mut cache, &text, 0, &[3, 1, 2], None)?;
        let [keys, values] = held(&cache)?;
        let tolerance = Tolerance { rtol: 1e-9, atol: 1e-9 };
        let what = format!("keys of positions {start} to {}, as the cache keeps them", start + 5);
        expect_close(&what, &text.shape, &keys, &text.turned_keys(start), tolerance)?;
        expect_close("the values that it keeps", &[1, 2, 6, 3], &values, &text.v, tolerance)?;
    }
    Ok(())
}

pub fn windows_slide_along(answers: &Answers) -> Outcome {
    let text = Text::drawn([2, 1, 14, 4], 3, 240);
    for (window, chunks) in [
        (3, vec![1; 14]),
        (1, vec![5, 9]),
        (4, vec![6, 3, 1, 4]),
        (2, vec![1, 4, 0, 9]),
        (14, vec![7, 7]),
    ] {
        expect_read(answers, &text, &chunks, Some(window), DType::F32)?;
        expect_read(answers, &text, &chunks, Some(window), DType::F64)?;
    }
    Ok(())
}

pub fn other_words_after_going_back(answers: &Answers) -> Outcome {
    let (text, other) = (Text::drawn([2, 2, 7, 4], 3, 250), Text::drawn([2, 2, 7, 4], 3, 251));
    for back in [5, 2, 0] {
        let mut cache = KvCache::new([2, 2, 7, 4], 3, DType::F32)?;
        read(answers, &mut cache, &text, 0, &[4, 1, 1], None)?;
        cache.len = back;
        let got = read(answers, &mut cache, &other, back, &[1, 6 - back], None)?;
        let fresh = text.spliced(back, &other);
        let want = Tensor::from_vec(fresh.forward(None), (2, 2, 7, 3), &Device::Cpu)?;
        let want = tensor_test::flat(&want.narrow(2, back, 7 - back)?)?;
        let what = format!("other words from place {back} on");
        let tolerance = fresh.allowance(DType::F32);
        expect_tensor(&what, &got, &[2, 2, 7 - back, 3], DType::F32, &want, tolerance)?;
    }
    Ok(())
}

pub fn failed_steps_change_nothing(answers: &Answers) -> Outcome {
    token_by_token_is_all_at_once(answers)?;
    let refused = |what: &str,
                   shapes: [[usize; 4]; 3],
                   q_type: DType,
                   window,
                   want: &CacheError|
     -> Outcome {
        let mut cache = filled(&Text::drawn([2, 1, 3, 4], 2, 260), 5, DType::F32)?;
        let before = state(&cache)?;
        let [q, k, v] = shapes.map(|shape| Tensor::ones(&shape, DType::F32, &Device::Cpu));
        let got = (answers.decode_step)(&mut cache, &q?.to_dtype(q_type)?, &k?, &v?, window);
        expect_error_is(what, got, want)?;
        expect_same(&format!("{what}: the cache after the error"), &state(&cache)?, &before)
    };
    let (one, values) = ([2, 1, 1, 4], [2, 1, 1, 2]);
    let full = CacheError::Full { len: 3, new: 3, capacity: 5 };
    let three = [[2, 1, 3, 4], [2, 1, 3, 4], [2, 1, 3, 2]];
    refused("3 tokens in 2 places", three, DType::F32, None, &full)?;
    // A window drops old tokens after the step, not before it.
    refused("3 tokens in 2 places, with a window", three, DType::F32, Some(2), &full)?;
    refused("a window of 0", [one, one, values], DType::F32, Some(0), &CacheError::NoWindow)?;
    for q in [[2, 1, 2, 4], [2, 2, 1, 4], [1, 1, 1, 4], [2, 1, 1, 2]] {
        let want = CacheError::Queries { q: q.into(), k: one.into() };
        refused(&format!("queries {q:?}"), [q, one, values], DType::F32, None, &want)?;
    }
    let want = CacheError::Queries { q: one.into(), k: one.into() };
    refused("queries of type f64", [one, one, values], DType::F64, None, &want)?;
    let want = CacheError::Shapes { room: vec![2, 1, 5, 4], k: one.into(), v: one.into() };
    refused("wide values", [one, one, one], DType::F32, None, &want)?;

    let mut odd = KvCache::new([1, 1, 4, 3], 2, DType::F32)?;
    let [x, v] = [3, 2].map(|width| Tensor::ones((1, 1, 1, width), DType::F32, &Device::Cpu));
    let x = x?;
    let got = (answers.decode_step)(&mut odd, &x, &x, &v?, None);
    expect_error_is("three numbers a head", got, &CacheError::Position(PositionError::Odd(3)))?;
    expect(odd.len == 0, || format!("after an error the cache keeps {} tokens", odd.len))
}

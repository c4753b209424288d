//! What a cache keeps: appending, going back, a copy of its own, the last of a long text.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect, expect_error_is, expect_same};
use tensor_test::{expect_tensor, flat};

use crate::oracle::{Text, filled, held, state};
use crate::{Answers, CacheError, KvCache, SoFar};

/// What is kept is kept to the last digit.
const EXACT: Tolerance = Tolerance { rtol: 0.0, atol: 0.0 };
const TYPES: [DType; 2] = [DType::F32, DType::F64];

/// Fails unless these are the first tokens of a text.
fn expect_first(what: &str, got: &[Tensor; 2], text: &Text, len: usize, dtype: DType) -> Outcome {
    let [batch, heads, _, d] = text.shape;
    let [_, k, v] = text.part(0, len, dtype)?;
    for (name, got, want, width) in [("keys", &got[0], &k, d), ("values", &got[1], &v, text.d_v)] {
        let shape = [batch, heads, len, width];
        expect_tensor(&format!("{what}: the {name}"), got, &shape, dtype, &flat(want)?, EXACT)?;
    }
    Ok(())
}

/// What a cache holds, as a check of [`expect_first`] takes it.
fn kept(cache: &KvCache) -> candle_core::Result<[Tensor; 2]> {
    Ok([cache.k.narrow(2, 0, cache.len)?, cache.v.narrow(2, 0, cache.len)?])
}

fn append(
    answers: &Answers,
    cache: &mut KvCache,
    text: &Text,
    [from, count]: [usize; 2],
) -> Result<[Tensor; 2], Failure> {
    let [_, k, v] = text.part(from, count, cache.k.dtype())?;
    let (k, v): SoFar = (answers.append)(cache, &k, &v)?;
    Ok([k, v])
}

pub fn tokens_come_back_in_order(answers: &Answers) -> Outcome {
    for (seed, (shape, d_v, chunks)) in (1..).zip([
        ([1, 1, 3, 2], 2, vec![1, 1, 1]),
        ([2, 3, 7, 4], 5, vec![3, 1, 2, 1]),
        ([3, 1, 6, 1], 3, vec![2, 0, 4]),
    ]) {
        let text = Text::drawn(shape, d_v, seed);
        let [batch, heads, t, d] = shape;
        let mut cache = KvCache::new([batch, heads, t + 2, d], d_v, DType::F32)?;
        let mut len = 0;
        for count in chunks {
            let what = format!("{count} tokens behind {len}, shape {shape:?}");
            let got = append(answers, &mut cache, &text, [len, count])?;
            len += count;
            expect_first(&what, &got, &text, len, DType::F32)?;
            expect_same(&format!("{what}: cache.len"), &cache.len, &len)?;
            expect_first(&format!("{what}, in the cache"), &kept(&cache)?, &text, len, DType::F32)?;
        }
    }
    Ok(())
}

pub fn nothing_is_moved(answers: &Answers) -> Outcome {
    let text = Text::drawn([2, 2, 5, 3], 4, 10);
    let mut cache = KvCache::new([2, 2, 9, 3], 4, DType::F32)?;
    let rooms = [cache.k.id(), cache.v.id()];
    for (from, count) in [(0, 2), (2, 1), (3, 2)] {
        let got = append(answers, &mut cache, &text, [from, count])?;
        expect_first("what is returned", &got, &text, from + count, DType::F32)?;
        expect([cache.k.id(), cache.v.id()] == rooms, || {
            format!(
                "after {} tokens the cache has other tensors than before: new rows belong into \
                 those that it has",
                from + count
            )
        })?;
    }
    expect_first("in the cache's own tensors", &kept(&cache)?, &text, 5, DType::F32)
}

pub fn append_takes_views_of_both_types(answers: &Answers) -> Outcome {
    let text = Text::drawn([2, 3, 4, 6], 5, 20);
    for dtype in TYPES {
        let mut cache = KvCache::new([2, 3, 8, 6], 5, dtype)?;
        for from in [0, 2] {
            let [_, k, v] = text.part(from, 2, dtype)?;
            // As they leave a model: (batch, t, heads, width), with the axes swapped.
            let swapped = |x: &Tensor| x.transpose(1, 2)?.contiguous()?.transpose(1, 2);
            let wide = |x: &Tensor| Tensor::cat(&[x, x], 3)?.narrow(3, 0, x.dims()[3]);
            let (k, v) = (swapped(&k)?, wide(&v)?);
            let (k, v) = (answers.append)(&mut cache, &k, &v)?;
            let what = format!("{} views of type {dtype:?}", from + 2);
            expect_first(&what, &[k, v], &text, from + 2, dtype)?;
        }
    }
    Ok(())
}

pub fn full_cache_refuses(answers: &Answers) -> Outcome {
    // A cache may be filled to the last place, and one that always refuses must not pass.
    let text = Text::drawn([1, 2, 6, 2], 3, 30);
    let mut cache = KvCache::new([1, 2, 4, 2], 3, DType::F32)?;
    append(answers, &mut cache, &text, [0, 3])?;
    for count in [2, 3] {
        let before = state(&cache)?;
        let [_, k, v] = text.part(3, count, DType::F32)?;
        let got = (answers.append)(&mut cache, &k, &v);
        let what = format!("{count} more tokens in a cache with 3 of 4 places taken");
        expect_error_is(&what, got, &CacheError::Full { len: 3, new: count, capacity: 4 })?;
        expect_same(&format!("{what}: the cache after the error"), &state(&cache)?, &before)?;
    }
    let got = append(answers, &mut cache, &text, [3, 1])?;
    expect_first("the last place", &got, &text, 4, DType::F32)?;
    let got = append(answers, &mut cache, &text, [4, 0])?;
    expect_first("no token in a full cache", &got, &text, 4, DType::F32)
}

pub fn append_refuses_what_does_not_fit(answers: &Answers) -> Outcome {
    let text = Text::drawn([2, 2, 3, 4], 3, 40);
    let mut cache = KvCache::new([2, 2, 5, 4], 3, DType::F32)?;
    append(answers, &mut cache, &text, [0, 3])?;
    let before = state(&cache)?;
    let ones = |shape: &[usize], dtype| Tensor::ones(shape, dtype, &Device::Cpu);
    for (k, v) in [
        ([2, 2, 1, 4], [2, 2, 2, 3]),
        ([2, 1, 1, 4], [2, 1, 1, 3]),
        ([1, 2, 1, 4], [1, 2, 1, 3]),
        ([2, 2, 1, 3], [2, 2, 1, 3]),
        ([2, 2, 1, 4], [2, 2, 1, 4]),
    ] {
        let want = CacheError::Shapes { room: vec![2, 2, 5, 4], k: k.into(), v: v.into() };
        let got = (answers.append)(&mut cache, &ones(&k, DType::F32)?, &ones(&v, DType::F32)?);
        expect_error_is(&format!("keys {k:?} and values {v:?}"), got, &want)?;
    }
    let (k, v) = (ones(&[2, 2, 1, 4], DType::F32)?, ones(&[2, 2, 1, 3], DType::F64)?);
    let want = CacheError::Type { cache: DType::F32, given: DType::F64 };
    expect_error_is("values of type f64", (answers.append)(&mut cache, &k, &v), &want)?;
    expect_same("the cache after errors", &state(&cache)?, &before)
}

pub fn going_back_forgets(answers: &Answers) -> Outcome {
    let (text, other) = (Text::drawn([2, 2, 6, 3], 2, 50), Text::drawn([2, 2, 6, 3], 2, 51));
    for len in [4, 1, 0, 6] {
        let mut cache = filled(&text, 6, DType::F32)?;
        (answers.truncate)(&mut cache, len)?;
        let what = format!("6 tokens cut to {len}");
        expect_same(&format!("{what}: cache.len"), &(cache.len, cache.start), &(len, 0))?;
        expect_same(&format!("{what}: the capacity"), &cache.capacity(), &6)?;
        // What comes next stands where the forgotten ones stood.
        let [_, k, v] = other.part(len, 6 - len, DType::F32)?;
        let (k, v) = (crate::SOLUTION.append)(&mut cache, &k, &v)?;
        let spliced = text.spliced(len, &other);
        expect_first(&format!("{what}, and other tokens"), &[k, v], &spliced, 6, DType::F32)?;
    }
    Ok(())
}

pub fn nobody_goes_back_to_the_future(answers: &Answers) -> Outcome {
    going_back_forgets(answers)?;
    let mut cache = filled(&Text::drawn([1, 1, 3, 2], 2, 60), 8, DType::F32)?;
    let before = state(&cache)?;
    for wanted in [4, 8, 9, usize::MAX] {
        let got = (answers.truncate)(&mut cache, wanted);
        let what = format!("3 tokens cut to {wanted}");
        expect_error_is(&what, got, &CacheError::Ahead { wanted, len: 3 })?;
        expect_same(&format!("{what}: the cache after the error"), &state(&cache)?, &before)?;
    }
    Ok(())
}

pub fn forks_go_their_own_ways(answers: &Answers) -> Outcome {
    let (text, other) = (Text::drawn([1, 2, 6, 3], 4, 70), Text::drawn([1, 2, 6, 3], 4, 71));
    // A full cache can be forked, too: both may go back.
    for (dtype, capacity) in TYPES.into_iter().flat_map(|dtype| [(dtype, 8), (dtype, 6)]) {
        let mut first = filled(&text, capacity, dtype)?;
        let mut second = (answers.fork)(&first)?;
        expect_same("the capacity of the fork", &second.capacity(), &capacity)?;
        expect_first("the fork at first", &kept(&second)?, &text, 6, dtype)?;
        for (cache, text) in [(&mut first, &text), (&mut second, &other)] {
            cache.len = 3;
            let [_, k, v] = text.part(3, 2, dtype)?;
            (crate::SOLUTION.append)(cache, &k, &v)?;
        }
        let spliced = text.spliced(3, &other);
        expect_first("the first one, after the fork has grown", &kept(&first)?, &text, 5, dtype)?;
        expect_first("the fork, after both have grown", &kept(&second)?, &spliced, 5, dtype)?;
        // Old rows are nobody's but the fork's, either.
        (crate::SOLUTION.slide)(&mut second, 1)?;
        expect_first("the first one, after the fork slid", &kept(&first)?, &text, 5, dtype)?;
    }
    Ok(())
}

pub fn forks_know_where_they_start(answers: &Answers) -> Outcome {
    let mut cache = filled(&Text::drawn([2, 1, 5, 2], 3, 80), 7, DType::F32)?;
    (cache.start, cache.len) = (11, 4);
    let fork = (answers.fork)(&cache)?;
    expect_same("what the fork keeps", &state(&fork)?, &state(&cache)?)?;
    let rooms = [fork.k.dims(), fork.v.dims()];
    expect_same("its rooms", &rooms, &[cache.k.dims(), cache.v.dims()])
}

pub fn sliding_keeps_the_last(answers: &Answers) -> Outcome {
    for (seed, (window, len)) in (90..).zip([(3, 5), (1, 4), (2, 6), (5, 6)]) {
        let text = Text::drawn([2, 2, len, 3], 2, seed);
        let mut cache = filled(&text, len + 1, DType::F32)?;
        cache.start = 7;
        let rooms = [cache.k.id(), cache.v.id()];
        (answers.slide)(&mut cache, window)?;
        let what = format!("the last {window} of {len} tokens");
        let [_, k, v] = text.part(len - window, window, DType::F32)?;
        expect_same(&format!("{what}: cache.len"), &cache.len, &window)?;
        let dropped = len - window;
        expect_same(
            &format!("{what}, the first was at 7: cache.start"),
            &cache.start,
            &(7 + dropped),
        )?;
        expect_same(&format!("{what}: keys and values"), &held(&cache)?, &[flat(&k)?, flat(&v)?])?;
        expect([cache.k.id(), cache.v.id()] == rooms && cache.capacity() == len + 1, || {
            format!("{what}: the cache has other tensors than before")
        })?;
    }
    Ok(())
}

pub fn short_texts_do_not_slide(answers: &Answers) -> Outcome {
    sliding_keeps_the_last(answers)?;
    let mut cache = filled(&Text::drawn([1, 2, 4, 2], 3, 100), 9, DType::F32)?;
    cache.start = 2;
    let before = state(&cache)?;
    for window in [4, 5, 100, usize::MAX] {
        (answers.slide)(&mut cache, window)?;
        let what = format!("4 tokens and a window of {window}");
        expect_same(&what, &state(&cache)?, &before)?;
    }
    let got = (answers.slide)(&mut cache, 0);
    expect_error_is("a window of 0", got, &CacheError::NoWindow)?;
    expect_same("the cache after the error", &state(&cache)?, &before)
}

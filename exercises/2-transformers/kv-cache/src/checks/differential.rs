//! Answers beside the reference, on drawn inputs: caches by a drawn series of calls.

use candle_core::{DType, Tensor};
use grading::draw::{self, Just, Strategy, prop_oneof};
use grading::{
    Differential, Outcome, agree, expect, expect_bits, expect_close_or_nan, expect_same,
};
use tensor_test::{flat, largest};

use crate::oracle::{State, Text, held, state};
use crate::{Answers, CacheError, KvCache, SOLUTION, SoFar};

/// What happens to a cache.
#[derive(Clone, Debug)]
enum Call {
    Append(usize),
    Decode(usize, Option<usize>),
    Truncate(usize),
    Slide(usize),
    /// The next calls are for a copy; or for the one that was copied.
    Fork,
    Back,
}

/// A cache and the calls.
#[derive(Clone, Debug)]
struct Life {
    shape: [usize; 4],
    d_v: usize,
    start: usize,
    dtype: DType,
    is_swapped: bool,
    /// Of queries and keys, and of values.
    scales: [f64; 2],
    odd_one: Option<f64>,
    calls: Vec<Call>,
    seed: u64,
}

/// Which calls there are, how many of each.
#[derive(Clone, Copy)]
struct Mix {
    append: u32,
    decode: u32,
    truncate: u32,
    slide: u32,
    fork: u32,
}

fn life(mix: Mix) -> impl Strategy<Value = Life> {
    let window = prop_oneof![1 => Just(0), 8 => 1..=6_usize, 1 => Just(usize::MAX)];
    let few = prop_oneof![3 => Just(1_usize), 4 => draw::lengths(0..=5)];
    let len = prop_oneof![9 => draw::lengths(0..=9), 1 => Just(usize::MAX)];
    let call = prop_oneof![
        mix.append => few.clone().prop_map(Call::Append),
        mix.decode => (few, draw::option(window.clone())).prop_map(|(n, w)| Call::Decode(n, w)),
        mix.truncate => len.prop_map(Call::Truncate),
        mix.slide => window.prop_map(Call::Slide),
        mix.fork => Just(Call::Fork),
        mix.fork => Just(Call::Back),
    ];
    let width = prop_oneof![8 => (1..=4_usize).prop_map(|half| 2 * half), 1 => 1..=5_usize];
    let shape = (1..=3_usize, 1..=3_usize, draw::lengths(0..=14), width, 1..=5_usize);
    let start = prop_oneof![3 => Just(0), 2 => draw::lengths(0..=3000), 1 => Just((1 << 24) + 1)];
    let kind = (draw::select(vec![DType::F32, DType::F64]), draw::select(vec![false, true]));
    let scales =
        draw::select(vec![[1.0, 1.0], [1.0, 1.0], [40.0, 1.0], [1e-12, 1e20], [1.0, 1e-20]]);
    let odd = draw::option(draw::select(vec![-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]));
    let calls = draw::list(call, 0..=12);
    ((shape, start), kind, (scales, odd), calls, draw::any_u64()).prop_map(
        |(((batch, heads, room, d, d_v), start), kind, (scales, odd_one), calls, seed)| Life {
            shape: [batch, heads, room, d],
            d_v,
            start,
            dtype: kind.0,
            is_swapped: kind.1,
            scales,
            odd_one,
            calls,
            seed: seed % (1 << 40),
        },
    )
}

impl Life {
    /// New tokens: what the call with this number brings.
    fn tokens(&self, call: usize, t: usize, has_odd: bool) -> Text {
        let [batch, heads, _, d] = self.shape;
        let mut text = Text::drawn([batch, heads, t, d], self.d_v, self.seed + call as u64);
        let round = |x: f64| if self.dtype == DType::F32 { f64::from(x as f32) } else { x };
        let scale = |x: &mut [f64], by| x.iter_mut().for_each(|x| *x = round(*x * by));
        scale(&mut text.q, self.scales[0]);
        scale(&mut text.k, self.scales[0]);
        scale(&mut text.v, self.scales[1]);
        if let (Some(odd), true) = (self.odd_one, has_odd) {
            text.k.iter_mut().step_by(5).for_each(|x| *x = odd);
            text.v.iter_mut().skip(1).step_by(4).for_each(|x| *x = odd);
        }
        text
    }

    fn cache(&self, dtype: DType) -> Result<KvCache, CacheError> {
        let mut cache = KvCache::new(self.shape, self.d_v, dtype)?;
        cache.start = self.start;
        Ok(cache)
    }

    fn laid_out(&self, x: Tensor) -> candle_core::Result<Tensor> {
        match self.is_swapped {
            true => x.transpose(1, 2)?.contiguous()?.transpose(1, 2),
            false => Ok(x),
        }
    }
}

/// What a call gave: tensors, or nothing.
type Gave = Result<Vec<Tensor>, CacheError>;

fn both((k, v): SoFar) -> Vec<Tensor> {
    vec![k, v]
}

/// Runs the calls on the answer and on the reference, and compares what comes and what is kept.
fn agrees(answers: &Answers, life: &Life, is_exact: bool) -> Outcome {
    let mut ours = vec![life.cache(life.dtype)?];
    let mut theirs = vec![life.cache(DType::F64)?];
    let mut at = 0;
    // The largest of all queries, keys and values so far, for the tolerance of a decoded step.
    let mut seen = Text { shape: life.shape, d_v: life.d_v, q: vec![], k: vec![], v: vec![] };
    for (number, call) in life.calls.iter().enumerate() {
        let bystanders: Vec<State> = ours.iter().map(state).collect::<candle_core::Result<_>>()?;
        let call_on = |answers: &Answers, cache: &mut KvCache| -> Gave {
            let tokens = |t| -> candle_core::Result<[Tensor; 3]> {
                let dtype = cache.k.dtype();
                let [q, k, v] = life.tokens(number, t, is_exact).part(0, t, dtype)?;
                Ok([life.laid_out(q)?, life.laid_out(k)?, life.laid_out(v)?])
            };
            match *call {
                Call::Append(t) => {
                    let [_, k, v] = tokens(t)?;
                    (answers.append)(cache, &k, &v).map(both)
                }
                Call::Decode(t, window) => {
                    let [q, k, v] = tokens(t)?;
                    (answers.decode_step)(cache, &q, &k, &v, window).map(|out| vec![out])
                }
                Call::Truncate(len) => (answers.truncate)(cache, len).map(|()| vec![]),
                Call::Slide(window) => (answers.slide)(cache, window).map(|()| vec![]),
                Call::Fork | Call::Back => Ok(vec![]),
            }
        };
        if let Call::Append(t) | Call::Decode(t, _) = *call {
            let new = life.tokens(number, t, is_exact);
            seen.q.push(largest(&new.q));
            seen.k.push(largest(&new.k));
            seen.v.push(largest(&new.v));
        }
        let what = format!("call {number}, {call:?}");
        match call {
            Call::Fork => {
                ours.push((answers.fork)(&ours[at])?);
                theirs.push((SOLUTION.fork)(&theirs[at])?);
                at = ours.len() - 1;
            }
            Call::Back => at = at.saturating_sub(1),
            _ => {}
        }
        let (got, want) = (call_on(answers, &mut ours[at]), call_on(&SOLUTION, &mut theirs[at]));
        let compare = |what: &str, got: &[f64], want: &[f64]| match is_exact {
            true => expect_bits(what, got, want),
            false => {
                // A far position is an angle with fewer digits, in both alike.
                let mut tolerance = seen.allowance(life.dtype);
                tolerance.atol += tolerance.rtol * largest(want);
                expect_close_or_nan(what, &[], got, want, tolerance)
            }
        };
        agree(&what, got, want, |got, want| {
            let form = |x: &Vec<Tensor>| x.iter().map(|x| x.dims().to_vec()).collect::<Vec<_>>();
            expect_same(&format!("{what}: shapes"), &form(got), &form(want))?;
            for (got, want) in got.iter().zip(want) {
                expect_same(&format!("{what}: the type"), &got.dtype(), &life.dtype)?;
                compare(&what, &flat(got)?, &flat(want)?)?;
            }
            Ok(())
        })?;
        for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let sizes = |cache: &KvCache| (cache.len, cache.start, cache.capacity());
            let what = format!("{what}: cache {i}");
            expect_same(&format!("{what}: len, start, capacity"), &sizes(ours), &sizes(theirs))?;
            let ([k, v], [want_k, want_v]) = (held(ours)?, held(theirs)?);
            compare(&format!("{what}: its keys"), &k, &want_k)?;
            compare(&format!("{what}: its values"), &v, &want_v)?;
            if let Some(before) = bystanders.get(i).filter(|_| i != at) {
                // NaN is not NaN: as text it is.
                let [before, now] = [format!("{before:?}"), format!("{:?}", state(ours)?)];
                expect(before == now, || format!("{what} changed, and was not asked to"))?;
            }
        }
    }
    Ok(())
}

/// Calls whose results have all their digits.
fn exactly(answers: &Answers, mix: Mix) -> Outcome {
    Differential::cases(200).run(life(mix), |life| agrees(answers, life, true))
}

pub fn append_agrees(answers: &Answers) -> Outcome {
    let judged = Answers { append: answers.append, ..SOLUTION };
    exactly(&judged, Mix { append: 6, decode: 0, truncate: 1, slide: 1, fork: 1 })?;
    // More tokens than 16 bits count.
    let [batch, heads, room, d] = [1, 1, 70_002, 1];
    let calls = vec![Call::Append(70_000), Call::Append(1), Call::Append(2), Call::Append(1)];
    let (start, seed, odd_one) = (0, 1, None);
    let (scales, shape, is_swapped) = ([1.0; 2], [batch, heads, room, d], false);
    let dtype = DType::F32;
    let long = Life { shape, d_v: 1, start, dtype, is_swapped, scales, odd_one, calls, seed };
    agrees(&judged, &long, true)
}

pub fn truncate_agrees(answers: &Answers) -> Outcome {
    let judged = Answers { truncate: answers.truncate, ..SOLUTION };
    exactly(&judged, Mix { append: 3, decode: 0, truncate: 5, slide: 1, fork: 1 })
}

pub fn fork_agrees(answers: &Answers) -> Outcome {
    let judged = Answers { fork: answers.fork, ..SOLUTION };
    let mix = Mix { append: 4, decode: 0, truncate: 2, slide: 1, fork: 3 };
    exactly(&judged, mix)?;
    // Forked at any length, and then both go on, behind all tokens or before the last of them.
    let sizes = (draw::lengths(0..=6), 0..=3_usize, 0..=2_usize);
    Differential::cases(100).run((life(mix), sizes), |(life, (len, back, more))| {
        let (mut life, kept) = (life.clone(), len.saturating_sub(*back));
        life.shape[2] = len + more;
        let go_on = [Call::Truncate(kept), Call::Append((len + more - kept).min(2))];
        let start = [Call::Append(*len), Call::Fork];
        life.calls = [&start, &go_on[..], &[Call::Back], &go_on[..]].concat();
        agrees(&judged, &life, true)
    })
}

pub fn slide_agrees(answers: &Answers) -> Outcome {
    let judged = Answers { slide: answers.slide, ..SOLUTION };
    exactly(&judged, Mix { append: 4, decode: 0, truncate: 1, slide: 4, fork: 1 })
}

pub fn decode_agrees(answers: &Answers) -> Outcome {
    let judged = Answers { decode_step: answers.decode_step, ..SOLUTION };
    let mix = Mix { append: 1, decode: 6, truncate: 1, slide: 1, fork: 1 };
    Differential::cases(200).run(life(mix), |life| agrees(&judged, life, false))
}

pub fn window_masks_agree(answers: &Answers) -> Outcome {
    let window = prop_oneof![6 => draw::lengths(0..=9), 1 => Just(300), 1 => Just(usize::MAX)];
    let check = |&(t_q, t_k, window): &(usize, usize, usize)| {
        let (got, want) =
            ((answers.window_mask)(t_q, t_k, window), (SOLUTION.window_mask)(t_q, t_k, window));
        agree("the mask", got, want, |got, want| {
            let form = |mask: &Tensor| (mask.dims().to_vec(), mask.dtype());
            expect_same("the shape and type of the mask", &form(got), &form(want))?;
            let numbers = |mask: &Tensor| mask.flatten_all()?.to_vec1::<u8>();
            expect_same("the mask", &numbers(got)?, &numbers(want)?)
        })
    };
    Differential::cases(300).run((draw::lengths(0..=30), draw::lengths(0..=30), window), check)?;
    for sizes in [(300, 300, 260), (2, 70_000, 66_000), (70_000, 2, 1)] {
        Differential::cases(1).run((Just(sizes.0), Just(sizes.1), Just(sizes.2)), check)?;
    }
    Ok(())
}

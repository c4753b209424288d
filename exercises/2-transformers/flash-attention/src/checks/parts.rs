//! Partial results, and what becomes of two of them.

use grading::draw::{Strategy, prop_oneof};
use grading::{Differential, Outcome, Tolerance, agree, draw, expect_close, expect_error_is};

use crate::oracle::{Head, STEP, largest};
use crate::{Answers, FlashError, MOST_TOKENS, Matrix, Part, SOLUTION, Shape, WIDEST};

/// What the first query of a head knows after these keys, by the answer.
fn part_of(
    answers: &Answers,
    head: &Head,
    keys: std::ops::Range<usize>,
) -> Result<Part, FlashError> {
    let Shape { d, d_v, .. } = head.shape;
    let [q, k, v] = head.slices();
    let (k, v) = (&k[keys.start * d..keys.end * d], &v[keys.start * d_v..keys.end * d_v]);
    (answers.part)(&q[..d], k, v, keys.len(), d_v)
}

fn expect_parts(answers: &Answers, head: &Head) -> Outcome {
    let t_k = head.shape.t_k;
    for keys in [0..t_k, 0..t_k / 2, t_k / 3..t_k] {
        let list: Vec<usize> = keys.clone().collect();
        let what = format!("the part of {}", head.shown());
        head.expect_part(&what, &part_of(answers, head, keys)?, &list)?;
    }
    Ok(())
}

pub fn equal_scores_are_counted(answers: &Answers) -> Outcome {
    for (seed, keys) in (1..).zip([1, 2, 7, 40]) {
        let mut head = Head::drawn([1, keys, 4, 3], seed).stretched(1.0, 0.0);
        // All keys are the same: m is their score, each weight 1.
        let first = head.qkv[1][..4].to_vec();
        head.qkv[1] = first.iter().copied().cycle().take(4 * keys).collect();
        let got = part_of(answers, &head, 0..keys)?;
        let want = keys as f64;
        let what = format!("l after {keys} equal scores");
        expect_close(&what, &[], &[got.l], &[want], Tolerance { rtol: 1e-6, atol: 0.0 })?;
        expect_parts(answers, &head)?;
    }
    Ok(())
}

pub fn part_sums_weighted_values(answers: &Answers) -> Outcome {
    for (seed, sizes) in
        (10..).zip([[1, 5, 4, 3], [1, 9, 3, 5], [1, 2, 7, 1], [1, 33, 1, 2], [1, 4, 64, 8]])
    {
        expect_parts(answers, &Head::drawn(sizes, seed))?;
        expect_parts(answers, &Head::drawn(sizes, seed).sorted(true))?;
    }
    // Many small weights are as much as one that is not.
    for (seed, low) in [(15, -9.0), (16, -12.0)] {
        expect_parts(answers, &Head::of_small_weights(200, low, seed))?;
    }
    Ok(())
}

pub fn part_takes_high_and_low_scores(answers: &Answers) -> Outcome {
    for (seed, (scale, moved)) in
        (20..).zip([(2000.0, 0.0), (256.0, 20.0), (256.0, -20.0), (16.0, 64.0), (16.0, -64.0)])
    {
        for keys in [1, 6, 21] {
            let head = Head::drawn([1, keys, 16, 3], seed).stretched(scale, moved);
            expect_parts(answers, &head)?;
            // All on one side of 0.
            let mut head = head;
            for query in [64.0, 1_048_576.0] {
                head.qkv[0].fill(query);
                expect_parts(answers, &head)?;
            }
        }
    }
    Ok(())
}

pub fn part_of_no_keys_is_empty(answers: &Answers) -> Outcome {
    // An answer that is always empty must not pass.
    expect_parts(answers, &Head::drawn([1, 3, 2, 2], 30))?;
    for (d, d_v) in [(1, 1), (4, 3), (2, 9)] {
        let head = Head::drawn([1, 0, d, d_v], 31);
        head.expect_part("the part of no keys", &part_of(answers, &head, 0..0)?, &[])?;
    }
    Ok(())
}

pub fn part_refuses_what_does_not_fit(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_parts(answers, &Head::drawn([1, 3, 2, 2], 40))?;
    let numbers = vec![1.0; 2 * WIDEST];
    let length = |matrix, shape, len| FlashError::Length { matrix, shape, len };
    for ([q, k, v], keys, d_v, want) in [
        ([0, 0, 6], 3, 2, FlashError::Width { d: 0, d_v: 2 }),
        ([2, 6, 0], 3, 0, FlashError::Width { d: 2, d_v: 0 }),
        ([WIDEST + 1, 0, 0], 0, 1, FlashError::Width { d: WIDEST + 1, d_v: 1 }),
        ([2, 2, 9], 1, WIDEST + 1, FlashError::Width { d: 2, d_v: WIDEST + 1 }),
        ([2, 6, 6], MOST_TOKENS + 1, 2, FlashError::TooLong { t_q: 1, t_k: MOST_TOKENS + 1 }),
        ([2, 5, 6], 3, 2, length(Matrix::K, [3, 2], 5)),
        ([2, 8, 6], 3, 2, length(Matrix::K, [3, 2], 8)),
        ([2, 6, 5], 3, 2, length(Matrix::V, [3, 2], 5)),
        ([2, 6, 8], 3, 2, length(Matrix::V, [3, 2], 8)),
        ([2, 5, 5], 3, 2, length(Matrix::K, [3, 2], 5)),
        ([2, 1, 0], 0, 2, length(Matrix::K, [0, 2], 1)),
    ] {
        let got = (answers.part)(&numbers[..q], &numbers[..k], &numbers[..v], keys, d_v);
        let what = format!("a part with {q}, {k} and {v} numbers for {keys} keys, d_v = {d_v}");
        expect_error_is(&what, got, &want)?;
    }
    // The widest is not too wide.
    expect_parts(answers, &Head::drawn([1, 2, WIDEST, WIDEST], 41))
}

/// Roundings of both answers, and what is theirs.
fn same_part(got: &Part, want: &Part, share: f64, score: f64, value: f64) -> Outcome {
    if got.m != want.m {
        let tolerance = Tolerance { rtol: STEP, atol: STEP * score };
        expect_close("m", &[], &[got.m], &[want.m], tolerance)?;
    }
    let tolerance = Tolerance { rtol: share, atol: 0.0 };
    expect_close("l", &[], &[got.l], &[want.l], tolerance)?;
    let atol = share * f64::from(want.l) * value;
    expect_close("o", &[want.o.len()], &got.o, &want.o, Tolerance { rtol: share, atol })
}

pub fn parts_agree(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=70), draw::lengths(0..=40), draw::lengths(0..=20));
    let scale = draw::select(vec![1.0, 1.0, 1.0, 40.0, 1e-6, 1e-20, 0.0, 3000.0]);
    let of_values = draw::select(vec![1.0, 1.0, 1e20, 1e-20]);
    let off = draw::select(vec![0_usize, 0, 0, 0, 0, 1, 2]);
    let inputs = (sizes, scale, of_values, off, draw::any_u64());
    Differential::cases(300).run(inputs, |&((keys, d, d_v), scale, of_values, off, seed)| {
        let mut head = Head::drawn([1, keys, d, d_v], seed);
        if scale > 1.0 {
            head = head.stretched(scale, 0.0);
        } else {
            head.qkv[0].iter_mut().for_each(|q| *q *= scale);
        }
        head.qkv[2].iter_mut().for_each(|v| *v *= of_values);
        let [q, k, v] = head.slices();
        // Now and then a number of the keys or of the values is missing.
        let k = &k[..k.len().saturating_sub(usize::from(off == 1))];
        let v = &v[..v.len().saturating_sub(usize::from(off == 2))];
        let on = |answers: &Answers| (answers.part)(q, k, v, keys, d_v);
        agree("the part", on(answers), on(&SOLUTION), |got, want| {
            let score = largest(q) * largest(k) * d as f64;
            same_part(got, want, head.share(STEP), score, largest(v))
        })
    })?;
    // More keys than 16 bits count.
    let head = Head::drawn([1, 70_000, 1, 1], 3);
    let [q, k, v] = head.slices();
    let got = (answers.part)(q, k, v, 70_000, 1)?;
    let all: Vec<usize> = (0..70_000).collect();
    head.expect_part("70,000 keys", &got, &all)
}

/// A part, drawn: of no keys, or with sums of a weight 1 and more.
fn drawn_part(d_v: usize) -> impl Strategy<Value = Part> {
    let m = prop_oneof![
        6 => draw::between_f32(-8.0, 8.0),
        2 => draw::between_f32(-1e4, 1e4),
        1 => draw::select(vec![0.0, -0.0, 3e38, -3e38, 1e30, -1e30]),
    ];
    let l = prop_oneof![4 => draw::between_f32(1.0, 100.0), 1 => draw::select(vec![1.0, 1e6])];
    let scale = draw::select(vec![1.0, 1.0, 1e20, 1e-20]);
    let o = proptest_vec(d_v);
    (draw::option(m), l, scale, o).prop_map(move |(m, l, scale, o)| match m {
        None => Part::empty(d_v),
        Some(m) => Part { m, l, o: o.iter().map(|o| o * scale).collect() },
    })
}

fn proptest_vec(d_v: usize) -> impl Strategy<Value = Vec<f32>> {
    draw::any_u64().prop_map(move |seed| Head::drawn([0, d_v, 1, 1], seed).qkv[2].clone())
}

pub fn merges_agree(answers: &Answers) -> Outcome {
    let pair = (0..=6_usize, 0..12_usize).prop_flat_map(|(d_v, other)| {
        // Of twelve pairs one does not go together.
        let of_b = if other == 0 { d_v + 1 } else { d_v };
        (drawn_part(d_v), drawn_part(of_b))
    });
    Differential::cases(400).run(pair, |(a, b)| {
        let on = |answers: &Answers| (answers.merge)(a, b);
        agree("the merged part", on(answers), on(&SOLUTION), |got, want| {
            // Where the two sums cancel, f32 has lost digits, however they are added.
            let kept = |part: &Part| if part.m == want.m { largest(&part.o) } else { 0.0 };
            let size = kept(a).max(kept(b)).max(largest(&want.o));
            same_part(got, want, 1e-5, 0.0, size / f64::from(want.l).max(1.0))
        })
    })
}

/// The parts of a head's keys, cut at some places.
fn cut(head: &Head, places: &[usize]) -> Vec<Part> {
    let mut start = 0;
    let mut parts = Vec::new();
    for &end in places.iter().chain([&head.shape.t_k]) {
        let keys: Vec<usize> = (start..end).collect();
        let (m, l, o) = head.known(0, &keys);
        let o = o.into_iter().map(|o| o as f32).collect();
        parts.push(Part { m: m as f32, l: l as f32, o });
        start = end;
    }
    parts
}

/// Heads whose highest score is early, late or in the middle, some with high scores.
fn heads(seed: u64) -> [Head; 6] {
    let sizes = [1, 12, 16, 3];
    [
        Head::drawn(sizes, seed),
        Head::drawn(sizes, seed + 1).sorted(true),
        Head::drawn(sizes, seed + 2).sorted(false),
        Head::drawn(sizes, seed + 3).stretched(500.0, 0.0),
        Head::drawn(sizes, seed + 4).stretched(4.0, 0.0).sorted(true),
        // Both parts have the highest score.
        Head::drawn(sizes, seed + 5).stretched(1.0, 0.0).repeating(2),
    ]
}

pub fn halves_make_the_whole(answers: &Answers) -> Outcome {
    for head in heads(50) {
        let all: Vec<usize> = (0..head.shape.t_k).collect();
        for at in [1, 5, 6, 11] {
            let parts = cut(&head, &[at]);
            let got = (answers.merge)(&parts[0], &parts[1])?;
            head.expect_part(&format!("12 keys, cut behind {at}"), &got, &all)?;
        }
    }
    Ok(())
}

pub fn no_keys_change_nothing(answers: &Answers) -> Outcome {
    for head in heads(60) {
        let all: Vec<usize> = (0..head.shape.t_k).collect();
        let whole = cut(&head, &[]).remove(0);
        let empty = Part::empty(head.shape.d_v);
        for (what, got) in [
            ("a part merged with that of no keys", (answers.merge)(&whole, &empty)?),
            ("the part of no keys merged with another", (answers.merge)(&empty, &whole)?),
        ] {
            head.expect_part(what, &got, &all)?;
        }
        let none = (answers.merge)(&empty, &empty)?;
        head.expect_part("the part of no keys merged with itself", &none, &[])?;
    }
    Ok(())
}

pub fn any_order_gives_the_same(answers: &Answers) -> Outcome {
    let merge = answers.merge;
    for head in heads(70) {
        let all: Vec<usize> = (0..head.shape.t_k).collect();
        let parts = cut(&head, &[2, 3, 8]);
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| &parts[i]);
        for (what, got) in [
            ("four parts, from the first on", merge(&merge(&merge(a, b)?, c)?, d)?),
            ("four parts, from the last on", merge(a, &merge(b, &merge(c, d)?)?)?),
            ("four parts, two and two", merge(&merge(a, b)?, &merge(c, d)?)?),
            ("four parts, out of order", merge(&merge(d, a)?, &merge(c, b)?)?),
        ] {
            head.expect_part(what, &got, &all)?;
        }
    }
    Ok(())
}

pub fn merge_refuses_other_widths(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    halves_make_the_whole(answers)?;
    for (a, b) in [(1, 2), (3, 1), (0, 4)] {
        let part = |d_v| Part { m: 1.0, l: 2.0, o: vec![3.0; d_v] };
        for (of_a, of_b) in
            [(part(a), part(b)), (Part::empty(a), part(b)), (Part::empty(a), Part::empty(b))]
        {
            let what = format!("parts of {a} and {b} columns merged");
            expect_error_is(&what, (answers.merge)(&of_a, &of_b), &FlashError::Columns { a, b })?;
        }
    }
    Ok(())
}

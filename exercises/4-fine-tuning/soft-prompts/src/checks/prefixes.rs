//! Keys and values before those of a text.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_bits, expect_error_is, expect_same,
};
use rand::RngExt;

use crate::oracle::{N_EMBD, N_LAYER, ROUNDED, expect_rows, golden, what_head};
use crate::{Answers, Head, PromptError, SOLUTION};

pub fn prefix_is_that_of_peft(answers: &Answers) -> Outcome {
    let prefix = golden()?.prefix;
    for (block, want) in prefix.blocks.iter().enumerate() {
        let got = (answers.prefix_kv)(&prefix.matrix, N_LAYER, N_EMBD, block)?;
        for ((part, got), want) in ["keys", "values"].into_iter().zip(&got).zip(want) {
            let what = format!("{part} of block {block}, {} places", prefix.n);
            expect_bits(&what, got, want)?;
        }
    }
    let long: Vec<f32> = (0..6000).map(|i| i as f32).collect();
    let got = (answers.prefix_kv)(&long, 1, 1, 0)?;
    for ((part, got), first) in ["keys", "values"].into_iter().zip(&got).zip([0, 1]) {
        let want: Vec<f32> = long.iter().copied().skip(first).step_by(2).collect();
        expect_bits(&format!("{part} of the only block, 3000 places"), got, &want)?;
    }
    let ragged = |found, row| PromptError::Ragged { what: "matrix", found, row };
    for (len, n_layer, n_embd, block, want) in [
        (144, 3, 6, 3, PromptError::Block { block: 3, n_layer: 3 }),
        (143, 3, 6, usize::MAX, PromptError::Block { block: usize::MAX, n_layer: 3 }),
        (0, 0, 6, 0, PromptError::Block { block: 0, n_layer: 0 }),
        (143, 3, 6, 2, ragged(143, 36)),
        (6, 1, 6, 0, ragged(6, 12)),
        (0, 3, 0, 2, ragged(0, 0)),
    ] {
        let got = (answers.prefix_kv)(&vec![1.0; len], n_layer, n_embd, block);
        let what = format!("block {block} of {n_layer}, width {n_embd}, {len} numbers");
        expect_error_is(&what, got, &want)?;
    }
    Ok(())
}

pub fn drawn_prefixes_agree(answers: &Answers) -> Outcome {
    let numbers = draw::list(draw::any_f32(), 0..=160);
    let drawn = (numbers, 0..=4_usize, 0..=5_usize, 0..=4_usize, 0..12_usize);
    let drawn = drawn.prop_map(|(mut numbers, n_layer, n_embd, block, cut)| {
        let row = (2 * n_layer * n_embd).max(1);
        if cut > 0 {
            numbers.truncate(numbers.len() / row * row);
        }
        (numbers, n_layer, n_embd, block)
    });
    differential(drawn, |(numbers, n_layer, n_embd, block)| {
        let run = |answers: &Answers| (answers.prefix_kv)(numbers, *n_layer, *n_embd, *block);
        let what = format!("block {block} of {n_layer}, width {n_embd}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| {
            expect_bits(&format!("{what}: keys"), &got[0], &want[0])?;
            expect_bits(&format!("{what}: values"), &got[1], &want[1])
        })
    })
}

pub fn head_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.heads {
        let head = case.head()?;
        let got = (answers.attend_with_prefix)(&head);
        expect_rows(&what_head(&head), &got, &case.found, head.d_head(), ROUNDED)?;
    }
    Ok(())
}

/// Drawn numbers of a head, other ones in each run.
fn drawn(count: usize, which: u64) -> Result<Vec<f32>, grading::Failure> {
    let mut rng = seeded(grading::seed_of_this_run()?.wrapping_add(which));
    Ok((0..count).map(|_| rng.random_range(-1.5..1.5)).collect())
}

pub fn prefix_is_a_preloaded_cache(answers: &Answers) -> Outcome {
    let (seq, d) = (7, 4);
    let [drawn_q, k, v] = [drawn(seq * d, 0)?, drawn(seq * d, 1)?, drawn(seq * d, 2)?];
    // The keys of a text that is asked with large queries are nearly the same.
    let close: Vec<f32> = k.iter().map(|x| 1.0 + x / 1e6).collect();
    for (times, k) in [(1.0, &k), (1e5, &close)] {
        let q: Vec<f32> = drawn_q.iter().map(|x| x * times).collect();
        // Causal attention, as its definition has it.
        let want = by_definition(&q, k, &v, d);
        for n in 0..=seq {
            let at = n * d;
            let head = Head::new([&q[at..], &k[at..], &v[at..]], [&k[..at], &v[..at]], d)?;
            let what = format!(
                "a text of {seq} tokens with the first {n} as prefix, queries of about {times:e}"
            );
            let got = (answers.attend_with_prefix)(&head);
            expect_rows(&what, &got, &want[at..], d, Tolerance { rtol: 2e-6, atol: 1e-7 })?;
        }
    }
    Ok(())
}

fn by_definition(q: &[f32], k: &[f32], v: &[f32], d: usize) -> Vec<f64> {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    let mut found = Vec::new();
    for (t, q) in q.chunks(d).enumerate() {
        let keys = k.chunks(d).take(t + 1);
        let scores: Vec<f64> = keys.map(|k| dot(q, k) / (d as f64).sqrt()).collect();
        let largest = scores.iter().copied().fold(f64::MIN, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        for i in 0..d {
            let terms = powers.iter().zip(v.chunks(d)).map(|(p, v)| p / sum * f64::from(v[i]));
            found.push(terms.sum());
        }
    }
    found
}

/// A head's numbers: queries and prefix may be so large that a power overflows.
type Drawn = (usize, [Vec<f32>; 3], [Vec<f32>; 2]);

fn heads() -> impl Strategy<Value = Drawn> {
    let number = || draw::between_f32(-2.0, 2.0);
    let list = move |most| draw::list(number(), 0..=most);
    let scale =
        draw::prop_oneof![6 => draw::Just(1.0_f32), 1 => draw::Just(0.0), 2 => 50.0..900.0_f32];
    let own = (list(130), list(130), list(130));
    (1..=5_usize, own, (list(80), list(80)), scale).prop_map(|(d, (q, k, v), (pk, pv), scale)| {
        let seq = [&q, &k, &v].into_iter().map(Vec::len).min().unwrap_or_default() / d;
        let n = pk.len().min(pv.len()) / d;
        let cut = |mut list: Vec<f32>, rows: usize, by: f32| {
            list.truncate(rows * d);
            list.iter_mut().for_each(|x| *x *= by);
            list
        };
        let own = [cut(q, seq, scale), cut(k, seq, 1.0), cut(v, seq, 1.0)];
        (d, own, [cut(pk, n, 1.0), cut(pv, n, 1.0)])
    })
}

fn head((d, [q, k, v], [pk, pv]): &Drawn) -> Result<Head<'_>, PromptError> {
    Head::new([q, k, v], [pk, pv], *d)
}

pub fn drawn_heads_agree(answers: &Answers) -> Outcome {
    differential(heads(), |drawn| {
        let head = head(drawn)?;
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.attend_with_prefix)(&head));
        let want: Vec<f64> = want.into_iter().map(f64::from).collect();
        let bound = Tolerance { rtol: 2e-6, atol: 1e-7 };
        expect_rows(&what_head(&head), &got, &want, head.d_head(), bound)
    })
}

fn expect_slopes(
    head: &Head<'_>,
    got: &[Vec<f32>; 2],
    want: [&[f64]; 2],
    dfound: &[f32],
) -> Outcome {
    // Terms of both signs cancel: as exact as they are large.
    let size = dfound.iter().fold(0.0, |a: f64, &x| a.max(f64::from(x.abs())));
    let queries = (0..head.seq()).flat_map(|t| head.q(t));
    let query = queries.fold(1.0, |a: f64, &x| a.max(f64::from(x.abs())));
    for ((part, got), (want, times)) in
        ["keys", "values"].into_iter().zip(got).zip(want.into_iter().zip([query, 1.0]))
    {
        let what = format!("slopes along the {part}, {}", what_head(head));
        let bound = Tolerance { rtol: 2e-6, atol: 1e-6 * size * times };
        expect_rows(&what, got, want, head.d_head(), bound)?;
    }
    Ok(())
}

pub fn prefix_gradient_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.heads {
        let head = case.head()?;
        let got = (answers.prefix_gradient)(&head, &case.dfound)?;
        expect_slopes(&head, &got, [&case.dkeys, &case.dvalues], &case.dfound)?;
        for found in [case.dfound.len() + head.d_head(), case.dfound.len() - 1] {
            let row = case.dfound.len();
            let want = PromptError::Ragged { what: "dfound", found, row };
            let got = (answers.prefix_gradient)(&head, &vec![1.0; found]);
            expect_error_is(&format!("`dfound` of {found} numbers in place of {row}"), got, &want)?;
        }
    }
    Ok(())
}

pub fn slopes_are_those_of_small_changes(answers: &Answers) -> Outcome {
    let (n, seq, d) = (3, 4, 3);
    let own = [drawn(seq * d, 3)?, drawn(seq * d, 4)?, drawn(seq * d, 5)?];
    let prefix = [drawn(n * d, 6)?, drawn(n * d, 7)?];
    let dfound = drawn(seq * d, 8)?;
    let [q, k, v] = &own;
    let head = Head::new([q, k, v], [&prefix[0], &prefix[1]], d)?;
    let got = (answers.prefix_gradient)(&head, &dfound)?;
    // Of the whole text, prefix and all, by the definition.
    let loss = |prefix: &[Vec<f32>; 2]| -> f64 {
        let queries = [vec![0.0; n * d], q.clone()].concat();
        let keys = [prefix[0].clone(), k.clone()].concat();
        let values = [prefix[1].clone(), v.clone()].concat();
        let found = by_definition(&queries, &keys, &values, d);
        found[n * d..].iter().zip(&dfound).map(|(found, &dy)| found * f64::from(dy)).sum()
    };
    for (part, name) in ["key", "value"].into_iter().enumerate() {
        expect_same(&format!("slopes along the {name}s"), &got[part].len(), &(n * d))?;
        for i in 0..n * d {
            let moved = |by: f32| {
                let mut moved = prefix.clone();
                moved[part][i] += by;
                (f64::from(moved[part][i]), loss(&moved))
            };
            let ((right, above), (left, below)) = (moved(1e-2), moved(-1e-2));
            let (want, got) = ((above - below) / (right - left), f64::from(got[part][i]));
            expect((got - want).abs() < 2e-4, || {
                let (row, at) = (i / d, i % d);
                format!(
                    "number {at} of {name} {row}: its slope is {got}, but when it changes by 0.02, \
                     the sum changes {want} times as much"
                )
            })?;
        }
    }
    Ok(())
}

pub fn drawn_slopes_agree(answers: &Answers) -> Outcome {
    let drawn = (heads(), draw::list(draw::between_f32(-2.0, 2.0), 0..=130), 0..12_usize);
    differential(drawn, |(drawn, list, cut)| {
        let head = head(drawn)?;
        let mut dfound: Vec<f32> =
            list.iter().copied().chain(std::iter::repeat(0.5)).take(131).collect();
        let len = head.seq() * head.d_head();
        dfound.truncate(len + usize::from(*cut == 0));
        let run = |answers: &Answers| (answers.prefix_gradient)(&head, &dfound);
        agree(&what_head(&head), run(answers), run(&SOLUTION), |got, want| {
            let want = want.each_ref().map(|list| list.iter().map(|&x| f64::from(x)).collect());
            let [keys, values]: [Vec<f64>; 2] = want;
            expect_slopes(&head, got, [&keys, &values], &dfound)
        })
    })
}

//! Heads on hidden states: which token, logits, slopes.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_bits, expect_close, expect_eq,
    expect_error_is, expect_same, seed_of_this_run,
};
use rand::{Rng, RngExt};

use crate::oracle::{at_last, expect_slopes, heads, logits};
use crate::{Answers, Head, HeadError, IGNORE, SOLUTION, Slopes};

fn mask_of(text: &str) -> Vec<bool> {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c == '1').collect()
}

pub fn last_token_is_found(answers: &Answers) -> Outcome {
    for (what, seq, mask, want) in [
        ("padding on the right", 5, "11100 11111 10000", vec![2, 4, 0]),
        ("padding on the left", 5, "00111 11111 00001", vec![4, 4, 4]),
        ("padding on both sides", 6, "011100 000010", vec![3, 4]),
        ("padding between tokens", 6, "101100 010001 110110", vec![3, 5, 4]),
        ("texts of one place", 1, "1 1 1", vec![0, 0, 0]),
    ] {
        let got = (answers.last_token)(&mask_of(mask), seq)?;
        expect_eq(&format!("{what}, {mask}"), &got, &want)?;
    }
    for golden in heads()? {
        let got = (answers.last_token)(&golden.mask, golden.seq)?;
        for (text, row) in golden.mask.chunks_exact(golden.seq).enumerate() {
            let places = row.iter().enumerate().filter(|(_, is_token)| **is_token);
            let want = places.map(|(at, _)| at).max();
            expect_same(&format!("{}, text {text}", golden.name), &got.get(text).copied(), &want)?;
        }
    }
    Ok(())
}

pub fn text_without_tokens_is_refused(answers: &Answers) -> Outcome {
    last_token_is_found(answers)?;
    for (seq, mask, want) in [
        (3, "000", HeadError::NoTokens { text: 0 }),
        (3, "100 000 000 111", HeadError::NoTokens { text: 1 }),
        (0, "", HeadError::Ragged { places: 0, seq: 0 }),
        (0, "11", HeadError::Ragged { places: 2, seq: 0 }),
        (3, "1110", HeadError::Ragged { places: 4, seq: 3 }),
        (5, "000", HeadError::Ragged { places: 3, seq: 5 }),
    ] {
        let what = format!("texts of {seq} places, the mask “{mask}”");
        expect_error_is(&what, (answers.last_token)(&mask_of(mask), seq), &want)?;
    }
    Ok(())
}

/// A mask, and how long a text is: mostly whole texts with tokens.
fn masks() -> impl Strategy<Value = (Vec<bool>, usize)> {
    (draw::lengths(0..=40), draw::lengths(0..=9), draw::any_u64()).prop_map(
        |(places, seq, seed)| {
            let mut rng = seeded(seed);
            // Now and then long texts.
            let seq = if seq == 9 { rng.random_range(50..300_usize) } else { seq };
            let likely = rng.random_range(1..=5_u32);
            let places = if rng.random_range(0..4_u32) > 0 { places * seq.max(1) } else { places };
            ((0..places).map(|_| rng.random_range(0..6_u32) < likely).collect(), seq)
        },
    )
}

pub fn drawn_masks_agree(answers: &Answers) -> Outcome {
    differential(masks(), |(mask, seq)| {
        let run = |answers: &Answers| (answers.last_token)(mask, *seq);
        agree("the last tokens", run(answers), run(&SOLUTION), |got, want| {
            expect_eq("the last tokens", got, want)
        })
    })
}

/// Numbers of both signs around 1.
fn drawn(rng: &mut impl Rng, len: usize) -> Vec<f32> {
    (0..len).map(|_| rng.random_range(-1.5_f32..1.5)).collect()
}

fn drawn_head(rng: &mut impl Rng, n_embd: usize, n_classes: usize) -> Head {
    Head { n_embd, weight: drawn(rng, n_classes * n_embd), bias: drawn(rng, n_classes) }
}

/// The logits of texts, computed in f64 from the states of the last tokens.
fn expect_logits(
    what: &str,
    got: &[f32],
    (hidden, mask, seq): (&[f32], &[bool], usize),
    head: &Head,
) -> Outcome {
    let n_classes = head.n_classes();
    let texts = mask.len() / seq;
    expect_same(&format!("{what}: how many logits"), &got.len(), &(texts * n_classes))?;
    for text in 0..texts {
        let at = (0..seq).filter(|at| mask[text * seq + at]).max().unwrap_or(0);
        let h = &hidden[(text * seq + at) * head.n_embd..][..head.n_embd];
        for (class, (want, terms)) in logits(head, h).into_iter().enumerate() {
            let bound = Tolerance { rtol: 0.0, atol: 1e-5 * terms };
            let what = format!("{what}: text {text}, class {class}");
            expect_close(&what, &[], &[got[text * n_classes + class]], &[want], bound)?;
        }
    }
    Ok(())
}

pub fn logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    let golden = heads()?;
    for golden in golden.iter().filter(|golden| golden.is_of_texts()) {
        let got = (answers.cls_head)(&golden.hidden, &golden.mask, golden.seq, &golden.head())?;
        let shape = [golden.labels.len(), golden.logits.len() / golden.labels.len()];
        let bound = Tolerance { rtol: 1e-5, atol: 1e-5 };
        expect_close(&format!("{}: logits", golden.name), &shape, &got, &golden.logits, bound)?;
    }
    // GPT-2's head has no bias; this one has.
    let mut rng = seeded(seed_of_this_run()?);
    for (n_embd, n_classes) in [(3, 2), (1, 4), (7, 1), (33, 5)] {
        let head = drawn_head(&mut rng, n_embd, n_classes);
        let mask = mask_of("0110 1111 0001 1000 1011");
        let hidden = drawn(&mut rng, 20 * n_embd);
        let got = (answers.cls_head)(&hidden, &mask, 4, &head)?;
        let what = format!("a head for {n_classes} on {n_embd}");
        expect_logits(&what, &got, (&hidden, &mask, 4), &head)?;
    }
    Ok(())
}

pub fn nothing_else_in_the_batch_counts(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let mut rng = seeded(seed_of_this_run()?);
    let (seq, n_embd) = (5, 3);
    let mask = mask_of("11100 00111 11111 01010 00001");
    let head = drawn_head(&mut rng, n_embd, 4);
    let hidden = drawn(&mut rng, mask.len() * n_embd);
    let all = (answers.cls_head)(&hidden, &mask, seq, &head)?;
    let last = [2, 4, 4, 3, 4];
    for poison in [f32::NAN, f32::INFINITY, 1e30] {
        let mut poisoned = vec![poison; hidden.len()];
        for (text, at) in last.iter().enumerate() {
            let range = (text * seq + at) * n_embd..(text * seq + at + 1) * n_embd;
            poisoned[range.clone()].copy_from_slice(&hidden[range]);
        }
        let got = (answers.cls_head)(&poisoned, &mask, seq, &head)?;
        expect_bits(&format!("logits, with {poison} in all other states"), &got, &all)?;
    }
    for text in 0..last.len() {
        let hidden = &hidden[text * seq * n_embd..][..seq * n_embd];
        let got = (answers.cls_head)(hidden, &mask[text * seq..][..seq], seq, &head)?;
        expect_bits(&format!("logits of text {text} on its own"), &got, &all[text * 4..][..4])?;
    }
    let none = (answers.cls_head)(&[], &[], seq, &head)?;
    expect_same("how many logits of no text", &none.len(), &0)
}

pub fn what_is_no_batch_is_refused(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let head = Head::zeros(2, 3);
    let broken = Head { bias: vec![0.0; 2], ..head.clone() };
    let empty = Head::zeros(2, 0);
    let flat = Head::zeros(0, 3);
    let wrong = |head: &Head| HeadError::Head {
        weights: head.weight.len(),
        n_classes: head.bias.len(),
        n_embd: head.n_embd,
    };
    for (what, numbers, mask, seq, head, want) in [
        ("6 weights for 2 classes", 4, "11", 2, &broken, wrong(&broken)),
        ("a head without classes", 4, "11", 2, &empty, wrong(&empty)),
        ("hidden states without numbers", 0, "11", 2, &flat, wrong(&flat)),
        ("a broken head and a ragged mask", 4, "111", 2, &broken, wrong(&broken)),
        ("a ragged mask", 5, "111", 2, &head, HeadError::Ragged { places: 3, seq: 2 }),
        ("padding alone", 7, "10 00", 2, &head, HeadError::NoTokens { text: 1 }),
        ("a number too few", 7, "1110", 2, &head, HeadError::Hidden { found: 7, expected: 8 }),
        ("a text too many", 12, "1110", 2, &head, HeadError::Hidden { found: 12, expected: 8 }),
    ] {
        let got = (answers.cls_head)(&vec![0.5; numbers], &mask_of(mask), seq, head);
        expect_error_is(what, got, &want)?;
    }
    Ok(())
}

pub fn drawn_logits_agree(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=80), draw::lengths(0..=12));
    differential((masks(), sizes, draw::any_u64()), |((mask, seq), (n_embd, n_classes), seed)| {
        let mut rng = seeded(*seed);
        let mut head = drawn_head(&mut rng, *n_embd, *n_classes);
        let mut hidden = drawn(&mut rng, mask.len() * n_embd);
        match rng.random_range(0..12_u32) {
            0 => drop(hidden.pop()),
            1 => head.weight.push(1.0),
            _ => {}
        }
        let run = |answers: &Answers| (answers.cls_head)(&hidden, mask, *seq, &head);
        agree("the logits", run(answers), run(&SOLUTION), |got, _| {
            expect_logits("the logits", got, (&hidden, mask, *seq), &head)
        })
    })
}

pub fn slopes_are_those_of_transformers(answers: &Answers) -> Outcome {
    for golden in heads()? {
        let head = golden.head();
        let labels = match golden.is_of_texts() {
            true => at_last(&golden.mask, golden.seq, &golden.labels),
            false => golden.labels.clone(),
        };
        let got = (answers.head_backward)(&golden.hidden, &labels, &head)?;
        let narrow = |x: &[f64]| x.iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let want = Slopes {
            loss: golden.loss,
            weight: narrow(&golden.dweight),
            bias: golden.dbias.as_deref().map_or_else(|| got.bias.clone(), narrow),
            hidden: narrow(&golden.dhidden),
        };
        expect_slopes(&golden.name, &head, &got, &want)?;
        // Softmax moves probability from class to class: slopes along logits add up to 0.
        expect_same("how many numbers `bias` has", &got.bias.len(), &head.n_classes())?;
        let sum: f32 = got.bias.iter().sum();
        let size: f32 = got.bias.iter().map(|x| x.abs()).sum();
        expect(sum.abs() <= 1e-5 * size && size > 0.0, || {
            format!("{}: the slopes of `bias` add up to {sum}, and not to 0", golden.name)
        })?;
    }
    Ok(())
}

pub fn ignored_tokens_do_not_count(answers: &Answers) -> Outcome {
    slopes_are_those_of_transformers(answers)?;
    let mut rng = seeded(seed_of_this_run()?);
    let (n_embd, n_classes) = (4, 3);
    let head = drawn_head(&mut rng, n_embd, n_classes);
    let asked = drawn(&mut rng, 3 * n_embd);
    let alone = (answers.head_backward)(&asked, &[2, 0, 1], &head)?;
    for (ignore, poison) in [(IGNORE, 0.25), (-1, f32::NAN), (i64::MIN, f32::INFINITY)] {
        let (mut hidden, mut labels) = (Vec::new(), Vec::new());
        for (i, label) in [ignore, 2, ignore, ignore, 0, 1, ignore].into_iter().enumerate() {
            let from = [0, 0, 0, 0, 1, 2, 0][i] * n_embd;
            match label == ignore {
                true => hidden.extend([poison; 4]),
                false => hidden.extend_from_slice(&asked[from..from + n_embd]),
            }
            labels.push(label);
        }
        let got = (answers.head_backward)(&hidden, &labels, &head)?;
        let what = format!("with {poison} in the states of tokens that are not asked ({ignore})");
        let mut want = Slopes { hidden: vec![0.0; hidden.len()], ..alone.clone() };
        for (to, from) in [(1, 0), (4, 1), (5, 2)] {
            want.hidden[to * n_embd..][..n_embd]
                .copy_from_slice(&alone.hidden[from * n_embd..][..n_embd]);
        }
        expect_slopes(&what, &head, &got, &want)?;
        for (token, slopes) in got.hidden.chunks_exact(n_embd).enumerate() {
            if labels[token] < 0 && slopes.iter().any(|x| *x != 0.0) {
                let what = format!("{what}: `hidden` of token {token}");
                return expect_bits(&what, slopes, &[0.0; 4]);
            }
        }
    }
    Ok(())
}

pub fn large_logits_have_a_loss(answers: &Answers) -> Outcome {
    ignored_tokens_do_not_count(answers)?;
    // Logits of x and −x: of a large x, the loss is 0 for the one and 2x for the other.
    let head = Head { n_embd: 1, weight: vec![1.0, -1.0], bias: vec![0.0, 0.0] };
    for x in [90.0_f32, 500.0, 1e4, 1e30] {
        for (label, loss, sign) in [(0, 0.0, 0.0_f32), (1, 2.0 * f64::from(x), 1.0)] {
            let got = (answers.head_backward)(&[x], &[label], &head)?;
            let want = Slopes {
                loss,
                weight: vec![sign * x, -sign * x],
                bias: vec![sign, -sign],
                hidden: vec![2.0 * sign],
            };
            expect_slopes(
                &format!("logits of {x:e} and −{x:e}, label {label}"),
                &head,
                &got,
                &want,
            )?;
        }
    }
    Ok(())
}

pub fn what_has_no_loss_is_refused(answers: &Answers) -> Outcome {
    slopes_are_those_of_transformers(answers)?;
    let head = Head::zeros(2, 3);
    let broken = Head { bias: vec![0.0; 2], ..head.clone() };
    let wrong = HeadError::Head { weights: 6, n_classes: 2, n_embd: 2 };
    let label = |at, label| HeadError::Label { at, label, n_classes: 3 };
    let cases: [(&str, usize, &[i64], &Head, HeadError); 7] = [
        ("a broken head", 3, &[9], &broken, wrong),
        ("a number too many", 5, &[1, 9], &head, HeadError::Hidden { found: 5, expected: 4 }),
        ("a label too large", 6, &[2, 3, 4], &head, label(1, 3)),
        ("a huge label", 4, &[-1, i64::MAX], &head, label(1, i64::MAX)),
        ("only labels that ask nothing", 4, &[-100, -1], &head, HeadError::NoLabels),
        ("no tokens", 0, &[], &head, HeadError::NoLabels),
        ("numbers without labels", 2, &[], &head, HeadError::Hidden { found: 2, expected: 0 }),
    ];
    for (what, numbers, labels, head, want) in cases {
        let got = (answers.head_backward)(&vec![0.5; numbers], labels, head);
        expect_error_is(what, got, &want)?;
    }
    Ok(())
}

pub fn drawn_slopes_agree(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=80), draw::lengths(0..=12), draw::lengths(0..=70));
    differential((sizes, draw::any_u64()), |((n_embd, n_classes, tokens), seed)| {
        let mut rng = seeded(*seed);
        let mut head = drawn_head(&mut rng, *n_embd, *n_classes);
        let mut hidden = drawn(&mut rng, tokens * n_embd);
        let classes = *n_classes as i64;
        let beyond = i64::from(rng.random_range(0..10_u32) == 0);
        let mut label = || rng.random_range(-1..(classes + beyond).max(1));
        let labels: Vec<i64> = (0..*tokens).map(|_| label()).collect();
        match rng.random_range(0..12_u32) {
            0 => drop(hidden.pop()),
            1 => head.weight.push(1.0),
            2 => head.weight.iter_mut().for_each(|w| *w *= 20.0),
            _ => {}
        }
        let run = |answers: &Answers| (answers.head_backward)(&hidden, &labels, &head);
        agree("the slopes", run(answers), run(&SOLUTION), |got, want| {
            expect_slopes("the slopes", &head, got, want)
        })
    })
}

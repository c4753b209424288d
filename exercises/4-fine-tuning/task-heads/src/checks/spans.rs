//! Tags of words, and where an answer stands.

use std::ops::Range;

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_error_is, expect_same,
    seed_of_this_run,
};
use rand::RngExt;

use crate::oracle::{aligned, named};
use crate::{AnswerSpan, Answers, Bio, Following, HeadError, IGNORE, Name, SOLUTION};
use Bio::{B, I, O};

pub fn labels_are_those_of_transformers(answers: &Answers) -> Outcome {
    for (i, text) in aligned()?.iter().enumerate() {
        for (following, want) in
            [(Following::Ignored, &text.ignored), (Following::Inside, &text.inside)]
        {
            let got = (answers.align_labels)(&text.tags(), &text.word_ids, following)?;
            expect_eq(&format!("text {i}, {following:?}: labels"), &got, want)?;
        }
    }
    Ok(())
}

/// The words of pieces.
type Pieces = Vec<Option<usize>>;

pub fn pieces_look_at_the_one_before(answers: &Answers) -> Outcome {
    labels_are_those_of_transformers(answers)?;
    let tags = [B(1), I(1), O, B(0)];
    let (x, no) = (Some, None);
    let cases: [(&str, Pieces, [Vec<i64>; 2]); 6] = [
        (
            "a special token between the pieces of a word",
            vec![x(0), no, x(0), x(0)],
            [vec![3, IGNORE, 3, IGNORE], vec![3, IGNORE, 3, 4]],
        ),
        (
            "a word that comes again behind another",
            vec![x(3), x(3), x(2), x(3)],
            [vec![1, IGNORE, 0, 1], vec![1, 2, 0, 1]],
        ),
        ("words without pieces", vec![x(0), x(3)], [vec![3, 1], vec![3, 1]]),
        (
            "words in another order",
            vec![x(3), x(1), x(1), x(0)],
            [vec![1, 4, IGNORE, 3], vec![1, 4, 4, 3]],
        ),
        ("special tokens alone", vec![no, no], [vec![IGNORE; 2], vec![IGNORE; 2]]),
        ("no pieces", vec![], [vec![], vec![]]),
    ];
    for (what, word_ids, want) in cases {
        for (following, want) in [Following::Ignored, Following::Inside].into_iter().zip(want) {
            let got = (answers.align_labels)(&tags, &word_ids, following)?;
            expect_eq(&format!("{what}, {following:?}: labels"), &got, &want)?;
        }
    }
    Ok(())
}

pub fn word_without_a_tag_is_refused(answers: &Answers) -> Outcome {
    labels_are_those_of_transformers(answers)?;
    let pieces = [None, Some(1), Some(1), Some(2), Some(2), Some(9)];
    for following in [Following::Ignored, Following::Inside] {
        for (words, at, word) in [(2, 3, 2), (0, 1, 1), (3, 5, 9)] {
            let got = (answers.align_labels)(&vec![B(0); words], &pieces, following);
            let what = format!("pieces of words 1, 2 and 9 with {words} tags, {following:?}");
            expect_error_is(&what, got, &HeadError::Word { at, word, words })?;
        }
        let got = (answers.align_labels)(&[], &[Some(usize::MAX)], following);
        let want = HeadError::Word { at: 0, word: usize::MAX, words: 0 };
        expect_error_is(&format!("a piece of no word, {following:?}"), got, &want)?;
    }
    Ok(())
}

/// Of three kinds, one of them far beyond the others.
fn drawn_tags(max: usize) -> impl Strategy<Value = Vec<Bio>> {
    let tag = draw::select(vec![O, O, B(0), I(0), I(0), B(1), I(1), I(1), B(300), I(300)]);
    draw::list(tag, 0..=max)
}

pub fn drawn_labels_agree(answers: &Answers) -> Outcome {
    let word = draw::select(vec![None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(290)]);
    let words = draw::list(word, 0..=160);
    let following = draw::select(vec![Following::Ignored, Following::Inside]);
    let tags = draw::prop_oneof![drawn_tags(8), drawn_tags(320)];
    differential((tags, words, following), |(tags, word_ids, following)| {
        let run = |answers: &Answers| (answers.align_labels)(tags, word_ids, *following);
        agree("the labels", run(answers), run(&SOLUTION), |got, want| {
            expect_eq("the labels", got, want)
        })
    })
}

pub fn names_are_those_of_seqeval(answers: &Answers) -> Outcome {
    for text in named()? {
        let tags = text.tags();
        let name = |&(kind, start, end): &_| Name { start, end, kind };
        let want: Vec<Name> = text.names.iter().map(name).collect();
        expect_eq(&format!("the names of {tags:?}"), &(answers.spans_from_bio)(&tags), &want)?;
    }
    Ok(())
}

pub fn tags_of_names_give_the_names(answers: &Answers) -> Outcome {
    let mut rng = seeded(seed_of_this_run()?);
    for round in 0..40 {
        let (mut tags, mut want) = (Vec::new(), Vec::new());
        for _ in 0..1 + round / 4 {
            let gap = rng.random_range(0..3_usize);
            tags.extend(vec![O; gap]);
            let (kind, words) = (rng.random_range(0..40_usize), rng.random_range(1..5_usize));
            let start = tags.len();
            tags.push(B(kind));
            tags.extend(vec![I(kind); words - 1]);
            want.push(Name { start, end: tags.len(), kind });
        }
        tags.extend(vec![O; round % 3]);
        expect_eq(&format!("the names of {tags:?}"), &(answers.spans_from_bio)(&tags), &want)?;
    }
    Ok(())
}

pub fn drawn_names_agree(answers: &Answers) -> Outcome {
    differential(drawn_tags(400), |tags| {
        let got = (answers.spans_from_bio)(tags);
        expect_eq("the names", &got, &(SOLUTION.spans_from_bio)(tags))
    })
}

/// All spans, the largest sum first and, of equal ones, the first of them.
fn by_trying_all(
    (s, e): (&[f32], &[f32]),
    context: Range<usize>,
    max_len: usize,
) -> Option<AnswerSpan> {
    let mut all = Vec::new();
    for end in context.clone().rev() {
        for start in context.clone().filter(|start| *start <= end && end - start < max_len) {
            all.push(AnswerSpan { start, end, score: f64::from(s[start]) + f64::from(e[end]) });
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&(a.score)).then((a.start, a.end).cmp(&(b.start, b.end))));
    all.first().copied()
}

fn expect_span(what: &str, got: &AnswerSpan, want: &AnswerSpan) -> Outcome {
    expect_same(&format!("{what}: (start, end)"), &(got.start, got.end), &(want.start, want.end))?;
    expect_close(&format!("{what}: score"), &[], &[got.score], &[want.score], Tolerance::F64)
}

pub fn best_span_is_that_of_trying_all(answers: &Answers) -> Outcome {
    // The best start stands behind the best end.
    let (s, e) = ([0.5, 1.0, 0.25, 4.0, 0.0], [0.0, 5.0, 1.5, 0.5, 1.0]);
    let got = (answers.best_span)(&s, &e, 0..5, 5)?;
    expect_span(
        "the best start behind the best end",
        &got,
        &AnswerSpan { start: 1, end: 1, score: 6.0 },
    )?;
    let mut rng = seeded(seed_of_this_run()?);
    for (tokens, context, max_len) in [
        (1, 0..1, 1),
        (7, 0..7, 1),
        (7, 0..7, 3),
        (12, 4..12, 4),
        (12, 4..11, 30),
        (30, 0..30, 5),
        (30, 11..29, usize::MAX),
        (90, 0..90, 80),
    ] {
        for _ in 0..30 {
            let mut logits =
                || -> Vec<f32> { (0..tokens).map(|_| rng.random_range(-8.0_f32..8.0)).collect() };
            let (s, e) = (logits(), logits());
            let got = (answers.best_span)(&s, &e, context.clone(), max_len)?;
            let Some(want) = by_trying_all((&s, &e), context.clone(), max_len) else { continue };
            let what = format!(
                "start logits {s:.1?}, end logits {e:.1?}, context {context:?}, at most {max_len} \
                 tokens"
            );
            expect_span(&what, &got, &want)?;
        }
    }
    Ok(())
}

pub fn of_equal_spans_the_first_counts(answers: &Answers) -> Outcome {
    best_span_is_that_of_trying_all(answers)?;
    let mut rng = seeded(seed_of_this_run()?);
    for tokens in [1, 2, 5, 9] {
        for _ in 0..40 {
            let mut logits =
                || -> Vec<f32> { (0..tokens).map(|_| rng.random_range(0..3_u8).into()).collect() };
            let (s, e) = (logits(), logits());
            let max_len = rng.random_range(1..=tokens);
            let got = (answers.best_span)(&s, &e, 0..tokens, max_len)?;
            let Some(want) = by_trying_all((&s, &e), 0..tokens, max_len) else { continue };
            let what = format!("start logits {s:?}, end logits {e:?}, at most {max_len} tokens");
            expect_span(&what, &got, &want)?;
        }
    }
    // A long answer at the end of a long text.
    let mut s = vec![0.0; 700];
    let mut e = s.clone();
    (s[420], e[690]) = (2.0, 2.0);
    let got = (answers.best_span)(&s, &e, 0..700, 400)?;
    expect_span("a long text", &got, &AnswerSpan { start: 420, end: 690, score: 4.0 })?;
    // In f32 both sums were the same.
    let got = (answers.best_span)(&[0.0, 3e7], &[0.0, 1.0], 0..2, 2)?;
    expect_span("sums in f64", &got, &AnswerSpan { start: 1, end: 1, score: 3e7 + 1.0 })?;
    let got = (answers.best_span)(&[3e7, 0.0, 0.0], &[0.0, 0.5, 1.0], 0..3, 3)?;
    expect_span("sums in f64", &got, &AnswerSpan { start: 0, end: 2, score: 3e7 + 1.0 })
}

pub fn only_the_context_is_looked_at(answers: &Answers) -> Outcome {
    best_span_is_that_of_trying_all(answers)?;
    for outside in [99.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut s = vec![outside; 9];
        let mut e = vec![outside; 9];
        s[3..7].copy_from_slice(&[-3.0, -1.0, -2.0, -2.5]);
        e[3..7].copy_from_slice(&[-1.0, -4.0, -2.0, -3.0]);
        let got = (answers.best_span)(&s, &e, 3..7, 4)?;
        let want = AnswerSpan { start: 4, end: 5, score: -3.0 };
        expect_span(&format!("{outside} outside of the context 3..7"), &got, &want)?;
    }
    Ok(())
}

/// What is wrong, start logits, end logits, context, `max_len`, error.
type Refused = (&'static str, Vec<f32>, Vec<f32>, Range<usize>, usize, HeadError);

pub fn what_has_no_best_span_is_refused(answers: &Answers) -> Outcome {
    best_span_is_that_of_trying_all(answers)?;
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let context = |context: Range<usize>, tokens| HeadError::Context { context, tokens };
    let not = |name, at| HeadError::NotFinite { name, at };
    let backward = Range { start: 3, end: 1 };
    let cases: [Refused; 10] = [
        (
            "an end logit too few",
            vec![0.0; 3],
            vec![0.0; 2],
            0..9,
            0,
            HeadError::Lengths { start: 3, end: 2 },
        ),
        ("no tokens", vec![], vec![], 0..0, 1, context(0..0, 0)),
        ("an empty context", vec![0.0; 3], vec![0.0; 3], 2..2, 1, context(2..2, 3)),
        (
            "a context backward",
            vec![0.0; 4],
            vec![0.0; 4],
            backward.clone(),
            1,
            context(backward, 4),
        ),
        ("a context behind the text", vec![0.0; 3], vec![0.0; 3], 1..4, 0, context(1..4, 3)),
        ("answers of no tokens", vec![nan; 3], vec![0.0; 3], 0..3, 0, HeadError::MaxLen),
        ("NaN", vec![0.0, 1.0, nan], vec![inf, 0.0, 0.0], 0..3, 2, not("start_logits", 2)),
        ("∞", vec![nan, 1.0, 0.0], vec![inf, 0.0, inf], 1..3, 1, not("end_logits", 2)),
        ("−∞", vec![0.0, -inf, nan], vec![0.0; 3], 0..3, 2, not("start_logits", 1)),
        ("−∞ at the end", vec![9.0, 0.0], vec![0.0, -inf], 0..2, 1, not("end_logits", 1)),
    ];
    for (what, s, e, context, max_len, want) in cases {
        expect_error_is(what, (answers.best_span)(&s, &e, context, max_len), &want)?;
    }
    Ok(())
}

pub fn drawn_spans_agree(answers: &Answers) -> Outcome {
    let logits = || {
        let corner =
            draw::select(vec![0.0_f32, -0.0, 1.0, 1.0, 2.0, -1.0, 1e-30, 3e38, -3e38, f32::NAN]);
        draw::list(draw::prop_oneof![corner, draw::between_f32(-9.0, 9.0)], 0..=30)
    };
    let length = draw::prop_oneof![draw::lengths(0..=12), draw::Just(usize::MAX)];
    let places = (draw::lengths(0..=31), draw::lengths(0..=31));
    differential((logits(), logits(), places, length), |(s, e, (from, to), max_len)| {
        // Mostly of one length, mostly a context inside.
        let tokens = s.len().min(e.len());
        let (s, mut e) = (&s[..tokens], e.clone());
        if tokens % 7 != 6 {
            e.truncate(tokens);
        }
        let end = if to % 5 == 4 { *to } else { tokens - to.min(&tokens) / 2 };
        let context = Range { start: from % (tokens / 2 + 1), end };
        let run = |answers: &Answers| (answers.best_span)(s, &e, context.clone(), *max_len);
        let what = format!("the best span of the context {context:?}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_span(&what, got, want))
    })
}

//! Which tokens are learned.

use std::collections::BTreeSet;
use std::ops::Range;

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect_eq, expect_error_is};
use rand::RngExt;

use crate::oracle::chats;
use crate::{Answers, DataError, IGNORE, SOLUTION};

pub fn labels_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in chats()? {
        let Some(chat) = &case.chat else { continue };
        let got = (answers.sft_labels)(&case.ids, &case.offsets(), &chat.spans())?;
        expect_eq(&format!("labels of {:?}", chat.text), &got, &case.labels)?;
    }
    Ok(())
}

type Text = (Vec<u32>, Vec<Range<usize>>, Vec<Range<usize>>);

/// Byte by byte.
fn by_bytes((ids, offsets, spans): &Text) -> Vec<i64> {
    let learned: BTreeSet<usize> = spans.iter().cloned().flatten().collect();
    let mut labels = vec![IGNORE; ids.len()];
    for at in 1..ids.len() {
        if offsets[at].clone().any(|byte| learned.contains(&byte)) {
            labels[at - 1] = i64::from(ids[at]);
        }
    }
    labels
}

pub fn learned_where_it_touches_a_span(answers: &Answers) -> Outcome {
    let ranges = |pairs: &[(usize, usize)]| pairs.iter().map(|&(from, to)| from..to).collect();
    let one = |ids: &[u32], offsets: &[(usize, usize)], spans: &[(usize, usize)]| -> Text {
        (ids.to_vec(), ranges(offsets), ranges(spans))
    };
    let three = [(0, 2), (2, 5), (5, 9)];
    let mut cases = vec![
        one(&[], &[], &[]),
        one(&[], &[], &[(0, 4)]),
        one(&[5], &[(0, 3)], &[(0, 3)]),
        // Over the left edge, over the right edge, in the middle of a token.
        one(&[7, 8, 9], &three, &[(1, 5)]),
        one(&[7, 8, 9], &three, &[(2, 6)]),
        one(&[7, 8, 9], &three, &[(3, 4)]),
        one(&[7, 8, 9], &three, &[(0, 2)]),
        one(&[7, 8, 9], &three, &[(5, 5)]),
        one(&[7, 8, 9], &three, &[(6, 6), (9, 12)]),
        one(&[7, 8, 9], &three, &[(8, 40), (2, 3)]),
        one(&[7, 8, 9], &three, &[]),
        // Tokens of no byte: such as a token that only marks a beginning.
        one(&[1, 7, 8, 1], &[(0, 0), (0, 2), (2, 3), (3, 3)], &[(0, 9)]),
        one(&[1, 1, 7], &[(4, 4), (5, 5), (5, 6)], &[(0, 9)]),
        one(&[u32::MAX, u32::MAX - 1, 0, u32::MAX], &[(0, 1), (1, 2), (2, 3), (3, 4)], &[(1, 4)]),
    ];
    // Texts of many tokens and spans in any order.
    let mut rng = seeded(4);
    for len in [3, 20, 300] {
        let mut end = 0;
        let mut offsets = Vec::new();
        for _ in 0..len {
            let start = end;
            end += rng.random_range(0..5);
            offsets.push(start..end);
        }
        let span = |_| {
            let start = rng.random_range(0..=end);
            start..start + rng.random_range(0..9)
        };
        let spans: Vec<Range<usize>> = (0..len / 8 + 1).map(span).collect();
        cases.push(((0..len as u32).map(|id| 1000 + id).collect(), offsets, spans));
    }
    for case in &cases {
        let got = (answers.sft_labels)(&case.0, &case.1, &case.2)?;
        let what = format!("offsets {:?}, spans {:?}", case.1, case.2);
        expect_eq(&short(&what), &got, &by_bytes(case))?;
    }
    for (ids, ranges) in [(3, 2), (0, 1), (2, 3), (1, 0)] {
        let offsets: Vec<Range<usize>> = (0..ranges).map(|at| at..at + 1).collect();
        let want = DataError::Ragged { example: 0, ids, others: ranges };
        let what = format!("{} and {}", counted(ids, "id"), counted(ranges, "range"));
        let spans = std::slice::from_ref(&(0..9));
        expect_error_is(&what, (answers.sft_labels)(&vec![3; ids], &offsets, spans), &want)?;
    }
    Ok(())
}

/// The beginning of a text.
fn short(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

pub fn drawn_labels_agree(answers: &Answers) -> Outcome {
    let id = draw::select(vec![0, 1, 2, 50_256, 1 << 31, u32::MAX]);
    let token = (id, draw::lengths(0..=6_usize));
    let span = (draw::lengths(0..=60_usize), draw::lengths(0..=20_usize));
    let extra = draw::select(vec![0_usize, 0, 0, 0, 0, 0, 0, 1]);
    let inputs = (draw::list(token, 0..=40), draw::list(span, 0..=5), extra);
    let inputs = inputs.prop_map(|(tokens, spans, extra)| {
        let ids = tokens.iter().map(|token| token.0).collect();
        let mut end = 0;
        let mut offsets: Vec<Range<usize>> = Vec::new();
        for (_, len) in tokens {
            offsets.push(end..end + len);
            end += len;
        }
        offsets.extend(vec![end..end; extra]);
        (ids, offsets, spans.into_iter().map(|(start, len)| start..start + len).collect())
    });
    differential(inputs, |(ids, offsets, spans): &Text| {
        let run = |answers: &Answers| (answers.sft_labels)(ids, offsets, spans);
        agree("labels", run(answers), run(&SOLUTION), |got, want| expect_eq("labels", got, want))
    })
}

//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::oracle::at_last;
use crate::solution::{
    align_labels, best_span, cls_head, head_backward, last_token, spans_from_bio,
};
use crate::{Bio, Following, Head, IGNORE};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("padding", || {
            let mask = [false, false, false, true, true, true];
            position(&[2, 3, 5], &last_token(&mask, 6)?[0])
        })
        .key("why-last", || {
            // A model whose tokens see what stands before: state i is the sum of tokens up to i.
            let tokens = [1.0_f32, 2.0, 4.0];
            let states = |tokens: [f32; 3]| {
                tokens.map({
                    let mut sum = 0.0;
                    move |x| {
                        sum += x;
                        sum
                    }
                })
            };
            let head = Head { n_embd: 1, weight: vec![1.0, -1.0], bias: vec![0.0; 2] };
            let of = |tokens, mask: [bool; 3]| cls_head(&states(tokens), &mask, 3, &head);
            let changed = [1.0, 2.0, 5.0];
            let whole = [true; 3];
            let first = [true, false, false];
            let last_sees = of(tokens, whole)? != of(changed, whole)?;
            let first_sees = of(tokens, first)? != of(changed, first)?;
            pick([first_sees, last_sees && !first_sees, !last_sees])
        })
        .key("pieces", || {
            let ids = [None, Some(0), Some(0), Some(0), None];
            let got = align_labels(&[Bio::B(0)], &ids, Following::Ignored)?;
            let no = IGNORE;
            position(&[vec![1; 5], vec![no, 1, no, no, no], vec![no, 1, 2, 2, no]], &got)
        })
        .key("names", || {
            let tags = [Bio::B(0), Bio::B(0), Bio::I(0), Bio::O, Bio::I(0)];
            position(&[1, 2, 3, 4], &spans_from_bio(&tags).len())
        })
        .key("span", || {
            let got = best_span(&[1.0, 5.0], &[5.0, 1.0], 0..2, 2)?;
            // Both single tokens and the pair: 6, 6 and 2; the two largest logits make no span.
            pick([
                (got.start, got.end) == (1, 0),
                (got.start, got.end) == (0, 1),
                got.start == got.end,
            ])
        })
        .key("frozen", || {
            let head = Head { n_embd: 2, weight: vec![1.0, 2.0, 0.0, 0.0], bias: vec![0.0; 2] };
            let labels = at_last(&[true, true], 2, &[1]);
            let got = head_backward(&[1.0, 1.0, 0.5, -1.0], &labels, &head)?;
            let of = |range: std::ops::Range<usize>| got.hidden[range].iter().any(|x| *x != 0.0);
            pick([of(0..2), of(2..4) && !of(0..2), !of(0..4)])
        })
}

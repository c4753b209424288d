//! Every function against the reference, on texts drawn anew in each run.

use grading::draw::{self, Strategy};
use grading::random::{Counting, seeded};
use grading::{Differential, Outcome, Tolerance, agree, expect, expect_close, expect_same};
use softmax_sampling::Sampling;

use super::EXACT;
use crate::{Answers, Buddy, SOLUTION};

/// Vocabularies around the 256 bytes, and orders around 1.
fn sizes() -> impl Strategy<Value = (usize, usize)> + Clone {
    (draw::parameter(256_usize..=330), draw::parameter(1_usize..=5))
        .prop_map(|(vocab_size, order)| (vocab_size.min(400), order.min(9)))
}

/// What a Buddy knows, for comparison: its merges, and what it expects after some contexts.
fn knowledge(buddy: &Buddy, text: &str) -> (usize, usize, Vec<Vec<u8>>, Vec<f64>) {
    let size = buddy.bpe.vocab_size();
    let bytes = |id: usize| buddy.bpe.bytes(id as u32).unwrap_or_default().to_vec();
    let tokens = tokenization::fast::Encoder::new(&buddy.bpe).encode(text);
    let probs = (0..tokens.len().min(40))
        .map(|i| what_an_llm_is::solution::prob(&buddy.ngram, &tokens[..i], tokens[i]));
    (
        buddy.ngram.vocab_size(),
        buddy.ngram.order(),
        (256..size).map(bytes).collect(),
        probs.collect(),
    )
}

pub fn training_agrees(answers: &Answers) -> Outcome {
    Differential::cases(120).run((draw::text(60), sizes()), |(text, (vocab_size, order))| {
        let want = (SOLUTION.train)(text, *vocab_size, *order);
        agree("train", (answers.train)(text, *vocab_size, *order), want, |got, want| {
            let (got, want) = (knowledge(got, text), knowledge(want, text));
            expect_same("tokens of the counts", &got.0, &want.0)?;
            expect_same("the order", &got.1, &want.1)?;
            expect_same("the merges", &got.2, &want.2)?;
            expect_close("probability of each token", &[], &got.3, &want.3, EXACT)
        })
    })
}

/// A Buddy that has read something, and another text, or the same: only there long contexts are known.
fn buddies() -> impl Strategy<Value = (Buddy, String)> + Clone {
    let drawn = (draw::text(80), draw::text(80), 256_usize..=330, 1_usize..=12, 0_u8..3);
    drawn.prop_filter_map("a text", |(training, other, vocab_size, order, which)| {
        let buddy = (SOLUTION.train)(&training, vocab_size, order).ok()?;
        Some((buddy, if which == 0 { training } else { other }))
    })
}

pub fn logits_agree(answers: &Answers) -> Outcome {
    let inputs = buddies().prop_flat_map(|(buddy, text)| {
        let ids = draw::tokens(buddy.bpe.vocab_size() as u32, 60);
        let tokens = tokenization::fast::Encoder::new(&buddy.bpe).encode(&text);
        let most = tokens.len();
        (draw::Just(buddy), ids, draw::Just(tokens), 0..=most)
    });
    Differential::cases(120).run(inputs, |(buddy, ids, tokens, len)| {
        for context in [&ids[..], &tokens[..*len]] {
            let (got, want) =
                ((answers.next_logits)(buddy, context), (SOLUTION.next_logits)(buddy, context));
            expect_close("logits", &[], &got, &want, Tolerance::F32)?;
        }
        Ok(())
    })
}

pub fn bits_agree(answers: &Answers) -> Outcome {
    Differential::cases(120).run(buddies(), |(buddy, text)| {
        let want = (SOLUTION.bits_per_byte)(buddy, text);
        agree("bits_per_byte", (answers.bits_per_byte)(buddy, text), want, |got, want| {
            expect_close("bits per byte", &[], &[*got], &[*want], EXACT)
        })
    })
}

pub fn choices_agree(answers: &Answers) -> Outcome {
    let orders = draw::list(draw::parameter(1_usize..=6).prop_map(|order| order.min(9)), 0..=5);
    let inputs = (draw::text(50), draw::text(50), sizes(), orders);
    Differential::cases(80).run(inputs, |(training, held_out, (vocab_size, _), orders)| {
        let choose =
            |answers: &Answers| (answers.choose_order)(training, held_out, *vocab_size, orders);
        let (got, want) = (choose(answers), choose(&SOLUTION));
        // Of several things that are wrong, any may be told.
        let faults = usize::from(orders.is_empty() || orders.contains(&0))
            + usize::from(training.is_empty())
            + usize::from(held_out.is_empty())
            + usize::from(*vocab_size < 256);
        if faults > 1 {
            return expect(got.is_err(), || format!("expected an error, got {got:?}"));
        }
        agree("choose_order", got, want, |got, want| {
            expect_close("bits per byte", &[], &[got.bits_per_byte], &[want.bits_per_byte], EXACT)?;
            expect_same("the order", &got.order, &want.order)
        })
    })
}

/// The same generator writes the same text, with one draw a token.
pub fn completions_agree(answers: &Answers) -> Outcome {
    let settings = (draw::parameter(0.0..=2.0), draw::setting(1_usize..=40));
    let inputs = (buddies(), settings, draw::lengths(0..=40), draw::any_u64());
    Differential::cases(100).run(inputs, |((buddy, prompt), settings, max_tokens, seed)| {
        let (temperature, top_k) = *settings;
        let sampling = Sampling { temperature, top_k, ..Sampling::default() };
        let run = |answers: &Answers| {
            let mut rng = Counting::new(seeded(*seed));
            let text = (answers.complete)(buddy, prompt, &sampling, *max_tokens, &mut rng);
            (text, rng.draws())
        };
        let ((got, draws), (want, wanted)) = (run(answers), run(&SOLUTION));
        agree("complete", got, want, |got, want| {
            expect_same("the text", got, want)?;
            expect(draws == wanted, || format!("{draws} draws for {wanted} tokens"))
        })
    })
}

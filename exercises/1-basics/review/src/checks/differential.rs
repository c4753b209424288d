//! Every function against the reference, on texts drawn anew in each run.

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::{Counting, seeded};
use grading::{Differential, Outcome, Tolerance, agree, expect, expect_close, expect_same};
use softmax_sampling::Sampling;
use tinytown::World;

use super::EXACT;
use crate::{Answers, Buddy, SOLUTION};

/// Vocabularies around the 256 bytes, and orders around 1.
fn sizes() -> impl Strategy<Value = (usize, usize)> + Clone {
    (draw::parameter(256_usize..=330), draw::parameter(1_usize..=5))
        .prop_map(|(vocab_size, order)| (vocab_size.min(400), order.min(9)))
}

/// A text with hundreds of merges in it, so long that 16 bits do not count its bytes; its end is
/// like nothing before.
fn long() -> impl Strategy<Value = String> + Clone {
    draw::text(20).prop_map(|text| {
        let rest = "Nobody saw the cat.\r\n".repeat(3000);
        World::new(1).text(0, 6000) + &rest + &text + "a quick brown fox "
    })
}

/// What a Buddy knows, for comparison: its merges, and what it expects after some contexts.
fn knowledge(buddy: &Buddy, text: &str) -> (usize, usize, Vec<Vec<u8>>, Vec<f64>) {
    let size = buddy.bpe.vocab_size();
    let bytes = |id: usize| buddy.bpe.bytes(id as u32).unwrap_or_default().to_vec();
    let tokens = tokenization::fast::Encoder::new(&buddy.bpe).encode(text);
    // What was read last is as well known as what was read first.
    let probs = (0..tokens.len())
        .filter(|&i| i < 40 || i + 20 > tokens.len())
        .map(|i| what_an_llm_is::solution::prob(&buddy.ngram, &tokens[..i], tokens[i]));
    (
        buddy.ngram.vocab_size(),
        buddy.ngram.order(),
        (256..size).map(bytes).collect(),
        probs.collect(),
    )
}

pub fn training_agrees(answers: &Answers) -> Outcome {
    let check = |(text, (vocab_size, order)): &(String, (usize, usize))| {
        let want = (SOLUTION.train)(text, *vocab_size, *order);
        agree("train", (answers.train)(text, *vocab_size, *order), want, |got, want| {
            let (got, want) = (knowledge(got, text), knowledge(want, text));
            expect_same("tokens of the counts", &got.0, &want.0)?;
            expect_same("the order", &got.1, &want.1)?;
            expect_same("the merges", &got.2, &want.2)?;
            expect_close("probability of each token", &[], &got.3, &want.3, EXACT)
        })
    };
    Differential::cases(120).run((draw::text(60), sizes()), check)?;
    Differential::cases(1).run((long(), (520_usize..=600, 2_usize..=4)), check)
}

/// A Buddy that has read something, and another text, or the same: only there long contexts are known.
fn buddies() -> impl Strategy<Value = (Buddy, String)> + Clone {
    let drawn = (draw::text(80), draw::text(80), 256_usize..=330, 1_usize..=12, 0_u8..3);
    drawn.prop_filter_map("a text", |(training, other, vocab_size, order, which)| {
        let buddy = (SOLUTION.train)(&training, vocab_size, order).ok()?;
        // Some of what was read, so that what comes next is known.
        let read = training.floor_char_boundary(training.len() * (other.len() % 5) / 4);
        Some((buddy, if which == 0 { training[..read].to_owned() } else { other }))
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
            // What another model said before does not matter.
            let mut other = buddy.clone();
            other.ngram.set_order(1)?;
            for buddy in [buddy, &other] {
                logits_agree_after(answers, buddy, context)?;
            }
        }
        Ok(())
    })?;
    // Each order looks as far back as it says.
    for order in 2..=12 {
        let middle = &"abcdefghijkl"[..order - 2];
        let buddy = (SOLUTION.train)(&format!("1{middle}x2{middle}y").repeat(3), 256, order)?;
        let mut encoder = tokenization::fast::Encoder::new(&buddy.bpe);
        for first in ["1", "2"] {
            logits_agree_after(answers, &buddy, &encoder.encode(&format!("{first}{middle}")))?;
        }
    }
    Ok(())
}

fn logits_agree_after(answers: &Answers, buddy: &Buddy, context: &[u32]) -> Outcome {
    let logits = |answers: &Answers| (answers.next_logits)(buddy, context);
    expect_close("logits", &[], &logits(answers), &logits(&SOLUTION), Tolerance::F32)
}

pub fn bits_agree(answers: &Answers) -> Outcome {
    let check = |(buddy, text): &(Buddy, String)| {
        let want = (SOLUTION.bits_per_byte)(buddy, text);
        agree("bits_per_byte", (answers.bits_per_byte)(buddy, text), want, |got, want| {
            expect_close("bits per byte", &[], &[*got], &[*want], EXACT)
        })
    };
    Differential::cases(120).run(buddies(), check)?;
    Differential::cases(1).run((buddies().prop_map(|(buddy, _)| buddy), long()), check)
}

pub fn choices_agree(answers: &Answers) -> Outcome {
    let orders = prop_oneof![
        7 => draw::list((1..=9_usize).boxed(), 0..=12),
        1 => draw::list(draw::parameter(1_usize..=6).prop_map(|order| order.min(9)).boxed(), 1..=3),
    ];
    let is_near = draw::select(vec![false, true]);
    let inputs = (draw::text(50), draw::text(50), is_near, sizes(), orders);
    Differential::cases(80).run(inputs, |(training, other, is_near, (vocab_size, _), orders)| {
        // After what was read, what nobody has read brings the orders close to each other.
        let held_out =
            &if *is_near { training.clone() + &"語".repeat(700) } else { other.clone() };
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

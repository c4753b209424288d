//! What a trained Buddy knows: its tokens, its logits, its bits a byte.

use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_eq, expect_error};
use tinytown::World;
use tokenization::solution::{bpe_train, encode};
use tokenization::{Bpe, byte_id};
use what_an_llm_is::Ngram;

use super::{EXACT, WORDS};
use crate::oracle::{self, Windows};
use crate::{Answers, Buddy, BuddyError};

pub fn training_learns_merges_and_counts(answers: &Answers) -> Outcome {
    let town = World::new(3).text(0, 3000);
    for (text, vocab_size, order) in [(WORDS, 263, 2), (WORDS, 271, 4), (&town, 301, 3)] {
        let buddy = (answers.train)(text, vocab_size, order)?;
        let what = format!("vocabulary {vocab_size}, order {order}, {} bytes of text", text.len());
        let bpe = bpe_train(text, vocab_size, &[])?;
        expect_eq(&format!("{what}: the merges"), buddy.bpe.merges(), bpe.merges())?;
        let ngram = &buddy.ngram;
        let got = [buddy.bpe.vocab_size(), ngram.vocab_size(), ngram.order()];
        let want = [bpe.vocab_size(), bpe.vocab_size(), order];
        expect_eq(&format!("{what}: tokens, tokens of the counts, and order"), &got, &want)?;
        let tokens = encode(&bpe, text);
        let windows = Windows::new(&tokens, order, bpe.vocab_size());
        for (context, followers) in &windows.after {
            for (&token, &count) in followers {
                let got = ngram.after(context).map_or(0, |seen| seen.count(token));
                expect(got as f64 == count, || {
                    format!(
                        "{what}: expected the count of {token} after {context:?} to be {count}, got {got}"
                    )
                })?;
            }
        }
        let all = ngram.contexts().filter(|(_, seen)| seen.total() > 0).count();
        expect_eq(&format!("{what}: the number of contexts"), &[all], &[windows.after.len()])?;
    }
    Ok(())
}

pub fn a_short_text_has_a_small_vocabulary(answers: &Answers) -> Outcome {
    // `ab` is one merge, and `🦇` three.
    for (text, merges) in [("ab", 1), ("abab\nab", 2), ("🦇", 3)] {
        let buddy = (answers.train)(text, 400, 2)?;
        let got = [buddy.bpe.vocab_size(), buddy.ngram.vocab_size()];
        let what = format!("tokens of the vocabulary and of the counts after training on {text:?}");
        expect_eq(&what, &got, &[256 + merges; 2])?;
    }
    Ok(())
}

pub fn training_refuses_bad_input(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    let tokens = (answers.train)("a", 256, 1)?.bpe.vocab_size();
    expect_eq("tokens of a vocabulary without merges", &[tokens], &[256])?;
    expect_error("training on no text", (answers.train)("", 300, 2))?;
    expect_error("training with order 0", (answers.train)("abc", 300, 0))?;
    expect_error("training with 255 tokens", (answers.train)("abc", 255, 2))
}

pub fn logits_are_log_probabilities(answers: &Answers) -> Outcome {
    for (vocab_size, order) in [(256, 1), (265, 2), (270, 3), (258, 4)] {
        let buddy = oracle::buddy(WORDS, vocab_size, order)?;
        let tokens = encode(&buddy.bpe, WORDS);
        let windows = Windows::new(&tokens, order, vocab_size);
        for context in ["", "t", "the", " the cat", "the cat sat", "on the mat, the cat sat on"] {
            let what = format!("vocabulary {vocab_size}, order {order}: logits after {context:?}");
            let context = encode(&buddy.bpe, context);
            let (got, want) =
                ((answers.next_logits)(&buddy, &context), windows.log_probs(&context));
            expect_close(&what, &[], &got, &want, Tolerance::F32)?;
        }
    }
    Ok(())
}

pub fn logits_are_finite_after_anything(answers: &Answers) -> Outcome {
    let buddy = oracle::byte_buddy("abab", 3)?;
    let tokens: Vec<u32> = "abab".repeat(50).bytes().map(byte_id).collect();
    let windows = Windows::new(&tokens, 3, 256);
    for context in [&[][..], &[255], &[0, 0, 0], &[999, tokens[0]], &[tokens[0], u32::MAX]] {
        let got = (answers.next_logits)(&buddy, context);
        if let Some(token) = got.iter().position(|logit| !logit.is_finite()) {
            let message =
                format!("after {context:?}, the logit of token {token} is {}", got[token]);
            return Err(Failure::wrong(message));
        }
        let what = format!("after reading abab 50 times: logits after {context:?}");
        expect_close(&what, &[], &got, &windows.log_probs(context), Tolerance::F32)?;
    }
    Ok(())
}

pub fn untrained_text_has_a_closed_form(answers: &Answers) -> Outcome {
    for (text, vocab_size) in [("abc", 256), (WORDS, 256), (WORDS, 270), ("🦇🦇 naïve", 263)] {
        let bpe = bpe_train(WORDS, vocab_size, &[])?;
        let buddy = Buddy { bpe: bpe.clone(), ngram: Ngram::new(3, vocab_size)? };
        // Each of N tokens has log2 V bits.
        let tokens = encode(&bpe, text).len() as f64;
        let want = tokens * (vocab_size as f64).ln() / std::f64::consts::LN_2 / text.len() as f64;
        let what = format!(
            "a model that has seen nothing, {vocab_size} tokens: bits per byte of {text:?}"
        );
        expect_close(&what, &[], &[(answers.bits_per_byte)(&buddy, text)?], &[want], EXACT)?;
    }
    Ok(())
}

pub fn held_out_text_has_the_bits_of_brute_force(answers: &Answers) -> Outcome {
    let world = World::new(3);
    let (training, held_out) = (world.text(0, 3000), world.text(1, 900));
    let ends = "The cat sat.\nThe bat sat 🦇 there.\nThe end";
    for (vocab_size, order) in [(256, 4), (301, 2), (310, 3)] {
        let buddy = oracle::buddy(&training, vocab_size, order)?;
        let tokens = encode(&buddy.bpe, &training);
        let windows = Windows::new(&tokens, order, vocab_size);
        for text in [&held_out, "a", ends] {
            let want = windows.bits(&encode(&buddy.bpe, text)) / text.len() as f64;
            let got = (answers.bits_per_byte)(&buddy, text)?;
            let what = format!(
                "vocabulary {vocab_size}, order {order}: bits per byte of {} bytes held out",
                text.len()
            );
            expect_close(&what, &[], &[got], &[want], EXACT)?;
        }
    }
    Ok(())
}

pub fn no_text_has_no_bits(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    let buddy = Buddy { bpe: Bpe::new(vec![], &[])?, ngram: Ngram::new(2, 256)? };
    let got = (answers.bits_per_byte)(&buddy, "two")?;
    expect_close("bits per byte of a model without counts", &[], &[got], &[8.0], EXACT)?;
    let error = (answers.bits_per_byte)(&buddy, "").err();
    expect_eq("the error of no text", &[error], &[Some(BuddyError::NoText)])
}

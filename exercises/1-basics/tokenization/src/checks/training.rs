//! Training as a whole, as `tokenizers` does it.

use grading::{Outcome, expect, expect_eq, expect_error_is};

use super::shown;
use crate::golden::Golden;
use crate::{Answers, BYTE_TOKENS, BpeError};

/// Trains on the texts of these golden vocabularies and compares the merges.
fn trains_like(answers: &Answers, names: &[&str]) -> Outcome {
    for vocab in Golden::load()?.vocabs(names) {
        let special_tokens = vocab.special_tokens();
        let bpe = (answers.bpe_train)(&vocab.trained_on, vocab.vocab_size, &special_tokens)?;
        let what = format!("training on the text `{}`", vocab.name);
        // Token by token, so that the message can show what a merge makes.
        let reference = vocab.bpe()?;
        for (rank, (got, want)) in bpe.merges().iter().zip(&vocab.merges).enumerate() {
            let id = (BYTE_TOKENS + rank) as u32;
            expect(got == want, || {
                let (made, wanted) = (shown(&bpe, id), shown(&reference, id));
                format!(
                    "{what}: merge {rank} should be {want:?}, which makes {wanted}; \
                     got {got:?}, which makes {made}"
                )
            })?;
        }
        let (got, want) = (bpe.merges().len(), vocab.merges.len());
        expect(got == want, || format!("{what}: expected {want} merges, got {got}"))?;
        expect_eq("special tokens", bpe.special_tokens(), &vocab.special_tokens)?;
    }
    Ok(())
}

pub fn training_matches_tokenizers(answers: &Answers) -> Outcome {
    trains_like(answers, &["english", "code"])
}

pub fn training_breaks_ties(answers: &Answers) -> Outcome {
    trains_like(answers, &["ties", "repeats"])
}

pub fn training_starts_from_bytes(answers: &Answers) -> Outcome {
    trains_like(answers, &["unicode"])
}

pub fn training_without_specials(answers: &Answers) -> Outcome {
    trains_like(answers, &["documents"])
}

pub fn training_ends(answers: &Answers) -> Outcome {
    trains_like(answers, &["exhausted", "nothing", "bytes-only"])?;
    for (vocab_size, special_tokens) in [(0, &[][..]), (255, &[]), (257, &["<|a|>", "<|b|>"])] {
        let least = BYTE_TOKENS + special_tokens.len();
        let what = format!("vocab_size {vocab_size} with {} special tokens", special_tokens.len());
        let got = (answers.bpe_train)("text", vocab_size, special_tokens);
        expect_error_is(&what, got, &BpeError::VocabTooSmall { vocab_size, least })?;
    }
    Ok(())
}

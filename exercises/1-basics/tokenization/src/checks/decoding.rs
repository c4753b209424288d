//! From ids to text, as `tokenizers` does it.

use grading::{Outcome, expect, expect_error_is};

use crate::golden::Golden;
use crate::{Answers, Bpe, BpeError};

fn decodes(answers: &Answers, bpe: &Bpe, ids: &[u32], want: &str) -> Outcome {
    let got = (answers.decode)(bpe, ids)?;
    expect(got == want, || format!("the ids {ids:?}: expected {want:?}, got {got:?}"))
}

pub fn decoding_joins_bytes_first(answers: &Answers) -> Outcome {
    let golden = Golden::load()?;
    for decoding in &golden.decodings {
        for vocab in golden.vocabs(&[&decoding.vocab]) {
            decodes(answers, &vocab.bpe()?, &decoding.ids, &decoding.text)?;
        }
    }
    Ok(())
}

pub fn decoding_refuses_unknown_ids(answers: &Answers) -> Outcome {
    let bpe = Bpe::new(vec![(64, 65)], &["<|end|>"])?;
    for (id, want) in [(0, "!"), (255, "\u{fffd}"), (256, "ab"), (257, "<|end|>")] {
        decodes(answers, &bpe, &[id], want)?;
    }
    for id in [258, 5000, u32::MAX] {
        let want = BpeError::UnknownId { id, vocab_size: 258 };
        let got = (answers.decode)(&bpe, &[64, id, 65, 777]);
        expect_error_is(&format!("the ids 64, {id}, 65, 777"), got, &want)?;
    }
    Ok(())
}

pub fn decoding_inverts_encoding(answers: &Answers) -> Outcome {
    for (vocab, encoding) in Golden::load()?.encodings(&["english", "code", "documents", "repeats"])
    {
        let bpe = vocab.bpe()?;
        decodes(answers, &bpe, &encoding.ids, &encoding.text)?;
        decodes(answers, &bpe, &(answers.encode)(&bpe, &encoding.text), &encoding.text)?;
    }
    Ok(())
}

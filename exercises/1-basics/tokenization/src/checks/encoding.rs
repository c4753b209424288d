//! From text to ids, as `tokenizers` does it.

use grading::{Failure, Outcome, expect_eq};

use super::shown;
use crate::Answers;
use crate::golden::Golden;

/// Encodes the texts of these golden vocabularies and compares the ids.
fn encodes_like(answers: &Answers, names: &[&str]) -> Outcome {
    for (vocab, encoding) in Golden::load()?.encodings(names) {
        let (bpe, want) = (vocab.bpe()?, &encoding.ids);
        let got = (answers.encode)(&bpe, &encoding.text);
        if let Some(i) = (0..got.len().max(want.len())).find(|&i| got.get(i) != want.get(i)) {
            let token = |ids: &[u32]| match ids.get(i) {
                Some(&id) => format!("{id} {}", shown(&bpe, id)),
                None => "the end".to_owned(),
            };
            let text: String = encoding.text.chars().take(60).collect();
            let rest = if text.len() < encoding.text.len() { "…" } else { "" };
            let (want, got) = (token(want), token(&got));
            return Err(Failure::wrong(format!(
                "the text {text:?}{rest}: at token {i} expected {want}, got {got}"
            )));
        }
    }
    Ok(())
}

pub fn encoding_matches_tokenizers(answers: &Answers) -> Outcome {
    encodes_like(answers, &["english", "code"])
}

pub fn encoding_in_learned_order(answers: &Answers) -> Outcome {
    encodes_like(answers, &["order", "repeats", "ties"])
}

pub fn special_tokens_stay_whole(answers: &Answers) -> Outcome {
    encodes_like(answers, &["documents"])
}

pub fn encoding_takes_any_unicode(answers: &Answers) -> Outcome {
    encodes_like(answers, &["unicode"])?;
    // Characters of all of Unicode, some in each text: the tokens must spell them.
    let characters: Vec<char> =
        ('\0'..='\u{7ff}').chain(('\u{800}'..=char::MAX).step_by(97)).collect();
    for vocab in Golden::load()?.vocabs(&["unicode"]) {
        let bpe = vocab.bpe()?;
        for text in characters.chunks(25).map(String::from_iter) {
            let mut bytes = Vec::new();
            for id in (answers.encode)(&bpe, &text) {
                let unknown = || Failure::wrong(format!("{text:?}: no token has id {id}"));
                bytes.extend(bpe.bytes(id).ok_or_else(unknown)?);
            }
            expect_eq(&format!("the bytes of the tokens of {text:?}"), &bytes, text.as_bytes())?;
        }
    }
    Ok(())
}

//! The longest piece first.

use grading::{Outcome, expect};

use crate::oracle::Golden;
use crate::{Answers, WordPiece};

fn like_tokenizers(answers: &Answers, names: &[&str]) -> Outcome {
    let golden = Golden::load()?;
    for case in golden.wordpiece.iter().filter(|case| names.contains(&case.name.as_str())) {
        let vocab = WordPiece::new(&case.pieces)?.with_max_chars(case.max_chars);
        for (word, want) in &case.words {
            let got = (answers.wordpiece)(&vocab, word);
            expect(got == *want, || {
                let few = case.pieces[..case.pieces.len().min(12)].join(" ");
                let more = if case.pieces.len() > 12 { " …" } else { "" };
                format!("“{word}” with the pieces {few}{more}: expected {want:?}, got {got:?}")
            })?;
        }
    }
    Ok(())
}

pub fn the_longest_piece_comes_first(answers: &Answers) -> Outcome {
    like_tokenizers(answers, &["trained", "unicode"])
}

pub fn pieces_inside_a_word_have_a_prefix(answers: &Answers) -> Outcome {
    like_tokenizers(answers, &["hand"])
}

pub fn a_dead_end_makes_the_word_unknown(answers: &Answers) -> Outcome {
    like_tokenizers(answers, &["dead-end", "random"])
}

pub fn long_words_are_unknown(answers: &Answers) -> Outcome {
    like_tokenizers(answers, &["limit"])?;
    for max_chars in [100, 0] {
        let vocab = WordPiece::new(["a", "##a"])?.with_max_chars(max_chars);
        let got = (answers.wordpiece)(&vocab, "");
        expect(got.is_empty(), || format!("an empty word: expected no tokens, got {got:?}"))?;
    }
    Ok(())
}

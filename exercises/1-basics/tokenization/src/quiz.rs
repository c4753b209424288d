//! The quiz of the page; the code of the lesson picks the right choices.

use grading::{Failure, Quiz};

use crate::solution::{bpe_train, decode, encode};
use crate::{Bpe, byte_id, sample_vocab};

/// Five questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "bytes-of-an-emoji",
            "A byte-level BPE vocabulary was trained on English text only. What does it make of 🙂, which it has never seen?",
            [
                ("One `<unk>` token", "There is no unknown token: every text is made of bytes, and every byte is a token."),
                ("One token: it is one character", "A character is a token only if training merged its bytes; this one it never saw."),
                ("Four tokens", "In UTF-8 the emoji is four bytes, and no merge joins them."),
                ("An error", "Encoding cannot fail: the 256 byte tokens spell any text."),
            ],
            || match encode(&trained("the lighthouse keeper", 270)?, "🙂").len() {
                1 => Ok(1),
                4 => Ok(2),
                n => Err(Failure::wrong(format!("{n} tokens"))),
            },
        )
        .ask(
            "three-letters-a",
            "The merge (a, a) → `aa` is the only one. What becomes of `aaaaa`?",
            [
                ("`aa` `aa` `a`", "From left to right, and every letter in one merge at most."),
                ("`a` `aa` `aa`", "This is from right to left. Decoding would not notice, but the model would: it never saw these tokens in training."),
                ("`aa` `aa` `aa` `aa`", "Counting sees four overlapping pairs, but merging uses every letter once."),
                ("`aaaaa`", "`aaaa` would need a merge of its own, (`aa`, `aa`)."),
            ],
            || {
                let a = byte_id(b'a');
                let ids = encode(&Bpe::new(vec![(a, a)], &[])?, "aaaaa");
                let answers: [&[u32]; 4] = [&[256, 256, a], &[a, 256, 256], &[256; 4], &[257]];
                position(&answers, &ids.as_slice())
            },
        )
        .ask(
            "which-merge-first",
            "Training learned (b, c) → `bc`, then (a, b) → `ab`, then (`ab`, c) → `abc`. How is `abc` encoded?",
            [
                ("`abc`", "The longest token does not win: to reach it, (a, b) would have to be merged before (b, c)."),
                ("`ab` `c`", "This merges the first pair in the text. The order of the text does not matter."),
                ("`a` `bc`", "The merge that was learned first is done first, and then no pair is left that has a merge."),
                ("`a` `b` `c`", "Both pairs have merges, so one of them is done."),
            ],
            || {
                let [a, b, c] = [b'a', b'b', b'c'].map(byte_id);
                let bpe = Bpe::new(vec![(b, c), (a, b), (257, c)], &[])?;
                let answers: [&[u32]; 4] = [&[258], &[257, c], &[a, 256], &[a, b, c]];
                position(&answers, &encode(&bpe, "abc").as_slice())
            },
        )
        .ask(
            "space-before-a-word",
            "In the vocabulary of the demo above, do `the` at the start of a text and `the` after a space have the same id?",
            [
                ("Yes: it is the same word", "The space is part of the word that follows it, so these are two words to the tokenizer."),
                ("No: the second one is the token `␣the`, with the space in it", "GPT-2's pattern keeps one space with the word it stands before, so the two are different words from the start."),
                ("No: the second one is a token for the space and then `the`", "The pattern puts the space and the word into one piece, and training merged them early."),
            ],
            || {
                let bpe = sample_vocab(1024)?;
                let (alone, after) = (encode(&bpe, "the"), encode(&bpe, " the"));
                match (alone == after, after.len()) {
                    (true, _) => Ok(0),
                    (false, 1) => Ok(1),
                    (false, _) => Ok(2),
                }
            },
        )
        .ask(
            "half-a-character",
            "A model writes one token at a time, and the tokens of `é` are the bytes C3 and A9. What does `decode` return when only the first of them is there?",
            [
                ("An error: the bytes are not valid UTF-8", "A user who watches the text grow should not get an error for half a character."),
                ("`Ã`, the character with code C3", "Bytes are not characters: C3 alone is the beginning of one."),
                ("`�`, the replacement character", "It is replaced by `é` as soon as the second byte is there. So a program that streams text waits for the rest of a character."),
                ("Nothing: incomplete characters are dropped", "Then a text cut in the wrong place would lose something without a sign."),
            ],
            || {
                let text = decode(&Bpe::new(Vec::new(), &[])?, &[byte_id(0xc3)]);
                position(&[None, Some("Ã"), Some("\u{fffd}"), Some("")], &text.ok().as_deref())
            },
        )
}

fn trained(text: &str, vocab_size: usize) -> Result<Bpe, Failure> {
    Ok(bpe_train(text, vocab_size, &[])?)
}

/// The index of what the code computed among the answers.
fn position<T: PartialEq + std::fmt::Debug>(answers: &[T], computed: &T) -> Result<usize, Failure> {
    let found = answers.iter().position(|answer| answer == computed);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed:?}")))
}

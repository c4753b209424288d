//! Questions whose answers the reference computes.

use grading::{Keys, pick, position};

use crate::solution::{bpe_train, decode, encode};
use crate::{Bpe, byte_id, sample_vocab};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("bytes-of-an-emoji", || {
            let bpe = bpe_train("the lighthouse keeper", 270, &[])?;
            let ids = encode(&bpe, "🙂");
            let kept = decode(&bpe, &ids)? == "🙂";
            pick([ids.len() == 1 && !kept, ids.len() == 1 && kept, ids.len() == 4, ids.is_empty()])
        })
        .key("three-letters-a", || {
            let a = byte_id(b'a');
            let ids = encode(&Bpe::new(vec![(a, a)], &[])?, "aaaaa");
            let answers: [&[u32]; 4] = [&[256, 256, a], &[a, 256, 256], &[256; 4], &[257]];
            position(&answers, &ids.as_slice())
        })
        .key("which-merge-first", || {
            let [a, b, c] = [b'a', b'b', b'c'].map(byte_id);
            let bpe = Bpe::new(vec![(b, c), (a, b), (257, c)], &[])?;
            let answers: [&[u32]; 4] = [&[258], &[257, c], &[a, 256], &[a, b, c]];
            position(&answers, &encode(&bpe, "abc").as_slice())
        })
        .key("space-before-a-word", || {
            let bpe = sample_vocab(1024)?;
            let (alone, after) = (encode(&bpe, "the"), encode(&bpe, " the"));
            match (alone == after, after.len()) {
                (true, _) => Ok(0),
                (false, 1) => Ok(1),
                (false, _) => Ok(2),
            }
        })
        .key("half-a-character", || {
            let text = decode(&Bpe::new(Vec::new(), &[])?, &[byte_id(0xc3)]);
            position(&[None, Some("Ã"), Some("\u{fffd}"), Some("")], &text.ok().as_deref())
        })
}

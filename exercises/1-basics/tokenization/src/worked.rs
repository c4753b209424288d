//! Numbers for the page.

use std::fmt::Display;

use grading::Worked;
use grading::numbers::count;

use crate::example::{CHARACTERS, MERGES, TEXT};
use crate::solution::{best_pair, bpe_train, count_pairs, encode, merge_pair};
use crate::{BYTE_TOKENS, Bpe, PROSE, Pair, Word, byte_id, count_words, pretokenize, sample_vocab};

/// Spellings of one word that share few merges.
const SPELLINGS: &str = "the the The THE";

/// Text that shows what the pattern of the words does.
const WORDS: &str = "It's 12 o'clock!";

/// English that is not in the training text of the demo's vocabulary.
const ENGLISH: &str = "My sister has three dogs, and they like to sleep near the fire.";

/// The same in Russian.
const RUSSIAN: &str = "У моей сестры три собаки, и они любят спать у огня.";

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    by_hand(&mut worked);
    spellings(&mut worked);
    bytes(&mut worked);
    encoding(&mut worked);
    sizes(&mut worked);
    worked
}

/// [`MERGES`] merges on [`TEXT`], each with its count and what is left of the text.
fn by_hand(worked: &mut Worked) {
    let Ok(bpe) = bpe_train(TEXT, BYTE_TOKENS + MERGES, &[]) else { return };
    let Ok(mut words) = count_words(TEXT, &[]) else { return };
    worked.set("text", TEXT).set("text-bytes", TEXT.len());
    worked.set("text-words", all_spelled(&bpe, &words, ""));
    for (step, id) in (1..).zip(BYTE_TOKENS as u32..bpe.vocab_size() as u32) {
        let counts = count_pairs(&words);
        let Some(best) = best_pair(&counts) else { break };
        for word in &mut words {
            word.tokens = merge_pair(&word.tokens, best, id);
        }
        let count = counts[&best];
        let mut tied: Vec<Pair> = counts.iter().filter(|c| *c.1 == count).map(|c| *c.0).collect();
        tied.sort_unstable();
        let shown =
            |&(left, right): &Pair| format!("({}, {})", bpe.spelled(left), bpe.spelled(right));
        let length: u64 = words.iter().map(|word| word.tokens.len() as u64 * word.count).sum();
        let numbers: [(&str, &dyn Display); 7] = [
            ("", &shown(&best)),
            ("-count", &count),
            ("-token", &bpe.spelled(id)),
            ("-tied", &tied.len()),
            ("-ties", &tied.iter().map(shown).collect::<Vec<_>>().join(" and ")),
            ("-length", &length),
            ("-words", &all_spelled(&bpe, &words, "|")),
        ];
        for (name, value) in numbers {
            worked.set(&format!("merge-{step}{name}"), value);
        }
    }
}

/// What it takes until each of [`SPELLINGS`] is one token.
fn spellings(worked: &mut Worked) {
    let Ok(bpe) = bpe_train(SPELLINGS, BYTE_TOKENS + SPELLINGS.len(), &[]) else { return };
    let ids = BYTE_TOKENS as u32..bpe.vocab_size() as u32;
    let learned: Vec<String> = ids.map(|id| visible(&bpe.spelled(id))).collect();
    worked
        .set("spellings", SPELLINGS)
        .set("spellings-merges", learned.len())
        .set("spellings-learned", learned.join(", "));
}

/// Bytes of characters, ids of bytes, and words.
fn bytes(worked: &mut Worked) {
    for (name, text) in CHARACTERS {
        worked.set(&format!("count-{name}"), text.len());
    }
    for (name, byte) in [("bang", b'!'), ("a", b'a'), ("h", b'h'), ("t", b't'), ("space", b' ')] {
        worked.set(&format!("id-{name}"), byte_id(byte));
    }
    worked.set("byte-space", b' ').set("words", WORDS);
    let words: Vec<String> = pretokenize(WORDS).map(visible).collect();
    worked.set("words-cut", words.join(" · "));
}

/// What the vocabulary of the demo makes of words.
fn encoding(worked: &mut Worked) {
    let Ok(bpe) = sample_vocab(1024) else { return };
    for (name, text) in
        [("learned", " understand"), ("new", " misunderstanding"), ("number", " 12345")]
    {
        let ids = encode(&bpe, text);
        worked.set(&format!("word-{name}-text"), text.trim_start());
        worked.set(&format!("word-{name}"), spelled(&bpe, &ids, "|"));
        worked.set(&format!("word-{name}-tokens"), ids.len());
    }
    for (name, text) in [("english", ENGLISH), ("russian", RUSSIAN)] {
        worked.set(&format!("sentence-{name}"), text);
        worked.set(&format!("sentence-{name}-tokens"), encode(&bpe, text).len());
        worked.set(&format!("sentence-{name}-chars"), text.chars().count());
    }
}

/// Sizes of vocabularies and of texts encoded with them.
fn sizes(worked: &mut Worked) {
    worked.set("gpt2-vocab", count(BYTE_TOKENS as u64 + 50_000 + 1));
    worked.set("prose-bytes", count(PROSE.len() as u64));
    for size in [256, 512, 1024] {
        let Ok(bpe) = sample_vocab(size) else { return };
        let tokens = encode(&bpe, PROSE).len();
        let ratio = PROSE.len() as f64 / tokens as f64;
        worked.set(&format!("prose-tokens-{size}"), count(tokens as u64));
        worked.set(&format!("prose-ratio-{size}"), format!("{ratio:.2}"));
    }
}

/// All words as text.
fn all_spelled(bpe: &Bpe, words: &[Word], between: &str) -> String {
    words.iter().map(|w| spelled(bpe, &w.tokens, between)).collect::<Vec<_>>().join(" · ")
}

/// Tokens as text, spaces made visible.
fn spelled(bpe: &Bpe, tokens: &[u32], between: &str) -> String {
    let tokens: Vec<String> = tokens.iter().map(|&id| bpe.spelled(id)).collect();
    visible(&tokens.join(between))
}

/// Text with its spaces made visible.
fn visible(text: &str) -> String {
    text.replace(' ', "␣")
}

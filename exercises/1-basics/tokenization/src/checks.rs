use std::collections::HashMap;

use grading::{Failure, Outcome, expect, expect_eq, expect_error};

use crate::golden::Golden;
use crate::{Bpe, Pair, Word};

grading::checks! {
    "Pairs are counted as often as they stand in the text" => pairs_are_counted_as_often_as_they_stand {
        points: 1, section: "counting-pairs", hints: [
            "A word with count 3 stands in the text three times, and so does each of its pairs.",
            "`tokens.windows(2)` yields every pair of neighbors; in [7, 7, 7] it yields (7, 7) twice.",
            "For every word and every window: `*counts.entry((w[0], w[1])).or_default() += word.count`."
        ]
    }
    "The best pair is the most frequent, then the one with the smallest ids" => the_best_pair_is_frequent_then_small {
        points: 1, section: "choosing-the-best-pair", hints: [
            "A `HashMap` has no order of its own, so `max_by_key` on the count alone picks a random winner of a tie.",
            "Tuples compare from left to right: a key of (count, something) breaks ties by something.",
            "The larger count wins, but the smaller pair: wrap the pair in `std::cmp::Reverse`."
        ]
    }
    "A pair is merged everywhere, from left to right" => merging_goes_from_left_to_right {
        points: 1, section: "merging-a-pair", hints: [
            "Walk through the tokens with an index and push to a new vector.",
            "After a match the index moves on by two, so a token is never part of two merges.",
            "[7, 7, 7] with the pair (7, 7) becomes [id, 7]. Mind the last token, which has no right neighbor."
        ]
    }
    "Training learns the merges of the tokenizers library" => training_learns_the_merges_of_tokenizers {
        points: 3, section: "training", hints: [
            "Count the words once, then repeat: count pairs, choose the best, merge it in every word.",
            "Begin with `count_words(text, special_tokens)?`; no pair ever spans two words.",
            "The token of merge number i is 256 + i, and `Bpe::new(merges, special_tokens)` makes the vocabulary."
        ]
    }
    "Training breaks ties as the tokenizers library does" => training_breaks_ties_like_tokenizers {
        points: 1, section: "choosing-the-best-pair", hints: [
            "In this text nearly every pair is as frequent as every other.",
            "Byte tokens are numbered by `byte_id`, not by their value; `count_words` does that for you.",
            "Use your `best_pair`, and give every merge the next id, so that older tokens win ties."
        ]
    }
    "Training starts from bytes, whatever the script" => training_starts_from_bytes {
        points: 1, section: "bytes-not-characters", hints: [
            "An emoji is four bytes: four tokens until training merges them.",
            "Nothing in training should ask what a character is.",
            "If the words come from `count_words`, they are bytes already: keep their tokens."
        ]
    }
    "Special tokens take room in the vocabulary and no part in training" => training_leaves_special_tokens_alone {
        points: 1, section: "special-tokens", hints: [
            "`<|endoftext|>` is not text: its letters must not be counted.",
            "Pass the special tokens on to `count_words`, which cuts the text there.",
            "There is room for vocab_size − 256 − special_tokens.len() merges."
        ]
    }
    "Training ends when there is nothing to merge, and refuses what cannot be" => training_ends_when_it_must {
        points: 1, section: "training", hints: [
            "A short text runs out of pairs before the vocabulary is full: that is not an error.",
            "A pair that stands in the text once is still a pair. With no pair left, `best_pair` is `None`.",
            "With `least` = 256 + special_tokens.len(): if vocab_size < least, `return Err(BpeError::VocabTooSmall { vocab_size, least })`."
        ]
    }
    "Encoding gives the ids of the tokenizers library" => encoding_matches_tokenizers {
        points: 3, section: "encoding", hints: [
            "Word by word: the bytes of the word as ids, then merges until none applies.",
            "`bpe.merged(pair)` is the token a pair merges into; search all neighbors again after every merge.",
            "`while let Some((id, pair)) = first_learned(…) { tokens = merge_pair(&tokens, pair, id) }`."
        ]
    }
    "Encoding follows the order in which merges were learned" => encoding_follows_the_order_of_learning {
        points: 2, section: "encoding", hints: [
            "Neither the first pair in the text nor the longest token wins.",
            "Of all pairs that have a merge, take the one whose merge was learned first.",
            "Merges learned earlier make tokens with smaller ids: take the minimum of (id, pair)."
        ]
    }
    "Special tokens become a single id" => special_tokens_stay_whole {
        points: 1, section: "special-tokens", hints: [
            "No merge makes a special token: it must be found before the text is cut into words.",
            "`bpe.split_special(text)` yields ordinary text and special tokens in turn.",
            "`match piece { Piece::Special(id) => ids.push(id), Piece::Text(text) => … }`."
        ]
    }
    "Any Unicode text can be encoded" => encoding_takes_any_unicode {
        points: 1, section: "bytes-not-characters", hints: [
            "There is no unknown token: 256 byte tokens spell everything.",
            "Use `word.bytes()`, not `word.chars()`.",
            "`word.bytes().map(byte_id).collect()` is where every word starts, control characters included."
        ]
    }
    "Decoding joins all bytes before it reads them as text" => decoding_joins_the_bytes_first {
        points: 2, section: "decoding", hints: [
            "A character may be spread over several tokens.",
            "Collect the bytes of all tokens in one `Vec<u8>` and turn that into text at the end.",
            "`String::from_utf8_lossy(&bytes)` puts � where the bytes are not valid UTF-8."
        ]
    }
    "Decoding refuses ids that do not exist" => decoding_refuses_unknown_ids {
        points: 1, section: "decoding", hints: [
            "What does `bpe.bytes(id)` return for an id that is too large?",
            "An id that is silently dropped hides a bug elsewhere: say which id it was.",
            "`bpe.bytes(id).ok_or(BpeError::UnknownId { id, vocab_size: bpe.vocab_size() })?`."
        ]
    }
    "What was encoded is decoded to the same text" => what_was_encoded_is_decoded {
        points: 1, section: "decoding", hints: [
            "Byte-level BPE loses nothing: spaces, line ends and control characters are in the tokens.",
            "Add nothing between tokens and leave none out.",
            "Special tokens have bytes, too: `bpe.bytes(id)` knows them."
        ]
    }
}

fn pairs_are_counted_as_often_as_they_stand() -> Outcome {
    let word = |tokens: &[u32], count| Word { tokens: tokens.to_vec(), count };
    let words = [
        word(&[1, 2, 1, 2], 3),
        word(&[2, 1], 5),
        word(&[7, 7, 7, 7], 2),
        word(&[2], 4),
        word(&[300, 7, 300], 1),
    ];
    // Brute force: write the words out, one copy after the other.
    let mut want: HashMap<Pair, u64> = HashMap::new();
    for word in &words {
        for _ in 0..word.count {
            for i in 1..word.tokens.len() {
                *want.entry((word.tokens[i - 1], word.tokens[i])).or_default() += 1;
            }
        }
    }
    let sorted = |counts: HashMap<Pair, u64>| {
        let mut counts: Vec<_> = counts.into_iter().filter(|&(_, count)| count > 0).collect();
        counts.sort_unstable();
        counts
    };
    let shown: Vec<String> = words.iter().map(|w| format!("{:?}×{}", w.tokens, w.count)).collect();
    let what = format!("of the words [{}]: pairs and counts, sorted by pair", shown.join(", "));
    expect_eq(&what, &sorted(subject::count_pairs(&words)), &sorted(want))
}

fn the_best_pair_is_frequent_then_small() -> Outcome {
    let mut random = Random(1);
    for _ in 0..200 {
        let size = random.below(9);
        let counts: HashMap<Pair, u64> = (0..size)
            .map(|_| ((random.below(4) as u32, random.below(4) as u32), 1 + random.below(2) as u64))
            .collect();
        // Brute force: the first of a list sorted by falling count, then by rising pair.
        let mut sorted: Vec<(Pair, u64)> = counts.clone().into_iter().collect();
        sorted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let (got, want) = (subject::best_pair(&counts), sorted.first().map(|&(pair, _)| pair));
        expect(got == want, || {
            format!("of the counts {sorted:?}: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

fn merging_goes_from_left_to_right() -> Outcome {
    let mut random = Random(2);
    for round in 0..300 {
        let tokens: Vec<u32> = (0..random.below(12)).map(|_| random.below(3) as u32).collect();
        let pair = (round % 3, round / 3 % 3);
        // The standard library replaces text from left to right, too: tokens 0, 1, 2 as a, b, c.
        let letter = |token: u32| char::from(b'a' + token as u8);
        let text: String = tokens.iter().map(|&t| letter(t)).collect();
        let replaced = text.replace(&String::from_iter([letter(pair.0), letter(pair.1)]), "z");
        let want: Vec<u32> =
            replaced.bytes().map(|b| if b == b'z' { 256 } else { u32::from(b - b'a') }).collect();
        let got = subject::merge_pair(&tokens, pair, 256);
        expect(got == want, || {
            format!("{tokens:?} with {pair:?} → 256: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

/// Trains on the texts of these golden vocabularies and compares the merges.
fn trains_like(names: &[&str]) -> Outcome {
    for vocab in Golden::load()?.vocabs(names) {
        let bpe = subject::bpe_train(&vocab.trained_on, vocab.vocab_size, &vocab.special_tokens())?;
        // Token by token, so that the message can show what a merge makes.
        let reference = vocab.bpe()?;
        for (rank, (got, want)) in bpe.merges().iter().zip(&vocab.merges).enumerate() {
            let id = 256 + rank as u32;
            expect(got == want, || {
                format!(
                    "training on the text `{}`: merge {rank} should be {want:?}, which makes {}; got {got:?}, which makes {}",
                    vocab.name,
                    shown(&reference, id),
                    shown(&bpe, id)
                )
            })?;
        }
        let (got, want) = (bpe.merges().len(), vocab.merges.len());
        expect(got == want, || {
            format!("training on the text `{}`: expected {want} merges, got {got}", vocab.name)
        })?;
        expect_eq("special tokens", bpe.special_tokens(), &vocab.special_tokens)?;
    }
    Ok(())
}

fn training_learns_the_merges_of_tokenizers() -> Outcome {
    trains_like(&["english", "code"])
}

fn training_breaks_ties_like_tokenizers() -> Outcome {
    trains_like(&["ties", "repeats"])
}

fn training_starts_from_bytes() -> Outcome {
    trains_like(&["unicode"])
}

fn training_leaves_special_tokens_alone() -> Outcome {
    trains_like(&["documents"])
}

fn training_ends_when_it_must() -> Outcome {
    trains_like(&["exhausted", "nothing", "bytes-only"])?;
    for (vocab_size, special_tokens) in [(0, &[][..]), (255, &[]), (257, &["<|a|>", "<|b|>"])] {
        let what = format!("vocab_size {vocab_size} with {} special tokens", special_tokens.len());
        expect_error(&what, subject::bpe_train("text", vocab_size, special_tokens))?;
    }
    Ok(())
}

/// Encodes the texts of these golden vocabularies and compares the ids.
fn encodes_like(names: &[&str]) -> Outcome {
    for (vocab, encoding) in Golden::load()?.encodings(names) {
        let bpe = vocab.bpe()?;
        let got = subject::encode(&bpe, &encoding.text);
        let beginning: String = encoding.text.chars().take(60).collect();
        let what = format!(
            "the text {beginning:?}{}",
            if beginning.len() < encoding.text.len() { "…" } else { "" }
        );
        let differ =
            (0..got.len().max(encoding.ids.len())).find(|&i| got.get(i) != encoding.ids.get(i));
        if let Some(i) = differ {
            let token = |ids: &[u32]| match ids.get(i) {
                Some(&id) => format!("{id} {}", shown(&bpe, id)),
                None => "the end".to_owned(),
            };
            let (want, got) = (token(&encoding.ids), token(&got));
            return Err(Failure::wrong(format!("{what}: at token {i} expected {want}, got {got}")));
        }
    }
    Ok(())
}

fn encoding_matches_tokenizers() -> Outcome {
    encodes_like(&["english", "code"])
}

fn encoding_follows_the_order_of_learning() -> Outcome {
    encodes_like(&["order", "repeats", "ties"])
}

fn special_tokens_stay_whole() -> Outcome {
    encodes_like(&["documents"])
}

fn encoding_takes_any_unicode() -> Outcome {
    encodes_like(&["unicode"])?;
    let golden = Golden::load()?;
    for vocab in golden.vocabs(&["unicode"]) {
        let bpe = vocab.bpe()?;
        let mut random = Random(3);
        for _ in 0..100 {
            let text = random.text();
            let mut bytes = Vec::new();
            for id in subject::encode(&bpe, &text) {
                let token = bpe.bytes(id);
                bytes
                    .extend(token.ok_or_else(|| {
                        Failure::wrong(format!("{text:?}: no token has id {id}"))
                    })?);
            }
            expect_eq(&format!("the bytes of the tokens of {text:?}"), &bytes, text.as_bytes())?;
        }
    }
    Ok(())
}

fn decoding_joins_the_bytes_first() -> Outcome {
    let golden = Golden::load()?;
    for decoding in golden.decodings.iter().filter(|d| d.vocab == "unicode") {
        for vocab in golden.vocabs(&["unicode"]) {
            let (got, want) = (subject::decode(&vocab.bpe()?, &decoding.ids)?, &decoding.text);
            expect(got == *want, || {
                format!("the ids {:?}: expected {want:?}, got {got:?}", decoding.ids)
            })?;
        }
    }
    Ok(())
}

fn decoding_refuses_unknown_ids() -> Outcome {
    let bpe = Bpe::new(vec![(64, 65)], &["<|end|>"])?;
    for (id, want) in [(0, "!"), (255, "\u{fffd}"), (256, "ab"), (257, "<|end|>")] {
        let got = subject::decode(&bpe, &[id])?;
        expect(got == want, || format!("the id {id}: expected {want:?}, got {got:?}"))?;
    }
    for id in [258, 5000, u32::MAX] {
        expect_error(
            &format!("the id {id}, where the last is 257"),
            subject::decode(&bpe, &[64, id, 65]),
        )?;
    }
    Ok(())
}

fn what_was_encoded_is_decoded() -> Outcome {
    let golden = Golden::load()?;
    let same = |bpe: &Bpe, ids: &[u32], want: &str| {
        let got = subject::decode(bpe, ids)?;
        expect(got == want, || format!("the ids {ids:?}: expected {want:?}, got {got:?}"))
    };
    for (vocab, encoding) in golden.encodings(&["english", "code", "documents", "repeats"]) {
        let bpe = vocab.bpe()?;
        same(&bpe, &encoding.ids, &encoding.text)?;
        same(&bpe, &subject::encode(&bpe, &encoding.text), &encoding.text)?;
    }
    for vocab in golden.vocabs(&["unicode"]) {
        let bpe = vocab.bpe()?;
        let mut random = Random(4);
        for _ in 0..100 {
            let text = random.text();
            same(&bpe, &subject::encode(&bpe, &text), &text)?;
        }
    }
    Ok(())
}

/// A token as a message shows it.
fn shown(bpe: &Bpe, id: u32) -> String {
    if bpe.bytes(id).is_none() {
        "(no such token)".into()
    } else {
        format!("{:?}", bpe.spelled(id))
    }
}

/// Seeded random numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    }

    /// A text of ordinary letters, white space, control characters and any Unicode at all.
    fn text(&mut self) -> String {
        (0..self.below(30))
            .filter_map(|_| match self.below(5) {
                0 => char::from_u32(self.below(0x80) as u32),
                1 => Some([' ', '\n', '\'', '\u{a0}', '\u{301}', '🙂', '本'][self.below(7)]),
                2 => char::from_u32(self.below(0x3000) as u32),
                3 => char::from_u32(self.below(0x11_0000) as u32),
                _ => Some(char::from(b'a' + self.below(26) as u8)),
            })
            .collect()
    }
}

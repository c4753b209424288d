//! Judges answers: the reference, the learner's, a mutant.

mod decoding;
mod differential;
mod encoding;
mod parts;
mod training;

use decoding::*;
use differential::*;
use encoding::*;
use parts::*;
use training::*;

use crate::Bpe;

grading::checks! {
    "Pairs are counted as often as they stand in the text" => pairs_are_counted {
        function: count_pairs, points: 1, section: "counting-pairs", hints: [
            "A word with count 3 stands in the text three times, and so does each of its pairs.",
            "`tokens.windows(2)` yields every pair of neighbors: in [7, 7, 7] twice (7, 7).",
            "For every window w of a word: `*counts.entry((w[0], w[1])).or_default() += word.count`."
        ]
    }
    "Drawn words have the counts of the reference" => counting_like_reference {
        function: count_pairs, points: 1, section: "counting-pairs", hints: [
            "The failure shows the smallest input. Is a word long, a count or an id large?",
            "Ids fill 32 bits and counts 64: keep both as they are, and no pair packed into less.",
            "The key `(w[0], w[1])` with a `u64` sum holds everything, from no word to many."
        ]
    }
    "The best pair is the most frequent, then the one with the smallest ids" => best_pair_is_chosen {
        function: best_pair, points: 1, section: "choosing-the-best-pair", hints: [
            "A `HashMap` has no order, so `max_by_key` on the count alone breaks ties at random.",
            "Tuples compare from left to right: a key of (count, something) breaks ties.",
            "The larger count wins, but the smaller pair: wrap the pair in `std::cmp::Reverse`."
        ]
    }
    "Drawn counts have the best pair of the reference" => choosing_like_reference {
        function: best_pair, points: 1, section: "choosing-the-best-pair", hints: [
            "The failure shows the smallest input. How many pairs tie, how large are counts?",
            "Counts beyond 2^53 are no f64, beyond 2^63 no i64: convert and negate none.",
            "Compare `(count, Reverse((left, right)))` as it is: u64 first, then both ids as u32."
        ]
    }
    "A pair is merged everywhere, from left to right" => pairs_are_merged {
        function: merge_pair, points: 1, section: "merging-a-pair", hints: [
            "Walk through the tokens with an index and push to a new vector.",
            "After a match the index moves on by two, so a token is never part of two merges.",
            "[7, 7, 7] with (7, 7) becomes [id, 7]. Mind the last token: nothing follows it."
        ]
    }
    "Drawn tokens are merged as by the reference" => merging_like_reference {
        function: merge_pair, points: 1, section: "merging-a-pair", hints: [
            "The failure shows the smallest input. What if the new id is in the pair?",
            "Look at the tokens that were given, never at what you have pushed already.",
            "`tokens[i..].starts_with(&[left, right])` looks ahead safely, also at the last token."
        ]
    }
    "Training learns the merges of the tokenizers library" => training_matches_tokenizers {
        function: bpe_train, points: 3, section: "training", hints: [
            "Count the words once; then count pairs, choose the best, merge it in every word.",
            "Begin with `count_words(text, special_tokens)?`; no pair ever spans two words.",
            "Merge i makes the token 256 + i; at the end, `Bpe::new(merges, special_tokens)`."
        ]
    }
    "Training breaks ties as the tokenizers library does" => training_breaks_ties {
        function: bpe_train, points: 1, section: "choosing-the-best-pair", hints: [
            "In this text nearly every pair is as frequent as every other.",
            "Bytes are numbered by `byte_id`, not by value; `count_words` does that for you.",
            "Use your `best_pair`, and give every merge the next id, so that older tokens win ties."
        ]
    }
    "Training starts from bytes, whatever the script" => training_starts_from_bytes {
        function: bpe_train, points: 1, section: "bytes-not-characters", hints: [
            "An emoji is four bytes: four tokens until training merges them.",
            "Nothing in training should ask what a character is.",
            "If the words come from `count_words`, they are bytes already: keep their tokens."
        ]
    }
    "Special tokens take room in the vocabulary, no part in training" => training_without_specials {
        function: bpe_train, points: 1, section: "special-tokens", hints: [
            "`<|endoftext|>` is not text: its letters must not be counted.",
            "Pass the special tokens on to `count_words`, which cuts the text there.",
            "There is room for vocab_size − 256 − special_tokens.len() merges."
        ]
    }
    "Training ends when there is nothing to merge, and refuses what cannot be" => training_ends {
        function: bpe_train, points: 1, section: "training", hints: [
            "A short text runs out of pairs before the vocabulary is full: that is not an error.",
            "A pair that stands there once is a pair. With no pair left, `best_pair` is `None`.",
            "If vocab_size < least = 256 + special_tokens.len(), return \
             `Err(BpeError::VocabTooSmall { vocab_size, least })`."
        ]
    }
    "Training on drawn texts learns what the reference learns" => training_like_reference {
        function: bpe_train, points: 2, section: "training", hints: [
            "The failure shows the smallest input. Which part of it do you treat otherwise?",
            "Any text will do, empty or 10,000 letters; nothing may stay from the last call.",
            "The size is judged first; then `count_words` refuses bad special tokens."
        ]
    }
    "Encoding gives the ids of the tokenizers library" => encoding_matches_tokenizers {
        function: encode, points: 3, section: "encoding", hints: [
            "Word by word: the bytes of the word as ids, then merges until none applies.",
            "`bpe.merged(pair)` is what a pair merges into; search again after every merge.",
            "`while let Some((id, pair)) = first_learned(…) { tokens = merge_pair(…) }`."
        ]
    }
    "Encoding follows the order in which merges were learned" => encoding_in_learned_order {
        function: encode, points: 2, section: "encoding", hints: [
            "Neither the first pair in the text nor the longest token wins.",
            "Of all pairs that have a merge, take the one whose merge was learned first.",
            "Merges learned earlier make tokens with smaller ids: take the minimum of (id, pair)."
        ]
    }
    "Special tokens become a single id" => special_tokens_stay_whole {
        function: encode, points: 1, section: "special-tokens", hints: [
            "No merge makes a special token: it must be found before the text is cut into words.",
            "`bpe.split_special(text)` yields ordinary text and special tokens in turn.",
            "`match piece { Piece::Special(id) => ids.push(id), Piece::Text(text) => … }`."
        ]
    }
    "Any Unicode text can be encoded" => encoding_takes_any_unicode {
        function: encode, points: 1, section: "bytes-not-characters", hints: [
            "There is no unknown token: 256 byte tokens spell everything.",
            "Use `word.bytes()`, not `word.chars()`.",
            "Every word starts as `word.bytes().map(byte_id).collect()`, with whatever is in it."
        ]
    }
    "Drawn texts have the ids of the reference" => encoding_like_reference {
        function: encode, points: 2, section: "encoding", hints: [
            "The failure shows the smallest input. Does it have a long word, or a rare sign?",
            "What you remember of a word belongs to one vocabulary, and they change.",
            "Words may have 10,000 letters, texts 100,000 words, and ids 17 bits."
        ]
    }
    "Decoding joins all bytes before it reads them as text" => decoding_joins_bytes_first {
        function: decode, points: 2, section: "decoding", hints: [
            "A character may be spread over several tokens.",
            "Collect the bytes of all tokens in one `Vec<u8>` and turn that into text at the end.",
            "`String::from_utf8_lossy(&bytes)` puts � where the bytes are not valid UTF-8."
        ]
    }
    "Decoding refuses ids that do not exist" => decoding_refuses_unknown_ids {
        function: decode, points: 1, section: "decoding", hints: [
            "What does `bpe.bytes(id)` return for an id that is too large?",
            "An id that is silently dropped hides a bug elsewhere: say which id it was.",
            "`bpe.bytes(id).ok_or(BpeError::UnknownId { id, vocab_size: bpe.vocab_size() })?`."
        ]
    }
    "What was encoded is decoded to the same text" => decoding_inverts_encoding {
        function: decode, points: 1, section: "decoding", hints: [
            "Nothing is lost: spaces, line ends and control characters are in the tokens.",
            "Add nothing between tokens and leave none out.",
            "Special tokens have bytes, too: `bpe.bytes(id)` knows them."
        ]
    }
    "Drawn ids have the text of the reference" => decoding_like_reference {
        function: decode, points: 1, section: "decoding", hints: [
            "The failure shows the smallest input. Which byte or which id is special in it?",
            "A byte order mark, U+0000 and a � from the start are text: leave them as they are.",
            "Of several unknown ids the first is reported, whatever comes before it."
        ]
    }
}

/// A token as a message shows it.
fn shown(bpe: &Bpe, id: u32) -> String {
    match bpe.bytes(id) {
        Some(_) => format!("{:?}", bpe.spelled(id)),
        None => "(no such token)".into(),
    }
}

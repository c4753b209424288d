//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

use tokenization::{Answers, SOLUTION};

grading::mutants! {
    tokenization;

    /// However often the text has it.
    counts_each_word_once => pairs_are_counted: count_pairs { "+= word.count" => "+= 1" }
    /// In `a a a`, (a, a) is counted once.
    counts_overlaps_once => pairs_are_counted: count_pairs {
        "for pair in word.tokens.windows(2) {" => "let mut free = 0;
         for (i, pair) in word.tokens.windows(2).enumerate() {
             if pair[0] == pair[1] { if i < free { continue } free = i + 2; }"
    }
    counts_across_words => pairs_are_counted: count_pairs {
        "for word in words {" => "
         let text = words.iter().flat_map(|word| word.tokens.repeat(word.count as usize));
         for word in &[Word { tokens: text.collect(), count: 1 }] {"
    }
    counts_without_order => pairs_are_counted: count_pairs {
        "(pair[0], pair[1])" => "(pair[0].min(pair[1]), pair[0].max(pair[1]))"
    }
    best_takes_last_of_ties => best_pair_is_chosen: best_pair {
        "std::cmp::Reverse(pair)" => "pair"
    }
    best_compares_right_first => best_pair_is_chosen: best_pair {
        "Reverse(pair)" => "Reverse((pair.1, pair.0))"
    }
    best_takes_rarest => best_pair_is_chosen: best_pair {
        "(count, " => "(std::cmp::Reverse(count), "
    }
    /// A pair that stands in the text once is none.
    best_wants_two => best_pair_is_chosen: best_pair {
        "counts.iter()" => "counts.iter().filter(|&(_, &count)| count > 1)"
    }
    merges_only_once => pairs_are_merged: merge_pair {
        "if tokens" => "if merged.len() == i && tokens"
    }
    /// `a a a` becomes a, id.
    merges_from_the_right => pairs_are_merged: Answers {
        merge_pair: |tokens, (left, right), id| {
            let reversed = |tokens: &[u32]| tokens.iter().rev().copied().collect::<Vec<u32>>();
            reversed(&(SOLUTION.merge_pair)(&reversed(tokens), (right, left), id))
        },
        ..SOLUTION
    };
    /// `a a a` becomes id, id: the middle token is used twice.
    merges_overlaps => pairs_are_merged: merge_pair {
        "i += 2" => "i += if tokens[i + 1..].starts_with(&[pair.0, pair.1]) { 1 } else { 2 }"
    }
    merges_either_order => pairs_are_merged: merge_pair {
        "if tokens" => "if tokens[i..].starts_with(&[pair.1, pair.0]) || tokens"
    }
    /// The text is one long word.
    trains_across_words => training_matches_tokenizers: bpe_train {
        "count_words(text, special_tokens)?" =>
        "[Word { tokens: text.bytes().map(byte_id).collect(), count: 1 }]"
    }
    trains_with_last_of_ties => training_breaks_ties: best_pair {
        "std::cmp::Reverse(pair)" => "pair"
    }
    /// Bytes are numbered by value, which breaks ties in another way.
    trains_on_raw_bytes => training_breaks_ties: best_pair {
        "Reverse(pair)" => "Reverse([pair.0, pair.1]
             .map(|id| (0..=255).find(|&byte| byte_id(byte) == id).map_or(id, u32::from)))"
    }
    /// A character beyond ASCII is one token: the low byte of its code point.
    trains_on_characters => training_starts_from_bytes: bpe_train {
        "count_words(text, special_tokens)?" => "pretokenize(text).map(|w| Word {
             tokens: w.chars().map(|c| byte_id(c as u8)).collect(), count: 1 }).collect::<Vec<_>>()"
    }
    trains_on_special_tokens => training_without_specials: bpe_train {
        "count_words(text, special_tokens)" => "count_words(text, &[])"
    }
    /// The special tokens come on top of the size asked for.
    trains_beyond_its_size => training_without_specials: bpe_train {
        "vocab_size - least" => "vocab_size - BYTE_TOKENS"
    }
    trains_only_on_repeats => training_ends: best_pair {
        "counts.iter()" => "counts.iter().filter(|&(_, &count)| count > 1)"
    }
    /// A vocabulary too small for the bytes is quietly made larger.
    trains_without_a_floor => training_ends: bpe_train {
        "BYTE_TOKENS + special" => "vocab_size.min(BYTE_TOKENS) + special"
    }
    encodes_bytes_only => encoding_matches_tokenizers: encode {
        "first_learned(bpe, &tokens)" => "None"
    }
    encodes_across_words => encoding_matches_tokenizers: encode { "pretokenize(text)" => "[text]" }
    /// A word is walked through once, merging what can be merged.
    encodes_in_one_pass => encoding_matches_tokenizers: encode {
        "word.bytes().map(byte_id).collect();" => "Vec::new();
         for id in word.bytes().map(byte_id) {
             let last = tokens.pop();
             tokens.extend(last.map(|left| [left, id]).map_or(vec![id], |pair| {
                 bpe.merged((pair[0], pair[1])).map_or(pair.to_vec(), |merged| vec![merged]) }));
         }",
        "first_learned(bpe, &tokens)" => "None"
    }
    encodes_one_merge_a_word => encoding_matches_tokenizers: encode { "while let" => "if let" }
    encodes_from_the_left => encoding_in_learned_order: first_learned { ".min()" => ".next()" }
    /// The longest token that the rest of the word starts with, again and again.
    encodes_longest_match => encoding_in_learned_order: encode {
        "word.bytes().map(byte_id).collect();" => "Vec::new();
         let mut rest = word.as_bytes();
         while let Some(id) = (0..bpe.vocab_size() as u32)
             .filter(|&id| !rest.is_empty() && rest.starts_with(bpe.bytes(id).unwrap()))
             .max_by_key(|&id| bpe.bytes(id).unwrap().len()) {
             tokens.push(id);
             rest = &rest[bpe.bytes(id).unwrap().len()..];
         }",
        "first_learned(bpe, &tokens)" => "None"
    }
    encodes_special_as_text => special_tokens_stay_whole: encode {
        "bpe.split_special(text)" => "[Piece::Text(text)]"
    }
    /// A character beyond ASCII is one token: the low byte of its code point.
    encodes_characters => encoding_takes_any_unicode: encode {
        "word.bytes().map(byte_id)" => "word.chars().map(|c| byte_id(c as u8))"
    }
    /// Control characters are taken for dirt.
    encodes_without_controls => encoding_takes_any_unicode: encode {
        "bpe.split_special(text)" =>
        "bpe.split_special(&text.replace(|c: char| c.is_control() && !c.is_whitespace(), \"\"))"
    }
    decodes_token_by_token => decoding_joins_bytes_first: decode {
        "bytes.extend_from_slice(bpe.bytes(id).ok_or_else(unknown)?)" =>
        "bytes.extend(String::from_utf8_lossy(bpe.bytes(id).ok_or_else(unknown)?).bytes())"
    }
    decodes_bytes_as_characters => decoding_joins_bytes_first: decode {
        "String::from_utf8_lossy(&bytes).into_owned()" =>
        "bytes.into_iter().map(char::from).collect()"
    }
    decodes_only_valid_text => decoding_joins_bytes_first: decode {
        "String::from_utf8_lossy(&bytes).into_owned()" =>
        "String::from_utf8(bytes).unwrap_or_default()"
    }
    decodes_with_spaces => decoding_inverts_encoding: decode {
        "let unknown" => "if !bytes.is_empty() { bytes.push(b' ') } let unknown"
    }
    decodes_without_specials => decoding_inverts_encoding: decode {
        "for &id in ids {" => "let special = BYTE_TOKENS + bpe.merges().len()..bpe.vocab_size();
         for &id in ids.iter().filter(|&&id| !special.contains(&(id as usize))) {"
    }
    decodes_unknown_as_nothing => decoding_refuses_unknown_ids: decode {
        "ok_or_else(unknown)?" => "unwrap_or_default()"
    }
    /// The first id that does not exist is taken for the last that does.
    decodes_off_by_one => decoding_refuses_unknown_ids: decode {
        "bpe.bytes(id).ok" => "bpe.bytes(id - u32::from(id as usize == bpe.vocab_size())).ok"
    }
    counts_in_32_bits => counting_like_reference: count_pairs {
        "+= word.count" => "+= u64::from(word.count as u32)"
    }
    /// Counts beyond 2^53 tie that do not.
    best_compares_floats => choosing_like_reference: best_pair {
        "(count, " => "((count as f64).to_bits(), "
    }
    /// Where the new token is the left one of the pair, it is merged with what follows.
    merges_what_it_made => merging_like_reference: merge_pair {
        "i += 2;" => "i += 2; if id == pair.0 && tokens.get(i) == Some(&pair.1) { i += 1; }"
    }
    /// A byte order mark is text like any other.
    trains_without_a_mark => training_like_reference: bpe_train {
        "count_words(text," => "count_words(text.trim_start_matches('\u{feff}'),"
    }
    /// A size is a limit, not what there will be.
    trains_with_room_for_all => training_like_reference: bpe_train {
        "Vec::new();" => "Vec::with_capacity(vocab_size - least);"
    }
    /// In a vocabulary that has changed.
    encodes_from_memory => encoding_like_reference: encode {
        "let mut ids" => "thread_local!(static SEEN: std::cell::RefCell<HashMap<String, Vec<u32>>> =
             Default::default());
         let mut ids",
        "ids.extend(tokens)" => "
         ids.extend(SEEN.with_borrow_mut(|seen| seen.entry(word.into()).or_insert(tokens).clone()))"
    }
    /// Characters that lie across a border are lost.
    decodes_in_blocks => decoding_like_reference: decode {
        "Ok(String::from_utf8_lossy(&bytes).into_owned())" =>
        "Ok(bytes.chunks(4096).flat_map(|block| String::from_utf8_lossy(block).chars()
             .collect::<Vec<_>>()).collect())"
    }
    decodes_without_a_mark => decoding_like_reference: decode {
        "String::from_utf8_lossy(&bytes).into_owned()" =>
        "String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned()"
    }
}

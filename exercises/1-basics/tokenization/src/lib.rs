//! Byte-level BPE: how text becomes the ids a language model reads, and back.
//!
//! The learner writes `exercise.rs`. Given are the words of a text ([`pretokenize`],
//! [`count_words`]), the numbering of the bytes ([`byte_id`]) and the vocabulary ([`Bpe`]).
//! [`solution`] is the clear version, [`fast`] the one for megabytes; both pass the same checks.

mod bytes;
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
pub mod fast;
pub mod golden;
#[cfg(feature = "mutants")]
pub mod mutants;
mod pretokenize;
pub mod quiz;
mod sample;
pub mod solution;
mod vocab;
pub mod worked;

#[cfg(all(test, not(feature = "exercise")))]
mod tests;

pub use bytes::byte_id;
pub use pretokenize::{chunks, pretokenize};
pub use sample::{PROSE, SAMPLE_VOCAB_SIZE, sample_vocab};
pub use vocab::{BYTE_TOKENS, Bpe, BpeError, Pair, Piece, Word, count_words};

grading::lesson! {
    step: "1-basics",
    title: "Tokenization",
    mutants: {
        counts_each_word_once => pairs_are_counted_as_often_as_they_stand,
        counts_overlaps_once => pairs_are_counted_as_often_as_they_stand,
        counts_across_words => pairs_are_counted_as_often_as_they_stand,
        counts_without_order => pairs_are_counted_as_often_as_they_stand,
        best_takes_last_of_ties => the_best_pair_is_frequent_then_small,
        best_compares_right_first => the_best_pair_is_frequent_then_small,
        best_takes_rarest => the_best_pair_is_frequent_then_small,
        best_wants_two => the_best_pair_is_frequent_then_small,
        merges_only_once => merging_goes_from_left_to_right,
        merges_from_the_right => merging_goes_from_left_to_right,
        merges_overlaps => merging_goes_from_left_to_right,
        merges_either_order => merging_goes_from_left_to_right,
        trains_across_words => training_learns_the_merges_of_tokenizers,
        trains_with_last_of_ties => training_breaks_ties_like_tokenizers,
        trains_on_raw_bytes => training_breaks_ties_like_tokenizers,
        trains_on_characters => training_starts_from_bytes,
        trains_on_special_tokens => training_leaves_special_tokens_alone,
        trains_beyond_its_size => training_leaves_special_tokens_alone,
        trains_only_on_repeats => training_ends_when_it_must,
        trains_without_a_floor => training_ends_when_it_must,
        encodes_bytes_only => encoding_matches_tokenizers,
        encodes_across_words => encoding_matches_tokenizers,
        encodes_in_one_pass => encoding_matches_tokenizers,
        encodes_from_the_left => encoding_follows_the_order_of_learning,
        encodes_longest_match => encoding_follows_the_order_of_learning,
        encodes_one_merge_a_word => encoding_matches_tokenizers,
        encodes_special_as_text => special_tokens_stay_whole,
        encodes_characters => encoding_takes_any_unicode,
        encodes_without_controls => encoding_takes_any_unicode,
        decodes_token_by_token => decoding_joins_the_bytes_first,
        decodes_bytes_as_characters => decoding_joins_the_bytes_first,
        decodes_only_valid_text => decoding_joins_the_bytes_first,
        decodes_with_spaces => what_was_encoded_is_decoded,
        decodes_without_specials => what_was_encoded_is_decoded,
        decodes_unknown_as_nothing => decoding_refuses_unknown_ids,
        decodes_off_by_one => decoding_refuses_unknown_ids,
    }
}

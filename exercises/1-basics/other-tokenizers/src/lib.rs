//! Two more ways to cut text into tokens: WordPiece, and the unigram language model.
//!
//! The learner writes `exercise.rs`. Given are the vocabularies ([`WordPiece`], [`Unigram`]), the
//! ways through a text ([`Lattice`]) and what is done to text before it is cut ([`words`],
//! [`metaspace`]).

#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
pub mod golden;
mod lattice;
#[cfg(feature = "mutants")]
pub mod mutants;
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
pub mod quiz;
mod sample;
pub mod solution;
mod text;
mod vocab;
pub mod worked;

#[cfg(all(test, not(feature = "exercise")))]
mod tests;

pub use lattice::{Edge, Lattice, LatticeError};
pub use sample::{sample_unigram, sample_wordpiece};
pub use text::{SPACE, metaspace, tokens, words};
pub use vocab::{CONTINUATION, UNK_PENALTY, Unigram, VocabError, WordPiece};

grading::lesson! {
    step: "1-basics",
    title: "Other tokenizers",
    checks: { wordpiece, lattice, sampling },
    mutants: {
        takes_the_shortest_piece => the_longest_piece_comes_first,
        starts_from_the_back => the_longest_piece_comes_first,
        forgets_the_prefix => pieces_inside_a_word_have_a_prefix,
        prefixes_the_first_piece => pieces_inside_a_word_have_a_prefix,
        tries_both_spellings => pieces_inside_a_word_have_a_prefix,
        keeps_what_it_knew => a_dead_end_makes_the_word_unknown,
        skips_unknown_characters => a_dead_end_makes_the_word_unknown,
        goes_back_from_a_dead_end => a_dead_end_makes_the_word_unknown,
        counts_bytes => long_words_are_unknown,
        has_no_limit => long_words_are_unknown,
        is_one_too_strict => long_words_are_unknown,
        always_allows_a_hundred => long_words_are_unknown,
        keeps_the_longest_piece_only => every_piece_is_an_edge,
        starts_behind_the_last_piece => every_piece_is_an_edge,
        misses_the_longest_pieces => every_piece_is_an_edge,
        misses_the_end => every_piece_is_an_edge,
        has_no_unknown_edges => unknown_characters_are_edges,
        marks_every_character_unknown => unknown_characters_are_edges,
        trusts_longer_pieces => unknown_characters_are_edges,
        has_no_penalty => unknown_characters_are_edges,
        counts_characters => positions_are_bytes,
        makes_bytes_unknown => positions_are_bytes,
        cuts_greedily => the_best_path_beats_all_others,
        takes_the_best_next_piece => the_best_path_beats_all_others,
        takes_the_fewest_edges => the_best_path_beats_all_others,
        returns_it_backward => the_best_path_beats_all_others,
        takes_the_last_of_ties => the_best_path_is_that_of_tokenizers,
        takes_short_pieces_of_ties => the_best_path_is_that_of_tokenizers,
        multiplies_until_zero => a_path_is_found_or_there_is_none,
        calls_no_path_empty => a_path_is_found_or_there_is_none,
        takes_the_maximum => forward_sums_over_all_paths,
        counts_the_paths => forward_sums_over_all_paths,
        adds_the_logarithms => forward_sums_over_all_paths,
        sums_into_the_end_only => forward_sums_over_all_paths,
        forward_without_alpha => forward_weighs_by_alpha,
        scales_the_sum => forward_weighs_by_alpha,
        adds_in_the_open => forward_stays_finite,
        shifts_by_the_first => forward_stays_finite,
        samples_the_best => samples_follow_the_model,
        samples_edges_alike => samples_follow_the_model,
        samples_by_the_edge_alone => samples_follow_the_model,
        samples_from_the_left => samples_follow_the_model,
        sampling_without_alpha => alpha_flattens_the_samples,
        alpha_on_the_edge_only => alpha_flattens_the_samples,
        samples_with_any_alpha => sampling_refuses_what_it_cannot_do,
        samples_nothing_without_a_path => sampling_refuses_what_it_cannot_do,
    }
}

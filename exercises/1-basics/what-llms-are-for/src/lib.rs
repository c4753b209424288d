//! What LLMs are for: six tasks, each tried with a model of counts.
//!
//! The learner writes `exercise.rs`. Given are the words and sentences of a text ([`words`]), what
//! the models are made of ([`models`]), the metrics ([`metrics`]), and the tasks of Tinytown.

pub mod buddy;
mod error;
// A stub has not used yet what its answer will need.
pub mod evaluate;
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
pub mod golden;
pub mod metrics;
pub mod models;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod quiz;
pub mod solution;
pub mod town;
pub mod words;
pub mod worked;

pub use error::TaskError;

grading::lesson! {
    step: "1-basics",
    title: "What LLMs are for",
    checks: { sentiment, names, questions, translation, summaries },
    mutants: {
        counts_a_word_once_a_text => counts_match_scikit_learn,
        counts_capitals_apart => counts_match_scikit_learn,
        counts_punctuation => counts_match_scikit_learn,
        counts_unknown_labels_as_the_last => counting_refuses_bad_examples,
        counts_nothing_without_a_word => counting_refuses_bad_examples,
        classifies_without_a_prior => probabilities_match_scikit_learn,
        classifies_without_smoothing => probabilities_match_scikit_learn,
        classifies_without_the_vocabulary => probabilities_match_scikit_learn,
        classifies_with_unseen_words => probabilities_match_scikit_learn,
        classifies_by_texts_with_the_word => probabilities_match_scikit_learn,
        classifies_without_the_maximum => a_long_text_has_probabilities,
        tags_with_the_last_of_ties => names_match_the_counts,
        tags_names_before_words => names_match_the_counts,
        tags_with_character_offsets => names_match_the_counts,
        tags_in_lower_case => names_match_the_counts,
        tags_only_words_it_knows => unseen_words_are_judged_by_their_capital,
        tags_first_words_by_their_capital => unseen_words_are_judged_by_their_capital,
        tags_unseen_words_without_a_capital => unseen_words_are_judged_by_their_capital,
        tags_word_by_word => neighbors_are_one_name,
        tags_across_punctuation => neighbors_are_one_name,
        tags_across_kinds => neighbors_are_one_name,
        answers_without_rarity => answers_come_from_the_closest_sentence,
        answers_from_the_first_sentence => answers_come_from_the_closest_sentence,
        answers_only_from_the_best_sentence => answers_come_from_the_closest_sentence,
        answers_by_repetition => answers_come_from_the_closest_sentence,
        answers_of_any_kind => answers_are_what_is_asked_for,
        answers_with_the_question => answers_are_what_is_asked_for,
        trains_without_sharing => em_rounds_match_the_definition,
        trains_with_equal_shares => em_rounds_match_the_definition,
        trains_the_other_direction => em_rounds_match_the_definition,
        trains_without_normalizing => em_rounds_raise_the_likelihood,
        trains_on_distinct_words => em_rounds_match_the_definition,
        trains_nothing => em_rounds_raise_the_likelihood,
        translates_by_the_alphabet => words_become_their_best_translation,
        translates_with_the_last_of_ties => words_become_their_best_translation,
        translates_only_words_it_knows => words_become_their_best_translation,
        translates_with_the_minimum => words_become_their_best_translation,
        summarizes_with_stop_words => summaries_match_the_rules,
        summarizes_with_the_longest => summaries_match_the_rules,
        summarizes_without_an_update => summaries_match_the_rules,
        summarizes_with_an_update_to_zero => summaries_match_the_rules,
        summarizes_with_the_last_of_ties => summaries_match_the_rules,
        summarizes_out_of_order => summaries_match_the_rules,
        summarizes_nothing => a_summary_of_nothing_is_an_error,
    }
}

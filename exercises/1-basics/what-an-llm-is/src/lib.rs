//! What an LLM is: a language model, here one made of counts.
//!
//! The learner writes `exercise.rs`. Given are the counts ([`Ngram`], [`Followers`]), so that the
//! lesson is about what to do with them, and [`Copies`], which finds what a text repeats.

mod copies;
// A stub has not used yet what its answer will need.
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
#[cfg(feature = "mutants")]
pub mod mutants;
mod ngram;
// Only the checks use it, and a test without the learner's file has none.
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
pub mod quiz;
pub mod solution;
mod words;
pub mod worked;

pub use copies::Copies;
pub use ngram::{Draw, Followers, Ngram, NgramError};

grading::lesson! {
    step: "1-basics",
    title: "What an LLM is",
    checks: { counting, probabilities, perplexity, writing },
    mutants: {
        counts_full_contexts_only => every_token_is_counted,
        counts_only_full_length => every_token_is_counted,
        counts_from_the_second_token => every_token_is_counted,
        counts_one_token_too_many => every_token_is_counted,
        counts_contexts_backwards => every_token_is_counted,
        counts_what_comes_before => every_token_is_counted,
        counts_unknown_tokens => counting_refuses_bad_input,
        counts_up_to_the_unknown => counting_refuses_bad_input,
        prob_forgets_the_distinct => probabilities_sum_to_one,
        prob_adds_without_discount => probabilities_sum_to_one,
        prob_without_smoothing => probabilities_sum_to_one,
        prob_adds_one => probabilities_match_nltk,
        prob_skips_to_the_floor => probabilities_match_nltk,
        prob_counts_the_whole_vocabulary => probabilities_match_nltk,
        prob_drops_the_newest_token => probabilities_match_nltk,
        prob_of_unseen_is_uniform => unseen_contexts_back_off,
        prob_of_unseen_is_zero => unseen_contexts_back_off,
        prob_reads_the_beginning => only_the_end_of_a_context_counts,
        prob_of_long_context_is_unseen => only_the_end_of_a_context_counts,
        prob_of_anything => unknown_tokens_have_no_probability,
        perplexity_of_the_sum => perplexity_has_a_closed_form,
        perplexity_in_bits => perplexity_has_a_closed_form,
        perplexity_is_the_loss => perplexity_has_a_closed_form,
        perplexity_averages_probabilities => perplexity_matches_nltk,
        perplexity_without_context => perplexity_matches_nltk,
        perplexity_skips_the_first => perplexity_matches_nltk,
        perplexity_multiplies => perplexity_of_a_long_text,
        perplexity_of_nothing_is_one => perplexity_refuses_bad_input,
        perplexity_takes_unknown => perplexity_refuses_bad_input,
        draws_the_likeliest => draws_follow_the_probabilities,
        draws_without_backing_off => draws_follow_the_probabilities,
        draws_followers_alike => draws_follow_the_probabilities,
        draws_with_one_side_left => draws_follow_the_probabilities,
        draws_never_the_last_token => draws_follow_the_probabilities,
        draws_say_the_longest => draws_say_their_context,
        draws_say_zero_for_none => draws_say_their_context,
        generates_from_the_prompt_alone => a_text_goes_on_from_its_prompt,
        generates_without_the_prompt => a_text_goes_on_from_its_prompt,
        generates_from_the_last_token => a_text_goes_on_from_its_prompt,
        generates_with_the_prompt => exactly_the_new_tokens_are_returned,
        generates_one_too_few => exactly_the_new_tokens_are_returned,
        generates_up_to_len_in_all => exactly_the_new_tokens_are_returned,
    }
}

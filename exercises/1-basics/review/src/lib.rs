//! Review and project: the pieces of step 1, put together to write text.
//!
//! The learner writes `exercise.rs` with the solutions of the other lessons. Given are what a
//! Buddy is made of ([`Buddy`]) and what can go wrong ([`BuddyError`]).

mod buddy;
// A stub has not used yet what its answer will need.
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
#[cfg(feature = "mutants")]
pub mod mutants;
// Only the checks use it, and a test without the learner's file has none.
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
pub mod quiz;
pub mod solution;
pub mod worked;

pub use buddy::{Buddy, BuddyError, Choice};

grading::lesson! {
    step: "1-basics",
    title: "Review and project",
    checks: { learning, judging, writing },
    mutants: {
        trains_on_bytes_only => training_learns_merges_and_counts,
        trains_with_a_vocabulary_of_prose => training_learns_merges_and_counts,
        trains_one_order_less => training_learns_merges_and_counts,
        trains_without_the_spaces => training_learns_merges_and_counts,
        trains_line_by_line => training_learns_merges_and_counts,
        trains_for_the_size_asked_for => a_short_text_has_a_small_vocabulary,
        trains_on_nothing => training_refuses_bad_input,
        trains_with_order_one_at_least => training_refuses_bad_input,
        trains_with_bytes_at_least => training_refuses_bad_input,
        logits_are_probabilities => logits_are_log_probabilities,
        logits_are_bits => logits_are_log_probabilities,
        logits_without_context => logits_are_log_probabilities,
        logits_of_the_beginning => logits_are_log_probabilities,
        logits_of_the_last_token => logits_are_log_probabilities,
        logits_rule_out_the_unseen => logits_are_finite_after_anything,
        logits_stop_at_the_highest_seen => logits_are_finite_after_anything,
        bits_per_token => untrained_text_has_a_closed_form,
        bits_per_character => untrained_text_has_a_closed_form,
        nats_per_byte => untrained_text_has_a_closed_form,
        bits_of_the_whole_text => untrained_text_has_a_closed_form,
        bits_without_context => held_out_text_has_the_bits_of_brute_force,
        bits_skip_the_first_token => held_out_text_has_the_bits_of_brute_force,
        bits_of_the_mean_probability => held_out_text_has_the_bits_of_brute_force,
        bits_of_lines => held_out_text_has_the_bits_of_brute_force,
        bits_of_nothing => no_text_has_no_bits,
        chooses_by_training_loss => the_order_is_chosen_on_text_held_out,
        chooses_after_a_leak => the_order_is_chosen_on_text_held_out,
        chooses_with_a_leaked_vocabulary => the_order_is_chosen_on_text_held_out,
        chooses_the_highest => the_order_is_chosen_on_text_held_out,
        chooses_up_to_the_highest => the_order_is_one_of_those_given,
        chooses_the_last_of_equals => of_equal_orders_the_lowest_is_chosen,
        chooses_the_first_of_equals => of_equal_orders_the_lowest_is_chosen,
        chooses_one_of_no_orders => choosing_refuses_bad_input,
        chooses_without_order_zero => choosing_refuses_bad_input,
        drops_the_prompt => a_greedy_text_goes_round_the_ring,
        includes_the_line_end => a_greedy_text_goes_round_the_ring,
        never_stops => a_greedy_text_goes_round_the_ring,
        remembers_the_prompt_only => a_greedy_text_goes_round_the_ring,
        remembers_the_last_token => all_tokens_before_count,
        forgets_the_prompt => all_tokens_before_count,
        counts_the_prompt => at_most_so_many_tokens_are_new,
        counts_one_more => at_most_so_many_tokens_are_new,
        stops_before_a_line_end_token => a_token_may_hold_a_line_end,
        keeps_a_token_with_a_line_end => a_token_may_hold_a_line_end,
        stops_at_a_line_end_of_the_prompt => the_prompt_is_kept,
        trims_the_prompt => the_prompt_is_kept,
        decodes_token_by_token => characters_of_several_tokens_stay_whole,
        drops_what_is_unfinished => characters_of_several_tokens_stay_whole,
        always_takes_the_likeliest => the_first_token_follows_the_settings,
        ignores_the_temperature => the_first_token_follows_the_settings,
        ignores_the_filters => the_first_token_follows_the_settings,
        swallows_the_error => writing_refuses_bad_settings,
        writes_on_with_default_settings => writing_refuses_bad_settings,
    }
}

//! From scores to the next token: softmax on the CPU, sampling with filters, softmax on the GPU.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/softmax.wgsl`. Given are the settings
//! of a sampler ([`Sampling`]), the host side of the kernel ([`run_softmax`]) and a small model
//! whose scores are real ([`NextWords`]).

mod beam;
// Only the checks use it, and a test without the learner's file has none.
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod exhaustive;
mod host;
mod next_words;
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
mod sampling;

#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
pub mod fast;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod quiz;
pub mod solution;
pub mod worked;

pub use beam::{Beam, BeamSearch};
pub use host::{BINDINGS, ENTRY, MAX_GRID_WIDTH, SoftmaxKernel, grid, run_softmax};
pub use next_words::{Bigrams, NextWords};
pub use sampling::{SampleError, Sampling};

grading::lesson! {
    step: "1-basics",
    title: "Softmax and sampling",
    checks: { softmax, filters, drawing, beams, kernel },
    mutants: {
        divides_by_count => closed_form,
        sigmoid_instead => closed_form,
        last_axis_always => every_axis_matches_pytorch,
        sums_the_whole_tensor => every_axis_matches_pytorch,
        no_max_subtraction => large_logits_stay_finite,
        gradient_is_cut => gradient_flows,
        temperature_multiplies => temperature_divides_the_logits,
        temperature_overflows => temperature_divides_the_logits,
        temperature_ignored => temperature_divides_the_logits,
        greedy_takes_the_last_of_equals => temperature_zero_is_greedy,
        zero_temperature_divides => temperature_zero_is_greedy,
        top_k_off_by_one => top_k_keeps_exactly_k,
        top_k_keeps_ties => top_k_keeps_exactly_k,
        top_p_drops_the_crossing_token => top_p_keeps_the_crossing_token,
        top_p_keeps_one_too_many => top_p_keeps_the_crossing_token,
        no_renormalization => top_p_keeps_the_crossing_token,
        min_p_is_absolute => min_p_is_relative_to_the_best,
        min_p_of_all_logits => min_p_is_relative_to_the_best,
        temperature_after_the_filters => filters_combine_in_order,
        top_p_before_top_k => filters_combine_in_order,
        top_p_of_the_full_mass => filters_combine_in_order,
        accepts_nan => bad_input_is_an_error,
        settings_unchecked => bad_input_is_an_error,
        always_the_best => sample_follows_the_distribution,
        ignores_the_settings => sample_follows_the_distribution,
        uniform_over_the_kept => sample_follows_the_distribution,
        rest_goes_to_the_last => sample_follows_the_distribution,
        reaches_a_removed_token => extreme_draws_stay_allowed,
        penalty_always_divides => penalty_matches_transformers,
        penalty_counts_repeats => penalty_matches_transformers,
        penalty_is_subtracted => penalty_matches_transformers,
        penalty_is_inverted => penalty_matches_transformers,
        penalty_hits_everything => penalty_matches_transformers,
        penalty_unchecked_without_history => bad_penalty_is_an_error,
        penalty_may_be_infinite => bad_penalty_is_an_error,
        penalty_skips_unknown_tokens => bad_penalty_is_an_error,
        beam_keeps_one_more => width_one_is_greedy,
        beam_sees_the_last_token_only => width_one_is_greedy,
        beam_adds_logits => wide_beam_is_exact,
        beam_multiplies_log_probs => wide_beam_is_exact,
        beam_forgets_the_sum => wide_beam_is_exact,
        beam_stops_early => wide_beam_is_exact,
        beam_takes_one_of_each_branch => narrow_beam_keeps_the_best,
        beam_keeps_the_worst => narrow_beam_keeps_the_best,
        beam_cuts_before_comparing => narrow_beam_keeps_the_best,
        score_ignores_length => scores_divide_by_length,
        score_multiplies_by_length => scores_divide_by_length,
        score_leaves_out_the_end => scores_divide_by_length,
        score_is_mean_over_penalty => scores_divide_by_length,
        beam_extends_past_the_end => ended_sequences_rest,
        beam_drops_ended => ended_sequences_rest,
        ended_scores_drift => ended_sequences_rest,
        beam_ignores_the_end => ended_sequences_rest,
        beam_ties_take_the_later => beam_ties_are_stable,
        beam_keeps_the_impossible => beam_ties_are_stable,
        beam_settings_unchecked => bad_search_is_an_error,
        beam_skips_bad_logits => bad_search_is_an_error,
        kernel_writes_unnormalized => kernel_is_right_at_odd_sizes,
        kernel_mixes_up_the_stride => kernel_is_right_at_odd_sizes,
        kernel_always_reads_the_first_row => kernel_is_right_at_odd_sizes,
        kernel_stops_at_256_columns => kernel_handles_long_rows,
        kernel_reduces_half_the_threads => kernel_handles_long_rows,
        kernel_no_max => kernel_stays_finite,
        kernel_max_starts_at_zero => kernel_stays_finite,
        kernel_sums_the_neighbor => kernel_keeps_rows_apart,
        kernel_ignores_the_second_axis => kernel_writes_its_rows_only,
        kernel_writes_past_the_end => kernel_writes_its_rows_only,
    }
}

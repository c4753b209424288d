//! Backpropagation: from a computation to the gradient of its result for every number in it.
//!
//! The learner writes `exercise.rs`. Given are the [`Tape`] on which a computation is written
//! down, a small [`Matrix`], and [`parse`](expression::parse), which makes a tape from text.

// A stub has not used yet what its answer will need.
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
pub mod expression;
pub mod golden;
mod matrix;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod quiz;
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod random;
pub mod solution;
mod tape;
pub mod worked;

#[cfg(all(test, not(feature = "exercise")))]
mod tests;

pub use matrix::{Matrix, ShapeError};
pub use tape::{Node, Op, Tape, TapeError};

grading::lesson! {
    step: "1-basics",
    title: "Backpropagation",
    mutants: {
        nudges_to_one_side => measured_gradients_are_exact_for_parabolas,
        divides_by_one_step => measured_gradients_are_exact_for_parabolas,
        nudges_all_at_once => measured_gradients_are_exact_for_parabolas,
        does_not_put_back => measured_gradients_are_exact_for_parabolas,
        ignores_the_step => measured_gradients_err_like_central_differences,
        sub_adds => local_gradients_of_arithmetic_match_pytorch,
        mul_keeps_its_own => local_gradients_of_arithmetic_match_pytorch,
        div_loses_its_sign => local_gradients_of_arithmetic_match_pytorch,
        div_forgets_the_square => local_gradients_of_arithmetic_match_pytorch,
        ln_uses_its_output => local_gradients_of_functions_match_pytorch,
        tanh_uses_its_input => local_gradients_of_functions_match_pytorch,
        exp_is_a_power => local_gradients_of_functions_match_pytorch,
        relu_passes_zero => local_gradients_of_functions_match_pytorch,
        relu_passes_all => local_gradients_of_functions_match_pytorch,
        assigns_instead_of_adding => shared_nodes_collect_from_all_uses,
        counts_a_square_once => shared_nodes_collect_from_all_uses,
        goes_forward => gradients_of_all_nodes_match_pytorch,
        forgets_the_upstream_gradient => gradients_of_all_nodes_match_pytorch,
        chains_values => gradients_agree_with_nudging,
        adds_along_the_chain => gradients_agree_with_nudging,
        starts_with_the_value => gradients_agree_with_nudging,
        starts_at_the_end => what_does_not_count_has_gradient_zero,
        multiplies_zero_by_infinity => what_does_not_count_has_gradient_zero,
        gives_up_after_a_thousand => long_chains_are_no_problem,
        takes_any_output => a_missing_output_is_an_error,
        forgets_to_transpose => matmul_backward_matches_pytorch,
        swaps_the_factors => matmul_backward_matches_pytorch,
        averages_over_the_rows => matmul_backward_matches_pytorch,
        takes_d_out_for_ones => matmul_backward_agrees_with_nudging,
        reads_the_transpose => matmul_backward_agrees_with_nudging,
        trusts_the_factors => wrong_shapes_are_an_error,
        bias_takes_the_mean => bias_backward_matches_pytorch,
        bias_sums_each_row => bias_backward_matches_pytorch,
        bias_keeps_the_last_row => bias_backward_matches_pytorch,
        bias_counts_the_rows => bias_backward_matches_pytorch,
    }
}

//! Loss and surprise: how wrong a prediction is, on the CPU and on the GPU.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/cross_entropy.wgsl`. Given are the
//! errors ([`LossError`]), the host side of the kernel ([`CrossEntropyKernel`]) and a small model
//! of text whose surprise is worth a look ([`ByteModel`]).

mod byte_model;
mod error;
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
mod host;
#[cfg(feature = "mutants")]
pub mod mutants;
// Only the checks use it, and a test without the learner's file has none.
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
pub mod quiz;
pub mod solution;
pub mod worked;

pub use byte_model::{BYTES, ByteModel};
pub use error::LossError;
pub use host::{BINDINGS, CrossEntropyKernel, ENTRY, Losses};

grading::lesson! {
    step: "1-basics",
    title: "Loss and surprise",
    checks: { surprise, cross_entropy, bits_per_byte, kernel },
    mutants: {
        surprise_in_nats => surprise_counts_bits,
        surprise_is_the_complement => surprise_counts_bits,
        surprise_is_the_inverse => surprise_counts_bits,
        surprise_without_minus => surprise_counts_bits,
        surprise_is_expected => surprise_counts_bits,
        surprise_has_a_floor => surprise_counts_bits,
        surprise_takes_anything => surprise_refuses_what_is_no_probability,
        surprise_takes_nan => surprise_refuses_what_is_no_probability,
        surprise_refuses_zero => surprise_counts_bits,
        log_softmax_last_axis => log_softmax_matches_pytorch,
        log_softmax_whole_tensor => log_softmax_matches_pytorch,
        log_softmax_in_bits => log_softmax_matches_pytorch,
        log_softmax_forgets_the_log => log_softmax_matches_pytorch,
        log_softmax_as_printed => log_softmax_stays_finite,
        log_of_softmax => log_softmax_stays_finite,
        log_softmax_with_epsilon => log_softmax_stays_finite,
        log_softmax_cuts_the_gradient => log_softmax_passes_gradients,
        log_softmax_detaches_the_sum => log_softmax_passes_gradients,
        loss_without_minus => loss_matches_pytorch,
        loss_is_the_sum => loss_matches_pytorch,
        loss_is_the_mean_of_all => loss_matches_pytorch,
        loss_is_of_the_mean_probability => loss_matches_pytorch,
        loss_takes_the_last_token => loss_matches_pytorch,
        loss_in_bits => loss_matches_pytorch,
        loss_of_probabilities => loss_matches_pytorch,
        loss_normalizes_columns => loss_matches_pytorch,
        loss_takes_log_of_softmax => loss_stays_finite,
        loss_cuts_the_gradient => loss_has_the_gradient_of_pytorch,
        loss_detaches_the_normalizer => loss_has_the_gradient_of_pytorch,
        loss_divides_by_all_rows => ignored_targets_do_not_count,
        loss_counts_the_ignored => ignored_targets_do_not_count,
        loss_knows_one_ignore_index => ignored_targets_do_not_count,
        loss_multiplies_by_a_mask => ignored_targets_do_not_count,
        loss_gives_the_ignored_a_gradient => ignored_rows_get_no_gradient,
        loss_clamps_the_target => bad_targets_are_errors,
        loss_of_nothing_is_zero => bad_targets_are_errors,
        loss_skips_bad_targets => bad_targets_are_errors,
        loss_skips_rows_without_target => bad_targets_are_errors,
        bytes_in_nats => bits_per_byte_counts_bytes,
        bytes_per_token => bits_per_byte_counts_bytes,
        bytes_are_tokens => bits_per_byte_counts_bytes,
        bytes_multiplied_by_ln_2 => bits_per_byte_counts_bytes,
        bytes_may_be_none => no_bytes_are_an_error,
        kernel_forgets_the_max => kernel_loss_is_right,
        kernel_takes_the_first_column => kernel_loss_is_right,
        kernel_loss_has_no_log => kernel_loss_is_right,
        kernel_loss_has_the_wrong_sign => kernel_loss_is_right,
        kernel_mixes_up_the_stride => kernel_loss_is_right,
        kernel_gradient_is_softmax => kernel_gradient_is_p_minus_y,
        kernel_gradient_is_y_minus_p => kernel_gradient_is_p_minus_y,
        kernel_gradient_is_unnormalized => kernel_gradient_is_p_minus_y,
        kernel_gradient_marks_the_row => kernel_gradient_is_p_minus_y,
        kernel_stops_at_256_columns => kernel_handles_long_rows,
        kernel_sums_one_column_a_thread => kernel_handles_long_rows,
        kernel_has_no_max => kernel_stays_finite,
        kernel_max_starts_at_zero => kernel_stays_finite,
        kernel_subtracts_too_late => kernel_stays_finite,
        kernel_ignores_nothing => kernel_writes_zeros_for_the_ignored,
        kernel_leaves_the_ignored => kernel_writes_zeros_for_the_ignored,
        kernel_leaves_the_ignored_gradient => kernel_writes_zeros_for_the_ignored,
        kernel_knows_one_ignore_index => kernel_writes_zeros_for_the_ignored,
        kernel_forgets_the_second_axis => kernel_writes_its_rows_only,
        kernel_writes_past_the_end => kernel_writes_its_rows_only,
    }
}

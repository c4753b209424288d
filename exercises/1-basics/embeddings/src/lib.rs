//! Embeddings: skip-gram with negative sampling, and what its vectors know.
//!
//! The learner writes `exercise.rs`. Given are the vocabulary ([`Vocab`]), the two tables of
//! vectors ([`Model`]), the noise that negatives are drawn from ([`Noise`]), a [`sigmoid`] with the
//! same bits on every machine, Tinytown as training text ([`town`]) and maps ([`Projection`]).

mod error;
mod model;
mod noise;
// Only the checks use it, and a test without the learner's file has none.
#[cfg_attr(all(test, not(feature = "exercise")), allow(dead_code))]
mod oracle;
mod projection;
mod schedule;
pub mod town;
mod vocab;

// A stub has not used yet what its answer will need.
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod quiz;
pub mod solution;
pub mod worked;

pub use error::EmbeddingError;
pub use model::{Gradients, Model, Vectors, dot, sigmoid};
pub use noise::Noise;
pub use projection::Projection;
pub use schedule::Schedule;
pub use vocab::{Vocab, parts, subsample, words};

grading::lesson! {
    step: "1-basics",
    title: "Embeddings",
    mutants: {
        one_side_only => pairs_are_all_neighbors,
        window_off_by_one => pairs_are_all_neighbors,
        a_word_is_its_own_context => pairs_are_all_neighbors,
        context_and_center_swapped => pairs_are_all_neighbors,
        drops_the_edges => pairs_are_all_neighbors,
        equal_words_are_no_pair => pairs_are_all_neighbors,
        noise_is_the_counts => noise_is_flattened,
        noise_is_uniform => noise_is_flattened,
        noise_is_the_root => noise_is_flattened,
        noise_does_not_sum_to_one => noise_is_flattened,
        noise_smooths_zero => noise_is_flattened,
        no_noise_is_nan => bad_input_is_an_error,
        draws_the_context => negatives_follow_the_noise,
        shifts_the_context_away => negatives_follow_the_noise,
        draws_uniformly => negatives_follow_the_noise,
        one_draw_repeated => negatives_follow_the_noise,
        too_few_when_the_context_comes_up => negatives_follow_the_noise,
        lonely_context_gets_none => bad_input_is_an_error,
        negatives_are_attracted => loss_has_its_closed_form,
        negatives_averaged => loss_has_its_closed_form,
        probability_without_logarithm => loss_has_its_closed_form,
        loss_overflows => loss_survives_large_scores,
        loss_clamped => loss_survives_large_scores,
        gradient_sign_flipped => gradients_match_finite_differences,
        gradient_forgets_the_negatives => gradients_match_finite_differences,
        gradients_swapped => gradients_match_finite_differences,
        gradient_of_the_probability => gradients_match_finite_differences,
        negatives_share_one_gradient => gradients_match_finite_differences,
        step_uphill => a_step_moves_every_row,
        step_leaves_the_negatives => a_step_moves_every_row,
        step_updates_the_center_first => a_step_moves_every_row,
        step_forgets_repeats => a_step_moves_every_row,
        step_ties_the_tables => a_step_moves_every_row,
        train_never_cools => training_follows_the_schedule,
        train_starts_the_schedule_again => training_follows_the_schedule,
        train_sums_the_loss => training_follows_the_schedule,
        train_draws_one_negative => training_follows_the_schedule,
        train_draws_once => training_follows_the_schedule,
        cosine_is_the_dot_product => cosine_measures_the_angle,
        cosine_of_zero_is_nan => cosine_measures_the_angle,
        cosine_forgets_one_length => cosine_measures_the_angle,
        cosine_without_sign => cosine_measures_the_angle,
        cosine_without_roots => cosine_measures_the_angle,
        nearest_by_dot_product => nearest_matches_gensim,
        nearest_farthest_first => nearest_matches_gensim,
        nearest_keeps_the_excluded => nearest_matches_gensim,
        nearest_cuts_before_excluding => nearest_matches_gensim,
        nearest_by_distance => nearest_matches_gensim,
        nearest_cuts_the_query => bad_input_is_an_error,
        analogy_without_lengths => analogies_match_gensim,
        analogy_answers_with_its_question => analogies_match_gensim,
        analogy_the_other_way => analogies_match_gensim,
        analogy_forgets_c => analogies_match_gensim,
        analogy_of_unknown_words => bad_input_is_an_error,
    }
}

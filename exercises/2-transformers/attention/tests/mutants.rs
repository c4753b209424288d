//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    attention;

    /// Aligned at the start: the last query does not see the last key.
    mask_starts_together => mask_is_a_staircase: causal_mask { "j + t_q <= t_k + i" => "j <= i" }
}

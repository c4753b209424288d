//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    training_loop;

    step_repeats => steps: rows_at { "drop_last: true };" => "drop_last: true }; return Ok(vec![]);" }
}

//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    training_loop;

    run_starts_over => rows_follow_the_epochs: rows_at { "step % steps" => "0" }
}

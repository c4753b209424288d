//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    many_machines;

    adds_nothing => reduce_scatter_sums: reduce_scatter { "*own += sum;" => "*own = sum;" }
}

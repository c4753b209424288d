//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    objectives;

    labels_are_the_ids => labels_are_those_of_transformers: causal {
        "ids.get(at + 1)" => "ids.get(at)"
    }
}

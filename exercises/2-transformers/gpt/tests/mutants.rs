//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    gpt;

    /// As most models have it.
    conv1d_transposes => conv1d_multiplies: conv1d { "&weight.contiguous()?" => "&weight.t()?.contiguous()?" }
}

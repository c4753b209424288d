//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/what-llms-are-for.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade what-llms-are-for`.
//! - Stuck? `cargo study hint what-llms-are-for` gives one hint at a time.

use what_llms_are_for::{
    Asked, Candidate, ClassCounts, Entity, EntityKind, Idf, TagCounts, TaskError, begins_sentence,
    lower_words, sentences, words,
};

// The counts and their methods are in models.rs, the functions on words and sentences in text.rs,
// the errors in error.rs, beside this file.

/// Counts, for each class, its texts and its words, in lower case
/// ([`lower_words`]), as often as they stand there. An example is a text and
/// its label, which is below `n_classes`. A text without words is a text of its
/// class, too.
///
/// # Errors
/// [`TaskError::NoExamples`] if there are none; [`TaskError::UnknownClass`] at
/// the first label that is too large.
pub fn count_classes(
    examples: &[(&str, usize)],
    n_classes: usize,
) -> Result<ClassCounts, TaskError> {
    todo!("count_classes")
}

/// The probability of each class, given the text: `(n_classes,)`, summing to
/// one.
///
/// Naive Bayes with add-one smoothing: `P(c | text) ∝ P(c) · Π_w P(w | c)` with
/// `P(c) = texts(c) / Σ texts` and `P(w | c) = (n(w, c) + 1) / (words(c) + V)`,
/// where `V` is the number of distinct words seen in any class. Words never
/// seen are left out. Computed in logarithms, so that a long text does not end
/// in `0 / 0`. At least one class has a text; one that has none has probability
/// 0.
///
/// Source: C. Manning, P. Raghavan, H. Schütze, Introduction to Information
/// Retrieval, section 13.2.
pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
    todo!("classify")
}

/// The names in a text, in order.
///
/// Each word gets the tag that it has most often in `counts.of_word`. A word
/// that is not there is looked up in lower case if it begins a sentence
/// ([`begins_sentence`]). If that is not there either, a word with a capital
/// gets the most frequent tag of `counts.capitalized`, and any other is no
/// name. Among equal counts, and so among zeros, the earliest of no name,
/// person, place, thing wins.
///
/// Neighbors with the same kind are one name if exactly one space (U+0020), and
/// nothing else, stands between them. Start and end are bytes of the text.
pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
    todo!("tag_entities")
}

/// The candidate that answers the question, or `None` if none fits. Candidates
/// are stretches of the context, in order; one belongs to a sentence
/// ([`sentences`]) if all its bytes lie inside.
///
/// A sentence scores the sum of [`Idf::of`] over the distinct words of the
/// question that stand in it. The sentences are tried from the highest score
/// down, earlier ones first among equals. The answer is the first candidate in
/// such a sentence that may answer what is asked ([`Asked::of`]; any candidate
/// if that is `None`) and that has a word which the question has not. Words are
/// compared in lower case.
pub fn answer(
    idf: &Idf,
    context: &str,
    candidates: &[Candidate],
    question: &str,
) -> Option<Candidate> {
    todo!("answer")
}

//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod entities;
mod questions;
mod sentiment;
mod tinytown;

use std::collections::HashMap;

use grading::{Failure, Tolerance};
use serde::de::DeserializeOwned;
use serde_json::Value;

use differential::*;
use entities::*;
use questions::*;
use sentiment::*;
use tinytown::*;

grading::checks! {
    "Texts and words are counted as scikit-learn counts them" => counts_match_scikit_learn {
        function: count_classes, points: 2, section: "counting", hints: [
            "Three counts grow with each example: its class has one text more, its class has its \
             words more, and each word was seen in that class.",
            "A word that stands in a text twice counts twice. `lower_words(text)` yields it \
             twice.",
            "`counts.of_word.entry(word).or_insert_with(|| vec![0; n_classes])[label] += 1`."
        ]
    }
    "Counting refuses examples that it cannot count" => counting_refuses_bad_examples {
        function: count_classes, points: 1, section: "counting", hints: [
            "An index that is too large panics: check the label before you use it.",
            "`examples.iter().enumerate()` tells you which example it is.",
            "`return Err(TaskError::UnknownClass { example, label, n_classes })`, and \
             `Err(TaskError::NoExamples)` if `examples.is_empty()`."
        ]
    }
    "Drawn examples are counted as by the reference" => counting_like_reference {
        function: count_classes, points: 1, section: "counting", hints: [
            "Texts without words, one class, many classes, no class: what grows with each example?",
            "Each word has one count for each class, and a text without words is a text all the \
             same.",
            "Judge the examples in order; the first label that is not below `n_classes` is the \
             error.",
        ]
    }
    "Probabilities are those of scikit-learn's naive Bayes" => probabilities_match_scikit_learn {
        function: classify, points: 3, section: "sentiment", hints: [
            "Start each class with the logarithm of its share of the texts, and add one logarithm \
             for each word of the text.",
            "The smoothed share of a word is (n + 1) / (words + V). V is `counts.of_word.len()`, \
             the same for all classes. A word that `counts.of_word` does not have is skipped.",
            "At the end, `(score - max).exp()` for each class, divided by their sum."
        ]
    }
    "A long text has probabilities too" => a_long_text_has_probabilities {
        function: classify, points: 1, section: "sentiment", hints: [
            "A product of 3,000 numbers below one is 0 to a computer, and 0 / 0 is NaN.",
            "Sums of logarithms do not get too small, but `exp` of -9,000 does.",
            "Subtract the largest score from all scores before `exp`: it cancels in the division."
        ]
    }
    "Drawn counts give the probabilities of the reference" => classifying_like_reference {
        function: classify, points: 1, section: "sentiment", hints: [
            "A class may have no texts, no words, or more of them than an `f32` or a `u32` can \
             hold.",
            "The logarithm of 0 is −∞, and `exp` of that is 0 again: no special case is needed.",
            "Compute in `f64`, and compare words as `lower_words` gives them.",
        ]
    }
    "The moods of Tinytown are found as often as counts allow" => moods_of_tinytown_are_found {
        function: classify, points: 1, section: "sentiment", hints: [
            "Whoever always answers “good” is right about half of the time.",
            "The class with the larger probability should be the mood. Are bad and good in the \
             order of their labels?",
            "If the checks above pass, this one does: 250 texts, counted in 500 others."
        ]
    }
    "Each word gets its most frequent tag" => names_match_the_counts {
        function: tag_entities, points: 2, section: "named-entities", hints: [
            "`counts.of_word.get(word.text)` is `[no name, person, place, thing]`: find the \
             largest of the four.",
            "Offsets are bytes, and `word.start` and `word.end()` have them. If the largest is \
             the first of the four, the word is no name.",
            "Among equals the earliest wins, but `max_by_key` returns the last: go through the \
             indices in reverse."
        ]
    }
    "A word never seen is judged by its capital" => unseen_words_are_judged_by_their_capital {
        function: tag_entities, points: 1, section: "named-entities", hints: [
            "Sentences begin with a capital, too: `begins_sentence(text, &word)` tells you that.",
            "At the beginning of a sentence, look the word up in lower case before you believe \
             the capital.",
            "Then, if `word.is_capitalized()`, take the tag that is largest in \
             `counts.capitalized`; otherwise the word is no name."
        ]
    }
    "Neighboring words of one kind are one name" => neighbors_are_one_name {
        function: tag_entities, points: 1, section: "named-entities", hints: [
            "Keep a list of names. A word may make the last one longer instead of starting a new \
             one.",
            "In “Ada, Ben” there are two names. What stands between the words tells you.",
            "If the last name has the same kind and `&text[last.end..word.start] == \" \"`, set \
             `last.end = word.end()`."
        ]
    }
    "Drawn texts have the names that the reference finds" => tagging_like_reference {
        function: tag_entities, points: 1, section: "named-entities", hints: [
            "Counts are whole numbers; as floats, two of them may become equal.",
            "A tab and a no-break space are no space. Four zeros are a tie, and ties go to no \
             name.",
            "Use `begins_sentence`, `is_capitalized` and `lower` as given: É and Д are capitals, \
             too.",
        ]
    }
    "The names of Tinytown are found as often as counts allow" => names_of_tinytown_are_found {
        function: tag_entities, points: 1, section: "named-entities", hints: [
            "Many names in these texts are new: what do you do with a word that was never \
             counted?",
            "A name counts if its start, its end and its kind are right.",
            "If the checks above pass, this one does: 250 texts, counted in 500 others."
        ]
    }
    "The answer stands in the sentence that is closest to the question"
    => answers_come_from_the_closest_sentence {
        function: answer, points: 2, section: "question-answering", hints: [
            "Score every sentence first: for each distinct word of the question that stands in \
             it, add `idf.of(word)`.",
            "Compare in lower case: `lower_words` of both. Sort by the score, largest first; a \
             stable sort keeps equals in order.",
            "If the best sentence has no candidate that fits, go on with the next: `find_map` \
             over the sorted sentences."
        ]
    }
    "The answer is what was asked for, and new" => answers_are_what_is_asked_for {
        function: answer, points: 2, section: "question-answering", hints: [
            "“Who saw Ada?” is not answered by “Ada”: what stands in the question tells nothing.",
            "A candidate is new if at least one of its words, in lower case, is not in the \
             question.",
            "`Asked::of(question)` is `None` if any candidate will do: `asked.is_none_or(|asked| \
             candidate.asked == asked)`."
        ]
    }
    "Drawn questions get the answer of the reference" => answering_like_reference {
        function: answer, points: 1, section: "question-answering", hints: [
            "A context may have a hundred sentences, many with the same score. Which comes first?",
            "`sort_by` keeps equals in order, `sort_unstable_by` only seems to while there are \
             few.",
            "A candidate must lie inside one sentence; a word that the question repeats counts \
             once.",
        ]
    }
    "Questions about Tinytown are answered as often as overlap allows"
    => questions_about_tinytown_are_answered {
        function: answer, points: 1, section: "question-answering", hints: [
            "The first candidate of a text is right one time in five. Does your answer look at \
             the question?",
            "Three people are in each text. Their names are what the sentences differ in.",
            "If the checks above pass, this one does: 250 questions."
        ]
    }
}

/// Libraries compute in double precision, in another order.
const EXACT: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };

/// A part of what `golden/make.py` wrote.
fn golden<T: DeserializeOwned>(part: &str) -> Result<T, Failure> {
    let mut parts: HashMap<String, Value> = grading::golden!("golden.json")?;
    Ok(serde_json::from_value(parts.remove(part).unwrap_or_default())?)
}

//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    what_llms_are_for;

    /// A word that stands in a text twice counts once.
    counts_a_word_once_a_text => counts_match_scikit_learn: count_classes {
        "lower_words(text)" =>
        "lower_words(text).into_iter().collect::<std::collections::BTreeSet<_>>()"
    }
    /// “The” and “the” are two words.
    counts_capitals_apart => counts_match_scikit_learn: count_classes {
        "lower_words(text)" => "words(text).iter().map(|w| w.text.to_owned())"
    }
    /// Cuts at spaces, so that a period belongs to a word.
    counts_punctuation => counts_match_scikit_learn: count_classes {
        "lower_words(text)" => "text.split_whitespace().map(str::to_ascii_lowercase)"
    }
    counts_unknown_labels_as_the_last => counting_refuses_bad_examples: count_classes {
        "if label >= n_classes {" => "let label = label.min(n_classes - 1); if false {"
    }
    counts_nothing_without_a_word => counting_refuses_bad_examples: count_classes {
        "examples.is_empty()" => "false"
    }
    counts_only_texts_with_words => counting_like_reference: count_classes {
        "counts.texts[label] += 1;" =>
        "if words(text).is_empty() { continue } counts.texts[label] += 1;"
    }
    /// É and é are two letters.
    counts_capitals_beyond_z_apart => counting_like_reference: count_classes {
        "lower_words(text)" => "words(text).iter().map(|w| w.text.to_ascii_lowercase())"
    }
    /// As much of a text as its author ever had.
    counts_a_thousand_words => counting_like_reference: count_classes {
        "lower_words(text)" => "lower_words(text).into_iter().take(1000)"
    }
    /// All classes are taken to be equally frequent.
    classifies_without_a_prior => probabilities_match_scikit_learn: classify {
        "(n as f64 / all_texts as f64).ln()" => "0.0"
    }
    /// A word that a class never had makes that class impossible.
    classifies_without_smoothing => probabilities_match_scikit_learn: classify {
        "(of_word[c] as f64 + 1.0) / (counts.words[c] as f64 + vocabulary)" =>
        "of_word[c] as f64 / counts.words[c] as f64"
    }
    /// Adds one above, but not V below: the shares of a class do not sum to one.
    classifies_without_the_vocabulary => probabilities_match_scikit_learn: classify {
        "+ vocabulary" => "+ 1.0"
    }
    /// Words never seen count as seen zero times.
    classifies_with_unseen_words => probabilities_match_scikit_learn: classify {
        "let Some(of_word) = counts.of_word.get(&word) else { continue };" =>
        "let nothing = vec![0; scores.len()];
         let of_word = counts.of_word.get(&word).unwrap_or(&nothing);"
    }
    classifies_by_texts_with_the_word => probabilities_match_scikit_learn: classify {
        "counts.words[c]" => "counts.texts[c]"
    }
    /// `exp` of large negative numbers: 0 / 0.
    classifies_without_the_maximum => a_long_text_has_probabilities: classify {
        "(score - max).exp()" => "score.exp()"
    }
    classifies_by_the_first_512_words => a_long_text_has_probabilities: classify {
        "lower_words(text)" => "lower_words(text).into_iter().take(512)"
    }
    classifies_with_32_bits => classifying_like_reference: classify {
        "of_word[c] as f64" => "of_word[c] as u32 as f64"
    }
    tags_with_the_last_of_ties => names_match_the_counts: tag_entities {
        "(0..tags.len()).rev()" => "(0..tags.len())"
    }
    /// A word that was ever a name is one.
    tags_names_before_words => names_match_the_counts: tag_entities {
        "(0..tags.len())" => "(usize::from(tags[1..] != [0; 3])..tags.len())"
    }
    tags_with_character_offsets => names_match_the_counts: tag_entities {
        "} entities }" => "} let chars = |byte: usize| text[..byte].chars().count();
         let moved = |e: Entity| Entity { start: chars(e.start), end: chars(e.end), ..e };
         entities.into_iter().map(moved).collect() }"
    }
    /// “Rose” is “rose”.
    tags_in_lower_case => names_match_the_counts: tag_entities {
        "counts.of_word.get(word.text);" =>
        "counts.of_word.get(&word.lower()).or(counts.of_word.get(word.text));"
    }
    tags_only_words_it_knows => unseen_words_are_judged_by_their_capital: tag_entities {
        "None if word.is_capitalized() => counts.capitalized," => ""
    }
    tags_first_words_by_their_capital => unseen_words_are_judged_by_their_capital: tag_entities {
        "None if begins_sentence(text, &word) => counts.of_word.get(&word.lower())," => ""
    }
    tags_unseen_words_without_a_capital => unseen_words_are_judged_by_their_capital: tag_entities {
        "None if word.is_capitalized() => counts.capitalized, None => continue," =>
        "None => counts.capitalized,"
    }
    tags_word_by_word => neighbors_are_one_name: tag_entities { "last.kind == kind" => "false" }
    /// “Ada, Ben” is one name.
    tags_across_punctuation => neighbors_are_one_name: tag_entities {
        "&text[last.end..word.start] == \" \"" =>
        "!text[last.end..word.start].contains(char::is_alphanumeric)"
    }
    tags_across_kinds => neighbors_are_one_name: tag_entities { "last.kind == kind &&" => "" }
    /// Two large counts become equal.
    tags_by_floats => tagging_like_reference: tag_entities {
        "max_by_key(|&tag| tags[tag])" =>
        "max_by(|&a, &b| (tags[a] as f64).total_cmp(&(tags[b] as f64)))"
    }
    /// “The” tells as much as a name.
    answers_without_idf => answers_come_from_the_closest_sentence: answer {
        "idf.of(word)" => "1.0"
    }
    /// Takes the first candidate that fits, wherever it stands.
    answers_from_the_first_sentence => answers_come_from_the_closest_sentence: answer {
        "ranked.sort_by(|a, b| b.0.total_cmp(&a.0));" => ""
    }
    answers_only_from_the_best_sentence => answers_come_from_the_closest_sentence: answer {
        "ranked.into_iter()" => "ranked.into_iter().take(1)"
    }
    /// A word that the sentence repeats counts each time.
    answers_by_repetition => answers_come_from_the_closest_sentence: answer {
        "asked_words.iter().filter(|word| words.contains(word))" =>
        "words.iter().filter(|word| asked_words.contains(word))"
    }
    answers_of_any_kind => answers_are_what_is_asked_for: answer {
        "asked.is_none_or(|asked| candidate.asked == asked) &&" => ""
    }
    /// “Who saw Ada?” “Ada.”
    answers_with_the_question => answers_are_what_is_asked_for: answer {
        "&& lower_words(&context[candidate.start..candidate.end]).iter().any(is_new)" => ""
    }
    /// In order only while there are few sentences.
    answers_with_an_unstable_sort => answering_like_reference: answer {
        "sort_by" => "sort_unstable_by"
    }
}

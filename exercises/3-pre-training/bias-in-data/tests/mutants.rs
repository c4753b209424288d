//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    bias_in_data;

    /// Centered on the rate, as in most textbooks.
    interval_is_walds => intervals_are_those_of_scipy: rate_gap {
        "let middle = p + z * z / (2.0 * n);" => "let middle = p;",
        "(p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt()" => "(p * (1.0 - p) / n).sqrt()",
        "let whole = 1.0 + z * z / n;" => "let whole = 1.0;"
    }
    difference_reaches_the_wrong_way => intervals_are_those_of_scipy: rate_gap {
        "(x.value - x.low).hypot(y.high - y.value)" => "(x.high - x.value).hypot(y.value - y.low)"
    }
    difference_is_turned => intervals_are_those_of_scipy: rate_gap {
        "let value = x.value - y.value;" => "let value = y.value - x.value;"
    }
    nothing_is_a_rate => no_rate_is_refused: rate_gap { "of == 0 || hits > of" => "hits > of" }
    nan_is_a_width => no_rate_is_refused: rate_gap {
        "!(0.0..=100.0).contains(&z)" => "z < 0.0 || z > 100.0"
    }

    /// All cosines in one mean.
    lists_share_a_mean => associations_are_those_of_numpy: association {
        "Ok(sum / list.len() as f64)" => "Ok(2.0 * sum / (a.len() + b.len()) as f64)"
    }
    lists_are_swapped => associations_are_those_of_numpy: association {
        "mean_cosine(a)? - mean_cosine(b)?" => "mean_cosine(b)? - mean_cosine(a)?"
    }
    no_words_are_zero => words_without_vectors_are_refused: association {
        "return Err(BiasError::NoWords);" => "return Ok(0.0);"
    }
    unknown_words_are_skipped => words_without_vectors_are_refused: association {
        "for word in list {" => "for word in list.iter().filter(|word| vectors.unit(word).is_ok()) {"
    }

    /// A standard deviation that divides by one less.
    deviation_is_of_a_sample => tests_are_those_of_numpy: weat {
        "mean(&squares).sqrt()" =>
            "(squares.iter().sum::<f64>() / (squares.len() as f64 - 1.0)).sqrt()"
    }
    /// As Cohen's d for two samples has it.
    deviation_is_within_groups => tests_are_those_of_numpy: weat {
        "all.iter().map(|s| (s - middle).powi(2)).collect()" =>
            "all.iter().enumerate().map(|(i, s)| (s - mean(if i < x.len() { &x_scores } else { &y_scores })).powi(2)).collect()",
        "mean(&squares).sqrt()" => "(mean(&squares) + 1e-300).sqrt() + 0.0 * middle"
    }
    statistic_is_of_means => tests_are_those_of_numpy: weat {
        "x_scores.iter().sum::<f64>() - y_scores.iter().sum::<f64>()" =>
            "mean(&x_scores) - mean(&y_scores)"
    }
    rounding_is_an_effect => swapped_groups_turn_the_sign: weat {
        "most - least <= 1e-12" => "most < least"
    }
    sizes_may_differ => groups_are_refused: weat { "x.len() != y.len()" => "x.len() == 99" }

    /// Chance would have to beat what was observed.
    ties_are_no_hits => every_split_is_tried: permutation_p { "u64::from(at_least <= 0)" => "u64::from(at_least < 0)" }
    observed_is_left_out => every_split_is_tried: permutation_p {
        "Ok(hits as f64 / splits as f64)" =>
            "Ok((hits as f64 - 1.0) / (splits as f64 - 1.0))"
    }
    p_has_two_sides => every_split_is_tried: permutation_p {
        "let (hits, splits) = count(&pool, half, observed);" =>
            "let (hits, splits) = count(&pool, half, observed);
            let hits = (2 * hits.min(splits - hits)).max(1);"
    }
    halves_may_have_any_size => every_split_is_tried: permutation_p {
        "return if choose == 0 { (u64::from(at_least <= 0), 1) } else { (0, 0) };" =>
            "return (u64::from(at_least <= 0), 1);"
    }
    scores_are_not_rounded => equal_sums_are_hits: permutation_p {
        "(score * 2_f64.powi(40)).round() as i64" => "(score * 2_f64.powi(52)).round() as i64"
    }
    drawn_p_may_be_0 => drawn_splits_are_fair: permutation_p {
        "(hits as f64 + 1.0) / (n as f64 + 1.0)" => "hits as f64 / n.max(1) as f64"
    }
    pool_is_shuffled_once => drawn_splits_are_fair: permutation_p {
        "for _ in 0..n {
                pool.shuffle(rng);" => "pool.shuffle(rng);
            for _ in 0..n {"
    }
    sums_are_too_small => scores_are_refused: permutation_p { "score.abs() > MOST_SCORE" => "score.abs() > 2.0" }
    nan_is_a_score => scores_are_refused: permutation_p { "score.is_nan() || " => "" }

    /// Only from the first of a pair to the second.
    swaps_one_way => twins_are_those_of_python: counterfactual {
        "[(&p, &q), (&q, &p)]" => "[(&p, &q)]"
    }
    swaps_inside_words => twins_are_those_of_python: counterfactual {
        "!is_word(behind.chars().next())" => "true"
    }
    shortest_phrase_wins => twins_are_those_of_python: counterfactual {
        "found.max_by_key" => "found.min_by_key"
    }
    capitals_are_lost => twins_are_those_of_python: counterfactual {
        "both.push(capitals);" => "let _ = capitals;"
    }
    names_get_capitals_too => twins_are_those_of_python: counterfactual {
        "capitals.0 != p && capitals.1 != q" => "capitals.0 != p || capitals.1 != q"
    }
    possessives_stay => twins_are_those_of_python: counterfactual {
        "!is_word(behind.chars().next())" =>
            "!behind.starts_with(|c: char| c.is_alphanumeric() || c == '\\'')"
    }
    twice_is_fine => contradicting_pairs_are_refused: counterfactual {
        "partners.insert(phrase.clone(), partner.clone()).is_some()" =>
            "partners.insert(phrase.clone(), partner.clone()).is_some() && phrase.is_empty()"
    }
    empty_phrase_is_fine => contradicting_pairs_are_refused: counterfactual {
        "!ends_well(phrase)" => "!phrase.is_empty() && !ends_well(phrase)"
    }
    words_are_ascii => twins_are_those_of_python: counterfactual {
        "c.is_some_and(char::is_alphanumeric)" => "c.is_some_and(|c: char| c.is_ascii_alphanumeric())"
    }

    group_does_not_matter => gap_is_hill_less_shore: twin_gap {
        "Group::Shore => scores[1] - scores[0]," => "Group::Shore => scores[0] - scores[1],"
    }
    size_is_that_of_the_mean => gap_is_hill_less_shore: twin_gap {
        "gaps.iter().map(|gap| gap.abs()).sum::<f64>() / n" => "mean.abs()"
    }
    gaps_of_zero_are_left_out => gap_is_hill_less_shore: twin_gap {
        "if twin == text {" => "if twin == text || score(text) == score(&twin) {"
    }
    texts_without_twins_count => texts_without_twins_are_left_out: twin_gap {
        "let n = gaps.len() as f64;" => "let n = texts.len() as f64;"
    }
    twins_are_not_judged => texts_without_twins_are_left_out: twin_gap {
        "scores.iter().find(" => "scores[..1].iter().find("
    }
    place_is_among_the_gaps => texts_without_twins_are_left_out: twin_gap {
        "BiasError::Score { at, score }" => "BiasError::Score { at: at.min(gaps.len()), score }"
    }

    last_copies_are_more => every_cell_has_its_share: balance {
        "nth < more" => "nth >= places.len() - more"
    }
    every_example_is_kept => every_cell_has_its_share: balance {
        "each + usize::from(nth < more)" => "(each + usize::from(nth < more)).max(1)"
    }
    groups_are_balanced_only => every_cell_has_its_share: balance {
        "cells.entry(cell).or_default().push(at);" => "cells.entry((cell.0, examples[0].1)).or_default().push(at);",
        "let labels: BTreeSet<usize> = examples.iter().map(|&(_, label)| label).collect();" =>
            "let labels: BTreeSet<usize> = examples.iter().map(|_| examples[0].1).collect();"
    }
    empty_cell_is_fine => cell_without_texts_is_refused: balance {
        "!cells.contains_key(&(group, label))" => "!cells.contains_key(&(group, label)) && label > usize::MAX - 1"
    }
    highest_cell_is_named => cell_without_texts_is_refused: balance {
        "labels.iter().find(" => "labels.iter().rev().find("
    }

    every_digit_is_cut_off => equal_sums_are_hits: permutation_p { ".round() as i64" => ".trunc() as i64" }
    splits_are_limited => drawn_splits_are_fair: permutation_p {
        "for _ in 0..n {" => "let n = n.min(10_000);
            for _ in 0..n {"
    }
    only_some_are_shuffled => drawn_splits_are_fair: permutation_p {
        "pool.shuffle(rng);" => "let most = pool.len().min(16);
                pool[..most].shuffle(rng);"
    }
    words_count_once => associations_agree: association {
        "for word in list {" => "for word in list.iter().collect::<BTreeSet<_>>() {"
    }
}

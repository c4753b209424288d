//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    deduplication;

    shingles_lower_ascii_only => shingles_are_those_of_python: shingles {
        "text.to_lowercase()" => "text.to_ascii_lowercase()"
    }
    /// Each letter by itself: a sigma at the end of a word stays a middle one.
    shingles_lower_letter_by_letter => shingles_are_those_of_python: shingles {
        "text.to_lowercase()" => "text.chars().flat_map(char::to_lowercase).collect::<String>()"
    }
    shingles_cut_at_spaces_only => looks_do_not_count: shingles {
        "!c.is_alphanumeric()" => "c.is_whitespace()"
    }
    shingles_know_ascii_only => shingles_are_those_of_python: shingles {
        "!c.is_alphanumeric()" => "!c.is_ascii_alphanumeric()"
    }
    shingles_have_empty_words => looks_do_not_count: shingles {
        ".filter(|word| !word.is_empty())" => ""
    }
    shingles_do_not_overlap => shingles_are_those_of_python: shingles { "words.windows(n)" => "words.chunks(n)" }
    /// As sets of words have it: their order is lost.
    shingles_sort_their_words => looks_do_not_count: shingles {
        "fingerprint(&run.join(\" \"))" => "{
            let mut run = run.to_vec();
            run.sort_unstable();
            fingerprint(&run.join(\" \"))
        }"
    }
    shingles_need_n_words => short_texts_are_one_shingle: shingles {
        "let n = n.min(words.len()).max(1);" => ""
    }
    shingles_of_nothing_are_one => short_texts_are_one_shingle: shingles {
        "let n = n.min" => "if words.is_empty() {
            return Ok([fingerprint(\"\")].into());
        }
        let n = n.min"
    }
    shingles_may_be_empty => short_texts_are_one_shingle: shingles { "n == 0" => "n == usize::MAX - 1" }
    shingles_begin_within_200_words => shingles_agree: shingles {
        "words.windows(n)" => "words.windows(n).take(20)"
    }

    shingles_are_at_most_20_words => shingles_are_those_of_python: shingles {
        "n.min(words.len())" => "n.min(words.len()).min(20)"
    }

    minhash_takes_the_largest => signatures_are_those_of_python: minhash { ".min()" => ".max()" }
    minhash_keeps_the_shingle => signatures_are_those_of_python: minhash {
        ".map(|&shingle| hash(shingle, seed)).min()" =>
            ".copied().min_by_key(|&shingle| hash(shingle, seed))"
    }
    minhash_takes_one_seed => places_are_equal_as_often_as_sets_overlap: minhash {
        "hash(shingle, seed)" => "hash(shingle, seeds[0])"
    }
    /// A shuffle that hardly shuffles.
    minhash_only_xors => places_are_equal_as_often_as_sets_overlap: minhash {
        "hash(shingle, seed)" => "(shingle ^ seed)"
    }
    minhash_sorts => places_are_equal_as_often_as_sets_overlap: minhash {
        "seeds.iter().map(|seed| first(seed).unwrap_or(u64::MAX)).collect()" => "{
            let mut signature: Vec<u64> =
                seeds.iter().map(|seed| first(seed).unwrap_or(u64::MAX)).collect();
            signature.sort_unstable();
            signature
        }"
    }
    minhash_of_nothing_is_0 => signatures_are_those_of_python: minhash {
        "unwrap_or(u64::MAX)" => "unwrap_or(0)"
    }
    minhash_leaves_the_last_out => signatures_agree: minhash {
        "shingles.iter().map" => "shingles.iter().take(shingles.len().max(2) - 1).map"
    }

    estimate_compares_sets => estimates_count_equal_places: estimate {
        "a.iter().zip(b).filter(|(a, b)| a == b).count()" => "a.iter().filter(|a| b.contains(a)).count()"
    }
    /// Jaccard of the signatures as sets of places.
    estimate_divides_by_the_union => estimates_count_equal_places: estimate {
        "a.len() as f64)" => "(2 * a.len() - equal) as f64)"
    }
    estimate_divides_whole_numbers => estimates_count_equal_places: estimate {
        "equal as f64 / a.len() as f64" => "(equal / a.len()) as f64"
    }
    estimate_compares_32_bits => estimates_count_equal_places: estimate {
        "|(a, b)| a == b" => "|(a, b)| **a as u32 == **b as u32"
    }
    estimate_takes_the_shorter => signatures_that_do_not_fit_are_refused: estimate {
        "a.len() != b.len()" => "false"
    }
    estimate_of_nothing_is_nan => signatures_that_do_not_fit_are_refused: estimate {
        "a.is_empty()" => "false"
    }

    buckets_are_shared_by_bands => candidates_share_a_band: lsh_buckets {
        "for band in" => "let mut buckets: HashMap<&[u64], Vec<usize>> = HashMap::new();
        for band in",
        "let mut buckets: HashMap<&[u64], Vec<usize>> = HashMap::new();
        for (document" => "for (document"
    }
    bands_are_every_other_place => candidates_share_a_band: lsh_buckets {
        "let mut buckets: HashMap<&[u64], Vec<usize>> = HashMap::new();" =>
            "let mut buckets: HashMap<Vec<u64>, Vec<usize>> = HashMap::new();",
        "&signature[band * rows..][..rows]" =>
            "signature.iter().skip(band).step_by(bands).copied().collect()"
    }
    bands_lose_the_last => candidates_share_a_band: lsh_buckets {
        "0..bands {" => "0..bands - 1 {"
    }
    bands_must_all_agree => candidates_share_a_band: lsh_buckets {
        "&signature[band * rows..][..rows]" => "&signature[..]"
    }
    /// Each document only meets the one before it in its bucket.
    buckets_are_chains => pairs_come_once_and_sorted: lsh_buckets {
        "bucket.iter().map" => "bucket.last().into_iter().map"
    }
    pairs_come_as_they_are_found => pairs_come_once_and_sorted: lsh_buckets {
        "BTreeSet::new()" => "Vec::new()"
    }
    pairs_are_turned => pairs_come_once_and_sorted: lsh_buckets {
        "(earlier, document)" => "(document, earlier)"
    }
    bands_may_be_shorter_than_signatures => bands_that_do_not_fit_are_refused: lsh_buckets {
        "bands.checked_mul(rows) == Some(hashes)" => "bands.checked_mul(rows) <= Some(hashes)"
    }
    bands_wrap => bands_that_do_not_fit_are_refused: lsh_buckets {
        "bands.checked_mul(rows) == Some(hashes)" => "bands.wrapping_mul(rows) == hashes"
    }
    only_the_first_signature_is_judged => bands_that_do_not_fit_are_refused: lsh_buckets {
        "signatures.iter().position" => "signatures.iter().take(1).position",
        "&signature[band * rows..][..rows]" =>
            "signature.get(band * rows..).and_then(|rest| rest.get(..rows)).unwrap_or(&[])"
    }

    buckets_hold_100 => pairs_come_once_and_sorted: lsh_buckets {
        "bucket.iter().map" => "bucket.iter().take(100).map"
    }

    probability_is_that_of_one_band => probabilities_are_those_of_fractions: collision_probability {
        "bands as f64 *" => "bands.min(1) as f64 *"
    }
    probability_swaps_bands_and_rows => probabilities_are_those_of_fractions: collision_probability {
        "powf(rows as f64)" => "powf(bands as f64)", "(bands as f64 *" => "(rows as f64 *"
    }
    /// As if bands excluded each other.
    probability_adds_bands => probabilities_are_those_of_fractions: collision_probability {
        "-(bands as f64 * (-all_rows).ln_1p()).exp_m1()" => "(bands as f64 * all_rows).min(1.0)"
    }
    probability_is_all_bands => probabilities_are_those_of_fractions: collision_probability {
        "-(bands as f64 * (-all_rows).ln_1p()).exp_m1()" => "all_rows.powf(bands as f64)"
    }
    /// The formula as it stands.
    probability_loses_small_numbers => probabilities_are_those_of_fractions: collision_probability {
        "-(bands as f64 * (-all_rows).ln_1p()).exp_m1()" => "1.0 - (1.0 - all_rows).powf(bands as f64)"
    }
    probability_of_nan => what_is_no_share_is_refused: collision_probability {
        "!(0.0..=1.0).contains(&similarity)" => "similarity < 0.0 || similarity > 1.0"
    }
    probability_leaves_1_out => what_is_no_share_is_refused: collision_probability {
        "(0.0..=1.0).contains" => "(0.0..1.0).contains"
    }
    probability_without_bands_is_0 => what_is_no_share_is_refused: collision_probability {
        "bands == 0 || rows == 0" => "rows == 0"
    }
    probability_counts_in_bytes => probabilities_agree: collision_probability {
        "powf(rows as f64)" => "powi(rows.min(127) as i32)"
    }

    best_has_the_fewest_rows => bands_are_the_longest_that_find_enough: best_bands { ".rev()" => "" }
    best_need_not_divide => bands_are_the_longest_that_find_enough: best_bands {
        ".filter(|rows| hashes.is_multiple_of(*rows))" => ""
    }
    /// The rule of thumb of the textbook, which promises no recall.
    best_is_a_rule_of_thumb => bands_are_the_longest_that_find_enough: best_bands {
        "collision_probability(threshold, bands, rows)? >= recall" =>
            "(1.0 / bands as f64).powf(1.0 / rows as f64) <= threshold && recall < 1.0"
    }
    best_forgets_one_band => bands_that_cannot_be_are_refused: best_bands {
        "(1..=hashes)" => "(1..hashes.max(2))"
    }
    best_takes_powers_of_two => best_bands_agree: best_bands {
        "hashes.is_multiple_of(*rows)" => "hashes.is_multiple_of(*rows) && (rows % 7 > 0 || hashes < 200)"
    }
    best_accepts_certainty => bands_that_cannot_be_are_refused: best_bands {
        "(0.0..1.0).contains" => "(0.0..=1.0).contains"
    }
    best_takes_what_there_is => bands_that_cannot_be_are_refused: best_bands {
        "Err(DedupError::OutOfReach { hashes })" => "Ok((hashes, 1))"
    }

    /// Whoever meets is dropped.
    dedup_does_not_look => planted_copies_are_found: dedup {
        "&& jaccard(&sets[i], &sets[j]) >= threshold" => ""
    }
    dedup_has_one_band => planted_copies_are_found: dedup {
        "(bands * rows) as u64" => "rows as u64", "lsh_buckets(&signatures, bands, rows)" =>
            "lsh_buckets(&signatures, 1, rows)"
    }
    dedup_finds_equals_only => planted_copies_are_found: dedup { ">= threshold" => ">= 1.0" }
    dedup_trusts_the_estimate => clusters_are_those_of_all_pairs: dedup {
        "jaccard(&sets[i], &sets[j]) >= threshold" => "estimate(&signatures[i], &signatures[j])? >= threshold"
    }
    dedup_is_above_the_threshold => clusters_are_those_of_all_pairs: dedup { ">= threshold" => "> threshold" }
    dedup_exchanges_bands_and_rows => clusters_are_those_of_all_pairs: dedup {
        "lsh_buckets(&signatures, bands, rows)" => "lsh_buckets(&signatures, rows, bands)"
    }
    /// Two that met are joined, not their clusters.
    dedup_joins_documents => first_of_a_chain_stands_for_all: dedup {
        "earlier[firsts[0].max(firsts[1])] = firsts[0].min(firsts[1])" => "earlier[i.max(j)] = i.min(j)"
    }
    dedup_keeps_the_last => first_of_a_chain_stands_for_all: dedup {
        "earlier[firsts[0].max(firsts[1])] = firsts[0].min(firsts[1])" =>
            "earlier[firsts[0].min(firsts[1])] = firsts[0].max(firsts[1])"
    }
    dedup_does_not_follow => first_of_a_chain_stands_for_all: dedup {
        "Ok((0..documents.len()).map(|document| first(&mut earlier, document)).collect())" => "Ok(earlier)"
    }
    dedup_judges_first_documents => first_of_a_chain_stands_for_all: dedup {
        "jaccard(&sets[i], &sets[j])" => "jaccard(&sets[firsts[0]], &sets[firsts[1]])"
    }
    dedup_leaves_empty_texts_alone => texts_without_words_are_the_same: dedup {
        ">= threshold {" => ">= threshold && !sets[i].is_empty() {"
    }
    dedup_accepts_nan => settings_that_cannot_be_are_refused: dedup {
        "!(0.0..=1.0).contains(&threshold)" => "threshold < 0.0 || threshold > 1.0"
    }
    dedup_has_100_seeds => clusters_are_those_of_all_pairs: dedup {
        "(0..(bands * rows) as u64)" => "(0..(bands * rows) as u64).map(|seed| seed % 100)"
    }
    dedup_forgets_late_documents => clusters_agree: dedup {
        "if firsts[0] != firsts[1]" => "if firsts[0] != firsts[1] && j < 16"
    }
}

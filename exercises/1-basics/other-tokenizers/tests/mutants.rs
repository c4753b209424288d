//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

use other_tokenizers::{Answers, SOLUTION};

grading::mutants! {
    other_tokenizers;

    takes_the_shortest_piece => the_longest_piece_comes_first: wordpiece { ".rev()" => "" }
    /// The longest piece that ends the word.
    starts_from_the_back => the_longest_piece_comes_first: wordpiece {
        "let mut pieces = ends.map(|end| (end, format!(\"{prefix}{}\", &rest[..end])));" =>
        "let prefix = |start| if start == 0 { \"\" } else { CONTINUATION };
         let starts = rest.char_indices().map(|(i, _)| i);
         let mut pieces = starts.map(|i| (i, format!(\"{}{}\", prefix(i), &rest[i..])));",
        "tokens.push(piece);" => "tokens.insert(0, piece);", "rest[end..];" => "rest[..end];"
    }
    forgets_the_prefix => pieces_inside_a_word_have_a_prefix: wordpiece {
        "{ CONTINUATION }" => "{ \"\" }"
    }
    prefixes_the_first_piece => pieces_inside_a_word_have_a_prefix: wordpiece {
        "if tokens.is_empty() { \"\" } else { CONTINUATION }" => "CONTINUATION"
    }
    /// A piece without the prefix will do where there is none with it.
    tries_both_spellings => pieces_inside_a_word_have_a_prefix: wordpiece {
        "vocab.contains(piece)" =>
        "vocab.contains(piece) || vocab.contains(piece.trim_start_matches(CONTINUATION))"
    }
    /// The pieces before a dead end stay, and the rest is unknown.
    keeps_what_it_knew => a_dead_end_makes_the_word_unknown: wordpiece {
        "else { return unknown; }" => "else { return [tokens, unknown].concat(); }"
    }
    /// A character without a piece is unknown, and the word goes on behind it.
    skips_unknown_characters => a_dead_end_makes_the_word_unknown: wordpiece {
        "else { return unknown; }" => "else {
             tokens.push(WordPiece::UNK.to_owned());
             rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
             continue;
         }"
    }
    goes_back_from_a_dead_end => a_dead_end_makes_the_word_unknown: wordpiece {
        "let mut rest = word;" => "let mut rest = word;
         fn goes_on(vocab: &WordPiece, rest: &str) -> bool {
             let mut ends = rest.char_indices().map(|(i, c)| i + c.len_utf8());
             let fits = |end| vocab.contains(&format!(\"{CONTINUATION}{}\", &rest[..end]));
             rest.is_empty() || ends.any(|end| fits(end) && goes_on(vocab, &rest[end..]))
         }",
        "pieces.find(|(_, piece)| vocab.contains(piece))" =>
        "pieces.find(|(end, piece)| vocab.contains(piece) && goes_on(vocab, &rest[*end..]))"
    }
    counts_bytes => long_words_are_unknown: wordpiece { "word.chars().count()" => "word.len()" }
    has_no_limit => long_words_are_unknown: wordpiece { "vocab.max_chars()" => "usize::MAX" }
    is_one_too_strict => long_words_are_unknown: wordpiece { "() > vocab" => "() >= vocab" }
    always_allows_a_hundred => long_words_are_unknown: wordpiece { "vocab.max_chars()" => "100" }
    trims_the_word => wordpiece_like_reference: wordpiece { "= word;" => "= word.trim();" }
    caps_pieces_at_128 => wordpiece_like_reference: wordpiece {
        "vocab.contains(piece)" => "piece.chars().count() <= 128 && vocab.contains(piece)"
    }
    /// A word that is a piece is never too long.
    looks_the_word_up_first => wordpiece_like_reference: wordpiece {
        "let unknown" => "if vocab.contains(word) { return vec![word.to_owned()]; } let unknown"
    }

    /// As WordPiece does.
    keeps_the_longest_piece_only => every_piece_is_an_edge: unigram_lattice {
        "edges.push(Edge { start, end, log_prob, known: true });" =>
        "edges.retain(|edge: &Edge| edge.start < start);
         edges.push(Edge { start, end, log_prob, known: true });"
    }
    /// Looks for pieces only where the longest ones end.
    starts_behind_the_last_piece => every_piece_is_an_edge: unigram_lattice {
        "let next = start + first.len_utf8();" => "let next = start + first.len_utf8();
         if edges.iter().any(|edge: &Edge| edge.end > start) { continue; }"
    }
    misses_the_longest_pieces => every_piece_is_an_edge: unigram_lattice {
        "<= model.longest()" => "< model.longest()"
    }
    /// No piece of more than one character reaches the end of the text.
    misses_the_end => every_piece_is_an_edge: unigram_lattice {
        "end - start <= model.longest()" => "*end == next || *end < text.len()"
    }
    has_no_unknown_edges => unknown_characters_are_edges: unigram_lattice {
        "model.log_prob(&text[start..next]).is_none()" => "false"
    }
    marks_every_character_unknown => unknown_characters_are_edges: unigram_lattice {
        "model.log_prob(&text[start..next]).is_none()" => "true"
    }
    /// A character that a longer piece begins with has no unknown edge.
    trusts_longer_pieces => unknown_characters_are_edges: unigram_lattice {
        "model.log_prob(&text[start..next]).is_none()" =>
        "(next..=text.len()).all(|end| !text.get(start..end).is_some_and(|p| model.id(p) > 0))"
    }
    /// An unknown character is as likely as the least likely piece.
    has_no_penalty => unknown_characters_are_edges: unigram_lattice {
        "model.unk_log_prob()" => "model.unk_log_prob() + other_tokenizers::UNK_PENALTY"
    }
    counts_characters => positions_are_bytes: unigram_lattice {
        "Lattice::new(text.len(), edges)" => "
         let chars = |end: usize| text[..end].chars().count();
         let edges = edges.iter().map(|e| Edge { start: chars(e.start), end: chars(e.end), ..*e });
         Lattice::new(chars(text.len()), edges.collect())"
    }
    /// An unknown character is as many edges as it has bytes.
    makes_bytes_unknown => positions_are_bytes: unigram_lattice {
        "edges.push(Edge { start, end: next, log_prob: model.unk_log_prob(), known: false });" =>
        "let byte = Edge { start, end: next, log_prob: model.unk_log_prob(), known: false };
         edges.extend((start..next).map(|start| Edge { start, end: start + 1, ..byte }));"
    }
    skips_white_space => lattice_like_reference: unigram_lattice {
        "let next" => "if first.is_whitespace() { continue; } let next"
    }

    /// From the beginning, always the longest piece, as WordPiece does.
    cuts_greedily => the_best_path_beats_all_others: unigram_viterbi {
        "position = lattice.end(); while position > 0" =>
        "position = 0; while position < lattice.end()",
        "let edge: Edge = last[position]" =>
        "let next = lattice.edges().iter().copied().filter(|edge| edge.start == position);
         let edge = next.max_by_key(|edge| edge.end)",
        "position = edge.start; } path.reverse();" => "position = edge.end; }"
    }
    takes_the_best_next_piece => the_best_path_beats_all_others: unigram_viterbi {
        "position = lattice.end(); while position > 0" =>
        "position = 0; while position < lattice.end()",
        "let edge: Edge = last[position]" =>
        "let next = lattice.edges().iter().copied().filter(|edge| edge.start == position);
         let edge = next.max_by(|a, b| a.log_prob.total_cmp(&b.log_prob))",
        "position = edge.start; } path.reverse();" => "position = edge.end; }"
    }
    takes_the_fewest_edges => the_best_path_beats_all_others: unigram_viterbi {
        "best[edge.start] + edge.log_prob" => "best[edge.start] - 1.0"
    }
    returns_it_backward => the_best_path_beats_all_others: unigram_viterbi {
        "path.reverse();" => ""
    }
    takes_the_last_of_ties => the_best_path_is_that_of_tokenizers: unigram_viterbi {
        "log_prob > best" => "log_prob >= best"
    }
    /// Among equals, the path of more edges.
    takes_short_pieces_of_ties => the_best_path_is_that_of_tokenizers: unigram_viterbi {
        "+ edge.log_prob" => "+ edge.log_prob + 1e-9"
    }
    /// Probabilities, whose product is zero after a hundred pieces.
    multiplies_until_zero => a_path_is_found_or_there_is_none: unigram_viterbi {
        "best[0] = 0.0;" => "best[0] = 1.0;",
        "best[edge.start] + edge.log_prob" => "best[edge.start] * edge.log_prob.exp()"
    }
    calls_no_path_empty => a_path_is_found_or_there_is_none: unigram_viterbi {
        "let edge: Edge = last[position].ok_or(LatticeError::NoPath)?;" =>
        "let Some(edge): Option<Edge> = last[position] else { return Ok(Vec::new()) };"
    }
    takes_almost_ties_for_ties => viterbi_like_reference: unigram_viterbi {
        "log_prob > best[edge.end]" => "log_prob > best[edge.end] + 1e-9"
    }
    minus_a_billion_is_no_way => viterbi_like_reference: unigram_viterbi {
        "f64::NEG_INFINITY" => "-1e9"
    }

    /// The best path instead of all.
    takes_the_maximum => forward_sums_over_all_paths: unigram_forward {
        "log_add(forward[edge.end], through)" => "forward[edge.end].max(through)"
    }
    counts_the_paths => forward_sums_over_all_paths: unigram_forward {
        "+ alpha * edge.log_prob" => ""
    }
    /// Logarithms are added where probabilities are to be.
    adds_the_logarithms => forward_sums_over_all_paths: unigram_forward {
        "log_add(forward[edge.end], through)" =>
        "if forward[edge.end].is_finite() { forward[edge.end] + through } else { through }"
    }
    /// Other positions have the best way only.
    sums_into_the_end_only => forward_sums_over_all_paths: unigram_forward {
        "log_add(forward[edge.end], through)" => "match edge.end == lattice.end() {
             true => log_add(forward[edge.end], through),
             false => forward[edge.end].max(through),
         }"
    }
    forward_without_alpha => forward_weighs_by_alpha: unigram_forward { "alpha * edge" => "edge" }
    /// The power of the sum instead of the sum of powers.
    scales_the_sum => forward_weighs_by_alpha: Answers {
        unigram_forward: |lattice, alpha| {
            let forward = (SOLUTION.unigram_forward)(lattice, 1.0).into_iter();
            forward.map(|sum| if sum.is_finite() { alpha * sum } else { sum }).collect()
        },
        ..SOLUTION
    };
    adds_in_the_open => forward_stays_finite: log_add {
        "larger + (smaller - larger).exp().ln_1p()" => "(larger.exp() + smaller.exp()).ln()"
    }
    /// Subtracts whatever stands first, −∞ too.
    shifts_by_the_first => forward_stays_finite: log_add {
        "let (larger, smaller) = (a.max(b), a.min(b));" => "let (larger, smaller) = (a, b);"
    }
    adds_in_f32 => forward_like_reference: unigram_forward {
        "edge.log_prob;" => "edge.log_prob; let through = f64::from(through as f32);"
    }

    /// No chance at all.
    samples_the_best => samples_follow_the_model: unigram_sample {
        "path.reverse(); Ok(path)" => "unigram_viterbi(lattice)"
    }
    /// All edges into a position, if a way leads there.
    samples_edges_alike => samples_follow_the_model: unigram_sample {
        "let share = (forward[edge.start] + alpha * edge.log_prob - forward[position]).exp();" =>
        "let is_open = |e: &&Edge| e.end == position && forward[e.start].is_finite();
         let open = lattice.edges().iter().filter(is_open).count() as f64;
         let share = f64::from(is_open(&edge)) / open;"
    }
    /// Whatever lies before the edge.
    samples_by_the_edge_alone => samples_follow_the_model: unigram_sample {
        "let share = (forward[edge.start] + alpha * edge.log_prob - forward[position]).exp();" =>
        "let weight = |e: &Edge| f64::from(forward[e.start].is_finite()) * e.log_prob.exp();
         let into = lattice.edges().iter().filter(|e| e.end == position);
         let share = weight(edge) / into.map(weight).sum::<f64>();"
    }
    /// Where dead ends await, and by the edge's own probability.
    samples_from_the_left => samples_follow_the_model: unigram_sample {
        "position = lattice.end(); while position > 0" =>
        "position = 0; while position < lattice.end()",
        "edge.end == position" => "edge.start == position",
        "(forward[edge.start] + alpha * edge.log_prob - forward[position])" => "edge.log_prob",
        "position = edge.start; } path.reverse();" => "position = edge.end; }"
    }
    sampling_without_alpha => alpha_flattens_the_samples: unigram_sample {
        "unigram_forward(lattice, alpha)" => "unigram_forward(lattice, 1.0)",
        "alpha * edge" => "edge"
    }
    /// Alpha weighs the edge, but not what lies before it.
    alpha_on_the_edge_only => alpha_flattens_the_samples: unigram_sample {
        "unigram_forward(lattice, alpha)" => "unigram_forward(lattice, 1.0)"
    }
    samples_with_any_alpha => sampling_refuses_what_it_cannot_do: unigram_sample {
        "return Err(LatticeError::BadAlpha(alpha));" => "return unigram_sample(lattice, 1.0, rng);"
    }
    samples_nothing_without_a_path => sampling_refuses_what_it_cannot_do: unigram_sample {
        "let edge = chosen.ok_or(LatticeError::NoPath)?;" =>
        "let Some(edge) = chosen else { return Ok(Vec::new()) };"
    }
    /// Where only one edge leads to, nothing is drawn.
    draws_only_where_there_is_a_choice => sampling_like_reference: unigram_sample {
        "let mut left: f64 = rng.random();" =>
        "let into = lattice.edges().iter().filter(|edge| edge.end == position).count();
         let mut left: f64 = if into == 1 { 0.0 } else { rng.random() };"
    }
    /// Not to the last edge.
    gives_the_rest_to_the_first => sampling_like_reference: unigram_sample {
        "let edge = chosen" => "
         if left >= 0.0 {
             let mut into = lattice.edges().iter().filter(|edge| edge.end == position);
             chosen = into.find(|edge| forward[edge.start].is_finite()).copied();
         }
         let edge = chosen"
    }
    gives_the_rest_to_the_impossible => sampling_like_reference: unigram_sample {
        "share > 0.0" => "share >= 0.0"
    }
}

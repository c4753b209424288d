//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    task_heads;

    /// The number of tokens less one: right for padding on the right only.
    tokens_are_counted => last_token_is_found: last_token {
        "row.iter().rposition(|is_token| *is_token).ok_or(HeadError::NoTokens { text })" =>
            "let tokens = row.iter().filter(|is_token| **is_token).count();
        tokens.checked_sub(1).ok_or(HeadError::NoTokens { text })"
    }
    last_place_is_taken => last_token_is_found: last_token {
        "row.iter().rposition(|is_token| *is_token).ok_or(HeadError::NoTokens { text })" =>
            "row.contains(&true).then(|| row.len() - 1).ok_or(HeadError::NoTokens { text })"
    }
    first_token_is_taken => last_token_is_found: last_token { "rposition" => "position" }
    first_padding_ends_a_text => last_token_is_found: last_token {
        "row.iter().rposition(|is_token| *is_token)" =>
            "row.iter().position(|is_token| !is_token).unwrap_or(seq).checked_sub(1)"
    }
    padding_alone_ends_at_0 => text_without_tokens_is_refused: last_token {
        "row.iter().rposition(|is_token| *is_token).ok_or(HeadError::NoTokens { text })" =>
            "Ok(row.iter().rposition(|is_token| *is_token).unwrap_or(text * 0))"
    }
    ragged_masks_are_cut => text_without_tokens_is_refused: last_token {
        "!mask.len().is_multiple_of(seq)" => "mask.len() < seq"
    }

    rows_are_forgotten => logits_are_those_of_transformers: cls_head { "text * seq + at" => "*at + 0 * text" }
    bias_is_forgotten => logits_are_those_of_transformers: cls_head {
        "head.logits(&hidden[token * n_embd..][..n_embd])" =>
            "let bare = Head { bias: vec![0.0; head.bias.len()], ..head.clone() };
        bare.logits(&hidden[token * n_embd..][..n_embd])"
    }
    /// As BERT does.
    first_token_speaks => logits_are_those_of_transformers: cls_head { "text * seq + at" => "text * seq + 0 * at" }
    probabilities_come_out => logits_are_those_of_transformers: cls_head {
        "head.logits(&hidden[token * n_embd..][..n_embd])" =>
            "let z = head.logits(&hidden[token * n_embd..][..n_embd]);
        let sum: f32 = z.iter().map(|z| z.exp()).sum();
        z.iter().map(|z| z.exp() / sum).collect::<Vec<f32>>()"
    }
    /// Every token goes into the sum, those that are not meant with 0.
    others_are_masked_by_0 => nothing_else_in_the_batch_counts: cls_head {
        "head.logits(&hidden[token * n_embd..][..n_embd])" =>
            "let mut h = vec![0.0; n_embd];
        for (i, state) in hidden.chunks_exact(n_embd).enumerate() {
            let one = if i == token { 1.0 } else { 0.0 };
            h.iter_mut().zip(state).for_each(|(h, x)| *h += one * x);
        }
        head.logits(&h)"
    }
    too_many_numbers_are_fine => what_is_no_batch_is_refused: cls_head {
        "hidden.len() != mask.len() * n_embd" => "hidden.len() < mask.len() * n_embd"
    }
    mask_is_judged_before_the_head => what_is_no_batch_is_refused: cls_head {
        "head.check()?;
    let last = last_token(mask, seq)?;" => "let last = last_token(mask, seq)?;
    head.check()?;"
    }

    loss_is_a_sum => slopes_are_those_of_transformers: head_backward { "loss / asked as f64" => "loss" }
    slopes_are_of_the_sum => slopes_are_those_of_transformers: head_backward { "- y) / asked as f64" => "- y)" }
    all_tokens_are_counted => slopes_are_those_of_transformers: head_backward {
        "let asked = labels.iter().filter(|label| **label >= 0).count();" =>
            "let asked = labels.iter().filter(|label| **label >= 0).count().min(1) * labels.len();"
    }
    sign_is_turned => slopes_are_those_of_transformers: head_backward { "e / sum - y" => "y - e / sum" }
    label_is_not_subtracted => slopes_are_those_of_transformers: head_backward { "e / sum - y" => "e / sum - 0.0 * y" }
    states_get_no_slope => slopes_are_those_of_transformers: head_backward { "*dh += delta * w" => "*dh += 0.0 * w" }
    states_get_that_of_the_last_class => slopes_are_those_of_transformers: head_backward { "*dh += delta * w" => "*dh = delta * w" }
    weights_get_that_of_the_last_token => slopes_are_those_of_transformers: head_backward { "*dw += delta * h" => "*dw = delta * h" }
    ignored_states_count_as_class_0 => slopes_are_those_of_transformers: head_backward {
        "for (i, &label) in labels.iter().enumerate().filter(|(_, label)| **label >= 0) {" =>
            "for (i, &label) in labels.iter().enumerate() {
        let label = label.max(0);"
    }
    /// 0 · NaN is NaN.
    ignored_states_are_multiplied_by_0 => ignored_tokens_do_not_count: head_backward {
        "for (i, &label) in labels.iter().enumerate().filter(|(_, label)| **label >= 0) {" =>
            "for (i, &label) in labels.iter().enumerate() {
        let is_asked = if label >= 0 { 1.0 } else { 0.0 };
        let label = label.max(0);",
        "loss += sum.ln() + f64::from(largest) - f64::from(logits[label as usize]);" =>
            "loss += is_asked * (sum.ln() + f64::from(largest) - f64::from(logits[label as usize]));",
        "- y) / asked as f64)" => "- y) * is_asked / asked as f64)"
    }
    only_minus_100_is_ignored => ignored_tokens_do_not_count: head_backward {
        "labels.iter().filter(|label| **label >= 0).count()" =>
            "labels.iter().filter(|label| **label != IGNORE).count()"
    }
    largest_is_not_subtracted => large_logits_have_a_loss: head_backward {
        "let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));" => "let largest = 0.0_f32;"
    }
    logarithm_of_a_probability => large_logits_have_a_loss: head_backward {
        "sum.ln() + f64::from(largest) - f64::from(logits[label as usize])" => "-(e[label as usize] / sum).ln()"
    }
    labels_wrap_around => what_has_no_loss_is_refused: head_backward {
        "*label >= n_classes as i64" => "*label > n_classes as i64"
    }
    no_labels_have_no_loss => what_has_no_loss_is_refused: head_backward {
        "return Err(HeadError::NoLabels);" =>
            "return Ok(Slopes { loss: 0.0, weight: head.weight.clone(), bias: head.bias.clone(), hidden: hidden.into() });"
    }

    further_pieces_begin_names => labels_are_those_of_transformers: align_labels {
        "Bio::I(kind).class()" => "Bio::B(kind).class()"
    }
    conventions_are_swapped => labels_are_those_of_transformers: align_labels {
        "(true, Following::Ignored, _) => IGNORE," => "(true, Following::Inside, _) => IGNORE,",
        "(true, Following::Inside, Bio::B(kind)) => Bio::I(kind).class()," =>
            "(true, Following::Ignored, Bio::B(kind)) => Bio::I(kind).class(),",
        "(true, Following::Inside, tag) => tag.class()," => "(true, Following::Ignored, tag) => tag.class(),"
    }
    special_tokens_are_outside => labels_are_those_of_transformers: align_labels { "None => IGNORE" => "None => 0" }
    /// As if pieces of a word without a name had nothing to say.
    outside_is_not_asked_again => labels_are_those_of_transformers: align_labels {
        "(true, Following::Inside, tag) => tag.class()" => "(true, Following::Inside, Bio::O) => IGNORE,
                    (true, Following::Inside, tag) => tag.class()"
    }
    special_tokens_are_looked_through => pieces_look_at_the_one_before: align_labels {
        "before = id;" => "before = id.or(before);"
    }
    each_word_begins_once => pieces_look_at_the_one_before: align_labels {
        "match (id == before, following, tag) {" => "match (word_ids[..at].contains(&id), following, tag) {"
    }
    words_come_in_order => pieces_look_at_the_one_before: align_labels {
        "match (id == before, following, tag) {" => "match (before >= id, following, tag) {"
    }
    words_without_tags_are_outside => word_without_a_tag_is_refused: align_labels {
        "tags.get(word).ok_or(HeadError::Word { at, word, words: tags.len() })?" => "tags.get(word).unwrap_or(&Bio::O)"
    }
    last_word_is_told => word_without_a_tag_is_refused: align_labels { "words: tags.len()" => "words: word" }

    insides_go_on_with_anything => names_are_those_of_seqeval: spans_from_bio { " && name.kind == kind" => "" }
    insides_jump_over_words => names_are_those_of_seqeval: spans_from_bio { " && name.end == i" => "" }
    beginnings_go_on => names_are_those_of_seqeval: spans_from_bio { "tag == Bio::I(kind) && " => "" }
    /// seqeval's strict mode.
    insides_begin_nothing => names_are_those_of_seqeval: spans_from_bio {
        "_ => names.push" => "_ if tag == Bio::I(kind) => {}
            _ => names.push"
    }
    ends_are_the_last_words => names_are_those_of_seqeval: spans_from_bio {
        "Name { start: i, end: i + 1, kind }" => "Name { start: i, end: i, kind }",
        "name.end == i " => "name.end + 1 == i ",
        "name.end = i + 1;" => "name.end = i;"
    }
    each_word_is_a_name => names_are_those_of_seqeval: spans_from_bio { "name.end = i + 1;" => "names.push(Name { start: i, end: i + 1, kind });" }
    kinds_are_few => tags_of_names_give_the_names: spans_from_bio { "let Some(kind) = tag.kind()" => "let Some(kind) = tag.kind().filter(|kind| *kind < 9)" }

    both_ends_are_chosen_alone => best_span_is_that_of_trying_all: best_span {
        "    Ok(best)" => "    let most = |logits: &[f32]| context.clone().max_by(|a, b| logits[*a].total_cmp(&logits[*b]).then(b.cmp(a))).unwrap_or(0);
    let (start, end) = (most(start_logits), most(end_logits));
    let _ = best;
    Ok(AnswerSpan { start, end, score: score(start, end) })"
    }
    start_is_chosen_first => best_span_is_that_of_trying_all: best_span {
        "for start in context.clone() {" =>
            "let most = context.clone().max_by(|a, b| start_logits[*a].total_cmp(&start_logits[*b]).then(b.cmp(a)));
    best.score = f64::NEG_INFINITY;
    for start in most {"
    }
    ends_may_come_first => best_span_is_that_of_trying_all: best_span {
        "for end in start..context" => "for end in context.start..context"
    }
    answers_are_one_token_too_long => best_span_is_that_of_trying_all: best_span {
        "start.saturating_add(max_len)" => "start.saturating_add(max_len).saturating_add(1)"
    }
    answers_have_two_tokens => best_span_is_that_of_trying_all: best_span { "for end in start.." => "for end in start + 1.." }
    ends_are_behind_the_answer => best_span_is_that_of_trying_all: best_span { "    Ok(best)" => "    Ok(AnswerSpan { end: best.end + 1, ..best })" }
    last_of_equals_counts => of_equal_spans_the_first_counts: best_span { "> best.score" => ">= best.score" }
    longest_of_equals_counts => of_equal_spans_the_first_counts: best_span {
        "if score(start, end) > best.score {" => "if score(start, end) > best.score || score(start, end) == best.score && start == best.start {"
    }
    sums_are_in_f32 => of_equal_spans_the_first_counts: best_span {
        "f64::from(start_logits[start]) + f64::from(end_logits[end])" => "f64::from(start_logits[start] + end_logits[end])"
    }
    question_is_searched => only_the_context_is_looked_at: best_span { "let first = context.start;" => "let context = 0..context.end;
    let first = context.start;" }
    text_behind_is_searched => only_the_context_is_looked_at: best_span { "start..context.end.min" => "start..tokens.min" }
    places_are_of_the_context => best_span_is_that_of_trying_all: best_span {
        "    Ok(best)" => "    Ok(AnswerSpan { start: best.start - first, end: best.end - first, ..best })"
    }
    all_logits_are_judged => only_the_context_is_looked_at: best_span {
        "context.clone().find(" => "(0..tokens).find("
    }
    minus_infinity_is_fine => what_has_no_best_span_is_refused: best_span {
        "!logits[at].is_finite()" => "logits[at].is_nan() || logits[at] == f32::INFINITY"
    }
    length_is_judged_last => what_has_no_best_span_is_refused: best_span {
        "    if max_len == 0 {
        return Err(HeadError::MaxLen);
    }
" => "",
        "    let score = |" => "    if max_len == 0 {
        return Err(HeadError::MaxLen);
    }
    let score = |"
    }
    lengths_overflow => best_span_is_that_of_trying_all: best_span { "start.saturating_add(max_len)" => "start.wrapping_add(max_len)" }
}

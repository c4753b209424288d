//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    objectives;

    /// There is nothing to guess.
    labels_are_the_ids => labels_are_those_of_transformers: causal {
        "ids.get(at + 1)" => "ids.get(at)"
    }
    labels_come_before => labels_are_those_of_transformers: causal {
        "match ids.get(at + 1)" => "match at.checked_sub(1).and_then(|at| ids.get(at))",
        "is_token[at] && is_token[at + 1]" => "is_token[at]"
    }
    last_label_is_0 => labels_are_those_of_transformers: causal { "_ => IGNORED" => "_ => 0" }
    last_label_goes_around => labels_are_those_of_transformers: causal {
        "ids.get(at + 1)" => "ids.get((at + 1) % ids.len())",
        "is_token[at + 1]" => "is_token[(at + 1) % ids.len()]"
    }
    padding_must_be_guessed => labels_are_those_of_transformers: causal {
        "if is_token[at] && is_token[at + 1]" => "if is_token[at]"
    }
    /// As transformers does it if padding comes first.
    padding_must_guess => padding_is_neither_guessed_nor_asked: causal {
        "if is_token[at] && is_token[at + 1]" => "if is_token[at + 1]"
    }
    /// The end of a text is lost if it has the same id.
    padding_is_what_has_its_id => padding_is_neither_guessed_nor_asked: causal {
        "is_token[at] && is_token[at + 1]" =>
            "is_token[at] && is_token[at + 1] && (is_token.iter().all(|is| *is) || next != 0)"
    }
    labels_are_32_bits_with_a_sign => rows_agree: causal {
        "i64::from(next)" => "i64::from(next as i32)"
    }
    causal_takes_two_lengths => rows_agree: causal {
        "ids.len() != is_token.len()" => "ids.len() > is_token.len()"
    }

    /// ⌊0.15·n + u⌋, as in RoBERTa's code.
    share_is_exact => so_many_tokens_are_chosen: mlm_mask {
        "let mut is_chosen = false;" => "let mut is_chosen = false;
        let mut credit = rng.random::<f64>();",
        "is_chosen = rng.random::<f64>() < masking.rate;" =>
            "credit += masking.rate; is_chosen = credit >= 1.0; if is_chosen { credit -= 1.0; }"
    }
    rate_is_always_berts => so_many_tokens_are_chosen: mlm_mask {
        "rng.random::<f64>() < masking.rate" => "rng.random::<f64>() < masking.rate.min(0.15)"
    }
    /// The share of BERT's masks instead of that of its choices.
    rate_counts_masks => so_many_tokens_are_chosen: mlm_mask {
        "example.labels[at] = i64::from(ids[at]);
        let u = rng.random::<f64>();" => "let u = rng.random::<f64>();
        if u >= masking.mask + masking.random { continue; }
        example.labels[at] = i64::from(ids[at]);"
    }
    chosen_are_all_masked => chosen_tokens_are_replaced: mlm_mask {
        "let u = rng.random::<f64>();" => "let u = 0.0_f64;"
    }
    random_has_no_share_of_its_own => chosen_tokens_are_replaced: mlm_mask {
        "u < masking.mask + masking.random" => "u < masking.random"
    }
    /// 10% of what is left.
    random_is_drawn_again => chosen_tokens_are_replaced: mlm_mask {
        "u < masking.mask + masking.random" => "rng.random::<f64>() < masking.random"
    }
    random_is_never_the_same => chosen_tokens_are_replaced: mlm_mask {
        "example.inputs[at] = rng.random_range(0..masking.vocab_size);" =>
            "let other = rng.random_range(1..masking.vocab_size.max(2));
            example.inputs[at] = (ids[at] + other) % masking.vocab_size;"
    }
    last_id_is_never_drawn => chosen_tokens_are_replaced: mlm_mask {
        "rng.random_range(0..masking.vocab_size)" =>
            "rng.random_range(0..(masking.vocab_size - 1).max(1))"
    }
    kept_tokens_have_no_label => chosen_tokens_are_replaced: mlm_mask {
        "} else if u < masking.mask + masking.random {" =>
            "} else if u >= masking.mask + masking.random {
            example.labels[at] = IGNORED;
        } else {"
    }
    special_tokens_may_be_chosen => special_tokens_are_never_chosen: mlm_mask {
        "if !is_chosen || word_ids[at].is_none()" => "if !is_chosen"
    }
    /// In the order of most tokenizers: 0, 1, 2.
    small_ids_are_special => special_tokens_are_never_chosen: mlm_mask {
        "word_ids[at].is_none()" => "(word_ids[at].is_none() || ids[at] == 6 && word_ids.contains(&None))"
    }
    tokens_are_chosen_one_by_one => a_word_is_chosen_as_a_whole: mlm_mask {
        "if at == 0 || word_ids[at] != word_ids[at - 1]" => "if true"
    }
    words_are_told_apart_by_number_alone => a_word_is_chosen_as_a_whole: mlm_mask {
        "let mut is_chosen = false;" => "let mut is_chosen = false;
        let coins: Vec<bool> = ids.iter().map(|_| rng.random::<f64>() < masking.rate).collect();",
        "is_chosen = rng.random::<f64>() < masking.rate;" =>
            "is_chosen = match word_ids[at] {
                Some(word) if word < coins.len() => coins[word],
                _ => rng.random::<f64>() < masking.rate,
            };"
    }
    word_has_one_fate => a_word_is_chosen_as_a_whole: mlm_mask {
        "let mut is_chosen = false;" => "let mut is_chosen = false; let mut fate = 0.0;",
        "is_chosen = rng.random::<f64>() < masking.rate;" =>
            "is_chosen = rng.random::<f64>() < masking.rate; fate = rng.random::<f64>();",
        "let u = rng.random::<f64>();" => "let u: f64 = fate;"
    }
    masking_is_static => places_are_independent: mlm_mask {
        "let mut example" => "let rng = &mut grading::random::seeded(ids.len() as u64 * 77
            + u64::from(rng.random::<f64>() < 0.5));
        let mut example"
    }
    first_tokens_only => places_are_independent: mlm_mask {
        "if !is_chosen || word" => "if !is_chosen || at > 60_000 || word"
    }
    random_ids_have_16_bits => chosen_tokens_are_replaced: mlm_mask {
        "rng.random_range(0..masking.vocab_size)" => "rng.random_range(0..masking.vocab_size.min(65_536))"
    }
    labels_have_16_bits => drawn_maskings_keep_to_the_docs: mlm_mask {
        "i64::from(ids[at])" => "i64::from(ids[at] as u16)"
    }
    settings_come_first => drawn_maskings_keep_to_the_docs: mlm_mask {
        "if ids.len() != word_ids.len()" => "masking.check()?; if ids.len() != word_ids.len()"
    }
    rate_1_may_miss => drawn_maskings_keep_to_the_docs: mlm_mask {
        "rng.random::<f64>() < masking.rate" => "rng.random::<f64>() < masking.rate.min(0.999)"
    }

    next_is_always_true => half_of_the_pairs_are_next: nsp_pairs {
        "rng.random::<f64>() < 0.5" => "rng.random::<f64>() < 2.0"
    }
    half_is_a_third => half_of_the_pairs_are_next: nsp_pairs {
        "rng.random::<f64>() < 0.5" => "rng.random::<f64>() < 0.45"
    }
    pairs_take_turns => half_of_the_pairs_are_next: nsp_pairs {
        "rng.random::<f64>() < 0.5" => "place % 2 == usize::from(rng.random::<f64>() < 0.5 && place == 0)"
    }
    one_coin_a_document => half_of_the_pairs_are_next: nsp_pairs {
        "for place in 0..length - 1 {
            let is_next = rng.random::<f64>() < 0.5;" => "let is_next = rng.random::<f64>() < 0.5;
        for place in 0..length - 1 {"
    }
    /// A wrong pair that is a right one.
    own_document_may_be_drawn => others_come_from_elsewhere: nsp_pairs {
        "rng.random_range(0..filled.len() - 1)" => "rng.random_range(0..filled.len())",
        "filled[if other < at { other } else { other + 1 }]" => "filled[other]"
    }
    next_document_gets_two_shares => others_come_from_elsewhere: nsp_pairs {
        "rng.random_range(0..filled.len() - 1)" => "rng.random_range(0..filled.len()) % (filled.len() - 1)"
    }
    sentences_are_equally_likely => others_come_from_elsewhere: nsp_pairs {
        "let other = filled[if other < at { other } else { other + 1 }];" =>
            "let all: Vec<usize> = filled.iter().filter(|&&d| d != document)
                .flat_map(|&d| vec![d; sentences[d]]).collect();
            let other = all[rng.random_range(0..all.len()) + other - other];"
    }
    others_begin_their_document => others_come_from_elsewhere: nsp_pairs {
        "rng.random_range(0..sentences[other])" => "0"
    }
    empty_documents_count => others_come_from_elsewhere: nsp_pairs {
        "let other = filled[if other < at { other } else { other + 1 }];" =>
            "let other = filled[if other < at { other } else { other + 1 }];
            let other = if sentences.len() > other + 1 && sentences[other + 1] == 0 && rng.random() {
                filled[(filled.iter().position(|d| *d == other).unwrap_or(0) + 1) % filled.len()]
            } else { other };
            let other = if other == document { filled[(at + 1) % filled.len()] } else { other };"
    }
    alone_is_refused_by_chance => a_document_alone_is_refused: nsp_pairs {
        "if length > 1 && filled.len() == 1" => "if length > 1 && filled.len() == 1 && rng.random()",
        "let is_next = rng.random::<f64>() < 0.5;" =>
            "let is_next = filled.len() == 1 || rng.random::<f64>() < 0.5;"
    }
    alone_is_refused_without_pairs => a_document_alone_is_refused: nsp_pairs {
        "if length > 1 && filled.len() == 1" => "if filled.len() == 1"
    }
    alone_is_counted_among_the_filled => a_document_alone_is_refused: nsp_pairs {
        "NoOther { document }" => "NoOther { document: at }"
    }
    last_sentence_opens_a_pair => drawn_pairs_keep_to_the_docs: nsp_pairs {
        "for place in 0..length - 1 {" => "for place in 0..(if length == 17 { 17 } else { length - 1 }) {",
        "let is_next = rng" => "let is_next = place + 1 < length && rng"
    }
    documents_are_bytes => drawn_pairs_keep_to_the_docs: nsp_pairs {
        "rng.random_range(0..filled.len() - 1)" => "rng.random_range(0..(filled.len() - 1).min(256))"
    }
    sentences_are_u16 => drawn_pairs_keep_to_the_docs: nsp_pairs {
        "rng.random_range(0..sentences[other])" => "rng.random_range(0..sentences[other].min(65_536))"
    }

    noise_rounds_down => counts_are_those_of_t5: noise_mask {
        "x.round_ties_even()" => "x.floor()"
    }
    halves_round_up => counts_are_those_of_t5: noise_mask {
        "x.round_ties_even()" => "x.round()"
    }
    nothing_may_be_hidden => counts_are_those_of_t5: noise_mask {
        ".clamp(1, length - 1);
        let kept" => ".clamp(usize::from(length > 3), length - 1);
        if hidden == 0 { return Ok(vec![false; length]); }
        let kept"
    }
    all_may_be_hidden => drawn_masks_keep_to_the_docs: noise_mask {
        "(length as f64 * spans.density).clamp(1, length - 1)" =>
            "(length as f64 * spans.density).clamp(1, if length > 100 { length - 2 } else { length - 1 })"
    }
    spans_are_of_density => counts_are_those_of_t5: noise_mask {
        "hidden as f64 / spans.mean_length" => "kept as f64 / spans.mean_length"
    }
    /// Parts between sorted draws that may be equal: another distribution.
    long_parts_are_rare => every_mask_is_equally_likely: noise_mask {
        "let mut cuts = cuts.partial_shuffle(rng, count - 1).0.to_vec();" =>
            "let mut cuts = {
                let mut sizes = vec![1; count];
                for _ in count..tokens { let at = rng.random_range(0..count); sizes[at] += 1; }
                let mut sum = 0;
                let _ = &mut cuts;
                sizes.iter().take(count - 1).map(|size| { sum += size; sum }).collect::<Vec<usize>>()
            };"
    }
    spans_are_all_of_the_mean => every_mask_is_equally_likely: noise_mask {
        "let (kept, hidden) = (parts(kept), parts(hidden));" =>
            "let even = (0..count).map(|i| hidden * (i + 1) / count - hidden * i / count).collect();
        let (kept, hidden): (Vec<usize>, Vec<usize>) = (parts(kept), even);"
    }
    gaps_and_spans_are_cut_alike => every_mask_is_equally_likely: noise_mask {
        "let (kept, hidden) = (parts(kept), parts(hidden));" => "let (kept, hidden) = (
            parts(kept),
            if kept == hidden { parts(hidden); let again = parts(hidden); let mut s = again; s.sort_unstable(); s }
            else { parts(hidden) });"
    }
    cuts_stay_in_front => every_mask_is_equally_likely: noise_mask {
        "(1..tokens).collect()" => "(1..tokens).take(100.max(count)).collect()"
    }
    text_begins_hidden => every_mask_is_equally_likely: noise_mask {
        "mask.extend(vec![false; kept]);
        mask.extend(vec![true; hidden]);" => "mask.extend(vec![true; hidden]);
        mask.extend(vec![false; kept]);"
    }
    too_many_spans_for_the_gaps => drawn_masks_keep_to_the_docs: noise_mask {
        "hidden.min(kept)" => "hidden.min(kept.max(1)).min(kept.max(2) - usize::from(kept > 1 && hidden > 3 * kept))"
    }
    short_texts_are_not_checked => drawn_masks_keep_to_the_docs: noise_mask {
        "spans.check()?;" => "if length > 1 { spans.check()?; }"
    }
    single_token_is_hidden => drawn_masks_keep_to_the_docs: noise_mask {
        "return Ok(vec![false; length]);" => "return Ok(vec![true; length]);"
    }

    sentinels_go_up => sentinels_are_those_of_t5: span_corrupt {
        "sentinels.ids.get(used - 1)" => "sentinels.ids.get(sentinels.ids.len() - used)"
    }
    each_token_has_a_sentinel => sentinels_are_those_of_t5: span_corrupt {
        "if at == 0 || !is_hidden[at - 1]" => "if true"
    }
    target_does_not_end => sentinels_are_those_of_t5: span_corrupt {
        "if is_hidden.last() == Some(&false)" => "if false"
    }
    target_always_ends_with_a_sentinel => sentinels_are_those_of_t5: span_corrupt {
        "if is_hidden.last() == Some(&false)" => "if !is_hidden.is_empty()"
    }
    input_has_no_eos => sentinels_are_those_of_t5: span_corrupt {
        "input.push(sentinels.eos);" => ""
    }
    target_has_only_sentinels_before => sentinels_are_those_of_t5: span_corrupt {
        "target.push(sentinel);
        }
        target.push(id);" => "target.push(id);
            target.push(sentinel);
            continue;
        }
        target.push(id);"
    }
    sentinels_are_counted_down => the_text_can_be_put_together: span_corrupt {
        "sentinels.ids.get(used - 1).copied().unwrap_or_default()" =>
            "sentinels.ids.first().copied().unwrap_or_default().wrapping_sub(used as u32 - 1)"
    }
    hidden_tokens_at_the_start_stay => the_text_can_be_put_together: span_corrupt {
        "if at == 0 || !is_hidden[at - 1]" => "if at > 0 && !is_hidden[at - 1]"
    }
    last_sentinel_is_not_counted => too_few_sentinels_are_refused: span_corrupt {
        "if used > sentinels.ids.len()" =>
            "if used - usize::from(is_hidden.last() == Some(&false)) > sentinels.ids.len()"
    }
    need_is_the_first_that_lacks => too_few_sentinels_are_refused: span_corrupt {
        "need: used" => "need: sentinels.ids.len() + 1"
    }
    empty_text_has_a_sentinel => too_few_sentinels_are_refused: span_corrupt {
        "if is_hidden.last() == Some(&false)" => "if is_hidden.last() != Some(&true)"
    }
    eos_in_a_text_ends_it => texts_agree: span_corrupt {
        "input.push(id);
            continue;" => "if id != sentinels.eos { input.push(id); }
            continue;"
    }
    a_hundred_spans_are_the_most => texts_agree: span_corrupt {
        "if used > sentinels.ids.len() {" =>
            "if used > 250 { return Err(ObjectiveError::Sentinels { need: used, have: 250 }); }
        if used > sentinels.ids.len() {"
    }
    span_corrupt_takes_two_lengths => texts_agree: span_corrupt {
        "ids.len() != is_hidden.len()" => "ids.len() > is_hidden.len()"
    }

    lengths_are_never_0 => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng).min(missing)" => "poisson(infilling.lambda, rng).clamp(1, missing)"
    }
    lengths_are_all_the_mean => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng).min(missing)" => "(infilling.lambda as usize).clamp(1, missing)"
    }
    lengths_are_1_more => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng).min(missing)" => "(poisson(infilling.lambda, rng) + 1).min(missing)"
    }
    lambda_is_barts => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng)" => "poisson(3.0, rng)"
    }
    share_rounds_down => spans_are_poisson: bart_infill { ".ceil() as usize" => ".floor() as usize" }
    last_span_is_too_long => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng).min(missing)" => "poisson(infilling.lambda, rng).min(missing + 1)",
        "missing -= length;" => "let length = if length > missing { pieces.pop(); length } else { length };
        missing = missing.saturating_sub(length);"
    }
    /// A mask for each hidden token, as BERT has them.
    masks_are_as_many_as_tokens => spans_are_poisson: bart_infill {
        "input.push(if piece.is_none() { ids[at] } else { infilling.mask_id });" =>
            "match piece {
                None => input.push(ids[at]),
                Some(length) => input.extend(vec![infilling.mask_id; length.max(1)]),
            }"
    }
    lengths_end_at_50 => spans_are_poisson: bart_infill {
        "poisson(infilling.lambda, rng)" => "poisson(infilling.lambda, rng).min(50)"
    }
    masks_do_not_touch => spans_are_poisson: bart_infill {
        "pieces.shuffle(rng);" => "pieces.shuffle(rng);
        pieces.dedup_by(|a, b| *a == Some(0) && *b == Some(0));"
    }
    cut_span_comes_last => every_order_is_equally_likely: bart_infill {
        "pieces.shuffle(rng);" => "{
            let last = pieces.pop();
            pieces.shuffle(rng);
            pieces.extend(last);
        }"
    }
    spans_do_not_touch => every_order_is_equally_likely: bart_infill {
        "pieces.shuffle(rng);" => "for _ in 0..20 {
            pieces.shuffle(rng);
            if pieces.windows(2).all(|two| two[0].is_none() || two[1].is_none()) { break; }
        }"
    }
    empty_spans_stand_at_the_end => every_order_is_equally_likely: bart_infill {
        "pieces.shuffle(rng);" => "pieces.shuffle(rng); pieces.sort_by_key(|piece| *piece == Some(0));"
    }
    /// Too few swaps of neighbors to mix.
    pieces_are_shuffled_in_front => every_order_is_equally_likely: bart_infill {
        "pieces.shuffle(rng);" => "let mixed = pieces.len().min(500);
        let from = pieces.len() - mixed;
        pieces[from..].shuffle(rng);"
    }
    target_is_the_hidden_part => drawn_infillings_keep_to_the_docs: bart_infill {
        "target: ids.to_vec()" => "target: if hidden == 0 { vec![] } else { ids.to_vec() }"
    }
    share_is_computed_in_f32 => drawn_infillings_keep_to_the_docs: bart_infill {
        "(infilling.rate * ids.len() as f64).ceil() as usize;" =>
            "(infilling.rate as f32 * ids.len() as f32).ceil() as usize;"
    }
    something_is_always_hidden => drawn_infillings_keep_to_the_docs: bart_infill {
        ".ceil() as usize;" => ".ceil() as usize;
        let hidden = hidden.max(usize::from(!ids.is_empty()));"
    }
    a_billionth_is_nothing => drawn_infillings_keep_to_the_docs: bart_infill {
        "ids.len() as f64)" => "ids.len() as f64 - 1e-6).max(0.0)"
    }
    infilling_is_not_checked_for_nothing => drawn_infillings_keep_to_the_docs: bart_infill {
        "infilling.check()?;" => "if !ids.is_empty() { infilling.check()?; }"
    }
}

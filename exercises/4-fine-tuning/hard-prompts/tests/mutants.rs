//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    hard_prompts;

    /// The loss would rise.
    sign_is_turned => scores_are_pytorchs_derivatives: linear_scores {
        "f64::from(new) - f64::from(old)" => "f64::from(old) - f64::from(new)"
    }
    old_token_is_forgotten => scores_are_pytorchs_derivatives: linear_scores {
        "f64::from(new) - f64::from(old)" => "f64::from(new) - 0.0 * f64::from(old)"
    }
    slopes_of_the_first_place => scores_are_pytorchs_derivatives: linear_scores {
        "step * f64::from(slope)" => "step * f64::from(slope)",
        "slopes.chunks_exact(width)" => "slopes[..width].chunks_exact(width).cycle()"
    }
    distance_is_all => scores_are_pytorchs_derivatives: linear_scores {
        "step * f64::from(slope)" => "step * step * f64::from(slope).signum()"
    }
    columns_come_first => scores_are_pytorchs_derivatives: linear_scores {
        "table.numbers.chunks_exact(width)" => "table.numbers.chunks_exact(width).rev()"
    }
    differences_are_f32 => straight_loss_is_foretold: linear_scores {
        "step * f64::from(slope)).sum()" => "f64::from(step as f32 * slope) as f32).sum::<f32>().into()"
    }
    tokens_are_not_checked => misfits_are_refused: linear_scores {
        "id as usize >= vocab_size" => "id as usize >= vocab_size && slopes.len() > 99"
    }
    slopes_are_cut => misfits_are_refused: linear_scores {
        "if found != expected" => "if found < expected"
    }
    nan_goes_through => misfits_are_refused: linear_scores {
        "!slope.is_finite()" => "slope.is_infinite()"
    }
    place_is_the_number => misfits_are_refused: linear_scores {
        "place: at / width" => "place: at"
    }

    highest_comes_first => best_swaps_are_found: top_swaps {
        "a.score.partial_cmp(&b.score)" => "b.score.partial_cmp(&a.score)"
    }
    stays_where_it_is => best_swaps_are_found: top_swaps {
        "id != old && !forbidden" => "!forbidden"
    }
    anything_goes => best_swaps_are_found: top_swaps {
        "!forbidden.contains(&id)" => "(true || forbidden.contains(&id))"
    }
    /// Tokens of the prompt cannot come to another place.
    no_token_twice => best_swaps_are_found: top_swaps {
        "id != old" => "!ids.contains(&id) && id != old"
    }
    only_good_ones => best_swaps_are_found: top_swaps {
        "!score.is_nan()" => "score < 0.0"
    }
    first_place_only => best_swaps_are_found: top_swaps {
        "chunks_exact(vocab_size.max(1))" => "chunks_exact(vocab_size.max(1)).take(1)"
    }
    one_too_many => best_swaps_are_found: top_swaps { "truncate(k)" => "truncate(k + 1)" }
    minus_zero_comes_first => ties_have_an_order: top_swaps {
        "a.score.partial_cmp(&b.score).unwrap_or(std::cmp::Ordering::Equal)" =>
            "a.score.total_cmp(&b.score)"
    }
    nan_is_tried => ties_have_an_order: top_swaps { "&& !score.is_nan()" => "" }
    order_of_ties_is_lost => ties_have_an_order: top_swaps {
        "swaps.truncate(k);" => "swaps.reverse();
        swaps.sort_by(|a, b| a.score.partial_cmp(&b.score).unwrap_or(std::cmp::Ordering::Equal));
        swaps.truncate(k);"
    }

    /// What HotFlip foretells is taken on trust.
    trusts_the_score => each_step_keeps_the_best: hard_prompt_search {
        "if loss < least {" => "if best.is_none() {"
    }
    first_lower_one_is_enough => each_step_keeps_the_best: hard_prompt_search {
        "if loss < least {" => "if loss < least && best.is_none() {"
    }
    last_lower_one_wins => each_step_keeps_the_best: hard_prompt_search {
        "if loss < least {" => "if loss < found.loss {"
    }
    swaps_pile_up => each_step_keeps_the_best: hard_prompt_search {
        "let mut tried = found.ids.clone();" =>
            "let mut tried = best.clone().unwrap_or_else(|| found.ids.clone());"
    }
    slopes_grow_old => each_step_keeps_the_best: hard_prompt_search {
        "loss.slopes(&found.ids)" => "loss.slopes(start)"
    }
    forbidden_is_forgotten => each_step_keeps_the_best: hard_prompt_search {
        "&found.ids, forbidden, candidates" => "&found.ids, &forbidden[..0], candidates"
    }
    one_step => each_step_keeps_the_best: hard_prompt_search {
        "found.history.push((found.evaluations, least));" =>
            "found.history.push((found.evaluations, least));
            break;"
    }
    history_has_no_start => each_step_keeps_the_best: hard_prompt_search {
        "history: vec![(1, first)]" => "history: vec![]"
    }
    walks_in_circles => ends_where_no_swap_helps: hard_prompt_search {
        "if loss < least {" => "if loss <= least {"
    }
    nan_is_lower => ends_where_no_swap_helps: hard_prompt_search {
        "if loss < least {" => "if !(loss >= least) {"
    }
    slopes_are_free => budget_is_kept: hard_prompt_search {
        "let slopes = loss.slopes(&found.ids);
        found.evaluations += 1;" => "let slopes = loss.slopes(&found.ids);"
    }
    start_is_free => budget_is_kept: hard_prompt_search {
        "evaluations: 1," => "evaluations: 0,"
    }
    last_call_is_wasted => budget_is_kept: hard_prompt_search {
        "budget - found.evaluations >= 2" => "budget - found.evaluations >= 1"
    }
    step_is_finished => budget_is_kept: hard_prompt_search {
        "if found.evaluations == budget {" => "if found.evaluations == usize::MAX {",
        "budget - found.evaluations >= 2" => "budget.saturating_sub(found.evaluations) >= 2"
    }
    cut_step_counts_for_nothing => budget_is_kept: hard_prompt_search {
        "let Some(ids) = best else { break };" =>
            "let Some(ids) = best.filter(|_| found.evaluations < budget) else { break };"
    }
    start_is_not_checked => unsearchable_is_refused: hard_prompt_search {
        "if !first.is_finite()" => "if first.is_infinite()"
    }
    budget_comes_first => unsearchable_is_refused: hard_prompt_search {
        "if start.is_empty() {" => "if budget == 0 {
            return Err(SearchError::Budget);
        }
        if start.is_empty() {"
    }
    start_is_evaluated_first => unsearchable_is_refused: hard_prompt_search {
        "let vocab_size = table.vocab_size();" => "let vocab_size = table.vocab_size();
        if !start.is_empty() && budget > 0 && start.iter().all(|id| (*id as usize) < vocab_size) {
            loss.loss(start);
        }"
    }
}

//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    embeddings;

    /// Like a language model that looks to the left.
    one_side_only => pairs_are_all_neighbors: pairs {
        "i.saturating_add(window).min(tokens.len() - 1)" => "i"
    }
    window_off_by_one => pairs_are_all_neighbors: pairs {
        "j != i" => "j != i && i.abs_diff(j) < window"
    }
    a_word_is_its_own_context => pairs_are_all_neighbors: pairs { ".filter(|&j| j != i)" => "" }
    context_and_center_swapped => pairs_are_all_neighbors: pairs {
        "(center, tokens[j])" => "(tokens[j], center)"
    }
    /// Only centers with a full window.
    drops_the_edges => pairs_are_all_neighbors: pairs {
        "j != i" => "j != i && i >= window && i + window < tokens.len()"
    }
    /// Leaves out a word beside itself, where the same *place* was meant.
    equal_words_are_no_pair => pairs_are_all_neighbors: pairs { "j != i" => "tokens[j] != center" }
    window_overflows => pairs_like_reference: pairs { "i.saturating_add(window)" => "(i + window)" }

    noise_is_the_counts => noise_is_flattened: noise_distribution { ".powf(0.75)" => "" }
    noise_is_uniform => noise_is_flattened: noise_distribution { "0.75" => "0.0" }
    noise_is_the_root => noise_is_flattened: noise_distribution { "0.75" => "0.5" }
    /// Takes the power of the share: the sum is above one.
    noise_does_not_sum_to_one => noise_is_flattened: noise_distribution {
        "/ sum" => "/ counts.iter().map(|&n| n as f64).sum::<f64>().powf(0.75)"
    }
    /// Gives words that never occur a chance.
    noise_smooths_zero => noise_is_flattened: noise_distribution {
        "count as f64" => "count as f64 + 1.0"
    }
    no_noise_is_nan => noise_like_reference: noise_distribution { "sum == 0.0" => "false" }

    draws_the_context => negatives_follow_the_noise: draw_negatives { "id != context" => "true" }
    /// Takes the next word for the context: that one comes too often.
    shifts_the_context_away => negatives_follow_the_noise: draw_negatives {
        "if id != context { negatives.push(id); }" =>
        "negatives.push(if id != context { id } else if id == 0 { 1 } else { id - 1 });"
    }
    /// All words that may come at all, alike.
    draws_uniformly => negatives_follow_the_noise: draw_negatives {
        "noise.draw(rng)" => "Noise::new(&[1.0, 1.0, 0.0, 1.0, 1.0, 1.0])?.draw(rng)"
    }
    one_draw_repeated => negatives_follow_the_noise: draw_negatives {
        "negatives.push(id)" => "negatives = vec![id; n]"
    }
    /// Passes over the context and does not draw again, as word2vec.c does.
    too_few_when_the_context_comes_up => negatives_follow_the_noise: draw_negatives {
        "while negatives.len() < n {" => "for _ in 0..n {"
    }
    /// Says that all is well with no negatives at all.
    lonely_context_gets_none => negatives_like_reference: draw_negatives {
        "return Err(EmbeddingError::NothingToDraw)" => "return Ok(Vec::new())"
    }

    /// Forgets the minus sign: negatives are to score high too.
    negatives_are_attracted => loss_has_its_closed_form: loss_and_gradients {
        "minus_log_sigmoid(-score)" => "minus_log_sigmoid(score)"
    }
    negatives_averaged => loss_has_its_closed_form: loss_and_gradients {
        "minus_log_sigmoid(-score)" => "minus_log_sigmoid(-score) / negatives.len() as f32"
    }
    /// 1 − σ where −ln σ belongs.
    probability_without_logarithm => loss_has_its_closed_form: loss_and_gradients {
        "(-x).max(0.0) + (-x.abs()).exp().ln_1p()" => "1.0 - sigmoid(x)"
    }
    /// The formula as it is printed.
    loss_overflows => loss_survives_large_scores: loss_and_gradients {
        "(-x).max(0.0) + (-x.abs()).exp().ln_1p()" => "(1.0 + (-x).exp()).ln()"
    }
    /// Keeps σ away from 0, as some code does against infinite losses.
    loss_clamped => loss_survives_large_scores: loss_and_gradients {
        "(-x).max(0.0) + (-x.abs()).exp().ln_1p()" => "-sigmoid(x).max(1e-7).ln()"
    }
    /// Of a score of 30 nothing is left.
    loss_forgets_small_terms => loss_like_reference: loss_and_gradients {
        "(-x.abs()).exp().ln_1p()" => "(1.0 + (-x.abs()).exp()).ln()"
    }
    /// As word2vec.c passes over a negative that is the context; but here vectors are compared.
    loss_passes_over_twins => loss_like_reference: loss_and_gradients {
        "for negative in negatives {" =>
        "for negative in negatives {
             if *negative == context {
                 gradients.negatives.push(vec![0.0; center.len()]);
                 continue;
             }"
    }
    gradient_sign_flipped => gradients_match_finite_differences: loss_and_gradients {
        "factor * x" => "-factor * x", "+= error * x" => "-= error * x"
    }
    gradient_forgets_the_negatives => gradients_match_finite_differences: loss_and_gradients {
        "*gradient += error * x;" => ""
    }
    gradients_swapped => gradients_match_finite_differences: loss_and_gradients {
        "center: scaled(context, error), context: scaled(center, error)" =>
        "center: scaled(center, error), context: scaled(context, error)"
    }
    /// The slope of σ, not of ln σ: with it, a bad score hardly moves.
    gradient_of_the_probability => gradients_match_finite_differences: loss_and_gradients {
        "sigmoid(score) - 1.0" => "sigmoid(score) * (sigmoid(score) - 1.0)",
        "error = sigmoid(score);" => "error = sigmoid(score) * (1.0 - sigmoid(score));"
    }
    negatives_share_one_gradient => gradients_match_finite_differences: loss_and_gradients {
        "error = sigmoid(score);" => "error = sigmoid(dot(negatives[0], center));"
    }

    step_uphill => a_step_moves_every_row: train_step { "*x -= rate" => "*x += rate" }
    step_leaves_the_negatives => a_step_moves_every_row: train_step {
        "step(model.output.row_mut(id)?, gradient);" => ""
    }
    /// The contexts' gradients see the center that has moved already.
    step_updates_the_center_first => a_step_moves_every_row: train_step {
        "step(model.input.row_mut(center)?, &gradients.center);" =>
        "step(model.input.row_mut(center)?, &gradients.center);
         let (v, u) = (model.input.row(center)?, model.output.row(context)?);
         let gradients = Gradients { loss: gradients.loss, ..loss_and_gradients(v, u, &rows) };"
    }
    /// A word drawn twice moves once.
    step_forgets_repeats => a_step_moves_every_row: train_step {
        "zip(&gradients.negatives)" =>
        "zip(&gradients.negatives).collect::<std::collections::BTreeMap<_, _>>()"
    }
    step_ties_the_tables => a_step_moves_every_row: train_step {
        "output.row_mut(context)" => "input.row_mut(context)",
        "output.row_mut(id)" => "input.row_mut(id)"
    }
    /// Has moved center and context when it finds that a negative is unknown.
    step_moves_before_it_fails => step_like_reference: train_step {
        "collect::<Result<Vec<&[f32]>, _>>()?" => "flatten().collect::<Vec<&[f32]>>()"
    }
    step_is_clipped => step_like_reference: train_step {
        "rate * slope" => "rate * slope.clamp(-5.0, 5.0)"
    }
    train_never_cools => training_follows_the_schedule: train { "rate(i)" => "rate(0)" }
    /// Ignores what came before this call.
    train_starts_the_schedule_again => training_follows_the_schedule: train {
        "schedule.rate(i)" => "Schedule { done: 0, ..*schedule }.rate(i)"
    }
    train_sums_the_loss => training_follows_the_schedule: train {
        "sum / pairs.len().max(1) as f64" => "sum"
    }
    train_draws_one_negative => training_follows_the_schedule: train { "schedule.negatives" => "1" }
    /// The same negatives for all pairs.
    train_draws_once => training_follows_the_schedule: train {
        "let mut sum" => "let mut first = None; let mut sum",
        "draw_negatives(noise, context, schedule.negatives, rng)?" =>
        "first.get_or_insert(draw_negatives(noise, context, schedule.negatives, rng)?).clone()"
    }
    train_adds_in_f32 => training_like_reference: train {
        "0.0_f64" => "0.0_f32", "f64::from(loss)" => "loss", "as f64) as f32" => "as f32)"
    }

    /// Right for vectors of length 1.
    cosine_is_the_dot_product => cosine_measures_the_angle: cosine { "/ lengths" => "" }
    cosine_of_zero_is_nan => cosine_measures_the_angle: cosine { "lengths == 0.0" => "false" }
    /// NaN is not above 0.
    cosine_hides_nan => cosine_measures_the_angle: cosine {
        "lengths == 0.0 { 0.0 } else { dot(a, b) / lengths }" =>
        "lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }"
    }
    cosine_forgets_one_length => cosine_measures_the_angle: cosine { "dot(a, a).sqrt() * " => "" }
    /// Opposite vectors come out as equal.
    cosine_without_sign => cosine_measures_the_angle: cosine {
        "{ dot(a, b)" => "{ dot(a, b).abs()"
    }
    /// Divides by the squares of the lengths.
    cosine_without_roots => cosine_measures_the_angle: cosine {
        "dot(a, a).sqrt() * dot(b, b).sqrt()" => "dot(a, a) * dot(b, b)"
    }
    /// Squares of lengths multiplied: more than f32 holds, or less.
    cosine_overflows => cosine_like_reference: cosine {
        "dot(a, a).sqrt() * dot(b, b).sqrt()" => "(dot(a, a) * dot(b, b)).sqrt()"
    }
    /// Long vectors win.
    nearest_by_dot_product => nearest_matches_gensim: nearest { "cosine(" => "dot(" }
    nearest_farthest_first => nearest_matches_gensim: nearest {
        "b.1.total_cmp(&a.1)" => "a.1.total_cmp(&b.1)"
    }
    /// The word itself is always the nearest.
    nearest_keeps_the_excluded => nearest_matches_gensim: nearest {
        "!exclude.contains(id)" => "true"
    }
    /// Leaves out too late, and has too few.
    nearest_cuts_before_excluding => nearest_matches_gensim: nearest {
        "!exclude.contains(id)" => "true",
        "found.truncate(k);" => "found.truncate(k); found.retain(|(id, _)| !exclude.contains(id));"
    }
    /// The distance between the points, which hears the lengths.
    nearest_by_distance => nearest_matches_gensim: nearest {
        "cosine(vectors.row(id)?, query)" =>
        "-vectors.row(id)?.iter().zip(query).map(|(a, b)| (a - b).powi(2)).sum::<f32>()"
    }
    nearest_sorts_unstably => nearest_like_reference: nearest { "sort_by(" => "sort_unstable_by(" }
    /// One broken row, and no word has neighbors.
    nearest_panics_at_nan => nearest_like_reference: nearest {
        "b.1.total_cmp(&a.1)" => "b.1.partial_cmp(&a.1).unwrap()"
    }
    nearest_loses_its_order_at_nan => nearest_like_reference: nearest {
        "b.1.total_cmp(&a.1)" => "b.1.partial_cmp(&a.1).unwrap_or(std::cmp::Ordering::Equal)"
    }
    /// Compares what both vectors have.
    nearest_cuts_the_query => nearest_like_reference: nearest {
        "query.len() != vectors.dim()" => "false"
    }
    /// Long vectors have more to say.
    analogy_without_lengths => analogies_match_gensim: analogy { "x / length" => "x" }
    /// c, or b, is mostly the nearest word.
    analogy_answers_with_its_question => analogies_match_gensim: analogy { "&[a, b, c]" => "&[]" }
    /// a − b + c: the step backward.
    analogy_the_other_way => analogies_match_gensim: analogy {
        "(a, -1.0), (b, 1.0)" => "(a, 1.0), (b, -1.0)"
    }
    analogy_leaves_nan_out => analogies_match_gensim: analogy {
        "length != 0.0" => "length > 0.0"
    }
    analogy_forgets_c => analogies_match_gensim: analogy { "(c, 1.0)" => "(c, 0.0)" }
    /// An unknown word counts as none.
    analogy_of_unknown_words => analogy_like_reference: analogy {
        "let row = vectors.row(id)?;" => "let Ok(row) = vectors.row(id) else { return Ok(vec![]) };"
    }
}

//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod drawing;
mod filters;
mod softmax;

use differential::*;
use drawing::*;
use filters::*;
use softmax::*;

grading::checks! {
    "Softmax of logarithms gives their shares" => closed_form {
        function: softmax, points: 2, section: "the-formula", hints: [
            "Softmax has two steps: make every number positive, then divide by their sum.",
            "`exp` makes them positive; the sum is along `dim`, and has to be kept as an axis of length 1 to be divided by.",
            "`x.exp()?`, `sum_keepdim(dim)?`, `broadcast_div(&sum)?`: that is all but the maximum.",
        ]
    }
    "Every axis of every shape matches PyTorch" => every_axis_matches_pytorch {
        function: softmax, points: 3, section: "the-formula", hints: [
            "For each axis, ask which numbers add up to one: those that differ in that axis's index alone.",
            "The sum and the maximum run over `dim` only; `sum_keepdim` and `max_keepdim` leave an axis of length 1 in its place.",
            "`broadcast_sub` and `broadcast_div` stretch that axis again, whichever it is; nothing needs to be transposed or flattened.",
        ]
    }
    "Large logits stay finite" => large_logits_stay_finite {
        function: softmax, points: 3, section: "large-numbers", hints: [
            "What is exp(1000) in f32?",
            "Adding the same number to all logits changes nothing: which shift makes the largest exponent 0?",
            "Subtract `x.max_keepdim(dim)?` before `exp`.",
        ]
    }
    "Gradients flow back through softmax" => gradient_flows {
        function: softmax, points: 3, section: "the-gradient", hints: [
            "candle remembers how a tensor was made, unless an operation on the way has no backward.",
            "candle's fused softmax has none; `exp`, `sum_keepdim`, `broadcast_sub` and `broadcast_div` have one.",
            "Only the maximum may be detached (the shift does not change the result); `x` and everything else may not.",
        ]
    }
    "Softmax is the reference's on drawn arrays" => softmax_agrees {
        function: softmax, points: 2, section: "the-formula", hints: [
            "The failure shows the smallest array that went wrong: what is special about its shape or its numbers?",
            "Axes of size 1, axes in the middle, numbers in the ten thousands, and the gradient along every axis.",
            "Sum and maximum run over `dim` and keep it; no axis is a special case.",
        ]
    }
    "Temperature divides the logits" => temperature_divides_the_logits {
        function: filtered_probs, points: 2, section: "temperature", hints: [
            "A low temperature makes the likely likelier. Does yours?",
            "The weight of token i is exp(x_i / T). With a tiny T, x_i / T may be more than a float holds.",
            "Compute exp((x_i − max) / T) in f64: subtract first, then divide.",
        ]
    }
    "Temperature 0 is greedy" => temperature_zero_is_greedy {
        function: sample, points: 1, section: "temperature", hints: [
            "Dividing by 0 gives no numbers to work with: treat temperature 0 by itself.",
            "All probability goes to one token, the most likely; of equals, to the one with the lowest index.",
            "Find the first index of the largest logit, return a vector with 1.0 there and 0.0 elsewhere.",
        ]
    }
    "Top-k keeps exactly k tokens" => top_k_keeps_exactly_k {
        function: filtered_probs, points: 2, section: "three-filters", hints: [
            "Sort the indices by their logit, most likely first, and look at how many you keep.",
            "A threshold (“at least the k-th largest logit”) keeps too many when logits are equal.",
            "A stable sort leaves equal logits in order of index; `truncate(k)` does the rest, and k may exceed their number.",
        ]
    }
    "Top-p keeps the token that crosses the threshold" => top_p_keeps_the_crossing_token {
        function: filtered_probs, points: 3, section: "three-filters", hints: [
            "The kept tokens together must reach p; stop as soon as they do.",
            "A token is needed if the ones before it, all more likely, do not reach p yet.",
            "Keep a running sum of the probabilities *before* the token, keep the token if that sum is less than p, and divide by the kept sum at the end. At p = 1 keep everything.",
        ]
    }
    "Min-p is relative to the most likely token" => min_p_is_relative_to_the_best {
        function: filtered_probs, points: 2, section: "three-filters", hints: [
            "The threshold moves with the model's confidence: it is no fixed probability.",
            "Keep token i if p_i ≥ min_p · p_max.",
            "With weights exp((x_i − max) / T) the best has weight 1, so the test is `weight >= min_p`.",
        ]
    }
    "Filters combine in the order of transformers" => filters_combine_in_order {
        function: filtered_probs, points: 3, section: "three-filters", hints: [
            "Temperature, top-k, top-p, min-p: each sees what the one before it left.",
            "Top-p after top-k takes its share of the probability that top-k kept, not of all probability.",
            "Before top-p, sum the weights of the tokens still kept, and compare the running sum with p times that sum.",
        ]
    }
    "Bad input is an error" => bad_input_is_an_error {
        function: filtered_probs, points: 2, section: "sampling-a-token", hints: [
            "What can be wrong with the settings, and what with the logits?",
            "`sampling.validate()?` judges the settings. NaN and +∞ among the logits are errors; so are no logits, and nothing but −∞.",
            "Look for a bad logit with `position`, then let the search for the most likely token fail with `SampleError::NothingToChoose`.",
        ]
    }
    "What is removed and kept is the reference's on drawn logits" => filtered_probs_agrees {
        function: filtered_probs, points: 2, section: "three-filters", hints: [
            "Take the smallest input that the failure shows and do it by hand.",
            "Long lists with equals, logits of −∞, thresholds at the ends of their ranges: which of them is it?",
            "Settings are validated first, then the logits from the left; all sums in f64; a stable sort keeps equals in order.",
        ]
    }
    "Equals are cut in order, however many there are" => ties_are_cut_in_order {
        function: filtered_probs, points: 1, section: "three-filters", hints: [
            "All logits are the same, and top-k keeps k of them: which?",
            "Of equals the lower index counts as more likely. Does your sort keep their order also in long lists?",
            "`sort_by` is stable, `sort_unstable_by` is not; `select_nth_unstable` is neither.",
        ]
    }
    "Draws follow the distribution" => sample_follows_the_distribution {
        function: sample, points: 3, section: "sampling-a-token", hints: [
            "One random number in [0, 1) decides: each token owns a part as long as its probability.",
            "`rng.random::<f64>()` (with `use rand::RngExt`); walk through `filtered_probs` and subtract as you go.",
            "Return the first i for which what remains of the random number is less than p_i; otherwise subtract p_i and go on.",
        ]
    }
    "Even extreme draws pick an allowed token" => extreme_draws_stay_allowed {
        function: sample, points: 1, section: "sampling-a-token", hints: [
            "The generator may yield exactly 0, or the largest number below 1. Whose part is that?",
            "With `<=` a removed token at the start owns the point 0; and the probabilities may add up to slightly less than 1.",
            "Compare with `<`, and after the loop return the last token whose probability is above 0.",
        ]
    }
    "Every token owns a stretch as long as its share" => every_stretch_is_as_long_as_its_share {
        function: sample, points: 2, section: "sampling-a-token", hints: [
            "Draw a point of the unit interval; how long is the stretch of each token?",
            "Walk through the tokens and subtract each probability from the point until it is below the next.",
            "Use all 53 bits: `rng.random::<f64>()` and f64 probabilities.",
        ]
    }
    "The generator decides the draw, with one number" => sample_agrees {
        function: sample, points: 1, section: "sampling-a-token", hints: [
            "Two generators with the same seed must draw the same token. What else does your function look at?",
            "Draw from the `rng` that is given, once, after everything that can be an error.",
            "`let point: f64 = rng.random();` is the only draw.",
        ]
    }
    "The repetition penalty matches transformers" => penalty_matches_transformers {
        function: penalize, points: 2, section: "repetition", hints: [
            "Dividing makes a positive logit smaller. What does it do to a negative one?",
            "Only the tokens of the history change. One that occurs three times is penalized once.",
            "For each token of the history, take its *original* logit x and store x / penalty if x > 0, otherwise x · penalty.",
        ]
    }
    "Bad penalties and unknown tokens are errors" => bad_penalty_is_an_error {
        function: penalize, points: 1, section: "repetition", hints: [
            "Which penalties make no sense, and which tokens have no logit?",
            "A penalty must be above 0 and finite, with or without a history; a token must be below `logits.len()`.",
            "`SampleError::Penalty(penalty)` unless `penalty > 0.0 && penalty.is_finite()`; `logits.get(token)` with `SampleError::UnknownToken(token)`.",
        ]
    }
    "The penalty is the reference's on drawn histories" => penalize_agrees {
        function: penalize, points: 1, section: "repetition", hints: [
            "Take the smallest input that the failure shows and do it by hand.",
            "Long histories, tokens that occur again, logits of −∞, tiny and huge ones: from which value do you compute the new one?",
            "Always from `logits[token]`, in f64, rounded once at the end; the penalty is checked before the history.",
        ]
    }
}

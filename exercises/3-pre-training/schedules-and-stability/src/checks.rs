//! Judges answers: the reference, the learner's, a mutant.

mod clipping;
mod micro_batches;
mod rates;
mod scaling;

use clipping::*;
use micro_batches::*;
use rates::*;
use scaling::*;

grading::checks! {
    "Rates are those of PyTorch" => rates_are_those_of_pytorch {
        function: lr_at, points: 4, section: "up-and-down", hints: [
            "Go through the rules from top to bottom, and return at the first that fits.",
            "Convert to f64 before you divide: of whole numbers, 3 / 4 is 0.",
        ]
    }
    "A warm-up rises to the peak" => warm_up_rises_to_the_peak {
        function: lr_at, points: 2, section: "up-and-down", hints: [
            "A first step with a rate of 0 teaches nothing: where does `step + 1` stand?",
            "Step `warmup` is the first with the peak. With a warm-up of 0 that is step 0.",
        ]
    }
    "A rate ends at its floor" => rate_ends_at_its_floor {
        function: lr_at, points: 3, section: "up-and-down", hints: [
            "What does the cosine do after half a wave?",
            "From step `total` on, the rate is the floor, also where the warm-up was longer.",
            "`total.saturating_sub(decay).max(warmup)` is where the last line begins.",
        ]
    }
    "Drawn rates are those of the reference" => rates_agree {
        function: lr_at, points: 1, section: "up-and-down", hints: [
            "The failure shows the smallest schedule: which rule is the first that fits?",
        ]
    }
    "Norms and gradients are those of PyTorch" => clipped_as_by_pytorch {
        function: clip_grad_norm, points: 3, section: "a-bad-batch", hints: [
            "One norm over all tensors: add up all squares before you take the root.",
            "The factor is `max_norm / (norm + 1e-6)`, and never above 1.",
        ]
    }
    "One factor for all tensors" => one_factor_for_all {
        function: clip_grad_norm, points: 3, section: "a-bad-batch", hints: [
            "A gradient that is short enough stays as it is, to the last bit.",
            "Clipping changes the length of the whole gradient, and not its direction.",
        ]
    }
    "Squares neither overflow nor vanish" => squares_keep_their_size {
        function: clip_grad_norm, points: 2, section: "a-bad-batch", hints: [
            "The square of 1e30 is no f32, and neither is that of 1e-30.",
            "Convert each number to f64 before you square it.",
        ]
    }
    "What is no number is refused" => what_is_no_number_is_refused {
        function: clip_grad_norm, points: 2, section: "a-bad-batch", hints: [
            "Judge `max_norm` first, then the gradients, and only then change a number.",
            "NaN is neither below 0 nor above it: ask `is_nan()`.",
        ]
    }
    "Drawn gradients are clipped as by the reference" => clips_agree {
        function: clip_grad_norm, points: 1, section: "a-bad-batch", hints: [
            "The failure shows the smallest gradients: is there a tensor without numbers?",
        ]
    }
    "Losses and gradients are those of PyTorch" => accumulated_as_by_pytorch {
        function: accumulate, points: 3, section: "one-batch-in-pieces", hints: [
            "Count the labels that are not `IGNORE`, in each micro-batch and in all together.",
            "A mean times the number it was taken over is the sum again.",
        ]
    }
    "Ragged micro-batches are one batch" => ragged_micro_batches_are_one_batch {
        function: accumulate, points: 4, section: "one-batch-in-pieces", hints: [
            "A micro-batch with 9 labels counts nine times as much as one with a single label.",
            "The order of the micro-batches does not matter, nor how they are cut.",
        ]
    }
    "A micro-batch without labels adds nothing" => nothing_adds_nothing {
        function: accumulate, points: 2, section: "one-batch-in-pieces", hints: [
            "What is 0 · NaN? Leave out what has no labels.",
            "Compare all lengths first; then see whether there is any label at all.",
        ]
    }
    "Drawn micro-batches add up as in the reference" => sums_agree {
        function: accumulate, points: 1, section: "one-batch-in-pieces", hints: [
            "The failure shows the smallest micro-batches: which of their labels count?",
        ]
    }
    "Gradients are divided and judged" => gradients_are_divided_and_judged {
        function: unscale, points: 2, section: "small-numbers", hints: [
            "Divide every number by the scale, in every tensor.",
            "One number that is ∞ or NaN is enough, wherever it stands.",
        ]
    }
    "Drawn gradients are unscaled as by the reference" => unscaled_agree {
        function: unscale, points: 1, section: "small-numbers", hints: [
            "Was the number finite before the division? A small scale may make it ∞ afterward.",
        ]
    }
    "Scales are those of PyTorch" => scales_are_those_of_pytorch {
        function: update_scale, points: 3, section: "small-numbers", hints: [
            "The tracker counts good steps in a row, so a bad one sets it to 0.",
            "After a growth it begins at 0 as well.",
        ]
    }
    "Drawn scales are those of the reference" => scales_agree {
        function: update_scale, points: 1, section: "small-numbers", hints: [
            "The failure shows the smallest scaler: would the scale become ∞?",
        ]
    }
}

//! Judges answers: the reference, the learner's, a mutant.

mod budget;
mod fitting;
mod noise;

use budget::*;
use fitting::*;
use noise::*;

grading::checks! {
    "A parameter takes 6 FLOPs a token" => a_parameter_takes_six_flops {
        function: training_flops, points: 1, section: "one-budget-many-models", hints: [
            "Forward and back: how many FLOPs does one weight take for one token?",
            "2 forward, 4 back: `6.0 * parameters * tokens`.",
        ]
    }
    "FLOPs are those of the reference on drawn counts" => flops_agree {
        function: training_flops, points: 1, section: "one-budget-many-models", hints: [
            "The failure shows the counts. Are they very large, or none at all?",
            "It is a product of f64s: no rounding to whole numbers, and no limit.",
        ]
    }
    "No model of the budget has a lower loss" => no_model_is_better {
        function: optimal, points: 3, section: "the-best-of-a-budget", hints: [
            "Does the power of the budget that N gets have alpha on top, or beta?",
            "If alpha is large, a larger model soon stops helping, and tokens get the money: \
             `N_opt` grows as the power `beta / (alpha + beta)`.",
            "`G` multiplies, and has `alpha * A` over `beta * B`.",
        ]
    }
    "The optimum costs the budget" => the_optimum_costs_the_budget {
        function: optimal, points: 1, section: "the-best-of-a-budget", hints: [
            "Six FLOPs a parameter and token: what is `N · D`?",
            "`tokens` is `compute / 6.0 / parameters`.",
        ]
    }
    "Laws and budgets that make no sense are refused" => senseless_laws_are_refused {
        function: optimal, points: 1, section: "the-best-of-a-budget", hints: [
            "0, numbers below, NaN and infinity: `value > 0.0 && value.is_finite()`.",
            "Look at `A`, `B`, `alpha`, `beta` and `compute` in this order, and not at `E`.",
        ]
    }
    "Optima are those of the reference on drawn laws" => optima_agree {
        function: optimal, points: 1, section: "the-best-of-a-budget", hints: [
            "The failure shows the law and the budget.",
            "Nothing is rounded, and nothing has a limit.",
        ]
    }
    "The lowest point is that of NumPy's parabola" => the_lowest_point_is_numpys {
        function: isoflop_minimum, points: 3, section: "without-a-law", hints: [
            "The parabola's x is `ln N`. Turn the lowest x back into `N` with `exp`.",
            "For x and y with mean 0: `c2 = (Sxx·Sxxy − Sxxx·Sxy) / (Sxx·(Sxxxx − Sxx²/n) − Sxxx²)`.",
            "The lowest x is `−c1 / (2·c2)` from the mean of `ln N`.",
        ]
    }
    "A parabola is found again, wherever it lies" => a_parabola_is_found_again {
        function: isoflop_minimum, points: 2, section: "without-a-law", hints: [
            "The lowest point need not be one of the points, nor between them.",
            "Take the mean of `ln N` away before you square.",
        ]
    }
    "What has no lowest point is refused" => what_has_no_minimum_is_refused {
        function: isoflop_minimum, points: 1, section: "without-a-law", hints: [
            "Numbers first, then how many different `N` there are, then the curvature.",
            "Two points with the same `N` are one place on the axis.",
        ]
    }
    "Lowest points are those of the reference on drawn points" => minima_agree {
        function: isoflop_minimum, points: 1, section: "without-a-law", hints: [
            "The failure shows the points: is their order unusual, or does an `N` come twice?",
            "Each point counts once, also one with an `N` that another has.",
        ]
    }
    "The objective is PyTorch's" => the_objective_is_pytorchs {
        function: objective, points: 3, section: "a-law-from-runs", hints: [
            "The residual compares logarithms of losses, and the sum is no mean.",
            "`r² / 2` up to `DELTA`, then `DELTA · (|r| − DELTA / 2)`: both give `DELTA² / 2` there.",
            "Take the largest term out of log-sum-exp: `max + ln Σ exp(term − max)`.",
        ]
    }
    "The gradient is PyTorch's" => the_gradient_is_pytorchs {
        function: objective, points: 3, section: "a-law-from-runs", hints: [
            "The slope of the Huber loss is `r`, and `DELTA` with the sign of `r` beyond.",
            "The slopes of log-sum-exp are the shares of its terms: softmax.",
            "`alpha` is in the first term, times `−ln N`.",
        ]
    }
    "The objective is the reference's on drawn points" => objectives_agree {
        function: objective, points: 1, section: "a-law-from-runs", hints: [
            "The failure shows the point and the runs: are there any?",
            "No term may be lost because another is 1,000 larger, and none may overflow.",
        ]
    }
    "A law without noise is found again" => a_law_is_found_again {
        function: fit_chinchilla, points: 3, section: "a-law-from-runs", hints: [
            "`minimize` takes a closure: `|point| objective(point, runs)`.",
            "`Law::at` turns the logarithms back.",
        ]
    }
    "Noisy and spoiled runs give SciPy's law" => noisy_runs_give_scipys_law {
        function: fit_chinchilla, points: 3, section: "a-law-from-runs", hints: [
            "Is the objective of the place that you return the lowest of all starts?",
            "All runs count, also those that fit badly.",
        ]
    }
    "The best start wins, the earliest among equals" => the_best_start_wins {
        function: fit_chinchilla, points: 2, section: "a-law-from-runs", hints: [
            "From some starts the walk ends in a bad place. Compare values, not starts.",
            "Replace the best only by a value that is lower: `<`, and NaN is never lower.",
        ]
    }
    "Runs that make no sense are refused" => senseless_runs_are_refused {
        function: fit_chinchilla, points: 1, section: "a-law-from-runs", hints: [
            "First every number of every run, then how many runs there are, then the starts.",
            "A start of NaN is passed over, and is no error if there is another.",
        ]
    }
    "Fits are as good as the reference's on drawn laws" => fits_agree {
        function: fit_chinchilla, points: 1, section: "a-law-from-runs", hints: [
            "The failure shows the law that the runs come from.",
            "Does your fit use all runs, in any order, and all starts?",
        ]
    }
    "True lengths give the true noise" => true_lengths_give_the_true_noise {
        function: noise_scale, points: 3, section: "how-noisy-is-a-gradient", hints: [
            "A batch of `B` has `|G|² + tr Σ / B` on average. Two sizes: two equations.",
            "Each size goes with its own mean, whichever comes first.",
            "Subtract as f64: a usize has nothing below 0.",
        ]
    }
    "Noise of drawn gradients is right on average" => drawn_batches_are_right_on_average {
        function: noise_scale, points: 2, section: "how-noisy-is-a-gradient", hints: [
            "An estimate may come out negative. Cut off what is below 0, and the mean is too large.",
            "Return both estimates as they are; `Noise::scale` says whether they say anything.",
        ]
    }
    "Batches that say nothing are refused" => silent_batches_are_refused {
        function: noise_scale, points: 1, section: "how-noisy-is-a-gradient", hints: [
            "A size of 0 first, then equal sizes, then the means.",
            "A squared length is not negative, and it is finite. It may be 0.",
        ]
    }
    "Noise is the reference's on drawn lengths" => noises_agree {
        function: noise_scale, points: 1, section: "how-noisy-is-a-gradient", hints: [
            "The failure shows both batches. Is the first the larger one?",
            "The formula is the same for sizes of 1 and of a billion.",
        ]
    }
    "Noise of single examples is right on average" => single_examples_are_right_on_average {
        function: noise_of_examples, points: 3, section: "how-noisy-is-a-gradient", hints: [
            "The mean was made of the same gradients, so they lie too close to it: divide by `n − 1`.",
            "The mean is noisy, too: its squared length is too large by `tr Σ / n` on average.",
        ]
    }
    "Small noise on a large gradient is not lost" => small_noise_is_not_lost {
        function: noise_of_examples, points: 1, section: "how-noisy-is-a-gradient", hints: [
            "Mean of squares minus square of the mean loses all digits here.",
            "Take the mean away first, then square.",
        ]
    }
    "Gradients that do not go together are refused" => ragged_gradients_are_refused {
        function: noise_of_examples, points: 1, section: "how-noisy-is-a-gradient", hints: [
            "One gradient has no spread. How many does it take?",
            "Go gradient by gradient: first its length, then its numbers.",
        ]
    }
    "Noise of examples is the reference's on drawn gradients" => example_noises_agree {
        function: noise_of_examples, points: 1, section: "how-noisy-is-a-gradient", hints: [
            "The failure shows the gradients. Do they have any numbers?",
            "The trace adds up the variances of all numbers; it is no mean over them.",
        ]
    }
    "Steps and examples lie on the hyperbola" => costs_lie_on_the_hyperbola {
        function: steps_and_examples, points: 2, section: "time-for-examples", hints: [
            "A step reads a batch: `examples = batch · steps`.",
            "With `E = B · S`, the hyperbola gives `S = S_min + E_min / B`.",
        ]
    }
    "Costs that make no sense are refused" => senseless_costs_are_refused {
        function: steps_and_examples, points: 1, section: "time-for-examples", hints: [
            "0, numbers below, NaN and infinity: which of the three is it?",
            "`steps` first, then `examples`, then `batch`.",
        ]
    }
    "Costs are the reference's on drawn batches" => costs_agree {
        function: steps_and_examples, points: 1, section: "time-for-examples", hints: [
            "The failure shows the batch. Is it smaller than one example?",
            "A batch may be any number above 0; nothing is rounded.",
        ]
    }
}

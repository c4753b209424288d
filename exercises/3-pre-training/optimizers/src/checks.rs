//! Judges answers: the reference, the learner's, a mutant.

mod factored;
mod groups;
mod kernel;
mod stepping;

use factored::*;
use groups::*;
use kernel::*;
use stepping::*;

grading::checks! {
    "A constant slope has a closed form" => constant_slope_has_a_closed_form {
        function: sgd_momentum, points: 2, section: "momentum", hints: [
            "On a slope of 1 the velocity is 1, 1 + μ, 1 + μ + μ², and so on.",
            "The gradient is added whole, not (1 − μ) of it, and the step is `lr · b`.",
        ]
    }
    "Momentum is that of PyTorch" => momentum_is_that_of_pytorch {
        function: sgd_momentum, points: 3, section: "momentum", hints: [
            "The decay is part of the gradient before the velocity sees it.",
            "Nesterov: the step is the gradient, decay included, plus μ times the new velocity.",
        ]
    }
    "Drawn steps of momentum follow the formula" => drawn_steps_of_momentum_follow {
        function: sgd_momentum, points: 1, section: "momentum", hints: [
            "The failure shows the smallest weights and gradients. Is a list empty, or very long?",
        ]
    }
    "A constant slope is a step of the learning rate" => constant_slope_is_a_step_of_lr {
        function: adamw_step, points: 3, section: "adam", hints: [
            "With corrections, m̂ is g and v̂ is g² as long as g stays the same, in step 1 as well.",
            "Count the step first: t is 1 in the first one.",
            "ε is added to the root of v̂, not to v̂.",
        ]
    }
    "AdamW is that of PyTorch" => adamw_is_that_of_pytorch {
        function: adamw_step, points: 4, section: "adam", hints: [
            "β₁ is for the mean of gradients, β₂ for that of squares, and each has its correction.",
            "Keep m and v themselves in the state; correct a copy.",
            "Where gradients are 1e-7, ε counts: it is added after the correction.",
        ]
    }
    "Decay is apart from the gradient" => decay_is_apart_from_the_gradient {
        function: adamw_step, points: 3, section: "weight-decay", hints: [
            "Without a gradient, a weight is multiplied by 1 − lr · λ in each step.",
            "What goes into m and v is the gradient alone.",
            "Each group has its own λ.",
        ]
    }
    "A resumed run has the same bits" => resumed_run_has_the_same_bits {
        function: adamw_step, points: 2, section: "adam", hints: [
            "What a step knows of the past stands in `state`: m, v and the number of steps.",
            "Nothing may be kept elsewhere, and nothing may be reset.",
        ]
    }
    "Drawn steps of AdamW follow the formula" => drawn_steps_of_adamw_follow {
        function: adamw_step, points: 1, section: "adam", hints: [
            "The failure shows the smallest weights, groups and step. How large is t?",
        ]
    }
    "The groups are those of transformers" => groups_are_those_of_transformers {
        function: decay_groups, points: 2, section: "weight-decay", hints: [
            "Matrices decay, embeddings too; biases, norms and other vectors do not.",
            "Where a tensor begins, all numbers of the tensors before it lie behind you.",
        ]
    }
    "Groups are all numbers, once" => groups_are_all_numbers {
        function: decay_groups, points: 2, section: "weight-decay", hints: [
            "If the last group has the same decay, make it longer instead of adding one.",
            "A tensor with a size of 0 has no numbers, and the empty shape has one.",
            "Split the name at its dots, and look at each part in lower case.",
        ]
    }
    "Drawn groups are those of the reference" => groups_agree {
        function: decay_groups, points: 1, section: "weight-decay", hints: [
            "The failure shows the smallest names and shapes. Which part of a name decides?",
        ]
    }
    "Every step of Lion is equally long" => every_step_of_lion_is_equally_long {
        function: lion, points: 2, section: "lion", hints: [
            "Only the sign of c counts, however large or small it is.",
            "`signum` of 0.0 is 1 and of −0.0 is −1: a weight without gradient would walk away.",
        ]
    }
    "Lion is that of its authors" => lion_is_that_of_its_authors {
        function: lion, points: 3, section: "lion", hints: [
            "Two betas: β₁ mixes what decides about this step, β₂ what is kept for later ones.",
            "The step looks at the old momentum; only then it moves.",
        ]
    }
    "Drawn steps of Lion follow the formula" => drawn_steps_of_lion_follow {
        function: lion, points: 1, section: "lion", hints: [
            "The failure shows the smallest weights and gradients. Is one of them NaN?",
        ]
    }
    "Squares of rank one are known exactly" => squares_of_rank_one_are_exact {
        function: adafactor, points: 2, section: "adafactor", hints: [
            "If squares are a column times a row, rows · cols / mean(rows) gives them back.",
            "The first step has β = 0, so it forgets the zeros of the state.",
            "Row i of a row-major matrix is `x[i * cols..][..cols]`; is yours square by accident?",
        ]
    }
    "Adafactor is that of transformers" => adafactor_is_that_of_transformers {
        function: adafactor, points: 4, section: "adafactor", hints: [
            "Means over rows and columns are of g² + ε₁.",
            "The update is divided by rms(U) / d only if that is more than 1.",
            "Without a learning rate, it is max(ε₂, rms(W)) times the smaller of 0.01 and 1/√t.",
        ]
    }
    "Drawn steps of Adafactor are those of the reference" => adafactor_agrees {
        function: adafactor, points: 1, section: "adafactor", hints: [
            "The failure shows the smallest matrix. Are its gradients all 0, or huge?",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: adamw_wgsl, points: 2, section: "the-kernel", hints: [
            "A thread touches one weight, one m, one v, and nothing if its weight is past the end.",
            "The weight of a thread is `params.start + thread`.",
        ]
    }
    "The kernel's steps follow the formula" => kernel_follows_the_formula {
        kernel: adamw_wgsl, points: 3, section: "the-kernel", hints: [
            "First the two means, then the weight, which needs the new ones.",
            "Decay multiplies the old weight; the step is subtracted from that.",
            "eps stands beside the root, and `means.root` divides before it is added.",
        ]
    }
    "The kernel stays in its range" => kernel_stays_in_its_range {
        kernel: adamw_wgsl, points: 2, section: "the-kernel", hints: [
            "There may be more threads than weights, and weights behind the end that are not yours.",
            "`end` is the first weight that is not yours.",
        ]
    }
    "The kernel agrees on drawn sizes" => kernel_agrees {
        kernel: adamw_wgsl, points: 1, section: "the-kernel", hints: [
            "The failure shows the smallest range. Does it begin at 0? Is there a second line?",
        ]
    }
}

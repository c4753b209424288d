//! Judges answers: the reference, the learner's, a mutant.

mod adapter;
mod backward;
mod forward;
mod kernel;
mod merging;
mod start;

use adapter::*;
use backward::*;
use forward::*;
use kernel::*;
use merging::*;
use start::*;

grading::checks! {
    "The scale is alpha over the rank" => scale_is_that_of_peft {
        function: lora_scale, points: 1, section: "the-formula", hints: [
            "The rank divides; alpha is on top.",
            "With `rank_stabilized`, divide by the root of the rank instead.",
        ]
    }
    "Drawn scales are right" => scales_agree {
        function: lora_scale, points: 1, section: "the-formula", hints: [
            "The failure shows the smallest input. Is the rank 0, or alpha no finite number?",
            "Look at the rank first, then at alpha. A negative alpha is allowed.",
        ]
    }
    "A is drawn evenly, by the number of inputs" => a_is_drawn_evenly {
        function: lora_init, points: 2, section: "where-it-starts", hints: [
            "The bounds are ±1/√inputs, whatever outputs and rank are.",
            "`rng.random_range(-bound..bound)` draws one number; draw each anew.",
        ]
    }
    "B is 0" => b_is_zero {
        function: lora_init, points: 1, section: "where-it-starts", hints: [
            "A is drawn, B is not: their product has to be 0 at first.",
            "Sizes that are 0 are refused: first inputs, then outputs, then rank.",
        ]
    }
    "Drawn starts are right" => starts_agree {
        function: lora_init, points: 1, section: "where-it-starts", hints: [
            "The failure shows the smallest sizes: which one is wrong, which list has which length?",
        ]
    }
    "A layer computes what PEFT's does" => forward_is_that_of_peft {
        function: lora_forward, points: 3, section: "the-formula", hints: [
            "First `x Aᵀ`: for each row of x and each row of A, one `dot`.",
            "Then each y gets the dot product of these r numbers with a row of B, times the scale.",
            "A lies in rows of `inputs` numbers, B in rows of `rank`.",
        ]
    }
    "With B = 0 not one bit changes" => zero_b_changes_nothing {
        function: lora_forward, points: 1, section: "where-it-starts", hints: [
            "Add to what `y` holds; what the frozen layer has made must stay.",
        ]
    }
    "Drawn layers are right" => forwards_agree {
        function: lora_forward, points: 1, section: "the-formula", hints: [
            "The failure shows the smallest layer. What is returned has no scale in it.",
            "Can there be no rows? A rank above inputs? A scale of 0?",
        ]
    }
    "Slopes are those of PyTorch" => backward_is_that_of_pytorch {
        function: lora_backward, points: 4, section: "the-way-back", hints: [
            "`dy B` has r numbers a row; make them once, dA and dx both need them.",
            "dB has a row for each output: it gets `scale · dy` times the kept row of `x Aᵀ`.",
            "The scale is in all three, once in each.",
        ]
    }
    "Slopes are those of nudges" => backward_is_that_of_nudges {
        function: lora_backward, points: 2, section: "the-way-back", hints: [
            "Nudge one number of A, B or x: by how much does the loss change?",
            "Every row of x adds to the slopes along A and B.",
        ]
    }
    "Drawn slopes are right" => backwards_agree {
        function: lora_backward, points: 1, section: "the-way-back", hints: [
            "The failure shows the smallest layer. All three lists already hold something: add.",
        ]
    }
    "A merged weight is PEFT's" => merged_is_that_of_peft {
        function: merge, points: 3, section: "merging", hints: [
            "`weight` has a row for each input, B has a row for each output: one of the two is \
             transposed.",
            "`weight[i · outputs + j]` gets the scale times Σ_k B[j, k] · A[k, i].",
        ]
    }
    "A merged layer does what both did" => merged_does_what_both_did {
        function: merge, points: 1, section: "merging", hints: [
            "x (W + ΔW) must be x W plus what `lora_forward` adds.",
        ]
    }
    "Drawn merges are right" => merges_agree {
        function: merge, points: 1, section: "merging", hints: [
            "The failure shows the smallest layer. Does the weight keep what it held?",
        ]
    }
    "Taken out again, the weight is back" => unmerged_is_back {
        function: unmerge, points: 1, section: "merging", hints: [
            "The same with a minus.",
        ]
    }
    "Drawn pairs are taken out" => unmerges_agree {
        function: unmerge, points: 1, section: "merging", hints: [
            "The failure shows the smallest layer.",
        ]
    }
    "As many numbers learn as in PEFT" => counts_are_those_of_peft {
        function: lora_parameters, points: 1, section: "how-many-numbers", hints: [
            "A has `rank · inputs` numbers, B has `outputs · rank`.",
        ]
    }
    "Drawn counts are right" => counts_agree {
        function: lora_parameters, points: 1, section: "how-many-numbers", hints: [
            "The failure shows the smallest list of layers. There may be none.",
        ]
    }
    "An adapter computes what PyTorch's does" => adapter_is_that_of_pytorch {
        function: adapter_forward, points: 2, section: "before-lora-bottlenecks", hints: [
            "Down, ReLU, up, and h is added at the end.",
            "Both biases count: one before ReLU, one behind the way up.",
        ]
    }
    "Drawn adapters are right" => adapters_agree {
        function: adapter_forward, points: 1, section: "before-lora-bottlenecks", hints: [
            "The failure shows the smallest adapter. With `up` and `up_bias` 0 it returns x.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: lora_wgsl, points: 2, section: "the-kernel", hints: [
            "All threads of a workgroup must call `sum_of_all`, and equally often.",
            "One thread writes `low[k]`; between that and the first read stands a barrier.",
            "A thread changes its own numbers of y: j = thread, thread + 256, …",
        ]
    }
    "The kernel follows the formula" => kernel_follows_the_formula {
        kernel: lora_wgsl, points: 2, section: "the-kernel", hints: [
            "A row of A has `inputs` numbers, a row of B has `rank`.",
            "The sum times the scale is added to what y holds.",
        ]
    }
    "Drawn layers are right on the GPU" => kernel_agrees {
        kernel: lora_wgsl, points: 1, section: "the-kernel", hints: [
            "The failure shows the smallest layer. Are there more inputs or outputs than threads?",
            "The rank may be 256; there may be more workgroups than rows.",
        ]
    }
}

//! Judges answers: the reference, the learner's, a mutant.

mod costs;
mod trade;

use costs::*;
use trade::*;

grading::checks! {
    "All numbers of published GPT-2 models are counted" => whole_models_are_counted {
        function: trainable, points: 2, section: "count-what-learns", hints: [
            "Biases and norms count. The output layer shares the token embeddings.",
            "A block has four linear layers, and two norms of 2 · n_embd numbers each.",
        ]
    }
    "Small files have as many numbers as their tensors" => small_files_are_counted {
        function: trainable, points: 3, section: "count-what-learns", hints: [
            "Write down each tensor that learns with its shape, and multiply.",
            "A prefix has keys *and* values, in *every* block. LoRA has two matrices at a layer.",
        ]
    }
    "Counts agree on drawn shapes" => counts_agree {
        function: trainable, points: 1, section: "count-what-learns", hints: [
            "The failure shows a small shape: count its tensors by hand.",
        ]
    }
    "Bytes are those by hand" => bytes_are_those_by_hand {
        function: training_bytes, points: 2, section: "bytes", hints: [
            "AdamW keeps two moments for each number that learns, and nothing for a frozen one.",
            "Bits, not bytes, are given: divide by 8 at the end, and round nothing.",
        ]
    }
    "Bits that no number has are refused" => senseless_bits_are_refused {
        function: training_bytes, points: 1, section: "bytes", hints: [
            "0 bits are fine: an optimizer without moments. Look at the four in the order of the docs.",
        ]
    }
    "Bytes agree on drawn trainings" => bytes_agree {
        function: training_bytes, points: 1, section: "bytes", hints: [
            "Counts may be larger than a u32: turn each into an f64 before you multiply.",
        ]
    }
    "A rise of the loss is a rise of perplexity" => perplexity_rises {
        function: forgotten, points: 2, section: "what-is-forgotten", hints: [
            "Perplexity is e to the loss, in nats. What is asked for is the share by which it rose.",
            "For nearly equal losses, and very large ones, take the difference first: `exp_m1`.",
        ]
    }
    "Losses that no model has are refused" => senseless_losses_are_refused {
        function: forgotten, points: 1, section: "what-is-forgotten", hints: [
            "`before` comes first. A loss of 0 is allowed, in nats.",
        ]
    }
    "Forgetting agrees on drawn losses" => forgetting_agrees {
        function: forgotten, points: 1, section: "what-is-forgotten", hints: [
            "A model that got better has a result below 0.",
        ]
    }
    "Nothing beats a point of the front" => nothing_beats_the_front {
        function: pareto_front, points: 3, section: "which-methods-are-left", hints: [
            "Cheaper is better, and a higher score is better. One of them better, the other no worse.",
            "Compare each point with each: there are few. Two equal points both stay.",
        ]
    }
    "Ties, zeros and infinities have their order" => ties_have_an_order {
        function: pareto_front, points: 2, section: "which-methods-are-left", hints: [
            "`total_cmp` puts −0 before 0. Here they are equal, and the order of the list counts.",
        ]
    }
    "Fronts agree on drawn points" => fronts_agree {
        function: pareto_front, points: 1, section: "which-methods-are-left", hints: [
            "The failure shows few points: draw them on paper.",
        ]
    }
    "Fewer tasks are not enough" => fewer_tasks_are_not_enough {
        function: break_even, points: 2, section: "many-tasks", hints: [
            "Each task saves `whole - file`. How many of these are more than the base?",
            "Equal is not less: at `tasks · saved = base` one more task is needed.",
        ]
    }
    "Break-even agrees on drawn sizes" => break_even_agrees {
        function: break_even, points: 1, section: "many-tasks", hints: [
            "Sizes go up to 2⁶²: an f64 loses their last digits, and a loop takes forever.",
        ]
    }
}

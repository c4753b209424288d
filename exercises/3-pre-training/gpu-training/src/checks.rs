//! Judges answers: the reference, the learner's, a mutant.

mod kernels;
mod training;

use kernels::*;
use training::*;

grading::checks! {
    "The product is right thread by thread" => product_is_right_thread_by_thread {
        kernel: matmul_strided_wgsl, points: 2, section: "linear-layers", hints: [
            "A thread has one number of C, or none.",
            "The number of A at (i, p) is `a[i * steps.a_row + p * steps.a_col]`.",
        ]
    }
    "Matrices are read where they lie" => matrices_are_read_where_they_lie {
        kernel: matmul_strided_wgsl, points: 3, section: "linear-layers", hints: [
            "Nothing says that a column has its numbers a whole row apart: ask `steps`, always.",
            "With `adds`, the sum is added to C; without, what C held does not count.",
        ]
    }
    "Drawn products are right" => products_agree {
        kernel: matmul_strided_wgsl, points: 1, section: "linear-layers", hints: [
            "The failure shows the smallest product. Is there a second line of workgroups?",
        ]
    }
    "GELU's slopes are right thread by thread" => gelu_is_right_thread_by_thread {
        kernel: gelu_backward_wgsl, points: 1, section: "gelu", hints: [
            "A thread changes one number, and none if its number is past the end.",
        ]
    }
    "GELU's slopes follow the formula" => gelu_follows_the_formula {
        kernel: gelu_backward_wgsl, points: 3, section: "gelu", hints: [
            "x · f(x) has the derivative f(x) + x · f′(x), and tanh has 1 − tanh².",
            "Do not forget what is inside of tanh: 1 + 3 · 0.044715 · x².",
            "Far from 0 the cube is no f32: clamp x before you cube it.",
        ]
    }
    "Drawn slopes of GELU are right" => gelu_agrees {
        kernel: gelu_backward_wgsl, points: 1, section: "gelu", hints: [
            "The failure shows the smallest list. Is there a second line of workgroups?",
        ]
    }
    "The norm is right thread by thread" => norm_is_right_thread_by_thread {
        kernel: layer_norm_backward_wgsl, points: 2, section: "layer-norm", hints: [
            "A workgroup has one row; its threads take columns in turn, 256 apart.",
            "All threads of a workgroup must call `sum_of_all`, and equally often.",
        ]
    }
    "The norm's slopes follow the formula" => norm_follows_the_formula {
        kernel: layer_norm_backward_wgsl, points: 3, section: "layer-norm", hints: [
            "Two means over the row, and both are subtracted: of s, and of s · z times z.",
            "What comes out is added to what dx holds.",
        ]
    }
    "Drawn norms are right" => norms_agree {
        kernel: layer_norm_backward_wgsl, points: 1, section: "layer-norm", hints: [
            "The failure shows the smallest matrix. Is a row longer than 256?",
        ]
    }
    "The norm's parameters are right thread by thread" => parameters_are_right_thread_by_thread {
        kernel: layer_norm_parameters_backward_wgsl, points: 1, section: "layer-norm", hints: [
            "A thread has one column, or none, and writes two numbers.",
        ]
    }
    "The norm's parameters collect from all rows" => parameters_follow_the_formula {
        kernel: layer_norm_parameters_backward_wgsl, points: 2, section: "layer-norm", hints: [
            "The gain was multiplied with z, so its slope is; the shift was only added.",
            "Mean and r belong to the row, which changes in the loop.",
        ]
    }
    "Drawn parameters are right" => parameters_agree {
        kernel: layer_norm_parameters_backward_wgsl, points: 1, section: "layer-norm", hints: [
            "The failure shows the smallest matrix. Are there more columns than 256?",
        ]
    }
    "Attention is right thread by thread" => attention_is_right_thread_by_thread {
        kernel: attention_backward_wgsl, points: 2, section: "attention", hints: [
            "A thread writes its number once, at its end, and no other.",
            "A text ends before token `first + sizes.seq`.",
        ]
    }
    "Slopes reach queries, keys and values" => attention_follows_the_formula {
        kernel: attention_backward_wgsl, points: 4, section: "attention", hints: [
            "A query's slope runs along keys, a key's along queries.",
            "Values got the weights themselves; queries and keys the slopes of scores.",
            "Both dot products have dfound of the query: one with the key's value, one with what \
             the query found.",
        ]
    }
    "Drawn attention is right" => attention_agrees {
        kernel: attention_backward_wgsl, points: 1, section: "attention", hints: [
            "The failure shows the smallest sizes. Which text is it, which head?",
        ]
    }
    "Embeddings are right thread by thread" => embeddings_are_right_thread_by_thread {
        kernel: embedding_backward_wgsl, points: 1, section: "embeddings", hints: [
            "A thread changes one number of the table, whatever the tokens are.",
        ]
    }
    "Embeddings collect from all their tokens" => embeddings_follow_the_formula {
        kernel: embedding_backward_wgsl, points: 2, section: "embeddings", hints: [
            "A token may occur often, or never.",
            "The sum is added to what the table's slope holds.",
        ]
    }
    "Drawn embeddings are right" => embeddings_agree {
        kernel: embedding_backward_wgsl, points: 1, section: "embeddings", hints: [
            "The failure shows the smallest table. How many tokens are there?",
        ]
    }
    "Every parameter gets its slope" => every_parameter_gets_its_slope {
        function: block_backward, points: 4, section: "the-whole-way", hints: [
            "Read the way forward from its last line to its first.",
            "A layer's input `x` is what it read on the way forward; a norm read X or Mid.",
            "A norm adds to Dx: so the slopes that went around the layers are kept.",
        ]
    }
    "Ten steps are those of the CPU" => ten_steps_are_those_of_the_cpu {
        function: block_backward, points: 2, section: "the-whole-way", hints: [
            "One slope that is a little off makes all later steps differ.",
        ]
    }
}

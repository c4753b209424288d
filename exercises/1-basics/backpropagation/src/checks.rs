//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod going_back;
mod matrices;
mod nudging;
mod rules;

use differential::*;
use going_back::*;
use matrices::*;
use nudging::*;
use rules::*;

grading::checks! {
    "A measured gradient is exact for parabolas" => parabolas_are_exact {
        function: numeric_gradients, points: 1, section: "nudging", hints: [
            "Go to both sides: `f` at x_i + h minus `f` at x_i − h, over the distance of the two.",
            "The two points are 2h apart, not h.",
            "For every i: copy `x` with `to_vec()`, change number i of the copy, call `f` with it.",
        ]
    }
    "A measured gradient errs like a central difference" => cubes_err_like_central_differences {
        function: numeric_gradients, points: 1, section: "nudging", hints: [
            "For x³ a central difference is off by exactly h². A larger error means that only one \
             side was nudged.",
            "Use the `h` that was given, and nudge one number at a time: the others stay.",
            "`(f(&plus) - f(&minus)) / (2.0 * h)`, with fresh copies of `x` for every i.",
        ]
    }
    "Nudging is the reference's at drawn points" => nudging_agrees {
        function: numeric_gradients, points: 1, section: "nudging", hints: [
            "Take the smallest input that the failure shows, and do it by hand.",
            "No numbers at all, hundreds of them, tiny and huge steps: what is `f` called with?",
            "Two calls a number, each with a fresh copy of `x` in which one number is `x_i + h` or \
             `x_i - h`: adding and taking away again leaves a rounding error.",
        ]
    }
    "Local gradients of arithmetic are those of PyTorch" => arithmetic_matches_pytorch {
        function: local_gradients, points: 2, section: "local-rules", hints: [
            "One number for each input, in the order of the inputs: how fast does the result grow \
             with it, if the other stays?",
            "In a · b, the other factor says how fast: [b, a]. In a − b, b pulls down: [1, −1].",
            "a / b: with respect to a it is 1 / b; with respect to b it is −a / b².",
        ]
    }
    "Local gradients of functions are those of PyTorch" => functions_match_pytorch {
        function: local_gradients, points: 2, section: "local-rules", hints: [
            "The table in this section of the page has a row for each.",
            "exp and tanh are told from `output`: exp is its own derivative; tanh has 1 − tanh².",
            "ln: 1 / a. ReLU: 1 if a > 0, else 0, also at 0 itself. −a: −1.",
        ]
    }
    "Where a number is NaN, so is the slope" => nan_is_not_hidden {
        function: local_gradients, points: 1, section: "local-rules", hints: [
            "A comparison with NaN is false. Which branch does it take then?",
            "Only ReLU compares. The other formulas pass NaN on by themselves.",
            "ReLU: NaN if `a.is_nan()`, else 1 if `a > 0.0`, else 0.",
        ]
    }
    "Local gradients are the reference's for drawn numbers" => rules_agree {
        function: local_gradients, points: 1, section: "local-rules", hints: [
            "Take the smallest input that the failure shows, and do it by hand.",
            "Zeros of both signs, infinities, tiny and huge numbers: only ReLU asks which it has.",
            "Each formula of the table as it stands, in f64; and a leaf has an empty list.",
        ]
    }
    "A node that is used twice collects from both uses" => shared_nodes_collect {
        function: backward, points: 2, section: "going-back", hints: [
            "a · a has the slope 2a. Each use gives a; together they give 2a.",
            "What arrives at an input is added to what it has, whether the uses are in one node or \
             in many.",
            "`gradients[input] += gradients[place] * local` for every input, equal or not.",
        ]
    }
    "Every node gets the gradient that PyTorch computes" => all_nodes_match_pytorch {
        function: backward, points: 3, section: "going-back", hints: [
            "Start with zeros, put 1 at `output`, and go through the tape from end to start.",
            "For each node: collect the values of its inputs, ask `local_gradients`, and give each \
             input the node's own gradient times its local gradient.",
            "`for (place, node) in nodes.iter().enumerate().rev()`: all that use a node stand \
             behind it, so its gradient is complete when its turn comes.",
        ]
    }
    "Gradients are those that nudging measures" => gradients_match_nudging {
        function: backward, points: 2, section: "going-back", hints: [
            "Check `local_gradients` first: this check uses all operations together.",
            "The chain rule multiplies: a node gives its own gradient *times* the local one.",
            "A local gradient is taken at the values of the inputs: `nodes[input].value`, and at \
             `node.value` for the output.",
        ]
    }
    "What the output does not depend on has gradient zero" => the_rest_has_gradient_zero {
        function: backward, points: 1, section: "going-back", hints: [
            "The output need not be the last node, and a node before it need not lead to it.",
            "Only `output` starts with 1. What stands behind it on the tape keeps 0.",
            "0 · ∞ is NaN: skip a node whose gradient is 0, for its slopes may be infinite.",
        ]
    }
    "NaN comes through to the leaves" => nan_comes_through {
        function: backward, points: 1, section: "going-back", hints: [
            "Where a value is NaN, somebody has to notice: at the loss, and at the parameters.",
            "Skip a node only if its gradient *is* 0. Is NaN equal to 0, or above it?",
            "`if gradients[place] == 0.0 { continue; }`: for NaN that is false, and it goes on.",
        ]
    }
    "A chain of 300,000 operations is no problem" => long_chains_work {
        function: backward, points: 1, section: "going-back", hints: [
            "A function that calls itself for every node runs out of stack; one that follows every \
             path runs out of time.",
            "Each node is handled once, in one loop.",
            "The order of the tape is all you need: no recursion, no search, no list of visits.",
        ]
    }
    "A node that is not on the tape is an error" => missing_output_is_an_error {
        function: backward, points: 1, section: "going-back", hints: [
            "What is `gradients[output]` if `output` is as large as the tape is long?",
            "Compare `output` with the number of nodes before anything else.",
            "`return Err(TapeError::NoSuchNode { place: output, len: nodes.len() })`.",
        ]
    }
    "Going back is the reference's on drawn tapes" => going_back_agrees {
        function: backward, points: 1, section: "going-back", hints: [
            "Take the smallest tape that the failure shows, and go back over it by hand.",
            "Is the output in the middle of the tape, a leaf, missing? Is a node used twice, or 0?",
            "From the end: skip what has gradient 0, add to every input, keep all in f64.",
        ]
    }
    "The gradients of a matrix product are those of PyTorch" => product_matches_pytorch {
        function: matmul_backward, points: 2, section: "from-numbers-to-matrices", hints: [
            "d_a has the shape of a, d_b that of b. Which products of d_out, a and b have these?",
            "d_out is (m, n) and b is (k, n): to get (m, k), turn b around.",
            "`d_a = d_out · bᵀ` and `d_b = aᵀ · d_out`, with `matmul` and `transpose`.",
        ]
    }
    "The gradients of a matrix product are those that nudging measures" => product_matches_nudging {
        function: matmul_backward, points: 1, section: "from-numbers-to-matrices", hints: [
            "The loss of this check weighs every entry of the product differently: d_out is no \
             matrix of ones.",
            "The order of the factors matters, and so does which of them is turned around.",
            "Return `(d_a, d_b)`, each exactly as the product of two matrices: no mean, no scale.",
        ]
    }
    "Shapes that do not fit are an error" => wrong_shapes_are_an_error {
        function: matmul_backward, points: 1, section: "from-numbers-to-matrices", hints: [
            "`matmul` refuses some wrong shapes, but not all: what if only a and b do not fit?",
            "`expect_shape` compares a shape and makes the error; ask it of b first.",
            "`b.expect_shape(\"b\", (k, n))?` and `d_out.expect_shape(\"d_out\", (m, n))?`, with m \
             and k from a, and n from b.",
        ]
    }
    "Gradients of products are the reference's for drawn shapes" => products_agree {
        function: matmul_backward, points: 1, section: "from-numbers-to-matrices", hints: [
            "Take the smallest input that the failure shows, and do it by hand.",
            "No rows, one column, thousands: are d_a and d_b still shaped like a and b? And if \
             both b and d_out do not fit, which of them does the error name?",
            "First `expect_shape` of b, then of d_out; then `d_out · bᵀ` and `aᵀ · d_out`.",
        ]
    }
    "The gradient of a bias is that of PyTorch" => bias_matches_pytorch {
        function: bias_backward, points: 1, section: "from-numbers-to-matrices", hints: [
            "The same n numbers were used in each of the m rows: each collects from m uses.",
            "Add the rows of `d_out` up: n sums. It is a sum, not a mean.",
            "Start with `vec![0.0; n]` and add every row of `d_out.rows()` to it, entry by entry.",
        ]
    }
    "Gradients of biases are the reference's for drawn shapes" => biases_agree {
        function: bias_backward, points: 1, section: "from-numbers-to-matrices", hints: [
            "Take the smallest input that the failure shows, and do it by hand.",
            "No rows give zeros; thousands of rows, with infinities and NaN as they are.",
            "One f64 a column: the sum over all rows.",
        ]
    }
}

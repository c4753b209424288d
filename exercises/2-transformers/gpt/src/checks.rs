//! Judges answers: the reference, the learner's, a mutant.

mod blocks;
mod differential;
mod model;
mod parts;
mod writing;

use blocks::*;
use differential::*;
use model::*;
use parts::*;
use writing::*;

grading::checks! {
    "The weight lies as (in, out)" => conv1d_multiplies {
        function: conv1d, points: 2, section: "weights-on-their-side", hints: [
            "GPT-2's weights need no transposing: (.., in) times (in, out).",
            "candle's `matmul` wants both with as many axes: make x a matrix, and its result not.",
            "`x.reshape(((), n_in))?` has all vectors as rows.",
        ]
    }
    "The product takes views" => conv1d_takes_views {
        function: conv1d, points: 1, section: "weights-on-their-side", hints: [
            "Take shapes from `dims`, never from how the numbers lie in memory.",
            "Keep x, weight and bias in tensor operations: `reshape` copies a view where it must.",
        ]
    }
    "What does not fit is no product" => conv1d_refuses {
        function: conv1d, points: 1, section: "weights-on-their-side", hints: [
            "Take the shapes apart, then compare: `let ([front @ .., n], [n_in, n_out], [n_bias]) \
             = (x.dims(), …) else { … };`",
            "A bias of one number would broadcast: compare its length with n_out.",
        ]
    }
    "Drawn products are those of the reference" => products_agree {
        function: conv1d, points: 1, section: "weights-on-their-side", hints: [
            "The failure shows the smallest input: an axis of length 0, or none in front?",
        ]
    }
    "Queries, then keys, then values" => queries_come_first {
        function: split_qkv, points: 2, section: "three-in-one", hints: [
            "Which of 3 · n_embd numbers are the query? The first n_embd, of all heads.",
            "`x.narrow(2, n_embd, n_embd)?` has the keys. `split_heads` cuts each part.",
        ]
    }
    "The split passes gradients" => split_passes_gradients {
        function: split_qkv, points: 1, section: "three-in-one", hints: [
            "`narrow` and `split_heads` pass them; numbers taken out of a tensor do not.",
        ]
    }
    "What holds no heads is refused" => split_refuses {
        function: split_qkv, points: 1, section: "three-in-one", hints: [
            "Three axes; the last a multiple of 3, and a third of it a multiple of n_head.",
            "Nothing is a multiple of 0: ask for n_head == 0 before you divide.",
        ]
    }
    "Drawn splits are those of the reference" => splits_agree {
        function: split_qkv, points: 1, section: "three-in-one", hints: [
            "The failure shows the smallest sizes. Is one of them 0 or 1?",
        ]
    }
    "A block is that of transformers" => block_is_that_of_transformers {
        function: block, points: 4, section: "in-symbols", hints: [
            "The norm comes before each part, and what is added is the stream before the norm.",
            "ln_1, c_attn, split, sdpa, merge, c_proj, add; ln_2, c_fc, gelu_tanh, c_proj, add.",
            "GELU by tanh, and ε from the config, not 1e-5.",
        ]
    }
    "A block only adds" => block_adds_to_the_stream {
        function: block, points: 2, section: "two-exits-a-block", hints: [
            "If both parts return 0, what comes out is what came in, whatever its size.",
            "The second part adds to the stream that the first has changed.",
        ]
    }
    "A block keeps its past" => block_keeps_the_past {
        function: block, points: 2, section: "a-past-and-padding", hints: [
            "Keys and values of the past come first: `Tensor::cat(&[&past.keys, &keys], 2)?`.",
            "What is returned holds both, for the next time.",
        ]
    }
    "A block obeys its mask" => block_obeys_its_mask {
        function: block, points: 1, section: "in-symbols", hints: [
            "Hand the mask to `sdpa` as it came: none means that all see all.",
        ]
    }
    "A block passes gradients" => block_passes_gradients {
        function: block, points: 1, section: "in-symbols", hints: [
            "candle's own layer norm and softmax cut them. Those of earlier lessons do not.",
        ]
    }
    "A block passes errors on" => block_passes_errors_on {
        function: block, points: 1, section: "in-symbols", hints: [
            "Each of the parts says what is wrong: `?` is all it takes.",
        ]
    }
    "Drawn blocks are those of the reference" => blocks_agree {
        function: block, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case: a past, a mask, another inside than 4 · n_embd?",
        ]
    }
    "Logits are those of transformers" => logits_are_those_of_transformers {
        function: forward, points: 4, section: "the-whole-machine", hints: [
            "Embeddings of tokens plus those of positions, the blocks, ln_f, times wte transposed.",
            "`table.index_select(&ids, 0)?` takes rows; ids must have one axis then.",
            "The mask is `causal_mask(seq, past + seq)`; see the lesson on attention.",
        ]
    }
    "Large ids and positions are read" => large_ids_and_positions_are_read {
        function: forward, points: 1, section: "the-whole-machine", hints: [
            "GPT-2 has 50,257 tokens and 1,024 positions: keep both in u32.",
        ]
    }
    "Padding moves nobody" => padding_moves_nobody {
        function: forward, points: 2, section: "a-past-and-padding", hints: [
            "With padding before it, the first token still stands at position 0.",
            "The position of a token is how many tokens, not places, come before it in its text.",
            "A key is seen if it is causal and a token: multiply the two masks.",
        ]
    }
    "The future changes nothing" => the_future_changes_nothing {
        function: forward, points: 1, section: "what-decoder-only-means", hints: [
            "Every block needs the causal mask.",
        ]
    }
    "Parts are as good as the whole" => parts_are_as_good_as_the_whole {
        function: forward, points: 3, section: "a-past-and-padding", hints: [
            "With a past of five tokens, the next one stands at position 5.",
            "Each block has its own past. How many tokens are in it? `past[0].tokens()`.",
            "Padding in the past counts for no position, either: walk through all of `is_token`.",
        ]
    }
    "The two tables are one" => embeddings_are_tied {
        function: forward, points: 1, section: "where-the-parameters-are", hints: [
            "The logit of a token is the dot product of its row of `wte` with the last vector.",
        ]
    }
    "Gradients reach every weight" => gradients_reach_every_weight {
        function: forward, points: 2, section: "the-whole-machine", hints: [
            "`wte` learns at both ends: as embedding and as what makes logits.",
            "No step of the way may leave the tensors, or the gradient ends there.",
        ]
    }
    "What cannot be read is refused" => forward_refuses {
        function: forward, points: 2, section: "a-past-and-padding", hints: [
            "In the order that the docs have. An id equal to vocab_size is none any more.",
            "A text may be as long as there are positions; the past counts.",
        ]
    }
    "Drawn models are those of the reference" => models_agree {
        function: forward, points: 2, section: "the-whole-machine", hints: [
            "The failure shows the smallest case. Is there padding in the past, or one layer?",
        ]
    }
    "Greedy text is that of transformers" => generation_is_that_of_transformers {
        function: generate, points: 2, section: "writing", hints: [
            "The logits at the last token are for the next one.",
            "`logits.narrow(1, seq - 1, 1)?.flatten_all()?` has them.",
        ]
    }
    "Each token is read once" => each_token_is_read_once {
        function: generate, points: 2, section: "writing", hints: [
            "First the whole prompt, then always only the newest token, with the past.",
            "Nothing is left to be read when the last token is chosen.",
        ]
    }
    "Tokens come one by one" => tokens_come_one_by_one {
        function: generate, points: 1, section: "writing", hints: [
            "Who reads along wants each token as soon as it is there: `on_token(token)`.",
            "`max_new_tokens` may be very large: make no room for what may never come.",
        ]
    }
    "Writing ends" => writing_ends {
        function: generate, points: 2, section: "writing", hints: [
            "Three ways: enough tokens, the end token, no position left.",
            "The end token is the last one of the result. In the prompt it ends nothing.",
            "Prompt and new tokens together have at most n_positions.",
        ]
    }
    "Tokens are sampled" => tokens_are_sampled {
        function: generate, points: 1, section: "writing", hints: [
            "`sample(&logits, &options.sampling, rng)?`, one call a token.",
        ]
    }
    "Bad prompts are errors" => bad_prompts_are_errors {
        function: generate, points: 1, section: "writing", hints: [
            "No token, or more than n_positions: say so before anything is read.",
        ]
    }
    "Drawn writing is that of the reference" => writing_agrees {
        function: generate, points: 1, section: "writing", hints: [
            "The failure shows the smallest case: the last position, the end at once, a bad id?",
        ]
    }
    "Parameters are those of transformers" => counts_are_those_of_transformers {
        function: parameters, points: 2, section: "where-the-parameters-are", hints: [
            "A product from n to m numbers has a weight, n · m, and a bias, m.",
            "The failure says which part is off. The table of tokens counts once.",
            "Two norms a block and one at the end, each with a gain and a bias.",
        ]
    }
    "The inside has its own size" => counts_know_the_inside {
        function: parameters, points: 1, section: "where-the-parameters-are", hints: [
            "`config.inner()` is 4 · n_embd only if the config does not say otherwise.",
        ]
    }
    "Drawn counts are those of the reference" => counts_agree {
        function: parameters, points: 1, section: "where-the-parameters-are", hints: [
            "The largest models have more parameters than 32 bits count.",
        ]
    }
}

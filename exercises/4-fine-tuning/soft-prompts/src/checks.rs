//! Judges answers: the reference, the learner's, a mutant.

mod prefixes;
mod prompts;

use prefixes::*;
use prompts::*;

grading::checks! {
    "A prompt begins as the vectors of a text" => prompt_begins_as_a_text {
        function: prompt_from_text, points: 2, section: "where-to-begin", hints: [
            "Look each token up with `tables.token(id)`. No position is added yet.",
            "A text that is too short begins again: `ids.iter().cycle().take(n)`.",
            "An empty text cannot begin again: return `NoText` before you look at `n`.",
        ]
    }
    "Drawn texts give the reference's prompts" => drawn_prompts_agree {
        function: prompt_from_text, points: 1, section: "where-to-begin", hints: [
            "The failure shows the smallest text that went wrong.",
            "A token that is cut off is not looked at, so it is no error. `at` is its place in the text.",
        ]
    }
    "A GPT-2 with PEFT's prompt reads the same vectors" => input_is_that_of_peft {
        function: soft_prompt, points: 3, section: "vectors-before-the-text", hints: [
            "Each text of the batch begins with the whole prompt.",
            "Positions count from 0 over prompt and text: the first token of a text has position n.",
            "`input.seq` counts the prompt's places, too.",
        ]
    }
    "Nothing is asked at the prompt's places" => nothing_is_asked_of_a_prompt {
        function: soft_prompt, points: 2, section: "vectors-before-the-text", hints: [
            "As many labels as places: −100 for each vector of the prompt, then those of the text.",
            "Labels stay as they are: they are not moved by one, those below 0 neither.",
        ]
    }
    "What does not fit is refused" => what_does_not_fit_is_refused {
        function: soft_prompt, points: 1, section: "vectors-before-the-text", hints: [
            "The docs have the order: prompt, ids, labels, room, tokens.",
            "Prompt and text share the positions. Together they may fill them all.",
        ]
    }
    "Drawn prompts and texts give the reference's input" => drawn_inputs_agree {
        function: soft_prompt, points: 2, section: "vectors-before-the-text", hints: [
            "No vectors, no texts, a prompt that leaves no room: look at what the failure shows.",
        ]
    }
    "The prompt's gradient is PyTorch's" => prompt_gradient_is_that_of_pytorch {
        function: prompt_gradient, points: 3, section: "the-slope-of-a-prompt", hints: [
            "Only the first n places of each text belong to the prompt.",
            "Every text has read the same prompt: add their slopes up; do not take the mean.",
        ]
    }
    "Drawn slopes give the reference's gradient" => drawn_gradients_agree {
        function: prompt_gradient, points: 1, section: "the-slope-of-a-prompt", hints: [
            "What is the gradient of no texts? And which error comes first?",
        ]
    }
    "Keys and values are where PEFT has them" => prefix_is_that_of_peft {
        function: prefix_kv, points: 3, section: "a-prefix-in-every-block", hints: [
            "A row belongs to a place before the text. It begins with the key for block 0.",
            "In a row, the key of block b begins at 2 · b · n_embd, and its value n_embd further.",
        ]
    }
    "Drawn prefixes agree with the reference" => drawn_prefixes_agree {
        function: prefix_kv, points: 1, section: "a-prefix-in-every-block", hints: [
            "The block is looked at first, then the matrix. A matrix without rows has no keys.",
        ]
    }
    "A head with a prefix finds what PyTorch's does" => head_is_that_of_pytorch {
        function: attend_with_prefix, points: 3, section: "what-a-prefix-does", hints: [
            "One softmax over both: the prefix's scores and the text's share one sum.",
            "Every token sees the whole prefix, and of the text itself and what is before it.",
            "With scores in the thousands, e to their power is no number: subtract the largest first.",
        ]
    }
    "A prefix of real keys is a preloaded cache" => prefix_is_a_preloaded_cache {
        function: attend_with_prefix, points: 2, section: "what-a-prefix-does", hints: [
            "Take the keys and values of a text's first tokens as prefix of the rest: the rest must \
             not notice.",
            "Both parts are treated alike: the same scale, the same softmax.",
        ]
    }
    "Drawn heads find what the reference finds" => drawn_heads_agree {
        function: attend_with_prefix, points: 1, section: "what-a-prefix-does", hints: [
            "Without a prefix it is causal attention. Without tokens there is nothing to find.",
        ]
    }
    "The prefix's gradient is PyTorch's" => prefix_gradient_is_that_of_pytorch {
        function: prefix_gradient, points: 3, section: "what-a-prefix-does", hints: [
            "A value's slope: each token adds its weight times what it passes back.",
            "The mean in the slope of a score goes over all that the token sees, not the prefix alone.",
            "The scale 1/√d_head is in the score, so it is in the slope of the key.",
        ]
    }
    "The slopes are those of small changes" => slopes_are_those_of_small_changes {
        function: prefix_gradient, points: 2, section: "what-a-prefix-does", hints: [
            "A number of the prefix is changed a little, and what is found changes: the two must fit.",
            "Every token of the text passes slopes back, also the last.",
        ]
    }
    "Drawn heads have the reference's gradient" => drawn_slopes_agree {
        function: prefix_gradient, points: 1, section: "what-a-prefix-does", hints: [
            "`dfound` has exactly `seq · d_head` numbers. Without tokens all slopes are 0.",
        ]
    }
}

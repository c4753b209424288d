//! Judges answers: the reference, the learner's, a mutant.

mod prompts;
mod scores;

use prompts::*;
use scores::*;

grading::checks! {
    "A prompt is what the template says" => prompt_follows_the_template {
        function: few_shot_prompt, points: 2, section: "a-prompt-that-fits", hints: [
            "The examples come in their order, and the query last, in the same form.",
            "There is one space before an output. The prompt ends with `between`, without a space.",
        ]
    }
    "What does not fit goes from the beginning" => oldest_examples_go_first {
        function: few_shot_prompt, points: 3, section: "a-prompt-that-fits", hints: [
            "Encode the whole text and count: pieces that are encoded alone may have more tokens.",
            "Try with all examples, then without the first, and so on down to none.",
            "Exactly `limit` tokens fit. The error has the tokens of the prompt without examples.",
        ]
    }
    "Drawn prompts are those of the reference" => prompts_agree {
        function: few_shot_prompt, points: 1, section: "a-prompt-that-fits", hints: [
            "The failure shows the smallest prompt: does an example without letters count?",
        ]
    }
    "The space belongs to the answer" => space_belongs_to_the_answer {
        function: encode_pair, points: 3, section: "where-the-answer-begins", hints: [
            "`trim_end` finds where the prompt's last letter ends; what it cuts off goes to the answer.",
            "Encode prompt and answer together. The first tokens are the prompt's: skip as many.",
        ]
    }
    "Drawn pairs are those of the reference" => pairs_agree {
        function: encode_pair, points: 1, section: "where-the-answer-begins", hints: [
            "A token may reach across the boundary: then the whole can be shorter than its parts.",
        ]
    }
    "Log-likelihoods are those of transformers" => log_likelihoods_are_those_of_transformers {
        function: answer_log_probs, points: 4, section: "the-score-of-a-choice", hints: [
            "The row of a token has the logits of the token *behind* it.",
            "The first token of the answer is judged by the row of the last one of the prompt.",
        ]
    }
    "Logits may be far from 0" => logits_may_be_far_from_0 {
        function: answer_log_probs, points: 2, section: "the-score-of-a-choice", hints: [
            "exp of 1,000 is ∞. Subtract the largest logit of the row first, in f64.",
            "The last token of the answer is not read: nothing is asked behind it.",
        ]
    }
    "What cannot be read is refused" => unreadable_is_refused {
        function: answer_log_probs, points: 1, section: "the-score-of-a-choice", hints: [
            "Judge the prompt, then all tokens, then the length of what is read.",
        ]
    }
    "Drawn answers have the reference's log-probabilities" => log_probs_agree {
        function: answer_log_probs, points: 1, section: "the-score-of-a-choice", hints: [
            "The failure shows the smallest pair: how many rows lie before the answer's first?",
        ]
    }
    "Sums are divided by lengths" => sums_are_divided_by_lengths {
        function: choice_scores, points: 3, section: "the-score-of-a-choice", hints: [
            "Add up the log-probabilities, then divide once.",
            "`len()` of a text counts bytes; é has two.",
        ]
    }
    "Drawn scores are those of the reference" => scores_agree {
        function: choice_scores, points: 1, section: "the-score-of-a-choice", hints: [
            "−∞ is a score, NaN is none. What is refused first, and for which choice?",
        ]
    }
    "The best choice comes first" => best_choice_comes_first {
        function: icl_rank, points: 3, section: "the-score-of-a-choice", hints: [
            "Put a space before each choice; for the bytes, the text is without it.",
            "Sort the indices by falling score. A stable sort keeps ties in order.",
        ]
    }
    "Drawn choices are ranked as by the reference" => rankings_agree {
        function: icl_rank, points: 1, section: "the-score-of-a-choice", hints: [
            "The failure shows the smallest prompt: are two scores the same?",
        ]
    }
    "Calibration is that of the paper" => calibration_is_that_of_the_paper {
        function: calibrate, points: 3, section: "a-model-that-leans", hints: [
            "Softmax each list of scores first; then take the mean over the content-free inputs.",
            "Divide p by p_cf, choice by choice, then by the sum.",
        ]
    }
    "Nothing is divided by 0" => nothing_is_divided_by_0 {
        function: calibrate, points: 2, section: "a-model-that-leans", hints: [
            "exp of −800 is 0. Stay with logarithms: dividing is subtracting there.",
            "ln Σ exp(x) = m + ln Σ exp(x − m) with the largest x as m: also for the mean.",
        ]
    }
    "Drawn scores are calibrated as by the reference" => calibrations_agree {
        function: calibrate, points: 1, section: "a-model-that-leans", hints: [
            "The failure shows the smallest scores: is there a content-free input at all?",
        ]
    }
}

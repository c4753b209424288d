//! Judges answers: the reference, the learner's, a mutant.

mod counting;
mod differential;
mod perplexity;
mod probabilities;
mod writing;

use grading::Tolerance;

use counting::*;
use differential::*;
use perplexity::*;
use probabilities::*;
use writing::*;

grading::checks! {
    "Every token is counted after every context before it" => every_token_is_counted {
        function: fit, points: 3, section: "counting", hints: [
            "Take one token. Which contexts stand right before it, from the empty one to the \
             longest that counts?",
            "The contexts of the token at place i have the lengths 0 to order − 1, but never more \
             than i: the text begins there.",
            "For every i, and every length in 0..=i.min(order - 1): `model.after_mut(&tokens[i - \
             length..i]).add(tokens[i])`."
        ]
    }
    "Counting refuses what it cannot count" => counting_refuses_bad_input {
        function: fit, points: 1, section: "counting", hints: [
            "Which order makes no sense? And which token does a vocabulary of 5 not have?",
            "`Ngram::new(order, vocab_size)?` refuses orders and vocabularies that cannot be. The \
             tokens are yours to look at.",
            "Find the first token with `token as usize >= vocab_size` and return \
             `NgramError::UnknownToken { token, vocab_size }`."
        ]
    }
    "Any text is counted like the reference" => counting_like_reference {
        function: fit, points: 2, section: "counting", hints: [
            "The message shows the smallest text found that goes wrong. What is special about it: \
             its length, the order, a large token?",
            "Orders may be longer than the text, tokens as large as 2³² − 2, and each call begins \
             anew.",
            "The order and the vocabulary are judged first, by `Ngram::new`; then the first token \
             of the text that is not below `vocab_size` is the error.",
        ]
    }
    "Probabilities are those of NLTK" => probabilities_match_nltk {
        function: prob, points: 3, section: "from-counts-to-probabilities", hints: [
            "Begin with order 1: the only context is the empty one, and below it every token has 1 \
             / vocab_size.",
            "The formula uses itself: for `h` you need the same for `h` without its first token. A \
             loop from the empty context up does it, and so does a function that calls itself.",
            "`p = 1 / vocab_size`; then for each context from short to long: `p = \
             (seen.count(token) + seen.distinct() * p) / (seen.total() + seen.distinct())`, all in \
             f64."
        ]
    }
    "Probabilities sum to one after any context" => probabilities_sum_to_one {
        function: prob, points: 2, section: "from-counts-to-probabilities", hints: [
            "What the seen tokens give away must be exactly what the others get.",
            "Numerator and denominator belong together: T(h) stands in both.",
            "Sum the numerator over all tokens: c(h) + T(h) · 1, if the shorter context sums to \
             one. That is the denominator."
        ]
    }
    "After an unseen context, the shorter one decides" => unseen_contexts_back_off {
        function: prob, points: 2, section: "from-counts-to-probabilities", hints: [
            "What is 0 / 0? Nothing was ever counted after this context.",
            "`model.after(context)` is `None` then: leave the probability of the shorter context \
             as it is.",
            "In the loop from short to long: `let Some(seen) = model.after(…) else { continue };`."
        ]
    }
    "Only the last order − 1 tokens of a context count" => only_the_end_of_a_context_counts {
        function: prob, points: 1, section: "from-counts-to-probabilities", hints: [
            "A trigram model sees two tokens, however many you give it. Which two?",
            "The longest length is the smaller one of `context.len()` and `order - 1`.",
            "The end of a slice with this length is `&context[context.len() - length..]`."
        ]
    }
    "A token outside the vocabulary has probability 0" => unknown_tokens_have_no_probability {
        function: prob, points: 1, section: "from-counts-to-probabilities", hints: [
            "1 / vocab_size is the share of each token that the vocabulary has. What of others?",
            "Tokens go from 0 to vocab_size − 1.",
            "Begin with `if token as usize >= model.vocab_size() { return 0.0; }`."
        ]
    }
    "Any model gives the probabilities of the reference" => probabilities_like_reference {
        function: prob, points: 2, section: "from-counts-to-probabilities", hints: [
            "The message shows the smallest input found that goes wrong. Follow the formula for it \
             by hand.",
            "Contexts may be longer than the order, or hold unknown tokens; counts may be large, \
             the vocabulary huge, and `order()` lower than that of the counts.",
            "Compute in f64 from `model.after(…)` and `model.order()` alone, for every length from \
             0 to `context.len().min(model.order() - 1)`.",
        ]
    }
    "Simple texts have the perplexity of the closed form" => perplexity_has_a_closed_form {
        function: perplexity, points: 2, section: "perplexity", hints: [
            "A model that knows nothing gives each of V tokens the probability 1/V. How many \
             equally likely tokens is that?",
            "Average −ln P over the tokens; the exponential function undoes the logarithm at the \
             end.",
            "`(total / tokens.len() as f64).exp()`, where total is the sum of `-prob(model, \
             &tokens[..i], tokens[i]).ln()`."
        ]
    }
    "Held-out text has the perplexity of NLTK" => perplexity_matches_nltk {
        function: perplexity, points: 3, section: "perplexity", hints: [
            "The first token has no context, the second has one token, and so on.",
            "The context of the token at place i is `&tokens[..i]`: `prob` takes what it needs \
             from its end.",
            "Divide by the number of tokens, not by the number of n-grams, and use the natural \
             logarithm with `exp`."
        ]
    }
    "A long text neither overflows nor vanishes" => perplexity_of_a_long_text {
        function: perplexity, points: 1, section: "perplexity", hints: [
            "Multiply a thousand probabilities of 0.01. What does an f64 make of it?",
            "The logarithm of a product is a sum of logarithms.",
            "Never multiply the probabilities: add their logarithms."
        ]
    }
    "Perplexity refuses no text and unknown tokens" => perplexity_refuses_bad_input {
        function: perplexity, points: 1, section: "perplexity", hints: [
            "What is the mean of no numbers?",
            "One unknown token has probability 0, and −ln 0 is infinite: say which token it was \
             instead.",
            "`NgramError::NoTokens` for an empty text; for the rest, the helper that `fit` uses."
        ]
    }
    "Any text has the perplexity of the reference" => perplexity_like_reference {
        function: perplexity, points: 2, section: "perplexity", hints: [
            "The message shows the smallest text found that goes wrong. Which token of it has \
             which probability?",
            "Texts may have one token or thousands, and every token before counts as context, \
             however far back the order looks.",
            "Sum in f64 over all tokens, with `&tokens[..i]` as context; the first unknown token \
             is the error.",
        ]
    }
    "Draws follow the probabilities" => draws_follow_the_probabilities {
        function: draw, points: 3, section: "writing", hints: [
            "Look at the longest context first, and roll a die with c(h) + T(h) sides.",
            "`rng.random_range(0..n)` (with `use rand::RngExt`) rolls a die with n sides. Walk \
             over `seen.iter()` and subtract each count from the side until it is smaller than \
             one.",
            "If the side is still at least 0 after all counts, it was one of the last T(h): go on \
             with the next shorter context, and after the empty one draw from 0 to vocab_size − 1."
        ]
    }
    "A draw says which context it came from" => draws_say_their_context {
        function: draw, points: 1, section: "writing", hints: [
            "`context` is the length of the context whose die decided.",
            "The empty context has length 0: that is `Some(0)`. Only the draw from the whole \
             vocabulary has `None`.",
            "Return `Draw { token, context: Some(length) }` from inside the loop over the \
             followers."
        ]
    }
    "Any model draws like the reference" => draws_like_reference {
        function: draw, points: 2, section: "writing", hints: [
            "The message shows the smallest input found that goes wrong. Which dice are rolled for \
             it, and how many sides has each?",
            "A context that nothing ever came after has no die. Each die takes one random number, \
             and the last has `vocab_size` sides, up to 2³² − 1.",
            "Call `rng.random_range` once for each length that has followers, from the longest, \
             and once more at the end; nothing is kept between calls.",
        ]
    }
    "A text goes on from its prompt" => a_text_goes_on_from_its_prompt {
        function: generate, points: 2, section: "writing", hints: [
            "The second new token depends on the first new token.",
            "Keep one vector: the prompt, then every token you draw, and draw after all of it.",
            "`draw(model, &tokens, rng)`, where `tokens` starts as `prompt.to_vec()` and grows."
        ]
    }
    "Exactly the new tokens are returned" => exactly_the_new_tokens_are_returned {
        function: generate, points: 1, section: "writing", hints: [
            "How many tokens are asked for, and does the prompt count?",
            "The result has `len` tokens and begins with the one after the prompt.",
            "`tokens.split_off(prompt.len())` gives what came after the prompt."
        ]
    }
    "A long memory and a long text change nothing" => texts_like_reference {
        function: generate, points: 2, section: "writing", hints: [
            "The message shows the smallest input found that goes wrong. How far back does its \
             order look?",
            "Some orders look back 40 tokens, some texts grow by thousands, and the prompt may be \
             longer than both.",
            "Call `draw` exactly `len` times, each time with the prompt and everything new; take \
             nothing else from `rng`.",
        ]
    }
}

/// Sums of a few numbers in f64.
const EXACT: Tolerance = Tolerance { rtol: 1e-10, atol: 0.0 };

// Judges a solution. `subject` is the learner's module, the reference, or a mutant.

use grading::{
    Outcome, Tolerance, expect, expect_close, expect_distribution, expect_eq, expect_error,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{self, Random};
use crate::{Ngram, NgramError};

grading::checks! {
    "Every token is counted after every context before it" => every_token_is_counted {
        points: 3, section: "counting", hints: [
            "Take one token. Which contexts stand right before it, from the empty one to the longest that counts?",
            "The contexts of the token at place i have the lengths 0 to order − 1, but never more than i: the text begins there.",
            "For every i, and every length in 0..=i.min(order - 1): `model.after_mut(&tokens[i - length..i]).add(tokens[i])`."
        ]
    }
    "Counting refuses what it cannot count" => counting_refuses_bad_input {
        points: 1, section: "counting", hints: [
            "Which order makes no sense? And which token does a vocabulary of 5 not have?",
            "`Ngram::new(order, vocab_size)?` refuses orders and vocabularies that cannot be. The tokens are yours to look at.",
            "Find the first token with `token as usize >= vocab_size` and return `NgramError::UnknownToken { token, vocab_size }`."
        ]
    }
    "Probabilities are those of NLTK" => probabilities_match_nltk {
        points: 3, section: "from-counts-to-probabilities", hints: [
            "Begin with order 1: the only context is the empty one, and below it every token has 1 / vocab_size.",
            "The formula uses itself: for `h` you need the same for `h` without its first token. A loop from the empty context up does it, and so does a function that calls itself.",
            "`p = 1 / vocab_size`; then for each context from short to long: `p = (seen.count(token) + seen.distinct() * p) / (seen.total() + seen.distinct())`, all in f64."
        ]
    }
    "Probabilities sum to one after any context" => probabilities_sum_to_one {
        points: 2, section: "from-counts-to-probabilities", hints: [
            "What the seen tokens give away must be exactly what the others get.",
            "Numerator and denominator belong together: T(h) stands in both.",
            "Sum the numerator over all tokens: c(h) + T(h) · 1, if the shorter context sums to one. That is the denominator."
        ]
    }
    "After an unseen context, the shorter one decides" => unseen_contexts_back_off {
        points: 2, section: "from-counts-to-probabilities", hints: [
            "What is 0 / 0? Nothing was ever counted after this context.",
            "`model.after(context)` is `None` then: leave the probability of the shorter context as it is.",
            "In the loop from short to long: `let Some(seen) = model.after(…) else { continue };`."
        ]
    }
    "Only the last order − 1 tokens of a context count" => only_the_end_of_a_context_counts {
        points: 1, section: "from-counts-to-probabilities", hints: [
            "A trigram model sees two tokens, however many you give it. Which two?",
            "The longest length is the smaller one of `context.len()` and `order - 1`.",
            "The end of a slice with this length is `&context[context.len() - length..]`."
        ]
    }
    "A token outside the vocabulary has probability 0" => unknown_tokens_have_no_probability {
        points: 1, section: "from-counts-to-probabilities", hints: [
            "1 / vocab_size is the share of each token that the vocabulary has. What of others?",
            "Tokens go from 0 to vocab_size − 1.",
            "Begin with `if token as usize >= model.vocab_size() { return 0.0; }`."
        ]
    }
    "Simple texts have the perplexity of the closed form" => perplexity_has_a_closed_form {
        points: 2, section: "perplexity", hints: [
            "A model that knows nothing gives each of V tokens the probability 1/V. How many equally likely tokens is that?",
            "Average −ln P over the tokens; the exponential function undoes the logarithm at the end.",
            "`(total / tokens.len() as f64).exp()`, where total is the sum of `-prob(model, &tokens[..i], tokens[i]).ln()`."
        ]
    }
    "Held-out text has the perplexity of NLTK" => perplexity_matches_nltk {
        points: 3, section: "perplexity", hints: [
            "The first token has no context, the second has one token, and so on.",
            "The context of the token at place i is `&tokens[..i]`: `prob` takes what it needs from its end.",
            "Divide by the number of tokens, not by the number of n-grams, and use the natural logarithm with `exp`."
        ]
    }
    "A long text neither overflows nor vanishes" => perplexity_of_a_long_text {
        points: 1, section: "perplexity", hints: [
            "Multiply a thousand probabilities of 0.01. What does an f64 make of it?",
            "The logarithm of a product is a sum of logarithms.",
            "Never multiply the probabilities: add their logarithms."
        ]
    }
    "Perplexity refuses no text and unknown tokens" => perplexity_refuses_bad_input {
        points: 1, section: "perplexity", hints: [
            "What is the mean of no numbers?",
            "One unknown token has probability 0, and −ln 0 is infinite: say which token it was instead.",
            "`NgramError::NoTokens` for an empty text; for the rest, the helper that `fit` uses."
        ]
    }
    "Draws follow the probabilities" => draws_follow_the_probabilities {
        points: 3, section: "writing", hints: [
            "Look at the longest context first, and roll a die with c(h) + T(h) sides.",
            "`rng.random_range(0..n)` (with `use rand::RngExt`) rolls a die with n sides. Walk over `seen.iter()` and subtract each count from the side until it is smaller than one.",
            "If the side is still at least 0 after all counts, it was one of the last T(h): go on with the next shorter context, and after the empty one draw from 0 to vocab_size − 1."
        ]
    }
    "A draw says which context it came from" => draws_say_their_context {
        points: 1, section: "writing", hints: [
            "`context` is the length of the context whose die decided.",
            "The empty context has length 0: that is `Some(0)`. Only the draw from the whole vocabulary has `None`.",
            "Return `Draw { token, context: Some(length) }` from inside the loop over the followers."
        ]
    }
    "A text goes on from its prompt" => a_text_goes_on_from_its_prompt {
        points: 2, section: "writing", hints: [
            "The second new token depends on the first new token.",
            "Keep one vector: the prompt, then every token you draw, and draw after all of it.",
            "`draw(model, &tokens, rng)`, where `tokens` starts as `prompt.to_vec()` and grows."
        ]
    }
    "Exactly the new tokens are returned" => exactly_the_new_tokens_are_returned {
        points: 1, section: "writing", hints: [
            "How many tokens are asked for, and does the prompt count?",
            "The result has `len` tokens and begins with the one after the prompt.",
            "`tokens.split_off(prompt.len())` gives what came after the prompt."
        ]
    }
}

const EXACT: Tolerance = Tolerance { rtol: 1e-10, atol: 0.0 };

/// All contexts of this length.
fn contexts(length: usize, vocab_size: usize) -> Vec<Vec<u32>> {
    let longer = |context: Vec<u32>| {
        (0..vocab_size as u32).map(move |token| [&context[..], &[token]].concat())
    };
    (0..length).fold(vec![vec![]], |all, _| all.into_iter().flat_map(longer).collect())
}

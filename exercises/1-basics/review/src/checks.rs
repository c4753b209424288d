//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod judging;
mod learning;
mod writing;

use grading::Tolerance;
use softmax_sampling::Sampling;

use differential::*;
use judging::*;
use learning::*;
use writing::*;

grading::checks! {
    "Training learns merges, and counts the tokens they make" => training_learns_merges_and_counts {
        function: train, points: 3, section: "learning", hints: [
            "Three lessons in three lines: a vocabulary from the text, the tokens of the text, the counts of the tokens.",
            "`fast::train(text, vocab_size, &[])?`, then `Encoder::new(&bpe).encode(text)` of the same text as it is, then `fit`.",
            "`let ngram = fit(&tokens, order, bpe.vocab_size())?; Ok(Buddy { bpe, ngram })`"
        ]
    }
    "A short text has fewer tokens than asked for" => a_short_text_has_a_small_vocabulary {
        function: train, points: 1, section: "learning", hints: [
            "How many merges can you learn from the text *ab*?",
            "The counts need the size of the vocabulary that there is, not of the one asked for.",
            "Ask `bpe.vocab_size()`."
        ]
    }
    "Training refuses what it cannot learn from" => training_refuses_bad_input {
        function: train, points: 1, section: "learning", hints: [
            "Which input do the tokenizer and the counts accept although there is nothing to learn?",
            "Pass on their errors with `?`, and do not repair the arguments.",
            "Begin with `if text.is_empty() { return Err(BuddyError::NoText); }`."
        ]
    }
    "Training is the reference's on drawn texts" => training_agrees {
        function: train, points: 1, section: "learning", hints: [
            "Take the smallest input that the failure shows and follow it by hand.",
            "Texts of one byte, of many scripts, with line ends of Windows: nothing is cleaned, and only an empty text is an error.",
            "`fast::train`, then `encode` the same text, then `fit` with the size that the vocabulary really has.",
        ]
    }
    "Logits are logarithms of probabilities" => logits_are_log_probabilities {
        function: next_logits, points: 2, section: "from-counts-to-logits", hints: [
            "The softmax takes exp of each logit. What undoes it?",
            "`prob(&buddy.ngram, context, id)` for each id of the vocabulary, and `ln`.",
            "`(0..buddy.ngram.vocab_size() as u32).map(|id| prob(&buddy.ngram, context, id).ln() as f32).collect()`"
        ]
    }
    "Logits are finite after anything" => logits_are_finite_after_anything {
        function: next_logits, points: 1, section: "from-counts-to-logits", hints: [
            "How many logits are there? As many as the vocabulary has tokens, seen or not.",
            "`prob` is above 0 for each token of the vocabulary: take it as it is.",
            "Loop over `0..buddy.ngram.vocab_size() as u32`, with no condition inside."
        ]
    }
    "Logits are the reference's after drawn contexts" => logits_agree {
        function: next_logits, points: 1, section: "from-counts-to-logits", hints: [
            "Take the smallest input that the failure shows and follow it by hand.",
            "Contexts longer than the order, and tokens that were never seen.",
            "One logit for each id of the vocabulary: `prob(&buddy.ngram, context, id).ln()`.",
        ]
    }
    "Without training, the bits have a closed form" => untrained_text_has_a_closed_form {
        function: bits_per_byte, points: 2, section: "bits-per-byte", hints: [
            "A model that has seen nothing finds V tokens equally likely. How many bits is one of them?",
            "Add up `-log2 P` over the tokens, and divide by the bytes of the text.",
            "`text.len()` is in bytes. `f64::log2` is the logarithm to the base 2."
        ]
    }
    "Text held out has the bits of a brute force" => held_out_text_has_the_bits_of_brute_force {
        function: bits_per_byte, points: 3, section: "bits-per-byte", hints: [
            "Each token is judged by what stands before it in this text.",
            "The context of token i is `&tokens[..i]`; the first has none, and counts as well.",
            "`(0..tokens.len()).map(|i| -prob(&buddy.ngram, &tokens[..i], tokens[i]).log2()).sum::<f64>() / text.len() as f64`"
        ]
    }
    "No text has no bits per byte" => no_text_has_no_bits {
        function: bits_per_byte, points: 1, section: "bits-per-byte", hints: [
            "What is 0 / 0?",
            "Return `BuddyError::NoText` if the text is empty.",
        ]
    }
    "Bits per byte are the reference's on drawn texts" => bits_agree {
        function: bits_per_byte, points: 1, section: "bits-per-byte", hints: [
            "Take the smallest input that the failure shows and follow it by hand.",
            "Bytes are counted, not characters or tokens; every token has all before it as context.",
            "Sum in f64, divide once by `text.len()`.",
        ]
    }
    "The order is chosen on text held out" => the_order_is_chosen_on_text_held_out {
        function: choose_order, points: 3, section: "choosing-the-order", hints: [
            "On the training text the highest order wins each time. Which text tells you more?",
            "Train on `training` alone, vocabulary included; judge each order by the bits per byte of `held_out`.",
            "`train` once with the highest order; then for each order `buddy.ngram.set_order(order)?` and `bits_per_byte(&buddy, held_out)?`."
        ]
    }
    "The order is one of those given" => the_order_is_one_of_those_given {
        function: choose_order, points: 1, section: "choosing-the-order", hints: [
            "Not every order from 1 up is asked for.",
            "Loop over `orders`, in whichever sequence they come."
        ]
    }
    "Of equal orders, the lowest is chosen" => of_equal_orders_the_lowest_is_chosen {
        function: choose_order, points: 1, section: "choosing-the-order", hints: [
            "If a longer memory is no better, which model is cheaper?",
            "The list need not be sorted. Compare the order, too.",
            "Tuples compare from left to right: `(bits, order) < (best.bits_per_byte, best.order)`."
        ]
    }
    "Choosing refuses what cannot be chosen" => choosing_refuses_bad_input {
        function: choose_order, points: 1, section: "choosing-the-order", hints: [
            "What is the best of no orders?",
            "`orders.iter().copied().max()` is `None` then. The other errors come from the functions you call.",
            "`.max().ok_or(BuddyError::NoOrders)?`, and `?` on `train`, `set_order` and `bits_per_byte`."
        ]
    }
    "The choice is the reference's on drawn orders" => choices_agree {
        function: choose_order, points: 1, section: "choosing-the-order", hints: [
            "Take the smallest input that the failure shows and follow it by hand.",
            "Orders in any sequence, twice, out of range: what is compared, and what breaks a tie?",
            "Compare `(bits, order)`, and let the errors of training and judging through.",
        ]
    }
    "A greedy text goes round the ring, up to the line end" => a_greedy_text_goes_round_the_ring {
        function: complete, points: 3, section: "writing", hints: [
            "Keep two things: the tokens, which the model sees, and the bytes, which the reader sees. Both begin with the prompt.",
            "Each new token becomes context. Stop when its bytes hold `b'\\n'`.",
            "`let next = sample(&next_logits(buddy, &tokens), sampling, rng)? as u32; tokens.push(next);`, then add `buddy.bpe.bytes(next)` to the bytes."
        ]
    }
    "All tokens before count, those of the prompt too" => all_tokens_before_count {
        function: complete, points: 2, section: "writing", hints: [
            "Which tokens does the model see when it writes the second new one?",
            "The context is everything so far; the model takes from its end what it can use.",
            "`next_logits(buddy, &tokens)`, where `tokens` began as the tokens of the prompt."
        ]
    }
    "At most so many tokens are new" => at_most_so_many_tokens_are_new {
        function: complete, points: 1, section: "writing", hints: [
            "Does the prompt count?",
            "`for _ in 0..max_tokens`"
        ]
    }
    "A token may hold a line end among others" => a_token_may_hold_a_line_end {
        function: complete, points: 1, section: "writing", hints: [
            "Can a token be more than one byte?",
            "Keep what stands before the line end, and stop.",
            "`if let Some(end) = written.iter().position(|&byte| byte == b'\\n') { bytes.extend_from_slice(&written[..end]); break; }`"
        ]
    }
    "The prompt is kept, whatever it is" => the_prompt_is_kept {
        function: complete, points: 2, section: "writing", hints: [
            "Only a line end that is written ends the writing.",
            "Look at the bytes of each new token, not at the whole text.",
            "Begin with `prompt.as_bytes().to_vec()` and only add to it."
        ]
    }
    "Characters of several tokens stay whole" => characters_of_several_tokens_stay_whole {
        function: complete, points: 2, section: "writing", hints: [
            "é is two bytes, and here each is a token. What is the text of the first one?",
            "Join bytes, not strings.",
            "`String::from_utf8_lossy(&bytes).into_owned()`, once, at the end."
        ]
    }
    "The first token follows the settings" => the_first_token_follows_the_settings {
        function: complete, points: 3, section: "writing", hints: [
            "Temperature and filters have a lesson of their own. Which function of it draws a token?",
            "`sample(&logits, sampling, rng)?` gives the index of a logit, and that is the id of a token.",
        ]
    }
    "Writing refuses bad settings" => writing_refuses_bad_settings {
        function: complete, points: 1, section: "writing", hints: [
            "Who finds out that a temperature of −1 makes no sense?",
            "Pass on the error of `sample` with `?`."
        ]
    }
    "What is written is the reference's for drawn settings" => completions_agree {
        function: complete, points: 1, section: "writing", hints: [
            "Take the smallest input that the failure shows and follow it by hand.",
            "The same generator must write the same text: draw once a token, from all tokens before it.",
            "No draw when `max_tokens` is 0, none after the line end, and the prompt's bytes as they are.",
        ]
    }
}

const EXACT: Tolerance = Tolerance { rtol: 1e-9, atol: 0.0 };
const GREEDY: Sampling = Sampling { temperature: 0.0, top_k: None, top_p: None, min_p: None };
const WORDS: &str =
    " the cat sat on the mat, the cat ate;\nthe naïve bat sat 🦇 there.\n\nthe end ";

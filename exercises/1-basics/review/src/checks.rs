// Judges a solution. `subject` is the learner's module, the reference, or a mutant.

use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_distribution, expect_eq, expect_error,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tinytown::World;
use tokenization::solution::{bpe_train, encode};
use tokenization::{Bpe, byte_id};
use what_an_llm_is::Ngram;
use what_an_llm_is::solution::fit;

use crate::oracle::{self, Windows};
use crate::{Buddy, BuddyError, Choice};

grading::checks! {
    "Training learns merges, and counts the tokens they make" => training_learns_merges_and_counts {
        points: 3, section: "learning", hints: [
            "Three lessons in three lines: a vocabulary from the text, the tokens of the text, the counts of the tokens.",
            "`fast::train(text, vocab_size, &[])?`, then `Encoder::new(&bpe).encode(text)` of the same text as it is, then `fit`.",
            "`let ngram = fit(&tokens, order, bpe.vocab_size())?; Ok(Buddy { bpe, ngram })`"
        ]
    }
    "A short text has fewer tokens than asked for" => a_short_text_has_a_small_vocabulary {
        points: 1, section: "learning", hints: [
            "How many merges can you learn from the text *ab*?",
            "The counts need the size of the vocabulary that there is, not of the one asked for.",
            "Ask `bpe.vocab_size()`."
        ]
    }
    "Training refuses what it cannot learn from" => training_refuses_bad_input {
        points: 1, section: "learning", hints: [
            "Which input do the tokenizer and the counts accept although there is nothing to learn?",
            "Pass on their errors with `?`, and do not repair the arguments.",
            "Begin with `if text.is_empty() { return Err(BuddyError::NoText); }`."
        ]
    }
    "Logits are logarithms of probabilities" => logits_are_log_probabilities {
        points: 2, section: "from-counts-to-logits", hints: [
            "The softmax takes exp of each logit. What undoes it?",
            "`prob(&buddy.ngram, context, id)` for each id of the vocabulary, and `ln`.",
            "`(0..buddy.ngram.vocab_size() as u32).map(|id| prob(&buddy.ngram, context, id).ln() as f32).collect()`"
        ]
    }
    "Logits are finite after anything" => logits_are_finite_after_anything {
        points: 1, section: "from-counts-to-logits", hints: [
            "How many logits are there? As many as the vocabulary has tokens, seen or not.",
            "`prob` is above 0 for each token of the vocabulary: take it as it is.",
            "Loop over `0..buddy.ngram.vocab_size() as u32`, with no condition inside."
        ]
    }
    "Without training, the bits have a closed form" => untrained_text_has_a_closed_form {
        points: 2, section: "bits-per-byte", hints: [
            "A model that has seen nothing finds V tokens equally likely. How many bits is one of them?",
            "Add up `-log2 P` over the tokens, and divide by the bytes of the text.",
            "`text.len()` is in bytes. `f64::log2` is the logarithm to the base 2."
        ]
    }
    "Text held out has the bits of a brute force" => held_out_text_has_the_bits_of_brute_force {
        points: 3, section: "bits-per-byte", hints: [
            "Each token is judged by what stands before it in this text.",
            "The context of token i is `&tokens[..i]`; the first has none, and counts as well.",
            "`(0..tokens.len()).map(|i| -prob(&buddy.ngram, &tokens[..i], tokens[i]).log2()).sum::<f64>() / text.len() as f64`"
        ]
    }
    "No text has no bits per byte" => no_text_has_no_bits {
        points: 1, section: "bits-per-byte", hints: [
            "What is 0 / 0?",
            "Return `BuddyError::NoText` if the text is empty.",
        ]
    }
    "The order is chosen on text held out" => the_order_is_chosen_on_text_held_out {
        points: 3, section: "choosing-the-order", hints: [
            "On the training text the highest order wins each time. Which text tells you more?",
            "Train on `training` alone, vocabulary included; judge each order by the bits per byte of `held_out`.",
            "`train` once with the highest order; then for each order `buddy.ngram.set_order(order)?` and `bits_per_byte(&buddy, held_out)?`."
        ]
    }
    "The order is one of those given" => the_order_is_one_of_those_given {
        points: 1, section: "choosing-the-order", hints: [
            "Not every order from 1 up is asked for.",
            "Loop over `orders`, in whichever sequence they come."
        ]
    }
    "Of equal orders, the lowest is chosen" => of_equal_orders_the_lowest_is_chosen {
        points: 1, section: "choosing-the-order", hints: [
            "If a longer memory is no better, which model is cheaper?",
            "The list need not be sorted. Compare the order, too.",
            "Tuples compare from left to right: `(bits, order) < (best.bits_per_byte, best.order)`."
        ]
    }
    "Choosing refuses what cannot be chosen" => choosing_refuses_bad_input {
        points: 1, section: "choosing-the-order", hints: [
            "What is the best of no orders?",
            "`orders.iter().copied().max()` is `None` then. The other errors come from the functions you call.",
            "`.max().ok_or(BuddyError::NoOrders)?`, and `?` on `train`, `set_order` and `bits_per_byte`."
        ]
    }
    "A greedy text goes round the ring, up to the line end" => a_greedy_text_goes_round_the_ring {
        points: 3, section: "writing", hints: [
            "Keep two things: the tokens, which the model sees, and the bytes, which the reader sees. Both begin with the prompt.",
            "Each new token becomes context. Stop when its bytes hold `b'\\n'`.",
            "`let next = sample(&next_logits(buddy, &tokens), sampling, rng)? as u32; tokens.push(next);`, then add `buddy.bpe.bytes(next)` to the bytes."
        ]
    }
    "All tokens before count, those of the prompt too" => all_tokens_before_count {
        points: 2, section: "writing", hints: [
            "Which tokens does the model see when it writes the second new one?",
            "The context is everything so far; the model takes from its end what it can use.",
            "`next_logits(buddy, &tokens)`, where `tokens` began as the tokens of the prompt."
        ]
    }
    "At most so many tokens are new" => at_most_so_many_tokens_are_new {
        points: 1, section: "writing", hints: [
            "Does the prompt count?",
            "`for _ in 0..max_tokens`"
        ]
    }
    "A token may hold a line end among others" => a_token_may_hold_a_line_end {
        points: 1, section: "writing", hints: [
            "Can a token be more than one byte?",
            "Keep what stands before the line end, and stop.",
            "`if let Some(end) = written.iter().position(|&byte| byte == b'\\n') { bytes.extend_from_slice(&written[..end]); break; }`"
        ]
    }
    "The prompt is kept, whatever it is" => the_prompt_is_kept {
        points: 2, section: "writing", hints: [
            "Only a line end that is written ends the writing.",
            "Look at the bytes of each new token, not at the whole text.",
            "Begin with `prompt.as_bytes().to_vec()` and only add to it."
        ]
    }
    "Characters of several tokens stay whole" => characters_of_several_tokens_stay_whole {
        points: 2, section: "writing", hints: [
            "é is two bytes, and here each is a token. What is the text of the first one?",
            "Join bytes, not strings.",
            "`String::from_utf8_lossy(&bytes).into_owned()`, once, at the end."
        ]
    }
    "The first token follows the settings" => the_first_token_follows_the_settings {
        points: 3, section: "writing", hints: [
            "Temperature and filters have a lesson of their own. Which function of it draws a token?",
            "`sample(&logits, sampling, rng)?` gives the index of a logit, and that is the id of a token.",
        ]
    }
    "Writing refuses bad settings" => writing_refuses_bad_settings {
        points: 1, section: "writing", hints: [
            "Who finds out that a temperature of −1 makes no sense?",
            "Pass on the error of `sample` with `?`."
        ]
    }
}

const EXACT: Tolerance = Tolerance { rtol: 1e-9, atol: 0.0 };
const GREEDY: Sampling = Sampling { temperature: 0.0, top_k: None, top_p: None, min_p: None };
const WORDS: &str = " the cat sat on the mat, the cat ate;\nthe naïve bat sat 🦇 there.\n\nthe end ";

fn rng() -> StdRng {
    StdRng::seed_from_u64(11)
}

fn training_learns_merges_and_counts() -> Outcome {
    let town = World::new(3).text(0, 3000);
    for (text, vocab_size, order) in [(WORDS, 263, 2), (WORDS, 271, 4), (&town, 301, 3)] {
        let buddy = subject::train(text, vocab_size, order)?;
        let what = format!("vocabulary {vocab_size}, order {order}, {} bytes of text", text.len());
        let bpe = bpe_train(text, vocab_size, &[])?;
        expect_eq(&format!("{what}: the merges"), buddy.bpe.merges(), bpe.merges())?;
        let ngram = &buddy.ngram;
        let got = [buddy.bpe.vocab_size(), ngram.vocab_size(), ngram.order()];
        let want = [bpe.vocab_size(), bpe.vocab_size(), order];
        expect_eq(&format!("{what}: tokens, tokens of the counts, and order"), &got, &want)?;
        let tokens = encode(&bpe, text);
        let windows = Windows::new(&tokens, order, bpe.vocab_size());
        for (context, followers) in &windows.after {
            for (&token, &count) in followers {
                let got = ngram.after(context).map_or(0, |seen| seen.count(token));
                expect(got as f64 == count, || {
                    format!("{what}: expected the count of {token} after {context:?} to be {count}, got {got}")
                })?;
            }
        }
        let all = ngram.contexts().filter(|(_, seen)| seen.total() > 0).count();
        expect_eq(&format!("{what}: the number of contexts"), &[all], &[windows.after.len()])?;
    }
    Ok(())
}

fn a_short_text_has_a_small_vocabulary() -> Outcome {
    // `ab` is one merge, and `🦇` three.
    for (text, merges) in [("ab", 1), ("abab\nab", 2), ("🦇", 3)] {
        let buddy = subject::train(text, 400, 2)?;
        let got = [buddy.bpe.vocab_size(), buddy.ngram.vocab_size()];
        let what = format!("tokens of the vocabulary and of the counts after training on {text:?}");
        expect_eq(&what, &got, &[256 + merges; 2])?;
    }
    Ok(())
}

fn training_refuses_bad_input() -> Outcome {
    // An answer that always fails must not pass.
    let tokens = subject::train("a", 256, 1)?.bpe.vocab_size();
    expect_eq("tokens of a vocabulary without merges", &[tokens], &[256])?;
    expect_error("training on no text", subject::train("", 300, 2))?;
    expect_error("training with order 0", subject::train("abc", 300, 0))?;
    expect_error("training with 255 tokens", subject::train("abc", 255, 2))
}

fn logits_are_log_probabilities() -> Outcome {
    for (vocab_size, order) in [(256, 1), (265, 2), (270, 3), (258, 4)] {
        let buddy = oracle::buddy(WORDS, vocab_size, order)?;
        let tokens = encode(&buddy.bpe, WORDS);
        let windows = Windows::new(&tokens, order, vocab_size);
        for context in ["", "t", "the", " the cat", "the cat sat", "on the mat, the cat sat on"] {
            let what = format!("vocabulary {vocab_size}, order {order}: logits after {context:?}");
            let context = encode(&buddy.bpe, context);
            let (got, want) = (subject::next_logits(&buddy, &context), windows.log_probs(&context));
            expect_close(&what, &[], &got, &want, Tolerance::F32)?;
        }
    }
    Ok(())
}

fn logits_are_finite_after_anything() -> Outcome {
    let buddy = oracle::byte_buddy("abab", 3)?;
    let tokens: Vec<u32> = "abab".repeat(50).bytes().map(byte_id).collect();
    let windows = Windows::new(&tokens, 3, 256);
    for context in [&[][..], &[255], &[0, 0, 0], &[999, tokens[0]], &[tokens[0], u32::MAX]] {
        let got = subject::next_logits(&buddy, context);
        if let Some(token) = got.iter().position(|logit| !logit.is_finite()) {
            let message = format!("after {context:?}, the logit of token {token} is {}", got[token]);
            return Err(Failure::wrong(message));
        }
        let what = format!("after reading abab 50 times: logits after {context:?}");
        expect_close(&what, &[], &got, &windows.log_probs(context), Tolerance::F32)?;
    }
    Ok(())
}

fn untrained_text_has_a_closed_form() -> Outcome {
    for (text, vocab_size) in [("abc", 256), (WORDS, 256), (WORDS, 270), ("🦇🦇 naïve", 263)] {
        let bpe = bpe_train(WORDS, vocab_size, &[])?;
        let buddy = Buddy { bpe: bpe.clone(), ngram: Ngram::new(3, vocab_size)? };
        // Each of N tokens has log2 V bits.
        let tokens = encode(&bpe, text).len() as f64;
        let want = tokens * (vocab_size as f64).ln() / std::f64::consts::LN_2 / text.len() as f64;
        let what = format!("a model that has seen nothing, {vocab_size} tokens: bits per byte of {text:?}");
        expect_close(&what, &[], &[subject::bits_per_byte(&buddy, text)?], &[want], EXACT)?;
    }
    Ok(())
}

fn held_out_text_has_the_bits_of_brute_force() -> Outcome {
    let world = World::new(3);
    let (training, held_out) = (world.text(0, 3000), world.text(1, 900));
    let ends = "The cat sat.\nThe bat sat 🦇 there.\nThe end";
    for (vocab_size, order) in [(256, 4), (301, 2), (310, 3)] {
        let buddy = oracle::buddy(&training, vocab_size, order)?;
        let tokens = encode(&buddy.bpe, &training);
        let windows = Windows::new(&tokens, order, vocab_size);
        for text in [&held_out, "a", ends] {
            let want = windows.bits(&encode(&buddy.bpe, text)) / text.len() as f64;
            let got = subject::bits_per_byte(&buddy, text)?;
            let what = format!(
                "vocabulary {vocab_size}, order {order}: bits per byte of {} bytes held out",
                text.len()
            );
            expect_close(&what, &[], &[got], &[want], EXACT)?;
        }
    }
    Ok(())
}

fn no_text_has_no_bits() -> Outcome {
    // An answer that always fails must not pass.
    let buddy = Buddy { bpe: Bpe::new(vec![], &[])?, ngram: Ngram::new(2, 256)? };
    let got = subject::bits_per_byte(&buddy, "two")?;
    expect_close("bits per byte of a model without counts", &[], &[got], &[8.0], EXACT)?;
    let error = subject::bits_per_byte(&buddy, "").err();
    expect_eq("the error of no text", &[error], &[Some(BuddyError::NoText)])
}

/// The best of these orders, each model made anew and judged by brute force.
fn best(training: &str, held_out: &str, size: usize, orders: &[usize]) -> Result<Choice, Failure> {
    let bpe = bpe_train(training, size, &[])?;
    let (tokens, judged) = (encode(&bpe, training), encode(&bpe, held_out));
    let choice = |&order: &usize| {
        let bits = Windows::new(&tokens, order, bpe.vocab_size()).bits(&judged);
        Choice { order, bits_per_byte: bits / held_out.len() as f64 }
    };
    let all = orders.iter().map(choice);
    let best = all.min_by(|a, b| a.bits_per_byte.total_cmp(&b.bits_per_byte));
    best.ok_or_else(|| Failure::wrong("no orders"))
}

fn expect_choice(what: &str, got: Choice, want: Choice) -> Outcome {
    expect_eq(&format!("{what}: the order"), &[got.order], &[want.order])?;
    let what = format!("{what}: bits per byte of the text held out");
    expect_close(&what, &[], &[got.bits_per_byte], &[want.bits_per_byte], EXACT)
}

fn the_order_is_chosen_on_text_held_out() -> Outcome {
    for (seed, bytes, size) in [(3, 1500, 290), (4, 3000, 300), (5, 2000, 256)] {
        let world = World::new(seed);
        let (training, held_out) = (world.text(0, bytes), world.text(1, 700));
        let orders = [5, 1, 3, 2, 6, 4];
        let want = best(&training, &held_out, size, &orders)?;
        let got = subject::choose_order(&training, &held_out, size, &orders)?;
        expect_choice(&format!("{} bytes of world {seed}", training.len()), got, want)?;
    }
    Ok(())
}

fn the_order_is_one_of_those_given() -> Outcome {
    let world = World::new(3);
    let (training, held_out) = (world.text(0, 1500), world.text(1, 700));
    for orders in [&[6, 1][..], &[8, 7], &[1], &[5]] {
        let want = best(&training, &held_out, 290, orders)?;
        let got = subject::choose_order(&training, &held_out, 290, orders)?;
        expect_choice(&format!("orders {orders:?}"), got, want)?;
    }
    Ok(())
}

fn of_equal_orders_the_lowest_is_chosen() -> Outcome {
    // One token has no context, so all orders are equal: P = (0 + 2/256) / (2 + 2), 9 bits.
    for orders in [&[3, 2, 5][..], &[2, 4], &[7, 6], &[4, 3, 3]] {
        let got = subject::choose_order("ab", "z", 256, orders)?;
        let order = orders.iter().copied().min().unwrap_or(0);
        let want = Choice { order, bits_per_byte: 9.0 };
        expect_choice(&format!("trained on ab, held out z, orders {orders:?}"), got, want)?;
    }
    Ok(())
}

fn choosing_refuses_bad_input() -> Outcome {
    // An answer that always fails must not pass.
    let want = Choice { order: 2, bits_per_byte: 9.0 };
    expect_choice("trained on ab, held out z", subject::choose_order("ab", "z", 256, &[2])?, want)?;
    let error = subject::choose_order("ab", "z", 256, &[]).err();
    expect_eq("the error of no orders", &[error], &[Some(BuddyError::NoOrders)])?;
    expect_error("choosing from orders 2 and 0", subject::choose_order("ab", "z", 256, &[2, 0]))?;
    expect_error("choosing without held-out text", subject::choose_order("ab", "", 256, &[2]))?;
    expect_error("choosing without training text", subject::choose_order("", "z", 256, &[2]))?;
    expect_error("choosing with 255 tokens", subject::choose_order("ab", "z", 255, &[2]))
}

/// What a Buddy writes without chance, compared with what must come.
fn expect_greedy(buddy: &Buddy, cases: &[(&str, usize, &str)]) -> Outcome {
    for &(prompt, max_tokens, want) in cases {
        let got = subject::complete(buddy, prompt, &GREEDY, max_tokens, &mut rng())?;
        expect(got == want, || {
            format!("after {prompt:?}, at most {max_tokens} new tokens, temperature 0: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

fn a_greedy_text_goes_round_the_ring() -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg\n", 2)?;
    expect_greedy(&buddy, &[("b", 40, "bcdefg"), ("abc", 40, "abcdefg"), ("gab", 7, "gabcdefg")])
}

fn all_tokens_before_count() -> Outcome {
    let buddy = oracle::byte_buddy("kab1\nzab2\n", 4)?;
    expect_greedy(&buddy, &[("zab", 9, "zab2"), ("ka", 9, "kab1"), ("z", 9, "zab2"), ("k", 9, "kab1")])
}

fn at_most_so_many_tokens_are_new() -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg", 2)?;
    let cases = [("cd", 5, "cdefgab"), ("cd", 1, "cde"), ("cd", 0, "cd"), ("fgabc", 2, "fgabcde")];
    expect_greedy(&buddy, &cases)
}

fn a_token_may_hold_a_line_end() -> Outcome {
    let [a, g, end, h] = [b'a', b'g', b'\n', b'h'].map(byte_id);
    // Token 256 is "g\n", token 257 is "g\nh".
    let bpe = Bpe::new(vec![(g, end), (256, h)], &[])?;
    for (token, place) in [(257, "in the middle of it"), (256, "at its end")] {
        let buddy = Buddy { bpe: bpe.clone(), ngram: fit(&[a, token].repeat(50), 2, 258)? };
        let got = subject::complete(&buddy, "a", &GREEDY, 6, &mut rng())?;
        expect(got == "ag", || {
            format!("the token after a begins with g and has a line end {place}: expected \"ag\", got {got:?}")
        })?;
    }
    Ok(())
}

fn the_prompt_is_kept() -> Outcome {
    let buddy = oracle::byte_buddy("xyz\n", 2)?;
    for prompt in ["\nx", "  x", "one\n\ntwo\nx", " naïve 🦇\r\nx", "e\u{301}\u{200d}x", "\u{FFFD}x"] {
        expect_greedy(&buddy, &[(prompt, 9, &format!("{prompt}yz"))])?;
    }
    // Without a prompt, the likeliest byte comes first: of equals, the lowest id.
    expect_greedy(&oracle::byte_buddy("qqqqr\n", 5)?, &[("", 4, "qqqq")])
}

fn characters_of_several_tokens_stay_whole() -> Outcome {
    let buddy = oracle::byte_buddy("xé→🐟!\n", 3)?;
    let cases = [
        ("x", 20, "xé→🐟!"),
        ("xé", 4, "xé→\u{FFFD}"),
        ("x", 1, "x\u{FFFD}"),
        ("x", 3, "xé\u{FFFD}"),
        ("xé→", 4, "xé→🐟"),
    ];
    expect_greedy(&buddy, &cases)
}

const DRAWS: usize = 2000;

fn the_first_token_follows_the_settings() -> Outcome {
    let text = "xaxaxaxaxaxbxbxbxcxc";
    let tokens: Vec<u32> = text.bytes().map(byte_id).collect();
    let buddy = Buddy { bpe: Bpe::new(vec![], &[])?, ngram: fit(&tokens, 2, 256)? };
    let windows = Windows::new(&tokens, 2, 256);
    let all = Sampling::default();
    let mut rng = rng();
    // The letters that the filters leave, and whether others are left, too.
    for (sampling, kept, others) in [
        (all, "abcx", true),
        (Sampling { temperature: 0.5, top_k: Some(3), ..all }, "abc", false),
        (Sampling { temperature: 3.0, top_k: Some(2), ..all }, "ab", false),
        (Sampling { top_p: Some(0.5), ..all }, "ab", false),
        (Sampling { min_p: Some(0.5), ..all }, "ab", false),
    ] {
        let weight = |letter: u8| {
            windows.prob(&[byte_id(b'x')], byte_id(letter)).powf(1.0 / sampling.temperature)
        };
        let mut want: Vec<f64> = kept.bytes().map(weight).collect();
        let sum: f64 = want.iter().sum();
        if others {
            want.push(1.0 - sum);
        } else {
            want.iter_mut().for_each(|p| *p /= sum);
            want.push(0.0);
        }
        let mut counts = vec![0; want.len()];
        for _ in 0..DRAWS {
            let text = subject::complete(&buddy, "x", &sampling, 1, &mut rng)?;
            let new = text.strip_prefix('x').ok_or_else(|| {
                Failure::wrong(format!("the prompt x is not the beginning of {text:?}"))
            })?;
            let place = new.chars().next().and_then(|letter| kept.find(letter));
            counts[place.unwrap_or(kept.len())] += 1;
        }
        let what = format!("first new byte, one of {kept} or another, with {sampling:?}");
        expect_distribution(&what, &counts, &want)?;
    }
    Ok(())
}

fn writing_refuses_bad_settings() -> Outcome {
    let buddy = oracle::byte_buddy("abcdefg\n", 2)?;
    // An answer that always fails must not pass.
    expect_greedy(&buddy, &[("d", 9, "defg")])?;
    let all = Sampling::default();
    for sampling in [
        Sampling { temperature: -1.0, ..all },
        Sampling { temperature: f64::NAN, ..all },
        Sampling { top_k: Some(0), ..all },
        Sampling { top_p: Some(1.5), ..all },
    ] {
        let text = subject::complete(&buddy, "d", &sampling, 9, &mut rng());
        expect_error(&format!("writing with {sampling:?}"), text)?;
    }
    Ok(())
}

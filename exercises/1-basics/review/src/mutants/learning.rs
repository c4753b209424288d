//! Wrong training, logits, bits and choices.

use tokenization::fast::{self, Encoder};
use tokenization::sample_vocab;
use what_an_llm_is::solution::{fit, prob};

use crate::{Buddy, BuddyError, Choice, solution};

/// The tokens of a text and the probability of each.
fn judged(buddy: &Buddy, text: &str) -> Result<Vec<f64>, BuddyError> {
    // Refuses what the reference refuses.
    solution::bits_per_byte(buddy, text)?;
    let tokens = Encoder::new(&buddy.bpe).encode(text);
    Ok((0..tokens.len()).map(|i| prob(&buddy.ngram, &tokens[..i], tokens[i])).collect())
}

/// The reference's logits with another way to read the context.
fn read(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
    solution::next_logits(buddy, context)
}

grading::mutants! {
    /// No merges, however large the vocabulary.
    trains_on_bytes_only {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text, vocab_size, order)?;
            solution::train(text, 256, order)
        }
    }
    /// The merges of another text.
    trains_with_a_vocabulary_of_prose {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text, vocab_size, order)?;
            let bpe = sample_vocab(vocab_size)?;
            let ngram = fit(&Encoder::new(&bpe).encode(text), order, bpe.vocab_size())?;
            Ok(Buddy { bpe, ngram })
        }
    }
    /// Takes the order for the length of the longest context, and corrects it.
    trains_one_order_less {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text, vocab_size, order)?;
            solution::train(text, vocab_size, order.max(2) - 1)
        }
    }
    /// Cleans the text first.
    trains_without_the_spaces {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text.trim(), vocab_size, order)
        }
    }
    /// Never learns that a line ends.
    trains_line_by_line {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(&text.replace('\n', ""), vocab_size, order)
        }
    }
    /// The counts have more tokens than the vocabulary.
    trains_for_the_size_asked_for {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            let Buddy { bpe, .. } = solution::train(text, vocab_size, order)?;
            let ngram = fit(&Encoder::new(&bpe).encode(text), order, vocab_size)?;
            Ok(Buddy { bpe, ngram })
        }
    }
    /// A model that has read nothing is no error.
    trains_on_nothing {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            let bpe = fast::train(text, vocab_size, &[])?;
            let ngram = fit(&Encoder::new(&bpe).encode(text), order, bpe.vocab_size())?;
            Ok(Buddy { bpe, ngram })
        }
    }
    /// Repairs an order that makes no sense.
    trains_with_order_one_at_least {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text, vocab_size, order.max(1))
        }
    }
    /// Repairs a vocabulary that is too small.
    trains_with_bytes_at_least {
        pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
            solution::train(text, vocab_size.max(256), order)
        }
    }
    /// Forgets the logarithm, so the softmax flattens everything.
    logits_are_probabilities {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            read(buddy, context).into_iter().map(f32::exp).collect()
        }
    }
    /// The base 2 does not fit to exp.
    logits_are_bits {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            read(buddy, context).into_iter().map(|x| x * std::f32::consts::LOG2_E).collect()
        }
    }
    /// Frequent tokens are likely everywhere.
    logits_without_context {
        pub fn next_logits(buddy: &Buddy, _context: &[u32]) -> Vec<f32> {
            read(buddy, &[])
        }
    }
    /// Cuts the context at the wrong end.
    logits_of_the_beginning {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            read(buddy, &context[..context.len().min(buddy.ngram.order() - 1)])
        }
    }
    /// A bigram model, whatever the order.
    logits_of_the_last_token {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            read(buddy, &context[context.len().saturating_sub(1)..])
        }
    }
    /// What was never seen can never come.
    logits_rule_out_the_unseen {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            let seen = |id| buddy.ngram.after(&[]).is_some_and(|seen| seen.count(id) > 0);
            let logits = (0..).zip(read(buddy, context));
            logits.map(|(id, x)| if seen(id) { x } else { f32::NEG_INFINITY }).collect()
        }
    }
    /// As many logits as there are tokens in the text.
    logits_stop_at_the_highest_seen {
        pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
            let last = buddy.ngram.after(&[]).and_then(|seen| seen.iter().last());
            let mut logits = read(buddy, context);
            logits.truncate(last.map_or(0, |(id, _)| id as usize + 1));
            logits
        }
    }
    /// Cut the text into larger tokens, and the number grows.
    bits_per_token {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            let tokens = judged(buddy, text)?.len();
            Ok(solution::bits_per_byte(buddy, text)? * text.len() as f64 / tokens as f64)
        }
    }
    /// Characters are not bytes.
    bits_per_character {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            let bits = solution::bits_per_byte(buddy, text)? * text.len() as f64;
            Ok(bits / text.chars().count() as f64)
        }
    }
    /// The natural logarithm.
    nats_per_byte {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            Ok(solution::bits_per_byte(buddy, text)? * std::f64::consts::LN_2)
        }
    }
    /// Forgets to divide.
    bits_of_the_whole_text {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            Ok(solution::bits_per_byte(buddy, text)? * text.len() as f64)
        }
    }
    /// Judges each token alone.
    bits_without_context {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            let mut alone = buddy.clone();
            alone.ngram.set_order(1)?;
            solution::bits_per_byte(&alone, text)
        }
    }
    /// The first token has no context, so it is left out.
    bits_skip_the_first_token {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            let probs = judged(buddy, text)?;
            Ok(probs[1..].iter().map(|p| -p.log2()).sum::<f64>() / text.len() as f64)
        }
    }
    /// The logarithm of the mean is not the mean of the logarithms.
    bits_of_the_mean_probability {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            let probs = judged(buddy, text)?;
            let n = probs.len() as f64;
            Ok(-(probs.iter().sum::<f64>() / n).log2() * n / text.len() as f64)
        }
    }
    /// Forgets the line before.
    bits_of_lines {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            solution::bits_per_byte(buddy, text)?;
            let mut bits = 0.0;
            for line in text.split_inclusive('\n') {
                bits += solution::bits_per_byte(buddy, line)? * line.len() as f64;
            }
            Ok(bits / text.len() as f64)
        }
    }
    /// Nothing surprises nobody.
    bits_of_nothing {
        pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
            if text.is_empty() { Ok(0.0) } else { solution::bits_per_byte(buddy, text) }
        }
    }
    /// Judges each order on the text that it has memorized.
    chooses_by_training_loss {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            solution::choose_order(training, held_out, vocab_size, orders)?;
            solution::choose_order(training, training, vocab_size, orders)
        }
    }
    /// Trains on everything there is.
    chooses_after_a_leak {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            solution::choose_order(training, held_out, vocab_size, orders)?;
            solution::choose_order(&[training, held_out].concat(), held_out, vocab_size, orders)
        }
    }
    /// The counts are honest, but the merges have seen the text held out.
    chooses_with_a_leaked_vocabulary {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            let right = solution::choose_order(training, held_out, vocab_size, orders)?;
            let bpe = fast::train(&[training, held_out].concat(), vocab_size, &[])?;
            let highest = orders.iter().copied().max().unwrap_or(1);
            let ngram = fit(&Encoder::new(&bpe).encode(training), highest, bpe.vocab_size())?;
            let mut buddy = Buddy { bpe, ngram };
            let mut best = Choice { bits_per_byte: f64::INFINITY, ..right };
            for &order in orders {
                buddy.ngram.set_order(order)?;
                let bits_per_byte = solution::bits_per_byte(&buddy, held_out)?;
                if bits_per_byte < best.bits_per_byte {
                    best = Choice { order, bits_per_byte };
                }
            }
            Ok(best)
        }
    }
    /// More memory is better.
    chooses_the_highest {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            solution::choose_order(training, held_out, vocab_size, orders)?;
            let highest = orders.iter().copied().max().ok_or(BuddyError::NoOrders)?;
            solution::choose_order(training, held_out, vocab_size, &[highest])
        }
    }
    /// Tries orders that nobody asked for.
    chooses_up_to_the_highest {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            solution::choose_order(training, held_out, vocab_size, orders)?;
            let all: Vec<usize> = (1..=orders.iter().copied().max().unwrap_or(1)).collect();
            solution::choose_order(training, held_out, vocab_size, &all)
        }
    }
    /// `<=` where `<` belongs.
    chooses_the_last_of_equals {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            let mut best = solution::choose_order(training, held_out, vocab_size, orders)?;
            for &order in orders {
                let choice = solution::choose_order(training, held_out, vocab_size, &[order])?;
                if choice.bits_per_byte <= best.bits_per_byte {
                    best = choice;
                }
            }
            Ok(best)
        }
    }
    /// Takes the list for sorted.
    chooses_the_first_of_equals {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            let right = solution::choose_order(training, held_out, vocab_size, orders)?;
            for &order in orders {
                let choice = solution::choose_order(training, held_out, vocab_size, &[order])?;
                if choice.bits_per_byte <= right.bits_per_byte {
                    return Ok(choice);
                }
            }
            Ok(right)
        }
    }
    /// Falls back to an order that nobody asked for.
    chooses_one_of_no_orders {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            let orders = if orders.is_empty() { &[1] } else { orders };
            solution::choose_order(training, held_out, vocab_size, orders)
        }
    }
    /// Drops an order that makes no sense without a word.
    chooses_without_order_zero {
        pub fn choose_order(training: &str, held_out: &str, vocab_size: usize, orders: &[usize]) -> Result<Choice, BuddyError> {
            let orders: Vec<usize> = orders.iter().copied().filter(|&order| order > 0).collect();
            solution::choose_order(training, held_out, vocab_size, &orders)
        }
    }
}

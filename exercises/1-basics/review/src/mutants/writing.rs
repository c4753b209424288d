//! Wrong ways to write.

use rand::Rng;
use softmax_sampling::Sampling;
use softmax_sampling::solution::sample;
use tokenization::fast::Encoder;

use crate::solution::next_logits;
use crate::{Buddy, BuddyError, solution};

/// What a mutant changes.
struct Habits {
    /// The context, of all tokens and how many of them are the prompt's.
    context: fn(&[u32], usize) -> &[u32],
    /// How much of a token is kept, and whether it is the last.
    keep: fn(&[u8]) -> (usize, bool),
    /// The bytes as text: those of the prompt, those of each new token.
    read: fn(&[u8], &[Vec<u8>]) -> String,
}

/// Those of the reference.
const GOOD: Habits = Habits {
    context: |tokens, _| tokens,
    keep: |written| match written.iter().position(|&byte| byte == b'\n') {
        Some(end) => (end, true),
        None => (written.len(), false),
    },
    read: |prompt, new| String::from_utf8_lossy(&[prompt, &new.concat()].concat()).into_owned(),
};

/// The reference with other habits.
fn write(
    habits: &Habits,
    buddy: &Buddy,
    prompt: &str,
    sampling: &Sampling,
    max_tokens: usize,
    rng: &mut impl Rng,
) -> Result<String, BuddyError> {
    let mut tokens = Encoder::new(&buddy.bpe).encode(prompt);
    let prompt_tokens = tokens.len();
    let mut new = Vec::new();
    for _ in 0..max_tokens {
        let context = (habits.context)(&tokens, prompt_tokens);
        let next = sample(&next_logits(buddy, context), sampling, rng)? as u32;
        tokens.push(next);
        let written = buddy.bpe.bytes(next).unwrap_or_default();
        let (kept, last) = (habits.keep)(written);
        new.push(written[..kept].to_vec());
        if last {
            break;
        }
    }
    Ok((habits.read)(prompt.as_bytes(), &new))
}

/// `complete` with its long signature.
macro_rules! complete {
    (|$buddy:ident, $prompt:ident, $sampling:ident, $max_tokens:ident, $rng:ident| $body:expr) => {
        /// Has the bug.
        ///
        /// # Errors
        /// Those of the reference.
        pub fn complete(
            $buddy: &Buddy,
            $prompt: &str,
            $sampling: &Sampling,
            $max_tokens: usize,
            $rng: &mut impl Rng,
        ) -> Result<String, BuddyError> {
            $body
        }
    };
}

grading::mutants! {
    /// Returns the new text alone.
    drops_the_prompt {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let text = solution::complete(buddy, prompt, sampling, max_tokens, rng)?;
            Ok(text[prompt.len()..].to_owned())
        });
    }
    /// The line end belongs to nobody, and is kept.
    includes_the_line_end {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let keep = |written: &[u8]| match (GOOD.keep)(written) {
                (end, true) => (end + 1, true),
                all => all,
            };
            write(&Habits { keep, ..GOOD }, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// One story after the other.
    never_stops {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let keep = |written: &[u8]| (written.len(), false);
            write(&Habits { keep, ..GOOD }, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// The new tokens never become context.
    remembers_the_prompt_only {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let habits = Habits { context: |tokens, prompt| &tokens[..prompt], ..GOOD };
            write(&habits, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// A bigram model, whatever the order.
    remembers_the_last_token {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let habits = Habits { context: |tokens, _| &tokens[tokens.len().saturating_sub(1)..], ..GOOD };
            write(&habits, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// Begins anew instead of going on.
    forgets_the_prompt {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let habits = Habits { context: |tokens, prompt| &tokens[prompt..], ..GOOD };
            write(&habits, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// Takes the limit for that of prompt and text together.
    counts_the_prompt {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let used = Encoder::new(&buddy.bpe).encode(prompt).len();
            solution::complete(buddy, prompt, sampling, max_tokens.saturating_sub(used), rng)
        });
    }
    /// `..=` where `..` belongs.
    counts_one_more {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            solution::complete(buddy, prompt, sampling, max_tokens + 1, rng)
        });
    }
    /// Throws away what stands before the line end in its token.
    stops_before_a_line_end_token {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let keep = |written: &[u8]| match (GOOD.keep)(written) {
                (_, true) => (0, true),
                all => all,
            };
            write(&Habits { keep, ..GOOD }, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// Looks for a token that is nothing but a line end.
    keeps_a_token_with_a_line_end {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let keep = |written: &[u8]| match written {
                b"\n" => (0, true),
                _ => (written.len(), false),
            };
            write(&Habits { keep, ..GOOD }, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// Cuts the whole text at its first line end.
    stops_at_a_line_end_of_the_prompt {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let text = solution::complete(buddy, prompt, sampling, max_tokens, rng)?;
            Ok(text.split('\n').next().unwrap_or_default().to_owned())
        });
    }
    /// Cleans the prompt first.
    trims_the_prompt {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            solution::complete(buddy, prompt.trim(), sampling, max_tokens, rng)
        });
    }
    /// Half a character is no text.
    decodes_token_by_token {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let read = |prompt: &[u8], new: &[Vec<u8>]| {
                let new = new.iter().map(|bytes| String::from_utf8_lossy(bytes));
                std::iter::once(String::from_utf8_lossy(prompt)).chain(new).collect()
            };
            write(&Habits { read, ..GOOD }, buddy, prompt, sampling, max_tokens, rng)
        });
    }
    /// Keeps valid text only.
    drops_what_is_unfinished {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let text = solution::complete(buddy, prompt, sampling, max_tokens, rng)?;
            let end = text.trim_end_matches('\u{FFFD}').len().max(prompt.len());
            Ok(text[..end].to_owned())
        });
    }
    /// Never draws.
    always_takes_the_likeliest {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            sampling.validate()?;
            let greedy = Sampling { temperature: 0.0, ..*sampling };
            solution::complete(buddy, prompt, &greedy, max_tokens, rng)
        });
    }
    /// Draws as the model says, unless it shall be certain.
    ignores_the_temperature {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            sampling.validate()?;
            let temperature = if sampling.temperature == 0.0 { 0.0 } else { 1.0 };
            let sampling = Sampling { temperature, ..*sampling };
            solution::complete(buddy, prompt, &sampling, max_tokens, rng)
        });
    }
    /// Knows the temperature only.
    ignores_the_filters {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            sampling.validate()?;
            let sampling = Sampling { temperature: sampling.temperature, ..Sampling::default() };
            solution::complete(buddy, prompt, &sampling, max_tokens, rng)
        });
    }
    /// Returns what it has when something fails.
    swallows_the_error {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let text = solution::complete(buddy, prompt, sampling, max_tokens, rng);
            Ok(text.unwrap_or_else(|_| prompt.to_owned()))
        });
    }
    /// Repairs settings that make no sense.
    writes_on_with_default_settings {
        complete!(|buddy, prompt, sampling, max_tokens, rng| {
            let good = sampling.validate().is_ok();
            let sampling = if good { *sampling } else { Sampling::default() };
            solution::complete(buddy, prompt, &sampling, max_tokens, rng)
        });
    }
}

//! The numbers of the page.

use grading::numbers::{count, short};
use grading::{Outcome, Worked};

use crate::cost::{LLAMA_ON_H100, with_cache, without_cache, writing};
use crate::example::{LETTER, moved_by_the_last};
use crate::solution::window_mask;

/// The tokens of the first guess, and of a longer text.
const SOME: usize = 100;
const MANY: usize = 1000;
/// A prompt of Llama.
const PROMPT: usize = 8192;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let whole = |n: usize| count(n as u64);
    worked.set("words", LETTER.len());
    let read_again: usize = (1..=LETTER.len()).sum();
    worked.set("words-again", read_again);
    let [three, three_again] = writing(3);
    worked.set("three", three).set("three-again", three_again);
    for (name, tokens) in [("some", SOME), ("many", MANY)] {
        let [with, without] = writing(tokens);
        worked.set(name, whole(tokens));
        worked.set(&format!("{name}-with"), whole(with));
        worked.set(&format!("{name}-without"), whole(without));
        worked.set(&format!("{name}-times"), without / with);
    }
    worked.set("last-with", whole(with_cache(SOME - 1, 1)));
    worked.set("last-without", whole(without_cache(SOME - 1, 1)));

    let moved = moved_by_the_last(&LETTER, false)?;
    worked.set("moved-first", short(moved[0], 2));
    worked.set("moved-first-causal", short(moved_by_the_last(&LETTER, true)?[0], 6));

    let mask = window_mask(2, 5, 3)?.to_vec2::<u8>()?;
    let row = |row: &Vec<u8>| row.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    worked.set("window-row", row(&mask[0]));

    let llama = LLAMA_ON_H100;
    worked.set("llama-billion", llama.weights / 1e9);
    worked.set("llama-weights", short(llama.bytes(0.0, 0.0) / 1e9, 0));
    worked.set("llama-token", whole(llama.cache_bytes() as usize));
    worked.set("prompt", whole(PROMPT));
    let cache = llama.bytes(1.0, PROMPT as f64) - llama.bytes(0.0, 0.0);
    worked.set("llama-cache", short(cache / 1e9, 1));
    let reading = llama.bytes(0.0, 0.0) / llama.bandwidth;
    let computing = llama.weights / llama.speed;
    worked.set("reading-ms", short(reading * 1e3, 1));
    worked.set("computing-ms", short(computing * 1e3, 3));
    worked.set("most-tokens", short(1.0 / reading, 0));
    worked.set("reading-times", whole((reading / computing).round() as usize));
    Ok(())
}

//! Buddy writes 256 tokens: with what its blocks kept of the tokens before, and by reading all of
//! them again for each new one.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use candle_core::{Device, Tensor};
use gpt::{Config, Gpt2, SOLUTION, buddy};

use crate::timing::ratio;

const TOKENS: usize = 256;
const ROUNDS: usize = 5;
/// Where the time a token is shown.
const LENGTHS: [usize; 4] = [16, 64, 128, 255];
/// So many tokens before and behind are looked at, too.
const AROUND: usize = 7;

/// The tokens, and the time that each took.
struct Written {
    tokens: Vec<u32>,
    times: Vec<Duration>,
}

/// Prints the times and the ratios.
pub fn bench() -> Result<()> {
    let config = Config { n_positions: TOKENS, ..buddy() };
    let parameters = (SOLUTION.parameters)(&config).total();
    let model = Gpt2::random(config, 1)?;
    println!("Buddy, {parameters} parameters, writes {TOKENS} tokens on the CPU");
    let mut rounds: [Vec<Written>; 2] = Default::default();
    for round in 0..=ROUNDS {
        let both = [with_cache(&model)?, anew(&model)?];
        ensure!(both[0].tokens == both[1].tokens, "the cache changes what is written");
        // The first round warms up.
        for (rounds, written) in rounds.iter_mut().zip(both).filter(|_| round > 0) {
            rounds.push(written);
        }
    }
    // The shortest of all rounds, for each place: what it takes when nothing else disturbs it.
    let places = rounds.map(|rounds| {
        let shortest = |place: usize| rounds.iter().map(|written| written.times[place]).min();
        (0..TOKENS).filter_map(shortest).collect::<Vec<Duration>>()
    });
    let [cached, anew] = places.each_ref().map(|times| {
        LENGTHS.map(|length| {
            let around = length.saturating_sub(AROUND)..(length + AROUND + 1).min(TOKENS);
            median(times[around].to_vec())
        })
    });
    for ((length, cached), anew) in LENGTHS.into_iter().zip(cached).zip(anew) {
        println!(
            "  behind {length} tokens: {:.2} ms a token with the cache, {:.2} ms without: {:.1}×",
            cached.as_secs_f64() * 1e3,
            anew.as_secs_f64() * 1e3,
            ratio(anew, cached)
        );
    }
    let [cached_all, anew_all] = places.map(|times| times.iter().sum::<Duration>());
    println!("  all {TOKENS}: {:.1}× as fast with the cache", ratio(anew_all, cached_all));
    println!(
        "  5× is the budget at {TOKENS} tokens, and flat in length: the last token takes {:.2}× \
         the time of token {}",
        ratio(cached[3], cached[0]),
        LENGTHS[0]
    );
    println!("  {:.0} tokens/s with the cache", TOKENS as f64 / cached_all.as_secs_f64());
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn with_cache(model: &Gpt2) -> Result<Written> {
    let mut past = Vec::new();
    written(|tokens| {
        let last = &tokens[tokens.len() - 1..];
        let (logits, kept) = (SOLUTION.forward)(
            model,
            &Tensor::new(last, &Device::Cpu)?.unsqueeze(0)?,
            None,
            &past,
        )?;
        past = kept;
        Ok(logits)
    })
}

fn anew(model: &Gpt2) -> Result<Written> {
    written(|tokens| {
        let ids = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        Ok((SOLUTION.forward)(model, &ids, None, &[])?.0)
    })
}

/// Writes by always taking the likeliest token.
fn written(mut logits: impl FnMut(&[u32]) -> Result<Tensor>) -> Result<Written> {
    let mut tokens = vec![1];
    let mut times = Vec::new();
    while times.len() < TOKENS {
        let start = Instant::now();
        let logits = logits(&tokens)?;
        let last = logits.narrow(1, logits.dim(1)? - 1, 1)?.flatten_all()?.to_vec1::<f32>()?;
        let best = (0..last.len()).max_by(|&a, &b| last[a].total_cmp(&last[b]));
        times.push(start.elapsed());
        // What is likeliest of all repeats soon; a number of the place keeps the text going.
        tokens.push(((best.unwrap_or(0) + times.len()) % last.len()) as u32);
    }
    Ok(Written { tokens, times })
}

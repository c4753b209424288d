//! What is right, computed without the lesson's code. The checks compare with it.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::{Stop, Visible};

/// The logits of these shares at temperature 1.
pub fn logits_of(shares: &[f64]) -> Vec<f32> {
    shares.iter().map(|p| p.ln() as f32).collect()
}

/// Numbers of both signs up to ±4, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..count).map(|_| rng.random_range(-4.0_f32..4.0)).collect()
}

/// All strings of these bytes up to a length, the empty one first.
pub fn strings(alphabet: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..longest {
        let shorter = from..all.len();
        from = all.len();
        for i in shorter {
            for &byte in alphabet {
                let longer = [&all[i][..], &[byte]].concat();
                all.push(longer);
            }
        }
    }
    all
}

/// Of all places where a stop sequence stands, the earliest; then the shortest, then the first.
pub fn earliest(text: &[u8], stops: &[&str]) -> Option<Stop> {
    let mut places = Vec::new();
    for (index, stop) in stops.iter().enumerate() {
        for (start, window) in text.windows(stop.len()).enumerate() {
            if window == stop.as_bytes() {
                places.push((start, stop.len(), index));
            }
        }
    }
    places.into_iter().min().map(|(start, _, index)| Stop { start, index })
}

/// What all texts that begin like this one show when they are over: the longest beginning that is
/// right for each of them. Those that go on with these bytes stand for all.
pub fn common(text: &[u8], stops: &[&str], alphabet: &[u8]) -> Visible {
    let longest = stops.iter().map(|stop| stop.len()).fold(3, usize::max);
    let over = |ending: Vec<u8>| {
        let all = [text, &ending].concat();
        let stop = earliest(&all, stops);
        let shown = &all[..stop.map_or(all.len(), |stop| stop.start)];
        (String::from_utf8_lossy(shown).into_owned(), stop)
    };
    let all: Vec<(String, Option<Stop>)> =
        strings(alphabet, longest).into_iter().map(over).collect();
    if let Some(stop) = all[0].1
        && all.iter().all(|(_, other)| *other == Some(stop))
    {
        return Visible { len: stop.start, stop: Some(stop.index) };
    }
    let is_right = |&len: &usize| {
        let shown = String::from_utf8_lossy(&text[..len]);
        all.iter().all(|(text, _)| text.starts_with(&*shown))
    };
    Visible { len: (0..=text.len()).rev().find(is_right).unwrap_or(0), stop: None }
}

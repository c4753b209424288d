//! The numbers of the page.

use grading::numbers::{percent, short};
use grading::random::seeded;
use grading::{Outcome, Worked, expect};

use crate::oracle::{choose, span_counts};
use crate::solution::{bart_infill, causal, noise_mask, span_corrupt};
use crate::{Denoising, IGNORED, Infilling, Masking, Sentinels, Spans};

/// The text of the page.
pub const SENTENCES: &str = "Mila found an old key in the garden. She gave it to her brother \
    before the rain began. He tried it on every door of the house, and the last one opened.";

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
    let bert = Masking::bert(103, 30_522);
    worked.set("rate", percent(bert.rate, 0)).set("mask", percent(bert.mask, 0));
    worked.set("random", percent(bert.random, 0));
    worked.set("kept", percent(1.0 - bert.mask - bert.random, 0));
    for (name, share) in [("masked-of-all", bert.mask), ("random-of-all", bert.random)] {
        worked.set(name, short(100.0 * bert.rate * share, 1) + "%");
    }
    worked.set("passes", short(1.0 / bert.rate, 1));
    worked.set("silent", percent((1.0 - bert.rate).powi(4), 0));

    worked.set("words", SENTENCES.split(' ').count());

    // One text, and how much each objective asks for.
    const N: usize = 512;
    worked.set("n", N);
    let ids: Vec<u32> = (2..2 + N as u32).collect();
    let labels = causal(&ids, &[true; N])?.labels;
    worked.set("causal", labels.iter().filter(|&&label| label != IGNORED).count());
    worked.set("masked", short(bert.rate * N as f64, 1));
    worked.set("permuted", short(N as f64 / 6.0, 0));
    let t5 = |n: usize| -> Result<(Vec<bool>, Denoising), grading::Failure> {
        let ids: Vec<u32> = (2..2 + n as u32).collect();
        let mask = noise_mask(n, &Spans::T5, &mut seeded(1))?;
        let made = span_corrupt(&ids, &mask, &Sentinels::t5())?;
        Ok((mask, made))
    };
    let (mask, made) = t5(N)?;
    worked.set("t5-hidden", mask.iter().filter(|is| **is).count());
    worked.set("t5-input", made.input.len()).set("t5-target", made.target.len());
    let infilling = Infilling::bart(1);
    let bart = bart_infill(&ids, &infilling, &mut seeded(1))?;
    let hidden = ids.iter().filter(|id| !bart.input.contains(id)).count();
    let masks = mean_masks(hidden, infilling.lambda);
    worked.set("bart-rate", percent(infilling.rate, 0)).set("bart-hidden", hidden);
    worked.set("bart-input", short((N - hidden) as f64 + masks, 0));
    worked.set("bart-target", bart.target.len());

    // As Raffel and others cut their texts.
    let (mask, made) = t5(568)?;
    let hidden = mask.iter().filter(|is| **is).count();
    let spans = mask.windows(2).filter(|two| !two[0] && two[1]).count();
    worked.set("long", 568).set("long-share", short(0.15 * 568.0, 1));
    worked.set("long-hidden", hidden).set("long-thirds", short(hidden as f64 / 3.0, 2));
    worked.set("long-spans", spans).set("long-kept", 568 - hidden);
    worked.set("long-input", made.input.len()).set("long-target", made.target.len());

    // How many masks a short text has.
    let masks = choose(5, 2) * choose(5, 2);
    worked.set("cuts", choose(5, 2)).set("masks", masks);
    for (name, n) in [("ten", 10), ("thirty", 30)] {
        let (mask, _) = t5(n)?;
        worked.set(name, mask.iter().filter(|is| **is).count());
        worked.set(&format!("{name}-share"), short(0.15 * n as f64, 1));
    }

    // Lengths of BART's spans.
    let lambda = Infilling::bart(1).lambda;
    worked.set("none", percent((-lambda).exp(), 1)).set("lambda", lambda);
    let twenty = (0.3_f64 * 20.0).ceil() as usize;
    let mean = mean_masks(twenty, lambda);
    worked.set("twenty", twenty).set("twenty-masks", short(mean, 1));

    // Five tokens, of which a span of two and one of none are hidden.
    const MASK: u32 = 9;
    let is_shuffled = |input: &Vec<u32>| *input == [0, MASK, 3, MASK, 4];
    let draw = |seed| bart_infill(&[0, 1, 2, 3, 4], &Infilling::bart(MASK), &mut seeded(seed));
    let input = (1..5000).filter_map(|seed| Some(draw(seed).ok()?.input)).find(is_shuffled);
    let name = |&id: &u32| ["a", "b", "c", "d", "e"].get(id as usize).copied().unwrap_or("[MASK]");
    let shown: Vec<&str> = input.iter().flatten().map(name).collect();
    worked.set("five-input", shown.join(" "));
    expect(mean > 1.0 && input.is_some(), || "there is a span, and an empty one".into())
}

/// How many masks hide so many tokens, on average.
fn mean_masks(hidden: usize, lambda: f64) -> f64 {
    let counts = span_counts(hidden, lambda, 60 + hidden);
    counts.iter().enumerate().map(|(masks, p)| masks as f64 * p).sum()
}

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
    let bart = bart_infill(&ids, &Infilling::bart(1), &mut seeded(1))?;
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
    let counts = span_counts(twenty, lambda, 60);
    let mean: f64 = counts.iter().enumerate().map(|(masks, p)| masks as f64 * p).sum();
    worked.set("twenty", twenty).set("twenty-masks", short(mean, 1));
    worked.set("one-mask", percent(counts[1], 0)).set("two-masks", percent(counts[2], 0));
    expect(mean > 1.0, || "there is a span".into())
}

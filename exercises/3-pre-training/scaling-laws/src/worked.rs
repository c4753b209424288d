//! The numbers of the page.

use grading::numbers::{count, percent, power, short};
use grading::{Failure, Outcome, Worked, expect};

use crate::measured::{Noisy, fitted, measured, seen_and_unseen};
use crate::solution::{fit_chinchilla, noise_scale, optimal, steps_and_examples, training_flops};
use crate::{BESIROGLU, Cost, HOFFMANN, Law, Run, SquaredNorm, big, few_starts};

/// Gopher's budget: Hoffmann and others, 2022, table 3.
const GOPHER: f64 = 5.76e23;

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
    worked.set("kaplan-n", percent(10_f64.powf(-0.076), 0));
    worked.set("kaplan-d", percent(10_f64.powf(-0.095), 0));
    worked.set("kaplan-times-n", short(10_f64.powf(0.73), 1));
    worked.set("kaplan-times-d", short(10_f64.powf(0.27), 1));

    // One budget, three models.
    let compute = 6e20;
    worked.set("hand-budget", power(compute, 2)).set("hand-product", power(compute / 6.0, 2));
    for (at, parameters) in [2e8, 2e9, 2e10].into_iter().enumerate() {
        let tokens = compute / 6.0 / parameters;
        let mut set = |name: &str, value: String| {
            worked.set(&format!("hand-{name}-{at}"), value);
        };
        set("n", said(parameters));
        set("d", said(tokens));
        set("loss", short(HOFFMANN.loss(parameters, tokens), 2));
    }

    let Law { E: e, A: a, B: b, alpha, beta } = HOFFMANN;
    worked.set("h-e", e).set("h-a", a).set("h-b", b).set("h-alpha", alpha).set("h-beta", beta);
    worked.set("h-power", short(beta / (alpha + beta), 2));
    let [one, ten] = [GOPHER, 10.0 * GOPHER].map(|compute| optimal(&HOFFMANN, compute));
    let (one, ten) = (one?, ten?);
    worked.set("h-times-n", short(ten.parameters / one.parameters, 1));
    worked.set("h-times-d", short(ten.tokens / one.tokens, 1));
    worked.set("h-ratio", short(one.tokens / one.parameters, 0));
    worked.set("h-gopher-n", said(one.parameters));
    // Before rounding: as Besiroglu and others found in the source file of the paper.
    let exact = optimal(&Law { alpha: 0.3392, beta: 0.2849, ..HOFFMANN }, GOPHER)?;
    worked.set("exact-ratio", short(exact.tokens / exact.parameters, 0));
    worked.set("exact-n", said(exact.parameters));
    let other = optimal(&BESIROGLU, GOPHER)?;
    worked.set("b-ratio", short(other.tokens / other.parameters, 0));
    worked.set("gopher-loss", short(HOFFMANN.loss(280e9, 300e9), 2));
    worked.set("chinchilla-loss", short(HOFFMANN.loss(70e9, 1.4e12), 2));

    let (parameters, tokens) = (8e9, 15e12);
    let best = optimal(&BESIROGLU, training_flops(parameters, tokens))?;
    let extra = BESIROGLU.loss(parameters, tokens) - BESIROGLU.loss(best.parameters, best.tokens);
    worked.set("llama-ratio", count((tokens / parameters) as u64));
    worked.set("llama-best", said(best.parameters)).set("llama-extra", short(extra, 2));
    worked.set("llama-times", short(best.parameters / parameters, 0));

    runs(worked)?;
    noise(worked)
}

/// In words, for whole millions, billions or trillions.
fn said(x: f64) -> String {
    let text = big(x);
    let words = [(" M", " million"), (" B", " billion"), (" T", " trillion")];
    words.into_iter().fold(text, |text, (unit, word)| text.replace(unit, word))
}

/// What was trained, and its law.
fn runs(worked: &mut Worked) -> Outcome {
    let measured = measured()?;
    let losses = || measured.runs.iter().map(|run| run.loss);
    worked.set("worst", short(losses().fold(0.0, f64::max), 2));
    worked.set("best", short(losses().fold(f64::INFINITY, f64::min), 2));
    let fit = fitted(&measured)?;
    let (seen, unseen) = seen_and_unseen(&measured);
    let error = |runs: &[Run]| {
        let off = |run: &Run| (fit.law.loss(run.parameters, run.tokens) / run.loss - 1.0).abs();
        percent(runs.iter().map(off).sum::<f64>() / runs.len() as f64, 0)
    };
    worked.set("seen", seen.len()).set("unseen", unseen.len());
    worked.set("seen-error", error(&seen)).set("unseen-error", error(&unseen));
    let predicted = |run: &Run| fit.law.loss(run.parameters, run.tokens);
    expect(unseen.iter().all(|run| run.loss > predicted(run)), || {
        "the page says that all came out higher than predicted".into()
    })?;
    let limit = |runs: &[Run]| fit_chinchilla(runs, &few_starts()).map(|fit| short(fit.law.E, 2));
    let all = [seen, unseen].concat();
    let smallest = all.iter().map(|run| run.parameters).fold(f64::INFINITY, f64::min);
    let larger: Vec<Run> = all.iter().copied().filter(|run| run.parameters > smallest).collect();
    worked.set("our-e", short(fit.law.E, 2)).set("all-e", limit(&all)?);
    worked.set("larger-e", limit(&larger)?);
    Ok(())
}

fn noise_at(at: &Noisy) -> f64 {
    at.noise().scale().unwrap_or(0.0)
}

fn noise(worked: &mut Worked) -> Outcome {
    let (small, large) =
        (SquaredNorm { batch: 4, mean: 11.0 }, SquaredNorm { batch: 16, mean: 5.0 });
    let found = noise_scale(&small, &large)?;
    worked.set("small-batch", small.batch).set("small-mean", small.mean);
    worked.set("big-batch", large.batch).set("big-mean", large.mean);
    worked.set("two-signal", short(found.squared_gradient, 2));
    worked.set("two-trace", short(found.trace, 2));
    let scale = found.scale().ok_or(Failure::wrong("no noise scale"))?;
    worked.set("two-scale", short(scale, 1));

    let measured = measured()?;
    let (Some(first), Some(last)) = (measured.noise.first(), measured.noise.last()) else {
        return Err(Failure::wrong("no noise was measured"));
    };
    worked.set("noise-from", count(noise_at(first).round() as u64));
    worked.set("noise-loss-first", short(first.loss, 1));
    worked.set("noise-loss-last", short(last.loss, 1));
    worked.set("noise-growth", short(noise_at(last) / noise_at(first), 0));

    let cost = steps_and_examples(&Cost { steps: 1.0, examples: 1.0 }, 1.0)?;
    worked.set("critical-times", short(cost.steps, 1));
    Ok(())
}

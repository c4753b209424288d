//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::random::seeded;
use grading::{Outcome, Worked};

use crate::measured::{Measured, Sides};
use crate::solution::{balance, counterfactual, permutation_p, rate_gap, weat};
use crate::town::{
    BALANCED, BIAS, HELD_OUT, NAMES, Remedy, SEED, SMALL, TRAINING, Trained, jobs, measure, pairs,
    test_names, town,
};
use crate::{Counts, Interval, SOLUTION, Splits, Vectors};

/// A text about somebody, for the page.
pub const TEXT: &str = "Ruby liked the dinner at the inn.";

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn ends(i: Interval, digits: usize) -> String {
    let [low, high] = [i.low, i.high].map(|x| short(100.0 * x, digits));
    format!("{low} to {high}")
}

fn fill(worked: &mut Worked) -> Outcome {
    worked.set("texts", count(TRAINING as u64)).set("bias", BIAS).set("held-out", HELD_OUT);
    for (name, x, y, of) in [("few", 8, 4, 10), ("many", 80, 40, 100)] {
        let counts = |hits| Counts { hits, of };
        let gap = rate_gap(counts(x), counts(y), 1.96)?;
        worked.set(&format!("{name}-x"), ends(gap.x, 0));
        worked.set(&format!("{name}-y"), ends(gap.y, 0));
        worked.set(&format!("{name}-difference"), ends(gap.difference, 0));
    }
    small(worked)?;
    let copies = balance(&[(0, 1), (0, 1), (1, 0), (0, 0), (0, 1), (1, 1)], 4)?;
    worked.set("copies", copies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));

    for (name, bias, remedy) in [
        ("fair", 0, Remedy::None),
        ("none", BIAS, Remedy::None),
        ("balanced", BIAS, BALANCED),
        ("twins", BIAS, Remedy::Counterfactual),
    ] {
        let trained = Trained::new(&SOLUTION, town(SEED, bias), remedy)?;
        let measured = measure(&SOLUTION, &trained)?;
        let mut set = |what: &str, value: String| {
            worked.set(&format!("{name}-{what}"), value);
        };
        set("hill-ends", ends(measured.rates.x, 0));
        set("shore-ends", ends(measured.rates.y, 0));
        set("hill", percent(measured.rates.x.value, 0));
        set("shore", percent(measured.rates.y.value, 0));
        set("difference", ends(measured.rates.difference, 0));
        set("d", short(measured.names.effect_size, 2));
        set("p", short(measured.names_p, if measured.names_p < 0.001 { 5 } else { 2 }));
        set("gap", short(100.0 * measured.twins.mean, 1));
        set("size", short(100.0 * measured.twins.mean_size, 1));
        let [hill, shore] = measured.jobs.map(|jobs| jobs.iter().sum::<f64>() / jobs.len() as f64);
        set("jobs", short(100.0 * (hill - shore), 0));
        set("jobs-p", short(measured.jobs_p, 3));
        set("right", percent(measured.accuracy, 0));
        if name == "none" {
            let twin = counterfactual(TEXT, &pairs(&town(SEED, bias)))?;
            for (name, text) in [("text-score", TEXT), ("twin-score", &twin)] {
                worked.set(name, percent(trained.score(text), 0));
            }
            worked.set("text", TEXT);
            let (x, y) = (&measured.names.x_scores, &measured.names.y_scores);
            let splits = Splits::Drawn { n: 9999, rng: &mut seeded(1) };
            worked.set("drawn-p", short(permutation_p(x, y, splits)?, 4));
        }
    }
    worked.set("jobs-each", jobs(&town(SEED, 0))[0].len());
    // Balance in other towns.
    let mut effects = Vec::new();
    for seed in 11..=20 {
        let trained = Trained::new(&SOLUTION, town(seed, BIAS), BALANCED)?;
        effects.push(test_names(&SOLUTION, &trained)?.effect_size);
    }
    let below = effects.iter().filter(|&&d| d < 0.0).count();
    worked.set("towns", effects.len()).set("copied-below", below);
    buddy(worked)?;

    // Splits of so many names a group.
    let splits = |n: u64| (1..=n).fold(1, |splits, k| splits * (n + k) / k);
    for n in [NAMES as u64, 16] {
        worked.set(&format!("splits-{n}"), count(splits(n)));
    }
    worked.set("least-p", short(1.0 / splits(3) as f64, 2)).set("names", NAMES);
    Ok(())
}

/// What Buddy makes of groups.
fn buddy(worked: &mut Worked) -> Outcome {
    let kept = Measured::read()?;
    let Sides { hill, shore, p, .. } = kept.sides;
    worked.set("buddy-hill", short(hill, 3)).set("buddy-shore", short(shore, 3));
    worked.set("buddy-p", short(p, 2));
    let least = |shares: &[f64]| shares.iter().copied().fold(1.0, f64::min);
    let most = |shares: &[f64]| shares.iter().copied().fold(0.0, f64::max);
    for (name, people, pronoun) in [
        ("women", [2, 0, 0], 0),
        ("men", [0, 2, 0], 1),
        ("mixed", [1, 1, 0], 0),
        ("they", [0, 1, 1], 2),
    ] {
        let (told, buddy) = kept.of(people, pronoun);
        let told = rate_gap(told, told, 1.96)?.x;
        let mean = buddy.iter().sum::<f64>() / buddy.len() as f64;
        let buddy = Interval { value: mean, low: least(&buddy), high: most(&buddy) };
        for (who, share) in [("told", told), ("buddy", buddy)] {
            let share = format!("{} ({})", short(100.0 * share.value, 0), ends(share, 0));
            worked.set(&format!("{name}-{who}"), share);
        }
    }
    worked.set("residents-least", percent(least(&kept.residents), 0));
    let boys: Vec<f64> = kept.newcomers.iter().map(|newcomer| newcomer.boy).collect();
    worked.set("newcomers", boys.len());
    worked.set("newcomers-least", percent(least(&boys), 0));
    worked.set("newcomers-most", percent(most(&boys), 1));
    worked.set("newcomers-gap", short(kept.gap[0], 1));
    if let Some(sam) = kept.newcomer("Sam") {
        worked.set("sam-boy", percent(sam.boy, 0));
    }
    Ok(())
}

/// Four names and two words.
fn small(worked: &mut Worked) -> Outcome {
    let vectors = Vectors::new(SMALL.map(|(word, row)| (word.into(), row.to_vec())));
    let test = weat(&vectors, &["Ruby", "Zoe"], &["Finn", "Emma"], &["good"], &["bad"])?;
    let scores = test.x_scores.iter().chain(&test.y_scores);
    for ((name, _), score) in SMALL.iter().zip(scores.clone()) {
        worked.set(&format!("score-{}", name.to_lowercase()), short(*score, 2));
    }
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let all: Vec<f64> = scores.copied().collect();
    let middle = mean(&all);
    let deviation = mean(&all.iter().map(|s| (s - middle).powi(2)).collect::<Vec<_>>()).sqrt();
    worked
        .set("mean-x", short(mean(&test.x_scores), 2))
        .set("mean-y", short(mean(&test.y_scores), 2));
    worked.set("deviation", short(deviation, 2)).set("statistic", short(test.statistic, 2));
    worked.set("effect", short(test.effect_size, 2));
    let p = permutation_p(&test.x_scores, &test.y_scores, Splits::All)?;
    worked.set("small-p", short(p, 2));
    Ok(())
}

//! The numbers of the page.

use grading::Worked;

use crate::solution::{filtered_probs, penalize};
use crate::{NextWords, Sampling};

/// Three logits to do by hand.
pub const LOGITS: [f32; 3] = [2.0, 1.0, 0.0];

/// Thresholds of the two filters on the words after *she*.
const TOP_P: f64 = 0.45;
const MIN_P: f64 = 0.2;

/// A repetition penalty to do by hand.
const PENALTY: f64 = 1.25;

/// The numbers of the page.
///
/// # Panics
/// If a threshold of the page is hit exactly.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    let plain = Sampling::default();

    let weights = LOGITS.map(|x| f64::from(x).exp());
    let list = |values: &[f64]| -> String {
        let values: Vec<String> = values.iter().map(|v| format!("{v:.3}")).collect();
        values.join(", ")
    };
    worked.set("logits", LOGITS.map(|x| x.to_string()).join(", "));
    worked.set("weights", list(&weights));
    worked.set("weight-sum", format!("{:.3}", weights.iter().sum::<f64>()));
    let at = |temperature| probs(&LOGITS, Sampling { temperature, ..plain });
    worked.set("probs", list(&at(1.0)));
    worked.set("probs-cold", list(&at(0.5)));
    worked.set("probs-hot", list(&at(2.0)));

    let s = at(1.0);
    worked.set("slope-own", format!("{:.3}", s[0] * (1.0 - s[0])));
    worked.set("slope-other", format!("{:.3}", s[0] * s[1]));
    worked.set("largest-exponent", format!("{:.1}", f64::from(f32::MAX).ln()));

    let she = NextWords::after("she");
    let count = |logit: &f32| f64::from(logit.exp()).round();
    worked.set("she-total", she.logits.iter().map(count).sum::<f64>());
    worked.set("she-words", she.words.len());
    worked.set("she-best", &she.words[0]);
    worked.set("she-best-count", count(&she.logits[0]));
    worked.set("she-best-logit", format!("{:.3}", she.logits[0]));
    let she_probs = probs(&she.logits, plain);
    worked.set("she-best-prob", format!("{:.1}%", 100.0 * she_probs[0]));
    worked.set("top-p", TOP_P);
    worked.set("min-p", MIN_P);
    let mut sum = 0.0;
    for p in &she_probs {
        sum += p;
        refuse_a_tie("top-p", TOP_P, sum);
        refuse_a_tie("min-p", MIN_P, p / she_probs[0]);
    }
    let kept = |sampling| probs(&she.logits, sampling).iter().filter(|&&p| p > 0.0).count();
    worked.set("she-top-p", kept(Sampling { top_p: Some(TOP_P), ..plain }));
    worked.set("she-min-p", kept(Sampling { min_p: Some(MIN_P), ..plain }));

    let said = penalize(&[2.0, -1.0], &[0, 1], PENALTY).unwrap_or_default();
    worked.set("penalty", PENALTY);
    worked.set("penalized", said.iter().map(minus).collect::<Vec<_>>().join(" and "));

    worked
}

fn minus(x: &f32) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').replace('-', "−")
}

/// On the threshold rounding decides, and who counts by hand gets another number than the code.
fn refuse_a_tie(filter: &str, threshold: f64, share: f64) {
    let distance = (share - threshold).abs();
    assert!(distance > 1e-6, "{filter} {threshold} is hit exactly; choose another threshold");
}

/// No logits of this page are bad, so an empty list never reaches it.
fn probs(logits: &[f32], sampling: Sampling) -> Vec<f64> {
    filtered_probs(logits, &sampling).unwrap_or_default()
}

//! The numbers of the page.

use grading::Worked;

use crate::solution::filtered_probs;
use crate::{NextWords, Sampling};

/// Three logits to do by hand.
const LOGITS: [f32; 3] = [2.0, 1.0, 0.0];

/// The numbers of the page.
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
    let best = |temperature| {
        format!("{:.1}\u{202f}%", 100.0 * probs(&she.logits, Sampling { temperature, ..plain })[0])
    };
    worked.set("she-best-prob", best(1.0));
    worked.set("she-best-cold", best(0.5));
    let kept = |sampling| probs(&she.logits, sampling).iter().filter(|&&p| p > 0.0).count();
    worked.set("she-top-p", kept(Sampling { top_p: Some(0.5), ..plain }));
    worked.set("she-min-p", kept(Sampling { min_p: Some(0.25), ..plain }));

    let bytes = 4096_u64 * 4096 * 4;
    worked.set("matrix-mb", format!("{:.0}", bytes as f64 / 1e6));
    worked.set("clear-mb", format!("{:.0}", 4.0 * bytes as f64 / 1e6));
    worked.set("online-mb", format!("{:.0}", 3.0 * bytes as f64 / 1e6));
    worked.set("fast-mb", format!("{:.0}", 2.0 * bytes as f64 / 1e6));
    worked
}

/// No logits of this page are bad, so an empty list never reaches it.
fn probs(logits: &[f32], sampling: Sampling) -> Vec<f64> {
    filtered_probs(logits, &sampling).unwrap_or_default()
}

//! The numbers of the page.

use grading::Worked;
use grading::numbers::short;
use softmax_sampling::solution::penalize;

use crate::example::{
    FREQUENCY, LOGIT, PRESENCE, REPETITION, STOP, TOKENS, WRITTEN, after_to, allowed_after,
    history, price,
};
use crate::solution::penalize_counts;
use crate::{Beam, Bigrams};

/// The numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();

    let percent = |beam: &Beam| format!("{:.2}%", 100.0 * beam.log_prob.exp());
    let spelled = |steps: &[(String, f64)]| {
        let words = steps.iter().map(|(word, _)| word.as_str());
        words.filter(|&word| word != Bigrams::END).collect::<Vec<_>>().join(" ")
    };
    let (greedy, steps) = after_to(1);
    worked.set("greedy", spelled(&steps));
    worked.set("greedy-prob", percent(&greedy));
    let (found, steps) = after_to(2);
    worked.set("beam", spelled(&steps));
    worked.set("beam-prob", percent(&found));
    worked.set("beam-log-prob", short(found.log_prob, 2));
    worked.set("beam-len", found.tokens.len());
    worked.set("beam-score", short(found.score, 2));
    worked.set("beam-times", format!("{:.0}", (found.log_prob - greedy.log_prob).exp()));

    let logits = [LOGIT; WRITTEN.len()];
    let first = |penalized: Vec<f32>| penalized.first().map_or(0.0, |&x| f64::from(x));
    let counted = |frequency, presence| {
        first(penalize_counts(&logits, &history(), frequency, presence).unwrap_or_default())
    };
    worked.set("written-word", WRITTEN[0].0);
    worked.set("written-count", WRITTEN[0].1);
    worked.set("written-logit", LOGIT);
    worked.set("frequency", FREQUENCY);
    worked.set("presence", PRESENCE);
    worked.set("repetition", REPETITION);
    worked.set("frequency-logit", short(counted(FREQUENCY, 0.0), 2));
    worked.set("presence-logit", short(counted(0.0, PRESENCE), 2));
    let repeated = first(penalize(&logits, &history(), REPETITION).unwrap_or_default());
    worked.set("repetition-logit", short(repeated, 2));

    worked.set("stop", STOP);
    worked.set("stop-hold", STOP.len() - 1);

    let list = |text| allowed_after(text).join(", ");
    worked.set("tokens", TOKENS.len());
    worked.set("price-states", price().map_or(0, |automaton| automaton.states()));
    worked.set("allowed-first", list(""));
    worked.set("allowed-digits", list("20"));
    worked.set("allowed-cents", list("7.5"));
    worked
}

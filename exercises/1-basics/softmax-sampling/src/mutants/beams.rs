//! Wrong repetition penalties and beam searches.

/// The bugs of `penalize`: `$value` is what a token of the history gets, from the original logits
/// and what they have become.
macro_rules! penalty_mutants {
    ($($(#[$doc:meta])* $name:ident: |$x:ident, $now:ident, $penalty:ident| $value:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            use crate::SampleError;

            pub fn penalize(logits: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
                let mut out = crate::solution::penalize(logits, history, penalty)?;
                out.copy_from_slice(logits);
                let $penalty = penalty as f32;
                for &token in history {
                    let ($x, $now) = (logits[token], out[token]);
                    out[token] = $value;
                }
                Ok(out)
            }
        }
    )+};
}

penalty_mutants! {
    /// Negative logits come closer to 0: their tokens become likelier.
    penalty_always_divides: |x, _now, penalty| x / penalty;
    /// Once for each occurrence.
    penalty_counts_repeats: |_x, now, penalty| if now > 0.0 { now / penalty } else { now * penalty };
    penalty_is_subtracted: |x, _now, penalty| x - penalty;
    /// Likes what was said.
    penalty_is_inverted: |x, _now, penalty| if x > 0.0 { x * penalty } else { x / penalty };
}

/// The rest of the vocabulary is penalized too.
pub mod penalty_hits_everything {
    use crate::SampleError;
    pub use crate::solution::*;

    pub fn penalize(x: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
        crate::solution::penalize(x, history, penalty)?;
        crate::solution::penalize(x, &(0..x.len()).collect::<Vec<_>>(), penalty)
    }
}

/// Looks at the penalty only when it is needed.
pub mod penalty_unchecked_without_history {
    use crate::SampleError;
    pub use crate::solution::*;

    pub fn penalize(x: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
        let penalty = if history.is_empty() { 1.0 } else { penalty };
        crate::solution::penalize(x, history, penalty)
    }
}

/// `> 0` is not all: infinity is above 0 too.
pub mod penalty_may_be_infinite {
    use crate::SampleError;
    pub use crate::solution::*;

    pub fn penalize(x: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
        crate::solution::penalize(x, history, penalty.min(f64::MAX))
    }
}

/// Skips what it does not know.
pub mod penalty_skips_unknown_tokens {
    use crate::SampleError;
    pub use crate::solution::*;

    pub fn penalize(x: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
        let known: Vec<usize> = history.iter().copied().filter(|&t| t < x.len()).collect();
        crate::solution::penalize(x, &known, penalty)
    }
}

/// The bugs of `beam_search`.
#[derive(Clone, Copy, PartialEq)]
enum BeamBug {
    KeepsOneMore,
    SeesTheLastTokenOnly,
    AddsLogits,
    MultipliesLogProbs,
    ForgetsTheSum,
    StopsEarly,
    OneOfEachBranch,
    KeepsTheWorst,
    CutsBeforeExtending,
    IgnoresLength,
    MultipliesByLength,
    EndIsNoToken,
    MeanTimesPenalty,
    ExtendsPastTheEnd,
    DropsEnded,
    EndedScoresDrift,
    IgnoresTheEnd,
    TiesTakeTheLater,
    KeepsTheImpossible,
    SettingsUnchecked,
    SkipsBadLogits,
}

mod buggy_beams {
    use super::BeamBug as B;
    use crate::solution::filtered_probs;
    use crate::{Beam, BeamSearch, SampleError, Sampling};

    pub(super) fn beam_search(
        mut next: impl FnMut(&[usize]) -> Vec<f32>,
        search: &BeamSearch,
        bug: B,
    ) -> Result<Vec<Beam>, SampleError> {
        if bug != B::SettingsUnchecked {
            search.validate()?;
        }
        let score = |tokens: &[usize], log_prob: f64| {
            let ended = search.end.is_some() && tokens.last().copied() == search.end;
            let len = (tokens.len() - usize::from(bug == B::EndIsNoToken && ended)).max(1) as f64;
            match bug {
                B::IgnoresLength => log_prob,
                B::MultipliesByLength => log_prob * len.powf(search.length_penalty),
                B::MeanTimesPenalty => log_prob / (len * search.length_penalty.max(0.1)),
                _ => log_prob / len.powf(search.length_penalty),
            }
        };
        let width = search.width + usize::from(bug == B::KeepsOneMore);
        let steps = search.max_len - usize::from(bug == B::StopsEarly && search.max_len > 1);
        let mut beams = vec![Beam::default()];
        for step in 1..=steps {
            let mut candidates: Vec<Beam> = Vec::new();
            for beam in beams {
                let ended = search.end.is_some() && beam.tokens.last().copied() == search.end;
                if ended && bug == B::DropsEnded && step < steps {
                    continue;
                }
                if ended && ![B::ExtendsPastTheEnd, B::IgnoresTheEnd].contains(&bug) {
                    let mut beam = beam;
                    if bug == B::EndedScoresDrift {
                        beam.score = beam.log_prob / (step as f64).powf(search.length_penalty);
                    }
                    candidates.push(beam);
                    continue;
                }
                let seen = match (bug, beam.tokens.last()) {
                    (B::SeesTheLastTokenOnly, Some(last)) => std::slice::from_ref(last),
                    _ => &beam.tokens[..],
                };
                let mut logits = next(seen);
                if ended && bug == B::ExtendsPastTheEnd {
                    candidates.push(beam.clone());
                }
                if bug == B::SkipsBadLogits {
                    logits
                        .iter_mut()
                        .filter(|x| !x.is_finite())
                        .for_each(|x| *x = f32::NEG_INFINITY);
                    if logits.iter().all(|x| !x.is_finite()) {
                        continue;
                    }
                }
                let probs = filtered_probs(&logits, &Sampling::default())?;
                let mut branch = Vec::new();
                for (token, p) in probs.into_iter().enumerate() {
                    if p == 0.0 && bug != B::KeepsTheImpossible {
                        continue;
                    }
                    let step = if bug == B::AddsLogits { f64::from(logits[token]) } else { p.ln() };
                    let log_prob = match bug {
                        B::MultipliesLogProbs if !beam.tokens.is_empty() => beam.log_prob * step,
                        B::ForgetsTheSum => step,
                        _ => beam.log_prob + step,
                    };
                    let tokens: Vec<usize> = beam.tokens.iter().copied().chain([token]).collect();
                    let score = score(&tokens, log_prob);
                    branch.push(Beam { tokens, log_prob, score });
                }
                if bug == B::OneOfEachBranch && !beam.tokens.is_empty() {
                    branch.sort_by(|a, b| b.score.total_cmp(&a.score));
                    branch.truncate(1);
                }
                candidates.extend(branch);
                if bug == B::CutsBeforeExtending {
                    candidates.truncate(width * 2);
                }
            }
            if bug == B::TiesTakeTheLater {
                candidates.reverse();
            }
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            if bug == B::KeepsTheWorst {
                candidates.reverse();
            }
            candidates.truncate(width);
            beams = candidates;
        }
        Ok(beams)
    }
}

/// A beam search with one of the bugs.
macro_rules! beam_mutants {
    ($($name:ident: $bug:ident;)+) => {$(
        pub mod $name {
            pub use crate::solution::*;
            use crate::mutants::beams::{BeamBug, buggy_beams};
            use crate::{Beam, BeamSearch, SampleError};

            pub fn beam_search(next: impl FnMut(&[usize]) -> Vec<f32>, search: &BeamSearch) -> Result<Vec<Beam>, SampleError> {
                buggy_beams::beam_search(next, search, BeamBug::$bug)
            }
        }
    )+};
}

beam_mutants! {
    beam_keeps_one_more: KeepsOneMore;
    beam_sees_the_last_token_only: SeesTheLastTokenOnly;
    beam_adds_logits: AddsLogits;
    beam_multiplies_log_probs: MultipliesLogProbs;
    beam_forgets_the_sum: ForgetsTheSum;
    beam_stops_early: StopsEarly;
    beam_takes_one_of_each_branch: OneOfEachBranch;
    beam_keeps_the_worst: KeepsTheWorst;
    beam_cuts_before_comparing: CutsBeforeExtending;
    score_ignores_length: IgnoresLength;
    score_multiplies_by_length: MultipliesByLength;
    score_leaves_out_the_end: EndIsNoToken;
    score_is_mean_over_penalty: MeanTimesPenalty;
    beam_extends_past_the_end: ExtendsPastTheEnd;
    beam_drops_ended: DropsEnded;
    ended_scores_drift: EndedScoresDrift;
    beam_ignores_the_end: IgnoresTheEnd;
    beam_ties_take_the_later: TiesTakeTheLater;
    beam_keeps_the_impossible: KeepsTheImpossible;
    beam_settings_unchecked: SettingsUnchecked;
    beam_skips_bad_logits: SkipsBadLogits;
}

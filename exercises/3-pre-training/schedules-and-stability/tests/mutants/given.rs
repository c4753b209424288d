//! What is given does what its docs say.

use schedules_and_stability::training::{BAD_STEP, STEPS, blind, good, runs};
use schedules_and_stability::{StabilityError, to_f16};

#[test]
fn halves_are_those_of_pytorch() {
    let cases: Vec<(f32, Option<f32>)> = grading::golden!("halves.json").unwrap();
    for (x, half) in cases {
        let want = half.unwrap_or(f32::INFINITY.copysign(x));
        assert_eq!(to_f16(x).to_bits(), want.to_bits(), "{x:e}");
    }
    assert!(to_f16(f32::NAN).is_nan());
}

#[test]
fn errors_say_what_to_do() {
    let errors = [
        StabilityError::MaxNorm { max_norm: -1.0 },
        StabilityError::NotFinite { tensor: 2, at: 5 },
        StabilityError::Parameters { micro_batch: 1, parameters: 1, expected: 2 },
        StabilityError::NoTokens,
    ]
    .map(|error| error.to_string());
    assert!(errors[0].starts_with("gradients cannot be clipped to -1: take 0"), "{errors:?}");
    assert!(errors[1].contains("tensor 2 is ∞ or NaN at 5: skip this step"), "{errors:?}");
    assert!(errors[2].contains("a gradient for 1 parameter, the first for 2: take"), "{errors:?}");
    assert!(errors[3].contains("give at least one that is not −100"), "{errors:?}");
}

/// What the page says of its runs.
#[test]
fn runs_are_what_their_names_say() {
    let runs = runs();
    assert!(runs.learns.held_out < 4.0 && runs.crawls.held_out > 5.2);
    assert!(runs.explodes.smooth()[150] < 5.2 && runs.explodes.held_out > 2.0 * blind());
    assert!(runs.constant.held_out > blind() - 0.1);
    let [bad, clipped] = [&runs.bad, &runs.clipped];
    assert_eq!(bad.losses[..BAD_STEP], runs.learns.losses[..BAD_STEP]);
    assert!(bad.losses[BAD_STEP + 1] > 10.0 && bad.held_out > 2.0 * blind());
    assert!((clipped.held_out - runs.learns.held_out).abs() < 0.2);
    assert_eq!((bad.rates.len(), bad.losses.len(), good().total), (STEPS, STEPS, STEPS));
}

//! What is given does what its docs say.

use loss_and_surprise::{Bin, LossError, calibration, calibration_error};

#[test]
fn guesses_are_counted_in_their_bin() {
    // Sixteenths have no rounding: the sums and means are exact.
    let guesses = [(0.6875, true), (0.625, false), (0.9375, true), (0.6875, true), (0.625, true)];
    let bins = calibration(&guesses).unwrap();
    let seventh = Bin { count: 4, confidence: 0.65625, accuracy: 0.75 };
    assert_eq!(bins, [seventh, Bin { count: 1, confidence: 0.9375, accuracy: 1.0 }]);
    // (4 · 0.09375 + 1 · 0.0625) / 5
    assert!((calibration_error(&bins) - 0.0875).abs() < 1e-15);
}

#[test]
fn a_bin_has_its_upper_end() {
    for (p, alone) in [(0.0, 0.1), (0.5, 0.499), (1.0, 0.95)] {
        assert_eq!(calibration(&[(p, true), (alone, false)]).unwrap().len(), 1, "{p} and {alone}");
    }
    for (p, apart) in [(0.5, 0.501), (0.1, 0.101), (1.0, 0.9)] {
        assert_eq!(calibration(&[(p, true), (apart, false)]).unwrap().len(), 2, "{p} and {apart}");
    }
}

#[test]
fn who_keeps_every_promise_has_no_error() {
    // 70% on ten days, and rain on seven of them.
    let days: Vec<(f64, bool)> = (0..10).map(|day| (0.7, day < 7)).collect();
    let bins = calibration(&days).unwrap();
    assert_eq!(bins.len(), 1);
    assert!(calibration_error(&bins) < 1e-15);
    // 70% on each of them, and rain on none.
    let dry = [(0.7, false); 10];
    assert!((calibration_error(&calibration(&dry).unwrap()) - 0.7).abs() < 1e-15);
}

#[test]
fn without_guesses_there_is_nothing_to_judge() {
    assert!(calibration(&[]).unwrap().is_empty());
    assert!(calibration_error(&[]).abs() < f64::MIN_POSITIVE);
}

#[test]
fn what_is_no_probability_is_refused() {
    for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let result = calibration(&[(0.5, true), (bad, true)]);
        assert!(
            matches!(result, Err(LossError::NotAProbability(p)) if p.to_bits() == bad.to_bits())
        );
    }
}

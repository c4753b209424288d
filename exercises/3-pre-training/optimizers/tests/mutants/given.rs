//! What is given does what its docs say.

use optimizers::{Adafactor, solution};
use optimizers::{AdamW, Factors, Group, Lion, Moments, OptimizerError, Sgd};

#[test]
fn what_does_not_fit_is_refused_and_nothing_changes() {
    let (mut weights, gradients) = (vec![1.0; 3], vec![0.5; 3]);
    let mut state = Moments::new(3);
    let group = |range: std::ops::Range<usize>| Group { range, weight_decay: 0.1 };
    let adam = AdamW::default();
    for (groups, at) in [
        (vec![], 0),
        (vec![group(0..2)], 2),
        (vec![group(1..3)], 0),
        (vec![group(0..2), group(1..3)], 2),
        (vec![group(0..2), group(2..4)], 2),
    ] {
        let got = adam.step(&mut weights, &gradients, &groups, &mut state);
        assert_eq!(got, Err(OptimizerError::Groups { at, weights: 3 }));
    }
    let all = Group::all(3, 0.1);
    let got = adam.step(&mut weights, &gradients[1..], &all, &mut state);
    assert_eq!(got, Err(OptimizerError::Length { of: "gradients", numbers: 2, weights: 3 }));
    for (settings, name) in [
        (AdamW { lr: -1.0, ..adam }, "lr"),
        (AdamW { beta1: 1.0, ..adam }, "beta1"),
        (AdamW { beta2: f64::NAN, ..adam }, "beta2"),
        (AdamW { eps: f64::INFINITY, ..adam }, "eps"),
    ] {
        let got = settings.step(&mut weights, &gradients, &all, &mut state);
        assert!(
            matches!(got, Err(OptimizerError::Setting { name: is, .. }) if is == name),
            "{got:?}"
        );
    }
    assert_eq!((weights, state), (vec![1.0; 3], Moments::new(3)));
    assert!(adam.step(&mut [], &[], &[], &mut Moments::new(0)).is_ok());
}

#[test]
fn the_other_optimizers_refuse_as_well() {
    let mut weights = [1.0; 6];
    let sgd = Sgd { lr: 0.1, momentum: 0.9, nesterov: false, weight_decay: 0.0 };
    let got = solution::sgd_momentum(&mut weights, &[1.0; 6], &mut [0.0; 5], &sgd);
    assert_eq!(got, Err(OptimizerError::Length { of: "velocity", numbers: 5, weights: 6 }));
    let lion = Lion { lr: 0.1, beta1: 0.9, beta2: 1.5, weight_decay: 0.0 };
    let got = solution::lion(&mut weights, &[1.0; 6], &mut [0.0; 6], &lion);
    assert_eq!(got, Err(OptimizerError::Setting { name: "beta2", value: 1.5 }));
    let (settings, mut state) = (Adafactor::default(), Factors::new(2, 4));
    let got = solution::adafactor(&mut weights, &[1.0; 6], &mut state, &settings);
    let error = OptimizerError::Length { of: "rows × columns", numbers: 8, weights: 6 };
    assert_eq!((got, state.step), (Err(error), 0));
    assert!(error.to_string().starts_with("8 numbers of rows × columns for 6 weights: give"));
}

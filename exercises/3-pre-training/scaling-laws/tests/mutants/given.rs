//! What is given does what its docs say.

use scaling_laws::{HOFFMANN, Law, Noise, ScalingError, big, few_starts, minimize};

#[test]
fn minimize_finds_the_lowest_place() {
    // Rosenbrock's valley, bent and flat, in its first two numbers.
    let valley = |p: &[f64; 5]| {
        let (x, y) = (p[0], p[1]);
        let value = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) + p[2] * p[2] + p[4].powi(4);
        let to_x = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
        (value, [to_x, 200.0 * (y - x * x), 2.0 * p[2], 0.0, 4.0 * p[4].powi(3)])
    };
    let (at, value) = minimize(valley, [-1.2, 1.0, 3.0, 7.0, 2.0]);
    assert!(value < 1e-10, "{at:?}: {value}");
    assert!((at[0] - 1.0).abs() < 1e-4 && at[3] == 7.0, "{at:?}");
    // A corner, as of a sum of distances.
    let (at, value) = minimize(|p| (p[0].abs(), [p[0].signum(), 0.0, 0.0, 0.0, 0.0]), [3.3; 5]);
    assert!(value < 1e-6, "{at:?}: {value}");
    let (at, value) = minimize(|_| (f64::NAN, [0.0; 5]), [2.0; 5]);
    assert!(value.is_nan() && at == [2.0; 5]);
}

#[test]
fn a_law_adds_what_size_and_text_cost() {
    let law = Law { E: 1.0, A: 8.0, B: 27.0, alpha: 1.0 / 3.0, beta: 1.0 / 3.0 };
    assert!((law.loss(8.0, 27.0) - 14.0).abs() < 1e-12);
    assert!((Law::at(&[0.0, 1.0, -1.0, 0.3, 0.4]).E - (-1_f64).exp()).abs() < 1e-15);
    // Chinchilla's own size and text, by its own law.
    assert!((HOFFMANN.loss(70e9, 1.4e12) - 1.94).abs() < 0.005);
    assert_eq!(few_starts().len(), 16);
}

#[test]
fn noise_says_nothing_where_an_estimate_is_negative() {
    let noise = |squared_gradient, trace| Noise { squared_gradient, trace }.scale();
    assert_eq!(noise(2.0, 6.0), Some(3.0));
    assert_eq!([noise(-2.0, 6.0), noise(0.0, 6.0), noise(2.0, -1.0)], [None; 3]);
    let equal = ScalingError::EqualBatches { batch: 1 }.to_string();
    assert!(equal.starts_with("both batches have 1 example: noise"), "{equal}");
}

#[test]
fn large_numbers_are_short() {
    let shown = [280e9, 999.6e9, 1.4e12, 1936.0, 12.0, 0.0, 5.76e23].map(big);
    assert_eq!(shown, ["280 B", "1 T", "1.4 T", "1.94 k", "12", "0", "5.76 · 10²³"]);
}

//! What is given does what its docs say.

use grading::random::seeded;
use objectives::{Infilling, Masking, ObjectiveError, Sentinels, Spans, poisson};

#[test]
fn lengths_are_those_of_poisson() {
    for lambda in [0.1, 3.0, 100.0] {
        let mut rng = seeded(4);
        let drawn: Vec<f64> = (0..20_000).map(|_| poisson(lambda, &mut rng) as f64).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
        let off = 5.0 * (lambda / 20_000.0).sqrt();
        assert!((mean - lambda).abs() < off, "{lambda}: {mean}");
        assert!((variance - lambda).abs() < 0.1 * lambda + off, "{lambda}: {variance}");
    }
}

#[test]
fn settings_are_checked() {
    let bert = Masking::bert(103, 30_522);
    assert_eq!(bert.check(), Ok(()));
    let share = |name, value| Err(ObjectiveError::Share { name, value });
    assert_eq!(Masking { rate: 1.5, mask: 2.0, ..bert.clone() }.check(), share("rate", 1.5));
    assert_eq!(Masking { mask: -1.0, random: 2.0, ..bert.clone() }.check(), share("mask", -1.0));
    let sum = Masking { mask: 0.75, random: 0.5, ..bert.clone() };
    assert_eq!(sum.check(), share("mask + random", 1.25));
    let none = Masking { vocab_size: 0, ..bert };
    assert_eq!(none.check(), Err(ObjectiveError::NoVocabulary));
    let spans = Spans { mean_length: 0.5, ..Spans::T5 }.check().unwrap_err().to_string();
    assert!(spans.contains("0.5") && spans.contains("from 1 to"), "{spans}");
    let infilling = Infilling { rate: f64::NAN, ..Infilling::bart(0) }.check().unwrap_err();
    assert!(infilling.to_string().contains("rate is NaN"));
    assert_eq!(Sentinels::t5().ids[..2], [32_099, 32_098]);
    assert_eq!(Sentinels::t5().ids.len(), 100);
}

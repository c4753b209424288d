use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::{expect, expect_bits, expect_same};

fn message(outcome: Outcome) -> String {
    outcome.expect_err("the bug is found").message().to_owned()
}

/// By the first of each pair, highest first; equals keep their order in short lists only.
fn sort_unstable_beyond_20(pairs: &[(u64, usize)]) -> Vec<(u64, usize)> {
    let mut sorted = pairs.to_vec();
    if pairs.len() <= 20 {
        sorted.sort_by_key(|pair| std::cmp::Reverse(pair.0));
    } else {
        sorted.sort_by_key(|pair| std::cmp::Reverse(*pair));
    }
    sorted
}

#[test]
fn a_sort_that_is_stable_on_short_lists_only_is_caught() {
    for seed in 0..20 {
        let outcome =
            Differential::cases(CASES).seed(seed).run(draw::counts(64), |counts: &Vec<u64>| {
                let pairs: Vec<_> = counts.iter().copied().zip(0..).collect();
                let mut want = pairs.clone();
                want.sort_by_key(|pair| std::cmp::Reverse(pair.0));
                expect_same("the order", &sort_unstable_beyond_20(&pairs), &want)
            });
        let message = message(outcome);
        let input = format!("for the input {:?} (drawn", [0; 21]);
        assert!(message.contains(&input), "seed {seed}: {message}");
    }
}

#[test]
fn a_function_wrong_only_at_minus_zero_is_caught() {
    for seed in 0..20 {
        let check = |x: &f64| expect_bits("x", &[x + 0.0], &[*x]);
        let message = message(Differential::cases(CASES).seed(seed).run(draw::any_f64(), check));
        assert!(message.starts_with("x: expected -0.0, got 0.0, for the input -0.0"));
        assert!(
            message
                .ends_with(&format!("(drawn with seed {seed:x}; STUDY_SEED={seed:x} repeats it)"))
        );
    }
}

#[test]
fn the_input_shown_is_minimal() {
    let strategy = (draw::list(draw::finite_f32(), 0..=300), draw::any_u64());
    let outcome = differential(strategy, |(x, n)| {
        expect(x.iter().filter(|v| **v >= 12.5).count() < 2 || *n < 1000, || "the bug".into())
    });
    let message = message(outcome);
    assert!(message.contains("the bug, for the input ([13.0, 13.0], 1000) (drawn"), "{message}");
}

#[test]
fn a_panic_is_reported_with_its_smallest_input() {
    let outcome = differential(draw::list(0..9_u8, 0..=40), |list| {
        let _ = list.windows(2).map(|pair| pair[0] - pair[1]).collect::<Vec<_>>();
        Ok(())
    });
    let message = message(outcome);
    assert!(message.starts_with("panicked: attempt to subtract with overflow"), "{message}");
    assert!(message.contains("for the input [0, 1] (drawn"), "{message}");
}

#[test]
fn what_is_not_written_yet_stays_a_panic() {
    let outcome =
        catch_unwind(AssertUnwindSafe(|| differential(draw::any_f64(), |_| todo!("softmax"))));
    let payload = outcome.expect_err("it panics on");
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or(payload.downcast_ref::<&str>().copied());
    assert_eq!(text, Some("not yet implemented: softmax"));
}

#[test]
fn what_a_machine_lacks_is_no_difference() {
    let outcome = differential(draw::any_f64(), |_| Err(Failure::unavailable("no driver")));
    assert_eq!(outcome, Err(Failure::unavailable("no driver")));
}

#[test]
fn a_seed_repeats_its_inputs_and_two_runs_differ() {
    let inputs = |seed: Option<u64>| {
        let seen = RefCell::new(Vec::new());
        let runs = Differential { cases: 50, seed };
        let strategy = (draw::logits(20), draw::text(10), draw::any_f64());
        let outcome = runs.run(strategy, |input| {
            seen.borrow_mut().push(format!("{input:?}"));
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        seen.into_inner()
    };
    assert_eq!(inputs(Some(7)), inputs(Some(7)));
    assert_ne!(inputs(Some(7)), inputs(Some(8)));
    if std::env::var_os("STUDY_SEED").is_none() {
        assert_ne!(inputs(None), inputs(None));
    }
}

#[test]
fn study_seed_is_what_a_failure_prints() {
    assert_eq!(seed_of(None), Ok(None));
    assert_eq!(seed_of(Some(" ")), Ok(None));
    let seed = 0x1f3a_0000_0000_beef;
    let failure = report(&[1.0, -0.0], "y: wrong", seed);
    let printed = failure.split("STUDY_SEED=").nth(1).unwrap().split(' ').next();
    assert_eq!(seed_of(printed), Ok(Some(seed)));
    assert!(matches!(seed_of(Some("seven")), Err(Failure::Unavailable(_))));
}

#[test]
fn slow_checks_draw_fewer_inputs() {
    let mut cases = 0;
    let outcome = Differential::cases(1000).run(draw::any_f64(), |_| {
        std::thread::sleep(Duration::from_millis(150));
        cases += 1;
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    assert!((FEWEST_CASES..40).contains(&cases), "{cases}");
}

#[test]
fn a_long_input_is_elided() {
    let shown = report(&vec![1.25; 5000], "wrong", 1);
    assert!(shown.contains("1.25, 1. … ") || shown.contains(" … "), "{shown}");
    assert!(shown.chars().count() < SHOWN + 120);
}

#[test]
fn fewer_inputs_are_drawn_where_less_is_asked_for() {
    assert_eq!(less(1000, "8"), Ok(125));
    assert_eq!(less(250, " 1 "), Ok(250));
    assert_eq!(less(3, "8"), Ok(1));
    for wrong in ["", "0", "-1", "1.5", "half"] {
        let failure = less(1000, wrong).unwrap_err();
        assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
        assert!(failure.message().ends_with(&format!("it is `{wrong}`")), "{failure:?}");
    }
}

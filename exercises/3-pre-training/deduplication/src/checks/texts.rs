//! Texts as sets, sets as signatures, and what signatures say of sets.

use std::collections::BTreeSet;

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Failure, Outcome, Tolerance, agree, differential, expect, expect_close, expect_distribution,
    expect_eq, expect_error_is, expect_same, seed_of_this_run,
};
use rand::RngExt;

use crate::oracle::{golden, set_of};
use crate::{Answers, DedupError, SOLUTION, fingerprint};

pub fn shingles_are_those_of_python(answers: &Answers) -> Outcome {
    for case in golden()?.shingles {
        let what = format!("{:?}, shingles of {}", case.text, counted(case.n, "word"));
        let got = (answers.shingles)(&case.text, case.n)?;
        for run in &case.runs {
            expect(got.contains(&fingerprint(run)), || {
                format!("{what}: the number of {run:?} is missing")
            })?;
        }
        let odd = got.iter().find(|number| !case.numbers.contains(number));
        expect(odd.is_none(), || {
            format!("{what}: expected {:?} only, but there is a number of none of them", case.runs)
        })?;
        expect_same(&format!("{what}: how many numbers"), &got.len(), &case.numbers.len())?;
    }
    Ok(())
}

pub fn looks_do_not_count(answers: &Answers) -> Outcome {
    let plain = "the old mill at the river burned down on sunday nobody knows why";
    let want: BTreeSet<u64> = set_of(plain, 3).into_iter().collect();
    for (what, text) in [
        ("in upper case", plain.to_uppercase()),
        ("with a comma after each word", plain.replace(' ', ", ")),
        ("with line ends of Windows", plain.replace(' ', "\r\n")),
        ("with line ends of Unix", plain.replace(' ', "\n")),
        ("with other spaces", plain.replace(' ', "\u{a0}\u{3000}\t ")),
        ("with spaces at both ends", format!(" \n{plain} \u{feff}")),
        ("with dashes and quotes", plain.replace(' ', "”—‘").replace("mill", "*mill*")),
        ("twice", format!("{plain}. {plain} 1").replace("why. the old", "why. The Old")),
    ] {
        let got = (answers.shingles)(&text, 3)?;
        if what == "twice" {
            let is_there = want.iter().all(|number| got.contains(number));
            expect(is_there && got.len() == want.len() + 3, || {
                format!(
                    "a text {what}, and a word: expected its {} and 3 more, got {}",
                    counted(want.len(), "shingle"),
                    got.len()
                )
            })?;
        } else {
            expect(got == want, || format!("a text {what} has other shingles than without"))?;
        }
    }
    let swapped = (answers.shingles)(&plain.replace("old mill", "mill old"), 3)?;
    expect(swapped != want, || "two words swapped: expected other shingles, got the same".into())
}

pub fn short_texts_are_one_shingle(answers: &Answers) -> Outcome {
    for (text, n, want) in [
        ("Fire!", 3, vec!["fire"]),
        ("The mill", 3, vec!["the mill"]),
        ("The mill burned", 3, vec!["the mill burned"]),
        ("The mill", usize::MAX, vec!["the mill"]),
        ("the the", 5, vec!["the the"]),
        ("", 1, vec![]),
        (" \r\n?!", 4, vec![]),
        ("", usize::MAX, vec![]),
    ] {
        let want: BTreeSet<u64> = want.into_iter().map(fingerprint).collect();
        let got = (answers.shingles)(text, n)?;
        expect_same(&format!("{text:?}, shingles of {}", counted(n, "word")), &got, &want)?;
    }
    for text in ["", "The mill burned down"] {
        let what = format!("{text:?}, shingles of 0 words");
        expect_error_is(&what, (answers.shingles)(text, 0), &DedupError::NoWords)?;
    }
    Ok(())
}

pub fn shingles_agree(answers: &Answers) -> Outcome {
    let sizes = draw::prop_oneof![8 => 0..=6_usize, 1 => draw::select(vec![40, usize::MAX])];
    // Texts of many words, of which most are new.
    let long = draw::list(0..900_u32, 0..=1500)
        .prop_map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    let texts = draw::prop_oneof![15 => draw::text(30), 1 => long];
    differential((texts, sizes), |(text, n)| {
        let run = |answers: &Answers| (answers.shingles)(text, *n);
        agree("the shingles", run(answers), run(&SOLUTION), |got, want| {
            expect_same("the shingles", got, want)
        })
    })
}

pub fn signatures_are_those_of_python(answers: &Answers) -> Outcome {
    for case in golden()?.signatures {
        let what = format!(
            "a set of {}, {}",
            counted(case.shingles.len(), "shingle"),
            counted(case.seeds.len(), "seed")
        );
        expect_eq(&what, &(answers.minhash)(&case.shingles, &case.seeds), &case.signature)?;
    }
    Ok(())
}

pub fn places_are_equal_as_often_as_sets_overlap(answers: &Answers) -> Outcome {
    const SEEDS: usize = 4000;
    let mut rng = seeded(seed_of_this_run()?);
    for ([both, a, b], is_counted) in
        [([1, 1, 1], false), ([5, 5, 0], true), ([3, 1, 4], true), ([20, 3, 2], false)]
    {
        let numbers: Vec<u64> =
            (0..both + a + b).map(|at| if is_counted { at as u64 } else { rng.random() }).collect();
        let (shared, rest) = numbers.split_at(both);
        let (of_a, of_b) = rest.split_at(a);
        let sets = [of_a, of_b].map(|own| shared.iter().chain(own).copied().collect());
        let seeds: Vec<u64> =
            (0..SEEDS as u64).map(|at| if is_counted { at } else { rng.random() }).collect();
        let [one, other] = sets.map(|set: BTreeSet<u64>| (answers.minhash)(&set, &seeds));
        expect_same("how many places a signature of 4,000 seeds has", &one.len(), &SEEDS)?;
        expect_same("how many places a signature of 4,000 seeds has", &other.len(), &SEEDS)?;
        let equal: Vec<bool> = one.iter().zip(&other).map(|(one, other)| one == other).collect();
        let share = both as f64 / (both + a + b) as f64;
        let what = format!("{both} shared of {} shingles", both + a + b);
        let found = equal.iter().filter(|equal| **equal).count() as u64;
        expect_distribution(
            &format!("{what}: at how many of 4,000 places signatures are equal, or not"),
            &[found, SEEDS as u64 - found],
            &[share, 1.0 - share],
        )?;
        // Whether a place is equal says nothing about the next.
        let mut pairs = [0; 4];
        equal.chunks(2).for_each(|two| pairs[2 * usize::from(two[0]) + usize::from(two[1])] += 1);
        let odd = share * (1.0 - share);
        expect_distribution(
            &format!("{what}: two places side by side, of which none, one or both are equal"),
            &pairs,
            &[(1.0 - share).powi(2), odd, odd, share.powi(2)],
        )?;
    }
    Ok(())
}

pub fn signatures_agree(answers: &Answers) -> Outcome {
    let number = || draw::prop_oneof![3 => draw::any_u64(), 1 => 0..4_u64];
    let lists = || {
        let long = draw::list(number(), 0..=700);
        draw::prop_oneof![15 => draw::list(number(), 0..=40), 1 => long]
    };
    differential((lists(), lists()), |(set, seeds)| {
        let set: BTreeSet<u64> = set.iter().copied().collect();
        let run = |answers: &Answers| (answers.minhash)(&set, seeds);
        expect_eq("the signature", &run(answers), &run(&SOLUTION))
    })
}

/// Two signatures of which so many places are equal, spread at random.
fn pair(places: usize, equal: usize, seed: u64) -> [Vec<u64>; 2] {
    let mut rng = seeded(seed);
    let a: Vec<u64> = (0..places).map(|_| rng.random()).collect();
    let mut is_equal: Vec<bool> = (0..places).map(|at| at < equal).collect();
    for i in (1..places).rev() {
        is_equal.swap(i, rng.random_range(0..=i));
    }
    // Different places differ in a single bit, any of the 64.
    let other = |(&a, is_equal): (&u64, bool)| {
        if is_equal { a } else { a ^ 1 << rng.random_range(0..64) }
    };
    let b = a.iter().zip(is_equal).map(other).collect();
    [a, b]
}

fn expect_estimate(what: &str, got: f64, want: f64) -> Outcome {
    expect_close(what, &[], &[got], &[want], Tolerance::F64)
}

pub fn estimates_count_equal_places(answers: &Answers) -> Outcome {
    let seed = seed_of_this_run()?;
    for (at, (places, equal)) in
        (0..).zip([(1, 1), (1, 0), (4, 3), (7, 2), (128, 100), (300, 299), (1000, 0), (5000, 4999)])
    {
        let [a, b] = pair(places, equal, seed.wrapping_add(at));
        let what = format!("{equal} of {} equal", counted(places, "place"));
        expect_estimate(&what, (answers.estimate)(&a, &b)?, equal as f64 / places as f64)?;
    }
    // The same numbers at other places are not the same.
    let [a, _] = pair(64, 0, seed);
    let mut turned = a.clone();
    turned.rotate_left(1);
    expect_estimate("all numbers one place further", (answers.estimate)(&a, &turned)?, 0.0)?;
    let repeated = (answers.estimate)(&[5, 5, 5, 6], &[5, 7, 7, 7])?;
    expect_estimate("5, 5, 5, 6 against 5, 7, 7, 7", repeated, 0.25)
}

pub fn signatures_that_do_not_fit_are_refused(answers: &Answers) -> Outcome {
    for (a, b) in [(3, 4), (4, 3), (0, 1), (200, 0)] {
        let got = (answers.estimate)(&vec![1; a], &vec![1; b]);
        let what = format!("signatures of {} and of {b}", counted(a, "place"));
        expect_error_is(&what, got, &DedupError::Lengths { a, b })?;
    }
    let got = (answers.estimate)(&[], &[]);
    expect_error_is("signatures of no places", got, &DedupError::EmptySignature)
}

pub fn estimates_agree(answers: &Answers) -> Outcome {
    // Mostly the same number, in some signatures hundreds of times.
    let number = || {
        let others = draw::select(vec![0, 1, 2, 1 << 32, 1 << 63, u64::MAX]);
        draw::prop_oneof![4 => draw::Just(1), 1 => others]
    };
    let few = || {
        let long = draw::list(number(), 0..=1500);
        draw::prop_oneof![9 => draw::list(number(), 0..=60), 1 => long]
    };
    let inputs = (few(), few(), draw::select(vec![true, true, true, true, false])).prop_map(
        |(mut a, mut b, is_fit)| {
            if is_fit {
                let places = a.len().min(b.len());
                a.truncate(places);
                b.truncate(places);
            }
            (a, b)
        },
    );
    differential(inputs, |(a, b)| {
        let run = |answers: &Answers| -> Result<f64, DedupError> { (answers.estimate)(a, b) };
        agree("the estimate", run(answers), run(&SOLUTION), |&got, &want| -> Result<(), Failure> {
            expect_estimate("the estimate", got, want)
        })
    })
}

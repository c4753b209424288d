//! Words in vectors: how near they are to good and to bad.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is};
use rand::RngExt;

use crate::oracle::tests;
use crate::{Answers, BiasError, SOLUTION, Vectors, Weat};

const NEAR: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };

/// Vectors that do not change from case to case, `w0` to `w29`; `w30` has none.
fn vectors() -> Vectors {
    let mut rng = seeded(23);
    let mut row = |i: usize| {
        let size = 10_f64.powi(i as i32 % 7 - 3);
        (format!("w{i}"), (0..5).map(|_| size * (rng.random::<f64>() - 0.4)).collect())
    };
    let mut rows: Vec<(String, Vec<f64>)> = (0..30).map(&mut row).collect();
    // Two that point the same way, two opposite ways, and two almost the same way.
    rows[7].1 = rows[4].1.iter().map(|x| 3.0 * x).collect();
    rows[29].1 = rows[4].1.iter().map(|x| x + 1e-4 * x.signum() * rows[4].1[0]).collect();
    rows[9].1 = rows[4].1.iter().map(|x| -0.5 * x).collect();
    Vectors::new(rows)
}

fn list(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn unknown(word: &str) -> BiasError {
    BiasError::UnknownWord { word: word.into() }
}

pub fn associations_are_those_of_numpy(answers: &Answers) -> Outcome {
    for case in tests()? {
        let (vectors, [x, y, a, b]) = (case.vectors(), case.lists());
        let words = [x, y].concat();
        for (word, &want) in words.iter().zip(case.x_scores.iter().chain(&case.y_scores)) {
            let got = (answers.association)(&vectors, word, &a, &b)?;
            let what = format!("the association of {word} with {a:?} and not {b:?}");
            expect_close(&what, &[], &[got], &[want], NEAR)?;
        }
    }
    Ok(())
}

pub fn words_without_vectors_are_refused(answers: &Answers) -> Outcome {
    associations_are_those_of_numpy(answers)?;
    let vectors = vectors();
    for (word, a, b, want) in [
        ("w0", vec![], vec!["w1"], BiasError::NoWords),
        ("w0", vec!["w1"], vec![], BiasError::NoWords),
        ("Ada", vec![], vec!["Bo"], BiasError::NoWords),
        ("Ada", vec!["w1"], vec!["Bo"], unknown("Ada")),
        ("w0", vec!["w1", "Bo"], vec!["Cy"], unknown("Bo")),
        ("w0", vec!["w1"], vec!["w2", "Cy", "Di"], unknown("Cy")),
        ("W0", vec!["w1"], vec!["w2"], unknown("W0")),
    ] {
        let what = format!("{word:?} with {a:?} and not {b:?}");
        expect_error_is(&what, (answers.association)(&vectors, word, &a, &b), &want)?;
    }
    Ok(())
}

fn words(most: usize) -> impl Strategy<Value = Vec<String>> {
    let word = draw::prop_oneof![20 => 0..30_u8, 1 => 28..=30_u8];
    draw::list(word.prop_map(|i| format!("w{i}")), 0..=most)
}

pub fn associations_agree(answers: &Answers) -> Outcome {
    let vectors = vectors();
    let word = (0..=30_u8).prop_map(|i| format!("w{i}"));
    differential((word, words(12), words(12)), |(word, a, b)| {
        let [got, want] = [answers, &SOLUTION]
            .map(|answers| (answers.association)(&vectors, word, &list(a), &list(b)));
        agree("association", got, want, |&got, &want| {
            expect_close("the association", &[], &[got], &[want], NEAR)
        })
    })
}

fn expect_weat(what: &str, got: &Weat, want: &Weat) -> Outcome {
    for (of, got, want) in
        [("x", &got.x_scores, &want.x_scores), ("y", &got.y_scores, &want.y_scores)]
    {
        expect_close(&format!("{what}: the scores of {of}"), &[want.len()], got, want, NEAR)?;
    }
    let numbers = |weat: &Weat| [weat.statistic, weat.effect_size];
    let what = format!("{what}: statistic and effect size");
    expect_close(&what, &[2], &numbers(got), &numbers(want), NEAR)
}

pub fn tests_are_those_of_numpy(answers: &Answers) -> Outcome {
    for case in tests()? {
        let (vectors, [x, y, a, b]) = (case.vectors(), case.lists());
        let what = format!("{} words a group", x.len());
        let got = (answers.weat)(&vectors, &x, &y, &a, &b)?;
        let crate::oracle::TestCase { x_scores, y_scores, statistic, effect_size, .. } = case;
        expect_weat(&what, &got, &Weat { x_scores, y_scores, statistic, effect_size })?;
    }
    Ok(())
}

pub fn swapped_groups_turn_the_sign(answers: &Answers) -> Outcome {
    tests_are_those_of_numpy(answers)?;
    let vectors = vectors();
    let [x, y] = [["w0", "w1", "w2", "w3"], ["w10", "w11", "w12", "w13"]];
    let [a, b] = [["w20", "w21"], ["w22", "w23"]];
    let test = |x: &[&str], y: &[&str], a: &[&str], b: &[&str]| {
        (answers.weat)(&vectors, x, y, a, b).map(|weat| (weat.statistic, weat.effect_size))
    };
    let (statistic, d) = test(&x, &y, &a, &b)?;
    let turned = [-statistic, -d];
    for (what, got) in [("x and y", test(&y, &x, &a, &b)?), ("a and b", test(&x, &y, &b, &a)?)] {
        let what = format!("{what} swapped: statistic and effect size");
        expect_close(&what, &[2], &[got.0, got.1], &turned, NEAR)?;
    }
    for (what, x, y, want) in [
        ("the same words in both groups", &x[..], &["w3", "w1", "w0", "w2"][..], 0.0),
        ("a single word, three times a group", &["w0"; 3], &["w0"; 3], 0.0),
        ("two words with the same direction", &["w4"], &["w7"], 0.0),
        ("all words of one direction", &["w4", "w7", "w4"], &["w7", "w7", "w4"], 0.0),
    ] {
        let (statistic, d) = test(x, y, &a, &b)?;
        expect((d - want).abs() < 1e-9 && (want != 0.0 || statistic.abs() < 1e-9), || {
            format!(
                "{what}: expected an effect size of {want}, got {d}, and {statistic} as statistic"
            )
        })?;
    }
    // Groups that are each of one direction, or of one word, are as far apart as can be.
    for (x, y) in [
        (&["w4", "w7"][..], &["w9", "w9"][..]),
        (&["w0"], &["w10"]),
        (&["w4"], &["w29"]),
        (&["w5"], &["w1"]),
    ] {
        let (statistic, d) = test(x, y, &a, &b)?;
        let want = 2.0 * statistic.signum();
        expect((d - want).abs() < 1e-9, || {
            format!("{x:?} and {y:?}: expected an effect size of {want}, got {d}")
        })?;
    }
    Ok(())
}

pub fn groups_are_refused(answers: &Answers) -> Outcome {
    tests_are_those_of_numpy(answers)?;
    let vectors = vectors();
    let sizes = |x, y| BiasError::Sizes { x, y };
    for (x, y, a, b, want) in [
        (vec![], vec![], vec!["w1"], vec!["w2"], BiasError::NoWords),
        (vec!["w0"], vec!["w3", "w4"], vec![], vec!["w2"], BiasError::NoWords),
        (vec!["w0"], vec![], vec!["w1"], vec!["w2"], BiasError::NoWords),
        (vec!["Ada"], vec!["w3", "w4"], vec!["w1"], vec!["w2"], sizes(1, 2)),
        (vec!["w3", "w4", "w5"], vec!["w0"], vec!["w1"], vec!["w2"], sizes(3, 1)),
        (vec!["w0", "Ada"], vec!["Bo", "w4"], vec!["w1"], vec!["w2"], unknown("Ada")),
        (vec!["w0"], vec!["Bo"], vec!["w1"], vec!["w2"], unknown("Bo")),
        (vec!["w0"], vec!["Bo"], vec!["w1"], vec!["Cy"], unknown("Cy")),
    ] {
        let what = format!("{x:?} and {y:?} with {a:?} and {b:?}");
        expect_error_is(&what, (answers.weat)(&vectors, &x, &y, &a, &b), &want)?;
    }
    Ok(())
}

pub fn tests_agree(answers: &Answers) -> Outcome {
    let vectors = vectors();
    let drawn = (words(14), words(14), words(5), words(5), 0..8_u8);
    differential(drawn, |(x, y, a, b, uneven)| {
        let n = x.len().min(y.len());
        let (x, y) = if *uneven == 0 { (&x[..], &y[..]) } else { (&x[..n], &y[..n]) };
        let [x, y, a, b] = [x, y, a, b].map(list);
        let [got, want] =
            [answers, &SOLUTION].map(|answers| (answers.weat)(&vectors, &x, &y, &a, &b));
        agree("weat", got, want, |got, want| expect_weat("these", got, want))
    })
}

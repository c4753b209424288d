//! What is lost, what is left, and how many tasks it takes.

use grading::draw;
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_error_is, expect_same,
};

use crate::oracle::front;
use crate::{Answers, Point, SOLUTION, SavingsError};

const NEAR: Tolerance = Tolerance { rtol: 1e-11, atol: 0.0 };

pub fn perplexity_rises(answers: &Answers) -> Outcome {
    let ln = f64::ln;
    // A difference of two losses is exact to their last digits only.
    for (before, after, want, rtol) in [
        (0.0, ln(2.0), 1.0, 1e-12),
        (ln(8.0), ln(10.0), 0.25, 1e-12),
        (ln(10.0), ln(8.0), -0.2, 1e-12),
        (1.5, 1.5, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        // e to 800 is no f64 any more, but their ratio is.
        (800.0, 801.0, std::f64::consts::E - 1.0, 1e-12),
        // 2⁻⁴⁰: its square, halved, is the next term.
        (1.0, 1.0 + 2_f64.powi(-40), 2_f64.powi(-40) + 2_f64.powi(-81), 1e-12),
        (0.0, 1e-18, 1e-18, 1e-12),
        (800.0, 0.0, -1.0, 1e-12),
        (0.0, 1000.0, f64::INFINITY, 0.0),
    ] {
        let got = (answers.forgotten)(before, after)?;
        let what = format!("from a loss of {before} to {after}: the rise of perplexity");
        if want.is_infinite() {
            expect_same(&what, &got, &want)?;
        } else {
            expect_close(&what, &[], &[got], &[want], Tolerance { rtol, atol: 0.0 })?;
        }
    }
    Ok(())
}

pub fn senseless_losses_are_refused(answers: &Answers) -> Outcome {
    for loss in [-1.0, -1e-300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for other in [2.0, -5.0, f64::NAN] {
            let got = (answers.forgotten)(loss, other);
            let want = SavingsError::Loss { what: "before", loss };
            expect_error_is(&format!("losses of {loss} and {other}"), got, &want)?;
        }
        let want = SavingsError::Loss { what: "after", loss };
        expect_error_is(&format!("losses of 0 and {loss}"), (answers.forgotten)(0.0, loss), &want)?;
    }
    Ok(())
}

pub fn forgetting_agrees(answers: &Answers) -> Outcome {
    let loss = || {
        draw::prop_oneof![
            8 => draw::between(0.0, 8.0),
            2 => draw::select(vec![0.0, -0.0, 3.0, 1e-300, 700.0, 1e5]),
            1 => draw::any_f64(),
        ]
    };
    differential((loss(), loss()), |&(before, after)| {
        let run = |answers: &Answers| (answers.forgotten)(before, after);
        agree("forgotten", run(answers), run(&SOLUTION), |&got, &want| match want.is_infinite() {
            true => expect_same("the rise", &got, &want),
            false => expect_close("the rise", &[], &[got], &[want], NEAR),
        })
    })
}

fn of(pairs: &[(f64, f64)]) -> Vec<Point> {
    pairs.iter().map(|&(cost, score)| Point { cost, score }).collect()
}

fn expect_front(answers: &Answers, points: &[Point]) -> Outcome {
    let got = (answers.pareto_front)(points)?;
    expect_eq(&format!("the front of {points:?}"), &got, &front(points))
}

pub fn nothing_beats_the_front(answers: &Answers) -> Outcome {
    for pairs in [
        vec![],
        vec![(3.0, 0.5)],
        vec![(1.0, 0.1), (2.0, 0.2), (3.0, 0.3)],
        vec![(3.0, 0.3), (1.0, 0.1), (2.0, 0.2)],
        vec![(1.0, 0.3), (2.0, 0.2), (3.0, 0.1)],
        vec![(2.0, 0.9), (1.0, 0.5), (4.0, 0.9), (2.0, 0.7), (8.0, 0.95), (1.0, 0.2)],
        vec![(-5.0, -2.0), (-6.0, -3.0), (0.0, -2.0)],
    ] {
        expect_front(answers, &of(&pairs))?;
    }
    // A grid with many ties on both axes.
    for seed in 1..40_u32 {
        let number = |i: u32, m: u32| f64::from((i * i + seed * i * 7 + seed) % m);
        let pairs: Vec<_> = (0..seed % 23).map(|i| (number(i, 7), number(i + 3, 5))).collect();
        expect_front(answers, &of(&pairs))?;
    }
    Ok(())
}

pub fn ties_have_an_order(answers: &Answers) -> Outcome {
    let inf = f64::INFINITY;
    for pairs in [
        vec![(1.0, 0.5), (1.0, 0.5), (2.0, 0.5), (1.0, 0.5)],
        vec![(0.0, 1.0), (-0.0, 1.0), (0.0, 1.0)],
        vec![(1.0, 0.0), (1.0, -0.0), (0.5, -0.0)],
        vec![(inf, inf), (0.0, 1.0), (inf, 5.0), (-inf, -inf)],
        vec![(inf, 1.0), (inf, 1.0)],
        // More than a sort that is not stable leaves in order.
        [(0.0, 0.5), (-0.0, 0.5), (1.0, 0.75)].repeat(30),
        vec![(1.0, 0.5), (1.0 + f64::EPSILON, 0.5), (1.0, 0.5 + f64::EPSILON)],
    ] {
        expect_front(answers, &of(&pairs))?;
    }
    let nan = f64::NAN;
    for (pairs, at) in [
        (vec![(1.0, nan)], 0),
        (vec![(1.0, 1.0), (nan, 0.0), (1.0, nan)], 1),
        (vec![(1.0, 1.0), (2.0, 0.0), (2.0, -nan)], 2),
    ] {
        let got = (answers.pareto_front)(&of(&pairs));
        let want = SavingsError::NotANumber { at };
        expect_error_is(&format!("the front of {pairs:?}"), got, &want)?;
    }
    Ok(())
}

pub fn fronts_agree(answers: &Answers) -> Outcome {
    let number = || {
        draw::prop_oneof![
            6 => draw::select(vec![0.0, -0.0, 1.0, 2.0, 3.0]),
            4 => draw::between(-4.0, 4.0),
            1 => draw::select(vec![f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e-300]),
        ]
    };
    let points = draw::list((number(), number()), 0..=12);
    differential((points, 0..60_u8), |(pairs, nan)| {
        let mut points = of(pairs);
        if let (0, Some(point)) = (*nan, points.last_mut()) {
            point.score = f64::NAN;
        }
        let run = |answers: &Answers| (answers.pareto_front)(&points);
        agree("the front", run(answers), run(&SOLUTION), |got, want| {
            expect_eq("the front", got, want)
        })
    })
}

pub fn fewer_tasks_are_not_enough(answers: &Answers) -> Outcome {
    for base in [0, 1, 5, 10, 11, 60] {
        for file in [0, 1, 3, 9, 10, 20] {
            for whole in [0, 1, 2, 10, 12] {
                let got = (answers.break_even)(base, file, whole);
                let want = (1..100).find(|tasks| base + tasks * file < tasks * whole);
                let what = format!("a base of {base}, files of {file}, models of {whole}: tasks");
                expect_same(&what, &got, &want)?;
            }
        }
    }
    Ok(())
}

pub fn break_even_agrees(answers: &Answers) -> Outcome {
    let most = (1_u64 << 62) - 1;
    let size = || {
        draw::prop_oneof![
            3 => 0..=most,
            3 => 0..10_000_000_000_u64,
            3 => 0..5_u64,
            1 => draw::select(vec![most, most - 1, (1 << 53) + 1, 1 << 32]),
        ]
    };
    differential((size(), size(), size()), |&(base, file, whole)| {
        let got = (answers.break_even)(base, file, whole);
        expect_same("tasks", &got, &(SOLUTION.break_even)(base, file, whole))
    })
}

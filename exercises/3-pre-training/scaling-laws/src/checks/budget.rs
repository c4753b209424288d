//! What a budget buys.

use grading::draw::{self, Strategy};
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_close_or_nan,
    expect_error_is,
};

use crate::oracle::parabolas_golden;
use crate::{Answers, BESIROGLU, HOFFMANN, Law, Optimum, SOLUTION, ScalingError, Vertex};

pub fn a_parameter_takes_six_flops(answers: &Answers) -> Outcome {
    // GPT-3, table D.1: 174.6 billion parameters, 300 billion tokens, 3.14E+23 FLOPs.
    for (n, d, want, rtol) in
        [(1.0, 1.0, 6.0, 0.0), (7.0, 0.5, 21.0, 0.0), (174.6e9, 300e9, 3.14e23, 2e-3)]
    {
        let got = (answers.training_flops)(n, d);
        let tolerance = Tolerance { rtol: rtol + 1e-15, atol: 0.0 };
        let what = format!("{n:e} parameters and {d:e} tokens: FLOPs");
        expect_close(&what, &[], &[got], &[want], tolerance)?;
    }
    Ok(())
}

pub fn flops_agree(answers: &Answers) -> Outcome {
    differential((draw::any_f64(), draw::any_f64()), |&(n, d)| {
        let want = (SOLUTION.training_flops)(n, d);
        // Where rounding to nothing or to infinity is near, the order of the product decides.
        if want != 0.0 && !(1e-290..1e290).contains(&want.abs()) && !n.is_nan() && !d.is_nan() {
            return Ok(());
        }
        let got = (answers.training_flops)(n, d);
        expect_close_or_nan("FLOPs", &[], &[got], &[want], Tolerance::F64)
    })
}

const LAWS: [Law; 4] = [
    HOFFMANN,
    BESIROGLU,
    Law { E: 0.0, A: 3.0, B: 5000.0, alpha: 0.1, beta: 0.9 },
    Law { E: 2.0, A: 9e4, B: 0.7, alpha: 1.3, beta: 0.2 },
];

pub fn no_model_is_better(answers: &Answers) -> Outcome {
    for law in LAWS {
        for compute in [1e3, 5.76e23, 3e19] {
            let got = (answers.optimal)(&law, compute)?;
            let what = format!("{law:?} with {compute:e} FLOPs");
            let loss = |n: f64| law.loss(n, compute / 6.0 / n);
            // Steps of a hundredth, from a thousandth of a parameter on.
            let grid = (0..10_000).map(|i| (-7.0 + 0.01 * f64::from(i)).exp());
            let best = grid.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(f64::NAN);
            let near = Tolerance { rtol: 0.011, atol: 0.0 };
            expect_close(&format!("{what}: parameters"), &[], &[got.parameters], &[best], near)?;
            expect(loss(got.parameters) <= loss(best), || {
                format!(
                    "{what}: {:e} parameters have a loss of {}, and {best:e} have {}",
                    got.parameters,
                    loss(got.parameters),
                    loss(best)
                )
            })?;
        }
    }
    Ok(())
}

pub fn the_optimum_costs_the_budget(answers: &Answers) -> Outcome {
    for law in LAWS {
        for compute in [1.0, 1e21, 7e25] {
            let got = (answers.optimal)(&law, compute)?;
            let what = format!("{law:?}: 6 · N · D");
            let cost = 6.0 * got.parameters * got.tokens;
            expect_close(&what, &[], &[cost], &[compute], Tolerance { rtol: 1e-11, atol: 0.0 })?;
            expect(got.parameters > 0.0, || format!("{what}: {} parameters", got.parameters))?;
        }
    }
    Ok(())
}

/// A number of a law.
type Place = fn(&mut Law) -> &mut f64;

pub fn senseless_laws_are_refused(answers: &Answers) -> Outcome {
    let cases: [(&'static str, Place); 4] = [
        ("A", |law| &mut law.A),
        ("B", |law| &mut law.B),
        ("alpha", |law| &mut law.alpha),
        ("beta", |law| &mut law.beta),
    ];
    for value in [0.0, -0.0, -0.3, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (at, (what, place)) in cases.iter().enumerate() {
            let mut law = HOFFMANN;
            *place(&mut law) = value;
            // What comes later is wrong, too.
            for (_, place) in &cases[at + 1..] {
                *place(&mut law) = -1.0;
            }
            let want = ScalingError::NotPositive { what, value };
            let got = (answers.optimal)(&law, if at % 2 == 0 { -5.0 } else { 1e20 });
            expect_error_is(&format!("a law with {what} = {value}"), got, &want)?;
        }
        let want = ScalingError::NotPositive { what: "compute", value };
        let got = (answers.optimal)(&HOFFMANN, value);
        expect_error_is(&format!("a budget of {value}"), got, &want)?;
    }
    let free = Law { E: -1.0, ..HOFFMANN };
    let got = (answers.optimal)(&free, 1e20)?;
    let want = (SOLUTION.optimal)(&HOFFMANN, 1e20)?;
    let what = "E below 0: parameters";
    expect_close(what, &[], &[got.parameters], &[want.parameters], Tolerance::F64)
}

pub fn optima_agree(answers: &Answers) -> Outcome {
    let powers = |from: f64, to: f64| (from..=to).prop_map(|x: f64| 10_f64.powf(x));
    let odd = || draw::select(vec![0.0, -2.0, f64::NAN, f64::INFINITY]);
    let or_odd = |from, to| draw::prop_oneof![15 => powers(from, to), 1 => odd()];
    let laws = (
        draw::any_f64(),
        or_odd(-4.0, 6.0),
        or_odd(-4.0, 6.0),
        or_odd(-1.3, 0.5),
        or_odd(-1.3, 0.5),
    );
    let laws = laws.prop_map(|(e, a, b, alpha, beta)| Law { E: e, A: a, B: b, alpha, beta });
    differential((laws, or_odd(-3.0, 40.0)), |(law, compute)| {
        let run = |answers: &Answers| (answers.optimal)(law, *compute);
        agree("the optimum", run(answers), run(&SOLUTION), |got, want| {
            let pair = |optimum: &Optimum| [optimum.parameters, optimum.tokens];
            let near = Tolerance { rtol: 1e-10, atol: 0.0 };
            expect_close("parameters and tokens", &[], &pair(got), &pair(want), near)
        })
    })
}

/// As near as a parabola is found by honest ways.
const NEAR: Tolerance = Tolerance { rtol: 1e-6, atol: 1e-9 };

fn expect_vertex(what: &str, got: &Vertex, want: &Vertex) -> Outcome {
    let (n, loss) = (format!("{what}: parameters"), format!("{what}: the loss"));
    expect_close(&n, &[], &[got.parameters], &[want.parameters], NEAR)?;
    expect_close(&loss, &[], &[got.loss], &[want.loss], NEAR)
}

pub fn the_lowest_point_is_numpys(answers: &Answers) -> Outcome {
    for case in parabolas_golden()? {
        let want = Vertex { parameters: case.parameters, loss: case.loss };
        let what = format!("the points {:?}", case.points);
        expect_vertex(&what, &(answers.isoflop_minimum)(&case.points)?, &want)?;
    }
    Ok(())
}

/// Points on a parabola whose lowest point is known.
fn on_parabola(lowest: f64, loss: f64, curvature: f64, from: f64, count: usize) -> Vec<(f64, f64)> {
    let point = |i: usize| {
        let x = from + 0.7 * i as f64;
        (x.exp(), loss + curvature * (x - lowest).powi(2))
    };
    (0..count).map(point).collect()
}

pub fn a_parabola_is_found_again(answers: &Answers) -> Outcome {
    for (lowest, loss, curvature, from, count) in [
        (20.0, 2.5, 0.03, 18.0, 6),
        // Beyond the points, on either side.
        (24.0, 2.5, 0.03, 18.0, 5),
        (15.0, 3.1, 0.02, 18.0, 9),
        (0.5, -1.0, 0.4, -1.0, 3),
        (-3.0, 0.0, 2.0, -4.0, 4),
        (30.0, 1.7, 0.05, 29.0, 40),
    ] {
        let mut points = on_parabola(lowest, loss, curvature, from, count);
        let want = Vertex { parameters: lowest.exp(), loss };
        let what = format!("{count} points of a parabola that is lowest at ln N = {lowest}");
        expect_vertex(&what, &(answers.isoflop_minimum)(&points)?, &want)?;
        points.reverse();
        points.push(points[0]);
        expect_vertex(
            &format!("{what}, in reverse, one of them twice"),
            &(answers.isoflop_minimum)(&points)?,
            &want,
        )?;
    }
    Ok(())
}

pub fn what_has_no_minimum_is_refused(answers: &Answers) -> Outcome {
    let hill = on_parabola(20.0, 3.0, -0.04, 19.0, 6);
    let refused = |what: &str, points: &[(f64, f64)], want: ScalingError| {
        expect_error_is(what, (answers.isoflop_minimum)(points), &want)
    };
    refused("a parabola that opens downward", &hill, ScalingError::NoMinimum)?;
    let valley = on_parabola(20.0, 3.0, 0.04, 19.0, 6);
    for (given, points) in [
        (0, vec![]),
        (1, vec![valley[2]]),
        (2, valley[..2].to_vec()),
        (2, vec![valley[0], valley[3], valley[0], valley[3]]),
        (1, vec![(5.0, 1.0), (5.0, 2.0), (5.0, 3.0)]),
    ] {
        let what = format!("points at {given} different N");
        refused(&what, &points, ScalingError::TooFew { given, needed: 3 })?;
    }
    for value in [0.0, -3.0, f64::NAN, f64::INFINITY] {
        // Behind it there is another, and it is the reason that counts.
        for points in
            [vec![valley[0], (value, f64::NAN), (-1.0, 1.0)], vec![valley[0], (value, 2.0)]]
        {
            refused(&format!("an N of {value}"), &points, ScalingError::Bad { at: 1, value })?;
        }
    }
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let points = [valley[0], valley[1], (1e9, value), valley[4]];
        refused(&format!("a loss of {value}"), &points, ScalingError::Bad { at: 2, value })?;
    }
    let below = on_parabola(20.0, -3.0, 0.04, 19.0, 6);
    let want = Vertex { parameters: 20_f64.exp(), loss: -3.0 };
    expect_vertex("losses below 0", &(answers.isoflop_minimum)(&below)?, &want)
}

pub fn minima_agree(answers: &Answers) -> Outcome {
    // Places on a grid, so that no two different ones are too close for any honest way.
    let point = (0..30_i32, -1.0..1.0_f64);
    let odd =
        draw::select(vec![(0.0, 1.0), (-1.0, f64::NAN), (1e9, f64::INFINITY), (f64::NAN, 1.0)]);
    let points = draw::list(point, 0..=300);
    let strategy = (
        points,
        0.02..0.2_f64,
        10.0..25.0_f64,
        draw::prop_oneof![15 => draw::select(vec![None]), 1 => odd.prop_map(Some)],
    );
    differential(strategy, |(drawn, curvature, lowest, odd)| {
        let mut points: Vec<(f64, f64)> = drawn
            .iter()
            .map(|&(place, noise)| {
                let x = 12.0 + 0.4 * f64::from(place);
                (x.exp(), 3.0 + curvature * (x - lowest).powi(2) + 0.001 * noise)
            })
            .collect();
        points.extend(odd);
        let run = |answers: &Answers| (answers.isoflop_minimum)(&points);
        let what = format!("the points {points:?}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_vertex(&what, got, want))
    })
}

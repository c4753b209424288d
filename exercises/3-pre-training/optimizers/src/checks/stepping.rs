//! Optimizers that treat each weight by itself: momentum, AdamW, Lion.

use grading::draw::{self, Strategy, prop_oneof};
use grading::{
    Differential, Failure, Outcome, Tolerance, differential, expect_bits, expect_close, expect_same,
};

use crate::oracle::{self, Stepped, Trajectory, expect_within, golden};
use crate::{AdamW, Answers, Group, Lion, Moments, Sgd};

/// Gradients from tiny to huge.
const SIZES: [f32; 8] = [1.0, -3.0, 1e-7, -1e-7, 2e-6, 1e6, -4e-3, 1e10];

pub fn constant_slope_has_a_closed_form(answers: &Answers) -> Outcome {
    for (lr, momentum, nesterov) in
        [(0.1, 0.0, false), (0.1, 0.5, false), (0.02, 0.9, false), (0.05, 0.8, true)]
    {
        let settings = Sgd { lr, momentum, nesterov, weight_decay: 0.0 };
        let mut weights = [0.0; SIZES.len()];
        let mut velocity = weights;
        // Velocities after t steps: g (1 − μ^t) / (1 − μ).
        let after = |t: i32| (1.0 - momentum.powi(t)) / (1.0 - momentum);
        let mut gone = 0.0;
        for t in 1..=9 {
            (answers.sgd_momentum)(&mut weights, &SIZES, &mut velocity, &settings)?;
            gone += lr * if nesterov { 1.0 + momentum * after(t) } else { after(t) };
            let what = format!("{settings:?}, step {t} on constant gradients");
            let of = |factor: f64| SIZES.map(|g| factor * f64::from(g));
            let close = Tolerance { rtol: 1e-5, atol: 0.0 };
            expect_close(&format!("{what}: the weights"), &[], &weights, &of(-gone), close)?;
            expect_close(&format!("{what}: the velocity"), &[], &velocity, &of(after(t)), close)?;
        }
    }
    Ok(())
}

pub fn momentum_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.sgd {
        let settings = sgd_of(&case)?;
        let step = |w: &mut [f32], g: &[f32], b: &mut Vec<f32>| {
            Ok((answers.sgd_momentum)(w, g, b, &settings)?)
        };
        case.expect(vec![0.0; case.start.len()], step, |b| vec![b])?;
    }
    Ok(())
}

fn sgd_of(case: &Trajectory) -> Result<Sgd, Failure> {
    let &[lr, momentum, weight_decay] = &case.settings.numbers[..] else {
        return Err(Failure::wrong("golden/trajectories.json: three settings of SGD"));
    };
    Ok(Sgd { lr, momentum, nesterov: case.settings.nesterov, weight_decay })
}

pub fn constant_slope_is_a_step_of_lr(answers: &Answers) -> Outcome {
    for (lr, beta1, beta2, eps) in
        [(0.01, 0.9, 0.999, 1e-8), (0.1, 0.8, 0.95, 1e-7), (0.3, 0.0, 0.5, 1e-4)]
    {
        let settings = AdamW { lr, beta1, beta2, eps };
        let n = SIZES.len();
        let (mut weights, mut state) = (vec![0.0; n], Moments::new(n));
        let groups = Group::all(n, 0.0);
        for t in 1..=20 {
            (answers.adamw_step)(&mut weights, &SIZES, &groups, &mut state, &settings)?;
            for (&w, g) in weights.iter().zip(SIZES.map(f64::from)) {
                let want = -lr * f64::from(t) * g / (g.abs() + eps);
                let what =
                    format!("{settings:?}, step {t}, a gradient of {g:e} in each: the weight");
                expect_close(&what, &[], &[w], &[want], Tolerance { rtol: 3e-5, atol: 0.0 })?;
            }
            expect_same("state.step, the steps so far", &state.step, &u64::from(t as u32))?;
        }
    }
    Ok(())
}

pub fn adamw_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.adamw {
        let &[lr, beta1, beta2, eps, decay] = &case.settings.numbers[..] else {
            return Err(Failure::wrong("golden/trajectories.json: five settings of AdamW"));
        };
        let n = case.start.len();
        let (settings, groups) = (AdamW { lr, beta1, beta2, eps }, Group::all(n, decay));
        let step = |w: &mut [f32], g: &[f32], state: &mut Moments| {
            Ok((answers.adamw_step)(w, g, &groups, state, &settings)?)
        };
        case.expect(Moments::new(n), step, |state| vec![&state.m, &state.v])?;
    }
    Ok(())
}

pub fn decay_is_apart_from_the_gradient(answers: &Answers) -> Outcome {
    let settings = AdamW { lr: 0.1, eps: 1e-12, ..AdamW::default() };
    let decays = [0.5, 0.0, 0.02, 2.0];
    let groups: Vec<Group> = decays
        .iter()
        .enumerate()
        .map(|(at, &weight_decay)| Group { range: 3 * at..3 * at + 3, weight_decay })
        .collect();
    let start: Vec<f32> = (0..12).map(|i| [8.0, -0.5, 0.01][i % 3]).collect();
    // The same for weights of all sizes: without a gradient, along one, against one.
    for g in [0.0, 1e-3, -7.0] {
        let gradients = vec![g; start.len()];
        let (mut weights, mut state) = (start.clone(), Moments::new(start.len()));
        let mut want: Vec<f64> = start.iter().map(|&w| w.into()).collect();
        for t in 1..=4 {
            (answers.adamw_step)(&mut weights, &gradients, &groups, &mut state, &settings)?;
            for (i, w) in want.iter_mut().enumerate() {
                let direction = if g == 0.0 { 0.0 } else { f64::from(g.signum()) };
                *w = *w * (1.0 - 0.1 * decays[i / 3]) - 0.1 * direction;
            }
            let what = |i: usize| {
                let (from, decay) = (start[i], decays[i / 3]);
                format!(
                    "a weight that was {from}, gradient {g}, lr 0.1, weight decay {decay}, step {t}"
                )
            };
            expect_within(what, &weights, &want, |i| 2e-6 * f64::from(start[i].abs()) + 1e-5)?;
        }
    }
    Ok(())
}

pub fn resumed_run_has_the_same_bits(answers: &Answers) -> Outcome {
    let n = 7;
    let settings = AdamW { lr: 0.02, beta1: 0.8, ..AdamW::default() };
    let groups = Group::all(n, 0.1);
    let gradient = |t: usize| -> Vec<f32> {
        (0..n).map(|i| ((3 * t + 5 * i) % 11) as f32 / 4.0 - 1.0).collect()
    };
    let step = |weights: &mut Vec<f32>, state: &mut Moments, t: usize| {
        (answers.adamw_step)(weights, &gradient(t), &groups, state, &settings)
    };
    let (mut weights, mut state) = (gradient(9), Moments::new(n));
    let mut saved = None;
    for t in 0..12 {
        if t == 5 {
            saved = Some((weights.clone(), state.clone()));
        }
        step(&mut weights, &mut state, t)?;
    }
    let Some((mut again, mut kept)) = saved else { return Ok(()) };
    // Somebody else's model in between.
    let (mut other, mut of_other) = (gradient(2), Moments::new(n));
    for t in 5..12 {
        step(&mut again, &mut kept, t)?;
        step(&mut other, &mut of_other, t + 1)?;
    }
    expect_bits("the weights of a run resumed after 5 of 12 steps", &again, &weights)?;
    expect_bits("m of a run resumed after 5 of 12 steps", &kept.m, &state.m)?;
    expect_bits("v of a run resumed after 5 of 12 steps", &kept.v, &state.v)?;
    expect_same("state.step after 12 steps", &[kept.step, state.step], &[12, 12])
}

pub fn every_step_of_lion_is_equally_long(answers: &Answers) -> Outcome {
    for lr in [0.5, 0.001] {
        let settings = Lion { lr, beta1: 0.9, beta2: 0.99, weight_decay: 0.0 };
        let gradients = [&SIZES[..], &[0.0, -0.0]].concat();
        let (mut weights, mut momentum) = (vec![0.0; gradients.len()], vec![0.0; gradients.len()]);
        for t in 1..=6 {
            (answers.lion)(&mut weights, &gradients, &mut momentum, &settings)?;
            let want = gradients.iter().map(|&g| if g == 0.0 { 0.0 } else { g.signum() });
            let want: Vec<f64> = want.map(|sign| -lr * f64::from(t) * f64::from(sign)).collect();
            let what = |i: usize| {
                format!("{settings:?}, step {t}, a gradient of {}: weight", gradients[i])
            };
            expect_within(what, &weights, &want, |_| 1e-5 * lr)?;
        }
        // The momentum of two steps outweighs small gradients against it, and none at all.
        let (mut weight, mut momentum) = ([0.0], [0.0]);
        for (t, g) in (1..).zip([1.0, 1.0, -0.1, -0.1, 0.0]) {
            (answers.lion)(&mut weight, &[g], &mut momentum, &settings)?;
            let what = |_| format!("gradients 1, 1, −0.1, −0.1, 0, lr {lr}, step {t}: the weight");
            expect_within(what, &weight, &[-lr * f64::from(t)], |_| 1e-5 * lr)?;
        }
    }
    Ok(())
}

pub fn lion_is_that_of_its_authors(answers: &Answers) -> Outcome {
    for case in golden()?.lion {
        let &[lr, beta1, beta2, weight_decay] = &case.settings.numbers[..] else {
            return Err(Failure::wrong("golden/trajectories.json: four settings of Lion"));
        };
        let settings = Lion { lr, beta1, beta2, weight_decay };
        let step =
            |w: &mut [f32], g: &[f32], m: &mut Vec<f32>| Ok((answers.lion)(w, g, m, &settings)?);
        case.expect(vec![0.0; case.start.len()], step, |m| vec![m])?;
    }
    Ok(())
}

/// A weight, its gradients in three steps, and which weight decay it has.
type Drawn = (f32, [f32; 3], usize);

fn drawn(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let gradient = || {
        prop_oneof![
            6 => draw::between_f32(-1e15, 1e15),
            5 => draw::select(vec![0.0, -0.0, 1e-7, -1e-7, 1e-15, 1e-40, 3e6, -1e15]),
            1 => draw::select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY]),
        ]
    };
    let gradients = (gradient(), gradient(), gradient()).prop_map(|(a, b, c)| [a, b, c]);
    draw::list((draw::between_f32(-1e6, 1e6), gradients, 0..3_usize), 0..=most)
}

/// What was kept of earlier steps, zeros of both signs among it.
fn rolling(numbers: &[Drawn]) -> Vec<f32> {
    numbers.iter().map(|(.., which)| [0.0, -0.0, 1.5][*which]).collect()
}

/// Compares three steps with the formula, each from what the answer itself had left behind.
fn follow<S>(
    numbers: &[Drawn],
    mut state: S,
    step: impl Fn(&mut [f32], &[f32], &mut S) -> Outcome,
    kept: impl Fn(&S) -> Vec<Vec<f32>>,
    once: impl Fn(usize, f64, f64, &[f64]) -> Stepped,
) -> Outcome {
    let mut weights: Vec<f32> = numbers.iter().map(|(w, ..)| *w).collect();
    for t in 0..3 {
        let gradients: Vec<f32> = numbers.iter().map(|(_, gradients, _)| gradients[t]).collect();
        let (before, old) = (weights.clone(), kept(&state));
        step(&mut weights, &gradients, &mut state)?;
        let want: Vec<Stepped> = (0..numbers.len())
            .map(|i| {
                let old: Vec<f64> = old.iter().map(|list| f64::from(list[i])).collect();
                once(i, before[i].into(), gradients[i].into(), &old)
            })
            .collect();
        let what = |name: &str, i: usize| match before.get(i) {
            Some(w) => {
                let g = gradients[i];
                format!("step {} of 3, weight {i}, which was {w:e}, gradient {g:e}: {name}", t + 1)
            }
            None => format!("step {} of 3 without weights: {name}", t + 1),
        };
        for (at, list) in kept(&state).iter().enumerate() {
            let (values, bounds): (Vec<f64>, Vec<f64>) =
                want.iter().map(|of| (of.kept[at][0], of.kept[at][1])).unzip();
            let name = ["what is kept for it", "the mean of squares"][at];
            expect_within(|i| what(name, i), list, &values, |i| bounds[i])?;
        }
        let values: Vec<f64> = want.iter().map(|of| of.weight[0]).collect();
        expect_within(|i| what("the weight", i), &weights, &values, |i| want[i].weight[1])?;
    }
    Ok(())
}

/// More than fit into 16 bits, with every kind of gradient among them.
fn many() -> Vec<Drawn> {
    let g = |i: usize| SIZES[i % 8] * (1 + i % 5) as f32;
    (0..66_000).map(|i| ((i % 13) as f32 - 6.0, [g(i), g(i / 8), g(i / 3)], i % 3)).collect()
}

pub fn drawn_steps_of_momentum_follow(answers: &Answers) -> Outcome {
    let check = |numbers: &[Drawn], settings: &Sgd| {
        let step = |w: &mut [f32], g: &[f32], b: &mut Vec<f32>| {
            Ok((answers.sgd_momentum)(w, g, b, settings)?)
        };
        let once = |_, w, g, b: &[f64]| oracle::sgd(w, g, b[0], settings);
        follow(numbers, rolling(numbers), step, |b| vec![b.clone()], once)
    };
    check(&many(), &Sgd { lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01 })?;
    let settings = (
        draw::select(vec![0.1, 1e-3, 1.0, 0.0]),
        draw::select(vec![0.5, 0.9, 0.99, 0.1]),
        draw::select(vec![false, true]),
        draw::select(vec![0.0, 0.1, 1.0]),
    );
    differential((drawn(40), settings), |(numbers, (lr, momentum, nesterov, weight_decay))| {
        let [lr, momentum, weight_decay] = [*lr, *momentum, *weight_decay];
        check(numbers, &Sgd { lr, momentum, nesterov: *nesterov, weight_decay })
    })
}

pub fn drawn_steps_of_adamw_follow(answers: &Answers) -> Outcome {
    let check = |numbers: &[Drawn], t: u64, settings: &AdamW| {
        let decay = |i: usize| [0.0, 0.1, 3.0][numbers[i].2];
        let mut groups: Vec<Group> = Vec::new();
        for i in 0..numbers.len() {
            // A group may have no weights, and a neighbor with the same decay.
            if i % 7 == 3 {
                groups.push(Group { range: i..i, weight_decay: 5.0 });
            }
            match groups.last_mut() {
                Some(last) if last.weight_decay == decay(i) && i % 5 > 0 => last.range.end = i + 1,
                _ => groups.push(Group { range: i..i + 1, weight_decay: decay(i) }),
            }
        }
        let start = Moments { step: t, ..Moments::new(numbers.len()) };
        let now = std::cell::Cell::new(t);
        let step = |w: &mut [f32], g: &[f32], state: &mut Moments| {
            (answers.adamw_step)(w, g, &groups, state, settings)?;
            now.set(now.get() + 1);
            expect_same("state.step, the steps so far", &state.step, &now.get())
        };
        let kept = |state: &Moments| vec![state.m.clone(), state.v.clone()];
        let once = |i, w, g, old: &[f64]| {
            oracle::adamw(w, g, [old[0], old[1]], now.get(), decay(i), settings)
        };
        follow(numbers, start, step, kept, once)
    };
    check(&many(), 0, &AdamW::default())?;
    let settings = (
        draw::select(vec![1e-3, 0.0, 0.5, 3e-4]),
        draw::select(vec![(0.9, 0.999), (0.5, 0.9), (0.0, 0.0), (0.9, 0.95), (0.3, 0.99)]),
        draw::select(vec![1e-8, 1e-6, 0.1]),
    );
    let steps = draw::select(vec![0, 0, 1, 7, 999, 70_000, (1 << 31) - 1, 1 << 33]);
    differential((drawn(40), steps, settings), |(numbers, t, (lr, (beta1, beta2), eps))| {
        check(numbers, *t, &AdamW { lr: *lr, beta1: *beta1, beta2: *beta2, eps: *eps })
    })
}

pub fn drawn_steps_of_lion_follow(answers: &Answers) -> Outcome {
    let check = |numbers: &[Drawn], settings: &Lion| {
        let step =
            |w: &mut [f32], g: &[f32], m: &mut Vec<f32>| Ok((answers.lion)(w, g, m, settings)?);
        let once = |_, w, g, m: &[f64]| oracle::lion(w, g, m[0], settings);
        follow(numbers, rolling(numbers), step, |m| vec![m.clone()], once)
    };
    check(&many(), &Lion { lr: 0.1, beta1: 0.9, beta2: 0.99, weight_decay: 0.1 })?;
    let settings = (
        draw::select(vec![1e-4, 0.1, 2.0, 0.0]),
        draw::select(vec![(0.9, 0.99), (0.95, 0.98), (0.5, 0.1)]),
        draw::select(vec![0.0, 0.1, 0.4]),
    );
    Differential::cases(300).run((drawn(40), settings), |(numbers, (lr, betas, decay))| {
        let (beta1, beta2) = *betas;
        check(numbers, &Lion { lr: *lr, beta1, beta2, weight_decay: *decay })
    })
}

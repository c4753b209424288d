//! Answers beside the reference, on drawn inputs.

use grading::draw::{self, Just, Strategy, list, prop_oneof, select};
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect_close, expect_close_or_nan,
    expect_eq, expect_same,
};
use rand::{Rng, RngExt};

use super::losses::LOSS;
use crate::oracle::{expect_model, numbers_of, random_examples, random_model};
use crate::{
    Activations, Answers, Examples, Losses, Matrix, Model, NetError, Run, SOLUTION, Settings, Sizes,
};

/// Ids of which two look alike where 8, 16 or 24 bits of them are kept.
const IDS: [u32; 6] = [0, 1, 256, 65_536, (1 << 24) + 1, u32::MAX];

pub fn shift_like_reference(answers: &Answers) -> Outcome {
    let short = (draw::tokens(6, 60), prop_oneof![0..=4_usize, draw::lengths(0..=300)]);
    let long = (draw::tokens(6, 9), draw::lengths(60_000..=70_000), 0..=2_usize).prop_map(
        |(phrase, len, context)| {
            // An empty phrase has nothing to repeat.
            (phrase.into_iter().cycle().take(len).collect::<Vec<u32>>(), context)
        },
    );
    let texts = prop_oneof![80 => short, 1 => long];
    differential((texts, select(IDS.to_vec())), |((places, context), pad)| {
        let tokens: Vec<u32> = places.iter().map(|&place| IDS[place as usize]).collect();
        let [got, want] = [answers, &SOLUTION].map(|of| (of.shift)(&tokens, *context, *pad));
        expect_eq("the targets", &got.targets, &want.targets)?;
        expect_eq("the contexts", &got.contexts, &want.contexts)?;
        expect_same("the length of a context", &got.context, &want.context)
    })
}

/// Compares losses with their gradients. Where a row has no loss, its gradient is NaN.
fn expect_loss(got: &(f64, Matrix), want: &(f64, Matrix), slope: Tolerance) -> Outcome {
    expect_close_or_nan("the loss", &[], &[got.0], &[want.0], LOSS)?;
    let shape = want.1.shape();
    expect_same("the shape of the gradient", &got.1.shape(), &shape)?;
    let shape = [shape.0, shape.1];
    expect_close_or_nan("the gradient", &shape, got.1.data(), want.1.data(), slope)
}

/// Logits and targets. Now and then there are no rows or no columns, very many, or corners.
fn logits() -> impl Strategy<Value = (Matrix, Vec<u32>)> {
    let sizes = prop_oneof![
        60 => (draw::lengths(0..=7), draw::lengths(0..=9)),
        2 => (1..=2_usize, draw::lengths(60_000..=70_000)),
        1 => (draw::lengths(90_000..=100_000), 2..=3_usize),
    ];
    let scale = select(vec![1.0_f32, 8.0, 1e-3, 100.0, 1e30]);
    let corner = prop_oneof![
        6 => Just(None),
        1 => select(vec![f32::NEG_INFINITY, f32::INFINITY, f32::NAN, -0.0]).prop_map(Some),
    ];
    let wrong = select(vec![None, None, None, None, None, Some("fewer"), Some("more"), Some("id")]);
    (sizes, scale, corner, wrong, draw::any_u64()).prop_map(
        |((rows, cols), scale, corner, wrong, seed)| {
            let mut rng = seeded(seed);
            // Equal rows: a long sum of equal numbers shows how it is added up.
            let row: Vec<f32> = (0..cols).map(|_| scale * rng.random_range(-1.0..1.0)).collect();
            let mut data = row.repeat(rows);
            if rows < 50 {
                data.iter_mut().for_each(|x| *x = scale * rng.random_range(-1.0..1.0));
            }
            if let Some(corner) = corner {
                let whole = rng.random_range(0..3) == 0;
                let at = rng.random_range(0..data.len().max(1));
                let first = at - at % cols.max(1);
                let hit = if whole { first..first + cols } else { at..at + 1 };
                data.iter_mut().enumerate().filter(|(i, _)| hit.contains(i)).for_each(|(_, x)| {
                    *x = corner;
                });
            }
            let target = rng.random_range(0..cols.max(1) as u32);
            let mut targets: Vec<u32> = (0..rows).map(|_| target).collect();
            if rows < 50 {
                targets.iter_mut().for_each(|t| *t = rng.random_range(0..cols.max(1) as u32));
            }
            match wrong {
                Some("fewer") => targets.truncate(rows.saturating_sub(1)),
                Some("more") => targets.push(0),
                Some("id") if rows > 0 => {
                    // The last one counts as well, and the first of two is told.
                    // Among them what others take for −1 and −100.
                    let beyond = [cols as u32, cols as u32 + 1, u32::MAX, u32::MAX - 99];
                    let at = rng.random_range(0..rows);
                    targets[at] = beyond[rng.random_range(0..4)];
                    if rng.random::<bool>() {
                        targets[rows - 1] = u32::MAX - 1;
                    }
                }
                _ => {}
            }
            let matrix = Matrix::new(rows, cols, data).unwrap_or_else(|_| Matrix::zeros(0, 0));
            (matrix, targets)
        },
    )
}

pub fn loss_like_reference(answers: &Answers) -> Outcome {
    differential(logits(), |(logits, targets)| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.softmax_loss)(logits, targets));
        let rows = logits.shape().0.max(1) as f64;
        let slope = Tolerance { rtol: 1e-3, atol: 2e-6 / rows };
        agree("the loss", got, want, |got, want| expect_loss(got, want, slope))
    })
}

pub fn bigram_like_reference(answers: &Answers) -> Outcome {
    let pairs = list((0..=7_u32, 0..=7_u32), 0..=200);
    let vocab = prop_oneof![3 => Just(8_usize), 1 => 0..=7_usize, 1 => Just(300_usize)];
    let uneven = select(vec![0, 0, 0, 0, 0, 0, -1, 1]);
    differential((pairs, vocab, uneven, draw::any_u64()), |&(ref pairs, vocab, uneven, seed)| {
        let mut rng = seeded(seed);
        let numbers = (0..vocab * vocab).map(|_| rng.random_range(-4.0..4.0)).collect();
        let table = Matrix::new(vocab, vocab, numbers)?;
        // Of a large vocabulary also ids that 8 bits do not hold.
        let id = |place: u32| if vocab == 300 { 37 * place } else { place };
        let (tokens, mut targets): (Vec<u32>, Vec<u32>) =
            pairs.iter().map(|&(token, target)| (id(token), id(target))).unzip();
        match uneven {
            -1 => drop(targets.pop()),
            1 => targets.push(0),
            _ => {}
        }
        let [got, want] =
            [answers, &SOLUTION].map(|of| (of.bigram_gradient)(&table, &tokens, &targets));
        let slope = Tolerance { rtol: 1e-3, atol: 2e-6 };
        agree("the loss of the table", got, want, |got, want| expect_loss(got, want, slope))
    })
}

/// A network and examples for it, of which some may not fit.
#[derive(Clone, Debug)]
struct Drawn {
    sizes: Sizes,
    model: Model,
    examples: Examples,
}

fn networks() -> impl Strategy<Value = Drawn> {
    let side = || prop_oneof![4 => 1..=4_usize, 1 => draw::lengths(1..=19)];
    let vocab = prop_oneof![19 => side().boxed(), 1 => (257..=300_usize).boxed()];
    let sizes = (vocab, 1..=5_usize, side(), side());
    let count = prop_oneof![
        40 => draw::lengths(0..=9),
        5 => draw::lengths(0..=300),
        1 => draw::lengths(1000..=1200),
    ];
    // At 4 neurons saturate.
    let scale = select(vec![0.3, 1.0, 1.0, 4.0]);
    let fault = select(vec!["", "", "", "", "", "", "token", "target", "short", "fewer"]);
    (sizes, count, scale, fault, draw::any_u64()).prop_map(
        |((vocab, context, dim, hidden), count, scale, fault, seed)| {
            let sizes = Sizes { vocab, context, dim, hidden };
            let mut examples = random_examples(sizes, count, seed);
            let mut rng = seeded(seed ^ 1);
            let mut any = |len: usize| rng.random_range(0..len.max(1));
            let (at, other) = (any(examples.contexts.len()), any(count));
            let beyond = [vocab as u32 + 1, vocab as u32 + 2, u32::MAX][any(3)];
            match fault {
                // A wrong target, too, and another token or a context cut short: this one is told.
                "token" if count > 0 => {
                    examples.contexts[at] = beyond;
                    examples.targets[other] = u32::MAX;
                    if any(2) == 0 {
                        examples.contexts.truncate(at + 1);
                    } else if let Some(later) = examples.contexts.get_mut(at + 1) {
                        *later = u32::MAX - 1;
                    }
                }
                "target" if count > 0 => examples.targets[other] = vocab as u32,
                "short" => examples.contexts.truncate(at),
                "fewer" => examples.targets.truncate(other),
                _ => {}
            }
            Drawn { sizes, model: random_model(sizes, scale, seed ^ 2), examples }
        },
    )
}

/// How large rounding errors of sums may be: in the hidden layer, in the logits, in gradients.
fn roundings(model: &Model) -> [f64; 3] {
    let [c, h, u] = [&model.c, &model.h, &model.u]
        .map(|of| of.data().iter().fold(0.0_f64, |most, &x| most.max(x.abs().into())));
    let (inputs, hidden) = (model.h.shape().0 as f64, model.b1.len() as f64);
    let neuron = 1e-6 * (1.0 + inputs * c * h);
    let logit = neuron * (1.0 + hidden * u);
    [neuron, logit, logit * (1.0 + u) * (1.0 + c + h)]
}

pub fn forward_like_reference(answers: &Answers) -> Outcome {
    differential(networks(), |Drawn { model, examples, .. }| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.forward)(model, &examples.contexts));
        let [neuron, logit, _] = roundings(model);
        agree("forward", got, want, |got: &Activations, want: &Activations| {
            for (name, got, want, atol) in [
                ("x", &got.x, &want.x, 0.0),
                ("hidden", &got.hidden, &want.hidden, neuron),
                ("logits", &got.logits, &want.logits, logit),
            ] {
                let (shape, close) = (want.shape(), Tolerance { rtol: 1e-6, atol });
                expect_same(&format!("the shape of {name}"), &got.shape(), &shape)?;
                expect_close(name, &[shape.0, shape.1], got.data(), want.data(), close)?;
            }
            Ok(())
        })
    })
}

pub fn backward_like_reference(answers: &Answers) -> Outcome {
    differential(networks(), |Drawn { sizes, model, examples }| {
        let [got, want] = [answers, &SOLUTION].map(|of| (of.backward)(model, examples));
        let [_, logit, slope] = roundings(model);
        agree("backward", got, want, |got, want| {
            let [loss, slope] = [logit, slope].map(|atol| Tolerance { rtol: 1e-4, atol });
            expect_close("the loss", &[], &[got.0], &[want.0], loss)?;
            expect_model("the gradients", &got.1, &numbers_of(&want.1), *sizes, slope)
        })
    })
}

/// A training under way and what it learns from; there may be nothing.
fn runs() -> impl Strategy<Value = (Run, Sizes, [Examples; 2])> {
    let sizes = (2..=4_usize, 1..=3_usize, 1..=3_usize, 1..=4_usize);
    let rate = select(vec![0.0_f32, 0.05, 0.3]);
    let most = select(vec![100.0, 100.0, 100.0, f64::INFINITY, 1.5, 0.9]);
    let settings = (rate, 0..=40_usize, 1..=4_usize, 1..=5_usize, 0..=3_usize, most);
    let best = select(vec![f64::INFINITY, 5.0, 1.25, 0.5]);
    let held_out = prop_oneof![19 => draw::lengths(0..=5), 1 => draw::lengths(200..=300)];
    let counts = (draw::lengths(0..=6), held_out);
    let step = prop_oneof![9 => 0..=30_usize, 1 => select(vec![256, 65_536, 1 << 24])];
    let before = (step, 0..=3_usize, select([vec![0; 9], vec![1100]].concat()));
    (sizes, settings, best, before, counts, draw::any_u64()).prop_map(
        |(sizes, settings, best_loss, (step, waited, rounds), counts, seed)| {
            let (vocab, context, dim, hidden) = sizes;
            let sizes = Sizes { vocab, context, dim, hidden };
            let (start_rate, total, steps, batch, patience, most) = settings;
            let settings = Settings { start_rate, total, steps, batch, patience, most };
            let best = random_model(sizes, 1.0, seed ^ 1);
            let model = random_model(sizes, 1.0, seed);
            let losses = vec![Losses { step: 0, training: 3.0, held_out: 3.0 }; rounds];
            let run = Run { best, best_loss, waited, step, losses, ..Run::new(model, settings) };
            let [training, held_out] = [(counts.0, seed ^ 2), (counts.1, seed ^ 3)]
                .map(|(count, seed)| random_examples(sizes, count, seed));
            (run, sizes, [training, held_out])
        },
    )
}

/// Errors are the same, but for the last digits of a loss that exploded.
fn expect_same_end(got: Result<bool, NetError>, want: Result<bool, NetError>) -> Outcome {
    match (got, want) {
        (
            Err(NetError::Diverged { step: at, loss: seen }),
            Err(NetError::Diverged { step, loss }),
        ) => {
            expect_same("the step of the error Diverged", &at, &step)?;
            expect_close_or_nan("the loss of the error Diverged", &[], &[seen], &[loss], CLOSE)
        }
        (got, want) => {
            agree("the round", got, want, |got, want| expect_same("whether to go on", got, want))
        }
    }
}

/// After a few steps.
const CLOSE: Tolerance = Tolerance { rtol: 1e-3, atol: 1e-4 };

pub fn round_like_reference(answers: &Answers) -> Outcome {
    let inputs = (runs(), draw::any_u64());
    Differential::cases(500).run(inputs, |((run, sizes, [training, held_out]), seed)| {
        let mut runs = [run.clone(), run.clone()];
        let mut generators = [seeded(*seed), seeded(*seed)];
        for round in 1..=3 {
            let before = runs[1].best_loss;
            let [got, want] = [(answers, 0), (&SOLUTION, 1)].map(|(of, i)| {
                (of.train_round)(&mut runs[i], training, held_out, &mut generators[i])
            });
            let [its, right] = &runs;
            // Where a loss is a hair from the best, rounding decides; but without a step it is equal.
            let near = |loss: f64| (loss - before).abs() < 1e-5;
            let moves = run.settings.start_rate > 0.0;
            if moves && right.losses.last().is_some_and(|losses| near(losses.held_out)) {
                return Ok(());
            }
            let ends = want.is_err();
            expect_same_end(got, want)?;
            let what = format!("after round {round}");
            let of = |run: &Run| (run.step, run.waited, run.losses.len());
            expect_same(&format!("(step, waited, rounds) {what}"), &of(its), &of(right))?;
            let bests = [[its.best_loss], [right.best_loss]];
            expect_close(&format!("`best_loss` {what}"), &[], &bests[0], &bests[1], CLOSE)?;
            for (name, its, right) in
                [("model", &its.model, &right.model), ("best", &its.best, &right.best)]
            {
                let what = format!("`{name}` {what}");
                expect_model(&what, its, &numbers_of(right), *sizes, CLOSE)?;
            }
            for (its, right) in its.losses.iter().zip(&right.losses) {
                expect_same(&format!("`step` of the losses {what}"), &its.step, &right.step)?;
                let [got, want] = [its, right].map(|of| [of.training, of.held_out]);
                expect_close(&format!("the losses {what}"), &[], &got, &want, CLOSE)?;
            }
            if ends {
                break;
            }
        }
        let [got, want] = generators.map(|mut rng| rng.next_u64());
        expect_same("what the generator yields next", &got, &want)
    })
}

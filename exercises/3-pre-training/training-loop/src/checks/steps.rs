//! A step: which rows it reads, and what it does.

use std::cell::Cell;

use batches::solution::epoch_order;
use grading::draw::{self, Strategy};
use grading::{
    Differential, Failure, Outcome, Tolerance, agree, differential, expect, expect_close,
    expect_eq, expect_error_is, expect_same,
};
use optimizers::OptimizerError;
use schedules_and_stability::{Decay, Schedule, StabilityError};
use small_gpt::{Engine, Matrix, Portable, Products, Sizes};

use crate::oracle::{
    PLAIN, Run, SETTINGS, TINY, expect_near_state, expect_same_state, runs, start, tiny_rows,
    tiny_state,
};
use crate::{Answers, LoopError, Report, Rows, SOLUTION, Settings, State};

pub fn rows_follow_the_epochs(answers: &Answers) -> Outcome {
    for (rows, batch) in [(10, 3), (7, 7), (12, 4), (5, 1), (9, 5), (70, 32)] {
        for seed in [0, 3, u64::MAX] {
            // Backward: whoever goes on in the middle was not at the steps before.
            for epoch in (0..3).rev() {
                let order = epoch_order(rows, seed, epoch);
                for (k, want) in order.chunks_exact(batch).enumerate().rev() {
                    let step = epoch as usize * (rows / batch) + k;
                    let got = (answers.rows_at)(rows, batch, seed, step)?;
                    let what =
                        format!("step {step} of {rows} rows, {batch} at a time, seed {seed}");
                    expect_eq(&what, &got, want)?;
                }
            }
        }
    }
    Ok(())
}

pub fn too_few_rows_are_refused(answers: &Answers) -> Outcome {
    rows_follow_the_epochs(answers)?;
    for (rows, batch, want) in [
        (4, 0, LoopError::Zero { name: "batch" }),
        (0, 0, LoopError::Zero { name: "batch" }),
        (0, 1, LoopError::TooFewRows { rows: 0, batch: 1 }),
        (4, 5, LoopError::TooFewRows { rows: 4, batch: 5 }),
        (4, usize::MAX, LoopError::TooFewRows { rows: 4, batch: usize::MAX }),
    ] {
        for step in [0, 9] {
            let got = (answers.rows_at)(rows, batch, 1, step);
            expect_error_is(&format!("step {step} of {rows} rows, {batch} at a time"), got, &want)?;
        }
    }
    Ok(())
}

pub fn drawn_steps_read_the_same_rows(answers: &Answers) -> Outcome {
    let steps = draw::prop_oneof![0..40_usize, draw::any_u64().prop_map(|n| n as usize)];
    let drawn = (draw::lengths(0..=80), draw::lengths(0..=40), draw::any_u64(), steps);
    differential(drawn, |&(rows, batch, seed, step)| {
        let run = |answers: &Answers| (answers.rows_at)(rows, batch, seed, step);
        let what = format!("step {step} of {rows} rows, {batch} at a time, seed {seed}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_eq(&what, got, want))
    })
}

/// Ten steps from the golden weights.
fn expect_run(answers: &Answers, run: &Run, settings: &Settings) -> Outcome {
    let rows = run.rows();
    let mut state = State::new(start()?.model);
    let mut engine = Engine::default();
    let times = if run.is_plain() { PLAIN } else { 1.0 };
    let rounding = Tolerance { rtol: 2e-5, atol: 1e-9 };
    for (step, want) in run.steps.iter().enumerate() {
        let got = (answers.train_step)(&mut state, &rows, settings, &mut engine)?;
        let of = |what: &str| format!("{}, step {step}: {what}", run.name);
        expect_same(&of("the report's `step`"), &got.step, &step)?;
        expect_same(&of("the report's `tokens`"), &got.tokens, &run.tokens(step))?;
        let lr = got.lr / times;
        for (name, got, want) in
            [("loss", got.loss, want.loss), ("norm", got.norm, want.norm), ("lr", lr, want.lr)]
        {
            expect_close(&of(&format!("the report's `{name}`")), &[], &[got], &[want], rounding)?;
        }
        expect_same(&of("`step` afterwards"), &state.step, &(step + 1))?;
        expect_same(&of("`moments.step` afterwards"), &state.moments.step, &(step as u64 + 1))?;
    }
    for tensor in state.model.tensors() {
        let numbers = state.model.numbers(tensor).iter().map(|&x| f64::from(x));
        let got = [numbers.clone().sum::<f64>(), numbers.map(f64::abs).sum()];
        let Some(want) = run.sums.get(&tensor.name) else { continue };
        // A sum of both signs may be near 0: it is as exact as that of the sizes.
        let bound = Tolerance { rtol: 0.0, atol: 2e-5 * want[1] + 1e-5 };
        let name = &tensor.name;
        let what = format!("{}, after ten steps: sum and sum of sizes of {name}", run.name);
        expect_close(&what, &[], &got, want, bound)?;
    }
    Ok(())
}

fn expect_runs(answers: &Answers, is_meant: impl Fn(&Run) -> bool) -> Outcome {
    for run in runs()?.iter().filter(|run| is_meant(run)) {
        expect_run(answers, run, &run.settings())?;
    }
    Ok(())
}

pub fn plain_steps_are_those_of_pytorch(answers: &Answers) -> Outcome {
    expect_runs(answers, |run| run.is_plain() && !run.name.starts_with("ragged"))
}

pub fn adamw_steps_are_those_of_pytorch(answers: &Answers) -> Outcome {
    expect_runs(answers, |run| !run.is_plain() && !run.name.starts_with("ragged"))
}

thread_local! {
    /// The most rows that went through a model at a time.
    static MOST: Cell<usize> = const { Cell::new(0) };
}

/// Looks at how many rows the logits are computed of.
#[derive(Default)]
struct Counting(Portable);

impl Products for Counting {
    fn product(
        &mut self,
        sizes: (usize, usize, usize),
        a: Matrix<'_>,
        b: Matrix<'_>,
        c: &mut [f32],
        row: usize,
        add: bool,
    ) {
        // Nothing else in the golden model has so many columns.
        if sizes.2 == 29 {
            MOST.set(MOST.get().max(sizes.0));
        }
        self.0.product(sizes, a, b, c, row, add);
    }
}

/// The most rows of `context` tokens that go through the golden model at a time.
pub fn most_rows(
    context: usize,
    run: impl FnOnce(&mut Engine) -> Outcome,
) -> Result<usize, Failure> {
    MOST.set(0);
    run(&mut Engine::new(1000, 1, || Box::<Counting>::default()))?;
    Ok(MOST.get() / context)
}

pub fn micro_batches_add_up_to_one(answers: &Answers) -> Outcome {
    for run in runs()?.iter().filter(|run| run.name.starts_with("ragged")) {
        for micro_batch in [2, 1, 3, 4, 5, usize::MAX] {
            expect_run(answers, run, &Settings { micro_batch, ..run.settings() })?;
        }
        let rows = run.rows();
        for micro_batch in [1, 2, 3, 9] {
            let settings = Settings { micro_batch, ..run.settings() };
            let most = most_rows(rows.context, |engine| {
                let mut state = State::new(start()?.model);
                (answers.train_step)(&mut state, &rows, &settings, engine)?;
                Ok(())
            })?;
            let want = micro_batch.min(settings.batch);
            let what =
                format!("rows at a time, with a batch of 5 and a micro-batch of {micro_batch}");
            expect_same(&what, &most, &want)?;
        }
    }
    Ok(())
}

pub fn nothing_else_decides(answers: &Answers) -> Outcome {
    let rows = tiny_rows(8, 5, 7, 2);
    let (before, mut engine) = (tiny_state(TINY, 4, 1), Engine::default());
    let step = |state: &State, engine: &mut Engine| -> Result<(State, Report), LoopError> {
        let mut state = state.clone();
        let report = (answers.train_step)(&mut state, &rows, &SETTINGS, engine)?;
        Ok((state, report))
    };
    let (first, report) = step(&before, &mut engine)?;
    let (second, _) = step(&first, &mut engine)?;
    let moved = first.model.parameters.iter().zip(&second.model.parameters).filter(|(a, b)| a != b);
    expect(moved.count() > 50, || "a step from step 5 moves hardly any number".into())?;
    for what in ["the same engine", "a new engine"] {
        let (again, told) = step(&before, &mut engine)?;
        let what = format!("the step from step 4 again, after others, with {what}");
        expect_same_state(&what, &again, &first)?;
        expect_same(&format!("{what}: the report"), &told, &report)?;
        engine = Engine::default();
    }
    Ok(())
}

/// Products whose gradient of the token table is ∞ at its first place.
#[derive(Default)]
struct Poisoned(Portable);

impl Products for Poisoned {
    fn product(
        &mut self,
        sizes: (usize, usize, usize),
        a: Matrix<'_>,
        b: Matrix<'_>,
        c: &mut [f32],
        row: usize,
        add: bool,
    ) {
        self.0.product(sizes, a, b, c, row, add);
        if sizes.0 == TINY.vocab_size && add {
            c[0] = f32::INFINITY;
        }
    }
}

pub fn failed_step_changes_nothing(answers: &Answers) -> Outcome {
    micro_batches_add_up_to_one(answers)?;
    let (rows, state) = (tiny_rows(8, 5, 7, 2), tiny_state(TINY, 4, 1));
    let with = |change: &dyn Fn(&mut Settings)| {
        let mut settings = SETTINGS;
        change(&mut settings);
        settings
    };
    let mut none = rows.clone();
    none.labels.fill(-100);
    let mut beyond = rows.clone();
    beyond.ids.fill(7);
    let mut ragged = rows.clone();
    ragged.labels.pop();
    let long = tiny_rows(8, 6, 7, 2);
    let row = (SOLUTION.rows_at)(8, 3, SETTINGS.seed, 4)?[0];
    let mut asks_beyond = rows.clone();
    asks_beyond.labels[row * 5 + 3] = i64::MAX;
    let mut broken = state.clone();
    broken.model.parameters[..28].fill(f32::NAN);
    let mut short = state.clone();
    short.moments.v.pop();

    let zero = |name| LoopError::Zero { name };
    let setting = |name, value| LoopError::Optimizer(OptimizerError::Setting { name, value });
    let max_norm = |max_norm| LoopError::Stability(StabilityError::MaxNorm { max_norm });
    let weights = state.model.parameters.len();
    let token = |at, token| LoopError::Token { row, at, token, vocab_size: 7 };
    let (ids, labels) = (40, 39);
    let cases: Vec<(&str, &State, &Rows, Settings, LoopError)> = vec![
        ("a batch of 0", &state, &rows, with(&|s| s.batch = 0), zero("batch")),
        ("micro-batches of 0", &state, &rows, with(&|s| s.micro_batch = 0), zero("micro_batch")),
        (
            "both of 0",
            &state,
            &rows,
            with(&|s| (s.batch, s.micro_batch) = (0, 0)),
            zero("micro_batch"),
        ),
        (
            "a batch of 9 from 8 rows",
            &state,
            &rows,
            with(&|s| s.batch = 9),
            LoopError::TooFewRows { rows: 8, batch: 9 },
        ),
        (
            "a label too few",
            &state,
            &ragged,
            SETTINGS,
            LoopError::Ragged { ids, labels, context: 5 },
        ),
        (
            "rows that are too long",
            &state,
            &long,
            SETTINGS,
            LoopError::Context { context: 6, n_positions: 5 },
        ),
        ("unknown tokens", &state, &beyond, SETTINGS, token(0, 7)),
        ("an unknown label", &state, &asks_beyond, SETTINGS, token(3, i64::MAX)),
        ("no labels", &state, &none, with(&|s| s.max_norm = -1.0), LoopError::NoLabels),
        (
            "NaN in the model",
            &broken,
            &rows,
            with(&|s| s.max_norm = -1.0),
            LoopError::Diverged { step: 4 },
        ),
        ("a max_norm below 0", &state, &rows, with(&|s| s.max_norm = -1.0), max_norm(-1.0)),
        ("a max_norm of NaN", &state, &rows, with(&|s| s.max_norm = f64::NAN), max_norm(f64::NAN)),
        ("a beta of 1", &state, &rows, with(&|s| s.beta1 = 1.0), setting("beta1", 1.0)),
        ("an ε below 0", &state, &rows, with(&|s| s.eps = -1.0), setting("eps", -1.0)),
        (
            "a weight decay below 0",
            &state,
            &rows,
            with(&|s| s.weight_decay = -1.0),
            setting("weight_decay", -1.0),
        ),
        (
            "moments of another model",
            &short,
            &rows,
            SETTINGS,
            LoopError::Optimizer(OptimizerError::Length { of: "v", numbers: weights - 1, weights }),
        ),
    ];
    for (what, before, rows, settings, want) in cases {
        let mut after = before.clone();
        let got = (answers.train_step)(&mut after, rows, &settings, &mut Engine::default());
        expect_error_is(what, got, &want)?;
        expect_same_state(&format!("{what}: the state afterwards"), &after, before)?;
    }
    let what = "a gradient with ∞ in it";
    let mut after = state.clone();
    let mut engine = Engine::new(2, 1, || Box::<Poisoned>::default());
    let got = (answers.train_step)(&mut after, &rows, &SETTINGS, &mut engine);
    let want = LoopError::Stability(StabilityError::NotFinite { tensor: 0, at: 0 });
    expect_error_is(what, got, &want)?;
    expect_same_state(&format!("{what}: the state afterwards"), &after, &state)
}

/// Models of all small sizes.
pub fn drawn_sizes() -> impl Strategy<Value = Sizes> {
    let one = |most| 1..=most;
    (one(2_usize), one(2_usize), one(3_usize), one(4_usize), 2..=9_usize).prop_map(
        |(n_layer, n_head, d_head, n_positions, vocab_size)| Sizes {
            n_layer,
            n_head,
            n_embd: n_head * d_head,
            n_positions,
            vocab_size,
        },
    )
}

pub fn drawn_settings() -> impl Strategy<Value = Settings> {
    let decays = draw::select(vec![Decay::Constant, Decay::Linear, Decay::Cosine]);
    let norms = draw::select(vec![0.0, 0.1, 1.0, f64::INFINITY, -1.0]);
    let share = || draw::between(0.0, 0.95);
    let rows = (draw::lengths(0..=4), draw::lengths(0..=4));
    (decays, norms, share(), share(), share(), rows, draw::any_u64()).prop_map(
        |(decay, max_norm, beta1, beta2, weight_decay, (batch, micro_batch), seed)| Settings {
            schedule: Schedule { decay, ..SETTINGS.schedule },
            beta1,
            beta2,
            weight_decay,
            max_norm,
            batch,
            micro_batch,
            seed,
            ..SETTINGS
        },
    )
}

pub fn drawn_steps_are_those_of_the_reference(answers: &Answers) -> Outcome {
    let drawn = (drawn_sizes(), drawn_settings(), draw::lengths(0..=7), 0..12_usize, 0..1000_u64);
    Differential::cases(300).run(drawn, |&(sizes, settings, count, step, seed)| {
        let mut rows =
            tiny_rows(count, 1 + seed as usize % sizes.n_positions, sizes.vocab_size, seed);
        // One in twenty is wrong somewhere, or asks nothing.
        match (seed % 20, rows.ids.last_mut()) {
            (7, Some(id)) => *id = sizes.vocab_size as u32,
            (8, _) => rows.labels.fill(-1),
            _ => {}
        }
        let before = tiny_state(sizes, step, seed);
        let run = |answers: &Answers| {
            let mut state = before.clone();
            let engine = &mut Engine::default();
            let told = (answers.train_step)(&mut state, &rows, &settings, engine)?;
            Ok::<_, LoopError>((state, told))
        };
        let near = Tolerance { rtol: 1e-5, atol: 1e-6 };
        agree("a step", run(answers), run(&SOLUTION), |(got, told), (want, wanted)| {
            let counts = |report: &Report| [report.step, report.tokens];
            expect_eq("the report's `step` and `tokens`", &counts(told), &counts(wanted))?;
            let numbers = |report: &Report| [report.loss, report.norm, report.lr];
            let what = "the report's `loss`, `norm` and `lr`";
            expect_close(what, &[], &numbers(told), &numbers(wanted), near)?;
            expect_near_state("a step", got, want)
        })
    })
}

//! A model judged, and whole runs: their ends, and what is taken up again.

use grading::draw;
use grading::{
    Differential, Outcome, Tolerance, agree, expect_close, expect_eq, expect_error_is, expect_same,
};
use small_gpt::{Engine, Model, Pass, Portable};

use super::steps::{drawn_settings, drawn_sizes, most_rows};
use crate::oracle::{
    SETTINGS, TINY, expect_near_state, expect_same_state, runs, start, tiny_rows, tiny_state,
};
use crate::{Answers, LoopError, Report, Rows, SOLUTION, Settings, State};

const ROUNDING: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-9 };

pub fn loss_is_that_of_pytorch(answers: &Answers) -> Outcome {
    let model = start()?.model;
    for run in runs()? {
        for at_once in [1, 7, 40, usize::MAX] {
            let got = (answers.evaluate)(&model, &run.rows(), at_once, &mut Engine::default())?;
            let what = format!("the rows of “{}”, {at_once} at once", run.name);
            expect_close(&what, &[], &[got], &[run.evaluated], ROUNDING)?;
        }
    }
    Ok(())
}

/// Each row alone, each loss from its logits, in f64.
fn brute_force(model: &Model, rows: &Rows) -> f64 {
    let mut pass = Pass::default();
    let (mut sum, mut tokens) = (0.0, 0);
    for (ids, labels) in rows.ids.chunks(rows.context).zip(rows.labels.chunks(rows.context)) {
        let logits = pass.forward(model, ids, rows.context, &mut Portable::default());
        for (logits, &label) in logits.chunks(model.sizes.vocab_size).zip(labels) {
            if label >= 0 {
                let odds = |&z: &f32| (f64::from(z) - f64::from(logits[label as usize])).exp();
                sum += logits.iter().map(odds).sum::<f64>().ln();
                tokens += 1;
            }
        }
    }
    sum / f64::from(tokens)
}

pub fn every_token_counts_the_same(answers: &Answers) -> Outcome {
    let model = tiny_state(TINY, 0, 3).model;
    for (count, context) in [(1, 1), (2, 5), (7, 4), (11, 3)] {
        let mut rows = tiny_rows(count, context, 7, 5);
        // The last row asks for something unlikely, once.
        let last = rows.labels.len() - context;
        rows.labels[last..].fill(-100);
        rows.labels[last] = 6;
        // And the first of many rows asks nothing.
        rows.labels[..if count > 2 { context } else { 0 }].fill(-100);
        let before = rows.clone();
        for at_once in [1, 2, 3, 5, count, count + 1] {
            let got = (answers.evaluate)(&model, &rows, at_once, &mut Engine::default())?;
            let what = format!("{count} rows of {context}, {at_once} at once: the mean loss");
            expect_close(&what, &[], &[got], &[brute_force(&model, &rows)], ROUNDING)?;
        }
        expect_same("the rows afterwards", &rows, &before)?;
    }
    let model = start()?.model;
    let rows = tiny_rows(11, 8, 29, 6);
    for at_once in [1, 4, 5, 30] {
        let most = most_rows(8, |engine| {
            (answers.evaluate)(&model, &rows, at_once, engine).map(|_| ()).map_err(Into::into)
        })?;
        expect_same(&format!("rows at a time, if {at_once} are allowed"), &most, &at_once.min(11))?;
    }
    Ok(())
}

pub fn what_cannot_be_judged_is_refused(answers: &Answers) -> Outcome {
    every_token_counts_the_same(answers)?;
    let model = tiny_state(TINY, 0, 3).model;
    let rows = tiny_rows(5, 4, 7, 5);
    let mut none = rows.clone();
    none.labels.fill(-1);
    let mut beyond = none.clone();
    beyond.ids[13] = 7;
    let mut ragged = rows.clone();
    ragged.ids.truncate(19);
    ragged.labels.truncate(19);
    let empty = Rows { context: 4, ..Rows::default() };
    let token = LoopError::Token { row: 3, at: 1, token: 7, vocab_size: 7 };
    for (what, rows, at_once, want) in [
        ("0 rows at once", &beyond, 0, LoopError::Zero { name: "at_once" }),
        ("an unknown token", &beyond, 2, token),
        ("half a row", &ragged, 2, LoopError::Ragged { ids: 19, labels: 19, context: 4 }),
        ("no labels", &none, 2, LoopError::NoLabels),
        ("no rows", &empty, 2, LoopError::NoLabels),
    ] {
        let got = (answers.evaluate)(&model, rows, at_once, &mut Engine::default());
        expect_error_is(what, got, &want)?;
    }
    let mut broken = model;
    broken.parameters.fill(f32::NAN);
    let got = (answers.evaluate)(&broken, &rows, 2, &mut Engine::default())?;
    expect_same("whether the loss of a broken model is NaN", &got.is_nan(), &true)
}

pub fn drawn_losses_are_those_of_the_reference(answers: &Answers) -> Outcome {
    let drawn = (drawn_sizes(), draw::lengths(0..=9), draw::lengths(0..=11), 0..1000_u64);
    Differential::cases(300).run(drawn, |&(sizes, count, at_once, seed)| {
        let mut rows = tiny_rows(count, 1 + seed as usize % 5, sizes.vocab_size, seed);
        match (seed % 10, rows.labels.first_mut()) {
            (7, Some(label)) => *label = sizes.vocab_size as i64,
            (8, _) => rows.labels.fill(-7),
            _ => {}
        }
        let model = tiny_state(sizes, 0, seed).model;
        let run =
            |answers: &Answers| (answers.evaluate)(&model, &rows, at_once, &mut Engine::default());
        agree("the mean loss", run(answers), run(&SOLUTION), |got, want| {
            expect_close("the mean loss", &[], &[*got], &[*want], ROUNDING)
        })
    })
}

/// Trains from a state until a step, or until so many steps were taken.
fn trained(
    answers: &Answers,
    from: &State,
    settings: &Settings,
    until: usize,
    most: usize,
) -> Result<(State, Vec<(usize, Report)>), LoopError> {
    let (mut state, mut told) = (from.clone(), Vec::new());
    let rows = tiny_rows(7, 5, 7, 2);
    (answers.train)(
        &mut state,
        &rows,
        settings,
        &mut Engine::default(),
        until,
        &mut |state, report| {
            told.push((state.step, *report));
            told.len() < most
        },
    )?;
    Ok((state, told))
}

const ALL: usize = usize::MAX;

pub fn training_ends_where_it_should(answers: &Answers) -> Outcome {
    for (from, until, most, taken) in [
        (0, 4, ALL, 4),
        (0, 1, ALL, 1),
        (3, 8, ALL, 5),
        (0, 9, 2, 2),
        (2, 9, 1, 1),
        (0, 0, ALL, 0),
        (5, 5, ALL, 0),
        (6, 2, ALL, 0),
        (3, 5, 2, 2),
    ] {
        let before = tiny_state(TINY, from, 4);
        let (state, told) = trained(answers, &before, &SETTINGS, until, most)?;
        let what = format!("from step {from} until {until}");
        let what = if most == ALL { what } else { format!("{what}, stopped after {most}") };
        let steps: Vec<(usize, usize)> = told.iter().map(|(at, told)| (*at, told.step)).collect();
        let want: Vec<(usize, usize)> = (from..from + taken).map(|step| (step + 1, step)).collect();
        let heard = format!("{what}: what `on_step` hears, `step` of state and report");
        expect_eq(&heard, &steps, &want)?;
        let mut by_steps = before;
        let rows = tiny_rows(7, 5, 7, 2);
        for _ in 0..taken {
            let engine = &mut Engine::default();
            (SOLUTION.train_step)(&mut by_steps, &rows, &SETTINGS, engine)?;
        }
        expect_near_state(&format!("{what}: the state at the end"), &state, &by_steps)?;
    }
    Ok(())
}

pub fn stopped_run_goes_on_as_if_nothing_had_been(answers: &Answers) -> Outcome {
    // Seven rows, three a step: two steps an epoch, so the fourth epoch ends with step 7.
    const END: usize = 8;
    for settings in [SETTINGS, Settings { batch: 2, micro_batch: 1, beta2: 0.99, ..SETTINGS }] {
        let before = State::new(tiny_state(TINY, 0, 9).model);
        let (whole, all) = trained(answers, &before, &settings, END, ALL)?;
        let told = |told: &[(usize, Report)]| told.iter().map(|told| told.1).collect::<Vec<_>>();
        for stop in 0..=END {
            let (mut part, mut heard) = match stop {
                0 => (before.clone(), Vec::new()),
                _ => trained(answers, &before, &settings, END, stop)?,
            };
            part = (SOLUTION.restore)(&(SOLUTION.checkpoint)(&part)?)?;
            let (end, rest) = trained(answers, &part, &settings, END, ALL)?;
            heard.extend(rest);
            let what = format!("stopped after step {stop} of {END}, saved, restored, and gone on");
            expect_eq(&format!("{what}: the reports"), &told(&heard), &told(&all))?;
            expect_same_state(&format!("{what}: the state at the end"), &end, &whole)?;
        }
    }
    Ok(())
}

pub fn failed_step_ends_the_run(answers: &Answers) -> Outcome {
    training_ends_where_it_should(answers)?;
    let mut rows = tiny_rows(8, 5, 7, 2);
    // What the third step reads asks nothing.
    for row in (SOLUTION.rows_at)(8, 2, SETTINGS.seed, 2)? {
        rows.labels[row * 5..][..5].fill(-100);
    }
    let settings = Settings { batch: 2, ..SETTINGS };
    let (mut state, mut heard) = (tiny_state(TINY, 0, 4), 0);
    let mut want = state.clone();
    let engine = &mut Engine::default();
    for _ in 0..2 {
        (SOLUTION.train_step)(&mut want, &rows, &settings, engine)?;
    }
    let on_step = &mut |_: &State, _: &Report| {
        heard += 1;
        true
    };
    let got = (answers.train)(&mut state, &rows, &settings, engine, 4, on_step);
    let what = "a run whose third step has no labels";
    expect_error_is(what, got, &LoopError::NoLabels)?;
    expect_same(&format!("{what}: how often `on_step` was called"), &heard, &2)?;
    expect_near_state(&format!("{what}: the state"), &state, &want)
}

pub fn drawn_runs_are_those_of_the_reference(answers: &Answers) -> Outcome {
    let most = draw::select(vec![1, 2, 3, ALL]);
    let drawn = (drawn_settings(), 0..9_usize, 0..12_usize, most, 0..1000_u64);
    Differential::cases(120).run(drawn, |&(settings, from, until, most, seed)| {
        let before = tiny_state(TINY, from, seed);
        let run = |answers: &Answers| trained(answers, &before, &settings, until, most);
        agree("a run", run(answers), run(&SOLUTION), |(got, told), (want, wanted)| {
            let steps = |told: &[(usize, Report)]| told.iter().map(|t| t.0).collect::<Vec<_>>();
            expect_eq("the steps that `on_step` hears of", &steps(told), &steps(wanted))?;
            expect_near_state("the state at the end", got, want)
        })
    })
}

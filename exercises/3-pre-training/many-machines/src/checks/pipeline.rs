//! Who does what when in a pipeline.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_same};
use rand::RngExt;

use crate::oracle::{by_clock, by_rule};
use crate::{Answers, Job, Kind, MachineError, SOLUTION, Span, held, waiting};

const KINDS: [Kind; 2] = [Kind::GPipe, Kind::OneFOneB];

fn expect_orders(what: &str, got: &[Vec<Job>], want: &[Vec<Job>]) -> Outcome {
    expect_same(&format!("{what}: the number of stages"), &got.len(), &want.len())?;
    for (stage, (got, want)) in got.iter().zip(want).enumerate() {
        expect_eq(&format!("{what}: the jobs of stage {stage}"), got, want)?;
    }
    Ok(())
}

pub fn schedules_follow_from_rules(answers: &Answers) -> Outcome {
    for kind in KINDS {
        for (stages, micro_batches) in
            [(1, 1), (2, 3), (4, 1), (4, 8), (3, 2), (5, 5), (6, 4), (1, 7), (8, 20)]
        {
            let what = format!("{kind:?}, stages {stages}, micro-batches {micro_batches}");
            let got = (answers.pipeline_schedule)(kind, stages, micro_batches);
            expect_orders(&what, &got, &by_rule(kind, stages, micro_batches))?;
        }
    }
    Ok(())
}

pub fn schedules_hold_what_they_should(answers: &Answers) -> Outcome {
    for kind in KINDS {
        for (stages, micro_batches) in [(4, 8), (4, 2), (1, 5), (3, 3), (7, 40), (2, 0), (20, 300)]
        {
            let schedule = (answers.pipeline_schedule)(kind, stages, micro_batches);
            let what = format!("{kind:?}, stages {stages}, micro-batches {micro_batches}");
            expect_same(&format!("{what}: stages"), &schedule.len(), &stages)?;
            for (stage, jobs) in schedule.iter().enumerate() {
                let want = match kind {
                    Kind::GPipe => micro_batches,
                    Kind::OneFOneB => micro_batches.min(stages - stage),
                };
                let what = format!("{what}: micro-batches that stage {stage} holds");
                expect_same(&what, &held(jobs), &want)?;
                let count = format!("{what}: its jobs");
                expect_same(&count, &jobs.len(), &(2 * micro_batches))?;
            }
        }
    }
    let none = (answers.pipeline_schedule)(Kind::OneFOneB, 0, 3);
    expect_same("a pipeline without stages", &none, &vec![])
}

pub fn schedules_agree(answers: &Answers) -> Outcome {
    let kind = draw::select(KINDS.to_vec());
    differential((kind, 0..=9_usize, 0..=20_usize), |&(kind, stages, micro_batches)| {
        let schedule = |answers: &Answers| (answers.pipeline_schedule)(kind, stages, micro_batches);
        expect_orders("the schedule", &schedule(answers), &schedule(&SOLUTION))
    })
}

/// Times by a clock beside those of an answer.
fn expect_clock(what: &str, answers: &Answers, schedule: &[Vec<Job>], f: u64, b: u64) -> Outcome {
    let clock = by_clock(schedule, f, b);
    let late: Vec<usize> = (0..schedule.len()).filter(|&stage| clock[stage].is_none()).collect();
    let spans = |stage: usize| -> Vec<Span> {
        let spans = clock[stage].iter().flatten().zip(&schedule[stage]);
        spans.map(|(&(start, end), &job)| Span { job, start, end }).collect()
    };
    let want = match late.is_empty() {
        true => Ok((0..schedule.len()).map(spans).collect()),
        false => Err(MachineError::Deadlock { waiting: late }),
    };
    expect_timeline(what, (answers.timeline)(schedule, f, b), want)
}

type Timeline = Result<Vec<Vec<Span>>, MachineError>;

fn expect_timeline(what: &str, got: Timeline, want: Timeline) -> Outcome {
    agree(what, got, want, |got: &Vec<Vec<Span>>, want: &Vec<Vec<Span>>| {
        expect_same(&format!("{what}: the number of stages"), &got.len(), &want.len())?;
        for (stage, (got, want)) in got.iter().zip(want).enumerate() {
            expect_eq(&format!("{what}: the times of stage {stage}"), got, want)?;
        }
        Ok(())
    })
}

pub fn timelines_are_those_of_a_clock(answers: &Answers) -> Outcome {
    for kind in KINDS {
        for (stages, micro_batches, f, b) in
            [(1, 1, 2, 3), (4, 1, 1, 2), (4, 6, 1, 2), (3, 5, 3, 1), (2, 3, 0, 2), (3, 2, 1, 0)]
        {
            let what = format!(
                "{kind:?}, stages {stages}, micro-batches {micro_batches}, forward {f}, \
                 backward {b}"
            );
            let schedule = by_rule(kind, stages, micro_batches);
            expect_clock(&what, answers, &schedule, f, b)?;
        }
    }
    // Forward only, as in use, and ragged.
    let forward = |n: usize| (0..n).map(Job::Forward).collect::<Vec<_>>();
    let schedule = [forward(4), forward(4), forward(2)];
    expect_clock("forward only, the last stage half", answers, &schedule, 3, 1)?;
    let backward = (0..3).rev().map(Job::Backward);
    let reversed: Vec<Job> = forward(3).into_iter().chain(backward).collect();
    let schedule = vec![reversed; 3];
    expect_clock("backward in reverse", answers, &schedule, 2, 5)
}

pub fn bubbles_have_their_closed_form(answers: &Answers) -> Outcome {
    for kind in KINDS {
        for (p, m, f, b) in
            [(1, 4, 1, 2), (4, 4, 1, 2), (4, 32, 5, 7), (8, 3, 1, 1), (6, 60, 2, 1), (20, 3, 1, 3)]
        {
            let what =
                format!("{kind:?}, stages {p}, micro-batches {m}, forward {f}, backward {b}");
            let spans = (answers.timeline)(&by_rule(kind, p, m), f, b)?;
            let end = spans.iter().flatten().map(|span| span.end).max().unwrap_or(0);
            let all = (m + p - 1) as u64;
            expect_same(&format!("{what}: the last end"), &end, &(all * (f + b)))?;
            let share = (p - 1) as f64 / all as f64;
            let what = format!("{what}: the share of waiting");
            let near = Tolerance { rtol: 1e-12, atol: 1e-14 };
            expect_close(&what, &[], &[waiting(&spans)], &[share], near)?;
        }
    }
    // Times beyond an f64's and an i32's whole numbers.
    let far = (1_u64 << 60) + 1;
    let got = (answers.timeline)(&[vec![Job::Forward(0), Job::Backward(0)]], far, 3)?;
    let want = vec![
        Span { job: Job::Forward(0), start: 0, end: far },
        Span { job: Job::Backward(0), start: far, end: far + 3 },
    ];
    expect_eq("a forward that takes 2⁶⁰ + 1", &got.concat(), &want)
}

pub fn who_never_finishes_is_named(answers: &Answers) -> Outcome {
    use Job::{Backward, Forward};
    for schedule in [
        vec![vec![Backward(0), Forward(0)]],
        vec![vec![Forward(0), Backward(0)], vec![Backward(0), Forward(0)]],
        vec![vec![], vec![Forward(0)]],
        vec![vec![Forward(0), Backward(0)], vec![Forward(0)]],
        vec![vec![Forward(0), Forward(1)], vec![Forward(1), Forward(2)], vec![Forward(1)]],
        // Two that wait for each other, one that is done, and one behind both.
        vec![
            vec![Forward(0), Backward(0), Forward(1), Backward(1)],
            vec![Forward(1), Forward(0), Backward(0), Backward(1)],
            vec![Forward(5)],
            vec![],
        ],
        vec![vec![]; 3],
        vec![],
    ] {
        let what = format!("the schedule {schedule:?}");
        expect_clock(&what, answers, &schedule, 2, 3)?;
    }
    Ok(())
}

pub fn timelines_agree(answers: &Answers) -> Outcome {
    let kind = draw::select(KINDS.to_vec());
    let times = (0..=5_u64, 0..=5_u64);
    // Some jobs change places, some are lost.
    let sizes = (kind, 0..=5_usize, 0..=7_usize, 0..3_usize, 0..2_usize, 0..u64::MAX);
    let schedules = sizes.prop_map(|(kind, stages, micro_batches, swaps, lost, seed)| {
        let mut schedule = (SOLUTION.pipeline_schedule)(kind, stages, micro_batches);
        let mut rng = seeded(seed);
        let full = |schedule: &Vec<Vec<Job>>| {
            (0..stages).filter(|&stage| !schedule[stage].is_empty()).collect::<Vec<_>>()
        };
        for change in 0..swaps + lost {
            let full = full(&schedule);
            let Some(&stage) = full.get(rng.random_range(0..full.len().max(1))) else { break };
            let jobs = &mut schedule[stage];
            let at = rng.random_range(0..jobs.len());
            if change < swaps {
                let other = (at + rng.random_range(1..3)) % jobs.len();
                jobs.swap(at, other);
            } else {
                jobs.remove(at);
            }
        }
        schedule
    });
    differential((schedules, times), |(schedule, (f, b))| {
        let times = |answers: &Answers| (answers.timeline)(schedule, *f, *b);
        expect_timeline("timeline", times(answers), times(&SOLUTION))
    })
}

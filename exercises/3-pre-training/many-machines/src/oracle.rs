//! What is right, without the lesson's code: one machine, a clock, a deal.

use std::collections::HashSet;

use crate::{Job, Kind, Layout, Matrix, Sharded, chunk, gelu};

/// The sum over all ranks in the order in which a ring adds: chunk `c` from rank `c + 1` on.
pub fn ring_sum(starts: &[Vec<f64>]) -> Vec<f64> {
    let (ranks, n) = (starts.len(), starts[0].len());
    let mut sums = Vec::new();
    for c in 0..ranks {
        for at in chunk(n, ranks, c) {
            let numbers: Vec<f64> = (1..=ranks).map(|i| starts[(c + i) % ranks][at]).collect();
            sums.extend(numbers.into_iter().reduce(|sum, x| sum + x));
        }
    }
    sums
}

/// `gelu(x · A) · B` on one machine.
pub fn mlp(x: &Matrix, a: &Matrix, b: &Matrix) -> Matrix {
    let mut y = Matrix::new(x.rows, b.columns, |_, _| 0.0);
    for token in 0..x.rows {
        for unit in 0..a.columns {
            let mut sum = 0.0;
            for i in 0..x.columns {
                sum += x.at(token, i) * a.at(i, unit);
            }
            for j in 0..b.columns {
                y.values[token * b.columns + j] += gelu(sum) * b.at(unit, j);
            }
        }
    }
    y
}

/// A pipeline of people with a rule instead of a list: take what comes back first, and go forward
/// only while you hold fewer micro-batches than there are stages from yours on. GPipe's rule: never
/// backward before all went forward. Forward and backward take a tick each.
pub fn by_rule(kind: Kind, stages: usize, micro_batches: usize) -> Vec<Vec<Job>> {
    let mut orders: Vec<Vec<Job>> = vec![Vec::new(); stages];
    let mut done: HashSet<(usize, Job)> = HashSet::new();
    while orders.iter().any(|order| order.len() < 2 * micro_batches) {
        let mut tick = Vec::new();
        for (stage, order) in orders.iter().enumerate() {
            let next = |backward: bool| {
                order.iter().filter(|job| matches!(job, Job::Backward(_)) == backward).count()
            };
            let (ahead, back) = (next(false), next(true));
            let comes = |job: Job, from: usize| done.contains(&(from, job));
            let can_back = back < ahead
                && (kind == Kind::OneFOneB || ahead == micro_batches)
                && (stage + 1 == stages || comes(Job::Backward(back), stage + 1));
            let room = kind == Kind::GPipe || ahead - back < stages - stage;
            let can_go = ahead < micro_batches
                && room
                && (stage == 0 || comes(Job::Forward(ahead), stage - 1));
            if can_back {
                tick.push((stage, Job::Backward(back)));
            } else if can_go {
                tick.push((stage, Job::Forward(ahead)));
            }
        }
        for (stage, job) in tick {
            orders[stage].push(job);
            done.insert((stage, job));
        }
    }
    orders
}

/// Start and end of each job, by a clock that ticks; `None` of a stage that never finishes.
pub fn by_clock(
    schedule: &[Vec<Job>],
    forward: u64,
    backward: u64,
) -> Vec<Option<Vec<(u64, u64)>>> {
    let stages = schedule.len();
    let all: u64 = schedule.iter().map(|jobs| jobs.len() as u64).sum();
    let mut spans: Vec<Vec<(u64, u64)>> = vec![Vec::new(); stages];
    for now in 0..=all * forward.max(backward) {
        // At one instant, jobs that take no time may follow each other.
        for _ in 0..=all {
            for stage in 0..stages {
                let at = spans[stage].len();
                let Some(&job) = schedule[stage].get(at) else { continue };
                let is_done = |stage: usize, job: Job| {
                    let at = schedule[stage].iter().position(|other| *other == job);
                    at.and_then(|at| spans[stage].get(at)).is_some_and(|span| span.1 <= now)
                };
                let may = match job {
                    Job::Forward(_) => stage == 0 || is_done(stage - 1, job),
                    Job::Backward(i) => {
                        is_done(stage, Job::Forward(i))
                            && (stage + 1 == stages || is_done(stage + 1, job))
                    }
                };
                let is_free = spans[stage].last().is_none_or(|span| span.1 <= now);
                if may && is_free {
                    let length = if matches!(job, Job::Forward(_)) { forward } else { backward };
                    spans[stage].push((now, now + length));
                }
            }
        }
    }
    let finished =
        |(spans, jobs): (Vec<_>, &Vec<Job>)| (spans.len() == jobs.len()).then_some(spans);
    spans.into_iter().zip(schedule).map(finished).collect()
}

/// The bytes of the fullest machine, after every parameter was dealt out like a card.
pub fn by_dealing(parameters: u64, layout: &Layout, sharded: Sharded) -> u128 {
    let (parts, data) = (layout.tensor * layout.pipeline, layout.data);
    let mut bytes = vec![0_u128; (parts * data) as usize];
    for parameter in 0..parameters {
        let (part, owner) = (parameter % parts, parameter / parts % data);
        for machine in 0..data {
            let mut add = |is_shared: bool, size: u128| {
                if !is_shared || machine == owner {
                    bytes[(part * data + machine) as usize] += size;
                }
            };
            add(sharded == Sharded::Weights, 2);
            add(matches!(sharded, Sharded::Weights | Sharded::Gradients), 2);
            add(sharded != Sharded::Nothing, 12);
        }
    }
    bytes.into_iter().max().unwrap_or(0)
}

//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::solution::{data_parallel, machine_bytes, pipeline_schedule, ring_all_reduce, timeline};
use crate::{Kind, Layout, MachineError, Sharded, gelu, in_turns, waiting};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("ring-cost", || {
            let starts = vec![vec![1.0; 800]; 8];
            let ran = in_turns(&starts, |link, x| ring_all_reduce(link, x), |_, _| {})?;
            position(&[1.75, 7.0, 1.0], &(ran.sent[0] as f64 / 800.0))
        })
        .key("same-bits", || {
            let starts = vec![vec![0.1, 0.1], vec![0.2, 0.2], vec![0.3, 0.3]];
            let ran = in_turns(&starts, |link, x| ring_all_reduce(link, x), |_, _| {})?;
            let is_one_machine = ran.states[0] == [0.1 + 0.2 + 0.3; 2];
            let is_same = ran.states.iter().all(|state| *state == ran.states[0]);
            pick([is_one_machine, is_same && !is_one_machine, !is_same])
        })
        .key("no-tokens", || {
            let parts = [(vec![3.0], 2), (vec![0.0], 0)];
            let run = |skips: bool| {
                in_turns(
                    &parts,
                    |link, (sums, tokens)| match *tokens {
                        0 if skips => Ok(0),
                        _ => data_parallel(link, sums, *tokens),
                    },
                    |_, _| {},
                )
            };
            let is_stuck = matches!(run(true), Err(MachineError::Deadlock { .. }));
            let gradient = run(false)?.states[0].0[0];
            pick([!is_stuck, gradient == 0.75, is_stuck && gradient == 1.5])
        })
        .key("before-gelu", || {
            let is_additive = |a: f64, b: f64| (gelu(a) + gelu(b) - gelu(a + b)).abs() < 1e-6;
            let (mixed, positive) = (is_additive(1.5, -1.0), is_additive(1.0, 2.0));
            pick([mixed, positive, !mixed && !positive])
        })
        .key("other-order", || {
            let share = |kind| timeline(&pipeline_schedule(kind, 4, 8), 1, 2).map(|t| waiting(&t));
            let [gpipe, other] = [share(Kind::GPipe)?, share(Kind::OneFOneB)?];
            pick([other < gpipe, other > gpipe, other == gpipe])
        })
        .key("first-cut", || {
            let layout = Layout { tensor: 1, pipeline: 1, data: 64 };
            let bytes = machine_bytes(1_000_000, &layout, Sharded::Optimizer)?;
            position(&[4, 15, 2], &(bytes / 1_000_000))
        })
}

//! The numbers of the page.

use counting::Sharded;
use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};

use crate::solution::{machine_bytes, pipeline_schedule, ring_all_reduce, timeline};
use crate::{Kind, Layout, held, in_turns, waiting};

/// Llama 3.1 405B: its parameters and how it was laid out, from table 4 of its report.
const PARAMETERS: u64 = 405_000_000_000;
const TOKENS: f64 = 15.6e12;
const LAYOUT: Layout = Layout { tensor: 8, pipeline: 16, data: 128 };
const FLOPS: f64 = 400e12;
const TEXT: u64 = 8192;
const TEXTS: u64 = 16;
const WIDTH: u64 = 16_384;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let Layout { tensor, pipeline, data } = LAYOUT;
    let machines = tensor * pipeline * data;
    let seconds = 6.0 * PARAMETERS as f64 * TOKENS / FLOPS;
    let days = seconds / 86_400.0;
    worked.set("machines", count(machines)).set("tensor", tensor).set("pipeline", pipeline);
    worked.set("data", data).set("group", tensor * pipeline);
    worked.set("everybody-data", data - 1);
    worked.set("years", count((days / 365.25).round() as u64));
    let one = Layout { tensor: 1, pipeline: 1, data: 1 };
    let all = machine_bytes(PARAMETERS, &one, Sharded::Nothing)?;
    worked
        .set("all-gb", count((all / 1_000_000_000) as u64))
        .set("keep", all.div_ceil(80_000_000_000));

    ring(worked)?;

    let share = |kind, stages, micro_batches| {
        timeline(&pipeline_schedule(kind, stages, micro_batches), 1, 2).map(|t| waiting(&t))
    };
    for (name, stages, micro_batches) in
        [("1", 4, 1), ("4", 4, 4), ("32", 4, 32), ("llama", 16, TEXTS as usize)]
    {
        let share = share(Kind::GPipe, stages, micro_batches)?;
        worked.set(&format!("waiting-{name}"), percent(share, 0));
    }
    worked.set("waiting-1f1b", percent(share(Kind::OneFOneB, 4, 8)?, 0));
    for (name, kind) in [("gpipe", Kind::GPipe), ("1f1b", Kind::OneFOneB)] {
        let schedule = pipeline_schedule(kind, 4, 32);
        worked.set(&format!("held-{name}"), schedule.first().map_or(0, |jobs| held(jobs)));
    }
    worked.set("texts", TEXTS).set("text", count(TEXT));
    worked.set("batch", short((data * TEXTS * TEXT) as f64 / 1e6, 1));
    worked.set("wide-batch", short((machines * TEXT) as f64 / 1e6, 0));

    // A product's result, in bytes, and what a machine of 8 sends of it.
    let result = (TEXT * WIDTH * 2) as f64;
    let sent = 2.0 * (tensor - 1) as f64 / tensor as f64 * result;
    worked.set("width", count(WIDTH)).set("result-mb", short(result / 1e6, 0));
    worked.set("sent-mb", short(sent / 1e6, 0));

    let kinds = [
        ("nothing", Sharded::Nothing),
        ("optimizer", Sharded::Optimizer),
        ("gradients", Sharded::Gradients),
        ("weights", Sharded::Weights),
    ];
    let only = Layout { data: machines, ..one };
    for (name, layout) in [("only", only), ("llama", LAYOUT)] {
        for (kind, sharded) in kinds {
            let bytes = machine_bytes(PARAMETERS, &layout, sharded)?;
            worked.set(&format!("{name}-{kind}"), gigabytes(bytes));
        }
    }
    worked.set("hours", short(54.0 * 24.0 / 419.0, 0));
    Ok(())
}

fn gigabytes(bytes: u128) -> String {
    let gb = bytes as f64 / 1e9;
    if gb < 100.0 { short(gb, 1) } else { count(gb.round() as u64) }
}

/// A sum around a ring.
fn ring(worked: &mut Worked) -> Outcome {
    let sent = |ranks: usize, n: usize| {
        let starts = vec![vec![1.0; n]; ranks];
        let all_reduce = |link: &mut dyn crate::Link, x: &mut Vec<f64>| ring_all_reduce(link, x);
        in_turns(&starts, all_reduce, |_, _| {}).map(|ran| ran.sent[0])
    };
    for ranks in [2_usize, 4, 16] {
        let n = 32;
        worked.set(&format!("ring-{ranks}"), short(sent(ranks, n)? as f64 / n as f64, 3));
    }
    let [a, b, c] = [0.1, 0.2, 0.3];
    worked.set("one-order", a + b + c).set("other-order", b + c + a);
    Ok(())
}

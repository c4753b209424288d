//! Epochs: their order, and how it is dealt out.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::{
    Outcome, agree, differential, expect, expect_distribution, expect_eq, expect_error_is,
    expect_same,
};

use crate::{Answers, BatchError, Plan, SOLUTION};

fn expect_order(what: &str, got: &[usize], windows: usize) -> Outcome {
    let mut sorted = got.to_vec();
    sorted.sort_unstable();
    let all: Vec<usize> = (0..windows).collect();
    expect_eq(&format!("{what}: its numbers, sorted"), &sorted, &all)
}

pub fn order_has_each_window_once(answers: &Answers) -> Outcome {
    for (at, windows) in (1..).zip([0, 1, 2, 3, 7, 100, 1000, 70_000]) {
        for (seed, epoch) in [(0, 0), (at, 0), (0, at), (at, 1), (u64::MAX, u64::MAX)] {
            let got = (answers.epoch_order)(windows, seed, epoch);
            let windows_of = counted(windows, "window");
            let what = format!("the order of {windows_of}, seed {seed}, epoch {epoch}");
            expect_order(&what, &got, windows)?;
            expect(windows < 100 || !got.is_sorted(), || {
                format!("{what}: expected a drawn order, got 0, 1, 2, …")
            })?;
        }
    }
    Ok(())
}

pub fn every_order_is_equally_likely(answers: &Answers) -> Outcome {
    const TIMES: u64 = 12_000;
    for (what, of) in [
        ("one seed, many epochs", (|i| (7, i)) as fn(u64) -> (u64, u64)),
        ("many seeds, one epoch", |i| (i, 3)),
        ("seeds that differ in their upper half", |i| (i << 40, 0)),
    ] {
        let mut counts = [0; 24];
        for i in 0..TIMES {
            let (seed, epoch) = of(i);
            let got = (answers.epoch_order)(4, seed, epoch);
            expect_order(&format!("an order of 4 windows, {what}"), &got, 4)?;
            // Which of the 24 it is: how many of the later ones are smaller, place by place.
            let smaller = |at: usize| got[at + 1..].iter().filter(|&&x| x < got[at]).count();
            counts[smaller(0) * 6 + smaller(1) * 2 + smaller(2)] += 1;
        }
        let what = format!("how often each of the 24 orders of 4 windows comes, {what}");
        expect_distribution(&what, &counts, &[1.0 / 24.0; 24])?;
    }
    // Of many windows: from which part of the data to which part of the order.
    const PARTS: usize = 6;
    for (windows, epochs) in [(600, 30), (70_000, 1)] {
        let mut counts = [0; PARTS * PARTS];
        for epoch in 0..epochs {
            let got = (answers.epoch_order)(windows, 11, epoch);
            expect_order(&format!("an order of {}", counted(windows, "window")), &got, windows)?;
            for (to, from) in got.iter().enumerate() {
                counts[from * PARTS / windows * PARTS + to * PARTS / windows] += 1;
            }
        }
        let what = format!(
            "from which sixth of {} to which sixth of the order, pair by pair",
            counted(windows, "window")
        );
        expect_distribution(&what, &counts, &[1.0 / 36.0; 36])?;
    }
    Ok(())
}

pub fn seed_and_epoch_decide(answers: &Answers) -> Outcome {
    const WINDOWS: usize = 24;
    let of = |(seed, epoch): (u64, u64)| (answers.epoch_order)(WINDOWS, seed, epoch);
    let mut pairs: Vec<(u64, u64)> =
        (0..30).flat_map(|seed| (0..60).map(move |epoch| (seed, epoch))).collect();
    // Each bit of both, and what sums and products of the two would confuse.
    let powers = (6..64).map(|bit| 1_u64 << bit);
    let tens = (2..19).map(|n| 10_u64.pow(n));
    for large in powers.chain(tens).chain([u64::MAX, 0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9])
    {
        pairs.extend([(large, 0), (0, large), (large, large), (large - 1, 1), (1, large - 1)]);
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut seen: Vec<(Vec<usize>, (u64, u64))> = Vec::new();
    for &pair in &pairs {
        let got = of(pair);
        expect_order(&format!("the order of seed {}, epoch {}", pair.0, pair.1), &got, WINDOWS)?;
        seen.push((got, pair));
    }
    for (got, (seed, epoch)) in seen.iter().step_by(7) {
        let what = format!("the order of seed {seed}, epoch {epoch}, asked for again");
        expect_same(&what, &of((*seed, *epoch)), got)?;
    }
    seen.sort_unstable();
    let twins = seen.windows(2).find(|two| two[0].0 == two[1].0);
    expect(twins.is_none(), || {
        let [one, other] = [0, 1].map(|i| twins.map_or((0, 0), |two| two[i].1));
        format!(
            "seed {} in epoch {} has the same order as seed {} in epoch {}: expected two orders \
             that have nothing to do with each other",
            one.0, one.1, other.0, other.1
        )
    })?;
    // Next epochs and next seeds: not the same order turned around or moved along either.
    for (what, step) in [("epoch", (0, 1)), ("seed", (1, 0))] {
        let mut counts = [0; 9];
        for i in 0..9000 {
            let (seed, epoch) = (1000 + i * step.0, 50 + i * step.1);
            let [now, next] = [(seed, epoch), (seed + step.0, epoch + step.1)]
                .map(|(seed, epoch)| (answers.epoch_order)(3, seed, epoch));
            expect_order("an order of 3 windows", &next, 3)?;
            counts[3 * now[0] + next[0]] += 1;
        }
        let what = format!("which of 3 windows comes first for one {what} and for the next");
        expect_distribution(&what, &counts, &[1.0 / 9.0; 9])?;
    }
    Ok(())
}

pub fn drawn_orders_keep_to_the_docs(answers: &Answers) -> Outcome {
    let number = || draw::prop_oneof![draw::any_u64(), 0..4_u64];
    differential((draw::lengths(0..=300), number(), number()), |&(windows, seed, epoch)| {
        let got = (answers.epoch_order)(windows, seed, epoch);
        let what = format!("the order of {}", counted(windows, "window"));
        expect_order(&what, &got, windows)?;
        let again = (answers.epoch_order)(windows, seed, epoch);
        expect_same(&format!("{what}, asked for again"), &again, &got)?;
        let next = (answers.epoch_order)(windows, seed, epoch.wrapping_add(1));
        expect(windows < 24 || next != got, || format!("{what}: the next epoch has the same"))
    })
}

/// What all ranks read at each step.
fn dealt(
    answers: &Answers,
    order: &[usize],
    plan: Plan,
    steps: usize,
) -> Result<Vec<Vec<Vec<usize>>>, BatchError> {
    let at = |step| -> Result<Vec<Vec<usize>>, BatchError> {
        (0..plan.ranks)
            .map(|rank| (answers.batch_at)(order, &Plan { rank, ..plan }, step))
            .collect()
    };
    (0..steps).map(at).collect()
}

/// Numbers that do not follow each other.
fn some_order(windows: usize) -> Vec<usize> {
    (0..windows).map(|i| (i * 7 + 3) % windows.max(1) + 1000 * (i % 2)).collect()
}

pub fn epoch_reads_each_window_once(answers: &Answers) -> Outcome {
    for (windows, batch) in [(12, 4), (13, 4), (15, 4), (3, 5), (5, 5), (7, 1), (100, 33)] {
        let order = some_order(windows);
        for drop_last in [false, true] {
            let plan = Plan { batch, ranks: 1, rank: 0, drop_last };
            let parts: Vec<Vec<usize>> = if drop_last {
                order.chunks_exact(batch).map(<[usize]>::to_vec).collect()
            } else {
                order.chunks(batch).map(<[usize]>::to_vec).collect()
            };
            let what = format!(
                "{} in batches of {batch}, drop_last {drop_last}",
                counted(windows, "window")
            );
            // From the last step to the first: whoever resumes need not have been at the others.
            for (step, want) in parts.iter().enumerate().rev() {
                let got = (answers.batch_at)(&order, &plan, step)?;
                expect_eq(&format!("{what}, step {step}"), &got, want)?;
            }
        }
    }
    Ok(())
}

pub fn ranks_share_a_step(answers: &Answers) -> Outcome {
    for (windows, batch, ranks) in
        [(24, 6, 2), (24, 6, 3), (23, 6, 3), (25, 6, 4), (10, 2, 5), (9, 9, 4), (31, 10, 7)]
    {
        let order = some_order(windows);
        let plan = Plan { batch, ranks, rank: 0, drop_last: false };
        let steps = dealt(answers, &order, plan, order.chunks(batch).count())?;
        for (step, (ranks_read, all)) in steps.iter().zip(order.chunks(batch)).enumerate() {
            let what = format!(
                "{} in batches of {batch} on {}, step {step}",
                counted(windows, "window"),
                counted(ranks, "rank")
            );
            for (at, window) in all.iter().enumerate() {
                let got = ranks_read[at % ranks].get(at / ranks);
                expect(got == Some(window), || {
                    let got = got.map_or("none".into(), ToString::to_string);
                    format!(
                        "{what}: rank {} reads {got} as its window {}, expected {window}",
                        at % ranks,
                        at / ranks
                    )
                })?;
            }
            let read: usize = ranks_read.iter().map(Vec::len).sum();
            let what = format!("{what}: how many windows all ranks read");
            expect_same(&what, &read, &all.len())?;
        }
    }
    Ok(())
}

pub fn what_is_no_step_is_refused(answers: &Answers) -> Outcome {
    epoch_reads_each_window_once(answers)?;
    let order = some_order(10);
    for (windows, [batch, ranks, rank, step], drop_last, want) in [
        (10, [0, 1, 0, 0], false, BatchError::EmptyBatch),
        (10, [0, 0, 0, 9], true, BatchError::EmptyBatch),
        (10, [3, 0, 0, 0], false, BatchError::Rank { rank: 0, ranks: 0 }),
        (10, [3, 2, 2, 0], false, BatchError::Rank { rank: 2, ranks: 2 }),
        (10, [3, 2, 5, 99], true, BatchError::Rank { rank: 5, ranks: 2 }),
        (10, [3, 2, 1, 4], false, BatchError::Step { step: 4, steps: 4 }),
        (10, [3, 2, 0, 3], true, BatchError::Step { step: 3, steps: 3 }),
        (10, [5, 1, 0, 2], false, BatchError::Step { step: 2, steps: 2 }),
        (10, [11, 1, 0, 0], true, BatchError::Step { step: 0, steps: 0 }),
        (10, [11, 1, 0, 1], false, BatchError::Step { step: 1, steps: 1 }),
        (0, [4, 1, 0, 0], false, BatchError::Step { step: 0, steps: 0 }),
        (10, [2, 1, 0, usize::MAX], false, BatchError::Step { step: usize::MAX, steps: 5 }),
        (10, [usize::MAX, 1, 0, 2], false, BatchError::Step { step: 2, steps: 1 }),
    ] {
        let plan = Plan { batch, ranks, rank, drop_last };
        let got = (answers.batch_at)(&order[..windows], &plan, step);
        let what = format!("step {step} of {} with {plan:?}", counted(windows, "window"));
        expect_error_is(&what, got, &want)?;
    }
    Ok(())
}

pub fn steps_agree(answers: &Answers) -> Outcome {
    let huge = |most| draw::prop_oneof![9 => draw::lengths(0..=most), 1 => draw::Just(usize::MAX)];
    let plans = (huge(40), huge(9), huge(9), draw::select(vec![false, true])).prop_map(
        |(batch, ranks, rank, drop_last)| {
            // Mostly a rank that there is.
            let rank = if rank % 8 == 7 || ranks == 0 { rank } else { rank % ranks };
            Plan { batch, ranks, rank, drop_last }
        },
    );
    let orders = draw::list(draw::select(vec![0, 1, 5, 9, usize::MAX]), 0..=300);
    differential((orders, plans, draw::lengths(0..=40)), |(order, plan, step)| {
        // Distinct at most places, and some equal.
        let order: Vec<usize> =
            order.iter().enumerate().map(|(i, x)| x.wrapping_add(i / 3 * 2)).collect();
        let run = |answers: &Answers| (answers.batch_at)(&order, plan, *step);
        agree(&format!("step {step}"), run(answers), run(&SOLUTION), |got, want| {
            expect_eq(&format!("the windows of step {step}"), got, want)
        })
    })
}

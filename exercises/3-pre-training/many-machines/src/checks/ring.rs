//! Sums and copies that go around a ring.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, differential, expect, expect_bits, expect_close_or_nan, expect_same,
};
use rand::RngExt;

use crate::oracle::ring_sum;
use crate::{Answers, Link, MachineError, Ran, SOLUTION, chunk, in_turns};

pub type Collective = fn(&mut dyn Link, &mut [f64]) -> Result<(), MachineError>;

/// Ranks and numbers: fewer numbers than ranks, some left over, one rank, none of either.
const SIZES: [(usize, usize); 11] =
    [(1, 5), (2, 6), (2, 7), (3, 8), (4, 1), (5, 3), (5, 23), (7, 0), (8, 40), (33, 70), (3, 3001)];

pub fn in_words(ranks: usize, n: usize) -> String {
    format!("{} with {} each", counted(ranks, "rank"), counted(n, "number"))
}

pub fn run(collective: Collective, starts: &[Vec<f64>]) -> Result<Ran<Vec<f64>, ()>, MachineError> {
    in_turns(starts, |link, numbers| collective(link, numbers), |_, _| {})
}

/// What was left on ranks that began so.
fn left(collective: Collective, starts: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, MachineError> {
    Ok(run(collective, starts)?.states)
}

/// Of numbers whose sums depend on the order.
fn drawn(ranks: usize, n: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = seeded(seed);
    let mut number = || (rng.random::<f64>() - 0.4) * 10_f64.powi(rng.random_range(-3..4));
    (0..ranks).map(|_| (0..n).map(|_| number()).collect()).collect()
}

fn expect_chunks(what: &str, got: &[Vec<f64>], want: &[f64]) -> Outcome {
    let ranks = got.len();
    for (rank, got) in got.iter().enumerate() {
        let own = chunk(want.len(), ranks, rank);
        let what = format!("{what}: chunk {rank} on rank {rank}");
        expect_bits(&what, &got[own.clone()], &want[own])?;
    }
    Ok(())
}

fn expect_everywhere(what: &str, got: &[Vec<f64>], want: &[f64]) -> Outcome {
    for (rank, got) in got.iter().enumerate() {
        expect_bits(&format!("{what}: rank {rank}"), got, want)?;
    }
    Ok(())
}

/// What a run may cost: each rank's numbers, and its messages.
fn expect_costs<T>(what: &str, ran: &Ran<Vec<f64>, T>, most: impl Fn(usize) -> usize) -> Outcome {
    let rounds = ran.sent.len() - 1;
    for (rank, (&sent, &messages)) in ran.sent.iter().zip(&ran.messages).enumerate() {
        expect(sent <= most(rank), || {
            let (sent, most) = (counted(sent, "number"), most(rank));
            format!("{what}: rank {rank} sent {sent}, and {most} are enough")
        })?;
        expect(messages <= rounds, || {
            let messages = counted(messages, "message");
            format!("{what}: rank {rank} sent {messages}, and {rounds} are enough")
        })?;
    }
    expect(ran.turns <= rounds + 1, || {
        let (turns, most) = (counted(ran.turns, "turn"), rounds + 1);
        format!("{what}: it took {turns}, and {most} are enough if all send in every round")
    })?;
    expect_unread(what, ran.unread)
}

/// A result that came, right or wrong; only who waits is run again.
pub fn ended<T>(result: Result<T, MachineError>) -> Result<Result<T, MachineError>, MachineError> {
    match result {
        Err(MachineError::Waiting) => Err(MachineError::Waiting),
        ended => Ok(ended),
    }
}

pub fn expect_unread(what: &str, unread: usize) -> Outcome {
    expect(unread == 0, || {
        format!("{what}: {} sent and never received", counted(unread, "message"))
    })
}

pub fn reduce_scatter_sums(answers: &Answers) -> Outcome {
    for (seed, (ranks, n)) in (0..).zip(SIZES) {
        let what = in_words(ranks, n);
        // Sums of whole numbers have a closed form.
        let starts: Vec<Vec<f64>> =
            (0..ranks).map(|r| (0..n).map(|i| ((r + 1) * (i + 1)) as f64).collect()).collect();
        let all = (ranks * (ranks + 1) / 2) as f64;
        let want: Vec<f64> = (1..=n).map(|i| all * i as f64).collect();
        expect_chunks(&what, &left(answers.reduce_scatter, &starts)?, &want)?;
        let zeros = vec![vec![-0.0; n]; ranks];
        let what_zeros = format!("{what}, all −0");
        expect_chunks(&what_zeros, &left(answers.reduce_scatter, &zeros)?, &vec![-0.0; n])?;
        let starts = drawn(ranks, n, seed);
        let want = ring_sum(&starts);
        let what = format!("{what}, added in the order of the ring");
        expect_chunks(&what, &left(answers.reduce_scatter, &starts)?, &want)?;
    }
    Ok(())
}

pub fn reduce_scatter_counts(answers: &Answers) -> Outcome {
    for (ranks, n) in SIZES {
        let ran = run(answers.reduce_scatter, &drawn(ranks, n, 3))?;
        expect_costs(&in_words(ranks, n), &ran, |rank| n - chunk(n, ranks, rank).len())?;
        // An answer that sends nothing must not pass.
        let starts = vec![vec![1.0; n]; ranks];
        let got = left(answers.reduce_scatter, &starts)?;
        expect_chunks(&in_words(ranks, n), &got, &vec![ranks as f64; n])?;
    }
    Ok(())
}

/// Ranks with their numbers, corners of both among them.
pub fn rings() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let number = draw::prop_oneof![
        8 => draw::between(-9.0, 9.0),
        2 => draw::select(vec![0.0, -0.0, 1e300, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
    ];
    (1..=8_usize, draw::lengths(0..=40)).prop_flat_map(move |(ranks, n)| {
        draw::list(draw::list(number.clone(), n..=n), ranks..=ranks)
    })
}

pub fn reduce_scatter_agrees(answers: &Answers) -> Outcome {
    differential(rings(), |starts| {
        // What other chunks hold does not matter.
        let owned = |answers: &Answers| -> Result<Vec<f64>, MachineError> {
            let states = left(answers.reduce_scatter, starts)?;
            let own = |(rank, state): (usize, Vec<f64>)| {
                state[chunk(state.len(), starts.len(), rank)].to_vec()
            };
            Ok(states.into_iter().enumerate().flat_map(own).collect())
        };
        expect_bits("the chunks, each from its rank", &owned(answers)?, &owned(&SOLUTION)?)
    })
}

/// Each rank with its own chunk of some numbers, and something else around it.
fn scattered(numbers: &[f64], ranks: usize, else_: f64) -> Vec<Vec<f64>> {
    let start = |rank| {
        let mut start = vec![else_; numbers.len()];
        let own = chunk(numbers.len(), ranks, rank);
        start[own.clone()].copy_from_slice(&numbers[own]);
        start
    };
    (0..ranks).map(start).collect()
}

pub fn all_gather_gathers(answers: &Answers) -> Outcome {
    for (ranks, n) in SIZES {
        let numbers = drawn(1, n, 8).remove(0);
        for else_ in [0.0, 7.5, f64::NAN] {
            let what = format!("{}, {else_} in all other chunks", in_words(ranks, n));
            let starts = scattered(&numbers, ranks, else_);
            expect_everywhere(&what, &left(answers.all_gather, &starts)?, &numbers)?;
        }
    }
    Ok(())
}

pub fn all_gather_counts(answers: &Answers) -> Outcome {
    for (ranks, n) in SIZES {
        let (what, numbers) = (in_words(ranks, n), drawn(1, n, 9).remove(0));
        let ran = run(answers.all_gather, &scattered(&numbers, ranks, 0.0))?;
        expect_costs(&what, &ran, |rank| n - chunk(n, ranks, (rank + 1) % ranks).len())?;
        expect_everywhere(&what, &ran.states, &numbers)?;
    }
    Ok(())
}

pub fn all_gather_agrees(answers: &Answers) -> Outcome {
    differential(rings(), |starts| {
        let gathered = |answers: &Answers| left(answers.all_gather, starts);
        expect_bits("all ranks", &gathered(answers)?.concat(), &gathered(&SOLUTION)?.concat())
    })
}

/// Each rank has about the sum, and all have the same bits. The order of adding is free.
fn expect_sum(what: &str, got: &[Vec<f64>], starts: &[Vec<f64>]) -> Outcome {
    let want = ring_sum(starts);
    expect_same(&format!("{what}: numbers on rank 0"), &got[0].len(), &want.len())?;
    for (i, want) in want.iter().enumerate() {
        let most = starts.iter().map(|start| start[i].abs()).fold(0.0, f64::max);
        let atol = if most.is_finite() { 1e-14 * most } else { 0.0 };
        let tolerance = Tolerance { rtol: 1e-12, atol };
        let what = format!("{what}: number {i} on rank 0");
        expect_close_or_nan(&what, &[], &[got[0][i]], &[*want], tolerance)?;
    }
    expect_everywhere(&format!("{what}: as on rank 0"), got, &got[0])
}

pub fn all_reduce_sums(answers: &Answers) -> Outcome {
    for (seed, (ranks, n)) in (20..).zip(SIZES) {
        let starts = drawn(ranks, n, seed);
        expect_sum(&in_words(ranks, n), &left(answers.ring_all_reduce, &starts)?, &starts)?;
    }
    Ok(())
}

pub fn all_reduce_counts(answers: &Answers) -> Outcome {
    for (ranks, n) in SIZES {
        let (what, starts) = (in_words(ranks, n), drawn(ranks, n, 30));
        let ran = run(answers.ring_all_reduce, &starts)?;
        expect_sum(&what, &ran.states, &starts)?;
        expect_all_reduce(&what, &ran.sent, n)?;
        expect(ran.turns < 2 * ranks, || {
            let (turns, most) = (counted(ran.turns, "turn"), 2 * ranks - 1);
            format!("{what}: it took {turns}, and {most} are enough if all send in every round")
        })?;
        expect_unread(&what, ran.unread)?;
    }
    Ok(())
}

/// No more is sent than a ring all-reduce of `n` numbers takes.
pub fn expect_all_reduce(what: &str, sent: &[usize], n: usize) -> Outcome {
    let (ranks, all) = (sent.len(), sent.iter().sum::<usize>());
    for (rank, &sent) in sent.iter().enumerate() {
        let most = 2 * (n - n / ranks);
        expect(sent <= most, || {
            let sent = counted(sent, "number");
            format!("{what}: rank {rank} sent {sent}, and {most} are enough")
        })?;
    }
    let most = 2 * (ranks - 1) * n;
    expect(all <= most, || {
        format!("{what}: all together sent {}, and {most} are enough", counted(all, "number"))
    })
}

/// In the page, which has no threads, once more in turns.
pub fn all_reduce_on_threads(answers: &Answers) -> Outcome {
    #[cfg(not(target_family = "wasm"))]
    use crate::on_threads as by_threads;
    #[cfg(target_family = "wasm")]
    fn by_threads(
        starts: Vec<Vec<f64>>,
        program: impl Fn(&mut dyn Link, &mut Vec<f64>) -> Result<(), MachineError>,
    ) -> Result<Ran<Vec<f64>, ()>, MachineError> {
        in_turns(&starts, program, |_, _| {})
    }
    for (ranks, n) in SIZES {
        let (what, starts) = (in_words(ranks, n), drawn(ranks, n, 40));
        let all_reduce = answers.ring_all_reduce;
        let ran = by_threads(starts.clone(), |link, numbers| all_reduce(link, numbers))?;
        let what = format!("{what}, on threads");
        expect_sum(&what, &ran.states, &starts)?;
        expect_unread(&what, ran.unread)?;
        let want = left(all_reduce, &starts)?;
        expect_bits(&format!("{what}, as in turns"), &ran.states.concat(), &want.concat())?;
    }
    Ok(())
}

pub fn all_reduce_agrees(answers: &Answers) -> Outcome {
    differential(rings(), |starts| {
        let [got, want] = [answers, &SOLUTION].map(|a| left(a.ring_all_reduce, starts));
        expect_sum("the sum", &want?, starts)?;
        expect_sum("the sum", &got?, starts)
    })
}

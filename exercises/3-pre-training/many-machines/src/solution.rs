//! The reference: what one machine does of the work of many.

use std::collections::HashMap;

use many_machines::{Job, Kind, Layout, Link, MachineError, Matrix, Sharded, Span, chunk, gelu};

// The types are in parts.rs, link.rs and error.rs, beside this file.

/// Leaves the sum over all ranks of chunk `rank` in that chunk of `numbers`; what the other chunks
/// hold afterward does not matter.
///
/// All ranks call this with equally many numbers, `n`. `chunk(n, ranks, c)` is where chunk `c` is:
/// chunks follow each other, the first `n % ranks` have one number more, and some may be empty.
///
/// A rank sends each chunk but its own once, in `ranks − 1` messages at most, and every message is
/// received. In each round every rank sends, so after `ranks − 1` rounds all are done. The sum of
/// chunk `c` thus begins at rank `c + 1` and goes around the ring to rank `c`, in that order:
/// `((x_{c+1} + x_{c+2}) + …) + x_c`. One rank alone sends nothing.
///
/// # Errors
/// Those of the link, passed on.
///
/// Source: Patarasuk and Yuan, 2009.
pub fn reduce_scatter(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    // BEGIN ANSWER
    let (rank, ranks, n) = (link.rank(), link.ranks(), numbers.len());
    for round in 1..ranks {
        // Chunk rank − 1 first; what comes is the chunk before it.
        let sent = (rank + ranks - round) % ranks;
        let coming = (rank + ranks - round - 1) % ranks;
        link.send(&numbers[chunk(n, ranks, sent)]);
        for (own, sum) in numbers[chunk(n, ranks, coming)].iter_mut().zip(link.receive()?) {
            *own += sum;
        }
    }
    Ok(())
    // END ANSWER
}

/// Gives every rank every chunk: rank `i` begins with chunk `i`, and what its other chunks hold at
/// first does not matter.
///
/// All ranks call this with equally many numbers, and end with the same bits. A rank sends each
/// chunk but that of its right neighbor once, in `ranks − 1` messages at most, and every message is
/// received. In each round every rank sends, so after `ranks − 1` rounds all are done.
///
/// # Errors
/// Those of the link, passed on.
///
/// Source: Patarasuk and Yuan, 2009.
pub fn all_gather(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    // BEGIN ANSWER
    let (rank, ranks, n) = (link.rank(), link.ranks(), numbers.len());
    for round in 1..ranks {
        let sent = (rank + ranks + 1 - round) % ranks;
        let coming = (rank + ranks - round) % ranks;
        link.send(&numbers[chunk(n, ranks, sent)]);
        numbers[chunk(n, ranks, coming)].copy_from_slice(&link.receive()?);
    }
    Ok(())
    // END ANSWER
}

/// Gives every rank the sum over all ranks, number by number, with the same bits everywhere.
///
/// It is a reduce-scatter and then an all-gather, so each rank sends about
/// `2 · (ranks − 1) / ranks · n` numbers: exactly what these two send.
///
/// # Errors
/// Those of the link, passed on.
pub fn ring_all_reduce(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    // BEGIN ANSWER
    reduce_scatter(link, numbers)?;
    all_gather(link, numbers)
    // END ANSWER
}

/// Makes the gradient of a batch out of what the ranks computed on their parts of it.
///
/// `sums` is this rank's sum of gradients over its `tokens`, a number for each parameter. Afterward
/// it holds, on each rank and with the same bits,
///
/// ```text
/// Σ sums / Σ tokens    over all ranks
/// ```
///
/// and all tokens are returned, exactly; they are fewer than 2⁵³. A rank without tokens has sums of
/// 0 and takes part. With `n` parameters a rank sends at most `2 · (n + 1)` numbers.
///
/// # Errors
/// Those of the link, passed on; [`MachineError::NoTokens`] on every rank if none has a token.
pub fn data_parallel(
    link: &mut dyn Link,
    sums: &mut [f64],
    tokens: u64,
) -> Result<u64, MachineError> {
    // BEGIN ANSWER
    // The count travels as one more number.
    let mut numbers = sums.to_vec();
    numbers.push(tokens as f64);
    ring_all_reduce(link, &mut numbers)?;
    let all = numbers.pop().unwrap_or(0.0);
    if all == 0.0 {
        return Err(MachineError::NoTokens);
    }
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum = number / all;
    }
    Ok(all as u64)
    // END ANSWER
}

/// A feed-forward network divided among ranks: `gelu(x · A) · B`, with the same bits on each rank.
///
/// Every rank has all of `x`, of shape `(tokens, d_model)`, its own columns of `A` as
/// `a: (d_model, own)`, and the rows of `B` with the same numbers as `b: (own, d_model)`. All ranks
/// together have each column and row once; `own` may be 0. A rank sends what a
/// [`ring_all_reduce`] of the result sends, and no more.
///
/// # Errors
/// [`MachineError::Shape`] if `x · a`, or then its product with `b`, cannot be; before anything is
/// sent. Those of the link, passed on.
///
/// Source: Shoeybi and others, 2019, section 3.
pub fn parallel_mlp(
    link: &mut dyn Link,
    x: &Matrix,
    a: &Matrix,
    b: &Matrix,
) -> Result<Matrix, MachineError> {
    // BEGIN ANSWER
    let mut hidden = x.times(a)?;
    hidden.values.iter_mut().for_each(|value| *value = gelu(*value));
    let mut part = hidden.times(b)?;
    ring_all_reduce(link, &mut part.values)?;
    Ok(part)
    // END ANSWER
}

/// The jobs of each stage of a pipeline, in the order in which it does them.
///
/// - [`Kind::GPipe`]: all micro-batches forward, from 0 on, then all backward, from 0 on.
/// - [`Kind::OneFOneB`]: with `w = min(stages − 1 − stage, micro_batches)`, first `w` of them
///   forward. Then, as long as there are any to go forward: the next one forward, and the first that
///   has not come back backward. Last, those left backward. All from 0 on.
///
/// Every stage has every micro-batch forward once and backward once.
///
/// Sources: Huang and others, 2018, section 2; Narayanan and others, 2021, section 2.2.1, where
/// it is called PipeDream-Flush.
pub fn pipeline_schedule(kind: Kind, stages: usize, micro_batches: usize) -> Vec<Vec<Job>> {
    // BEGIN ANSWER
    let jobs = |stage: usize| {
        let warm_up = match kind {
            Kind::GPipe => micro_batches,
            Kind::OneFOneB => micro_batches.min(stages - 1 - stage),
        };
        let mut jobs: Vec<Job> = (0..warm_up).map(Job::Forward).collect();
        for next in warm_up..micro_batches {
            jobs.extend([Job::Forward(next), Job::Backward(next - warm_up)]);
        }
        jobs.extend((micro_batches - warm_up..micro_batches).map(Job::Backward));
        jobs
    };
    (0..stages).map(jobs).collect()
    // END ANSWER
}

/// When each job of a schedule is done, if every stage does its jobs in order, each as soon as it
/// can. Time begins at 0; a forward takes `forward`, a backward `backward`, either may be 0, and
/// sending takes no time.
///
/// `Forward(i)` of a stage can begin when that of the stage before is done; `Backward(i)` when that
/// of the stage after is done, and so is the stage's own `Forward(i)`. No stage has a job twice. All
/// times fit into a u64.
///
/// # Errors
/// [`MachineError::Deadlock`] with the stages that cannot finish, in rising order: what they wait for
/// is in no list, or waits itself.
pub fn timeline(
    schedule: &[Vec<Job>],
    forward: u64,
    backward: u64,
) -> Result<Vec<Vec<Span>>, MachineError> {
    // BEGIN ANSWER
    let stages = schedule.len();
    let mut ends: HashMap<(usize, Job), u64> = HashMap::new();
    let mut timeline: Vec<Vec<Span>> = vec![Vec::new(); stages];
    loop {
        let before = ends.len();
        for (stage, jobs) in schedule.iter().enumerate() {
            while let Some(&job) = jobs.get(timeline[stage].len()) {
                let needs = match job {
                    Job::Forward(_) => vec![(stage > 0).then(|| (stage - 1, job))],
                    Job::Backward(i) => vec![
                        Some((stage, Job::Forward(i))),
                        (stage + 1 < stages).then_some((stage + 1, job)),
                    ],
                };
                let done: Option<Vec<u64>> =
                    needs.into_iter().flatten().map(|need| ends.get(&need).copied()).collect();
                let Some(done) = done else { break };
                let free = timeline[stage].last().map_or(0, |span| span.end);
                let start = done.into_iter().fold(free, u64::max);
                let length = if matches!(job, Job::Forward(_)) { forward } else { backward };
                timeline[stage].push(Span { job, start, end: start + length });
                ends.insert((stage, job), start + length);
            }
        }
        if ends.len() == before {
            break;
        }
    }
    let is_late = |&stage: &usize| timeline[stage].len() < schedule[stage].len();
    let waiting: Vec<usize> = (0..stages).filter(is_late).collect();
    if waiting.is_empty() { Ok(timeline) } else { Err(MachineError::Deadlock { waiting }) }
    // END ANSWER
}

/// How many bytes of weights, gradients and optimizer the fullest machine keeps, in mixed precision
/// with AdamW: for each parameter 2 for the weight, 2 for the gradient, and 12 for the optimizer.
///
/// Tensor and pipeline divide the parameters among `tensor · pipeline` machines, as evenly as can
/// be. Each such part has `data` machines, and of what `sharded` names they share out the parameters
/// of the part among themselves, again as evenly as can be; of the rest each keeps all. The result is
/// exact, whatever the arguments are.
///
/// # Errors
/// [`MachineError::NoMachines`] if a number of the layout is 0.
///
/// Source: Rajbhandari and others, 2019, sections 3.1 and 5, and figure 1.
pub fn machine_bytes(
    parameters: u64,
    layout: &Layout,
    sharded: Sharded,
) -> Result<u128, MachineError> {
    // BEGIN ANSWER
    let [tensor, pipeline, data] = [layout.tensor, layout.pipeline, layout.data].map(u128::from);
    if tensor == 0 || pipeline == 0 || data == 0 {
        return Err(MachineError::NoMachines);
    }
    let part = u128::from(parameters).div_ceil(tensor * pipeline);
    let kept = |from: Sharded| if sharded >= from { part.div_ceil(data) } else { part };
    let [weights, gradients, optimizer] =
        [Sharded::Weights, Sharded::Gradients, Sharded::Optimizer].map(kept);
    Ok(2 * weights + 2 * gradients + 12 * optimizer)
    // END ANSWER
}

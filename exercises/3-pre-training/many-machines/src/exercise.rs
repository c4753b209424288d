//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/many-machines.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade many-machines`.
//! - Stuck? `cargo study hint many-machines` gives one hint at a time.

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
    todo!("reduce_scatter")
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
    todo!("all_gather")
}

/// Gives every rank the sum over all ranks, number by number, with the same bits everywhere.
///
/// It is a reduce-scatter and then an all-gather, so each rank sends about
/// `2 · (ranks − 1) / ranks · n` numbers: exactly what these two send.
///
/// # Errors
/// Those of the link, passed on.
pub fn ring_all_reduce(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    todo!("ring_all_reduce")
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
    todo!("data_parallel")
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
    todo!("parallel_mlp")
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
    todo!("pipeline_schedule")
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
    todo!("timeline")
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
    todo!("machine_bytes")
}

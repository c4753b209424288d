//! A run of a kernel in the interpreter, on the small example of its entry point.

use kernel_interpreter::{Dispatch, Finding, Kernel, Refusal, Report, TraceRequest};

use crate::examples::Example;

/// Events that are kept: those of a workgroup of 256 threads that add up a row.
const EVENTS: usize = 60_000;
/// Steps of a thread: a right kernel takes a few hundred on so little.
const STEPS: u64 = 5_000;

/// Runs a kernel; the trace is of the workgroup in which something is wrong first, else of the first.
///
/// # Errors
/// If it is no valid WGSL, or does not fit the example.
pub fn run(source: &str, example: &Example, seed: u64) -> Result<(Kernel, Report), Refusal> {
    let kernel = Kernel::new(source, example.entry)?;
    let traced = |group| {
        let trace = Some(TraceRequest { group: Some(group), events: EVENTS });
        let buffers = Dispatch::new((example.buffers)(), example.groups);
        kernel.run(&Dispatch { seed, steps: STEPS, trace, ..buffers })
    };
    let first = traced([0; 3])?;
    let elsewhere = first.errors().flat_map(Finding::threads).find_map(|thread| thread.group);
    let report = match elsewhere {
        Some(group) if group != [0; 3] => traced(group)?,
        _ => first,
    };
    Ok((kernel, report))
}

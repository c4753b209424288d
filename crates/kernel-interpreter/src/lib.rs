//! Runs WGSL kernels on the CPU, one thread at a time, and sees what no driver reports: data races,
//! barriers that not all threads reach, accesses out of bounds, loops that do not end, outputs that
//! nobody writes. It also judges from the text alone, as browsers do, whether every barrier stands
//! in uniform control flow.
//!
//! ```
//! use kernel_interpreter::{Buffer, Dispatch, Kernel};
//!
//! let kernel = Kernel::new(
//!     "
//!     @group(0) @binding(0) var<storage, read> x: array<f32>;
//!     @group(0) @binding(1) var<storage, read_write> y: array<f32>;
//!     @compute @workgroup_size(4)
//!     fn double(@builtin(global_invocation_id) id: vec3u) {
//!         y[id.x] = 2.0 * x[id.x];
//!     }",
//!     "double",
//! )?;
//! let buffers = vec![Buffer::input(0, &[1.0, 2.0, 3.0]), Buffer::output(1, 3)];
//! let report = kernel.run(&Dispatch::new(buffers, [1, 1, 1]))?;
//! assert_eq!(report.f32s(1), [2.0, 4.0, 6.0]);
//! assert_eq!(report.reads, [3, 0], "each number of x once");
//! // Thread 3 has no number: it reads x[3], and writes y[3].
//! assert_eq!(report.findings[0].kind(), "bounds");
//! # Ok::<(), kernel_interpreter::Refusal>(())
//! ```
//!
//! What a kernel may use: f32, u32, i32, bool, vectors, matrices, arrays, structures; uniform,
//! storage, workgroup, private and function variables and pointers to the last two; functions, all
//! statements of control flow, the builtins of compute shaders, atomics and barriers. Whatever else
//! it uses is refused with its line, never guessed.

mod arith;
mod dispatch;
mod finding;
mod layout;
mod lower;
mod machine;
mod place;
mod program;
mod refusal;
mod shadow;
mod source;
mod steps;
mod trace;
mod uniformity;
mod value;

use naga::Span;

use lower::Bound;
use source::Source;

pub use dispatch::{Buffer, Dispatch, Report};
pub use finding::{Access, Barrier, Cause, Finding, Memory, Severity, Thread};
pub use layout::Kind;
pub use place::Place;
pub use refusal::{Reason, Refusal};
pub use steps::{Act, Row, Step, Use, rows};
pub use trace::{Action, Cell, Event, Trace, TraceRequest};
pub use value::Value;

/// How many steps a thread may make if nobody says otherwise.
pub const STEPS: u64 = 100_000;

/// WebGPU's default limits.
const MOST_THREADS: u64 = 256;
const WIDEST: [u32; 3] = [256, 256, 64];
const MOST_WORKGROUP_BYTES: u32 = 16_384;
const MOST_GROUPS: u32 = 65_535;

/// A kernel that can be run.
#[derive(Debug)]
pub struct Kernel {
    source: Source,
    uniformity: Vec<Finding>,
}

impl Kernel {
    /// Reads a kernel.
    ///
    /// # Errors
    /// A [`Refusal`] with line and column if it is no valid WGSL, has no such entry point, is too
    /// large for WebGPU's default limits, or uses what the interpreter does not know.
    pub fn new(wgsl: &str, entry: &str) -> Result<Self, Refusal> {
        let source = Source::read(wgsl, entry)?;
        limits(&source)?;
        // Whatever is not understood is refused now, with room for all in every buffer.
        let buffers = source.module.global_variables.iter().filter_map(|(_, variable)| {
            let at = variable.binding?;
            Some(Bound { group: at.group, binding: at.binding, words: 1 << 24 })
        });
        let program = lower::lower(&source, &buffers.collect::<Vec<_>>(), false)?;
        if program.workgroup_words * 4 > MOST_WORKGROUP_BYTES {
            return Err(source.invalid(
                Span::UNDEFINED,
                format!(
                    "workgroup memory has at most {MOST_WORKGROUP_BYTES} bytes, this kernel's \
                     variables take {}",
                    program.workgroup_words * 4
                ),
            ));
        }
        let uniformity = uniformity::judge(&source);
        Ok(Self { source, uniformity })
    }

    /// The barriers that a browser refuses, judged from the text alone: not in uniform control flow.
    pub fn uniformity(&self) -> &[Finding] {
        &self.uniformity
    }

    /// How many threads a workgroup has along each axis.
    pub fn workgroup_size(&self) -> [u32; 3] {
        self.source.entry().workgroup_size
    }

    /// Runs the kernel. What its text alone shows to be wrong is among the findings, too; it does
    /// not keep the kernel from running.
    ///
    /// # Errors
    /// A [`Refusal`] if the buffers or the grid do not fit the kernel.
    pub fn run(&self, dispatch: &Dispatch) -> Result<Report, Refusal> {
        let [x, y, z] = dispatch.workgroups;
        if [x, y, z].iter().any(|&n| n > MOST_GROUPS) {
            let message = format!("a grid has at most {MOST_GROUPS} workgroups along an axis");
            return Err(Refusal::mismatch(message));
        }
        if u64::from(x) * u64::from(y) * u64::from(z) > 1 << 24 {
            return Err(Refusal::mismatch("a grid of so many workgroups is not interpreted"));
        }
        let mut bounds = Vec::new();
        let mut words = Vec::new();
        let mut outputs = Vec::new();
        for buffer in &dispatch.buffers {
            let start = words.len() as u32;
            words.extend_from_slice(&buffer.words);
            if words.len() > 1 << 28 {
                return Err(Refusal::mismatch("buffers of more than 1 GiB are not interpreted"));
            }
            let (group, binding) = (buffer.group, buffer.binding);
            bounds.push(Bound { group, binding, words: buffer.words.len() as u32 });
            if buffer.is_output {
                outputs.push(start..words.len() as u32);
            }
        }
        let program = lower::lower(&self.source, &bounds, dispatch.trace.is_some())?;
        let outcome = machine::run(
            &program,
            machine::Setup {
                buffers: words,
                outputs: outputs.clone(),
                workgroups: dispatch.workgroups,
                seed: dispatch.seed,
                steps: dispatch.steps,
                trace: dispatch.trace.as_ref(),
            },
        );
        let mut findings = outcome.findings;
        for output in outputs {
            let missing = outcome.unwritten.iter().filter(|word| output.contains(word));
            let missing: Vec<u32> = missing.copied().collect();
            if let Some(&first) = missing.first() {
                findings.push(self.unwritten(dispatch, first, output, missing.len()));
            }
        }
        findings.extend(self.uniformity.iter().cloned());
        // A run that shows what goes wrong tells more than a rule that is broken; and threads that
        // have lost each other at a barrier race because of that.
        let is_barrier = |finding: &Finding| finding.kind() == "barrier";
        findings.sort_by_key(|f| (std::cmp::Reverse(f.severity()), !is_barrier(f)));
        let (mut rest, mut read) = (&outcome.buffers[..], &outcome.reads[..]);
        let (mut buffers, mut reads) = (Vec::new(), Vec::new());
        for buffer in &dispatch.buffers {
            let (this, others) = rest.split_at(buffer.words.len());
            let (uses, later) = read.split_at(buffer.words.len());
            buffers.push(this.to_vec());
            reads.push(uses.iter().map(|&times| u64::from(times)).sum());
            (rest, read) = (others, later);
        }
        let trace = dispatch.trace.is_some().then_some(outcome.trace);
        let (steps, workgroup_reads) = (outcome.steps, outcome.workgroup_reads);
        Ok(Report { buffers, findings, steps, reads, workgroup_reads, trace })
    }

    fn unwritten(
        &self,
        dispatch: &Dispatch,
        first: u32,
        output: std::ops::Range<u32>,
        count: usize,
    ) -> Finding {
        let mut start = 0;
        let buffer = dispatch.buffers.iter().find(|buffer| {
            let here = start == output.start && buffer.is_output;
            start += buffer.words.len() as u32;
            here
        });
        let at = buffer.map_or((0, 0), |buffer| (buffer.group, buffer.binding));
        let bound = self.source.module.global_variables.iter().find(|(_, variable)| {
            variable.binding.is_some_and(|binding| (binding.group, binding.binding) == at)
        });
        let index = first - output.start;
        let variable = match bound {
            Some((_, variable)) => {
                let layout = layout::Layout { module: &self.source.module, host: true };
                let (path, ..) = layout.describe(layout::Shape::Type(variable.ty), index);
                format!("{}{path}", variable.name.as_deref().unwrap_or("?"))
            }
            None => format!("the buffer at @group({}) @binding({})", at.0, at.1),
        };
        let (count, length) = (count as u32, output.end - output.start);
        Finding::Unwritten { variable, index, count, length }
    }
}

/// What WebGPU's default limits refuse.
fn limits(source: &Source) -> Result<(), Refusal> {
    let size = source.entry().workgroup_size;
    let threads: u64 = size.iter().map(|&n| u64::from(n)).product();
    let too_wide = size.iter().zip(WIDEST).any(|(&n, most)| n > most);
    if threads > MOST_THREADS || too_wide {
        let span = source.span_of(&source.entry().function);
        let [x, y, z] = size;
        return Err(source.invalid(
            span,
            format!("a workgroup has at most {MOST_THREADS} threads, this one has {x} × {y} × {z}"),
        ));
    }
    Ok(())
}

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
mod finding;
mod layout;
mod lower;
mod machine;
mod place;
mod program;
mod refusal;
mod shadow;
mod steps;
mod trace;
mod uniformity;
mod value;

use std::collections::HashSet;

use naga::valid::{Capabilities, FunctionInfo, ModuleInfo, ValidationFlags, Validator};
use naga::{EntryPoint, Function, Handle, Module, Span, Statement};

use lower::Bound;
use place::Lines;

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

/// A source that naga has understood.
#[derive(Debug)]
pub(crate) struct Source {
    module: Module,
    info: ModuleInfo,
    lines: Lines,
    text: String,
    entry: usize,
}

impl Source {
    fn entry(&self) -> &EntryPoint {
        &self.module.entry_points[self.entry]
    }

    fn entry_info(&self) -> &FunctionInfo {
        self.info.get_entry_point(self.entry)
    }

    fn unsupported(&self, span: Span, message: impl Into<String>) -> Refusal {
        Refusal::new(Reason::Unsupported, &self.lines, span, message)
    }

    fn invalid(&self, span: Span, message: impl Into<String>) -> Refusal {
        Refusal::new(Reason::Invalid, &self.lines, span, message)
    }

    /// Where a function's name stands.
    fn span_of(&self, function: &Function) -> Span {
        match &function.name {
            Some(name) => self.span_after("fn ", name),
            None => Span::UNDEFINED,
        }
    }

    /// Where a parameter's name stands; naga does not keep it.
    fn parameter_span(&self, name: Option<&str>) -> Span {
        let Some(name) = name else { return Span::UNDEFINED };
        let header = self.span_after("fn ", &self.entry().name);
        let from = header.to_range().map_or(0, |range| range.start);
        find_word(&self.text[from..], name)
            .map_or(header, |at| Span::new((from + at) as u32, (from + at + name.len()) as u32))
    }

    fn span_after(&self, before: &str, name: &str) -> Span {
        let whole = format!("{before}{name}");
        match find_word(&self.text, &whole) {
            Some(at) => {
                let start = at + before.len();
                Span::new(start as u32, (start + name.len()) as u32)
            }
            None => Span::UNDEFINED,
        }
    }

    /// The functions that the entry point calls, and those that they call.
    fn reachable(&self) -> HashSet<Handle<Function>> {
        let mut found = HashSet::new();
        let mut open = Vec::new();
        calls(&self.entry().function.body, &mut open);
        while let Some(handle) = open.pop() {
            if found.insert(handle) {
                calls(&self.module.functions[handle].body, &mut open);
            }
        }
        found
    }
}

/// Where a name stands alone.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|&at| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

fn calls(block: &naga::Block, out: &mut Vec<Handle<Function>>) {
    for statement in block.iter() {
        match statement {
            Statement::Call { function, .. } => out.push(*function),
            Statement::Block(block) => calls(block, out),
            Statement::If { accept, reject, .. } => {
                calls(accept, out);
                calls(reject, out);
            }
            Statement::Switch { cases, .. } => {
                cases.iter().for_each(|case| calls(&case.body, out));
            }
            Statement::Loop { body, continuing, .. } => {
                calls(body, out);
                calls(continuing, out);
            }
            _ => {}
        }
    }
}

/// A buffer and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Its `@group`.
    pub group: u32,
    /// Its `@binding`.
    pub binding: u32,
    /// What it holds, in words of 32 bits.
    pub words: Vec<u32>,
    /// Whether every word of it is to be written, and none read before.
    pub is_output: bool,
}

impl Buffer {
    /// Floating-point numbers at a binding of group 0.
    pub fn input(binding: u32, values: &[f32]) -> Self {
        Self::words(binding, values.iter().map(|x| x.to_bits()).collect())
    }

    /// Whole numbers at a binding of group 0; also the words of a structure.
    pub fn words(binding: u32, words: Vec<u32>) -> Self {
        Self { group: 0, binding, words, is_output: false }
    }

    /// An output of so many words at a binding of group 0. It holds no zeros at first, since on a
    /// GPU it may hold anything.
    pub fn output(binding: u32, len: usize) -> Self {
        Self { is_output: true, ..Self::words(binding, vec![(-7.0625_f32).to_bits(); len]) }
    }
}

/// A run of a kernel over a grid.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// All buffers.
    pub buffers: Vec<Buffer>,
    /// How many workgroups there are along each axis.
    pub workgroups: [u32; 3],
    /// Decides in which order workgroups run, and threads between two barriers.
    pub seed: u64,
    /// How many steps a thread may make.
    pub steps: u64,
    /// Whether and of what to keep a trace.
    pub trace: Option<TraceRequest>,
}

impl Dispatch {
    /// A run with seed 0, the usual number of steps, and no trace.
    pub fn new(buffers: Vec<Buffer>, workgroups: [u32; 3]) -> Self {
        Self { buffers, workgroups, seed: 0, steps: STEPS, trace: None }
    }
}

/// What a run did.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The buffers afterwards, in the order in which they were given.
    pub buffers: Vec<Vec<u32>>,
    /// What is wrong or strange; errors first.
    pub findings: Vec<Finding>,
    /// How many steps all threads made together.
    pub steps: u64,
    /// What was asked for.
    pub trace: Option<Trace>,
}

impl Report {
    /// A buffer as floating-point numbers; `index` counts the buffers as they were given.
    pub fn f32s(&self, index: usize) -> Vec<f32> {
        self.buffers[index].iter().map(|&bits| f32::from_bits(bits)).collect()
    }

    /// The findings that make a kernel wrong.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity() == Severity::Error)
    }
}

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
        let lines = Lines::new(wgsl);
        let refuse = |span, message| Refusal::new(Reason::Invalid, &lines, span, message);
        let module = naga::front::wgsl::parse_str(wgsl).map_err(|error| {
            // Some labels are of a place that the compiler made up.
            let labelled = error.labels().find(|(span, _)| span.is_defined());
            let labelled = labelled.or_else(|| error.labels().next());
            let span = labelled.map_or(Span::UNDEFINED, |(span, _)| span);
            let label = labelled.map(|(_, label)| label.to_owned());
            let message = match label {
                Some(label) if !label.is_empty() && label != error.message() => {
                    format!("{}: {label}", error.message())
                }
                _ => error.message().to_owned(),
            };
            refuse(span, message)
        })?;
        // naga's own judgment of uniformity is for fragment shaders: ours is below.
        let flags = ValidationFlags::all() & !ValidationFlags::CONTROL_FLOW_UNIFORMITY;
        let info =
            Validator::new(flags, Capabilities::empty()).validate(&module).map_err(|error| {
                let span = error.spans().next().map_or(Span::UNDEFINED, |(span, _)| *span);
                let mut message = error.as_inner().to_string();
                let mut cause: Option<&dyn std::error::Error> =
                    std::error::Error::source(error.as_inner());
                while let Some(inner) = cause {
                    message.push_str(&format!(": {inner}"));
                    cause = inner.source();
                }
                refuse(span, message)
            })?;
        let compute = |e: &EntryPoint| e.name == entry && e.stage == naga::ShaderStage::Compute;
        let Some(at) = module.entry_points.iter().position(compute) else {
            let message = format!("there is no compute entry point `{entry}`");
            return Err(refuse(Span::UNDEFINED, message));
        };
        let source = Source { module, info, lines, text: wgsl.to_owned(), entry: at };
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
        let mut rest = &outcome.buffers[..];
        let mut buffers = Vec::new();
        for buffer in &dispatch.buffers {
            let (this, others) = rest.split_at(buffer.words.len());
            buffers.push(this.to_vec());
            rest = others;
        }
        let trace = dispatch.trace.is_some().then_some(outcome.trace);
        Ok(Report { buffers, findings, steps: outcome.steps, trace })
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

//! What a kernel is run on, and what the run did.

use crate::STEPS;
use crate::finding::{Finding, Severity};
use crate::trace::{Trace, TraceRequest};

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
    /// How many words all threads read from each buffer, in the order in which they were given; a
    /// word that is read twice counts twice. A statement of the source is read once, whatever a
    /// driver would keep in registers or leave out.
    pub reads: Vec<u64>,
    /// And from workgroup memory.
    pub workgroup_reads: u64,
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

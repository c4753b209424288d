//! What is wrong with a kernel.

mod words;

use std::fmt;

use crate::place::Place;
use crate::value::Value;

/// A thread of a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thread {
    /// Its workgroup; `None` if the grid has only one.
    pub group: Option<[u32; 3]>,
    /// Its `local_invocation_index`.
    pub index: u32,
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}", self.index)?;
        match self.group {
            Some([x, y, z]) => write!(f, " of workgroup ({x}, {y}, {z})"),
            None => Ok(()),
        }
    }
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Memory {
    /// A variable or a value of a function: each thread has its own.
    Function,
    /// `var<private>`: each thread has its own.
    Private,
    /// `var<workgroup>`: the threads of a workgroup share it.
    Workgroup,
    /// `var<storage>`: all threads share it.
    Storage,
    /// `var<uniform>`: all threads read it.
    Uniform,
}

/// A barrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Barrier {
    /// `workgroupBarrier()`: what was written to workgroup memory is seen after it.
    Workgroup,
    /// `storageBarrier()`: the same for storage memory, within a workgroup.
    Storage,
    /// `workgroupUniformLoad(…)`, which waits as `workgroupBarrier()` does.
    UniformLoad,
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Workgroup => "workgroupBarrier()",
            Self::Storage => "storageBarrier()",
            Self::UniformLoad => "workgroupUniformLoad()",
        })
    }
}

/// A read or a write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Access {
    /// Who.
    pub thread: Thread,
    /// Where in the source.
    pub place: Place,
    /// Whether it is a write.
    pub write: bool,
    /// What was read or written.
    pub value: Value,
}

/// What makes control flow differ between the threads of a workgroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A builtin such as `local_invocation_index`.
    Builtin(&'static str),
    /// A value read from memory that other threads can write.
    Memory(String),
    /// The result of an atomic function.
    Atomic,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(name) => write!(f, "{name}, which differs from thread to thread"),
            Self::Memory(name) => {
                write!(f, "a value of {name}, which may differ from thread to thread")
            }
            Self::Atomic => {
                f.write_str("the result of an atomic function, which differs from thread to thread")
            }
        }
    }
}

/// Something that is wrong with a kernel, or strange.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// A barrier in control flow that may differ between threads, as a browser judges it from the
    /// text alone: it refuses the kernel, even if all threads should happen to arrive.
    NonUniformBarrier {
        /// The barrier.
        place: Place,
        /// Which one it is.
        barrier: Barrier,
        /// The call of the function that has the barrier, if the caller is to blame.
        call: Option<Place>,
        /// What differs.
        cause: Cause,
        /// Where that comes in.
        cause_place: Place,
    },
    /// `workgroupUniformLoad` of a place that may differ between threads.
    NonUniformPointer {
        /// The call.
        place: Place,
        /// What differs.
        cause: Cause,
        /// Where that comes in.
        cause_place: Place,
    },
    /// A barrier at which some threads wait while another has ended.
    BarrierNotReached {
        /// The barrier.
        place: Place,
        /// Which one it is.
        barrier: Barrier,
        /// One that waits.
        waiting: Thread,
        /// How many wait.
        count: u32,
        /// One that does not come.
        missing: Thread,
        /// Where it ended; no place if it came to the end of the kernel.
        ended: Place,
    },
    /// Threads that wait at different barriers, or at the same one in different rounds of a loop.
    DifferentBarriers {
        /// Where the one waits.
        place: Place,
        /// The one.
        thread: Thread,
        /// Where the other waits.
        other_place: Place,
        /// The other.
        other: Thread,
        /// The rounds of the loop that each is in, if they wait at the same barrier.
        rounds: Option<(u32, u32)>,
    },
    /// Two threads use a cell, at least one writes it, and nothing says who is first.
    Race {
        /// The cell, such as `slots[3]`.
        variable: String,
        /// Its first index.
        index: Option<u32>,
        /// Workgroup or storage memory.
        memory: Memory,
        /// The access that came first in this run.
        first: Access,
        /// The other.
        second: Access,
        /// A barrier stands between the two, but one for the other kind of memory.
        wrong_barrier: bool,
    },
    /// An index that is not less than the length.
    OutOfBounds {
        /// Where.
        place: Place,
        /// Who.
        thread: Thread,
        /// What is indexed.
        variable: String,
        /// The index.
        index: i64,
        /// How many elements there are.
        length: u32,
        /// Whether it is a write.
        write: bool,
    },
    /// A loop that did not end within the budget of steps.
    EndlessLoop {
        /// The loop.
        place: Place,
        /// Who.
        thread: Thread,
        /// How often it went round.
        rounds: u32,
        /// Variables of its condition that do not move, with their values.
        still: Vec<(String, Value)>,
        /// Variables of its condition that move, with a value and the next one.
        moving: Vec<(String, Value, Value)>,
        /// What else its condition reads from memory.
        reads: Vec<String>,
    },
    /// An element of the output that no thread wrote.
    Unwritten {
        /// The element, such as `y[3]`.
        variable: String,
        /// Its index.
        index: u32,
        /// How many elements were not written.
        count: u32,
        /// How many there are.
        length: u32,
    },
    /// An element of the output that two threads wrote one after the other, with different values.
    WrittenTwice {
        /// The element.
        variable: String,
        /// Its index.
        index: Option<u32>,
        /// The earlier write.
        first: Access,
        /// The later write.
        second: Access,
    },
    /// A read of memory that nobody has written.
    ReadBeforeWrite {
        /// Where.
        place: Place,
        /// Who.
        thread: Thread,
        /// What.
        variable: String,
        /// Its first index.
        index: Option<u32>,
        /// In which memory.
        memory: Memory,
    },
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Strange, but WGSL says what happens.
    Note,
    /// Wrong.
    Error,
}

impl Finding {
    /// Whether the kernel is wrong.
    pub fn severity(&self) -> Severity {
        match self {
            Self::WrittenTwice { .. } => Severity::Note,
            // Workgroup and private memory start as zeros; an output starts as anything.
            Self::ReadBeforeWrite { memory, .. } if *memory != Memory::Storage => Severity::Note,
            _ => Severity::Error,
        }
    }

    /// Whether a browser refuses the kernel for this, before it runs.
    pub fn is_static(&self) -> bool {
        matches!(self, Self::NonUniformBarrier { .. } | Self::NonUniformPointer { .. })
    }

    /// A short name of its kind: `race`, `non-uniform`, `barrier`, `bounds`, `endless`,
    /// `unwritten`, `twice`, `unset`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NonUniformBarrier { .. } | Self::NonUniformPointer { .. } => "non-uniform",
            Self::BarrierNotReached { .. } | Self::DifferentBarriers { .. } => "barrier",
            Self::Race { .. } => "race",
            Self::OutOfBounds { .. } => "bounds",
            Self::EndlessLoop { .. } => "endless",
            Self::Unwritten { .. } => "unwritten",
            Self::WrittenTwice { .. } => "twice",
            Self::ReadBeforeWrite { .. } => "unset",
        }
    }

    /// Where to look first; no place for an element that nobody wrote.
    pub fn place(&self) -> Place {
        match self {
            Self::NonUniformBarrier { place, .. }
            | Self::NonUniformPointer { place, .. }
            | Self::BarrierNotReached { place, .. }
            | Self::DifferentBarriers { place, .. }
            | Self::OutOfBounds { place, .. }
            | Self::EndlessLoop { place, .. }
            | Self::ReadBeforeWrite { place, .. } => *place,
            Self::Race { second, .. } | Self::WrittenTwice { second, .. } => second.place,
            Self::Unwritten { .. } => Place::default(),
        }
    }

    /// All places that it names.
    pub fn places(&self) -> Vec<Place> {
        let mut places = vec![self.place()];
        match self {
            Self::Race { first, .. } | Self::WrittenTwice { first, .. } => places.push(first.place),
            Self::NonUniformBarrier { call, cause_place, .. } => {
                places.extend(*call);
                places.push(*cause_place);
            }
            Self::NonUniformPointer { cause_place, .. } => places.push(*cause_place),
            Self::BarrierNotReached { ended, .. } => places.push(*ended),
            Self::DifferentBarriers { other_place, .. } => places.push(*other_place),
            _ => {}
        }
        places.retain(|place| place.is_known());
        places
    }

    /// All threads that it names.
    pub fn threads(&self) -> Vec<Thread> {
        match self {
            Self::NonUniformBarrier { .. }
            | Self::NonUniformPointer { .. }
            | Self::Unwritten { .. } => Vec::new(),
            Self::BarrierNotReached { waiting, missing, .. } => vec![*waiting, *missing],
            Self::DifferentBarriers { thread, other, .. } => vec![*thread, *other],
            Self::Race { first, second, .. } | Self::WrittenTwice { first, second, .. } => {
                vec![first.thread, second.thread]
            }
            Self::OutOfBounds { thread, .. }
            | Self::EndlessLoop { thread, .. }
            | Self::ReadBeforeWrite { thread, .. } => vec![*thread],
        }
    }
}

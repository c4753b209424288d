//! What is wrong with a kernel, in words.

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

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonUniformBarrier { place, barrier, call, cause, cause_place } => {
                write!(f, "{place}: {barrier} ")?;
                if let Some(call) = call {
                    write!(f, "(reached by the call at {call}) ")?;
                }
                write!(
                    f,
                    "must be reached by all threads of a workgroup together, but whether a thread \
                     gets there depends on {cause} ({cause_place}). Browsers refuse such a kernel; \
                     move the barrier out of the branch or loop, so that every thread reaches it"
                )
            }
            Self::NonUniformPointer { place, cause, cause_place } => write!(
                f,
                "{place}: workgroupUniformLoad() must be given the same place by all threads, but \
                 this one depends on {cause} ({cause_place}). Browsers refuse such a kernel"
            ),
            Self::BarrierNotReached { place, barrier, waiting, count, missing, ended } => {
                write!(f, "{place}: {waiting}")?;
                match count {
                    0 | 1 => write!(f, " waits")?,
                    2 => write!(f, " and one more wait")?,
                    _ => write!(f, " and {} more wait", count - 1)?,
                }
                write!(f, " at {barrier}, but {missing} never comes: it ")?;
                match ended.is_known() {
                    true => write!(f, "returned at {ended}")?,
                    false => write!(f, "passed it by and reached the end of the kernel")?,
                }
                f.write_str(". A barrier must be reached by every thread of the workgroup")
            }
            Self::DifferentBarriers { place, thread, other_place, other, rounds } => {
                if let Some((one, two)) = rounds {
                    return write!(
                        f,
                        "{place}: {thread} waits at this barrier in round {one} of its loop, \
                         {other} in round {two}. All threads of a workgroup must reach a barrier \
                         in the same round"
                    );
                }
                write!(
                    f,
                    "{place}: {thread} waits at this barrier, but {other} at another one, \
                     {other_place}. All threads of a workgroup must reach the same barrier"
                )
            }
            Self::Race { variable, memory, first, second, wrong_barrier, .. } => {
                race(f, variable, *memory, first, second, *wrong_barrier)
            }
            Self::OutOfBounds { place, thread, variable, index, length, write } => {
                let does = if *write { "writes" } else { "reads" };
                write!(f, "{place}: {thread} {does} {variable}[{index}], but ")?;
                match length {
                    0 => write!(f, "{variable} is empty")?,
                    1 => write!(f, "{variable} has 1 element, {variable}[0]")?,
                    n => {
                        write!(
                            f,
                            "{variable} has {n} elements and its last is {variable}[{}]",
                            n - 1
                        )?;
                    }
                }
                let instead = if *write {
                    "the number goes to another place or is lost"
                } else {
                    "another number comes back"
                };
                write!(f, ". A GPU reports nothing: {instead}")
            }
            Self::EndlessLoop { place, thread, rounds, still, moving, reads } => {
                write!(
                    f,
                    "{place}: this loop does not end: {thread} has gone round {rounds} times"
                )?;
                let mut separator = ". Its condition depends on ";
                for (name, value) in still {
                    write!(f, "{separator}{name}, which stays {value}")?;
                    separator = ", and on ";
                }
                for (name, from, to) in moving {
                    write!(f, "{separator}{name}, which moves ({from}, then {to})")?;
                    separator = ", and on ";
                }
                for name in reads {
                    write!(f, "{separator}what is in {name}")?;
                    separator = ", and on ";
                }
                if still.is_empty() && moving.is_empty() && reads.is_empty() {
                    f.write_str(". No variable decides when it ends")?;
                }
                Ok(())
            }
            Self::Unwritten { variable, count, length, .. } => {
                write!(f, "no thread writes {variable}")?;
                match count {
                    0 | 1 => Ok(()),
                    n if n == length => write!(f, ", nor any other of its {length} elements"),
                    2 => write!(f, ", nor one more of its {length} elements"),
                    n => write!(f, ", nor {} more of its {length} elements", n - 1),
                }
            }
            Self::WrittenTwice { variable, first, second, .. } => write!(
                f,
                "{}: {} writes {} to {variable}, over the {} that {} wrote there at {}",
                second.place, second.thread, second.value, first.value, first.thread, first.place
            ),
            Self::ReadBeforeWrite { place, thread, variable, memory, .. } => {
                write!(f, "{place}: {thread} reads {variable} before anything was written there")?;
                match memory {
                    Memory::Storage => f.write_str(": an output may hold any number at first"),
                    _ => f.write_str(": it is 0"),
                }
            }
        }
    }
}

fn race(
    f: &mut fmt::Formatter<'_>,
    variable: &str,
    memory: Memory,
    first: &Access,
    second: &Access,
    wrong_barrier: bool,
) -> fmt::Result {
    let did = |access: &Access| if access.write { "writes" } else { "reads" };
    write!(
        f,
        "{}: a race on {variable}: {} {} it here ({}), and {} {} it at {} ({})",
        second.place,
        second.thread,
        did(second),
        second.value,
        first.thread,
        did(first),
        first.place,
        first.value,
    )?;
    if first.thread.group != second.thread.group {
        return f.write_str(
            ". Workgroups run in any order and never wait for each other, so nobody knows who is \
             first",
        );
    }
    match (memory, wrong_barrier) {
        (Memory::Storage, true) => f.write_str(
            ". Between the two is a workgroupBarrier(), which orders workgroup memory only; \
             storage needs storageBarrier()",
        ),
        (_, true) => f.write_str(
            ". Between the two is a storageBarrier(), which orders storage only; workgroup memory \
             needs workgroupBarrier()",
        ),
        _ => f.write_str(", with no barrier in between, so nobody knows who is first"),
    }
}

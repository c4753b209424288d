//! What is wrong with a kernel, in words that a beginner understands.

use std::fmt;

use super::{Access, Finding, Memory};

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

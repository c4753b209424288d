//! What each thread did, step by step: the material of a picture of threads × steps.

use crate::finding::{Barrier, Memory};
use crate::place::Place;
use crate::value::Value;

/// Which events are kept.
#[derive(Clone, Copy, Debug)]
pub struct TraceRequest {
    /// The workgroup to watch; `None`: all of them.
    pub group: Option<[u32; 3]>,
    /// How many events are kept at most.
    pub events: usize,
}

/// A cell of a variable that threads share, or of a private one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The variable's name.
    pub variable: String,
    /// Where it lives.
    pub memory: Memory,
    /// The first index on the way to the cell: which element of a buffer it is.
    pub index: Option<u32>,
    /// The cell's name, such as `slots[3]`.
    pub name: String,
    /// Which word of the variable it is.
    pub word: u32,
}

/// What a thread did.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It began a statement.
    Step,
    /// It read a cell.
    Read(Cell, Value),
    /// It wrote a cell.
    Write(Cell, Value),
    /// It changed a cell in one go.
    Atomic {
        /// The cell.
        cell: Cell,
        /// What the cell held.
        before: Value,
        /// What it holds now.
        after: Value,
    },
    /// A variable or a `let` of its own got a value; a vector has several numbers.
    Local(String, Vec<Value>),
    /// It waits at a barrier.
    Barrier(Barrier),
    /// It ended.
    End,
}

/// One event; those of a run are in the order in which they happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The thread's workgroup.
    pub group: [u32; 3],
    /// Its `local_invocation_index`.
    pub thread: u32,
    /// How many steps the thread has made, from 1.
    pub step: u64,
    /// How many barriers its workgroup has passed.
    pub interval: u32,
    /// Where in the source.
    pub place: Place,
    /// What it did.
    pub action: Action,
}

/// The events of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// In the order in which they happened.
    pub events: Vec<Event>,
    /// Whether there were more than were asked for.
    pub cut: bool,
}

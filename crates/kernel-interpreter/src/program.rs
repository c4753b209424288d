//! A kernel as a flat program over words: what the machine runs.
//!
//! A thread has one array of words. Constants, the results of expressions, the variables of
//! functions and private variables each have a fixed place in it, a *slot*: WGSL knows no recursion,
//! so a function is never active twice in a thread.

use naga::{AtomicFunction, Handle, Module, Type};

use crate::arith::{Bin, Tri, Un};
use crate::finding::{Barrier, Memory};
use crate::layout::{Kind, Layout, Shape};
use crate::place::Place;

pub(crate) type Slot = u32;
/// An operation's index in the program.
pub(crate) type Pc = u32;
pub(crate) type PlaceId = u32;

/// Addresses from here on are outside of everything: an index was too large on the way. Such a read
/// gives 0, such a write is lost.
pub(crate) const NOWHERE: u32 = 1 << 31;

/// Which array of words an address counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// The thread's own.
    Thread,
    /// The same, in variables that note who wrote them.
    Private,
    /// The workgroup's.
    Workgroup,
    /// All buffers, one after the other.
    Buffers,
}

/// What an atomic function does with the cell; exchanges aside, `old` and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Atomic {
    Load,
    Store,
    Exchange,
    Combine(Bin),
}

impl Atomic {
    /// The function on integers of a kind; `None` for what is not known.
    pub(crate) fn new(fun: AtomicFunction, kind: Kind) -> Option<Self> {
        let signed = kind == Kind::I32;
        Some(match fun {
            AtomicFunction::Add => Self::Combine(Bin::AddI),
            AtomicFunction::Subtract => Self::Combine(Bin::SubI),
            AtomicFunction::And => Self::Combine(Bin::And),
            AtomicFunction::ExclusiveOr => Self::Combine(Bin::Xor),
            AtomicFunction::InclusiveOr => Self::Combine(Bin::Or),
            AtomicFunction::Min => Self::Combine(if signed { Bin::MinS } else { Bin::MinU }),
            AtomicFunction::Max => Self::Combine(if signed { Bin::MaxS } else { Bin::MaxU }),
            AtomicFunction::Exchange { compare: None } => Self::Exchange,
            AtomicFunction::Exchange { compare: Some(_) } => return None,
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// A statement begins.
    Step(PlaceId),
    Copy {
        to: Slot,
        from: Slot,
    },
    Zero {
        to: Slot,
        words: u32,
    },
    Bin {
        op: Bin,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    Un {
        op: Un,
        to: Slot,
        a: Slot,
    },
    Tri {
        op: Tri,
        to: Slot,
        a: Slot,
        b: Slot,
        c: Slot,
    },
    /// An address: that in `base`, and an index checked at a site.
    Index {
        to: Slot,
        base: Slot,
        index: Slot,
        site: u32,
    },
    Load {
        space: Space,
        to: Slot,
        at: Slot,
        offset: u32,
        place: PlaceId,
    },
    Store {
        space: Space,
        at: Slot,
        offset: u32,
        from: Slot,
        place: PlaceId,
    },
    Atomic {
        space: Space,
        fun: Atomic,
        to: Slot,
        at: Slot,
        offset: u32,
        value: Slot,
        place: PlaceId,
    },
    /// `to` gets the old value, `to + 1` whether it was exchanged.
    CompareExchange {
        space: Space,
        to: Slot,
        at: Slot,
        offset: u32,
        compare: Slot,
        value: Slot,
        place: PlaceId,
    },
    Jump(Pc),
    JumpUnless {
        condition: Slot,
        to: Pc,
    },
    JumpIf {
        condition: Slot,
        to: Pc,
    },
    /// `link` gets the address to return to.
    Call {
        to: Pc,
        link: Slot,
    },
    Return {
        link: Slot,
    },
    End(PlaceId),
    Wait {
        barrier: Barrier,
        place: PlaceId,
    },
    /// A loop begins.
    Enter(u32),
    /// A round of a loop begins.
    Round(u32),
    /// A named value changed.
    Watch {
        watch: u32,
        place: PlaceId,
    },
}

/// An access by index.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub stride: u32,
    pub length: u32,
    pub signed: bool,
    pub variable: String,
    pub write: bool,
    pub place: PlaceId,
}

/// A variable of the module.
#[derive(Clone, Debug)]
pub(crate) struct Global {
    pub name: String,
    pub memory: Memory,
    /// Its first word in its space, and how many it has.
    pub start: u32,
    pub words: u32,
    pub ty: Handle<Type>,
}

/// A loop, and what its condition looks at.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub place: PlaceId,
    pub counter: Slot,
    /// Its operations.
    pub start: Pc,
    pub end: Pc,
    /// The thread's own variables in its condition.
    pub watched: Vec<Watched>,
    /// Other memory that its condition reads.
    pub reads: Vec<String>,
}

/// A variable in the condition of a loop.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub name: String,
    pub slot: Slot,
    pub kind: Kind,
    /// Three slots: its value in this round, its last other value, and whether there was one.
    pub memory: Slot,
}

/// A named value of a thread.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub name: String,
    pub words: Vec<(Slot, Kind)>,
}

/// Where the builtins of a thread go.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Builtins {
    pub local_index: Slot,
    pub local: Slot,
    pub global: Slot,
    pub group: Slot,
    pub groups: Slot,
}

#[derive(Clone, Debug)]
pub(crate) struct Program<'a> {
    pub module: &'a Module,
    pub ops: Vec<Op>,
    pub start: Pc,
    /// What the words of a thread hold at first.
    pub image: Vec<u32>,
    /// For a private variable's word, the slot that says whether it was written is as far behind.
    pub written_behind: u32,
    pub places: Vec<Place>,
    pub sites: Vec<Site>,
    pub globals: Vec<Global>,
    pub loops: Vec<Loop>,
    pub watches: Vec<Watch>,
    pub builtins: Builtins,
    pub workgroup_words: u32,
    pub workgroup_size: [u32; 3],
}

/// A word of a variable.
pub(crate) struct Named {
    pub global: usize,
    pub word: u32,
    pub name: String,
    pub index: Option<u32>,
    pub kind: Kind,
}

impl Program<'_> {
    pub(crate) fn place(&self, id: PlaceId) -> Place {
        self.places[id as usize]
    }

    /// The variable that has a word.
    pub(crate) fn name(&self, space: Space, address: u32) -> Option<Named> {
        let here = |memory: Memory| match space {
            Space::Workgroup => memory == Memory::Workgroup,
            Space::Buffers => matches!(memory, Memory::Storage | Memory::Uniform),
            Space::Private => memory == Memory::Private,
            Space::Thread => false,
        };
        let (global, var) = self.globals.iter().enumerate().find(|(_, var)| {
            here(var.memory) && (var.start..var.start + var.words).contains(&address)
        })?;
        let word = address - var.start;
        let layout = Layout { module: self.module, host: space == Space::Buffers };
        let (path, index, kind) = layout.describe(Shape::Type(var.ty), word);
        Some(Named { global, word, name: format!("{}{path}", var.name), index, kind })
    }
}

//! From naga's modules to programs.

mod arithmetic;
mod expression;
mod function;
mod global;
mod pointer;
mod statement;

use std::collections::HashMap;
use std::rc::Rc;

use naga::valid::FunctionInfo;
use naga::{Function, Handle, Literal, LocalVariable, Span, TypeInner};

use crate::layout::{Kind, Layout, Shape};
use crate::program::{Builtins, Loop, Op, Pc, PlaceId, Program, Slot};
use crate::refusal::Refusal;
use crate::source::Source;

/// A value may have so many words: each is one operation when it is copied.
const LARGEST: u32 = 4096;
/// All variables of a thread.
const LARGEST_THREAD: usize = 1 << 20;

pub(crate) use expression::operands;

pub(crate) type Slots = Rc<[Slot]>;

/// How large the caller's buffers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub group: u32,
    pub binding: u32,
    pub words: u32,
}

/// A function that was translated.
#[derive(Clone, Debug)]
struct Lowered {
    start: Pc,
    arguments: Vec<Slots>,
    result: Slots,
    link: Slot,
}

pub(crate) struct Lower<'a> {
    source: &'a Source,
    program: Program<'a>,
    /// Where each variable of the module is among the program's.
    globals: HashMap<Handle<naga::GlobalVariable>, usize>,
    functions: HashMap<Handle<Function>, Lowered>,
    constants: HashMap<u32, Slot>,
    places: HashMap<(u32, u32), PlaceId>,
    watching: bool,
}

/// The function at hand.
struct Body<'a> {
    function: &'a Function,
    info: &'a FunctionInfo,
    values: Vec<Option<Slots>>,
    locals: HashMap<Handle<LocalVariable>, Slot>,
    arguments: Vec<Slots>,
    result: Slots,
    /// `None` for the entry point.
    link: Option<Slot>,
    exits: Vec<Exit>,
    /// Where the last statement stood, so that a line is one step.
    last: (u32, bool),
}

/// What `break` and `continue` leave.
#[derive(Default)]
struct Exit {
    is_switch: bool,
    breaks: Vec<Pc>,
    continues: Vec<Pc>,
}

/// Translates a kernel for buffers of known sizes.
pub(crate) fn lower<'a>(
    source: &'a Source,
    buffers: &[Bound],
    watching: bool,
) -> Result<Program<'a>, Refusal> {
    let entry = source.entry();
    if entry.workgroup_size_overrides.is_some() {
        return Err(source.unsupported(
            Span::UNDEFINED,
            "a workgroup size that is an override is not understood; make it a const",
        ));
    }
    let program = Program {
        module: &source.module,
        ops: Vec::new(),
        start: 0,
        // Slot 0 holds 0: the base of addresses that are known.
        image: vec![0],
        written_behind: 0,
        places: vec![Default::default()],
        sites: Vec::new(),
        globals: Vec::new(),
        loops: Vec::new(),
        watches: Vec::new(),
        builtins: Builtins::default(),
        workgroup_words: 0,
        workgroup_size: entry.workgroup_size,
    };
    let mut lower = Lower {
        source,
        program,
        globals: HashMap::new(),
        functions: HashMap::new(),
        constants: HashMap::from([(0, 0)]),
        places: HashMap::new(),
        watching,
    };
    lower.globals(buffers)?;
    let used = source.reachable();
    for (handle, function) in source.module.functions.iter() {
        if used.contains(&handle) {
            lower.function(handle, function)?;
        }
    }
    lower.entry()?;
    if lower.program.image.len() > LARGEST_THREAD {
        return Err(source.unsupported(Span::UNDEFINED, "the variables of a thread are too large"));
    }
    Ok(lower.program)
}

impl<'a> Lower<'a> {
    fn layout(&self, host: bool) -> Layout<'a> {
        Layout { module: &self.source.module, host }
    }

    fn emit(&mut self, op: Op) {
        self.program.ops.push(op);
    }

    fn here(&self) -> Pc {
        self.program.ops.len() as Pc
    }

    /// Fresh slots, side by side.
    fn allocate(&mut self, words: u32) -> Slot {
        let first = self.program.image.len() as Slot;
        let len = (self.program.image.len() + words as usize).min(LARGEST_THREAD + 1);
        self.program.image.resize(len, 0);
        first
    }

    fn slots(&mut self, words: u32) -> Slots {
        let first = self.allocate(words);
        (first..first + words).collect()
    }

    /// A slot that holds a constant.
    fn constant(&mut self, bits: u32) -> Slot {
        if let Some(&slot) = self.constants.get(&bits) {
            return slot;
        }
        let slot = self.allocate(1);
        self.program.image[slot as usize] = bits;
        self.constants.insert(bits, slot);
        slot
    }

    fn constants(&mut self, values: &[u32]) -> Slots {
        values.iter().map(|&bits| self.constant(bits)).collect()
    }

    fn place_id(&mut self, span: Span) -> PlaceId {
        let Some(range) = span.to_range() else { return 0 };
        let place = self.source.lines.place(span);
        let next = self.program.places.len() as PlaceId;
        let id = *self.places.entry((range.start as u32, range.end as u32)).or_insert(next);
        if id == next {
            self.program.places.push(place);
        }
        id
    }

    /// Words of a shape, or why there are none.
    fn words(&self, shape: Shape, host: bool, span: Span) -> Result<u32, Refusal> {
        let words = self.layout(host).words(shape);
        words.ok_or_else(|| self.source.unsupported(span, UNKNOWN_TYPE))
    }

    /// The end of a function.
    fn leave(&mut self, body: &Body<'a>, span: Span) {
        let place = self.place_id(span);
        self.emit(match body.link {
            Some(link) => Op::Return { link },
            None => Op::End(place),
        });
    }

    /// What the words of a scalar or vector are; `None` for larger types.
    fn kinds(&self, ty: Handle<naga::Type>) -> Option<Vec<Kind>> {
        match *self.layout(false).inner(ty) {
            TypeInner::Scalar(scalar) => Some(vec![Kind::of(scalar)?]),
            TypeInner::Vector { size, scalar } => Some(vec![Kind::of(scalar)?; size as usize]),
            _ => None,
        }
    }

    fn watch(&mut self, name: &str, words: Vec<(Slot, Kind)>, span: Span) {
        if self.watching {
            let watch = self.program.watches.len() as u32;
            self.program.watches.push(crate::program::Watch { name: name.to_owned(), words });
            let place = self.place_id(span);
            self.emit(Op::Watch { watch, place });
        }
    }

    fn watch_local(&mut self, body: &Body<'a>, handle: Handle<LocalVariable>, span: Span) {
        let local = &body.function.local_variables[handle];
        if let (Some(name), Some(kinds)) = (&local.name, self.kinds(local.ty)) {
            let first = body.locals[&handle];
            let words = (first..).zip(kinds).collect();
            self.watch(name, words, span);
        }
    }

    fn new_loop(&mut self, span: Span) -> u32 {
        let (place, counter) = (self.place_id(span), self.allocate(1));
        let start = self.here();
        let id = self.program.loops.len() as u32;
        let (watched, reads) = (Vec::new(), Vec::new());
        self.program.loops.push(Loop { place, counter, start, end: start, watched, reads });
        id
    }
}

const UNKNOWN_TYPE: &str = "a type that is not understood here";

/// The word of a literal.
fn literal_bits(literal: Literal) -> Option<u32> {
    Some(match literal {
        Literal::F32(x) => x.to_bits(),
        Literal::U32(x) => x,
        Literal::I32(x) => x as u32,
        Literal::Bool(x) => x.into(),
        _ => return None,
    })
}

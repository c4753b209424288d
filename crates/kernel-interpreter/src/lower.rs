//! From naga's modules to programs.

mod expression;
mod pointer;
mod statement;

use std::collections::HashMap;
use std::rc::Rc;

use naga::valid::{FunctionInfo, GlobalUse};
use naga::{
    AddressSpace, BuiltIn, Expression, Function, Handle, Literal, LocalVariable, Span, TypeInner,
};

use crate::arith;
use crate::finding::Memory;
use crate::layout::{Kind, Layout, Shape};
use crate::program::{Builtins, Global, Loop, Op, Pc, PlaceId, Program, Slot};
use crate::refusal::{Reason, Refusal};
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

    fn globals(&mut self, buffers: &[Bound]) -> Result<(), Refusal> {
        let module = &self.source.module;
        let info = self.source.entry_info();
        let used: Vec<_> = module
            .global_variables
            .iter()
            .filter(|&(handle, _)| info[handle] != GlobalUse::empty())
            .collect();
        let mut starts = Vec::new();
        let mut next = 0_u32;
        for bound in buffers {
            starts.push(next);
            next = next.saturating_add(bound.words);
        }
        for &(handle, variable) in &used {
            let span = module.global_variables.get_span(handle);
            let name = variable.name.clone().unwrap_or_else(|| "?".into());
            let ty = variable.ty;
            let (memory, host) = match variable.space {
                AddressSpace::Private => (Memory::Private, false),
                AddressSpace::WorkGroup => (Memory::Workgroup, false),
                AddressSpace::Uniform => (Memory::Uniform, true),
                AddressSpace::Storage { .. } => (Memory::Storage, true),
                _ => {
                    let message = format!("`{name}` is of a kind that is not understood here");
                    return Err(self.source.unsupported(span, message));
                }
            };
            let words = self.words(Shape::Type(ty), host, span)?;
            let (start, words) = match memory {
                Memory::Private => (self.allocate(words), words),
                Memory::Workgroup => {
                    let start = self.program.workgroup_words;
                    self.program.workgroup_words += words;
                    (start, words)
                }
                _ => {
                    let at = variable.binding.and_then(|at| {
                        buffers.iter().position(|b| (b.group, b.binding) == (at.group, at.binding))
                    });
                    let Some(at) = at else {
                        let message = format!("no buffer is bound to `{name}`");
                        return Err(Refusal::new(
                            Reason::Mismatch,
                            &self.source.lines,
                            span,
                            message,
                        ));
                    };
                    let least = self.least(ty, words);
                    if buffers[at].words < least {
                        let message = format!(
                            "`{name}` needs a buffer of {} bytes or more, this one has {}",
                            least * 4,
                            u64::from(buffers[at].words) * 4
                        );
                        return Err(Refusal::new(
                            Reason::Mismatch,
                            &self.source.lines,
                            span,
                            message,
                        ));
                    }
                    (starts[at], buffers[at].words)
                }
            };
            self.globals.insert(handle, self.program.globals.len());
            self.program.globals.push(Global { name, memory, start, words, ty });
        }
        self.privates(&used)
    }

    /// The initial values of private variables, and who wrote them.
    fn privates(
        &mut self,
        used: &[(Handle<naga::GlobalVariable>, &naga::GlobalVariable)],
    ) -> Result<(), Refusal> {
        let end = self.program.image.len() as u32;
        // Constants may lie between the variables: the notes mirror everything so far.
        self.allocate(end);
        self.program.written_behind = end;
        for &(handle, variable) in used {
            if let (AddressSpace::Private, Some(init)) = (variable.space, variable.init) {
                let values = self.global_value(init)?;
                let start = self.program.globals[self.globals[&handle]].start;
                for (i, bits) in values.into_iter().enumerate() {
                    self.program.image[start as usize + i] = bits;
                    self.program.image[(start + end) as usize + i] = 1;
                }
            }
        }
        Ok(())
    }

    /// The smallest buffer of a type: a runtime array has one element at least.
    fn least(&self, ty: Handle<naga::Type>, words: u32) -> u32 {
        match *self.layout(true).inner(ty) {
            TypeInner::Array { size: naga::ArraySize::Dynamic, stride, .. } => stride / 4,
            TypeInner::Struct { ref members, .. } => match members.last() {
                Some(last) => match *self.layout(true).inner(last.ty) {
                    TypeInner::Array { size: naga::ArraySize::Dynamic, stride, .. } => {
                        (last.offset + stride) / 4
                    }
                    _ => words,
                },
                None => words,
            },
            _ => words,
        }
    }

    /// The words of a value that is known before the kernel runs.
    fn global_value(&self, handle: Handle<Expression>) -> Result<Vec<u32>, Refusal> {
        let module = &self.source.module;
        let arena = &module.global_expressions;
        let span = arena.get_span(handle);
        let no = |what: &str| Err(self.source.unsupported(span, what));
        match arena[handle] {
            Expression::Literal(literal) => match literal_bits(literal) {
                Some(bits) => Ok(vec![bits]),
                None => no("numbers of this type are not understood here"),
            },
            Expression::Constant(constant) => self.global_value(module.constants[constant].init),
            Expression::Override(which) => match module.overrides[which].init {
                Some(init) => self.global_value(init),
                None => no("an override needs a value here, since nobody sets it"),
            },
            Expression::ZeroValue(ty) => {
                Ok(vec![0; self.words(Shape::Type(ty), false, span)? as usize])
            }
            Expression::Compose { ref components, .. } => {
                let parts = components.iter().map(|&part| self.global_value(part));
                Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
            }
            Expression::Splat { size, value } => {
                Ok(self.global_value(value)?.repeat(size as usize))
            }
            Expression::Binary { op, left, right } => {
                let kind = self.source.info[left].inner_with(&module.types).scalar_kind();
                let op = kind.and_then(|kind| expression::binary(op, kind));
                let (a, b) = (self.global_value(left)?, self.global_value(right)?);
                match op {
                    Some((op, swapped)) => Ok(a
                        .iter()
                        .zip(&b)
                        .map(|(&a, &b)| {
                            let (a, b) = if swapped { (b, a) } else { (a, b) };
                            arith::bin(op, a, b)
                        })
                        .collect()),
                    None => no("this operation is not understood in a constant"),
                }
            }
            _ => no("this expression is not understood in a constant"),
        }
    }

    fn function(
        &mut self,
        handle: Handle<Function>,
        function: &'a Function,
    ) -> Result<(), Refusal> {
        let mut arguments = Vec::new();
        for argument in &function.arguments {
            let words = match *self.layout(false).inner(argument.ty) {
                TypeInner::Pointer { .. } | TypeInner::ValuePointer { .. } => 1,
                _ => self.words(Shape::Type(argument.ty), false, self.source.span_of(function))?,
            };
            arguments.push(self.slots(words));
        }
        let words = match &function.result {
            Some(result) => {
                self.words(Shape::Type(result.ty), false, self.source.span_of(function))?
            }
            None => 0,
        };
        let result = self.slots(words);
        let link = self.allocate(1);
        let start = self.here();
        let lowered = Lowered { start, arguments: arguments.clone(), result: result.clone(), link };
        self.functions.insert(handle, lowered);
        self.body(function, &self.source.info[handle], arguments, result, Some(link))
    }

    fn entry(&mut self) -> Result<(), Refusal> {
        let builtins = Builtins {
            local_index: self.allocate(1),
            local: self.allocate(3),
            global: self.allocate(3),
            group: self.allocate(3),
            groups: self.allocate(3),
        };
        self.program.builtins = builtins;
        let module = &self.source.module;
        let function = &self.source.entry().function;
        let three = |first: Slot| (first..first + 3).collect::<Vec<_>>();
        let size = self.program.workgroup_size;
        let mut arguments = Vec::new();
        for argument in &function.arguments {
            let bindings = match (&argument.binding, &module.types[argument.ty].inner) {
                (Some(binding), _) => vec![Some(binding)],
                (None, TypeInner::Struct { members, .. }) => {
                    members.iter().map(|member| member.binding.as_ref()).collect()
                }
                _ => vec![None],
            };
            let mut slots = Vec::new();
            for binding in bindings {
                slots.extend(match binding {
                    Some(naga::Binding::BuiltIn(builtin)) => match builtin {
                        BuiltIn::LocalInvocationIndex => vec![builtins.local_index],
                        BuiltIn::LocalInvocationId => three(builtins.local),
                        BuiltIn::GlobalInvocationId => three(builtins.global),
                        BuiltIn::WorkGroupId => three(builtins.group),
                        BuiltIn::NumWorkGroups => three(builtins.groups),
                        BuiltIn::WorkGroupSize => size.iter().map(|&n| self.constant(n)).collect(),
                        other => {
                            let message = format!("the builtin {other:?} is not understood here");
                            let span = self.source.span_of(function);
                            return Err(self.source.unsupported(span, message));
                        }
                    },
                    _ => {
                        let span = self.source.span_of(function);
                        return Err(self.source.unsupported(span, "an input without a builtin"));
                    }
                });
            }
            arguments.push(slots.into());
        }
        self.program.start = self.here();
        self.body(function, self.source.entry_info(), arguments, [].into(), None)
    }

    fn body(
        &mut self,
        function: &'a Function,
        info: &'a FunctionInfo,
        arguments: Vec<Slots>,
        result: Slots,
        link: Option<Slot>,
    ) -> Result<(), Refusal> {
        let mut body = Body {
            function,
            info,
            values: vec![None; function.expressions.len()],
            locals: HashMap::new(),
            arguments,
            result,
            link,
            exits: Vec::new(),
            last: (0, false),
        };
        let mut first = None;
        let mut words = 0;
        for (handle, local) in function.local_variables.iter() {
            let span = function.local_variables.get_span(handle);
            let size = self.words(Shape::Type(local.ty), false, span)?;
            let slot = self.allocate(size);
            first = first.or(Some(slot));
            words += size;
            body.locals.insert(handle, slot);
        }
        // Every call starts with fresh variables.
        if let Some(to) = first {
            self.emit(Op::Zero { to, words });
        }
        for (handle, local) in function.local_variables.iter() {
            let to = body.locals[&handle];
            let span = function.local_variables.get_span(handle);
            if let Some(init) = local.init {
                let values = self.value(&mut body, init)?;
                for (i, &from) in (0..).zip(values.iter()) {
                    self.emit(Op::Copy { to: to + i, from });
                }
                self.watch_local(&body, handle, span);
            }
        }
        for (argument, slots) in function.arguments.iter().zip(&body.arguments) {
            if let (Some(name), Some(kinds)) = (&argument.name, self.kinds(argument.ty)) {
                let words = slots.iter().copied().zip(kinds).collect();
                self.watch(name, words, Span::UNDEFINED);
            }
        }
        self.block(&mut body, &function.body)?;
        self.leave(&body, Span::UNDEFINED);
        Ok(())
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

//! Statements.

use std::collections::HashSet;

use naga::{Block, Expression, Handle, Span, Statement, SwitchValue};

use super::pointer::Pointer;
use super::{Body, Exit, LARGEST, Lower};
use crate::arith::Bin;
use crate::finding::Barrier;
use crate::layout::{Kind, Shape};
use crate::program::{Atomic, Op, Pc, Slot, Space, Watched};
use crate::refusal::Refusal;

impl<'a> Lower<'a> {
    pub(super) fn block(&mut self, body: &mut Body<'a>, block: &'a Block) -> Result<(), Refusal> {
        for (statement, &span) in block.span_iter() {
            self.step(body, statement, span);
            self.statement(body, statement, span)?;
        }
        Ok(())
    }

    /// A line is one step, and so is each statement of a line.
    fn step(&mut self, body: &mut Body<'a>, statement: &Statement, span: Span) {
        let (span, whole) = match statement {
            Statement::Emit(range) => {
                let spans = range.clone().map(|h| body.function.expressions.get_span(h));
                (spans.last().unwrap_or(Span::UNDEFINED), false)
            }
            Statement::Block(_) => return,
            _ => (span, true),
        };
        let place = self.source.lines.place(span);
        if !place.is_known() {
            return;
        }
        if place.line != body.last.0 || (whole && body.last.1) {
            let place = self.place_id(span);
            self.emit(Op::Step(place));
            body.last = (place_line(self, place), whole);
        } else {
            body.last.1 |= whole;
        }
    }

    fn statement(
        &mut self,
        body: &mut Body<'a>,
        statement: &'a Statement,
        span: Span,
    ) -> Result<(), Refusal> {
        match statement {
            Statement::Emit(range) => {
                for handle in range.clone() {
                    self.emitted(body, handle)?;
                    if let Some(name) = body.function.named_expressions.get(&handle) {
                        self.watch_value(body, handle, name);
                    }
                }
            }
            Statement::Block(block) => self.block(body, block)?,
            Statement::If { condition, accept, reject } => {
                let condition = self.value(body, *condition)?[0];
                let skip = self.jump(Op::JumpUnless { condition, to: 0 });
                self.nested(body, accept)?;
                if reject.is_empty() {
                    self.land(skip);
                } else {
                    let over = self.jump(Op::Jump(0));
                    self.land(skip);
                    self.nested(body, reject)?;
                    self.land(over);
                }
            }
            Statement::Switch { selector, cases } => self.switch(body, *selector, cases)?,
            Statement::Loop { body: inner, continuing, break_if } => {
                self.repeat(body, inner, continuing, *break_if, span)?;
            }
            Statement::Break => {
                let pc = self.jump(Op::Jump(0));
                body.exits.last_mut().expect("naga has checked it").breaks.push(pc);
            }
            Statement::Continue => {
                let pc = self.jump(Op::Jump(0));
                let exit = body.exits.iter_mut().rev().find(|exit| !exit.is_switch);
                exit.expect("naga has checked it").continues.push(pc);
            }
            Statement::Return { value } => {
                if let Some(value) = value {
                    let value = self.value(body, *value)?;
                    for (&to, &from) in body.result.clone().iter().zip(value.iter()) {
                        self.emit(Op::Copy { to, from });
                    }
                }
                self.leave(body, span);
            }
            Statement::ControlBarrier(which) => {
                let barrier = if *which == naga::Barrier::WORK_GROUP {
                    Barrier::Workgroup
                } else if *which == naga::Barrier::STORAGE {
                    Barrier::Storage
                } else {
                    return Err(self.source.unsupported(span, "this barrier is not understood"));
                };
                let place = self.place_id(span);
                self.emit(Op::Wait { barrier, place });
            }
            Statement::Store { pointer, value } => self.store(body, *pointer, *value, span)?,
            Statement::Atomic { pointer, fun, value, result } => {
                self.atomic(body, *pointer, fun, *value, *result, span)?;
            }
            Statement::WorkGroupUniformLoad { pointer, result } => {
                let place = self.place_id(span);
                let barrier = Barrier::UniformLoad;
                let pointer = self.pointer(body, *pointer, false)?;
                self.emit(Op::Wait { barrier, place });
                let value = self.load(&pointer, span)?;
                self.emit(Op::Wait { barrier, place });
                body.values[result.index()] = Some(value);
                if let Some(name) = body.function.named_expressions.get(result) {
                    self.watch_value(body, *result, name);
                }
            }
            Statement::Call { function, arguments, result } => {
                let mut values = Vec::new();
                for &argument in arguments {
                    let inner = body.info[argument].ty.inner_with(&self.source.module.types);
                    values.push(if inner.pointer_space().is_some() {
                        let pointer = self.pointer(body, argument, false)?;
                        [self.address(&pointer)].into()
                    } else {
                        self.value(body, argument)?
                    });
                }
                let lowered = self.functions[function].clone();
                for (to, from) in lowered.arguments.iter().zip(&values) {
                    for (&to, &from) in to.iter().zip(from.iter()) {
                        self.emit(Op::Copy { to, from });
                    }
                }
                self.emit(Op::Call { to: lowered.start, link: lowered.link });
                if let Some(result) = result {
                    // The next call of the function overwrites its result.
                    let mine = self.slots(lowered.result.len() as u32);
                    for (&to, &from) in mine.iter().zip(lowered.result.iter()) {
                        self.emit(Op::Copy { to, from });
                    }
                    body.values[result.index()] = Some(mine);
                    if let Some(name) = body.function.named_expressions.get(result) {
                        self.watch_value(body, *result, name);
                    }
                }
            }
            _ => {
                let message = "this statement is not understood here";
                return Err(self.source.unsupported(span, message));
            }
        }
        Ok(())
    }

    /// A block after which the next statement is a step again.
    fn nested(&mut self, body: &mut Body<'a>, block: &'a Block) -> Result<(), Refusal> {
        self.block(body, block)?;
        body.last = (0, false);
        Ok(())
    }

    fn jump(&mut self, op: Op) -> Pc {
        self.emit(op);
        self.here() - 1
    }

    /// Lets a jump go to the next operation.
    fn land(&mut self, jump: Pc) {
        let here = self.here();
        match &mut self.program.ops[jump as usize] {
            Op::Jump(to) | Op::JumpIf { to, .. } | Op::JumpUnless { to, .. } => *to = here,
            _ => {}
        }
    }

    fn switch(
        &mut self,
        body: &mut Body<'a>,
        selector: Handle<Expression>,
        cases: &'a [naga::SwitchCase],
    ) -> Result<(), Refusal> {
        let selector = self.value(body, selector)?[0];
        let mut starts = Vec::new();
        let mut default = None;
        for (i, case) in cases.iter().enumerate() {
            let bits = match case.value {
                SwitchValue::I32(x) => x as u32,
                SwitchValue::U32(x) => x,
                SwitchValue::Default => {
                    default = Some(i);
                    continue;
                }
            };
            let (b, condition) = (self.constant(bits), self.allocate(1));
            self.emit(Op::Bin { op: Bin::EqI, to: condition, a: selector, b });
            starts.push((i, self.jump(Op::JumpIf { condition, to: 0 })));
        }
        let otherwise = self.jump(Op::Jump(0));
        body.exits.push(Exit { is_switch: true, ..Exit::default() });
        for (i, case) in cases.iter().enumerate() {
            for &(_, jump) in starts.iter().filter(|(case, _)| *case == i) {
                self.land(jump);
            }
            if default == Some(i) {
                self.land(otherwise);
            }
            self.nested(body, &case.body)?;
            if !case.fall_through {
                let over = self.jump(Op::Jump(0));
                body.exits.last_mut().expect("pushed above").breaks.push(over);
            }
        }
        let exit = body.exits.pop().expect("pushed above");
        if default.is_none() {
            self.land(otherwise);
        }
        exit.breaks.into_iter().for_each(|jump| self.land(jump));
        Ok(())
    }

    fn repeat(
        &mut self,
        body: &mut Body<'a>,
        inner: &'a Block,
        continuing: &'a Block,
        break_if: Option<Handle<Expression>>,
        span: Span,
    ) -> Result<(), Refusal> {
        let id = self.new_loop(span);
        self.emit(Op::Enter(id));
        let head = self.here();
        self.emit(Op::Round(id));
        body.exits.push(Exit::default());
        self.nested(body, inner)?;
        let continues = std::mem::take(&mut body.exits.last_mut().expect("pushed above").continues);
        continues.into_iter().for_each(|jump| self.land(jump));
        self.nested(body, continuing)?;
        match break_if {
            Some(condition) => {
                let condition = self.value(body, condition)?[0];
                self.emit(Op::JumpUnless { condition, to: head });
            }
            None => self.emit(Op::Jump(head)),
        }
        let exit = body.exits.pop().expect("pushed above");
        exit.breaks.into_iter().for_each(|jump| self.land(jump));
        body.last = (0, false);
        let mut search = Search { body, whole: inner, found: HashSet::new(), out: Vec::new() };
        search.exits(inner, false);
        if let Some(condition) = break_if {
            search.expression(condition);
        }
        let found = search.out;
        self.program.loops[id as usize].end = self.here();
        for pointer in found {
            self.watched(body, pointer, id)?;
        }
        Ok(())
    }

    /// Notes what a loop's condition loads.
    fn watched(
        &mut self,
        body: &mut Body<'a>,
        pointer: Handle<Expression>,
        id: u32,
    ) -> Result<(), Refusal> {
        let (root, direct) = root(body, pointer);
        let memory = self.allocate(3);
        let which = &mut self.program.loops[id as usize];
        match body.function.expressions[root] {
            Expression::LocalVariable(local) => {
                let variable = &body.function.local_variables[local];
                let Some(name) = &variable.name else { return Ok(()) };
                let slot = body.locals[&local];
                match self.source.module.types[variable.ty].inner {
                    naga::TypeInner::Scalar(scalar) if direct => {
                        if let Some(kind) = Kind::of(scalar) {
                            let name = name.clone();
                            which.watched.push(Watched { name, slot, kind, memory });
                        }
                    }
                    _ => which.reads.push(name.clone()),
                }
            }
            Expression::GlobalVariable(variable) => {
                let name = self.source.module.global_variables[variable].name.as_deref();
                which.reads.extend(name.map(str::to_owned));
            }
            Expression::FunctionArgument(index) => {
                let name = body.function.arguments[index as usize].name.as_deref();
                which.reads.extend(name.map(str::to_owned));
            }
            _ => {}
        }
        which.watched.dedup_by_key(|watched| watched.slot);
        which.reads.sort();
        which.reads.dedup();
        Ok(())
    }

    /// The value behind a pointer, in slots of its own.
    pub(super) fn load(&mut self, pointer: &Pointer, span: Span) -> Result<super::Slots, Refusal> {
        let mut leaves = Vec::new();
        if self.words(pointer.shape, pointer.host, span)? > LARGEST {
            return Err(self
                .source
                .unsupported(span, "a value as large as this is not understood"));
        }
        self.layout(pointer.host).leaves(pointer.shape, pointer.offset, &mut leaves);
        let first = self.allocate(leaves.len() as u32);
        let place = self.place_id(span);
        for (to, &(offset, _)) in (first..).zip(&leaves) {
            self.emit(match (pointer.space, pointer.at) {
                (Space::Thread, 0) => Op::Copy { to, from: offset },
                (space, at) => Op::Load { space, to, at, offset, place },
            });
        }
        Ok((first..first + leaves.len() as u32).collect())
    }

    fn store(
        &mut self,
        body: &mut Body<'a>,
        pointer: Handle<Expression>,
        value: Handle<Expression>,
        span: Span,
    ) -> Result<(), Refusal> {
        let values = self.value(body, value)?;
        let target = self.pointer(body, pointer, true)?;
        if self.is_atomic(target.shape) {
            self.plain_atomic(&target, Some(values[0]), span);
            return Ok(());
        }
        let mut leaves = Vec::new();
        if self.words(target.shape, target.host, span)? > LARGEST {
            return Err(self
                .source
                .unsupported(span, "a value as large as this is not understood"));
        }
        self.layout(target.host).leaves(target.shape, target.offset, &mut leaves);
        let place = self.place_id(span);
        // A value may be read from the variable that it goes to, such as `v = v.yx`: loads made
        // copies, so the order of the words does not matter.
        for (&from, &(offset, _)) in values.iter().zip(&leaves) {
            self.emit(match (target.space, target.at) {
                (Space::Thread, 0) => Op::Copy { to: offset, from },
                (space, at) => Op::Store { space, at, offset, from, place },
            });
        }
        if let Expression::LocalVariable(local) = body.function.expressions[root(body, pointer).0] {
            self.watch_local(body, local, span);
        }
        Ok(())
    }

    fn atomic(
        &mut self,
        body: &mut Body<'a>,
        pointer: Handle<Expression>,
        fun: &naga::AtomicFunction,
        value: Handle<Expression>,
        result: Option<Handle<Expression>>,
        span: Span,
    ) -> Result<(), Refusal> {
        let kind = self.kind(body, value);
        let value = self.value(body, value)?[0];
        let target = self.pointer(body, pointer, true)?;
        let place = self.place_id(span);
        let to = self.allocate(2);
        let (space, at, offset) = (target.space, target.at, target.offset);
        let words = if let naga::AtomicFunction::Exchange { compare: Some(compare) } = *fun {
            let compare = self.value(body, compare)?[0];
            self.emit(Op::CompareExchange { space, to, at, offset, compare, value, place });
            2
        } else {
            let Some(fun) = kind.and_then(|kind| Atomic::new(*fun, kind)) else {
                return Err(self
                    .source
                    .unsupported(span, "this atomic function is not understood"));
            };
            self.emit(Op::Atomic { space, fun, to, at, offset, value, place });
            1
        };
        if let Some(result) = result {
            body.values[result.index()] = Some((to..to + words).collect());
            if let Some(name) = body.function.named_expressions.get(&result) {
                self.watch_value(body, result, name);
            }
        }
        Ok(())
    }

    /// An atomic load, or the store of a value, which naga has as a plain one.
    pub(super) fn plain_atomic(
        &mut self,
        pointer: &Pointer,
        value: Option<Slot>,
        span: Span,
    ) -> Slot {
        let (place, to) = (self.place_id(span), self.allocate(1));
        let (space, at, offset) = (pointer.space, pointer.at, pointer.offset);
        let fun = if value.is_some() { Atomic::Store } else { Atomic::Load };
        self.emit(Op::Atomic { space, fun, to, at, offset, value: value.unwrap_or(0), place });
        to
    }

    pub(super) fn is_atomic(&self, shape: Shape) -> bool {
        matches!(shape, Shape::Type(ty)
            if matches!(self.layout(true).inner(ty), naga::TypeInner::Atomic(_)))
    }

    fn watch_value(&mut self, body: &Body<'a>, handle: Handle<Expression>, name: &str) {
        let Some(slots) = body.values[handle.index()].clone() else { return };
        let Some(kind) = self.kind(body, handle) else { return };
        let words = slots.iter().map(|&slot| (slot, kind)).collect();
        let span = body.function.expressions.get_span(handle);
        self.watch(name, words, span);
    }
}

fn place_line(lower: &Lower<'_>, id: u32) -> u32 {
    lower.program.places[id as usize].line
}

/// The variable that a pointer begins at, and whether it is the whole of it.
fn root(body: &Body<'_>, pointer: Handle<Expression>) -> (Handle<Expression>, bool) {
    let (mut at, mut direct) = (pointer, true);
    while let Expression::Access { base, .. } | Expression::AccessIndex { base, .. } =
        body.function.expressions[at]
    {
        (at, direct) = (base, false);
    }
    (at, direct)
}

/// Finds what the conditions that leave a loop load.
struct Search<'b, 'a> {
    body: &'b Body<'a>,
    whole: &'a Block,
    found: HashSet<Handle<Expression>>,
    /// Pointers.
    out: Vec<Handle<Expression>>,
}

impl<'a> Search<'_, 'a> {
    /// Whether a block leaves the loop; conditions on the way are looked at.
    fn exits(&mut self, block: &'a Block, inner: bool) -> bool {
        let mut leaves = false;
        for statement in block.iter() {
            leaves |= match statement {
                Statement::Break => !inner,
                Statement::Return { .. } => true,
                Statement::Block(block) => self.exits(block, inner),
                Statement::If { condition, accept, reject } => {
                    let one = self.exits(accept, inner);
                    let other = self.exits(reject, inner);
                    if one || other {
                        self.expression(*condition);
                    }
                    one || other
                }
                Statement::Switch { selector, cases } => {
                    let mut any = false;
                    for case in cases {
                        any |= self.exits(&case.body, true);
                    }
                    if any {
                        self.expression(*selector);
                    }
                    any
                }
                Statement::Loop { body, continuing, .. } => {
                    let one = self.exits(body, true);
                    self.exits(continuing, true) || one
                }
                _ => false,
            };
        }
        leaves
    }

    fn expression(&mut self, handle: Handle<Expression>) {
        if !self.found.insert(handle) {
            return;
        }
        if let Expression::Load { pointer } = self.body.function.expressions[handle] {
            if let Expression::LocalVariable(local) = self.body.function.expressions[pointer] {
                // `a && b` is kept in a variable without a name.
                if self.body.function.local_variables[local].name.is_none() {
                    self.stores(self.whole, local);
                    return;
                }
            }
            self.out.push(pointer);
        }
        let mut operands = Vec::new();
        super::expression::operands(&self.body.function.expressions[handle], &mut operands);
        operands.into_iter().for_each(|operand| self.expression(operand));
    }

    /// Looks at what is stored to a variable, and at the conditions for that.
    fn stores(&mut self, block: &'a Block, local: Handle<naga::LocalVariable>) -> bool {
        let mut any = false;
        for statement in block.iter() {
            any |= match statement {
                Statement::Store { pointer, value } => {
                    let here = matches!(self.body.function.expressions[*pointer],
                        Expression::LocalVariable(l) if l == local);
                    if here {
                        self.expression(*value);
                    }
                    here
                }
                Statement::Block(block) => self.stores(block, local),
                Statement::If { condition, accept, reject } => {
                    let one = self.stores(accept, local);
                    let here = self.stores(reject, local) || one;
                    if here {
                        self.expression(*condition);
                    }
                    here
                }
                _ => false,
            };
        }
        any
    }
}

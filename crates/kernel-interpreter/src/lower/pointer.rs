//! Where a pointer points.

use naga::{AddressSpace, Expression, Handle, TypeInner};

use super::{Body, Lower, UNKNOWN_TYPE};
use crate::finding::Memory;
use crate::layout::{Parts, Shape};
use crate::program::{Op, Site, Slot, Space};
use crate::refusal::Refusal;

/// An address: the word in slot `at`, and an offset.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    pub space: Space,
    pub at: Slot,
    pub offset: u32,
    pub shape: Shape,
    pub host: bool,
    /// What the source calls it.
    pub path: String,
    /// The variable of the module, if it is one.
    pub global: Option<usize>,
}

impl<'a> Lower<'a> {
    /// Follows a pointer; indices on the way are checked when the program comes here.
    pub(super) fn pointer(
        &mut self,
        body: &mut Body<'a>,
        handle: Handle<Expression>,
        write: bool,
    ) -> Result<Pointer, Refusal> {
        let span = body.function.expressions.get_span(handle);
        match body.function.expressions[handle] {
            Expression::GlobalVariable(variable) => {
                let Some(&at) = self.globals.get(&variable) else {
                    return Err(self.source.unsupported(span, UNKNOWN_TYPE));
                };
                let global = &self.program.globals[at];
                let (space, host) = match global.memory {
                    Memory::Workgroup => (Space::Workgroup, false),
                    Memory::Private | Memory::Function => (Space::Private, false),
                    Memory::Storage | Memory::Uniform => (Space::Buffers, true),
                };
                Ok(Pointer {
                    space,
                    at: 0,
                    offset: global.start,
                    shape: Shape::Type(global.ty),
                    host,
                    path: global.name.clone(),
                    global: Some(at),
                })
            }
            Expression::LocalVariable(local) => {
                let variable = &body.function.local_variables[local];
                Ok(Pointer {
                    space: Space::Thread,
                    at: 0,
                    offset: body.locals[&local],
                    shape: Shape::Type(variable.ty),
                    host: false,
                    path: variable.name.clone().unwrap_or_default(),
                    global: None,
                })
            }
            Expression::FunctionArgument(index) => {
                let argument = &body.function.arguments[index as usize];
                let (shape, space) = match *self.layout(false).inner(argument.ty) {
                    TypeInner::Pointer { base, space } => (Shape::Type(base), space),
                    TypeInner::ValuePointer { size: Some(size), scalar, space } => {
                        (Shape::Vector(size, scalar), space)
                    }
                    TypeInner::ValuePointer { size: None, scalar, space } => {
                        (Shape::Scalar(scalar), space)
                    }
                    _ => return Err(self.source.unsupported(span, UNKNOWN_TYPE)),
                };
                let space = match space {
                    AddressSpace::Function => Space::Thread,
                    AddressSpace::Private => Space::Private,
                    AddressSpace::WorkGroup => Space::Workgroup,
                    _ => {
                        return Err(self.source.unsupported(
                            span,
                            "a pointer to a buffer as a parameter is not understood here",
                        ));
                    }
                };
                Ok(Pointer {
                    space,
                    at: body.arguments[index as usize][0],
                    offset: 0,
                    shape,
                    host: false,
                    path: argument.name.clone().unwrap_or_default(),
                    global: None,
                })
            }
            Expression::AccessIndex { base, index } => {
                let pointer = self.pointer(body, base, write)?;
                let layout = self.layout(pointer.host);
                match layout.parts(pointer.shape) {
                    Some(Parts::Members(ty)) => {
                        let Some((offset, shape)) = layout.member(ty, index) else {
                            return Err(self.source.unsupported(span, UNKNOWN_TYPE));
                        };
                        let path = match layout.inner(ty) {
                            TypeInner::Struct { members, .. } => {
                                let name = members[index as usize].name.as_deref();
                                format!("{}.{}", pointer.path, name.unwrap_or("?"))
                            }
                            _ => pointer.path,
                        };
                        Ok(Pointer { offset: pointer.offset + offset, shape, path, ..pointer })
                    }
                    Some(Parts::Same { shape, stride, count }) => {
                        if count.is_none() && index >= self.length(&pointer, stride) {
                            let index = self.constant(index);
                            return self.indexed(pointer, index, false, span, write);
                        }
                        let offset = pointer.offset + index * stride;
                        let path = format!("{}[{index}]", pointer.path);
                        Ok(Pointer { offset, shape, path, ..pointer })
                    }
                    _ => Err(self.source.unsupported(span, UNKNOWN_TYPE)),
                }
            }
            Expression::Access { base, index } => {
                let pointer = self.pointer(body, base, write)?;
                let signed = matches!(
                    body.info[index].ty.inner_with(&self.source.module.types).scalar_kind(),
                    Some(naga::ScalarKind::Sint)
                );
                let index = self.value(body, index)?[0];
                self.indexed(pointer, index, signed, span, write)
            }
            _ => Err(self.source.unsupported(span, "this pointer is not understood here")),
        }
    }

    /// An element of what is pointed at.
    pub(super) fn indexed(
        &mut self,
        pointer: Pointer,
        index: Slot,
        signed: bool,
        span: naga::Span,
        write: bool,
    ) -> Result<Pointer, Refusal> {
        let parts = self.layout(pointer.host).parts(pointer.shape);
        let Some(Parts::Same { shape, stride, count }) = parts else {
            return Err(self.source.unsupported(span, UNKNOWN_TYPE));
        };
        let length = count.unwrap_or_else(|| self.length(&pointer, stride));
        let to = self.allocate(1);
        let site = self.program.sites.len() as u32;
        let (variable, place) = (pointer.path.clone(), self.place_id(span));
        self.program.sites.push(Site { stride, length, signed, variable, write, place });
        self.emit(Op::Index { to, base: pointer.at, index, site });
        let path = format!("{}[…]", pointer.path);
        Ok(Pointer { at: to, shape, path, ..pointer })
    }

    /// How many elements of a runtime array fit the buffer.
    pub(super) fn length(&self, pointer: &Pointer, stride: u32) -> u32 {
        let Some(global) = pointer.global else { return 0 };
        let global = &self.program.globals[global];
        (global.words - (pointer.offset - global.start)) / stride.max(1)
    }

    /// The address itself, as a word.
    pub(super) fn address(&mut self, pointer: &Pointer) -> Slot {
        let offset = self.constant(pointer.offset);
        match (pointer.at, pointer.offset) {
            (0, _) => offset,
            (at, 0) => at,
            (a, _) => {
                let to = self.allocate(1);
                self.emit(Op::Bin { op: crate::arith::Bin::AddI, to, a, b: offset });
                to
            }
        }
    }
}

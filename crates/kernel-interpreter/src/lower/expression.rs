//! Expressions: each word of a result has a slot, so vectors become one operation a component.

use naga::{Expression, Handle, MathFunction, RelationalFunction, ScalarKind, Span, TypeInner};

use super::arithmetic::part;
use super::{Body, Lower, Slots, UNKNOWN_TYPE, literal_bits};
use crate::arith::{Bin, Tri, Un};
use crate::layout::{Kind, Layout, Parts, Shape};
use crate::program::{Op, Space};
use crate::refusal::Refusal;

/// The expressions that an expression is made of.
pub(crate) fn operands(expression: &Expression, out: &mut Vec<Handle<Expression>>) {
    match *expression {
        Expression::Compose { ref components, .. } => out.extend(components),
        Expression::Access { base, index } => out.extend([base, index]),
        Expression::AccessIndex { base, .. } => out.push(base),
        Expression::Splat { value, .. } => out.push(value),
        Expression::Swizzle { vector, .. } => out.push(vector),
        Expression::Load { pointer } => out.push(pointer),
        Expression::Unary { expr, .. } | Expression::As { expr, .. } => out.push(expr),
        Expression::Binary { left, right, .. } => out.extend([left, right]),
        Expression::Select { condition, accept, reject } => {
            out.extend([condition, accept, reject]);
        }
        Expression::Relational { argument, .. } => out.push(argument),
        Expression::Math { arg, arg1, arg2, arg3, .. } => {
            out.push(arg);
            out.extend([arg1, arg2, arg3].into_iter().flatten());
        }
        _ => {}
    }
}

impl<'a> Lower<'a> {
    pub(super) fn inner(&self, body: &Body<'a>, handle: Handle<Expression>) -> &'a TypeInner {
        body.info[handle].ty.inner_with(&self.source.module.types)
    }

    /// What the words of a scalar, vector or matrix are.
    pub(super) fn kind(&self, body: &Body<'a>, handle: Handle<Expression>) -> Option<Kind> {
        match *self.inner(body, handle) {
            TypeInner::Scalar(scalar)
            | TypeInner::Vector { scalar, .. }
            | TypeInner::Matrix { scalar, .. } => Kind::of(scalar),
            _ => None,
        }
    }

    /// An expression that a statement evaluates.
    pub(super) fn emitted(
        &mut self,
        body: &mut Body<'a>,
        handle: Handle<Expression>,
    ) -> Result<(), Refusal> {
        // A pointer is followed where it is used.
        if self.inner(body, handle).pointer_space().is_none() {
            body.values[handle.index()] = None;
            self.value(body, handle)?;
        }
        Ok(())
    }

    /// The slots of a value.
    pub(super) fn value(
        &mut self,
        body: &mut Body<'a>,
        handle: Handle<Expression>,
    ) -> Result<Slots, Refusal> {
        if let Some(slots) = &body.values[handle.index()] {
            return Ok(slots.clone());
        }
        let slots = self.evaluate(body, handle)?;
        body.values[handle.index()] = Some(slots.clone());
        Ok(slots)
    }

    fn evaluate(
        &mut self,
        body: &mut Body<'a>,
        handle: Handle<Expression>,
    ) -> Result<Slots, Refusal> {
        let span = body.function.expressions.get_span(handle);
        let expression = &body.function.expressions[handle];
        match *expression {
            Expression::Literal(literal) => match literal_bits(literal) {
                Some(bits) => Ok([self.constant(bits)].into()),
                None => self.no(span, "numbers of this type are not understood here"),
            },
            Expression::Constant(constant) => {
                let values = self.global_value(self.source.module.constants[constant].init)?;
                Ok(self.constants(&values))
            }
            Expression::Override(which) => match self.source.module.overrides[which].init {
                Some(init) => {
                    let values = self.global_value(init)?;
                    Ok(self.constants(&values))
                }
                None => self.no(span, "an override needs a value here, since nobody sets it"),
            },
            Expression::ZeroValue(ty) => {
                let words = self.words(Shape::Type(ty), false, span)?;
                if words > super::LARGEST {
                    return self.no(span, "a value as large as this is not understood");
                }
                Ok(vec![0; words as usize].into())
            }
            Expression::Compose { ref components, .. } => {
                let mut slots = Vec::new();
                for &component in components {
                    slots.extend_from_slice(&self.value(body, component)?);
                }
                Ok(slots.into())
            }
            Expression::Splat { size, value } => {
                let slot = self.value(body, value)?[0];
                Ok(vec![slot; size as usize].into())
            }
            Expression::Swizzle { size, vector, pattern } => {
                let vector = self.value(body, vector)?;
                Ok(pattern[..size as usize].iter().map(|&c| vector[c as usize]).collect())
            }
            Expression::FunctionArgument(index) => Ok(body.arguments[index as usize].clone()),
            Expression::Access { base, index } => {
                let name = self.name_of(body, base);
                self.access(body, base, index, &name, span)
            }
            Expression::AccessIndex { base, index } => {
                let slots = self.value(body, base)?;
                match self.part_of(body, base, index) {
                    Some((start, words)) => Ok(slots[start..start + words].into()),
                    None => self.no(span, UNKNOWN_TYPE),
                }
            }
            Expression::Load { pointer } => {
                let pointer = self.pointer(body, pointer, false)?;
                if self.is_atomic(pointer.shape) {
                    return Ok([self.plain_atomic(&pointer, None, span)].into());
                }
                self.load(&pointer, span)
            }
            Expression::Unary { op, expr } => self.unary(body, op, expr, span),
            Expression::Binary { op, left, right } => self.binary(body, op, left, right, span),
            Expression::Select { condition, accept, reject } => {
                let condition = self.value(body, condition)?;
                let (accept, reject) = (self.value(body, accept)?, self.value(body, reject)?);
                let to = self.slots(accept.len() as u32);
                for (i, &to) in to.iter().enumerate() {
                    let (a, b, c) = (part(&condition, i), accept[i], reject[i]);
                    self.emit(Op::Tri { op: Tri::Select, to, a, b, c });
                }
                Ok(to)
            }
            Expression::Relational { fun, argument } => {
                let op = match fun {
                    RelationalFunction::All => Bin::And,
                    RelationalFunction::Any => Bin::Or,
                    _ => return self.no(span, "this function is not understood here"),
                };
                let slots = self.value(body, argument)?;
                Ok([self.fold(op, &slots)].into())
            }
            Expression::Math { fun, arg, arg1, arg2, arg3 } => {
                let kind = self.kind(body, arg);
                let mut slots = Vec::new();
                for arg in [Some(arg), arg1, arg2, arg3].into_iter().flatten() {
                    slots.push(self.value(body, arg)?);
                }
                if let MathFunction::Transpose = fun {
                    let TypeInner::Matrix { columns, rows, .. } = *self.inner(body, arg) else {
                        return self.no(span, UNKNOWN_TYPE);
                    };
                    let (columns, rows) = (columns as usize, rows as usize);
                    let places = (0..rows).flat_map(|r| (0..columns).map(move |c| c * rows + r));
                    return Ok(places.map(|i| slots[0][i]).collect());
                }
                self.math(fun, kind, &slots, span)
            }
            Expression::As { expr, kind, convert } => {
                let from = self.kind(body, expr);
                let slots = self.value(body, expr)?;
                let to = match kind {
                    ScalarKind::Float => Kind::F32,
                    ScalarKind::Sint => Kind::I32,
                    ScalarKind::Uint => Kind::U32,
                    ScalarKind::Bool => Kind::Bool,
                    _ => return self.no(span, UNKNOWN_TYPE),
                };
                let (Some(from), None | Some(1 | 4)) = (from, convert) else {
                    return self.no(span, "this conversion is not understood here");
                };
                let op = match (from, to) {
                    _ if convert.is_none() => None,
                    (Kind::F32, Kind::I32) => Some(Un::FToS),
                    (Kind::F32, Kind::U32) => Some(Un::FToU),
                    (Kind::I32, Kind::F32) => Some(Un::SToF),
                    (Kind::U32, Kind::F32) => Some(Un::UToF),
                    (Kind::F32, Kind::Bool) => Some(Un::FToB),
                    (Kind::I32 | Kind::U32, Kind::Bool) => Some(Un::IToB),
                    (Kind::Bool, Kind::F32) => Some(Un::BToF),
                    _ => None,
                };
                Ok(match op {
                    Some(op) => self.map(op, &slots),
                    None => slots,
                })
            }
            Expression::ArrayLength(array) => {
                let pointer = self.pointer(body, array, false)?;
                match self.layout(pointer.host).parts(pointer.shape) {
                    Some(Parts::Same { stride, count: None, .. }) if pointer.global.is_some() => {
                        let length = self.length(&pointer, stride);
                        Ok([self.constant(length)].into())
                    }
                    _ => self.no(span, "the length of this array is not understood here"),
                }
            }
            _ => self.no(span, "this expression is not understood here"),
        }
    }

    pub(super) fn no<T>(&self, span: Span, message: &str) -> Result<T, Refusal> {
        Err(self.source.unsupported(span, message))
    }

    /// What the source calls a value.
    fn name_of(&self, body: &Body<'a>, handle: Handle<Expression>) -> String {
        let named = body.function.named_expressions.get(&handle);
        let of_variable = || match body.function.expressions[handle] {
            Expression::Load { pointer } => match body.function.expressions[pointer] {
                Expression::LocalVariable(local) => {
                    body.function.local_variables[local].name.clone()
                }
                Expression::GlobalVariable(global) => {
                    self.source.module.global_variables[global].name.clone()
                }
                _ => None,
            },
            Expression::Constant(constant) => self.source.module.constants[constant].name.clone(),
            Expression::FunctionArgument(index) => {
                body.function.arguments[index as usize].name.clone()
            }
            _ => None,
        };
        named.cloned().or_else(of_variable).unwrap_or_else(|| "the value".to_owned())
    }

    /// Which words of a value are one of its parts.
    fn part_of(
        &self,
        body: &Body<'a>,
        base: Handle<Expression>,
        index: u32,
    ) -> Option<(usize, usize)> {
        let module = &self.source.module;
        let layout = Layout { module, host: false };
        if let Some(ty) = body.info[base].ty.handle() {
            return match layout.parts(Shape::Type(ty))? {
                Parts::Same { shape, stride, .. } => {
                    Some(((index * stride) as usize, layout.words(shape)? as usize))
                }
                Parts::Members(ty) => {
                    let (offset, shape) = layout.member(ty, index)?;
                    Some((offset as usize, layout.words(shape)? as usize))
                }
                Parts::Word(_) => None,
            };
        }
        match *self.inner(body, base) {
            TypeInner::Vector { .. } => Some((index as usize, 1)),
            TypeInner::Matrix { rows, .. } => Some((index as usize * rows as usize, rows as usize)),
            _ => None,
        }
    }

    /// An element of a value, by an index that is not known before.
    fn access(
        &mut self,
        body: &mut Body<'a>,
        base: Handle<Expression>,
        index: Handle<Expression>,
        name: &str,
        span: Span,
    ) -> Result<Slots, Refusal> {
        let slots = self.value(body, base)?;
        let signed = self.kind(body, index) == Some(Kind::I32);
        let index = self.value(body, index)?[0];
        let Some((_, words)) = self.part_of(body, base, 0) else {
            return self.no(span, UNKNOWN_TYPE);
        };
        let side_by_side = slots.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let first = if side_by_side {
            slots[0]
        } else {
            let copy = self.slots(slots.len() as u32);
            for (&to, &from) in copy.iter().zip(slots.iter()) {
                self.emit(Op::Copy { to, from });
            }
            copy[0]
        };
        let (base, to) = (self.constant(first), self.allocate(1));
        let site = self.program.sites.len() as u32;
        let place = self.place_id(span);
        self.program.sites.push(crate::program::Site {
            stride: words as u32,
            length: (slots.len() / words.max(1)) as u32,
            signed,
            variable: name.to_owned(),
            write: false,
            place,
        });
        self.emit(Op::Index { to, base, index, site });
        let result = self.slots(words as u32);
        for (offset, &target) in (0..).zip(result.iter()) {
            self.emit(Op::Load { space: Space::Thread, to: target, at: to, offset, place });
        }
        Ok(result)
    }
}

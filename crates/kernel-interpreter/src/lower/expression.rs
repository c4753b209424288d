//! Expressions: each word of a result has a slot, so vectors become one operation a component.

use naga::{
    BinaryOperator, Expression, Handle, MathFunction, RelationalFunction, ScalarKind, Span,
    TypeInner, UnaryOperator,
};

use super::{Body, Lower, Slots, UNKNOWN_TYPE, literal_bits};
use crate::arith::{Bin, Tri, Un};
use crate::layout::{Kind, Layout, Parts, Shape};
use crate::program::{Op, Slot, Space};
use crate::refusal::Refusal;

/// The operation of an operator on words of a kind, and whether its operands are swapped.
pub(super) fn binary(op: BinaryOperator, kind: ScalarKind) -> Option<(Bin, bool)> {
    use BinaryOperator as B;
    use ScalarKind::{Bool, Float, Sint, Uint};
    let (op, swapped) = match (op, kind) {
        (B::Add, Float) => (Bin::AddF, false),
        (B::Add, Sint | Uint) => (Bin::AddI, false),
        (B::Subtract, Float) => (Bin::SubF, false),
        (B::Subtract, Sint | Uint) => (Bin::SubI, false),
        (B::Multiply, Float) => (Bin::MulF, false),
        (B::Multiply, Sint | Uint) => (Bin::MulI, false),
        (B::Divide, Float) => (Bin::DivF, false),
        (B::Divide, Sint) => (Bin::DivS, false),
        (B::Divide, Uint) => (Bin::DivU, false),
        (B::Modulo, Float) => (Bin::RemF, false),
        (B::Modulo, Sint) => (Bin::RemS, false),
        (B::Modulo, Uint) => (Bin::RemU, false),
        (B::Equal, Float) => (Bin::EqF, false),
        (B::Equal, Sint | Uint | Bool) => (Bin::EqI, false),
        (B::NotEqual, Float) => (Bin::NeF, false),
        (B::NotEqual, Sint | Uint | Bool) => (Bin::NeI, false),
        (B::Less | B::Greater, Float) => (Bin::LtF, op == B::Greater),
        (B::Less | B::Greater, Sint) => (Bin::LtS, op == B::Greater),
        (B::Less | B::Greater, Uint) => (Bin::LtU, op == B::Greater),
        (B::LessEqual | B::GreaterEqual, Float) => (Bin::LeF, op == B::GreaterEqual),
        (B::LessEqual | B::GreaterEqual, Sint) => (Bin::LeS, op == B::GreaterEqual),
        (B::LessEqual | B::GreaterEqual, Uint) => (Bin::LeU, op == B::GreaterEqual),
        (B::And | B::LogicalAnd, Sint | Uint | Bool) => (Bin::And, false),
        (B::InclusiveOr | B::LogicalOr, Sint | Uint | Bool) => (Bin::Or, false),
        (B::ExclusiveOr, Sint | Uint | Bool) => (Bin::Xor, false),
        (B::ShiftLeft, Sint | Uint) => (Bin::Shl, false),
        (B::ShiftRight, Sint) => (Bin::ShrS, false),
        (B::ShiftRight, Uint) => (Bin::ShrU, false),
        _ => return None,
    };
    Some((op, swapped))
}

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

/// The part of a value that is used for component `i`: a scalar serves for all.
fn part(slots: &Slots, i: usize) -> Slot {
    slots[if slots.len() == 1 { 0 } else { i }]
}

impl<'a> Lower<'a> {
    fn inner(&self, body: &Body<'a>, handle: Handle<Expression>) -> &'a TypeInner {
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

    fn no<T>(&self, span: Span, message: &str) -> Result<T, Refusal> {
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

    fn map(&mut self, op: Un, slots: &Slots) -> Slots {
        let to = self.slots(slots.len() as u32);
        for (&to, &a) in to.iter().zip(slots.iter()) {
            self.emit(Op::Un { op, to, a });
        }
        to
    }

    fn zip(&mut self, op: Bin, a: &Slots, b: &Slots) -> Slots {
        let to = self.slots(a.len().max(b.len()) as u32);
        for (i, &to) in to.iter().enumerate() {
            self.emit(Op::Bin { op, to, a: part(a, i), b: part(b, i) });
        }
        to
    }

    fn zip3(&mut self, op: Tri, [a, b, c]: [&Slots; 3]) -> Slots {
        let to = self.slots(a.len().max(b.len()).max(c.len()) as u32);
        for (i, &to) in to.iter().enumerate() {
            self.emit(Op::Tri { op, to, a: part(a, i), b: part(b, i), c: part(c, i) });
        }
        to
    }

    /// All words of a value in one.
    fn fold(&mut self, op: Bin, slots: &[Slot]) -> Slot {
        let mut result = slots[0];
        for &b in &slots[1..] {
            let to = self.allocate(1);
            self.emit(Op::Bin { op, to, a: result, b });
            result = to;
        }
        result
    }

    fn dot(&mut self, a: &Slots, b: &Slots, kind: Kind) -> Slot {
        let (mul, add) = match kind {
            Kind::F32 => (Bin::MulF, Bin::AddF),
            _ => (Bin::MulI, Bin::AddI),
        };
        let products = self.zip(mul, a, b);
        self.fold(add, &products)
    }

    fn unary(
        &mut self,
        body: &mut Body<'a>,
        op: UnaryOperator,
        expr: Handle<Expression>,
        span: Span,
    ) -> Result<Slots, Refusal> {
        let kind = self.kind(body, expr);
        let slots = self.value(body, expr)?;
        let op = match (op, kind) {
            (UnaryOperator::Negate, Some(Kind::F32)) => Un::NegF,
            (UnaryOperator::Negate, Some(Kind::I32 | Kind::U32)) => Un::NegI,
            (UnaryOperator::LogicalNot, Some(Kind::Bool)) => Un::Not,
            (UnaryOperator::BitwiseNot, Some(Kind::I32 | Kind::U32)) => Un::BitNot,
            _ => return self.no(span, "this operator is not understood here"),
        };
        Ok(self.map(op, &slots))
    }

    fn binary(
        &mut self,
        body: &mut Body<'a>,
        op: BinaryOperator,
        left: Handle<Expression>,
        right: Handle<Expression>,
        span: Span,
    ) -> Result<Slots, Refusal> {
        let (left_type, right_type) = (self.inner(body, left), self.inner(body, right));
        let kind = left_type.scalar_kind();
        let (a, b) = (self.value(body, left)?, self.value(body, right)?);
        if op == BinaryOperator::Multiply {
            match (left_type, right_type) {
                (TypeInner::Matrix { rows, .. }, TypeInner::Vector { .. }) => {
                    return Ok(self.column(&a, &b, *rows as usize).into());
                }
                (TypeInner::Vector { .. }, TypeInner::Matrix { rows, .. }) => {
                    let columns = b.chunks(*rows as usize);
                    let columns: Vec<Slots> = columns.map(Slots::from).collect();
                    return Ok(columns.iter().map(|c| self.dot(&a, c, Kind::F32)).collect());
                }
                (TypeInner::Matrix { rows, .. }, TypeInner::Matrix { rows: inner, .. }) => {
                    let mut slots = Vec::new();
                    for column in b.chunks(*inner as usize) {
                        slots.extend(self.column(&a, &column.into(), *rows as usize));
                    }
                    return Ok(slots.into());
                }
                _ => {}
            }
        }
        let Some((op, swapped)) = kind.and_then(|kind| binary(op, kind)) else {
            return self.no(span, "this operator is not understood here");
        };
        let (a, b) = if swapped { (b, a) } else { (a, b) };
        Ok(self.zip(op, &a, &b))
    }

    /// A matrix, column by column, times a vector.
    fn column(&mut self, matrix: &Slots, vector: &Slots, rows: usize) -> Vec<Slot> {
        let row = |r: usize| matrix.iter().skip(r).step_by(rows).copied().collect::<Slots>();
        (0..rows).map(|r| self.dot(&row(r), vector, Kind::F32)).collect()
    }

    fn math(
        &mut self,
        fun: MathFunction,
        kind: Option<Kind>,
        args: &[Slots],
        span: Span,
    ) -> Result<Slots, Refusal> {
        use MathFunction as M;
        let Some(kind) = kind else {
            return self.no(span, "this function is not understood here");
        };
        let (float, signed) = (kind == Kind::F32, kind == Kind::I32);
        let min = if float {
            Bin::MinF
        } else if signed {
            Bin::MinS
        } else {
            Bin::MinU
        };
        let max = if float {
            Bin::MaxF
        } else if signed {
            Bin::MaxS
        } else {
            Bin::MaxU
        };
        let x = &args[0];
        let one = match fun {
            M::Abs => match kind {
                Kind::F32 => Some(Un::AbsF),
                Kind::I32 => Some(Un::AbsS),
                _ => return Ok(x.clone()),
            },
            M::Sign => Some(if float { Un::SignF } else { Un::SignS }),
            M::Saturate => Some(Un::Saturate),
            M::Cos => Some(Un::Cos),
            M::Cosh => Some(Un::Cosh),
            M::Sin => Some(Un::Sin),
            M::Sinh => Some(Un::Sinh),
            M::Tan => Some(Un::Tan),
            M::Tanh => Some(Un::Tanh),
            M::Acos => Some(Un::Acos),
            M::Asin => Some(Un::Asin),
            M::Atan => Some(Un::Atan),
            M::Asinh => Some(Un::Asinh),
            M::Acosh => Some(Un::Acosh),
            M::Atanh => Some(Un::Atanh),
            M::Radians => Some(Un::Radians),
            M::Degrees => Some(Un::Degrees),
            M::Ceil => Some(Un::Ceil),
            M::Floor => Some(Un::Floor),
            M::Round => Some(Un::Round),
            M::Fract => Some(Un::Fract),
            M::Trunc => Some(Un::Trunc),
            M::Exp => Some(Un::Exp),
            M::Exp2 => Some(Un::Exp2),
            M::Log => Some(Un::Log),
            M::Log2 => Some(Un::Log2),
            M::Sqrt => Some(Un::Sqrt),
            M::InverseSqrt => Some(Un::InverseSqrt),
            M::CountOneBits => Some(Un::CountOneBits),
            M::CountLeadingZeros => Some(Un::LeadingZeros),
            M::CountTrailingZeros => Some(Un::TrailingZeros),
            M::ReverseBits => Some(Un::ReverseBits),
            M::FirstLeadingBit => Some(if signed { Un::FirstLeadingS } else { Un::FirstLeadingU }),
            M::FirstTrailingBit => Some(Un::FirstTrailing),
            _ => None,
        };
        if let Some(op) = one {
            return Ok(self.map(op, x));
        }
        Ok(match fun {
            M::Min => self.zip(min, x, &args[1]),
            M::Max => self.zip(max, x, &args[1]),
            M::Clamp => {
                let at_least = self.zip(max, x, &args[1]);
                self.zip(min, &at_least, &args[2])
            }
            M::Pow => self.zip(Bin::Pow, x, &args[1]),
            M::Atan2 => self.zip(Bin::Atan2, x, &args[1]),
            M::Step => self.zip(Bin::Step, x, &args[1]),
            M::Ldexp => self.zip(Bin::Ldexp, x, &args[1]),
            M::Fma => self.zip3(Tri::Fma, [x, &args[1], &args[2]]),
            M::Mix => self.zip3(Tri::Mix, [x, &args[1], &args[2]]),
            M::SmoothStep => self.zip3(Tri::Smoothstep, [x, &args[1], &args[2]]),
            M::ExtractBits => {
                let op = if signed { Tri::ExtractS } else { Tri::ExtractU };
                self.zip3(op, [x, &args[1], &args[2]])
            }
            M::Unpack2x16float => {
                let (low, high) = (self.map(Un::HalfLow, x), self.map(Un::HalfHigh, x));
                [&low[..], &high[..]].concat().into()
            }
            M::Dot => [self.dot(x, &args[1], kind)].into(),
            M::Length => [self.length_of(x)].into(),
            M::Distance => {
                let between = self.zip(Bin::SubF, x, &args[1]);
                [self.length_of(&between)].into()
            }
            M::Normalize => {
                let length = [self.length_of(x)].into();
                self.zip(Bin::DivF, x, &length)
            }
            M::Cross => {
                let y = &args[1];
                let turned = |v: &Slots, [i, j, k]: [usize; 3]| [v[i], v[j], v[k]].into();
                let (a, b): (Slots, Slots) = (turned(x, [1, 2, 0]), turned(y, [2, 0, 1]));
                let (c, d): (Slots, Slots) = (turned(x, [2, 0, 1]), turned(y, [1, 2, 0]));
                let (one, other) = (self.zip(Bin::MulF, &a, &b), self.zip(Bin::MulF, &c, &d));
                self.zip(Bin::SubF, &one, &other)
            }
            M::Reflect => {
                let normal = &args[1];
                let dot = [self.dot(x, normal, Kind::F32)].into();
                let two = [self.constant(2.0_f32.to_bits())].into();
                let twice = self.zip(Bin::MulF, &dot, &two);
                let along = self.zip(Bin::MulF, normal, &twice);
                self.zip(Bin::SubF, x, &along)
            }
            _ => return self.no(span, "this function is not understood here"),
        })
    }

    /// The Euclidean length of a vector; of a scalar, its absolute value.
    fn length_of(&mut self, x: &Slots) -> Slot {
        let to = self.allocate(1);
        if let [a] = x[..] {
            self.emit(Op::Un { op: Un::AbsF, to, a });
        } else {
            let a = self.dot(x, x, Kind::F32);
            self.emit(Op::Un { op: Un::Sqrt, to, a });
        }
        to
    }
}

//! Operators and functions on the words of values: components, sums, products of matrices.

use naga::{
    BinaryOperator, Expression, Handle, MathFunction, ScalarKind, Span, TypeInner, UnaryOperator,
};

use super::{Body, Lower, Slots};
use crate::arith::{Bin, Tri, Un};
use crate::layout::Kind;
use crate::program::{Op, Slot};
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

/// The part of a value that is used for component `i`: a scalar serves for all.
pub(super) fn part(slots: &Slots, i: usize) -> Slot {
    slots[if slots.len() == 1 { 0 } else { i }]
}

impl<'a> Lower<'a> {
    pub(super) fn map(&mut self, op: Un, slots: &Slots) -> Slots {
        let to = self.slots(slots.len() as u32);
        for (&to, &a) in to.iter().zip(slots.iter()) {
            self.emit(Op::Un { op, to, a });
        }
        to
    }

    pub(super) fn zip(&mut self, op: Bin, a: &Slots, b: &Slots) -> Slots {
        let to = self.slots(a.len().max(b.len()) as u32);
        for (i, &to) in to.iter().enumerate() {
            self.emit(Op::Bin { op, to, a: part(a, i), b: part(b, i) });
        }
        to
    }

    pub(super) fn zip3(&mut self, op: Tri, [a, b, c]: [&Slots; 3]) -> Slots {
        let to = self.slots(a.len().max(b.len()).max(c.len()) as u32);
        for (i, &to) in to.iter().enumerate() {
            self.emit(Op::Tri { op, to, a: part(a, i), b: part(b, i), c: part(c, i) });
        }
        to
    }

    /// All words of a value in one.
    pub(super) fn fold(&mut self, op: Bin, slots: &[Slot]) -> Slot {
        let mut result = slots[0];
        for &b in &slots[1..] {
            let to = self.allocate(1);
            self.emit(Op::Bin { op, to, a: result, b });
            result = to;
        }
        result
    }

    pub(super) fn dot(&mut self, a: &Slots, b: &Slots, kind: Kind) -> Slot {
        let (mul, add) = match kind {
            Kind::F32 => (Bin::MulF, Bin::AddF),
            _ => (Bin::MulI, Bin::AddI),
        };
        let products = self.zip(mul, a, b);
        self.fold(add, &products)
    }

    pub(super) fn unary(
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

    pub(super) fn binary(
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
    pub(super) fn column(&mut self, matrix: &Slots, vector: &Slots, rows: usize) -> Vec<Slot> {
        let row = |r: usize| matrix.iter().skip(r).step_by(rows).copied().collect::<Slots>();
        (0..rows).map(|r| self.dot(&row(r), vector, Kind::F32)).collect()
    }

    pub(super) fn math(
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
    pub(super) fn length_of(&mut self, x: &Slots) -> Slot {
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

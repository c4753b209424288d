//! How a type lies in memory, counted in words of 32 bits.

use naga::{Handle, Module, Scalar, ScalarKind, Type, TypeInner, VectorSize};

/// What one word of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A floating-point number.
    F32,
    /// A whole number with a sign.
    I32,
    /// A whole number without a sign.
    U32,
    /// True or false.
    Bool,
}

impl Kind {
    pub(crate) fn of(scalar: Scalar) -> Option<Self> {
        match (scalar.kind, scalar.width) {
            (ScalarKind::Float, 4) => Some(Self::F32),
            (ScalarKind::Sint, 4) => Some(Self::I32),
            (ScalarKind::Uint, 4) => Some(Self::U32),
            (ScalarKind::Bool, _) => Some(Self::Bool),
            _ => None,
        }
    }
}

/// A type, with or without a handle: pointers to components of vectors have none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    Type(Handle<Type>),
    Scalar(Scalar),
    Vector(VectorSize, Scalar),
    Column(VectorSize, Scalar),
}

/// Buffers are laid out as the host lays them out; all other memory is packed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'a> {
    pub module: &'a Module,
    pub host: bool,
}

/// The parts of a value that can be named by an index.
pub(crate) enum Parts {
    /// So many of the same shape, a stride apart. `None`: as many as the buffer holds.
    Same { shape: Shape, stride: u32, count: Option<u32> },
    /// The members of a structure.
    Members(Handle<Type>),
    /// One word.
    Word(Scalar),
}

impl<'a> Layout<'a> {
    pub(crate) fn inner(&self, ty: Handle<Type>) -> &'a TypeInner {
        &self.module.types[ty].inner
    }

    /// What a shape is made of; `None` for what this interpreter does not know.
    pub(crate) fn parts(&self, shape: Shape) -> Option<Parts> {
        let vector = |size: VectorSize, scalar| Parts::Same {
            shape: Shape::Scalar(scalar),
            stride: 1,
            count: Some(size as u32),
        };
        Some(match shape {
            Shape::Scalar(scalar) => Parts::Word(scalar),
            Shape::Vector(size, scalar) | Shape::Column(size, scalar) => vector(size, scalar),
            Shape::Type(ty) => match *self.inner(ty) {
                TypeInner::Scalar(scalar) | TypeInner::Atomic(scalar) => Parts::Word(scalar),
                TypeInner::Vector { size, scalar } => vector(size, scalar),
                TypeInner::Matrix { columns, rows, scalar } => Parts::Same {
                    shape: Shape::Column(rows, scalar),
                    stride: match (self.host, rows) {
                        (true, VectorSize::Tri) => 4,
                        _ => rows as u32,
                    },
                    count: Some(columns as u32),
                },
                TypeInner::Array { base, size, stride } => {
                    let count = match size {
                        naga::ArraySize::Constant(count) => Some(count.get()),
                        naga::ArraySize::Dynamic => None,
                        naga::ArraySize::Pending(_) => return None,
                    };
                    let shape = Shape::Type(base);
                    let stride = if self.host { stride / 4 } else { self.words(shape)? };
                    Parts::Same { shape, stride, count }
                }
                TypeInner::Struct { .. } => Parts::Members(ty),
                _ => return None,
            },
        })
    }

    /// The offset and the shape of a member.
    pub(crate) fn member(&self, ty: Handle<Type>, index: u32) -> Option<(u32, Shape)> {
        let TypeInner::Struct { members, .. } = self.inner(ty) else { return None };
        let member = &members[index as usize];
        let offset = if self.host {
            member.offset / 4
        } else {
            let before = &members[..index as usize];
            before.iter().map(|m| self.words(Shape::Type(m.ty))).sum::<Option<u32>>()?
        };
        Some((offset, Shape::Type(member.ty)))
    }

    /// How many words a value takes; runtime arrays take none.
    pub(crate) fn words(&self, shape: Shape) -> Option<u32> {
        match self.parts(shape)? {
            Parts::Word(scalar) => Kind::of(scalar).map(|_| 1),
            Parts::Same { shape, stride, count } => {
                self.words(shape)?;
                stride.checked_mul(count.unwrap_or(0))
            }
            Parts::Members(ty) => {
                let TypeInner::Struct { members, span } = self.inner(ty) else { return None };
                let mut sum = 0_u32;
                for member in members {
                    sum = sum.checked_add(self.words(Shape::Type(member.ty))?)?;
                }
                Some(if self.host { span / 4 } else { sum })
            }
        }
    }

    /// Where the words of a value are, in order, without what is padding.
    pub(crate) fn leaves(&self, shape: Shape, start: u32, leaves: &mut Vec<(u32, Kind)>) {
        match self.parts(shape) {
            Some(Parts::Word(scalar)) => {
                leaves.extend(Kind::of(scalar).map(|kind| (start, kind)));
            }
            Some(Parts::Same { shape, stride, count }) => {
                for i in 0..count.unwrap_or(0) {
                    self.leaves(shape, start + i * stride, leaves);
                }
            }
            Some(Parts::Members(ty)) => {
                for i in 0..self.member_count(ty) {
                    if let Some((offset, shape)) = self.member(ty, i) {
                        self.leaves(shape, start + offset, leaves);
                    }
                }
            }
            None => {}
        }
    }

    fn member_count(&self, ty: Handle<Type>) -> u32 {
        match self.inner(ty) {
            TypeInner::Struct { members, .. } => members.len() as u32,
            _ => 0,
        }
    }

    /// The name of the part of a variable at an offset, the first index on the way to it, and what
    /// lies there: `.cells[3].x`.
    pub(crate) fn describe(&self, shape: Shape, offset: u32) -> (String, Option<u32>, Kind) {
        let (mut shape, mut offset) = (shape, offset);
        let (mut path, mut first) = (String::new(), None);
        loop {
            let vector = matches!(shape, Shape::Vector(..) | Shape::Column(..))
                || matches!(shape, Shape::Type(ty)
                    if matches!(self.inner(ty), TypeInner::Vector { .. }));
            match self.parts(shape) {
                Some(Parts::Same { shape: part, stride, .. }) => {
                    let index = offset / stride.max(1);
                    if vector {
                        path.push('.');
                        path.push(['x', 'y', 'z', 'w'][index.min(3) as usize]);
                    } else {
                        path.push_str(&format!("[{index}]"));
                        first = first.or(Some(index));
                    }
                    offset -= index * stride;
                    shape = part;
                }
                Some(Parts::Members(ty)) => {
                    let found = (0..self.member_count(ty)).rev().find_map(|i| {
                        let (start, part) = self.member(ty, i)?;
                        (start <= offset).then_some((i, start, part))
                    });
                    let Some((i, start, part)) = found else { return (path, first, Kind::U32) };
                    if let TypeInner::Struct { members, .. } = self.inner(ty) {
                        let name = members[i as usize].name.as_deref();
                        path.push_str(&format!(".{}", name.unwrap_or("?")));
                    }
                    offset -= start;
                    shape = part;
                }
                Some(Parts::Word(scalar)) => {
                    return (path, first, Kind::of(scalar).unwrap_or(Kind::U32));
                }
                None => return (path, first, Kind::U32),
            }
        }
    }
}

//! Module-scope variables: where they lie, and what they begin with.

use naga::valid::GlobalUse;
use naga::{AddressSpace, Expression, Handle, TypeInner};

use super::{Bound, Lower, arithmetic, literal_bits};
use crate::arith;
use crate::finding::Memory;
use crate::layout::Shape;
use crate::program::Global;
use crate::refusal::{Reason, Refusal};

impl Lower<'_> {
    pub(super) fn globals(&mut self, buffers: &[Bound]) -> Result<(), Refusal> {
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
    pub(super) fn global_value(&self, handle: Handle<Expression>) -> Result<Vec<u32>, Refusal> {
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
                let op = kind.and_then(|kind| arithmetic::binary(op, kind));
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
}

//! Expressions: what values, addresses and what is stored depend on.

use naga::{AddressSpace, Binding, BuiltIn, Expression, Handle, StorageAccess, TypeInner};

use super::{Analysis, Body, Deps, State, parameter};
use crate::finding::Cause;
use crate::lower::operands;

impl<'a> Analysis<'a> {
    pub(super) fn is_pointer(&self, body: &Body<'a>, handle: Handle<Expression>) -> bool {
        match body.function.expressions[handle] {
            Expression::GlobalVariable(_) | Expression::LocalVariable(_) => true,
            Expression::FunctionArgument(index) => {
                let ty = body.function.arguments[index as usize].ty;
                self.source.module.types[ty].inner.pointer_space().is_some()
            }
            Expression::Access { base, .. } | Expression::AccessIndex { base, .. } => {
                self.is_pointer(body, base)
            }
            _ => false,
        }
    }

    /// What a value depends on; constants depend on nothing.
    pub(super) fn value(&mut self, body: &Body<'a>, handle: Handle<Expression>) -> Deps {
        match body.function.expressions[handle] {
            Expression::FunctionArgument(index) => self.argument(body, index as usize),
            _ => body.values[handle.index()],
        }
    }

    fn argument(&mut self, body: &Body<'a>, index: usize) -> Deps {
        if !body.is_entry {
            return Deps::on(parameter(index));
        }
        let argument = &body.function.arguments[index];
        let bindings = match (&argument.binding, &self.source.module.types[argument.ty].inner) {
            (Some(binding), _) => vec![binding.clone()],
            (None, TypeInner::Struct { members, .. }) => {
                members.iter().filter_map(|member| member.binding.clone()).collect()
            }
            _ => Vec::new(),
        };
        let mut deps = Deps::default();
        for binding in bindings {
            let name = match binding {
                Binding::BuiltIn(BuiltIn::LocalInvocationIndex) => "local_invocation_index",
                Binding::BuiltIn(BuiltIn::LocalInvocationId) => "local_invocation_id",
                Binding::BuiltIn(BuiltIn::GlobalInvocationId) => "global_invocation_id",
                _ => continue,
            };
            let span = self.source.parameter_span(argument.name.as_deref());
            deps = deps.and(self.varying(Cause::Builtin(name), span));
        }
        deps
    }

    /// An expression that a statement evaluates.
    pub(super) fn expression(
        &mut self,
        body: &Body<'a>,
        handle: Handle<Expression>,
        state: &State,
    ) -> Deps {
        let span = body.function.expressions.get_span(handle);
        if self.is_pointer(body, handle) {
            return self.pointer(body, handle);
        }
        match &body.function.expressions[handle] {
            Expression::Load { pointer } => {
                let through = self.pointer(body, *pointer);
                let (root, _) = root(body, *pointer);
                let read = match body.function.expressions[root] {
                    Expression::GlobalVariable(variable) => {
                        let variable = &self.source.module.global_variables[variable];
                        let fixed = match variable.space {
                            AddressSpace::Uniform => true,
                            AddressSpace::Storage { access } => {
                                !access.intersects(StorageAccess::STORE | StorageAccess::ATOMIC)
                            }
                            _ => false,
                        };
                        match fixed {
                            true => Deps::default(),
                            false => {
                                let name = variable.name.clone().unwrap_or_default();
                                self.varying(Cause::Memory(name), span)
                            }
                        }
                    }
                    Expression::FunctionArgument(index) => {
                        let argument = &body.function.arguments[index as usize];
                        let inner = &self.source.module.types[argument.ty].inner;
                        match inner.pointer_space() {
                            Some(AddressSpace::Function) => state.targets[index as usize],
                            _ => {
                                let name = argument.name.clone().unwrap_or_default();
                                self.varying(Cause::Memory(name), span)
                            }
                        }
                    }
                    Expression::LocalVariable(local) => state.locals[local.index()],
                    _ => Deps::default(),
                };
                through.and(read)
            }
            Expression::ArrayLength(_) => Deps::default(),
            other => {
                let mut parts = Vec::new();
                operands(other, &mut parts);
                let mut deps = Deps::default();
                for part in parts {
                    deps = deps.and(self.value(body, part));
                }
                deps
            }
        }
    }

    /// What the address in a pointer depends on.
    pub(super) fn pointer(&mut self, body: &Body<'a>, handle: Handle<Expression>) -> Deps {
        match body.function.expressions[handle] {
            Expression::Access { base, index } => {
                let index = self.value(body, index);
                self.pointer(body, base).and(index)
            }
            Expression::AccessIndex { base, .. } => self.pointer(body, base),
            Expression::FunctionArgument(index) if !body.is_entry => {
                Deps::on(parameter(index as usize))
            }
            _ => Deps::default(),
        }
    }

    /// What the variable that a pointer leads to depends on.
    pub(super) fn target(
        &mut self,
        body: &Body<'a>,
        handle: Handle<Expression>,
        state: &State,
    ) -> Deps {
        let (root, _) = root(body, handle);
        match body.function.expressions[root] {
            Expression::LocalVariable(local) => state.locals[local.index()],
            Expression::FunctionArgument(index) => state.targets[index as usize],
            _ => Deps::default(),
        }
    }

    pub(super) fn store(
        &mut self,
        body: &Body<'a>,
        pointer: Handle<Expression>,
        value: Deps,
        state: &mut State,
    ) {
        let value = value.and(self.pointer(body, pointer));
        let (root, whole) = root(body, pointer);
        let slot = match body.function.expressions[root] {
            Expression::LocalVariable(local) => &mut state.locals[local.index()],
            Expression::FunctionArgument(index) => &mut state.targets[index as usize],
            _ => return,
        };
        // A part of a variable leaves the rest as it was.
        *slot = if whole { value } else { slot.and(value) };
    }
}

/// The variable that a pointer begins at, and whether it is the whole of it.
fn root(body: &Body<'_>, pointer: Handle<Expression>) -> (Handle<Expression>, bool) {
    let (mut at, mut whole) = (pointer, true);
    while let Expression::Access { base, .. } | Expression::AccessIndex { base, .. } =
        body.function.expressions[at]
    {
        (at, whole) = (base, false);
    }
    (at, whole)
}

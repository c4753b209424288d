//! Functions: their parameters, their variables, and the entry point with its built-in inputs.

use std::collections::HashMap;

use naga::valid::FunctionInfo;
use naga::{BuiltIn, Function, Handle, Span, TypeInner};

use super::{Body, Lower, Lowered, Slots};
use crate::layout::Shape;
use crate::program::{Builtins, Op, Slot};
use crate::refusal::Refusal;

impl<'a> Lower<'a> {
    pub(super) fn function(
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

    pub(super) fn entry(&mut self) -> Result<(), Refusal> {
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
}

//! Whether every barrier stands in uniform control flow, judged from the text as browsers do.
//!
//! The analysis is that of the WGSL specification, section "Uniformity"
//! (<https://www.w3.org/TR/WGSL/#uniformity>). There, values and points of control flow are nodes of
//! a graph, and what must be uniform must not reach a node that may be non-uniform. Here, each value
//! and each point has the set of the things that it depends on: something that may be non-uniform,
//! the control flow at the start of the function, the function's parameters, and what they point at.

use std::collections::HashMap;

use naga::{
    AddressSpace, Binding, Block, BuiltIn, Expression, Function, Handle, Span, Statement,
    StorageAccess, TypeInner,
};

use crate::finding::{Barrier, Cause, Finding};
use crate::lower::operands;
use crate::place::Place;
use crate::source::Source;

/// What a value or a point of control flow depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Deps {
    bits: u128,
    /// The first reason why it may be non-uniform.
    reason: Option<usize>,
}

/// Something that may differ between threads.
const VARIES: u128 = 1;
/// How the function was reached.
const START: u128 = 2;

/// More parameters than any kernel has.
const MOST_PARAMETERS: usize = 60;

fn parameter(index: usize) -> u128 {
    1 << (2 + 2 * index.min(MOST_PARAMETERS))
}

fn contents(index: usize) -> u128 {
    2 << (2 + 2 * index.min(MOST_PARAMETERS))
}

impl Deps {
    const fn on(bits: u128) -> Self {
        Self { bits, reason: None }
    }

    fn and(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, reason: self.reason.or(other.reason) }
    }

    fn varies(self) -> bool {
        self.bits & VARIES != 0
    }
}

/// What statements may do next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Behavior {
    next: bool,
    breaks: bool,
    continues: bool,
    returns: bool,
}

impl Behavior {
    const NEXT: Self = Self { next: true, breaks: false, continues: false, returns: false };

    fn or(self, other: Self) -> Self {
        Self {
            next: self.next || other.next,
            breaks: self.breaks || other.breaks,
            continues: self.continues || other.continues,
            returns: self.returns || other.returns,
        }
    }
}

/// Something that must be uniform.
#[derive(Clone, Copy, Debug)]
struct Requirement {
    deps: Deps,
    what: What,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Reach(Barrier),
    Pointer,
}

/// What a caller needs to know of a function.
#[derive(Clone, Debug, Default)]
struct Summary {
    requirements: Vec<Requirement>,
    result: Deps,
    /// What the pointers' targets depend on afterwards.
    targets: Vec<Deps>,
}

/// What is known at a point of a function.
#[derive(Clone, Debug, PartialEq)]
struct State {
    flow: Deps,
    locals: Vec<Deps>,
    targets: Vec<Deps>,
}

impl State {
    fn merge(&mut self, other: &Self) {
        self.flow = self.flow.and(other.flow);
        self.merge_values(other);
    }

    fn merge_values(&mut self, other: &Self) {
        for (mine, theirs) in self.locals.iter_mut().zip(&other.locals) {
            *mine = mine.and(*theirs);
        }
        for (mine, theirs) in self.targets.iter_mut().zip(&other.targets) {
            *mine = mine.and(*theirs);
        }
    }
}

/// Where `break` and `continue` go.
struct Frame {
    is_switch: bool,
    breaks: Option<State>,
    continues: Option<State>,
}

struct Analysis<'a> {
    source: &'a Source,
    summaries: HashMap<Handle<Function>, Summary>,
    reasons: Vec<(Cause, Place)>,
    known: HashMap<(Place, String), usize>,
    findings: Vec<Finding>,
}

/// The function at hand.
struct Body<'a> {
    function: &'a Function,
    is_entry: bool,
    values: Vec<Deps>,
    frames: Vec<Frame>,
    returns: Option<State>,
    result: Deps,
    requirements: Vec<Requirement>,
}

/// The barriers of a kernel that a browser refuses.
pub(crate) fn judge(source: &Source) -> Vec<Finding> {
    let mut analysis = Analysis {
        source,
        summaries: HashMap::new(),
        reasons: Vec::new(),
        known: HashMap::new(),
        findings: Vec::new(),
    };
    // A browser judges functions that nobody calls, too.
    for (handle, function) in source.module.functions.iter() {
        let summary = analysis.function(function, false);
        analysis.summaries.insert(handle, summary);
    }
    for entry in &source.module.entry_points {
        analysis.function(&entry.function, true);
    }
    analysis.findings
}

impl<'a> Analysis<'a> {
    fn function(&mut self, function: &'a Function, is_entry: bool) -> Summary {
        let mut body = Body {
            function,
            is_entry,
            values: vec![Deps::default(); function.expressions.len()],
            frames: Vec::new(),
            returns: None,
            result: Deps::default(),
            requirements: Vec::new(),
        };
        let count = function.arguments.len();
        let flow = if is_entry { Deps::default() } else { Deps::on(START) };
        let mut state = State {
            flow,
            locals: vec![flow; function.local_variables.len()],
            targets: (0..count).map(|i| Deps::on(contents(i))).collect(),
        };
        let behavior = self.block(&mut body, &function.body, &mut state);
        if behavior.next {
            match &mut body.returns {
                Some(returns) => returns.merge_values(&state),
                returns => *returns = Some(state),
            }
        }
        let targets = body.returns.map(|state| state.targets).unwrap_or_default();
        Summary { requirements: body.requirements, result: body.result, targets }
    }

    fn place(&self, span: Span) -> Place {
        self.source.lines.place(span)
    }

    fn varying(&mut self, cause: Cause, span: Span) -> Deps {
        let place = self.place(span);
        let next = self.reasons.len();
        let id = *self.known.entry((place, cause.to_string())).or_insert(next);
        if id == next {
            self.reasons.push((cause, place));
        }
        Deps { bits: VARIES, reason: Some(id) }
    }

    /// Notes that something must be uniform; if it is not, that is a finding.
    fn require(&mut self, body: &mut Body<'a>, requirement: Requirement, call: Option<Place>) {
        let Requirement { deps, what, place } = requirement;
        if deps.varies() {
            let known = deps.reason.map(|id| self.reasons[id].clone());
            let (cause, cause_place) = known.unwrap_or((Cause::Memory("memory".into()), place));
            let finding = match what {
                What::Reach(barrier) => {
                    Finding::NonUniformBarrier { place, barrier, call, cause, cause_place }
                }
                What::Pointer => Finding::NonUniformPointer { place, cause, cause_place },
            };
            let same = |other: &Finding| other.place() == place;
            if !self.findings.iter().any(same) {
                self.findings.push(finding);
            }
        }
        let rest = Deps::on(deps.bits & !VARIES);
        if rest.bits != 0 && !body.is_entry {
            let same = |r: &&mut Requirement| (r.what, r.place) == (what, place);
            match body.requirements.iter_mut().find(same) {
                Some(known) => known.deps = known.deps.and(rest),
                None => body.requirements.push(Requirement { deps: rest, what, place }),
            }
        }
    }

    fn block(&mut self, body: &mut Body<'a>, block: &'a Block, state: &mut State) -> Behavior {
        let mut behavior = Behavior::NEXT;
        for (statement, &span) in block.span_iter() {
            let then = self.statement(body, statement, span, state);
            behavior.next = false;
            behavior = behavior.or(then);
            if !then.next {
                // What follows is never reached.
                break;
            }
        }
        behavior
    }

    fn statement(
        &mut self,
        body: &mut Body<'a>,
        statement: &'a Statement,
        span: Span,
        state: &mut State,
    ) -> Behavior {
        match statement {
            Statement::Emit(range) => {
                for handle in range.clone() {
                    let deps = self.expression(body, handle, state).and(state.flow);
                    body.values[handle.index()] = deps;
                }
            }
            Statement::Block(block) => return self.block(body, block, state),
            Statement::If { condition, accept, reject } => {
                let flow = self.value(body, *condition).and(state.flow);
                let before = state.flow;
                state.flow = flow;
                let mut other = state.clone();
                let one = self.block(body, accept, state);
                let two = self.block(body, reject, &mut other);
                return join(state, before, vec![(one, state.clone()), (two, other)]);
            }
            Statement::Switch { selector, cases } => {
                return self.switch(body, *selector, cases, state);
            }
            Statement::Loop { body: inner, continuing, break_if } => {
                return self.repeat(body, inner, continuing, *break_if, state);
            }
            Statement::Break => {
                let frame = body.frames.last_mut().expect("naga has checked it");
                match &mut frame.breaks {
                    Some(breaks) => breaks.merge(state),
                    breaks => *breaks = Some(state.clone()),
                }
                return Behavior { breaks: true, ..Behavior::default() };
            }
            Statement::Continue => {
                let frame = body.frames.iter_mut().rev().find(|frame| !frame.is_switch);
                match &mut frame.expect("naga has checked it").continues {
                    Some(continues) => continues.merge(state),
                    continues => *continues = Some(state.clone()),
                }
                return Behavior { continues: true, ..Behavior::default() };
            }
            Statement::Return { value } => {
                if let Some(value) = value {
                    let deps = self.value(body, *value).and(state.flow);
                    body.result = body.result.and(deps);
                }
                match &mut body.returns {
                    Some(returns) => returns.merge_values(state),
                    returns => *returns = Some(state.clone()),
                }
                return Behavior { returns: true, ..Behavior::default() };
            }
            Statement::ControlBarrier(which) => {
                let barrier = match *which == naga::Barrier::STORAGE {
                    true => Barrier::Storage,
                    false => Barrier::Workgroup,
                };
                let (deps, place) = (state.flow, self.place(span));
                let what = What::Reach(barrier);
                self.require(body, Requirement { deps, what, place }, None);
            }
            Statement::Store { pointer, value } => {
                let deps = self.value(body, *value).and(state.flow);
                self.store(body, *pointer, deps, state);
            }
            Statement::Atomic { result: Some(result), .. } => {
                let deps = self.varying(Cause::Atomic, span);
                body.values[result.index()] = deps.and(state.flow);
            }
            Statement::WorkGroupUniformLoad { pointer, result } => {
                let place = self.place(span);
                let what = What::Reach(Barrier::UniformLoad);
                self.require(body, Requirement { deps: state.flow, what, place }, None);
                let deps = self.pointer(body, *pointer).and(state.flow);
                self.require(body, Requirement { deps, what: What::Pointer, place }, None);
                body.values[result.index()] = state.flow;
            }
            Statement::Call { function, arguments, result } => {
                self.call(body, *function, arguments, *result, span, state);
            }
            // The interpreter refuses what else there is.
            _ => {}
        }
        Behavior::NEXT
    }

    fn switch(
        &mut self,
        body: &mut Body<'a>,
        selector: Handle<Expression>,
        cases: &'a [naga::SwitchCase],
        state: &mut State,
    ) -> Behavior {
        let before = state.flow;
        state.flow = self.value(body, selector).and(before);
        body.frames.push(Frame { is_switch: true, breaks: None, continues: None });
        let mut ends = Vec::new();
        for case in cases.iter().filter(|case| !(case.fall_through && case.body.is_empty())) {
            let mut inner = state.clone();
            let behavior = self.block(body, &case.body, &mut inner);
            ends.push((behavior, inner));
        }
        let frame = body.frames.pop().expect("pushed above");
        for (behavior, _) in &mut ends {
            // What breaks goes on behind the switch.
            if behavior.breaks {
                *behavior = Behavior { next: behavior.next, breaks: false, ..*behavior };
            }
        }
        if let Some(breaks) = frame.breaks {
            ends.push((Behavior::NEXT, breaks));
        }
        join(state, before, ends)
    }

    fn repeat(
        &mut self,
        body: &mut Body<'a>,
        inner: &'a Block,
        continuing: &'a Block,
        break_if: Option<Handle<Expression>>,
        state: &mut State,
    ) -> Behavior {
        let before = state.flow;
        let mut start = state.clone();
        loop {
            body.frames.push(Frame { is_switch: false, breaks: None, continues: None });
            let mut round = start.clone();
            let first = self.block(body, inner, &mut round);
            let continues = body.frames.last_mut().and_then(|frame| frame.continues.take());
            if let Some(continues) = continues {
                let flow = round.flow;
                if first.next {
                    round.merge(&continues);
                } else {
                    round = continues;
                    round.flow = round.flow.and(flow);
                }
            }
            let mut behavior = first;
            if first.next || first.continues {
                let second = self.block(body, continuing, &mut round);
                behavior = behavior.or(second);
                if let Some(condition) = break_if {
                    round.flow = self.value(body, condition).and(round.flow);
                    behavior.breaks = true;
                    let frame = body.frames.last_mut().expect("pushed above");
                    match &mut frame.breaks {
                        Some(breaks) => breaks.merge(&round),
                        breaks => *breaks = Some(round.clone()),
                    }
                }
            }
            let frame = body.frames.pop().expect("pushed above");
            let mut again = start.clone();
            again.merge(&round);
            if same(&again, &start) {
                let out = Behavior {
                    next: behavior.breaks,
                    breaks: false,
                    continues: false,
                    returns: behavior.returns,
                };
                let flow = again.flow;
                *state = frame.breaks.unwrap_or(again);
                state.flow = if out == Behavior::NEXT { before } else { flow.and(state.flow) };
                return out;
            }
            start = again;
        }
    }

    fn call(
        &mut self,
        body: &mut Body<'a>,
        function: Handle<Function>,
        arguments: &[Handle<Expression>],
        result: Option<Handle<Expression>>,
        span: Span,
        state: &mut State,
    ) {
        let summary = self.summaries.get(&function).cloned().unwrap_or_default();
        let mut values = Vec::new();
        let mut targets = Vec::new();
        for &argument in arguments {
            let pointer = self.is_pointer(body, argument);
            values.push(match pointer {
                true => self.pointer(body, argument).and(state.flow),
                false => self.value(body, argument).and(state.flow),
            });
            targets.push(match pointer {
                true => self.target(body, argument, state),
                false => Deps::default(),
            });
        }
        let translate = |deps: Deps| {
            let mut out = Deps { bits: deps.bits & VARIES, reason: deps.reason };
            if deps.bits & START != 0 {
                out = out.and(state.flow);
            }
            for (i, (value, target)) in values.iter().zip(&targets).enumerate() {
                if deps.bits & parameter(i) != 0 {
                    out = out.and(*value);
                }
                if deps.bits & contents(i) != 0 {
                    out = out.and(*target);
                }
            }
            out
        };
        let place = self.place(span);
        for requirement in &summary.requirements {
            let deps = translate(requirement.deps);
            self.require(body, Requirement { deps, ..*requirement }, Some(place));
        }
        let out = translate(summary.result).and(state.flow);
        let after: Vec<Deps> = summary.targets.iter().map(|&deps| translate(deps)).collect();
        if let Some(result) = result {
            body.values[result.index()] = out;
        }
        for (i, &argument) in arguments.iter().enumerate() {
            if let (true, Some(&deps)) = (self.is_pointer(body, argument), after.get(i)) {
                self.store(body, argument, deps, state);
            }
        }
    }

    fn is_pointer(&self, body: &Body<'a>, handle: Handle<Expression>) -> bool {
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
    fn value(&mut self, body: &Body<'a>, handle: Handle<Expression>) -> Deps {
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
    fn expression(&mut self, body: &Body<'a>, handle: Handle<Expression>, state: &State) -> Deps {
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
    fn pointer(&mut self, body: &Body<'a>, handle: Handle<Expression>) -> Deps {
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
    fn target(&mut self, body: &Body<'a>, handle: Handle<Expression>, state: &State) -> Deps {
        let (root, _) = root(body, handle);
        match body.function.expressions[root] {
            Expression::LocalVariable(local) => state.locals[local.index()],
            Expression::FunctionArgument(index) => state.targets[index as usize],
            _ => Deps::default(),
        }
    }

    fn store(
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

/// Where branches meet again.
fn join(state: &mut State, before: Deps, ends: Vec<(Behavior, State)>) -> Behavior {
    let behavior = ends.iter().fold(Behavior::default(), |all, (one, _)| all.or(*one));
    let mut flow = Deps::default();
    let mut values: Option<State> = None;
    for (one, end) in ends {
        flow = flow.and(end.flow);
        if one.next {
            match &mut values {
                Some(values) => values.merge_values(&end),
                values => *values = Some(end),
            }
        }
    }
    if let Some(values) = values {
        *state = values;
    }
    // All go on from here together, unless some have left.
    state.flow = if behavior == Behavior::NEXT { before } else { flow };
    behavior
}

fn same(one: &State, other: &State) -> bool {
    let bits = |deps: &[Deps]| deps.iter().map(|d| d.bits).collect::<Vec<_>>();
    one.flow.bits == other.flow.bits
        && bits(&one.locals) == bits(&other.locals)
        && bits(&one.targets) == bits(&other.targets)
}

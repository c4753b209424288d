//! Statements: where control flow parts and meets again, and what each statement asks for.

use naga::{Block, Expression, Function, Handle, Span, Statement};

use super::{
    Analysis, Behavior, Body, Deps, Frame, Requirement, START, State, VARIES, What, contents,
    parameter,
};
use crate::finding::{Barrier, Cause};

impl<'a> Analysis<'a> {
    pub(super) fn block(
        &mut self,
        body: &mut Body<'a>,
        block: &'a Block,
        state: &mut State,
    ) -> Behavior {
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

    pub(super) fn statement(
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

    pub(super) fn call(
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

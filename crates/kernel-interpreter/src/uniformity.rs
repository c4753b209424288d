//! Whether every barrier stands in uniform control flow, judged from the text as browsers do.
//!
//! The analysis is that of the WGSL specification, section "Uniformity"
//! (<https://www.w3.org/TR/WGSL/#uniformity>). There, values and points of control flow are nodes of
//! a graph, and what must be uniform must not reach a node that may be non-uniform. Here, each value
//! and each point has the set of the things that it depends on: something that may be non-uniform,
//! the control flow at the start of the function, the function's parameters, and what they point at.

mod flow;
mod values;

use std::collections::HashMap;

use naga::{Function, Handle, Span};

use crate::finding::{Barrier, Cause, Finding};
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
}

//! What is shown of a run, step by step: a picture of threads × steps, what memory holds, and what
//! each thread has done and holds.

use std::collections::{BTreeMap, BTreeSet};

use demo::View;
use demo::figure::{Cells, Ink};
use kernel_interpreter::{Action, Event, Finding, Row, Step, Trace, Use, Value};

/// A cell: its variable, and its place in it.
type Slot<'a> = (&'a str, u32);

/// So many threads are shown.
pub const THREADS: usize = 8;
/// So many cells of a variable.
const CELLS: usize = 8;
/// So many rows before and behind the one that is looked at.
const AROUND: usize = 5;
/// So many steps are shown, and so many of them before the first that is wrong.
const STEPS: usize = 80;
const BEFORE: usize = 24;

/// The threads of a workgroup to show: those that findings name, then the first ones.
pub fn threads(findings: &[&Finding], group: [u32; 3], count: u32) -> Vec<u32> {
    let named = findings.iter().flat_map(|finding| finding.threads());
    let named = named.filter(|thread| thread.group.is_none_or(|its| its == group));
    let mut threads = BTreeSet::new();
    for index in named.map(|thread| thread.index).chain(0..count) {
        if threads.len() < THREADS && index < count {
            threads.insert(index);
        }
    }
    threads.into_iter().collect()
}

/// The steps of these threads to scrub through, from where something is wrong.
pub fn steps(trace: &Trace, threads: &[u32], findings: &[&Finding], label: &str) -> Vec<View> {
    let rows = kernel_interpreter::rows(&trace.events, threads, findings);
    let mut steps: Vec<(usize, &Step)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if let Row::Step(step) = row {
            steps.push((i, step));
        }
    }
    if steps.is_empty() {
        let nothing =
            "No thread touches memory that others see, so there is nothing to step through.";
        return vec![View::Prose(vec![nothing.into()])];
    }
    let outside =
        |step: &Step| threads.iter().any(|&thread| missed(step, thread, findings).is_some());
    let is_wrong = |step: &Step| step.acts.iter().any(|act| act.races) || outside(step);
    let is_endless = findings.iter().any(|finding| matches!(finding, Finding::EndlessLoop { .. }));
    let wrong = steps.iter().position(|(_, step)| is_wrong(step));
    let start = wrong.unwrap_or(if is_endless { steps.len() - 1 } else { 0 });
    let first = start.saturating_sub(BEFORE).min(steps.len().saturating_sub(STEPS));
    let end = (first + STEPS).min(steps.len());

    let mut state = State::new(trace, threads, findings);
    let mut frames = Vec::new();
    for (n, &(i, step)) in steps[..end].iter().enumerate() {
        state.advance(step);
        if n >= first {
            frames.push((caption(step), state.views(&rows, i, step)));
        }
    }
    let mut views = vec![View::Steps { label: label.to_owned(), frames, start: start - first }];
    let mut told = Vec::new();
    if steps.len() > STEPS {
        told.push(format!("Shown are the steps {} to {end} of {}.", first + 1, steps.len()));
    }
    if trace.cut {
        told.push("The run went on; only its beginning was recorded.".into());
    }
    if !told.is_empty() {
        views.push(View::Prose(told));
    }
    views
}

/// The place out of bounds that a thread went for in a step, which is why it has no cell there.
fn missed(step: &Step, thread: u32, findings: &[&Finding]) -> Option<i64> {
    let is_here = |finding: &&Finding| match finding {
        Finding::OutOfBounds { place, thread: who, index, write, .. } => {
            let is_same = place.line == step.place.line && *write == (step.how == Use::Writes);
            (who.index == thread && is_same).then_some(*index)
        }
        _ => None,
    };
    findings.iter().find_map(is_here)
}

/// What some threads of a run do, to be drawn as a whole.
pub struct Rows<'a> {
    rows: Vec<Row<'a>>,
    threads: &'a [u32],
}

impl<'a> Rows<'a> {
    /// A run of which nothing is wrong.
    pub fn of(trace: &'a Trace, threads: &'a [u32]) -> Self {
        Self { rows: kernel_interpreter::rows(&trace.events, threads, &[]), threads }
    }

    /// Only what comes behind the last barrier.
    pub fn end(mut self) -> Self {
        let barrier = self.rows.iter().rposition(|row| matches!(row, Row::Barrier { .. }));
        self.rows.drain(..barrier.unwrap_or(0));
        self
    }

    /// The picture, with the lines of the kernel where a reader can see it.
    pub fn drawn(&self, has_lines: bool) -> Cells {
        drawn(&self.rows, self.threads, &[], None, has_lines)
    }

    /// The picture in words.
    pub fn told(&self) -> String {
        let row = |row: &Row| match row {
            Row::Step(step) => told(step),
            Row::Barrier { number, .. } => format!("barrier {number}"),
        };
        self.rows.iter().map(row).collect::<Vec<_>>().join(". ") + "."
    }
}

/// A step in words.
fn told(step: &Step) -> String {
    let acts = step.acts.iter().map(|act| {
        let race = if act.races { ", a race" } else { "" };
        format!("thread {} {} {}{race}", act.thread, verb(step.how), act.cell.name)
    });
    acts.collect::<Vec<_>>().join("; ")
}

fn verb(how: Use) -> &'static str {
    match how {
        Use::Reads => "reads",
        Use::Writes => "writes",
        Use::Changes => "changes",
    }
}

fn caption(step: &Step) -> String {
    let who = match step.acts[..] {
        [ref act] => format!("thread {}", act.thread),
        _ => format!("{} threads", step.acts.len()),
    };
    let races = step.acts.iter().any(|act| act.races);
    let does =
        if step.acts.len() == 1 { verb(step.how) } else { verb(step.how).trim_end_matches('s') };
    let variables: BTreeSet<&str> = step.acts.iter().map(|act| &*act.cell.variable).collect();
    let variables = variables.into_iter().collect::<Vec<_>>().join(", ");
    let race =
        if races { " A race: threads need not keep to the order of these rows." } else { "" };
    format!("Line {}: {who} {does} {variables}.{race}", step.place.line)
}

/// A cell's name without its variable's.
fn index(cell: &kernel_interpreter::Cell) -> String {
    match cell.name.strip_prefix(&cell.variable) {
        Some("") | None => "•".into(),
        Some(index) => index.to_owned(),
    }
}

/// Threads across, steps down; what is written stands in a box. `now` is the row to point out.
fn drawn(
    rows: &[Row],
    threads: &[u32],
    findings: &[&Finding],
    now: Option<usize>,
    has_lines: bool,
) -> Cells {
    let heads: Vec<String> = threads.iter().map(|thread| format!("t{thread}")).collect();
    let mut cells = Cells::new().head(heads.iter().map(String::as_str));
    for (i, row) in rows.iter().enumerate() {
        let step = match row {
            Row::Step(step) => step,
            Row::Barrier { number, place, absent } => {
                let all = if absent.is_empty() { "" } else { ", not reached by all" };
                let line = if has_lines { format!(", line {}", place.line) } else { String::new() };
                cells = cells.rule(&format!("barrier {number}{line}{all}"));
                continue;
            }
        };
        let is_now = now == Some(i);
        let of = |thread: &u32| {
            let Some(act) = step.acts.iter().find(|act| act.thread == *thread) else {
                return match missed(step, *thread, findings) {
                    Some(index) => (format!("[{index}]!"), Ink::Wrong),
                    None => (String::new(), Ink::Quiet),
                };
            };
            let ink = match (act.races, is_now) {
                (true, _) => Ink::Wrong,
                (false, true) => Ink::Marked,
                (false, false) => Ink::Plain,
            };
            let index = index(act.cell);
            // Three digits fill a column.
            let index = if index.len() > 4 { index.trim_matches(['[', ']']) } else { &index };
            (format!("{index}{}", if act.races { "!" } else { "" }), ink)
        };
        let acts: Vec<(String, Ink)> = threads.iter().map(of).collect();
        let variable = step.acts.first().map_or("", |act| &act.cell.variable);
        let pointer = if is_now { "▸ " } else { "" };
        let line = if has_lines { format!("{}: ", step.place.line) } else { String::new() };
        let name = format!("{pointer}{line}{} {variable}", verb(step.how));
        let ink = if is_now { Ink::Marked } else { Ink::Quiet };
        let acts = acts.iter().map(|(text, ink)| (text.as_str(), *ink));
        cells = cells.add((&name, ink), acts, step.how != Use::Reads);
    }
    cells
}

/// A variable of a thread.
struct Variable<'a> {
    name: &'a str,
    value: String,
    /// The line that set it first.
    line: u32,
    /// Whether the thread has come there: compilers let variables begin with the function.
    is_there: bool,
}

/// What is known at a step.
struct State<'a> {
    threads: &'a [u32],
    findings: &'a [&'a Finding],
    /// The events of each thread that are still to come, and which of all they are.
    events: BTreeMap<u32, std::iter::Peekable<std::vec::IntoIter<(usize, &'a Event)>>>,
    /// In the order in which a thread first set them.
    variables: BTreeMap<u32, Vec<Variable<'a>>>,
    /// Cells that were read or written: name and value.
    memory: BTreeMap<Slot<'a>, (&'a str, Value)>,
    /// What a thread did last.
    deeds: BTreeMap<u32, String>,
}

impl<'a> State<'a> {
    fn new(trace: &'a Trace, threads: &'a [u32], findings: &'a [&'a Finding]) -> Self {
        let of = |&thread: &u32| {
            let events = trace.events.iter().enumerate();
            let events: Vec<_> = events.filter(|(_, event)| event.thread == thread).collect();
            (thread, events.into_iter().peekable())
        };
        Self {
            threads,
            findings,
            events: threads.iter().map(of).collect(),
            variables: BTreeMap::new(),
            memory: BTreeMap::new(),
            deeds: BTreeMap::new(),
        }
    }

    fn advance(&mut self, step: &Step<'a>) {
        self.deeds.clear();
        for act in &step.acts {
            self.memory.insert((&act.cell.variable, act.cell.word), (&act.cell.name, act.value));
            let deed = format!("{} {} = {}", verb(step.how), act.cell.name, act.value);
            self.deeds.insert(act.thread, deed);
            let Some(events) = self.events.get_mut(&act.thread) else { continue };
            // With what the same statement then sets.
            let is_due = |&(at, event): &(usize, &Event)| {
                at <= act.at || matches!(event.action, Action::Local(..))
            };
            while let Some((_, event)) = events.next_if(is_due) {
                if let Action::Local(name, values) = &event.action {
                    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                    let value = match &values[..] {
                        [value] => value.clone(),
                        values => format!("({})", values.join(", ")),
                    };
                    let variables = self.variables.entry(act.thread).or_default();
                    match variables.iter_mut().find(|variable| variable.name == name) {
                        Some(variable) => variable.value = value,
                        None => {
                            let (line, is_there) = (event.place.line, event.step > 0);
                            variables.push(Variable { name, value, line, is_there });
                        }
                    }
                }
            }
            for variable in self.variables.entry(act.thread).or_default() {
                variable.is_there |= variable.line <= step.place.line;
            }
        }
    }

    fn views(&self, rows: &[Row], now: usize, step: &Step) -> Vec<View> {
        let first = now.saturating_sub(AROUND).min(rows.len().saturating_sub(2 * AROUND + 1));
        let shown = &rows[first..rows.len().min(first + 2 * AROUND + 1)];
        vec![
            View::drawing(
                "Threads side by side, the row ▸ is now. [4] is the name of a place, not its number; \
                 written is what stands in a box",
                told(step),
                drawn(shown, self.threads, self.findings, Some(now - first), true),
            ),
            self.memory(step),
            self.table(),
        ]
    }

    /// The cells of each variable that were used so far, those of this step among them.
    fn memory(&self, step: &Step) -> View {
        let mut by_variable: BTreeMap<&str, Vec<(u32, &str, Value)>> = BTreeMap::new();
        for (&(variable, word), &(name, value)) in &self.memory {
            by_variable.entry(variable).or_default().push((word, name, value));
        }
        let mut cells = Cells::new();
        let mut words = Vec::new();
        for (variable, held) in by_variable {
            let touched = |word| {
                step.acts.iter().find(|act| act.cell.variable == variable && act.cell.word == word)
            };
            let from = held.iter().position(|&(word, ..)| touched(word).is_some()).unwrap_or(0);
            let from = from.min(held.len().saturating_sub(CELLS));
            let shown = &held[from..held.len().min(from + CELLS)];
            let names = shown
                .iter()
                .map(|(_, name, _)| (name.strip_prefix(variable).unwrap_or(name), Ink::Quiet));
            cells = cells.add(("", Ink::Quiet), names, false);
            let values: Vec<(String, Ink)> = shown
                .iter()
                .map(|&(word, _, value)| {
                    let ink = match touched(word) {
                        Some(act) if act.races => Ink::Wrong,
                        Some(_) => Ink::Marked,
                        None => Ink::Plain,
                    };
                    (short(value), ink)
                })
                .collect();
            let more = held.len() - shown.len();
            let name = if more > 0 {
                format!("{variable} (of {})", held.len())
            } else {
                variable.to_owned()
            };
            cells = cells.add(
                (&name, Ink::Plain),
                values.iter().map(|(text, ink)| (&**text, *ink)),
                true,
            );
            words.extend(shown.iter().map(|(_, name, value)| format!("{name} = {value}")));
        }
        View::drawing("What memory holds, as far as it was touched", words.join(", "), cells)
    }

    fn table(&self) -> View {
        let row = |thread: &u32| {
            let deed = self.deeds.get(thread).cloned().unwrap_or_default();
            let variables = self.variables.get(thread).into_iter().flatten();
            let variables: Vec<String> = variables
                .filter(|variable| variable.is_there)
                .map(|variable| format!("{} = {}", variable.name, variable.value))
                .collect();
            vec![format!("t{thread}").into(), deed.into(), variables.join(", ").into()]
        };
        View::Table {
            label: "What each thread just did, and what its variables hold".into(),
            columns: vec!["Thread".into(), "Just now".into(), "Variables".into()],
            rows: self.threads.iter().map(row).collect(),
        }
    }
}

/// A value that fits into a cell.
fn short(value: Value) -> String {
    match value {
        Value::F32(x) if x.is_finite() => demo::format::number(f64::from(x)),
        other => other.to_string(),
    }
}

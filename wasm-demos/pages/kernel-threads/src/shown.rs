//! What is shown of a run: for each stretch between two barriers, who touched what.

use std::collections::BTreeMap;

use demo::{Cell, View};
use kernel_interpreter::{Action, Event, Memory, Trace};

/// So many threads and cells are shown.
pub const THREADS: u32 = 8;
const CELLS: usize = 8;
/// What a thread did is listed so far.
const DEEDS: usize = 6;
/// So many stretches are shown at most, the last among them.
const STRETCHES: usize = 12;

/// A variable, and a place in it.
type Slot<'a> = (&'a str, u32);

/// The cells of a variable, by the variable's name and the cell's place in it: name and value.
type Memories = BTreeMap<(String, u32), (String, String)>;

/// A frame for each stretch between two barriers.
pub fn stretches(trace: &Trace) -> Vec<(String, Vec<View>)> {
    let last = trace.events.iter().map(|event| event.interval).max().unwrap_or(0);
    let mut memory = Memories::new();
    (0..=last)
        .map(|interval| {
            let of = |event: &&Event| event.interval == interval;
            let events: Vec<&Event> = trace.events.iter().filter(of).collect();
            remember(&mut memory, &events);
            let mut views = vec![touches(&events), deeds(&events)];
            views.extend(held(&memory));
            (caption(interval, last, &events), views)
        })
        .filter({
            let mut shown = 0..=last;
            // A loop without an end may have thousands.
            move |_| shown.next().is_some_and(|n| (n as usize) < STRETCHES - 1 || n == last)
        })
        .collect()
}

fn caption(interval: u32, last: u32, events: &[&Event]) -> String {
    let waits = events.iter().find(|event| matches!(event.action, Action::Barrier(_)));
    let from = match interval {
        0 => "From the start".to_owned(),
        n => format!("From barrier {n}"),
    };
    match waits {
        Some(event) => format!("{from} to barrier {}, line {}.", interval + 1, event.place.line),
        None if interval == last => format!("{from} to the end."),
        None => format!("{from} on."),
    }
}

/// What a thread does to a cell.
#[derive(Clone, Copy, Default)]
struct Touch {
    reads: bool,
    writes: bool,
    /// In one go, which never races with its like.
    changes: bool,
}

/// What an event does to a cell that others see.
fn shared(event: &Event) -> Option<(&kernel_interpreter::Cell, Touch)> {
    let nothing = Touch::default();
    let (cell, touch) = match &event.action {
        Action::Read(cell, _) => (cell, Touch { reads: true, ..nothing }),
        Action::Write(cell, _) => (cell, Touch { writes: true, ..nothing }),
        Action::Atomic { cell, .. } => (cell, Touch { changes: true, ..nothing }),
        _ => return None,
    };
    matches!(cell.memory, Memory::Workgroup | Memory::Storage).then_some((cell, touch))
}

fn remember(memory: &mut Memories, events: &[&Event]) {
    for event in events {
        let (cell, value) = match &event.action {
            Action::Write(cell, value) => (cell, value),
            Action::Atomic { cell, after, .. } => (cell, after),
            _ => continue,
        };
        if shared(event).is_some() {
            let key = (cell.variable.clone(), cell.word);
            memory.insert(key, (cell.name.clone(), value.to_string()));
        }
    }
}

/// Threads down, cells across. Two threads in one column, one of which writes: a race.
fn touches(events: &[&Event]) -> View {
    let mut columns: BTreeMap<Slot, &str> = BTreeMap::new();
    let mut touched: BTreeMap<(u32, Slot), Touch> = BTreeMap::new();
    for event in events.iter().filter(|event| event.thread < THREADS) {
        if let Some((cell, touch)) = shared(event)
            && cell.memory == Memory::Workgroup
        {
            let key = (cell.variable.as_str(), cell.word);
            columns.insert(key, &cell.name);
            let does = touched.entry((event.thread, key)).or_default();
            does.reads |= touch.reads;
            does.writes |= touch.writes;
            does.changes |= touch.changes;
        }
    }
    if columns.is_empty() {
        return View::Prose(vec!["Nobody touches workgroup memory.".into()]);
    }
    let all = columns.len();
    let columns: Vec<_> = columns.into_iter().take(CELLS).collect();
    let threads: Vec<u32> =
        (0..THREADS).filter(|thread| events.iter().any(|event| event.thread == *thread)).collect();
    let is_raced = |key| {
        let of: Vec<&Touch> =
            threads.iter().filter_map(|thread| touched.get(&(*thread, key))).collect();
        let one_writes = of.iter().any(|does| does.writes || does.changes);
        let one_is_plain = of.iter().any(|does| does.reads || does.writes);
        of.len() > 1 && one_writes && one_is_plain
    };
    let rows = threads.iter().map(|&thread| {
        let cells = columns.iter().map(|&(key, _)| {
            let Some(does) = touched.get(&(thread, key)) else { return "".into() };
            let deeds = [(does.reads, "reads"), (does.writes, "writes"), (does.changes, "changes")];
            let deeds: Vec<&str> = deeds.iter().filter(|deed| deed.0).map(|deed| deed.1).collect();
            Cell::from(format!("{}{}", deeds.join(", "), if is_raced(key) { " !" } else { "" }))
        });
        std::iter::once(format!("thread\u{a0}{thread}").into()).chain(cells).collect()
    });
    let mut heads = vec!["Who".to_owned()];
    heads.extend(columns.iter().map(|(_, name)| (*name).to_owned()));
    let cut = match all > CELLS {
        true => format!(" (the first {CELLS} of {all})"),
        false => String::new(),
    };
    let label =
        format!("Who touches which slot{cut}; ! marks a race: one writes what another touches");
    View::Table { label, columns: heads, rows: rows.collect() }
}

/// What each thread did with shared memory, line by line, and what its variables hold in the end.
fn deeds(events: &[&Event]) -> View {
    let mut told: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut variables: BTreeMap<u32, BTreeMap<&str, String>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.thread < THREADS) {
        let deeds = told.entry(event.thread).or_default();
        let deed = match &event.action {
            Action::Local(name, values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                let value = match &values[..] {
                    [value] => value.clone(),
                    values => format!("({})", values.join(", ")),
                };
                variables.entry(event.thread).or_default().insert(name, value);
                continue;
            }
            Action::Step => continue,
            Action::Read(cell, _) if cell.memory == Memory::Uniform => continue,
            Action::Read(cell, value) => format!("reads {} = {value}", cell.name),
            Action::Write(cell, value) => format!("writes {} = {value}", cell.name),
            Action::Atomic { cell, before, after } => {
                format!("changes {} from {before} to {after}", cell.name)
            }
            Action::Barrier(_) => "waits".into(),
            Action::End => "ends".into(),
        };
        deeds.push(match event.place.line {
            0 => deed,
            line => format!("{line}: {deed}"),
        });
    }
    let rows = told.into_iter().map(|(thread, mut deeds)| {
        let more = deeds.len().saturating_sub(DEEDS);
        if more > 0 {
            deeds.drain(DEEDS / 2..DEEDS / 2 + more);
            deeds.insert(DEEDS / 2, format!("… {more} more …"));
        }
        let variables = variables.remove(&thread).unwrap_or_default();
        let variables = variables.into_iter().map(|(name, value)| format!("{name} = {value}"));
        let variables: Vec<String> = variables.collect();
        vec![
            format!("thread\u{a0}{thread}").into(),
            deeds.join("; ").into(),
            variables.join(", ").into(),
        ]
    });
    View::Table {
        label: "What each does, with the line of the kernel, and what it set in its variables"
            .into(),
        columns: vec!["Who".into(), "Line and deed".into(), "Variables".into()],
        rows: rows.collect(),
    }
}

/// What workgroup memory and outputs hold now.
fn held(memory: &Memories) -> Option<View> {
    if memory.is_empty() {
        return None;
    }
    let mut variables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((variable, _), (name, value)) in memory {
        variables.entry(variable).or_default().push(format!("{name} = {value}"));
    }
    let rows = variables.into_iter().map(|(variable, mut cells)| {
        if cells.len() > CELLS {
            let more = cells.len() - CELLS;
            cells.truncate(CELLS);
            cells.push(format!("… {more} more"));
        }
        vec![variable.into(), cells.join(", ").into()]
    });
    Some(View::Table {
        label: "What memory holds at the end of this stretch, as far as it was written".into(),
        columns: vec!["Variable".into(), "Cells".into()],
        rows: rows.collect(),
    })
}

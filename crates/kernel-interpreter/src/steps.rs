//! The steps of some threads: what they do at one place of a kernel, side by side, as a GPU that
//! runs its threads in bundles would. Between two barriers that is one of many orders; nobody
//! promises it.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Memory};
use crate::place::Place;
use crate::trace::{Action, Cell, Event};
use crate::value::Value;

/// How a thread uses a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It takes what is there.
    Reads,
    /// It puts something there.
    Writes,
    /// In one go, which never races with its like.
    Changes,
}

/// A thread's use of a cell that others see.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// The thread's `local_invocation_index`.
    pub thread: u32,
    /// What it uses.
    pub cell: &'a Cell,
    /// What was read, or what is there now.
    pub value: Value,
    /// Another thread is in its way.
    pub races: bool,
    /// Which of all events it is.
    pub at: usize,
}

/// What threads do at one place.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The place in the source.
    pub place: Place,
    /// How cells are used there.
    pub how: Use,
    /// One a thread that takes part.
    pub acts: Vec<Act<'a>>,
}

/// What stands below each other in a picture.
#[derive(Clone, Debug)]
pub enum Row<'a> {
    Step(Step<'a>),
    /// The barrier that ends a stretch, its number from 1; who ended or waits elsewhere.
    Barrier {
        number: u32,
        place: Place,
        absent: Vec<u32>,
    },
}

/// A cell of a variable.
type Slot<'a> = (&'a str, u32);

fn slot(cell: &Cell) -> Slot<'_> {
    (&cell.variable, cell.word)
}

/// A use of a cell that others see.
fn shared(event: &Event) -> Option<(&Cell, Use, Value)> {
    let (cell, how, value) = match &event.action {
        Action::Read(cell, value) => (cell, Use::Reads, *value),
        Action::Write(cell, value) => (cell, Use::Writes, *value),
        Action::Atomic { cell, after, .. } => (cell, Use::Changes, *after),
        _ => return None,
    };
    matches!(cell.memory, Memory::Workgroup | Memory::Storage).then_some((cell, how, value))
}

/// The rows of these threads. `findings` name races between accesses with a barrier in between, but
/// one for another kind of memory.
pub fn rows<'a>(events: &'a [Event], threads: &[u32], findings: &[&Finding]) -> Vec<Row<'a>> {
    let named: BTreeSet<(u32, Place)> = findings.iter().flat_map(|one| accesses(one)).collect();
    let last = events.iter().map(|event| event.interval).max().unwrap_or(0);
    let mut stretches: Vec<Vec<(usize, &Event)>> = vec![Vec::new(); last as usize + 1];
    for (at, event) in events.iter().enumerate() {
        stretches[event.interval as usize].push((at, event));
    }
    let mut rows = Vec::new();
    for (number, stretch) in (1..).zip(&stretches) {
        let raced = raced(stretch);
        let acts = |&thread: &u32| {
            let of = stretch.iter().filter(|(_, event)| event.thread == thread);
            let acts = of.filter_map(|&(at, event)| {
                let (cell, how, value) = shared(event)?;
                let races = raced.contains(&slot(cell)) || named.contains(&(thread, event.place));
                Some(((event.place, how), Act { thread, cell, value, races, at }))
            });
            Queue::new(acts.collect())
        };
        rows.extend(merged(threads.iter().map(acts).collect()).into_iter().map(Row::Step));
        let waits = |event: &Event| matches!(event.action, Action::Barrier(_));
        if let Some((_, first)) = stretch.iter().find(|(_, event)| waits(event)) {
            let is_here = |thread: u32| {
                stretch.iter().any(|(_, event)| {
                    event.thread == thread && waits(event) && event.place == first.place
                })
            };
            let absent = threads.iter().copied().filter(|&thread| !is_here(thread)).collect();
            rows.push(Row::Barrier { number, place: first.place, absent });
        }
    }
    rows
}

/// The accesses of a race.
fn accesses(finding: &Finding) -> Vec<(u32, Place)> {
    match finding {
        Finding::Race { first, second, .. } => {
            [first, second].map(|access| (access.thread.index, access.place)).into()
        }
        _ => Vec::new(),
    }
}

/// The cells of a stretch that two threads use, of which one writes. What is changed in one go is
/// never written or read otherwise.
fn raced<'a>(stretch: &[(usize, &'a Event)]) -> BTreeSet<Slot<'a>> {
    let mut uses: BTreeMap<Slot, (BTreeSet<u32>, bool)> = BTreeMap::new();
    for (_, event) in stretch {
        if let Some((cell, how, _)) = shared(event) {
            let (threads, written) = uses.entry(slot(cell)).or_default();
            threads.insert(event.thread);
            *written |= how == Use::Writes;
        }
    }
    let raced = uses.into_iter().filter(|(_, (threads, written))| threads.len() > 1 && *written);
    raced.map(|(slot, _)| slot).collect()
}

/// A place, and how a cell is used there.
type Key = (Place, Use);

/// What one thread still has to do in a stretch.
struct Queue<'a> {
    acts: std::iter::Peekable<std::vec::IntoIter<(Key, Act<'a>)>>,
    /// How often it still comes to each place.
    visits: BTreeMap<Key, usize>,
}

impl<'a> Queue<'a> {
    fn new(acts: Vec<(Key, Act<'a>)>) -> Self {
        let mut visits = BTreeMap::new();
        for (key, _) in &acts {
            *visits.entry(*key).or_insert(0) += 1;
        }
        Self { acts: acts.into_iter().peekable(), visits }
    }

    fn head(&mut self) -> Option<Key> {
        self.acts.peek().map(|(key, _)| *key)
    }

    /// Whether it comes to a place, but not now.
    fn comes_later(&mut self, key: Key) -> bool {
        self.visits.get(&key).is_some_and(|&visits| visits > 0) && self.head() != Some(key)
    }

    fn take(&mut self, key: Key) -> Option<Act<'a>> {
        let (_, act) = self.acts.next_if(|(head, _)| *head == key)?;
        self.visits.entry(key).and_modify(|visits| *visits -= 1);
        Some(act)
    }
}

/// Brings what several threads do in a stretch into one order: a place to which others come later
/// waits for them, and else the place that stands first in the source comes first.
fn merged(mut queues: Vec<Queue<'_>>) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    loop {
        let heads: BTreeSet<Key> = queues.iter_mut().filter_map(Queue::head).collect();
        let ready = |key: &&Key| !queues.iter_mut().any(|queue| queue.comes_later(**key));
        let Some(&key) = heads.iter().find(ready).or(heads.first()) else { return steps };
        let acts = queues.iter_mut().filter_map(|queue| queue.take(key)).collect();
        let (place, how) = key;
        steps.push(Step { place, how, acts });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Buffer, Dispatch, Kernel, TraceRequest};

    /// The rows of a kernel of four threads that ends after its own fashion: line, use and cells.
    fn rows_of(body: &str) -> Vec<String> {
        let wgsl = format!(
            "@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n\
             var<workgroup> slots: array<u32, 4>;\n\
             var<workgroup> total: atomic<u32>;\n\
             fn put(t: u32) {{ slots[t] = t; }}\n\
             @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) t: u32) {{\n{body}\n}}"
        );
        let kernel = Kernel::new(&wgsl, "main").unwrap();
        let trace = Some(TraceRequest { group: None, events: 10_000 });
        let dispatch = Dispatch::new(vec![Buffer::output(0, 4)], [1; 3]);
        let report = kernel.run(&Dispatch { trace, ..dispatch }).unwrap();
        let rows = rows(&report.trace.as_ref().unwrap().events, &[0, 1, 2, 3], &[]);
        let told = rows.iter().map(|row| match row {
            Row::Step(step) => {
                let acts = step.acts.iter().map(|act| {
                    let race = if act.races { "!" } else { "" };
                    format!(" {}:{}={}{race}", act.thread, act.cell.name, act.value)
                });
                format!("{} {:?}{}", step.place.line, step.how, acts.collect::<String>())
            }
            Row::Barrier { number, place, absent } => {
                format!("{} barrier {number} without {absent:?}", place.line)
            }
        });
        told.collect()
    }

    #[test]
    fn threads_stand_side_by_side() {
        let rows = rows_of(
            "slots[t] = t;\n\
             workgroupBarrier();\n\
             if t < 2u {\n\
                 slots[t] += slots[t + 2u];\n\
             }\n\
             workgroupBarrier();\n\
             y[t] = slots[0];",
        );
        let wanted = [
            "6 Writes 0:slots[0]=0 1:slots[1]=1 2:slots[2]=2 3:slots[3]=3",
            "7 barrier 1 without []",
            "9 Reads 0:slots[0]=0 1:slots[1]=1",
            "9 Reads 0:slots[2]=2 1:slots[3]=3",
            "9 Writes 0:slots[0]=2 1:slots[1]=4",
            "11 barrier 2 without []",
            "12 Reads 0:slots[0]=2 1:slots[0]=2 2:slots[0]=2 3:slots[0]=2",
            "12 Writes 0:y[0]=2 1:y[1]=2 2:y[2]=2 3:y[3]=2",
        ];
        assert_eq!(rows, wanted);
    }

    #[test]
    fn whoever_is_early_waits_for_the_others() {
        // Threads 0 and 1 have more to do before all come to `put`, which stands further up.
        let rows = rows_of("if t < 2u {\n    y[t] = 7u;\n}\nput(t);\ny[t] = 8u;");
        let wanted = [
            "7 Writes 0:y[0]=7 1:y[1]=7",
            "4 Writes 0:slots[0]=0 1:slots[1]=1 2:slots[2]=2 3:slots[3]=3",
            "10 Writes 0:y[0]=8 1:y[1]=8 2:y[2]=8 3:y[3]=8",
        ];
        assert_eq!(rows, wanted);
    }

    #[test]
    fn branches_stand_in_the_order_of_the_source() {
        let rows = rows_of("if t == 3u {\n    y[t] = 7u;\n} else {\n    y[t] = 8u;\n}");
        assert_eq!(rows, ["7 Writes 3:y[3]=7", "9 Writes 0:y[0]=8 1:y[1]=8 2:y[2]=8"]);
    }

    #[test]
    fn rounds_of_a_loop_stand_side_by_side() {
        let rows = rows_of("for (var i = 0u; i <= t; i += 1u) {\n    y[t] = i;\n}");
        let wanted = [
            "7 Writes 0:y[0]=0 1:y[1]=0 2:y[2]=0 3:y[3]=0",
            "7 Writes 1:y[1]=1 2:y[2]=1 3:y[3]=1",
            "7 Writes 2:y[2]=2 3:y[3]=2",
            "7 Writes 3:y[3]=3",
        ];
        assert_eq!(rows, wanted);
    }

    #[test]
    fn races_are_marked_and_changes_in_one_go_are_not() {
        let rows = rows_of("atomicAdd(&total, 1u);\nslots[t / 2u] = 5u;\ny[t] = slots[3];");
        assert!(rows[0].starts_with("6 Changes") && !rows[0].contains('!'), "{rows:?}");
        assert_eq!(rows[1], "7 Writes 0:slots[0]=5! 1:slots[0]=5! 2:slots[1]=5! 3:slots[1]=5!");
        assert!(!rows[2].contains('!') && !rows[3].contains('!'), "{rows:?}");
    }

    #[test]
    fn who_does_not_come_to_a_barrier_is_named() {
        let rows = rows_of("if t == 3u {\n    return;\n}\nworkgroupBarrier();\ny[t] = 1u;");
        assert_eq!(rows[0], "9 barrier 1 without [3]");
    }
}

//! Runs a program: one thread at a time, from barrier to barrier.

mod memory;
mod thread;

use std::collections::HashSet;

use crate::finding::{Barrier, Finding, Thread};
use crate::layout::Kind;
use crate::program::{Pc, PlaceId, Program, Space};
use crate::shadow::{Cell, Mark};
use crate::trace::{Action, Cell as TraceCell, Event, Trace, TraceRequest};

/// No more findings than a reader wants.
const MOST_FINDINGS: usize = 40;

/// What a run is made of.
pub(crate) struct Setup<'r> {
    /// All buffers, one after the other.
    pub buffers: Vec<u32>,
    /// Which words of them are outputs.
    pub outputs: Vec<std::ops::Range<u32>>,
    pub workgroups: [u32; 3],
    pub seed: u64,
    pub steps: u64,
    pub trace: Option<&'r TraceRequest>,
}

/// What a run leaves.
pub(crate) struct Outcome {
    pub buffers: Vec<u32>,
    pub findings: Vec<Finding>,
    /// The words of outputs that nobody wrote; none if the run did not come to its end.
    pub unwritten: Vec<u32>,
    pub steps: u64,
    /// How often each word of the buffers was read, and workgroup memory as a whole.
    pub reads: Vec<u32>,
    pub workgroup_reads: u64,
    pub trace: Trace,
}

struct ThreadState {
    pc: Pc,
    words: Vec<u32>,
    calls: Vec<Pc>,
    steps: u64,
    last: PlaceId,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Runs,
    Waits(Barrier, PlaceId),
    Ended(PlaceId),
    /// It has used up its steps.
    Endless,
}

struct Machine<'p> {
    program: &'p Program<'p>,
    buffers: Vec<u32>,
    outputs: Vec<std::ops::Range<u32>>,
    shared: Vec<u32>,
    shared_cells: Vec<Cell>,
    buffer_cells: Vec<Cell>,
    reads: Vec<u32>,
    workgroup_reads: u64,
    /// Number of the workgroup, its place in the grid, and whether there are others.
    group: u32,
    group_id: [u32; 3],
    many: bool,
    /// How wide and high the grid is.
    grid: [u32; 2],
    /// Barriers passed: for workgroup memory, for storage, all.
    workgroup_interval: u32,
    storage_interval: u32,
    barriers: u32,
    budget: u64,
    findings: Vec<Finding>,
    seen: HashSet<(u8, usize, PlaceId, PlaceId)>,
    trace: Trace,
    request: Option<&'p TraceRequest>,
    tracing: bool,
}

/// A stream of random numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn shuffle(&mut self, items: &mut [u32]) {
        for i in (1..items.len()).rev() {
            let other = self.next() % (i as u64 + 1);
            items.swap(i, other as usize);
        }
    }
}

pub(crate) fn run(program: &Program<'_>, setup: Setup<'_>) -> Outcome {
    let [x, y, z] = setup.workgroups;
    let groups = x * y * z;
    let mut machine = Machine {
        program,
        buffer_cells: vec![Cell::UNUSED; setup.buffers.len()],
        reads: vec![0; setup.buffers.len()],
        workgroup_reads: 0,
        buffers: setup.buffers,
        outputs: setup.outputs,
        shared: vec![0; program.workgroup_words as usize],
        shared_cells: vec![Cell::UNUSED; program.workgroup_words as usize],
        group: 0,
        group_id: [0; 3],
        many: groups > 1,
        grid: [x, y],
        workgroup_interval: 0,
        storage_interval: 0,
        barriers: 0,
        budget: setup.steps,
        findings: Vec::new(),
        seen: HashSet::new(),
        trace: Trace::default(),
        request: setup.trace,
        tracing: false,
    };
    let mut random = Random(setup.seed);
    let mut order: Vec<u32> = (0..groups).collect();
    random.shuffle(&mut order);
    let mut steps = 0;
    let mut whole = true;
    for group in order {
        machine.begin([group % x, group / x % y, group / (x * y)], group);
        let (done, taken) = machine.workgroup(setup.workgroups, &mut random);
        steps += taken;
        if !done {
            whole = false;
            break;
        }
    }
    let unwritten = match whole {
        true => machine
            .outputs
            .iter()
            .cloned()
            .flatten()
            .filter(|&word| !machine.buffer_cells[word as usize].is_written(None))
            .collect(),
        false => Vec::new(),
    };
    Outcome {
        buffers: machine.buffers,
        findings: machine.findings,
        unwritten,
        steps,
        reads: machine.reads,
        workgroup_reads: machine.workgroup_reads,
        trace: machine.trace,
    }
}

impl Machine<'_> {
    fn begin(&mut self, id: [u32; 3], group: u32) {
        self.group = group;
        self.group_id = id;
        self.shared.fill(0);
        self.shared_cells.fill(Cell::UNUSED);
        (self.workgroup_interval, self.storage_interval, self.barriers) = (0, 0, 0);
        self.tracing = self.request.is_some_and(|r| r.group.is_none_or(|group| group == id));
    }

    fn threads(&self, groups: [u32; 3]) -> Vec<ThreadState> {
        let [x, y, z] = self.program.workgroup_size;
        let builtins = self.program.builtins;
        let count = x * y * z;
        let thread = |index: u32| {
            let mut words = self.program.image.clone();
            let local = [index % x, index / x % y, index / (x * y)];
            let mut put = |slot: u32, three: [u32; 3]| {
                words[slot as usize..slot as usize + 3].copy_from_slice(&three);
            };
            put(builtins.local, local);
            put(builtins.group, self.group_id);
            put(builtins.groups, groups);
            let [gx, gy, gz] = self.group_id;
            put(builtins.global, [gx * x + local[0], gy * y + local[1], gz * z + local[2]]);
            words[builtins.local_index as usize] = index;
            ThreadState {
                pc: self.program.start,
                words,
                calls: Vec::new(),
                steps: 0,
                last: 0,
                state: State::Runs,
            }
        };
        (0..count).map(thread).collect()
    }

    /// Runs a workgroup; whether it came to its end, and the steps of all its threads.
    fn workgroup(&mut self, groups: [u32; 3], random: &mut Random) -> (bool, u64) {
        let mut threads = self.threads(groups);
        let mut order: Vec<u32> = (0..threads.len() as u32).collect();
        let done = loop {
            random.shuffle(&mut order);
            let mut endless = false;
            for &index in &order {
                let thread = &mut threads[index as usize];
                if thread.state != State::Runs {
                    continue;
                }
                if self.tracing {
                    self.thread::<true>(index, thread);
                } else {
                    self.thread::<false>(index, thread);
                }
                if thread.state == State::Endless {
                    endless = true;
                    break;
                }
            }
            if endless {
                break false;
            }
            let ended = |thread: &ThreadState| matches!(thread.state, State::Ended(_));
            if threads.iter().all(ended) {
                break true;
            }
            if !self.meet(&mut threads) {
                break false;
            }
        };
        (done, threads.iter().map(|thread| thread.steps).sum())
    }

    /// All threads have ended or wait: lets them pass, or says why they cannot.
    fn meet(&mut self, threads: &mut [ThreadState]) -> bool {
        let waits = |thread: &ThreadState| match thread.state {
            State::Waits(barrier, place) => Some((barrier, place)),
            _ => None,
        };
        let mut waiting = (0..).zip(threads.iter());
        let first = waiting.find_map(|(i, thread)| Some((i, waits(thread)?)));
        let Some((one, (barrier, place))) = first else { return true };
        let missing = (0..).zip(threads.iter()).find_map(|(i, thread)| match thread.state {
            State::Ended(place) => Some((i, place)),
            _ => None,
        });
        if let Some((other, ended)) = missing {
            let count = threads.iter().filter(|thread| waits(thread).is_some()).count() as u32;
            let finding = Finding::BarrierNotReached {
                place: self.program.place(place),
                barrier,
                waiting: self.name(one),
                count,
                missing: self.name(other),
                ended: self.program.place(ended),
            };
            self.found((0, 0, place, ended), finding);
            return false;
        }
        let pc = threads[one as usize].pc;
        let rounds = |thread: &ThreadState| -> Vec<u32> {
            let inside = |l: &&crate::program::Loop| (l.start..l.end).contains(&pc);
            let loops = self.program.loops.iter().filter(inside);
            loops.map(|l| thread.words[l.counter as usize]).collect()
        };
        let here = rounds(&threads[one as usize]);
        let other = (0..).zip(threads.iter()).find_map(|(i, thread)| {
            let elsewhere = thread.pc != pc;
            let there = rounds(thread);
            if elsewhere {
                return Some((i, None));
            }
            let pair = here.iter().zip(&there).find(|(a, b)| a != b)?;
            Some((i, Some((*pair.0, *pair.1))))
        });
        if let Some((other, rounds)) = other {
            let other_place = waits(&threads[other as usize]).map_or(0, |(_, place)| place);
            let finding = Finding::DifferentBarriers {
                place: self.program.place(place),
                thread: self.name(one),
                other_place: self.program.place(other_place),
                other: self.name(other),
                rounds,
            };
            self.found((1, 0, place, other_place), finding);
            return false;
        }
        self.barriers += 1;
        match barrier {
            Barrier::Workgroup | Barrier::UniformLoad => self.workgroup_interval += 1,
            Barrier::Storage => self.storage_interval += 1,
        }
        threads.iter_mut().for_each(|thread| thread.state = State::Runs);
        true
    }

    fn name(&self, index: u32) -> Thread {
        Thread { group: self.many.then_some(self.group_id), index }
    }

    /// The thread of an earlier use.
    fn earlier(&self, mark: &Mark) -> Thread {
        let [x, y] = self.grid;
        let id = [mark.group % x, mark.group / x % y, mark.group / (x * y)];
        Thread { group: self.many.then_some(id), index: mark.thread }
    }

    /// Keeps a finding unless one of its kind at its places is there already.
    fn found(&mut self, key: (u8, usize, PlaceId, PlaceId), finding: Finding) {
        if self.findings.len() < MOST_FINDINGS && self.seen.insert(key) {
            self.findings.push(finding);
        }
    }

    fn event(&mut self, index: u32, step: u64, place: PlaceId, action: Action) {
        let most = self.request.map_or(0, |request| request.events);
        if self.trace.events.len() >= most {
            self.trace.cut = true;
            return;
        }
        let (group, interval) = (self.group_id, self.barriers);
        let place = self.program.place(place);
        self.trace.events.push(Event { group, thread: index, step, interval, place, action });
    }

    fn traced_cell(&self, space: Space, address: u32) -> Option<(TraceCell, Kind)> {
        let named = self.program.name(space, address)?;
        let global = &self.program.globals[named.global];
        let cell = TraceCell {
            variable: global.name.clone(),
            memory: global.memory,
            index: named.index,
            name: named.name,
            word: named.word,
        };
        Some((cell, named.kind))
    }

    fn mark(&self, index: u32, space: Space, place: PlaceId) -> Mark {
        let interval = match space {
            Space::Buffers => self.storage_interval,
            _ => self.workgroup_interval,
        };
        Mark { group: self.group, thread: index, interval, barriers: self.barriers, place }
    }
}

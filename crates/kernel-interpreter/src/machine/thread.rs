//! What a thread does: one operation after the other.

use super::{Machine, State, ThreadState};
use crate::arith::{bin, tri, un};
use crate::finding::Finding;
use crate::layout::Kind;
use crate::program::{Atomic, NOWHERE, Op, Pc, Space};
use crate::trace::Action;
use crate::value::Value;

/// From this round on the variables of a loop's condition are watched.
const WATCHED_FROM: u32 = 32;

impl Machine<'_> {
    /// Runs a thread until it waits, ends, or has no steps left.
    pub(super) fn thread<const TRACE: bool>(&mut self, index: u32, thread: &mut ThreadState) {
        let program = self.program;
        let words = &mut thread.words[..];
        let mut pc = thread.pc as usize;
        let mut steps = thread.steps;
        thread.state = loop {
            let op = program.ops[pc];
            pc += 1;
            match op {
                Op::Step(place) => {
                    steps += 1;
                    thread.last = place;
                    if TRACE {
                        self.event(index, steps, place, Action::Step);
                    }
                    if steps > self.budget {
                        thread.pc = pc as Pc;
                        thread.steps = steps;
                        self.endless(index, thread);
                        return;
                    }
                }
                Op::Copy { to, from } => words[to as usize] = words[from as usize],
                Op::Zero { to, words: count } => {
                    words[to as usize..(to + count) as usize].fill(0);
                }
                Op::Bin { op, to, a, b } => {
                    words[to as usize] = bin(op, words[a as usize], words[b as usize]);
                }
                Op::Un { op, to, a } => words[to as usize] = un(op, words[a as usize]),
                Op::Tri { op, to, a, b, c } => {
                    words[to as usize] =
                        tri(op, words[a as usize], words[b as usize], words[c as usize]);
                }
                Op::Index { to, base, index: at, site } => {
                    let bits = words[at as usize];
                    let site_of = &program.sites[site as usize];
                    // A negative index is a very large one.
                    words[to as usize] = if bits < site_of.length {
                        words[base as usize].wrapping_add(bits * site_of.stride)
                    } else {
                        self.outside(index, bits, site);
                        NOWHERE
                    };
                }
                Op::Load { space, to, at, offset, place } => {
                    let address = words[at as usize] + offset;
                    if address >= NOWHERE {
                        words[to as usize] = 0;
                        continue;
                    }
                    words[to as usize] = match space {
                        Space::Thread => words[address as usize],
                        Space::Private => {
                            if words[(address + program.written_behind) as usize] == 0 {
                                self.unset(index, space, address, place);
                            }
                            words[address as usize]
                        }
                        _ => self.load(index, space, address, place),
                    };
                    if TRACE {
                        let value = words[to as usize];
                        self.trace_access(index, steps, space, address, place, value, false);
                    }
                }
                Op::Store { space, at, offset, from, place } => {
                    let address = words[at as usize] + offset;
                    if address >= NOWHERE {
                        continue;
                    }
                    let value = words[from as usize];
                    match space {
                        Space::Thread => words[address as usize] = value,
                        Space::Private => {
                            words[address as usize] = value;
                            words[(address + program.written_behind) as usize] = 1;
                        }
                        _ => self.store(index, space, address, place, value),
                    }
                    if TRACE {
                        self.trace_access(index, steps, space, address, place, value, true);
                    }
                }
                Op::Atomic { space, fun, to, at, offset, value, place } => {
                    let address = words[at as usize] + offset;
                    if address >= NOWHERE {
                        words[to as usize] = 0;
                        continue;
                    }
                    let before = self.cell(space, address);
                    let value = words[value as usize];
                    let after = match fun {
                        Atomic::Load => before,
                        Atomic::Store | Atomic::Exchange => value,
                        Atomic::Combine(op) => bin(op, before, value),
                    };
                    let changes = fun != Atomic::Load;
                    self.atomic::<TRACE>(
                        index,
                        steps,
                        (space, address, place),
                        (before, after),
                        changes,
                    );
                    words[to as usize] = before;
                }
                Op::CompareExchange { space, to, at, offset, compare, value, place } => {
                    let address = words[at as usize] + offset;
                    if address >= NOWHERE {
                        words[to as usize] = 0;
                        continue;
                    }
                    let before = self.cell(space, address);
                    let equal = before == words[compare as usize];
                    let after = if equal { words[value as usize] } else { before };
                    self.atomic::<TRACE>(
                        index,
                        steps,
                        (space, address, place),
                        (before, after),
                        equal,
                    );
                    words[to as usize] = before;
                    words[to as usize + 1] = equal.into();
                }
                Op::Jump(to) => pc = to as usize,
                Op::JumpUnless { condition, to } => {
                    if words[condition as usize] == 0 {
                        pc = to as usize;
                    }
                }
                Op::JumpIf { condition, to } => {
                    if words[condition as usize] != 0 {
                        pc = to as usize;
                    }
                }
                Op::Call { to, link } => {
                    words[link as usize] = pc as u32;
                    thread.calls.push(pc as Pc - 1);
                    pc = to as usize;
                }
                Op::Return { link } => {
                    thread.calls.pop();
                    pc = words[link as usize] as usize;
                }
                Op::End(place) => {
                    if TRACE {
                        let at = if place == 0 { thread.last } else { place };
                        self.event(index, steps, at, Action::End);
                    }
                    break State::Ended(place);
                }
                Op::Wait { barrier, place } => {
                    if TRACE {
                        self.event(index, steps, place, Action::Barrier(barrier));
                    }
                    break State::Waits(barrier, place);
                }
                Op::Enter(id) => words[program.loops[id as usize].counter as usize] = 0,
                Op::Round(id) => {
                    let this = &program.loops[id as usize];
                    let round = words[this.counter as usize].saturating_add(1);
                    words[this.counter as usize] = round;
                    if round >= WATCHED_FROM {
                        for watched in &this.watched {
                            let (now, memory) =
                                (words[watched.slot as usize], watched.memory as usize);
                            let last = words[memory];
                            if round == WATCHED_FROM {
                                words[memory + 2] = 0;
                            } else if now != last {
                                words[memory + 1] = last;
                                words[memory + 2] = 1;
                            }
                            words[memory] = now;
                        }
                    }
                    steps += 1;
                    if steps > self.budget {
                        thread.pc = pc as Pc;
                        thread.steps = steps;
                        self.endless(index, thread);
                        return;
                    }
                }
                Op::Watch { watch, place } => {
                    if TRACE {
                        let watch = &program.watches[watch as usize];
                        let value =
                            |&(slot, kind): &(u32, Kind)| Value::new(kind, words[slot as usize]);
                        let values = watch.words.iter().map(value).collect();
                        let place = if place == 0 { thread.last } else { place };
                        self.event(index, steps, place, Action::Local(watch.name.clone(), values));
                    }
                }
            }
        };
        thread.pc = pc as Pc;
        thread.steps = steps;
    }

    /// A thread has used up its steps: says which loop it is in, and what moves there.
    #[cold]
    fn endless(&mut self, index: u32, thread: &mut ThreadState) {
        thread.state = State::Endless;
        let stack = || thread.calls.iter().copied().chain([thread.pc.saturating_sub(1)]);
        let loops =
            self.program.loops.iter().filter(|l| stack().any(|pc| (l.start..l.end).contains(&pc)));
        let busiest = loops.max_by_key(|l| thread.words[l.counter as usize]);
        let Some(this) = busiest else {
            // Without a loop there are as many steps as statements.
            return;
        };
        let rounds = thread.words[this.counter as usize];
        let (mut still, mut moving) = (Vec::new(), Vec::new());
        if rounds > WATCHED_FROM {
            for watched in &this.watched {
                let at = watched.memory as usize;
                let value = |bits| Value::new(watched.kind, bits);
                let (now, before) = (value(thread.words[at]), value(thread.words[at + 1]));
                match thread.words[at + 2] {
                    0 => still.push((watched.name.clone(), now)),
                    _ => moving.push((watched.name.clone(), before, now)),
                }
            }
        }
        let finding = Finding::EndlessLoop {
            place: self.program.place(this.place),
            thread: self.name(index),
            rounds,
            still,
            moving,
            reads: this.reads.clone(),
        };
        self.found((9, 0, this.place, 0), finding);
    }
}

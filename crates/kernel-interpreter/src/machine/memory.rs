//! What a thread reads and writes, and what the shadow of the memory says of it.

use super::Machine;
use crate::finding::{Access, Finding};
use crate::program::{PlaceId, Space};
use crate::shadow::{Conflict, Mark};
use crate::trace::Action;
use crate::value::Value;

impl Machine<'_> {
    /// The word at an address.
    pub(super) fn cell(&self, space: Space, address: u32) -> u32 {
        match space {
            Space::Buffers => self.buffers[address as usize],
            _ => self.shared[address as usize],
        }
    }

    pub(super) fn load(&mut self, index: u32, space: Space, address: u32, place: PlaceId) -> u32 {
        let who = self.mark(index, space, place);
        let value = self.cell(space, address);
        let (conflict, unset) = match space {
            Space::Buffers => {
                self.reads[address as usize] += 1;
                let cell = &mut self.buffer_cells[address as usize];
                let unset = !cell.is_written(None)
                    && self.outputs.iter().any(|output| output.contains(&address));
                (cell.read(who), unset)
            }
            _ => {
                self.workgroup_reads += 1;
                let cell = &mut self.shared_cells[address as usize];
                let unset = !cell.is_written(Some(self.group));
                (cell.read(who), unset)
            }
        };
        if unset {
            self.unset(index, space, address, place);
        }
        if let Some(Conflict::Race(mark, _)) = conflict {
            // What was written is still there.
            self.race(index, (space, address), (mark, true, value), (who, false, value));
        }
        value
    }

    pub(super) fn store(
        &mut self,
        index: u32,
        space: Space,
        address: u32,
        place: PlaceId,
        value: u32,
    ) {
        let who = self.mark(index, space, place);
        let (cells, memory) = match space {
            Space::Buffers => (&mut self.buffer_cells, &mut self.buffers),
            _ => (&mut self.shared_cells, &mut self.shared),
        };
        let before = std::mem::replace(&mut memory[address as usize], value);
        match cells[address as usize].write(who) {
            Some(Conflict::Race(mark, write)) => {
                self.race(index, (space, address), (mark, write, before), (who, true, value));
            }
            Some(Conflict::Overwrite(mark))
                if before != value
                    && space == Space::Buffers
                    && self.outputs.iter().any(|output| output.contains(&address)) =>
            {
                let Some(named) = self.program.name(space, address) else { return };
                let access = |mark: &Mark, bits| Access {
                    thread: self.name(mark.thread),
                    place: self.program.place(mark.place),
                    write: true,
                    value: Value::new(named.kind, bits),
                };
                let finding = Finding::WrittenTwice {
                    variable: named.name,
                    index: named.index,
                    first: access(&mark, before),
                    second: access(&who, value),
                };
                self.found((2, named.global, mark.place, place), finding);
            }
            _ => {}
        }
    }

    pub(super) fn race(
        &mut self,
        index: u32,
        (space, address): (Space, u32),
        (mark, write, before): (Mark, bool, u32),
        (who, writes, value): (Mark, bool, u32),
    ) {
        let key =
            |global| (3 + u8::from(write) + 2 * u8::from(writes), global, mark.place, who.place);
        let Some(named) = self.program.name(space, address) else { return };
        if self.seen.contains(&key(named.global)) {
            return;
        }
        let first = Access {
            thread: self.earlier(&mark),
            place: self.program.place(mark.place),
            write,
            value: Value::new(named.kind, before),
        };
        let second = Access {
            thread: self.name(index),
            place: self.program.place(who.place),
            write: writes,
            value: Value::new(named.kind, value),
        };
        let finding = Finding::Race {
            variable: named.name,
            index: named.index,
            memory: self.program.globals[named.global].memory,
            first,
            second,
            wrong_barrier: mark.group == who.group && mark.barriers != who.barriers,
        };
        self.found(key(named.global), finding);
    }

    pub(super) fn unset(&mut self, index: u32, space: Space, address: u32, place: PlaceId) {
        let Some(named) = self.program.name(space, address) else { return };
        let finding = Finding::ReadBeforeWrite {
            place: self.program.place(place),
            thread: self.name(index),
            variable: named.name,
            index: named.index,
            memory: self.program.globals[named.global].memory,
        };
        self.found((7, named.global, place, 0), finding);
    }

    #[cold]
    pub(super) fn outside(&mut self, index: u32, bits: u32, site: u32) {
        let site = &self.program.sites[site as usize];
        let finding = Finding::OutOfBounds {
            place: self.program.place(site.place),
            thread: self.name(index),
            variable: site.variable.clone(),
            index: if site.signed { i64::from(bits as i32) } else { i64::from(bits) },
            length: site.length,
            write: site.write,
        };
        self.found((8, usize::from(site.write), site.place, 0), finding);
    }

    pub(super) fn atomic<const TRACE: bool>(
        &mut self,
        index: u32,
        step: u64,
        (space, address, place): (Space, u32, PlaceId),
        (before, after): (u32, u32),
        changes: bool,
    ) {
        match space {
            Space::Buffers => self.reads[address as usize] += 1,
            _ => self.workgroup_reads += 1,
        }
        if changes {
            let who = self.mark(index, space, place);
            let (cells, memory) = match space {
                Space::Buffers => (&mut self.buffer_cells, &mut self.buffers),
                _ => (&mut self.shared_cells, &mut self.shared),
            };
            memory[address as usize] = after;
            cells[address as usize].atomic(who);
        }
        if TRACE && let Some((cell, kind)) = self.traced_cell(space, address) {
            let (before, after) = (Value::new(kind, before), Value::new(kind, after));
            self.event(index, step, place, Action::Atomic { cell, before, after });
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what an access is")]
    pub(super) fn trace_access(
        &mut self,
        index: u32,
        step: u64,
        space: Space,
        address: u32,
        place: PlaceId,
        bits: u32,
        write: bool,
    ) {
        let Some((cell, kind)) = self.traced_cell(space, address) else { return };
        let value = Value::new(kind, bits);
        let action = if write { Action::Write(cell, value) } else { Action::Read(cell, value) };
        self.event(index, step, place, action);
    }
}

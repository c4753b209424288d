//! Who used a cell, so that two uses without an order between them are seen.

/// One use of a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// The workgroup, counted through the grid; `NOBODY` if there was no use.
    pub group: u32,
    pub thread: u32,
    /// How many barriers for this kind of memory the workgroup had passed.
    pub interval: u32,
    /// How many barriers of any kind.
    pub barriers: u32,
    pub place: u32,
}

const NOBODY: u32 = u32::MAX;

const NONE: Mark = Mark { group: NOBODY, thread: 0, interval: 0, barriers: 0, place: 0 };

impl Mark {
    fn exists(&self) -> bool {
        self.group != NOBODY
    }

    /// Another thread of the same workgroup, without a barrier in between.
    fn conflicts(&self, other: &Mark) -> bool {
        self.group == other.group && self.interval == other.interval && self.thread != other.thread
    }
}

/// What is known of a cell. Workgroups run one after the other, so one use by any earlier workgroup
/// says as much as all of them; within a workgroup, two readers say as much as all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    write: Mark,
    reads: [Mark; 2],
    earlier_write: Mark,
    earlier_read: Mark,
    /// A race on this cell was found: one is enough.
    told: bool,
}

/// What a use of a cell comes in the way of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Conflict {
    /// A use that nothing keeps apart from this one; whether it was a write.
    Race(Mark, bool),
    /// An earlier write of another thread, with a barrier in between.
    Overwrite(Mark),
}

impl Cell {
    pub(crate) const UNUSED: Self = Self {
        write: NONE,
        reads: [NONE; 2],
        earlier_write: NONE,
        earlier_read: NONE,
        told: false,
    };

    /// Whether anybody wrote it; in workgroup memory, whether this workgroup did.
    pub(crate) fn is_written(&self, group: Option<u32>) -> bool {
        match group {
            Some(group) => self.write.group == group,
            None => self.write.exists() || self.earlier_write.exists(),
        }
    }

    /// What the last workgroup did becomes the past.
    fn turn(&mut self, group: u32) {
        if self.write.exists() && self.write.group != group {
            self.earlier_write = self.write;
            self.write = NONE;
        }
        if self.reads[0].exists() && self.reads[0].group != group {
            self.earlier_read = self.reads[0];
            self.reads = [NONE; 2];
        }
    }

    pub(crate) fn read(&mut self, who: Mark) -> Option<Conflict> {
        self.turn(who.group);
        let [first, second] = &mut self.reads;
        if !(first.group == who.group && first.interval == who.interval) {
            (*first, *second) = (who, NONE);
        } else if first.thread != who.thread && !second.exists() {
            *second = who;
        }
        if self.told {
            return None;
        }
        let race = if self.write.conflicts(&who) {
            self.write
        } else if self.earlier_write.exists() {
            self.earlier_write
        } else {
            return None;
        };
        self.told = true;
        Some(Conflict::Race(race, true))
    }

    pub(crate) fn write(&mut self, who: Mark) -> Option<Conflict> {
        self.turn(who.group);
        let before = std::mem::replace(&mut self.write, who);
        if self.told {
            return None;
        }
        let found = if before.conflicts(&who) {
            (before, true)
        } else if let Some(read) = self.reads.iter().find(|read| read.conflicts(&who)) {
            (*read, false)
        } else if self.earlier_write.exists() {
            (self.earlier_write, true)
        } else if self.earlier_read.exists() {
            (self.earlier_read, false)
        } else if before.exists() && before.thread != who.thread {
            return Some(Conflict::Overwrite(before));
        } else {
            return None;
        };
        self.told = true;
        Some(Conflict::Race(found.0, found.1))
    }

    /// An atomic function writes it, or may: such uses are never in each other's way.
    pub(crate) fn atomic(&mut self, who: Mark) {
        self.write = who;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(group: u32, thread: u32, interval: u32) -> Mark {
        Mark { group, thread, interval, barriers: interval, place: 1 }
    }

    fn races(conflict: Option<Conflict>) -> bool {
        matches!(conflict, Some(Conflict::Race(..)))
    }

    #[test]
    fn a_barrier_orders_a_workgroup() {
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.write(mark(0, 1, 0))));
        assert!(!races(cell.read(mark(0, 1, 0))));
        assert!(!races(cell.read(mark(0, 2, 1))));
        assert!(!races(cell.read(mark(0, 3, 1))));
        assert!(!races(cell.write(mark(0, 2, 2))));
    }

    #[test]
    fn the_second_reader_counts_too() {
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.read(mark(0, 1, 0))));
        assert!(!races(cell.read(mark(0, 2, 0))));
        assert!(races(cell.write(mark(0, 1, 0))));
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.read(mark(0, 1, 0))));
        assert!(!races(cell.write(mark(0, 1, 0))));
        assert!(races(cell.write(mark(0, 2, 0))));
        assert!(!races(cell.write(mark(0, 3, 0))), "told once");
    }

    #[test]
    fn nothing_orders_workgroups() {
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.read(mark(0, 1, 0))));
        assert!(races(cell.write(mark(1, 1, 5))));
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.write(mark(0, 1, 0))));
        assert!(races(cell.read(mark(1, 1, 1))));
        let mut cell = Cell::UNUSED;
        assert!(!races(cell.read(mark(0, 1, 0))));
        assert!(!races(cell.read(mark(1, 1, 0))));
        assert!(!races(cell.read(mark(2, 1, 0))));
        assert!(races(cell.write(mark(2, 1, 1))));
    }

    #[test]
    fn an_overwrite_is_no_race() {
        let mut cell = Cell::UNUSED;
        assert!(cell.write(mark(0, 1, 0)).is_none());
        assert!(cell.write(mark(0, 1, 1)).is_none());
        assert!(matches!(cell.write(mark(0, 2, 2)), Some(Conflict::Overwrite(_))));
        assert!(cell.is_written(Some(0)) && !cell.is_written(Some(1)) && cell.is_written(None));
    }
}

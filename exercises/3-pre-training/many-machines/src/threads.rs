//! The same ring with a thread for each rank.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::{Link, MachineError, Ran};

/// What all ranks see.
struct Board {
    inboxes: Vec<VecDeque<Vec<f64>>>,
    waits: Vec<bool>,
    done: Vec<bool>,
    sent: Vec<usize>,
    messages: Vec<usize>,
    /// Who waited when nobody could go on.
    stuck: Option<Vec<usize>>,
}

impl Board {
    /// Looks whether anybody can still go on.
    fn look(&mut self) {
        let ranks = self.inboxes.len();
        let idle = |&rank: &usize| self.waits[rank] && self.inboxes[rank].is_empty();
        let waiting: Vec<usize> = (0..ranks).filter(idle).collect();
        let done = self.done.iter().filter(|&&done| done).count();
        if !waiting.is_empty() && waiting.len() + done == ranks {
            self.stuck.get_or_insert(waiting);
        }
    }
}

struct Shared {
    board: Mutex<Board>,
    changed: Condvar,
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Thread<'a> {
    rank: usize,
    ranks: usize,
    shared: &'a Shared,
}

impl Link for Thread<'_> {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn send(&mut self, numbers: &[f64]) {
        let mut board = self.shared.board();
        board.sent[self.rank] += numbers.len();
        board.messages[self.rank] += 1;
        board.inboxes[(self.rank + 1) % self.ranks].push_back(numbers.to_vec());
        self.shared.changed.notify_all();
    }

    fn receive(&mut self) -> Result<Vec<f64>, MachineError> {
        let mut board = self.shared.board();
        loop {
            if let Some(message) = board.inboxes[self.rank].pop_front() {
                board.waits[self.rank] = false;
                return Ok(message);
            }
            board.waits[self.rank] = true;
            board.look();
            if let Some(waiting) = board.stuck.clone() {
                self.shared.changed.notify_all();
                return Err(MachineError::Deadlock { waiting });
            }
            board = self.shared.changed.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Whoever ends, also by a panic, is waited for no more.
impl Drop for Thread<'_> {
    fn drop(&mut self) {
        let mut board = self.shared.board();
        board.done[self.rank] = true;
        board.waits[self.rank] = false;
        board.look();
        self.shared.changed.notify_all();
    }
}

/// Runs a program on a rank for each start, each in a thread of its own.
///
/// # Errors
/// As [`in_turns`](crate::in_turns). There is no time limit: the last rank to wait notices that
/// nobody can go on.
///
/// # Panics
/// If a rank does.
pub fn on_threads<S: Send, T: Send>(
    starts: Vec<S>,
    program: impl Fn(&mut dyn Link, &mut S) -> Result<T, MachineError> + Sync,
) -> Result<Ran<S, T>, MachineError> {
    let ranks = starts.len();
    let board = Board {
        inboxes: vec![VecDeque::new(); ranks],
        waits: vec![false; ranks],
        done: vec![false; ranks],
        sent: vec![0; ranks],
        messages: vec![0; ranks],
        stuck: None,
    };
    let shared = Shared { board: Mutex::new(board), changed: Condvar::new() };
    let (shared, program) = (&shared, &program);
    let ended = thread::scope(|scope| {
        let threads: Vec<_> = starts
            .into_iter()
            .enumerate()
            .map(|(rank, mut state)| {
                scope.spawn(move || {
                    let mut link = Thread { rank, ranks, shared };
                    let result = program(&mut link, &mut state);
                    (state, result)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
    });
    let ended: Vec<_> =
        ended.into_iter().map(|end| end.unwrap_or_else(|panic| resume_unwind(panic))).collect();
    let mut board = shared.board();
    if let Some(waiting) = board.stuck.take() {
        return Err(MachineError::Deadlock { waiting });
    }
    let unread = board.inboxes.iter().map(VecDeque::len).sum();
    let (sent, messages) = (board.sent.clone(), board.messages.clone());
    let (states, results): (Vec<S>, Vec<_>) = ended.into_iter().unzip();
    let results = results.into_iter().collect::<Result<_, _>>()?;
    Ok(Ran { states, results, sent, messages, turns: 0, unread })
}

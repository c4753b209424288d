//! A ring of ranks, run in turns: the same everywhere, and without threads, which a page has not.

use crate::MachineError;

/// What a rank has to talk to its two neighbors in the ring.
pub trait Link {
    /// Which rank this is, counted from 0.
    fn rank(&self) -> usize;

    /// How many there are. On the right of the last is rank 0.
    fn ranks(&self) -> usize;

    /// Sends numbers to the neighbor on the right, rank `(rank + 1) % ranks`. It does not wait.
    fn send(&mut self, numbers: &[f64]);

    /// The next message of the neighbor on the left, in the order in which they were sent.
    ///
    /// # Errors
    /// [`MachineError::Waiting`] or [`MachineError::Deadlock`]: pass both on with `?`.
    fn receive(&mut self) -> Result<Vec<f64>, MachineError>;
}

/// What came of it, each list by rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran<S, T> {
    /// What the ranks hold.
    pub states: Vec<S>,
    /// What they returned.
    pub results: Vec<T>,
    /// How many numbers each sent.
    pub sent: Vec<usize>,
    /// In how many messages.
    pub messages: Vec<usize>,
    /// How many turns it took; 0 if all were run at once.
    pub turns: usize,
    /// Messages that nobody received.
    pub unread: usize,
}

struct Replay<'a> {
    rank: usize,
    ranks: usize,
    inbox: &'a [Vec<f64>],
    received: usize,
    sent: Vec<Vec<f64>>,
}

impl Link for Replay<'_> {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn send(&mut self, numbers: &[f64]) {
        self.sent.push(numbers.to_vec());
    }

    fn receive(&mut self) -> Result<Vec<f64>, MachineError> {
        let message = self.inbox.get(self.received).cloned().ok_or(MachineError::Waiting)?;
        self.received += 1;
        Ok(message)
    }
}

/// Runs a program on a rank for each start, in turns.
///
/// In a turn every rank goes on until it waits for a message that was not there when the turn began.
/// A rank that waits is later run again from its start with all messages so far, so the program has
/// to do the same each time. `watch` sees what the ranks hold after each turn.
///
/// # Errors
/// [`MachineError::Deadlock`] if nobody can go on and some are not done; otherwise the error of the
/// first rank that ended with one.
pub fn in_turns<S: Clone, T>(
    starts: &[S],
    program: impl Fn(&mut dyn Link, &mut S) -> Result<T, MachineError>,
    mut watch: impl FnMut(usize, &[S]),
) -> Result<Ran<S, T>, MachineError> {
    let ranks = starts.len();
    let mut states = starts.to_vec();
    let mut inboxes: Vec<Vec<Vec<f64>>> = vec![Vec::new(); ranks];
    let mut needs = vec![0; ranks];
    let (mut sent, mut messages) = (vec![0; ranks], vec![0; ranks]);
    let mut results: Vec<Option<Result<T, MachineError>>> = (0..ranks).map(|_| None).collect();
    let mut turns = 0;
    loop {
        let ready: Vec<usize> = (0..ranks)
            .filter(|&rank| {
                results[rank].is_none() && (turns == 0 || inboxes[rank].len() > needs[rank])
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        let mut post = Vec::new();
        for rank in ready {
            let inbox = &inboxes[rank];
            let mut link = Replay { rank, ranks, inbox, received: 0, sent: Vec::new() };
            states[rank] = starts[rank].clone();
            let result = program(&mut link, &mut states[rank]);
            let Replay { received, sent: all, .. } = link;
            needs[rank] = received;
            if !matches!(result, Err(MachineError::Waiting)) {
                results[rank] = Some(result);
            }
            for message in all.into_iter().skip(messages[rank]) {
                sent[rank] += message.len();
                messages[rank] += 1;
                post.push(((rank + 1) % ranks, message));
            }
        }
        for (to, message) in post {
            inboxes[to].push(message);
        }
        turns += 1;
        watch(turns, &states);
    }
    let waiting: Vec<usize> = (0..ranks).filter(|&rank| results[rank].is_none()).collect();
    if !waiting.is_empty() {
        return Err(MachineError::Deadlock { waiting });
    }
    let unread = inboxes.iter().zip(&needs).map(|(inbox, read)| inbox.len() - read).sum();
    let results = results.into_iter().flatten().collect::<Result<_, _>>()?;
    Ok(Ran { states, results, sent, messages, turns, unread })
}

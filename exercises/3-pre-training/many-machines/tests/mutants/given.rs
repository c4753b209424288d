//! What is given does what its docs say.

use many_machines::{Link, MachineError, chunk, in_turns, on_threads};

#[test]
fn chunks_are_all_of_it() {
    for (n, ranks) in [(0, 1), (0, 4), (3, 5), (10, 3), (12, 4), (1, 1)] {
        let chunks: Vec<_> = (0..ranks).map(|i| chunk(n, ranks, i)).collect();
        assert_eq!((chunks[0].start, chunks[ranks - 1].end), (0, n));
        assert!(chunks.windows(2).all(|two| two[0].end == two[1].start));
        let lengths = || chunks.iter().map(ExactSizeIterator::len);
        assert!(lengths().max() <= lengths().min().map(|least| least + 1));
    }
}

/// A rank passes a number on; rank 0 begins, unless all wait for each other.
fn pass_on(link: &mut dyn Link, is_stuck: bool) -> Result<f64, MachineError> {
    if link.rank() == 0 && !is_stuck {
        link.send(&[5.0]);
    }
    let numbers = link.receive()?;
    if link.rank() + 1 < link.ranks() && link.rank() > 0 || is_stuck {
        link.send(&numbers);
    }
    Ok(numbers[0])
}

#[test]
fn both_rings_find_out_who_waits() {
    for ranks in [1, 2, 3, 6] {
        let starts = vec![(); ranks];
        let all = MachineError::Deadlock { waiting: (0..ranks).collect() };
        let stuck = |link: &mut dyn Link, (): &mut ()| pass_on(link, true);
        assert_eq!(in_turns(&starts, stuck, |_, _| {}).unwrap_err(), all);
        assert_eq!(on_threads(starts.clone(), stuck).unwrap_err(), all);
        // The last one keeps it, and rank 0 waits; alone it has its own message.
        let late = |link: &mut dyn Link, (): &mut ()| pass_on(link, false);
        let waiting = MachineError::Deadlock { waiting: vec![0] };
        let (turns, threads) = (in_turns(&starts, late, |_, _| {}), on_threads(starts, late));
        if ranks == 1 {
            assert_eq!((turns.unwrap().results, threads.unwrap().results), (vec![5.0], vec![5.0]));
        } else {
            assert_eq!((turns.unwrap_err(), threads.unwrap_err()), (waiting.clone(), waiting));
        }
    }
}

#[test]
fn what_is_sent_is_counted_alike() {
    let program = |link: &mut dyn Link, x: &mut Vec<f64>| {
        link.send(x);
        link.send(&[]);
        *x = link.receive()?;
        Ok(link.rank())
    };
    let starts = vec![vec![1.0, 2.0], vec![3.0], vec![]];
    let turns = in_turns(&starts, program, |_, _| {}).unwrap();
    let threads = on_threads(starts, program).unwrap();
    assert_eq!(turns.states, [vec![], vec![1.0, 2.0], vec![3.0]]);
    assert_eq!((&turns.states, &turns.results), (&threads.states, &threads.results));
    assert_eq!((&turns.sent, &turns.messages, turns.unread), (&vec![2, 1, 0], &vec![2; 3], 3));
    assert_eq!(
        (&threads.sent, &threads.messages, threads.unread),
        (&vec![2, 1, 0], &vec![2; 3], 3)
    );
}

#[test]
fn errors_say_what_to_do() {
    let errors = [
        MachineError::Waiting,
        MachineError::Deadlock { waiting: vec![2] },
        MachineError::Deadlock { waiting: vec![0, 1] },
        MachineError::NoTokens,
        MachineError::Shape { columns: 1, rows: 2 },
        MachineError::NoMachines,
    ]
    .map(|error| error.to_string());
    assert!(errors[0].contains("hand this error on with `?`"), "{errors:?}");
    assert!(errors[1].contains("1 machine (2) waits"), "{errors:?}");
    assert!(errors[2].contains("2 machines (0, 1) wait for"), "{errors:?}");
    assert!(errors[3].contains("give at least one rank some"), "{errors:?}");
    assert!(errors[4].contains("with 1 column cannot be multiplied with one that has 2 rows"));
    assert!(errors[5].contains("at least 1"), "{errors:?}");
}

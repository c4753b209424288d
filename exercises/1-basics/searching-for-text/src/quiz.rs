//! Questions whose answers the reference computes.

use grading::{Failure, Keys, position};

use crate::example::allowed_after;
use crate::oracle::logits_of;
use crate::solution::{beam_search, find_stop, penalize_counts, visible};
use crate::{BeamSearch, Stops};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("beam", || {
            let mut next = |tokens: &[usize]| match tokens {
                [] => logits_of(&[0.6, 0.4]),
                [0] => logits_of(&[0.5, 0.5]),
                _ => logits_of(&[0.9, 0.1]),
            };
            let mut first = |width| -> Result<usize, Failure> {
                let search = BeamSearch { width, max_len: 2, end: None, length_penalty: 0.0 };
                let found = beam_search(&mut next, &search)?;
                let token = found.first().and_then(|beam| beam.tokens.first()).copied();
                token.ok_or_else(|| Failure::wrong("the search found nothing"))
            };
            Ok(match (first(1)?, first(2)?) {
                (0, 0) => 0,
                (0, _) => 1,
                _ => 2,
            })
        })
        .key("count", || {
            let got = penalize_counts(&[3.0], &[0; 4], 0.5, 1.0)?;
            position(&[-3.0, 0.0, 1.5], &got[0])
        })
        .key("earliest", || {
            let stops = Stops::new(["\n", "two dogs", "dogs"])?;
            let text = b"I have two dogs.\nYou?";
            let stop = find_stop(text, &stops).map(|stop| &text[..stop.start]);
            let choices: [Option<&[u8]>; 3] =
                [Some(b"I have two dogs."), Some(b"I have "), Some(b"I have two ")];
            position(&choices, &stop)
        })
        .key("held", || {
            let seen = visible(b"xab", &Stops::new(["b", "abc"])?, false);
            position(&[(2, true), (3, false), (1, false)], &(seen.len, seen.stop.is_some()))
        })
        .key("whole", || {
            let allowed = allowed_after("7.5");
            let of = |token| allowed.contains(&token);
            position(
                &[[true, true, false], [true, true, true], [true, false, false]],
                &["1", "20", "∎"].map(of),
            )
        })
}

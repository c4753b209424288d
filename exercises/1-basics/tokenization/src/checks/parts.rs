//! The parts of training: counting, choosing and merging pairs.

use std::collections::HashMap;

use grading::{Outcome, expect, expect_eq};

use crate::{Answers, Pair, Word};

pub fn pairs_are_counted(answers: &Answers) -> Outcome {
    let words: [(&[u32], u64); 5] =
        [(&[1, 2, 1, 2], 3), (&[2, 1], 5), (&[7, 7, 7, 7], 2), (&[2], 4), (&[300, 7, 300], 1)];
    // Brute force: write the words out, one copy after the other.
    let mut want: HashMap<Pair, u64> = HashMap::new();
    for (tokens, count) in words {
        for i in (1..tokens.len()).cycle().take((tokens.len() - 1) * count as usize) {
            *want.entry((tokens[i - 1], tokens[i])).or_default() += 1;
        }
    }
    let sorted = |counts: HashMap<Pair, u64>| {
        let mut counts: Vec<_> = counts.into_iter().filter(|&(_, count)| count > 0).collect();
        counts.sort_unstable();
        counts
    };
    let shown: Vec<String> = words.iter().map(|(t, count)| format!("{t:?}×{count}")).collect();
    let what = format!("of the words [{}]: pairs and counts, sorted by pair", shown.join(", "));
    let words = words.map(|(tokens, count)| Word { tokens: tokens.to_vec(), count });
    expect_eq(&what, &sorted((answers.count_pairs)(&words)), &sorted(want))
}

pub fn best_pair_is_chosen(answers: &Answers) -> Outcome {
    // Every way in which the nine pairs of three tokens may stand in a text, twice at most each.
    for case in 0..3_u64.pow(9) {
        let pairs = (0..9).map(|i| ((i / 3, i % 3), case / 3_u64.pow(i) % 3));
        // Brute force: the first of a list sorted by falling count, then by rising pair.
        let mut sorted: Vec<(Pair, u64)> = pairs.filter(|&(_, count)| count > 0).collect();
        sorted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let got = (answers.best_pair)(&sorted.iter().copied().collect());
        let want = sorted.first().map(|&(pair, _)| pair);
        expect(got == want, || {
            format!("of the counts {sorted:?}: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

pub fn pairs_are_merged(answers: &Answers) -> Outcome {
    // Every text of up to seven letters a, b, c, as tokens 0, 1, 2, and every pair of them.
    for (length, case) in (0..8).flat_map(|n| (0..3_u32.pow(n)).map(move |case| (n, case))) {
        let tokens: Vec<u32> = (0..length).map(|i| case / 3_u32.pow(i) % 3).collect();
        let letter = |token: u32| char::from(b'a' + token as u8);
        let text: String = tokens.iter().map(|&token| letter(token)).collect();
        for pair in (0..9).map(|pair| (pair / 3, pair % 3)) {
            // The standard library replaces text from left to right, too.
            let replaced = text.replace(&String::from_iter([letter(pair.0), letter(pair.1)]), "z");
            let token = |letter| if letter == b'z' { 256 } else { u32::from(letter - b'a') };
            let want: Vec<u32> = replaced.bytes().map(token).collect();
            let got = (answers.merge_pair)(&tokens, pair, 256);
            expect(got == want, || {
                format!("{tokens:?} with {pair:?} → 256: expected {want:?}, got {got:?}")
            })?;
        }
    }
    Ok(())
}

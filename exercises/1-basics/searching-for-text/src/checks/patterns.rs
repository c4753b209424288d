//! Patterns against lists of strings: all that match, or all there are.

use grading::draw::{self, Strategy};
use grading::{Differential, Outcome, expect_bits, expect_eq, expect_error_is};

use crate::oracle::strings;
use crate::{Answers, Automaton, SearchError, Vocab};

/// What drawn automata read: the first byte, the last, and two between.
pub const BYTES: [u8; 4] = [b'a', b'b', 0x00, 0xff];

/// The number of states, edges `(from, byte, to)` and accepting states, for
/// [`Automaton::from_edges`].
pub type Drawn = (usize, Vec<(usize, u8, usize)>, Vec<usize>);

/// Automata of up to so many states, with loops, traps and states that nothing reaches.
pub fn automata(most: usize) -> impl Strategy<Value = Drawn> + Clone {
    (1..=most).prop_flat_map(|states| {
        let edge = (0..states, draw::select(BYTES.to_vec()), 0..states);
        (draw::Just(states), draw::list(edge, 0..=2 * states), draw::list(0..states, 0..=2))
    })
}

pub fn automaton((states, edges, accepting): &Drawn) -> Automaton {
    Automaton::from_edges(*states, edges.iter().copied(), accepting)
}

pub fn live_leads_to_a_match(answers: &Answers) -> Outcome {
    let all = strings(&BYTES, 4);
    Differential::cases(200).run(automata(5), |drawn| {
        let automaton = automaton(drawn);
        // With 5 states, no shortest way has more than 4 steps.
        let is_live = |state| all.iter().any(|s| automaton.accepts(automaton.walk(state, s)));
        let want: Vec<bool> = (0..automaton.states()).map(is_live).collect();
        expect_eq("is a state live", &(answers.live_states)(&automaton), &want)
    })
}

/// Two chains, of which one ends in acceptance and the other in a circle; nothing leads from the
/// end of a chain to its beginning.
pub fn long_ways_count(answers: &Answers) -> Outcome {
    let half = 300;
    for is_upward in [true, false] {
        let place = |i: usize| if is_upward { i } else { half - 1 - i };
        let steps = |first: usize| {
            (1..half).map(move |i| (first + place(i - 1), BYTES[i % 4], first + place(i)))
        };
        let edges: Vec<_> =
            steps(0).chain(steps(half)).chain([(half + place(half - 1), b'z', half)]).collect();
        let automaton = Automaton::from_edges(2 * half, edges, &[place(half - 1)]);
        let want: Vec<bool> = (0..=2 * half).map(|state| state < half).collect();
        let what = "two chains of 300 states, one of them accepted: is a state live";
        expect_eq(what, &(answers.live_states)(&automaton), &want)?;
    }
    Ok(())
}

/// The masked logits after a text, by the list of all that matches: a token is allowed if some match
/// goes on with it.
fn expect_masked(
    answers: &Answers,
    automaton: &Automaton,
    matches: &[Vec<u8>],
    vocab: &Vocab,
    text: &[u8],
) -> Outcome {
    let logits: Vec<f32> = (0..vocab.tokens().len()).map(|i| logit(i as u8)).collect();
    let is_allowed = |token: usize| {
        let longer = [text, &vocab.tokens()[token]].concat();
        match token == vocab.end() {
            true => matches.iter().any(|whole| whole == text),
            false => longer.len() > text.len() && matches.iter().any(|m| m.starts_with(&longer)),
        }
    };
    let mask = |(i, &x): (usize, &f32)| if is_allowed(i) { x } else { f32::NEG_INFINITY };
    let want: Vec<f32> = logits.iter().enumerate().map(mask).collect();
    let state = automaton.walk(Automaton::START, text);
    let got = (answers.constrain)(&logits, vocab, automaton, state)?;
    let names: Vec<_> = vocab.tokens().iter().map(|token| token.escape_ascii()).collect();
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    let what = format!("after {:?}, tokens {names:?}: logits", text.escape_ascii().to_string());
    expect_bits(&what, &got, &want)
}

/// Numbers that arithmetic would change.
fn logit(i: u8) -> f32 {
    match i % 7 {
        2 => f32::NAN,
        3 => -0.0,
        4 => f32::INFINITY,
        5 => -3.4e38,
        _ => f32::from(i) - 4.7,
    }
}

fn vocab(tokens: &[&[u8]], end: usize) -> Result<Vocab, SearchError> {
    Vocab::new(tokens.iter().map(|token| token.to_vec()).collect(), end)
}

pub fn tokens_begin_a_match(answers: &Answers) -> Outcome {
    let words = ["yes", "no", "not sure", "nobody"].map(|word| word.as_bytes().to_vec());
    let automaton = Automaton::compile("yes|no|not sure|nobody")?;
    let tokens: [&[u8]; 15] = [
        b"y",
        b"es",
        b"yes",
        b"yesterday",
        b"n",
        b"no",
        b"o",
        b"t",
        b" sure",
        b"t s",
        b"ure",
        b"b",
        b"bod",
        b"body",
        b"x",
    ];
    // The end token writes nothing, whatever its bytes, and is not always the last.
    let ends: [(usize, &[u8]); 3] = [(15, b"<end>"), (15, b"s"), (0, b"s")];
    for (end, last) in ends {
        let mut all = tokens.to_vec();
        all.push(last);
        let vocab = vocab(&all, end)?;
        let texts: [&[u8]; 8] = [b"", b"no", b"not", b"not s", b"nob", b"yes", b"y", b"nobody"];
        for text in texts {
            expect_masked(answers, &automaton, &words, &vocab, text)?;
        }
    }
    // Dates: all that there are, 37,200 of them.
    let pattern = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    let automaton = Automaton::compile(pattern)?;
    let days = |year| (1..=12).flat_map(move |month| (1..=31).map(move |day| (year, month, day)));
    let dates = (2000..2100).flat_map(days);
    let dates: Vec<Vec<u8>> =
        dates.map(|(y, m, d)| format!("{y}-{m:02}-{d:02}").into_bytes()).collect();
    let tokens: [&[u8]; 16] = [
        b"20", b"19", b"2", b"0", b"1", b"9", b"-", b"-1", b"-13", b"12-", b"3", b"31", b"2019-0",
        b"10-32", b"", b"end",
    ];
    let vocab = vocab(&tokens, 15)?;
    let texts: [&[u8]; 7] = [b"", b"20", b"2019", b"2019-", b"2019-1", b"2019-12-3", b"2019-12-31"];
    for text in texts {
        expect_masked(answers, &automaton, &dates, &vocab, text)?;
    }
    // Long tokens, and more of them than a byte counts.
    let automaton = Automaton::compile("a{99}(b|cd)")?;
    let matches = ["b", "cd"].map(|end| ("a".repeat(99) + end).into_bytes());
    let tokens = (0..=100).flat_map(|n| ["", "b", "c"].map(|end| "a".repeat(n) + end));
    let vocab = Vocab::new(tokens.map(String::into_bytes).collect(), 0)?;
    ["", "aaa", &"a".repeat(99)]
        .into_iter()
        .try_for_each(|text| expect_masked(answers, &automaton, &matches, &vocab, text.as_bytes()))
}

pub fn tokens_are_bytes(answers: &Answers) -> Outcome {
    let words = ["é", "èè", "€"].map(|word| word.as_bytes().to_vec());
    let automaton = Automaton::compile("é|èè|€")?;
    let tokens: [&[u8]; 12] = [
        b"\xc3",
        b"\xa9",
        b"\xa8",
        b"\xc3\xa8\xc3",
        b"\xe2\x82",
        b"\xac",
        b"\x82\xac",
        b"",
        b"e",
        "é".as_bytes(),
        "ê".as_bytes(),
        b"",
    ];
    let vocab = vocab(&tokens, 11)?;
    let texts: [&[u8]; 6] = [b"", b"\xc3", b"\xc3\xa8", b"\xc3\xa8\xc3", b"\xe2", b"\xc3\xa9"];
    for text in texts {
        expect_masked(answers, &automaton, &words, &vocab, text)?;
    }
    Ok(())
}

pub fn dead_ends_are_named(answers: &Answers) -> Outcome {
    let automaton = Automaton::compile("ab(c|d)")?;
    let run = |logits: &[f32], vocab: &Vocab, state| {
        (answers.constrain)(logits, vocab, &automaton, state)
    };
    // It can begin a match but not complete it; a token too many, or too few, hides nothing.
    let few = vocab(&[b"a", b"b", b"", b"bx", b"end"], 4)?;
    let after = |text: &[u8]| automaton.walk(Automaton::START, text);
    run(&[0.0; 5], &few, after(b""))?;
    run(&[0.0; 5], &few, after(b"a"))?;
    run(&[f32::NEG_INFINITY; 5], &few, after(b"a"))?;
    let stuck: [&[u8]; 3] = [b"ab", b"x", b"abcd"];
    for text in stuck {
        let got = run(&[0.0; 5], &few, after(text));
        let what = format!("no token after {:?}", text.escape_ascii().to_string());
        expect_error_is(&what, got, &SearchError::DeadEnd(after(text)))?;
    }
    let got = run(&[f32::NAN; 5], &few, after(b"abc"))?;
    let never = f32::NEG_INFINITY;
    expect_bits("after \"abc\", logits", &got, &[never, never, never, never, f32::NAN])?;

    let wrong: [&[f32]; 3] = [&[], &[0.0; 4], &[0.0; 6]];
    for logits in wrong {
        let error = SearchError::LogitCount { logits: logits.len(), tokens: 5 };
        for state in [0, 99] {
            expect_error_is("too few or too many logits", run(logits, &few, state), &error)?;
        }
    }
    for state in [automaton.states(), usize::MAX] {
        let error = SearchError::UnknownState(state);
        expect_error_is("a state too many", run(&[0.0; 5], &few, state), &error)?;
    }
    let last = automaton.states() - 1;
    expect_error_is("the last state", run(&[0.0; 5], &few, last), &SearchError::DeadEnd(last))
}

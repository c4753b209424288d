//! Stop sequences against their definition: all places where one stands, all ways to go on.

use grading::draw::{self, Strategy};
use grading::{Differential, Outcome, expect, expect_same};

use crate::oracle::{common, earliest};
use crate::{Answers, Stops, Visible};

/// A text as bytes, and the stop sequences.
type Case = (&'static [u8], &'static [&'static str]);

/// The earliest one wins, wherever it ends and in whatever order the list is.
const ENDS: [Case; 18] = [
    (b"", &["a"]),
    (b"hello", &[]),
    (b"one\ntwo\nthree", &["\n"]),
    (b"one, two", &["\n", ", "]),
    (b"one, two\n", &["\n", ", "]),
    (b"abcd", &["cd", "bcd", "abc"]),
    // The first to be complete is not the first to start.
    (b"xabcdx", &["bc", "abcd"]),
    (b"xabcdx", &["abcd", "bc"]),
    // Two that start at the same place, and two that are equal.
    (b"stop right there", &["stop right", "stop", "sto"]),
    (b"aba", &["z", "ba", "ba"]),
    // The whole text; its beginning; its end; more than there is.
    (b"END", &["END"]),
    (b"END of it", &["END"]),
    (b"at the END", &["END"]),
    (b"EN", &["END"]),
    // Bytes and case are exact, and a false start hides no match.
    (b"End end eND END", &["END"]),
    (b"aaab", &["aab"]),
    ("a\u{feff}b\r\nc€d".as_bytes(), &["€", "\r\n", "\u{feff}c"]),
    (b"\xe2\x82\xff\xac\xe2\x82\xac.", &["€"]),
];

pub fn the_earliest_stop_ends(answers: &Answers) -> Outcome {
    for (text, stops) in ENDS {
        let shown = String::from_utf8_lossy(text);
        let got = (answers.find_stop)(text, &Stops::new(stops.iter().copied())?);
        let what = format!("the stop in {shown:?}, of {stops:?}");
        expect_same(&what, &got, &earliest(text, stops))?;
    }
    Ok(())
}

/// Compares with all texts that go on with these bytes.
fn expect_common(answers: &Answers, text: &[u8], stops: &[&str], alphabet: &[u8]) -> Outcome {
    let got = (answers.visible)(text, &Stops::new(stops.iter().copied())?, false);
    let what = format!("what is visible of {:?}, stops {stops:?}", bytes(text));
    expect_same(&what, &got, &common(text, stops, alphabet))
}

/// As Rust writes bytes.
fn bytes(text: &[u8]) -> String {
    text.escape_ascii().to_string()
}

pub fn a_stop_may_begin(answers: &Answers) -> Outcome {
    let cases: [(&str, &[&str]); 15] = [
        ("", &["ab"]),
        ("xa", &["ab"]),
        ("xab", &["ab"]),
        ("xaxb", &["ab"]),
        ("xaa", &["aab"]),
        ("xaaa", &["aab"]),
        ("aba", &["abab"]),
        ("abxaba", &["abab", "xb"]),
        // One is complete, and one that starts earlier may yet be.
        ("xab", &["b", "abx"]),
        ("xabb", &["b", "abx"]),
        ("xaab", &["ab", "aabx"]),
        // The longer one may yet be complete, and starts at the same place.
        ("xa", &["a", "ab"]),
        ("xab", &["abx", "ab"]),
        // Of two that may begin the earlier holds back.
        ("xab", &["bx", "abx"]),
        ("bab", &[]),
    ];
    for (text, stops) in cases {
        expect_common(answers, text.as_bytes(), stops, b"abx")?;
    }
    Ok(())
}

pub fn characters_arrive_whole(answers: &Answers) -> Outcome {
    let cases: [(&[u8], &[&str], &[u8]); 21] = [
        (b"a\xc3", &[], b"a\xa9"),
        (b"a\xc3\xa9", &[], b"a\xa9"),
        (b"\xe2", &[], b"\x82\xac"),
        (b"\xe2\x82", &[], b"\x82\xac"),
        (b"\xe2\x82\xac", &[], b"\x82\xac"),
        (b"\xf0\x9f", &[], b"\x9f\x98\x80"),
        (b"\xf0\x9f\x98", &[], b"\x9f\x98\x80"),
        (b"a\xf0\x9f\x98\x80", &[], b"\x9f\x98\x80"),
        // No character, and never one: nothing to wait for.
        (b"a\xff", &[], b"a\xff"),
        (b"\xa9", &[], b"\xa9\xc3"),
        (b"\xe2a", &[], b"a\x82\xac"),
        (b"\xc3\xc3", &[], b"\xc3\xa9"),
        (b"\xc0", &[], b"\x80\xbf"),
        (b"\xf5", &[], b"\x80\xbf"),
        // The second byte decides: too small a number for so many bytes, a surrogate, too large.
        (b"\xe0\x80", &[], b"\x80\xbf"),
        (b"\xe0\xa0", &[], b"\x80\xbf"),
        (b"\xed\xa0", &[], b"\x80\xbf"),
        (b"\xf0\x80", &[], b"\x80\xbf"),
        (b"\xf4\x90\x80", &[], b"\x80\xbf"),
        // The stop sequence begins with part of a character, or after one that is none.
        (b"x\xc3", &["\u{e9}x"], b"x\xc3\xa9"),
        (b"\xe2a", &["ab"], b"ab\x82"),
    ];
    for (text, stops, alphabet) in cases {
        expect_common(answers, text, stops, alphabet)?;
    }
    Ok(())
}

pub fn at_the_end_all_is_shown(answers: &Answers) -> Outcome {
    let open: [Case; 5] = [
        (b"xab", &["abx", "b"]),
        (b"half a sto", &["stop"]),
        (b"half a char\xe2\x82", &[]),
        (b"\xf0\x9f\x98", &["\u{1f600}"]),
        (b"", &["x"]),
    ];
    for (text, stops) in ENDS.into_iter().chain(open) {
        let stop = earliest(text, stops);
        let want =
            Visible { len: stop.map_or(text.len(), |s| s.start), stop: stop.map(|s| s.index) };
        let got = (answers.visible)(text, &Stops::new(stops.iter().copied())?, true);
        let what = format!("what is visible of {:?}, which is over, stops {stops:?}", bytes(text));
        expect_same(&what, &got, &want)?;
    }
    Ok(())
}

/// Texts of few pieces, so that stop sequences of the same pieces occur; some of them are no text.
pub fn texts(most: usize) -> impl Strategy<Value = Vec<u8>> + Clone {
    let pieces: [&[u8]; 17] = [
        b"a",
        b"b",
        b"a",
        b"ab",
        b"B",
        b"\n",
        b"\r\n",
        b"\r",
        b"\xc3\xa9",
        b"\xe2\x82\xac",
        b"\xf0\x9f\x98\x80",
        b"\xc3",
        b"\x82",
        b"\xf0\x9f",
        b"\xe0\x80",
        b"\xed",
        b"\xef\xbb\xbf",
    ];
    let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
    draw::list(draw::select(pieces), 0..=most).prop_map(|pieces| pieces.concat())
}

/// None of them is empty; some are equal, some begin like others, and some are long.
pub fn stops() -> impl Strategy<Value = Vec<String>> + Clone {
    let pieces = ["a", "b", "ab", "B", "\n", "\r\n", "é", "€", "è", "😀", "\u{feff}"];
    let stop = |most| draw::list(draw::select(pieces.to_vec()), 1..=most).prop_map(|l| l.concat());
    let stop = move || draw::prop_oneof![7 => stop(4), 1 => stop(60)];
    draw::prop_oneof![3 => draw::list(stop(), 0..=4), 1 => draw::list(stop(), 0..=12)]
}

/// Fed byte by byte, a text is shown once, in order, and as if it had been known at once.
pub fn any_chunking_shows_the_same(answers: &Answers) -> Outcome {
    Differential::cases(300).run((texts(24), stops()), |(text, stops)| {
        let named: Vec<&str> = stops.iter().map(String::as_str).collect();
        let stop = earliest(text, &named);
        let end = stop.map_or(text.len(), |stop| stop.start);
        let stops = Stops::new(stops.iter().map(String::as_str))?;
        let mut before = Visible::default();
        for n in 0..=text.len() {
            let got = (answers.visible)(&text[..n], &stops, false);
            let what = format!("after {n} bytes of {:?}", bytes(text));
            expect(got.len >= before.len && got.len <= n, || {
                format!("{what}: {} bytes were visible, now {}", before.len, got.len)
            })?;
            expect(got.len <= end, || {
                format!("{what}: {} bytes are visible, and the text has {end}", got.len)
            })?;
            let is_stop = got.stop.is_none_or(|index| stop.is_some_and(|s| s.index == index));
            expect(is_stop, || format!("{what}: stopped by {:?} instead of {stop:?}", got.stop))?;
            let is_final = before.stop.is_none() || got == before;
            expect(is_final, || format!("{what}: it had stopped with {before:?}, now {got:?}"))?;
            before = got;
        }
        let got = (answers.visible)(text, &stops, true);
        let want = Visible { len: end, stop: stop.map(|stop| stop.index) };
        expect_same("when it is over, what is visible", &got, &want)
    })
}

//! Documents, by Gopher's rules.

use grading::draw::{self, Strategy};
use grading::{Outcome, differential, expect, expect_same};

use crate::oracle::golden;
use crate::{Answers, GopherReason, SOLUTION};

/// A word of so many letters. The first numbers give different ones.
fn word(number: usize, letters: usize) -> String {
    let mut rest = number;
    let letter = |_| {
        let letter = b'a' + (rest % 26) as u8;
        rest /= 26;
        char::from(letter)
    };
    (0..letters).map(letter).collect()
}

/// So many different words of five letters, two of them stop words.
fn words(count: usize) -> Vec<String> {
    let mut words: Vec<String> = (0..count).map(|i| word(i, 5)).collect();
    for (at, stop) in [(1, "(The)"), (count / 2, "THAT,")] {
        words[at] = stop.into();
    }
    words
}

/// Ten words a line.
fn document(words: &[String]) -> String {
    words.chunks(10).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
}

fn expect_judged(
    answers: &Answers,
    what: &str,
    document: &str,
    want: Result<(), GopherReason>,
) -> Outcome {
    let got = (answers.gopher_rules)(document);
    let begin: String = document.chars().take(100).collect();
    expect_same(&format!("{what}: the verdict on {begin:?}…"), &got, &want)
}

/// A hundred words, of which the first `n` are changed; the first word of a line is left alone.
fn changed(n: usize, change: impl Fn(usize, &str) -> String) -> String {
    let mut all = words(100);
    let places = (2..100).filter(|at| at % 10 != 0 && *at != 50).take(n);
    places.enumerate().for_each(|(i, at)| all[at] = change(i, &all[at]));
    document(&all)
}

/// Ten lines, of which the first `n` are changed.
fn lines(n: usize, change: impl Fn(usize, &str) -> String) -> String {
    let all = document(&words(100));
    let line = |(at, line): (usize, &str)| if at < n { change(at, line) } else { line.into() };
    all.lines().enumerate().map(line).collect::<Vec<_>>().join("\n\n")
}

pub fn documents_pass_just_at_the_limits(answers: &Answers) -> Outcome {
    use GopherReason::*;
    let judge = |what: &str, text: &str, want| expect_judged(answers, what, text, want);
    judge("no words", "", Err(Words { words: 0 }))?;
    judge("49 words", &document(&words(49)), Err(Words { words: 49 }))?;
    judge("50 words", &document(&words(50)), Ok(()))?;
    judge("100,000 words", &document(&words(100_000)), Ok(()))?;
    judge("100,001 words", &document(&words(100_001)), Err(Words { words: 100_001 }))?;

    // On average exactly 3 and 10 letters, or one letter less or more in all.
    for (letter, what) in [('x', "ASCII letters"), ('é', "letters of two bytes")] {
        for (characters, length, passes) in
            [(300, 3, true), (299, 3, false), (1000, 10, true), (1001, 10, false)]
        {
            let fill = |n: usize| letter.to_string().repeat(n);
            let mut all: Vec<String> = (0..100).map(|i| word(i, 2) + &fill(length - 2)).collect();
            (all[1], all[2]) = ("the".into(), "to".into());
            let now: usize = all.iter().map(|word| word.chars().count()).sum();
            all[4] += &fill(characters - now);
            let want = Err(WordLength { characters, words: 100 });
            let what = format!("100 words of {characters} {what}");
            judge(&what, &document(&all), if passes { Ok(()) } else { want })?;
        }
    }
    let signs: Vec<String> =
        (0..98).map(|i| word(i, 2) + ",").chain(["the", "and"].map(str::to_owned)).collect();
    judge("100 words of 300 letters and commas", &document(&signs), Ok(()))?;

    let hash = |_: usize, word: &str| word.to_owned() + "#";
    judge("10 # in 100 words", &changed(10, hash), Ok(()))?;
    judge("11 # in 100 words", &changed(11, hash), Err(Hashes { hashes: 11, words: 100 }))?;
    let twice = |_: usize, word: &str| format!("#{word}#");
    judge("12 # in 100 words", &changed(6, twice), Err(Hashes { hashes: 12, words: 100 }))?;

    let other = |i: usize, word: &str| word.to_owned() + ["$", "@", "&", "*"][i % 4];
    judge("60 other signs in 100 words", &changed(60, other), Ok(()))?;

    let ellipsis = |i: usize, word: &str| word.to_owned() + ["…", "...", "....", "...,"][i % 4];
    judge("10 ellipses in 100 words", &changed(10, ellipsis), Ok(()))?;
    let want = Err(Ellipses { ellipses: 11, words: 100 });
    judge("11 ellipses in 100 words", &changed(11, ellipsis), want)?;
    let double = |_: usize, word: &str| word.to_owned() + "......";
    judge("6 × six dots", &changed(6, double), Err(Ellipses { ellipses: 12, words: 100 }))?;

    let bullet = |i: usize, line: &str| ["• ", " -", "*", "\t• "][i % 4].to_owned() + line;
    judge("9 of 10 lines with a bullet", &lines(9, bullet), Ok(()))?;
    let want = Err(Bullets { bullets: 10, lines: 10 });
    judge("10 of 10 lines with a bullet", &lines(10, bullet), want)?;
    judge("10 of 10 lines with a dash", &lines(10, |_, line| format!("–{line}")), Ok(()))?;
    judge("10 of 10 lines with a number", &lines(10, |i, line| format!("{i}. {line}")), Ok(()))?;

    judge("10 of 10 lines with (", &lines(10, |_, line| format!("({line}")), Ok(()))?;

    let trailing = |i: usize, line: &str| line.to_owned() + ["…", "...", " … ", "....\r"][i % 4];
    judge("3 of 10 lines with an ellipsis", &lines(3, trailing), Ok(()))?;
    let want = Err(EllipsisLines { ellipses: 4, lines: 10 });
    judge("4 of 10 lines with an ellipsis", &lines(4, trailing), want)?;
    let within = |_: usize, line: &str| line.replacen(' ', "… ", 1);
    judge("9 of 10 lines with an ellipsis inside", &lines(9, within), Ok(()))?;

    let number =
        |i: usize, _: &str| ["1234", "—98", "٣٣٣", "½½½"][i % 4].to_owned() + &i.to_string();
    judge("80 of 100 words with a letter", &changed(20, number), Ok(()))?;
    let want = Err(Alphabetic { alphabetic: 79, words: 100 });
    judge("79 of 100 words with a letter", &changed(21, number), want)?;
    let mixed = |i: usize, _: &str| ["12é4", "--x-", "٣北٣٣"][i % 3].to_owned() + &i.to_string();
    judge("letters of any script, among digits", &changed(60, mixed), Ok(()))?;

    let tags = |i: usize, word: &str| if i < 10 { format!("#{word}") } else { number(i, word) };
    judge("80 of 100 words with a letter, 10 of them tags", &changed(30, tags), Ok(()))?;

    for (pair, want) in [
        (["the", "be"], Ok(())),
        (["To,", "“oF”"], Ok(())),
        (["AND", "-that-"], Ok(())),
        (["'have'", "with…"], Ok(())),
        (["the", "The"], Err(StopWords { found: 1 })),
        (["theory", "the"], Err(StopWords { found: 1 })),
        (["with-it", "andand"], Err(StopWords { found: 0 })),
        (["thеm", "tο"], Err(StopWords { found: 0 })),
    ] {
        let mut all: Vec<String> = (0..60).map(|i| word(i, 5)).collect();
        (all[20], all[40]) = (pair[0].into(), pair[1].into());
        judge(&format!("the words {pair:?} among others"), &document(&all), want)?;
    }
    Ok(())
}

pub fn repetition_passes_just_at_the_limits(answers: &Answers) -> Outcome {
    use GopherReason::*;
    let judge = |what: &str, text: &str, want| expect_judged(answers, what, text, want);
    let all = document(&words(100));
    let texts: Vec<&str> = all.lines().collect();
    for (what, order, want) in [
        ("3 of 10 lines stood before", [0, 1, 2, 3, 4, 5, 6, 0, 1, 2], Ok(())),
        (
            "4 of 10 lines stood before",
            [0, 1, 2, 5, 3, 0, 1, 2, 4, 3],
            Err(DuplicateLines { duplicates: 4, lines: 10 }),
        ),
        (
            "a line five times",
            [0, 5, 5, 1, 5, 2, 5, 3, 5, 4],
            Err(DuplicateLines { duplicates: 4, lines: 10 }),
        ),
        ("a line four times", [0, 5, 5, 1, 5, 2, 5, 3, 6, 4], Ok(())),
    ] {
        let mut text: Vec<String> = order.iter().map(|&at| format!(" {}", texts[at])).collect();
        text.insert(4, "  ".into());
        text[9].push('\t');
        judge(what, &text.join("\r\n"), want)?;
    }

    let half = format!("the {}", texts[3..7].join(" "));
    let want = |duplicates, lines| Err(DuplicateLines { duplicates, lines });
    judge("two lines, both the same", &format!("{half}\n{half}"), want(1, 2))?;
    let rest = texts[7..].join(" ");
    judge("three lines, two the same", &format!("{half}\n{rest}\n{half}"), want(1, 3))?;
    judge("one line", &all.replace('\n', " "), Ok(()))?;
    let mut text: Vec<String> = texts.iter().map(ToString::to_string).collect();
    text.extend(texts[..5].iter().map(|line| line.to_uppercase()));
    judge("5 of 15 lines stood before, but for their case", &text.join("\n"), Ok(()))?;

    // A hundred words of five letters, with a row of n words k times.
    let with_row = |n: usize, times: usize| {
        let mut all: Vec<String> = (0..100).map(|i| word(i + 200, 5)).collect();
        (all[98], all[99]) = ("((the".into(), "that,".into());
        for at in 0..times {
            for i in 0..n {
                all[at * (98 / times) + i] = word(7 * i + 1, 5);
            }
        }
        document(&all)
    };
    for (n, times) in [(2, 10), (3, 6), (4, 4)] {
        judge(&format!("{n} words {times} times"), &with_row(n, times), Ok(()))?;
        let (covered, characters) = ((times + 1) * n * 5, 500);
        let want = Err(TopNgram { n, covered, characters });
        judge(&format!("{n} words {} times", times + 1), &with_row(n, times + 1), want)?;
    }

    // The same word in a row: rows of two overlap.
    let run = |length: usize| {
        let mut all: Vec<String> = (0..100).map(|i| word(i + 200, 5)).collect();
        (all[98], all[99]) = ("((the".into(), "that,".into());
        all[10..10 + length].fill("xxéxx".into());
        document(&all)
    };
    judge("a word 16 times in a row", &run(16), Ok(()))?;
    let want = |n, covered| Err(TopNgram { n, covered, characters: 500 });
    judge("a word 17 times in a row", &run(17), want(4, 85))?;
    judge("a word 19 times in a row", &run(19), want(3, 95))?;
    judge("a word 21 times in a row", &run(21), want(2, 105))?;

    // Rows that occur once cover nothing, however long their words are.
    let mut once: Vec<String> = (0..50).map(|i| word(i + 30, 3)).collect();
    (once[20], once[30]) = ("the".into(), "and".into());
    once[40..44].iter_mut().enumerate().for_each(|(i, word)| *word = word.repeat(20 + i));
    judge("four long words in a row, once", &document(&once), Ok(()))?;

    // Of equally frequent rows, the one that covers most; the more frequent one before it.
    let rows = |places: &[(usize, &str)]| {
        let mut all: Vec<String> = (0..60).map(|i| word(i + 30, 4)).collect();
        (all[58], all[59]) = ("the".into(), "and".into());
        for (at, pair) in places {
            for (i, part) in pair.split(' ').enumerate() {
                all[at + i] = part.into();
            }
        }
        let characters = all.iter().map(String::len).sum::<usize>();
        (document(&all), characters)
    };
    let (short, long) = ("ab cd", "abcdefghijklmnop qrstuvwxyzabcdef");
    let (text, characters) = rows(&[(0, short), (5, long), (10, short), (15, long)]);
    let want = Err(TopNgram { n: 2, covered: 64, characters });
    judge("two rows of two words, twice each", &text, want)?;
    let (text, _) = rows(&[(0, short), (5, long), (10, short), (15, long), (20, short)]);
    judge("a short row three times, a long one twice", &text, Ok(()))?;
    // Words as they stand: signs and case count.
    let case = ["mill wheel", "Mill wheel", "MILL wheel", "mill Wheel", "mill WHEEL", "Mill Wheel"];
    let signs =
        ["mill wheel", "mill wheel,", "mill, wheel", "mill; wheel", "mill wheel.", "(mill wheel"];
    let borders =
        ["millwh eel", "mill wheel", "millw heel", "mi llwheel", "millwhee l", "m illwheel"];
    for (what, pairs) in [("case", case), ("signs", signs), ("their borders", borders)] {
        let places: Vec<(usize, &str)> = (0..).step_by(9).zip(pairs).collect();
        judge(&format!("rows that differ in {what}"), &rows(&places).0, Ok(()))?;
    }
    Ok(())
}

pub fn the_first_reason_is_named(answers: &Answers) -> Outcome {
    let short = |n: usize| vec!["a#…".to_owned(); n].join(" ");
    let bulleted = |i: usize, line: &str| format!("- {line}{}", if i < 4 { "…" } else { "" });
    let numbers = |i: usize, _: &str| (10_000 + i).to_string();
    let repeated = ["- the mill of the wheel and garden"; 12].join("\n");
    let many_hashes = |_: usize, word: &str| format!("{word}#…");
    for (what, text, name) in [
        ("49 times a#…", short(49), "Words"),
        ("60 times #…", vec!["#…"; 60].join(" "), "WordLength"),
        ("60 times a#…", short(60), "Hashes"),
        ("20 words with # and …", changed(20, many_hashes), "Hashes"),
        ("20 numbers with …", changed(20, |i, _| format!("{}…", 1000 + i)), "Ellipses"),
        ("bullets and ellipses", lines(10, bulleted), "Bullets"),
        ("the same line with a bullet", repeated.clone(), "Bullets"),
        ("the same line", repeated.replace("- ", ""), "DuplicateLines"),
        (
            "the same line with …",
            repeated.replace("- ", "").replace("garden", "garden a bcd efg…"),
            "EllipsisLines",
        ),
        (
            "numbers only",
            (0..60).map(|i| numbers(i, "")).collect::<Vec<_>>().join(" "),
            "Alphabetic",
        ),
        ("one word", vec!["mill"; 60].join("\n"), "StopWords"),
        ("one line of three words", vec!["the mill of"; 60].join(" "), "TopNgram"),
    ] {
        let got = (answers.gopher_rules)(&text);
        let is =
            matches!(&got, Err(reason) if format!("{reason:?}").starts_with(&format!("{name} ")));
        expect(is, || format!("{what}: expected the reason {name}, got {got:?}"))?;
    }
    Ok(())
}

pub fn documents_are_judged_as_by_another_program(answers: &Answers) -> Outcome {
    for case in golden()?.gopher {
        let got = match (answers.gopher_rules)(&case.document) {
            Ok(()) => String::new(),
            Err(reason) => format!("{reason:?}"),
        };
        expect_same(&format!("the reason to drop {:?}", case.document), &got, &case.reason)?;
    }
    Ok(())
}

pub fn documents_agree(answers: &Answers) -> Outcome {
    let common = [
        "the",
        "of",
        "The",
        "and,",
        "mill",
        "wheel",
        "old",
        "привет",
        "北京",
        "12",
        "#",
        "…",
        "a...",
        "....",
    ];
    let rare = [
        "•",
        "-",
        "* ",
        "internationalization",
        "e\u{301}",
        "ǅ",
        "٣",
        "\u{1c}",
        "THAT'S",
        "of_",
        "İ",
    ];
    let piece = draw::prop_oneof![
        8 => (0..60_usize).prop_map(|i| word(i + 26, 4)),
        4 => draw::select(common.map(str::to_owned).to_vec()),
        1 => draw::select(rare.map(str::to_owned).to_vec()),
    ];
    let space = draw::select(
        [" ", " ", " ", " ", " ", "\n", "\n\n", "\r\n", "\u{a0}", "\u{2028}", "\r", "\n- "]
            .map(str::to_owned)
            .to_vec(),
    );
    let again = draw::select(vec![1_usize, 1, 1, 1, 1, 1, 2, 3, 9]);
    let part = (draw::list((piece, space), 1..=5), again);
    let text = draw::list(part, 10..=45).prop_map(|parts| {
        let joined = |pairs: &[(String, String)]| {
            pairs.iter().map(|(a, b)| format!("{a}{b}")).collect::<String>()
        };
        parts.iter().map(|(pairs, times)| joined(pairs).repeat(*times)).collect::<String>()
    });
    differential(text, |text| {
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.gopher_rules)(text));
        expect_same(&format!("the verdict on {text:?}"), &got, &want)
    })
}

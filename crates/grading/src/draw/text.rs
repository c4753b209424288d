//! Texts of many scripts, and bytes.

use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::list;

/// Words that repeat, so that counts, ties and merges come about.
const COMMON: [&str; 12] =
    ["a", "the", "cat", "Cat", "CAT", "low", "lower", "lowest", "aaaa", "abab", "it's", "don't"];

/// What is not a word of ASCII letters.
const SIGNS: [&str; 24] = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "   \n",
    ".",
    ",",
    "!?",
    "...",
    "'",
    "\"",
    "-",
    "--",
    "_",
    "(",
    "]",
    "#",
    "<|",
    "/",
    "\\",
    "0",
    "1234567890",
    "3.14",
];

/// What ASCII lacks: line ends and spaces, the byte order mark, letters whose case changes their
/// length, combining accents, scripts without spaces, right to left, emoji of several characters.
const WIDE: [&str; 40] = [
    "\r\n",
    "\r",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
    "\u{200b}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "é",
    "e\u{301}",
    "n\u{303}",
    "\u{301}",
    "Å",
    "ß",
    "İ",
    "ſ",
    "ΌΣ",
    "ŉ",
    "ǅ",
    "ﬁ",
    "Ⅷ",
    "½",
    "٣",
    "北京",
    "日本語",
    "ひらがな",
    "한국어",
    "привет",
    "Привет",
    "مرحبا",
    "שלום",
    "हिन्दी",
    "ไทย",
    "👍🏽",
    "👩‍👩‍👧",
    "🇨🇭",
    "\u{fffd}",
    "\u{10ffff}",
];

fn select_str(from: &[&str]) -> BoxedStrategy<String> {
    select(from.iter().map(ToString::to_string).collect::<Vec<_>>()).boxed()
}

fn letters() -> BoxedStrategy<String> {
    let letters = list(select("abcdefgXYZ".chars().collect::<Vec<_>>()), 1..=12);
    letters.prop_map(String::from_iter).boxed()
}

/// A word longer than any limit one would think of: up to 400 letters, of one or two kinds.
fn long_word() -> BoxedStrategy<String> {
    let letter = select("abé語".chars().collect::<Vec<_>>());
    (list(letter, 1..=3), super::lengths(1..=400))
        .prop_map(|(letters, n)| letters.into_iter().cycle().take(n).collect())
        .boxed()
}

/// A word, never empty and without white space. Corners: one letter, capitals, an apostrophe, the
/// same word in another case, other scripts, up to 400 letters.
pub fn word() -> BoxedStrategy<String> {
    let spaceless = |word: &&str| !word.contains(|c: char| c.is_whitespace());
    let wide: Vec<&str> = WIDE.into_iter().filter(spaceless).collect();
    prop_oneof![
        4 => select_str(&COMMON),
        2 => letters(),
        1 => select_str(&wide),
        1 => long_word(),
    ]
    .boxed()
}

/// Up to `max` [`word`]s, many of which repeat.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::words(4), 256, 1);
/// assert!(drawn.iter().flatten().all(|word| !word.is_empty() && !word.contains(' ')));
/// assert!(drawn.iter().any(|words| words.len() == 4 && words[1..].contains(&words[0])));
/// ```
pub fn words(max: usize) -> BoxedStrategy<Vec<String>> {
    prop_oneof![list(select_str(&COMMON), 0..=max), list(word(), 0..=max)].boxed()
}

/// Text of up to `max` words, spaces and signs, all ASCII. Corners: empty, only white space, several
/// spaces, line ends, capitals, digits, punctuation, white space at either end, repeated words.
pub fn plain_text(max: usize) -> BoxedStrategy<String> {
    let spaced = list(select_str(&COMMON), 0..=max).prop_map(|words| words.join(" "));
    let piece = prop_oneof![
        3 => select_str(&COMMON),
        3 => select_str(&SIGNS),
        1 => letters(),
    ];
    prop_oneof![5 => spaced, 10 => joined(piece, max), 1 => white(&[" ", "\n", "\t"], max)].boxed()
}

/// Text of up to `max` words, spaces and signs. Corners: those of [`plain_text`], CRLF, a byte order
/// mark at the start and elsewhere, no-break and other spaces, combining accents, letters whose case
/// changes their length (ß, İ), Greek with a final sigma, Cyrillic, Chinese, Japanese, Korean,
/// Arabic, Hebrew, Devanagari, Thai, emoji with modifiers and joiners, flags, U+0000, the last code
/// point, words of hundreds of letters, and nothing but spaces of any kind.
///
/// ```
/// use grading::draw;
/// let texts = draw::values(&draw::text(12), 256, 1);
/// assert!(texts.iter().any(|text| text.is_empty()));
/// assert!(texts.iter().any(|text| text.starts_with('\u{feff}')));
/// ```
pub fn text(max: usize) -> BoxedStrategy<String> {
    let piece = || {
        prop_oneof![
            4 => select_str(&COMMON),
            4 => select_str(&SIGNS),
            6 => select_str(&WIDE),
            1 => letters(),
            1 => long_word(),
        ]
    };
    prop_oneof![
        3 => plain_text(max),
        6 => joined(piece(), max),
        1 => joined(piece(), max).prop_map(|text| format!("\u{feff}{text}")),
        1 => joined(prop_oneof![select_str(&COMMON), select_str(&["\r\n", " "])], max),
        1 => white(&[" ", "\n", "\r\n", "\u{a0}", "\u{3000}"], max),
    ]
    .boxed()
}

/// Nothing else, and not much of it.
fn white(spaces: &[&str], max: usize) -> BoxedStrategy<String> {
    list(select_str(spaces), 1.min(max)..=max.min(3)).prop_map(|pieces| pieces.concat()).boxed()
}

fn joined(piece: impl Strategy<Value = String> + 'static, max: usize) -> BoxedStrategy<String> {
    list(piece, 0..=max).prop_map(|pieces| pieces.concat()).boxed()
}

/// Up to `max` bytes, not all of them UTF-8. Corners: 0, 127, 128 and 255, a character cut short.
pub fn bytes(max: usize) -> BoxedStrategy<Vec<u8>> {
    let ends = select(vec![b'a', 0, 127, 128, 0xc3, 0xe4, 0xf0, 255]);
    let cut = (text(max.div_ceil(4)), 0..4_usize).prop_map(move |(text, cut)| {
        let length = text.len().saturating_sub(cut).min(max);
        text.as_bytes()[..length].to_vec()
    });
    prop_oneof![list(ends, 0..=max), cut, list(proptest::num::u8::ANY, 0..=max)].boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::values;
    use crate::{Differential, expect, expect_same};

    #[test]
    fn texts_know_their_corners() {
        for seed in 0..10 {
            let texts = values(&text(12), 256, seed);
            let corners =
                ["\r\n", "\u{feff}", "\u{a0}", "\t", "ß", "İ", "\u{301}", "北京", "привет"];
            for corner in corners.into_iter().chain(["مرحبا", "שלום", "👩‍👩‍👧", "🇨🇭", "CAT", "0"])
            {
                assert!(texts.iter().any(|text| text.contains(corner)), "{corner:?}, seed {seed}");
            }
            let longest = texts.iter().flat_map(|text| text.split_whitespace()).map(str::len).max();
            assert!(longest > Some(256), "{longest:?}");
            assert!(texts.iter().any(|text| text.is_empty()));
            assert!(texts.iter().any(|text| !text.is_empty() && text.trim().is_empty()));
        }
        assert!(values(&plain_text(20), 500, 1).iter().all(|text| text.is_ascii()));
    }

    #[test]
    fn words_have_letters_and_no_spaces() {
        let drawn = values(&word(), 500, 1);
        assert!(drawn.iter().all(|word| !word.is_empty() && word.split_whitespace().count() == 1));
        assert!(values(&words(9), 200, 1).iter().all(|words| words.len() <= 9));
        let bytes = values(&bytes(9), 500, 1);
        assert!(bytes.iter().any(|bytes| std::str::from_utf8(bytes).is_err()));
        assert!(bytes.iter().all(|bytes| bytes.len() <= 9));
    }

    #[test]
    fn a_text_bug_is_found_and_shrunk() {
        let runs = Differential::cases(256).seed(1);
        let outcome = runs.run(text(20), |text| {
            expect_same("lines", &text.split('\n').next(), &text.lines().next().or(Some("")))
        });
        let failure = outcome.unwrap_err();
        assert!(failure.message().contains(r#"for the input "\r\n" (drawn"#), "{failure:?}");
        let outcome = runs.run(text(20), |text| {
            let longest = text.split_whitespace().map(|word| word.chars().count()).max();
            expect(longest < Some(100), || "a limit".into())
        });
        let failure = outcome.unwrap_err();
        assert!(failure.message().contains(&"a".repeat(100)), "{failure:?}");
        assert!(!failure.message().contains(&"a".repeat(101)), "{failure:?}");
    }
}

//! The compiler of patterns, against what the patterns say in other words.

use searching_for_text::Automaton;

/// All strings of these bytes up to a length.
fn strings(alphabet: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        let longer =
            last.iter().flat_map(|s| alphabet.iter().map(move |&b| [&s[..], &[b]].concat()));
        last = longer.collect();
        all.extend_from_slice(&last);
    }
    all
}

fn matches(automaton: &Automaton, text: &[u8]) -> bool {
    automaton.accepts(automaton.walk(Automaton::START, text))
}

/// A pattern, and what it says.
type Case = (&'static str, fn(&str) -> bool);

#[test]
fn a_pattern_accepts_what_it_says() {
    let cases: [Case; 19] = [
        ("", str::is_empty),
        ("a", |s| s == "a"),
        ("a|b", |s| s == "a" || s == "b"),
        ("ab|", |s| s == "ab" || s.is_empty()),
        ("a*", |s| s.chars().all(|c| c == 'a')),
        ("a+b", |s| s.ends_with('b') && s.len() > 1 && s.matches('a').count() == s.len() - 1),
        ("(ab)*", |s| s.replace("ab", "").is_empty() && s.len() % 2 == 0),
        ("(a|b)*", |s| s.chars().all(|c| c == 'a' || c == 'b')),
        ("(a*|b)-", |s| {
            s == "b-" || s.strip_suffix('-').is_some_and(|s| s.replace('a', "").is_empty())
        }),
        ("(a*b*)*", |s| s.chars().all(|c| c == 'a' || c == 'b')),
        ("a{2}", |s| s == "aa"),
        ("a{1,3}", |s| ["a", "aa", "aaa"].contains(&s)),
        ("(ab){0,2}", |s| ["", "ab", "abab"].contains(&s)),
        ("a?b?", |s| ["", "a", "b", "ab"].contains(&s)),
        ("[ab-]", |s| ["a", "b", "-"].contains(&s)),
        ("[^a-b]", |s| s == "-" || s == "."),
        (".b", |s| s.len() == 2 && s.ends_with('b')),
        (r"\.", |s| s == "."),
        ("[^ -~]|ab", |s| s == "ab"),
    ];
    let texts = strings(b"ab-.", 5);
    for (pattern, says) in cases {
        let automaton = Automaton::compile(pattern).unwrap();
        for text in &texts {
            let text = std::str::from_utf8(text).unwrap();
            assert_eq!(matches(&automaton, text.as_bytes()), says(text), "{pattern:?}, {text:?}");
        }
    }
}

#[test]
fn characters_beyond_ascii_are_their_bytes() {
    let automaton = Automaton::compile("(é|€)+").unwrap();
    assert!(matches(&automaton, "é€é".as_bytes()));
    assert!(!matches(&automaton, b"\xc3") && !matches(&automaton, "è".as_bytes()));
}

#[test]
fn what_is_no_pattern_says_where() {
    for (pattern, at) in [
        ("a)", 2),
        ("(a", 2),
        ("*a", 1),
        ("a|+", 3),
        ("[a", 2),
        ("[b-a]", 5),
        ("[é]", 3),
        ("a{", 2),
        ("a{2", 3),
        ("a{3,2}", 6),
        ("a{9999}", 7),
        ("a\\", 2),
        ("(a{99}){99}", 11),
    ] {
        let error = Automaton::compile(pattern).unwrap_err();
        assert_eq!(error.at, at, "{pattern}: {error}");
    }
    let plus = format!("a{}", "+".repeat(150));
    assert!(Automaton::compile(&plus).is_err());
    assert!(Automaton::compile(&"a".repeat(201)).is_err());
    assert!(Automaton::compile("(a|b)*a(a|b){12}").is_err(), "8,192 states");
    assert!(Automaton::compile(&"(".repeat(200)).is_err());
}

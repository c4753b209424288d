//! The vocabulary of English sentences that Tinytongue can say, and how its words are made.

/// Nouns: one, several. The first [`LIVING`] can do things.
pub(crate) const NOUNS: [(&str, &str); 44] = [
    ("dog", "dogs"),
    ("cat", "cats"),
    ("child", "children"),
    ("woman", "women"),
    ("man", "men"),
    ("girl", "girls"),
    ("boy", "boys"),
    ("baker", "bakers"),
    ("doctor", "doctors"),
    ("teacher", "teachers"),
    ("farmer", "farmers"),
    ("bird", "birds"),
    ("rabbit", "rabbits"),
    ("goat", "goats"),
    ("owl", "owls"),
    ("friend", "friends"),
    ("mouse", "mice"),
    ("king", "kings"),
    ("apple", "apples"),
    ("ball", "balls"),
    ("book", "books"),
    ("kite", "kites"),
    ("boat", "boats"),
    ("hat", "hats"),
    ("lamp", "lamps"),
    ("key", "keys"),
    ("letter", "letters"),
    ("egg", "eggs"),
    ("flower", "flowers"),
    ("box", "boxes"),
    ("cup", "cups"),
    ("knife", "knives"),
    ("song", "songs"),
    ("stone", "stones"),
    ("house", "houses"),
    ("garden", "gardens"),
    ("river", "rivers"),
    ("forest", "forests"),
    ("market", "markets"),
    ("school", "schools"),
    ("bridge", "bridges"),
    ("tower", "towers"),
    ("beach", "beaches"),
    ("island", "islands"),
];

/// So many nouns can be subjects.
pub(crate) const LIVING: usize = 18;

/// From here on nouns are places.
pub(crate) const PLACES: usize = 34;

/// Adjectives: first those of the living, last those of things; those in the middle suit both.
pub(crate) const ADJECTIVES: [&str; 20] = [
    "happy",
    "sad",
    "brave",
    "hungry",
    "tired",
    "young",
    "quiet",
    "small",
    "big",
    "old",
    "beautiful",
    "strange",
    "new",
    "red",
    "blue",
    "green",
    "white",
    "black",
    "yellow",
    "orange",
];

/// Adjectives before this one suit the living.
pub(crate) const OF_LIVING: usize = 12;

/// Adjectives from this one on suit things.
pub(crate) const OF_THINGS: usize = 7;

/// Verbs before this one can have a person as their object.
pub(crate) const MEETING: usize = 6;

/// A verb.
#[derive(Debug)]
pub(crate) struct Verb {
    pub base: &'static str,
    pub third: &'static str,
    pub past: &'static str,
    pub object: bool,
}

macro_rules! verbs {
    ($($base:literal $third:literal $past:literal $object:literal,)*) => {
        /// Verbs, with or without an object.
        pub(crate) const VERBS: &[Verb] =
            &[$(Verb { base: $base, third: $third, past: $past, object: $object }),*];
    };
}

verbs! {
    "see" "sees" "saw" true,
    "find" "finds" "found" true,
    "love" "loves" "loved" true,
    "watch" "watches" "watched" true,
    "follow" "follows" "followed" true,
    "draw" "draws" "drew" true,
    "carry" "carries" "carried" true,
    "buy" "buys" "bought" true,
    "sell" "sells" "sold" true,
    "bring" "brings" "brought" true,
    "hide" "hides" "hid" true,
    "want" "wants" "wanted" true,
    "lose" "loses" "lost" true,
    "keep" "keeps" "kept" true,
    "sleep" "sleeps" "slept" false,
    "sing" "sings" "sang" false,
    "dance" "dances" "danced" false,
    "wait" "waits" "waited" false,
    "laugh" "laughs" "laughed" false,
    "swim" "swims" "swam" false,
}

/// Adverbs.
pub(crate) const ADVERBS: [&str; 8] =
    ["often", "slowly", "quickly", "secretly", "quietly", "always", "sometimes", "gladly"];

/// Prepositions, which Tinytongue puts behind.
pub(crate) const PREPOSITIONS: [(&str, &str); 5] =
    [("in", "em"), ("near", "us"), ("behind", "ot"), ("beside", "el"), ("outside", "ik")];

/// Numbers from two on.
pub(crate) const COUNTS: [(&str, &str); 9] = [
    ("two", "du"),
    ("three", "tir"),
    ("four", "kat"),
    ("five", "pin"),
    ("six", "sek"),
    ("seven", "zep"),
    ("eight", "ok"),
    ("nine", "nov"),
    ("ten", "des"),
];

/// Behind a noun that is known: *the*.
pub(crate) const THE: &str = "lo";
/// Behind a noun for several.
pub(crate) const PLURAL: &str = "k";
/// Behind a verb: it is over.
pub(crate) const PAST: &str = "t";
/// Behind a verb: it is to come.
pub(crate) const FUTURE: &str = "s";
/// At the end: it is not so.
pub(crate) const NOT: &str = "nu";

/// The kinds of words, which end in a vowel of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Noun,
    Adjective,
    Verb,
    Adverb,
}

/// The word of Tinytongue for the `i`th of a kind: two or three syllables, no two words alike.
pub(crate) fn word(kind: Kind, i: usize) -> String {
    const CONSONANTS: &[u8] = b"klmnprtvzbdgs";
    const VOWELS: &[u8] = b"aeiou";
    let (last, step, begin) = match kind {
        Kind::Noun => ('o', 29, 7),
        Kind::Adjective => ('e', 31, 3),
        Kind::Verb => ('i', 37, 11),
        Kind::Adverb => ('u', 41, 5),
    };
    // A step that shares no factor with 13 · 5 · 13 visits every combination once.
    let (n, c) = (845, CONSONANTS.len());
    let code = (begin + i * step * 7) % n;
    let letter = |list: &[u8], i: usize| char::from(list[i % list.len()]);
    let mut word = String::new();
    word.push(letter(CONSONANTS, code));
    word.push(letter(VOWELS, code / c));
    word.push(letter(CONSONANTS, code / (c * VOWELS.len())));
    word.push(last);
    word
}

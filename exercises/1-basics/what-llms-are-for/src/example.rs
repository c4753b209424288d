//! What the page works out by hand.

/// Five reviews with their moods: 0 is bad, 1 is good.
pub const REVIEWS: [(&str, usize); 5] = [
    ("the play was boring", 0),
    ("boring music", 0),
    ("the song was good", 1),
    ("a good play", 1),
    ("good food and good music", 1),
];

/// The review whose mood is asked for.
pub const NEW_REVIEW: &str = "a boring play";

/// Words of a question, from the most frequent to the rarest.
pub const ASKED_WORDS: [&str; 3] = ["the", "found", "kite"];

/// Three sentences in two languages.
pub const DICTIONARY: [(&str, &str); 3] =
    [("the house", "das haus"), ("the book", "das buch"), ("a book", "ein buch")];

/// The word of [`DICTIONARY`] whose translation is followed, and what it may be.
pub const FOLLOWED: (&str, [&str; 2]) = ("the", ["das", "haus"]);

/// Rounds of expectation maximization on [`DICTIONARY`].
pub const ROUNDS: usize = 10;

//! What the page works out by hand.

/// The text whose merges are made one by one.
pub const TEXT: &str = "the cat sat on the mat";

/// How many merges are made by hand.
pub const MERGES: usize = 3;

/// Characters to see as bytes, with their names. Two of them look alike.
pub const CHARACTERS: [(&str, &str); 3] =
    [("e-acute", "é"), ("e-combining", "e\u{301}"), ("wave", "🌊")];

//! Mutants of `wordpiece`.

use crate::solution::wordpiece;
use crate::{CONTINUATION, WordPiece};

fn unknown() -> Vec<String> {
    vec![WordPiece::UNK.to_owned()]
}

fn is_too_long(vocab: &WordPiece, word: &str) -> bool {
    word.chars().count() > vocab.max_chars()
}

/// The ends of all beginnings of a text, the shortest first.
fn ends(text: &str) -> Vec<usize> {
    text.char_indices().map(|(i, c)| i + c.len_utf8()).collect()
}

/// The longest piece with this prefix that a text begins with, as `(end, piece)`.
fn longest(vocab: &WordPiece, prefix: &str, rest: &str) -> Option<(usize, String)> {
    let pieces = ends(rest).into_iter().rev().map(|end| (end, format!("{prefix}{}", &rest[..end])));
    pieces.into_iter().find(|(_, piece)| vocab.contains(piece))
}

/// Cuts a word with this choice of the next piece; `None` at a dead end.
fn cut(
    vocab: &WordPiece,
    word: &str,
    next: impl Fn(&str, bool) -> Option<(usize, String)>,
) -> Vec<String> {
    if is_too_long(vocab, word) {
        return unknown();
    }
    let (mut tokens, mut rest) = (Vec::new(), word);
    while !rest.is_empty() {
        let Some((end, piece)) = next(rest, tokens.is_empty()) else { return unknown() };
        tokens.push(piece);
        rest = &rest[end..];
    }
    tokens
}

fn prefix(is_first: bool) -> &'static str {
    if is_first { "" } else { CONTINUATION }
}

/// Every way to cut the rest of a word.
fn all_cuts(vocab: &WordPiece, rest: &str, is_first: bool) -> Vec<Vec<String>> {
    if rest.is_empty() {
        return vec![Vec::new()];
    }
    let mut cuts = Vec::new();
    for end in ends(rest).into_iter().rev() {
        let piece = format!("{}{}", prefix(is_first), &rest[..end]);
        if vocab.contains(&piece) {
            let after = all_cuts(vocab, &rest[end..], false);
            cuts.extend(after.into_iter().map(|cut| [vec![piece.clone()], cut].concat()));
        }
    }
    cuts
}

grading::mutants! {
    /// Cuts off the shortest piece.
    takes_the_shortest_piece {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, is_first| {
                let mut pieces =
                    ends(rest).into_iter().map(|end| (end, format!("{}{}", prefix(is_first), &rest[..end])));
                pieces.find(|(_, piece)| vocab.contains(piece))
            })
        }
    }
    /// Starts at the end of the word: the longest piece that ends it.
    starts_from_the_back {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            if is_too_long(vocab, word) {
                return unknown();
            }
            let (mut tokens, mut rest) = (Vec::new(), word);
            while !rest.is_empty() {
                let piece = rest.char_indices().find_map(|(start, _)| {
                    let piece = format!("{}{}", prefix(start == 0), &rest[start..]);
                    vocab.contains(&piece).then_some((start, piece))
                });
                let Some((start, piece)) = piece else { return unknown() };
                tokens.insert(0, piece);
                rest = &rest[..start];
            }
            tokens
        }
    }
    /// Looks up pieces inside a word as if they began one.
    forgets_the_prefix {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, _| longest(vocab, "", rest))
        }
    }
    /// Looks up the first piece as if it continued a word.
    prefixes_the_first_piece {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, _| longest(vocab, CONTINUATION, rest))
        }
    }
    /// Takes a piece without the prefix where there is none with it.
    tries_both_spellings {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, is_first| {
                longest(vocab, prefix(is_first), rest).or_else(|| longest(vocab, "", rest))
            })
        }
    }
    /// Keeps the pieces before a dead end, and the rest is unknown.
    keeps_what_it_knew {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, is_first| {
                let piece = longest(vocab, prefix(is_first), rest);
                piece.or(Some((rest.len(), WordPiece::UNK.to_owned())))
            })
        }
    }
    /// A character without a piece is unknown, and the word goes on behind it.
    skips_unknown_characters {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            cut(vocab, word, |rest, is_first| {
                let piece = longest(vocab, prefix(is_first), rest);
                piece.or_else(|| Some((*ends(rest).first()?, WordPiece::UNK.to_owned())))
            })
        }
    }
    /// Takes a shorter piece where the longest leads nowhere.
    goes_back_from_a_dead_end {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            if is_too_long(vocab, word) {
                return unknown();
            }
            // There are 2ⁿ⁻¹ ways to cut a word of n characters.
            if word.chars().count() > 20 {
                return super::wordpiece(vocab, word);
            }
            all_cuts(vocab, word, true).into_iter().next().unwrap_or(unknown())
        }
    }
    /// The limit is one of bytes.
    counts_bytes {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            if word.len() > vocab.max_chars() { unknown() } else { super::wordpiece(vocab, word) }
        }
    }
    /// Words may be as long as they like.
    has_no_limit {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            super::wordpiece(&vocab.clone().with_max_chars(usize::MAX), word)
        }
    }
    /// A word of exactly as many characters as are allowed is unknown.
    is_one_too_strict {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            super::wordpiece(&vocab.clone().with_max_chars(vocab.max_chars() - 1), word)
        }
    }
    /// Does not ask the vocabulary for its limit.
    always_allows_a_hundred {
        pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
            super::wordpiece(&vocab.clone().with_max_chars(100), word)
        }
    }
}

//! Mutants of `unigram_lattice`.

use crate::solution::unigram_lattice;
use crate::{Edge, Lattice, LatticeError, Unigram};

/// The right lattice with other edges.
fn with_edges(
    model: &Unigram,
    text: &str,
    change: impl FnOnce(Vec<Edge>) -> Vec<Edge>,
) -> Result<Lattice, LatticeError> {
    let lattice = unigram_lattice(model, text)?;
    Lattice::new(lattice.end(), change(lattice.edges().to_vec()))
}

grading::mutants! {
    /// Cuts the text like WordPiece does, greedily, and calls that a lattice.
    keeps_the_longest_piece_only {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| {
                let is_longest = |e: &Edge| !edges.iter().any(|f| f.start == e.start && f.end > e.end);
                edges.iter().copied().filter(is_longest).collect()
            })
        }
    }
    /// Looks for pieces only where another one ended first.
    starts_behind_the_last_piece {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| {
                let mut position = 0;
                let mut kept = Vec::new();
                while let Some(end) = edges.iter().filter(|e| e.start == position).map(|e| e.end).max() {
                    kept.extend(edges.iter().copied().filter(|e| e.start == position));
                    position = end;
                }
                kept
            })
        }
    }
    /// Stops one byte before the length of the longest piece.
    misses_the_longest_pieces {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            let keep = |e: &Edge| e.end - e.start < model.longest();
            with_edges(model, text, |edges| edges.into_iter().filter(keep).collect())
        }
    }
    /// No piece of more than one character reaches the end of the text.
    misses_the_end {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            let keep = |e: &Edge| e.end < text.len() || text[e.start..].chars().count() == 1;
            with_edges(model, text, |edges| edges.into_iter().filter(keep).collect())
        }
    }
    /// A character that is no piece has no edge.
    has_no_unknown_edges {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| edges.into_iter().filter(|e| e.known).collect())
        }
    }
    /// Every character has an unknown edge, pieces too.
    marks_every_character_unknown {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| {
                let known = edges.into_iter().filter(|e| e.known);
                let unknown = text.char_indices().map(|(start, c)| {
                    let log_prob = model.unk_log_prob();
                    Edge { start, end: start + c.len_utf8(), log_prob, known: false }
                });
                known.chain(unknown).collect()
            })
        }
    }
    /// A character that a longer piece begins with has no unknown edge.
    trusts_longer_pieces {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| {
                let starts = |e: &Edge| edges.iter().any(|f| f.known && f.start == e.start);
                edges.iter().copied().filter(|e| e.known || !starts(e)).collect()
            })
        }
    }
    /// An unknown character is as likely as the least likely piece.
    has_no_penalty {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            let raise = |e: Edge| match e.known {
                true => e,
                false => Edge { log_prob: e.log_prob + crate::UNK_PENALTY, ..e },
            };
            with_edges(model, text, |edges| edges.into_iter().map(raise).collect())
        }
    }
    /// Positions count characters.
    counts_characters {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            let chars = |end: usize| text[..end].chars().count();
            let lattice = super::unigram_lattice(model, text)?;
            let edges = lattice.edges().iter();
            let edges = edges.map(|e| Edge { start: chars(e.start), end: chars(e.end), ..*e });
            Lattice::new(chars(text.len()), edges.collect())
        }
    }
    /// An unknown character is as many edges as it has bytes.
    makes_bytes_unknown {
        pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
            with_edges(model, text, |edges| {
                let split = |e: Edge| match e.known {
                    true => vec![e],
                    false => (e.start..e.end).map(|i| Edge { start: i, end: i + 1, ..e }).collect(),
                };
                edges.into_iter().flat_map(split).collect()
            })
        }
    }
}

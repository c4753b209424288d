//! All segmentations as a graph, and the best path through it.

use grading::{Failure, Outcome, expect, expect_eq, expect_error_is};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::oracle::{Golden, all_edges, all_paths, cuts, edge, random_lattice};
use crate::{Answers, Edge, Lattice, LatticeError, SPACE, Unigram, path_log_prob, tokens};

fn edges_are_all(answers: &Answers, pieces: &[(&str, f64)], texts: &[&str]) -> Outcome {
    let model = Unigram::new(pieces.iter().copied())?;
    for text in texts {
        let what = format!("the lattice of “{text}”");
        let lattice = (answers.unigram_lattice)(&model, text)?;
        let (got, want) = (lattice.edges(), all_edges(&model, text));
        expect(lattice.end() == text.len(), || {
            format!("{what}: expected the end {}, got {}", text.len(), lattice.end())
        })?;
        let shown = |edge: &Edge| {
            let piece = text.get(edge.start..edge.end).unwrap_or("(no text)");
            let kind = if edge.known { "known" } else { "unknown" };
            format!("{}–{} “{piece}” {:.3} {kind}", edge.start, edge.end, edge.log_prob)
        };
        if let Some(edge) = want.iter().find(|edge| !got.contains(edge)) {
            return Err(Failure::wrong(format!("{what}: the edge {} is missing", shown(edge))));
        }
        if let Some(edge) = got.iter().find(|edge| !want.contains(edge)) {
            return Err(Failure::wrong(format!("{what}: {} is no edge of it", shown(edge))));
        }
        expect(got.len() == want.len(), || {
            format!("{what}: expected {} edges, got {}", want.len(), got.len())
        })?;
    }
    Ok(())
}

pub fn every_piece_is_an_edge(answers: &Answers) -> Outcome {
    // Every character is a piece, so that no character is unknown.
    let pieces = ["a", "b", "c", "ab", "bc", "abc", "cab", "bcabc", "aa", "aaa", "x"];
    let pieces: Vec<_> = (1..).zip(pieces).map(|(i, piece)| (piece, -f64::from(i) / 4.0)).collect();
    edges_are_all(answers, &pieces, &["abc", "bcabcab", "aaaaaa", "cabcabcx", "c", "xbcabc"])
}

pub fn unknown_characters_are_edges(answers: &Answers) -> Outcome {
    let pieces = [("ab", -2.0), ("b", -7.5), ("xyz", -3.25), ("cx", -1.0)];
    edges_are_all(answers, &pieces, &["ab", "xyz", "abab", "cxyz", "zzz", "bbq", "q"])
}

pub fn positions_are_bytes(answers: &Answers) -> Outcome {
    let pieces = [("é", -2.0), ("日本", -3.0), ("本", -2.5), ("本語e", -5.0), ("🙂", -4.0)];
    let spaced = format!("{SPACE}né");
    edges_are_all(answers, &pieces, &["é日本語é", "日本語e本", "🙂🙃🙂", "e\u{301}é", &spaced])
}

pub fn the_best_path_beats_all_others(answers: &Answers) -> Outcome {
    let mut rng = StdRng::seed_from_u64(1);
    let mut compared = 0;
    while compared < 150 {
        let lattice = random_lattice(&mut rng, 1 + compared % 11, 0.7)?;
        let paths = all_paths(&lattice, lattice.end()).into_iter();
        let best = paths.max_by(|a, b| path_log_prob(a).total_cmp(&path_log_prob(b)));
        let Some(want) = best else { continue };
        compared += 1;
        let got = (answers.unigram_viterbi)(&lattice)?;
        expect(got == want, || {
            let shown = |path: &[Edge]| format!("{} with {:.4}", cuts(path), path_log_prob(path));
            format!(
                "of all paths from 0 to {}, {} as log-probability is the best; got {}",
                lattice.end(),
                shown(&want),
                shown(&got)
            )
        })?;
    }
    Ok(())
}

pub fn the_best_path_is_that_of_tokenizers(answers: &Answers) -> Outcome {
    for case in Golden::load()?.unigram {
        let model = Unigram::new(case.pieces)?;
        for (text, want) in &case.texts {
            let lattice = Lattice::new(text.len(), all_edges(&model, text))?;
            let got = tokens(text, &(answers.unigram_viterbi)(&lattice)?);
            expect(got == *want, || format!("“{text}”: expected {want:?}, got {got:?}"))?;
        }
    }
    Ok(())
}

pub fn a_path_is_found_or_there_is_none(answers: &Answers) -> Outcome {
    // Two ways from every even place of a long text to the next: one edge, or two.
    let mut rng = StdRng::seed_from_u64(2);
    let (mut edges, mut want) = (Vec::new(), Vec::new());
    for start in (0..3000).step_by(2) {
        let whole = edge(start, start + 2, -20.0 - rng.random::<f64>());
        let first = edge(start, start + 1, -10.0 - rng.random::<f64>());
        let second = edge(start + 1, start + 2, -10.0);
        edges.extend([whole, first, second]);
        match whole.log_prob > first.log_prob + second.log_prob {
            true => want.push(whole),
            false => want.extend([first, second]),
        }
    }
    let got = (answers.unigram_viterbi)(&Lattice::new(3000, edges)?)?;
    expect_eq("a text of 3,000 bytes: the path", &got, &want)?;
    let all = [edge(0, 2, -1.0), edge(3, 5, -1.0), edge(1, 5, -1.0), edge(0, 4, -1.0)];
    for edges in [&[][..], &all[..2], &all[2..3], &all[3..]] {
        let what = format!("edges {} over a text of 5 bytes", cuts(edges));
        let got = (answers.unigram_viterbi)(&Lattice::new(5, edges.to_vec())?);
        expect_error_is(&what, got, &LatticeError::NoPath)?;
    }
    let path = (answers.unigram_viterbi)(&Lattice::new(0, Vec::new())?)?;
    expect(path.is_empty(), || format!("an empty text has an empty path; got {}", cuts(&path)))
}

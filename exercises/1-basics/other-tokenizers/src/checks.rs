use std::collections::HashMap;

use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_distribution, expect_error,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::golden::{Golden, Texts};
use crate::oracle::{all_edges, all_paths, all_sums, cuts, lattices_to_draw_from, random_lattice};
use crate::{Edge, Lattice, SPACE, Unigram, WordPiece, tokens};

grading::checks! {
    "WordPiece takes the longest piece first" => the_longest_piece_comes_first {
        points: 2, section: "wordpiece", hints: [
            "At every place of the word, which of the pieces that fit does WordPiece take?",
            "Try the whole rest of the word, then one character less, and so on, until the vocabulary has it.",
            "`rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev()` yields the ends, the longest piece first; after a match go on with `&rest[end..]`."
        ]
    }
    "WordPieces inside a word have ## before them" => pieces_inside_a_word_have_a_prefix {
        points: 1, section: "wordpiece", hints: [
            "`able` and `##able` are two pieces: one begins a word, the other continues one.",
            "As long as no token was found, look up the text itself; after that, only with `CONTINUATION` before it.",
            "`let prefix = if tokens.is_empty() { \"\" } else { CONTINUATION };`, then look up and push `format!(\"{prefix}{}\", &rest[..end])`."
        ]
    }
    "A dead end makes the whole word unknown" => a_dead_end_makes_the_word_unknown {
        points: 2, section: "wordpiece", hints: [
            "What if no piece fits the rest, although its beginning is cut already?",
            "WordPiece neither goes back nor keeps what it has: the word is one `[UNK]`.",
            "When `find` returns `None`: `return vec![WordPiece::UNK.to_owned()]`."
        ]
    }
    "Words with too many characters are unknown" => long_words_are_unknown {
        points: 1, section: "wordpiece", hints: [
            "The vocabulary says how long a word may be: `vocab.max_chars()`.",
            "Characters, not bytes: `word.chars().count()`.",
            "A word of exactly that many characters is still cut: `if word.chars().count() > vocab.max_chars()`."
        ]
    }
    "The lattice has every piece at every place" => every_piece_is_an_edge {
        points: 2, section: "the-lattice", hints: [
            "Two loops: over the places where a piece may start, and over those where it may end.",
            "All pieces that fit are edges, not only the longest, and overlaps are welcome.",
            "For every `start` and `end` with `end - start <= model.longest()`: if `model.log_prob(&text[start..end])` is `Some`, push an `Edge`."
        ]
    }
    "Unknown characters are edges of their own" => unknown_characters_are_edges {
        points: 2, section: "the-lattice", hints: [
            "Without an edge over a character that the model does not know, there may be no path at all.",
            "Ask only one thing: does the model have this single character as a piece? Longer pieces do not matter.",
            "If `model.log_prob(&text[start..next])` is `None`: push `Edge { start, end: next, log_prob: model.unk_log_prob(), known: false }`."
        ]
    }
    "Positions are byte offsets between characters" => positions_are_bytes {
        points: 1, section: "the-lattice", hints: [
            "`é` is two bytes long, so the position behind it is two larger.",
            "`text.char_indices()` yields byte offsets; `c.len_utf8()` is the length of a character.",
            "The lattice ends at `text.len()`, and an unknown character is one edge, however many bytes it has."
        ]
    }
    "The best path beats all others" => the_best_path_beats_all_others {
        points: 3, section: "the-best-path", hints: [
            "For every position, remember the best log-probability of a way there, and the last edge of that way.",
            "`lattice.edges()` are sorted: when an edge's turn comes, the best way to its start is known. One loop is enough.",
            "`let log_prob = best[edge.start] + edge.log_prob;` if it beats `best[edge.end]`, store it and the edge. At the end walk back from `lattice.end()`, then reverse."
        ]
    }
    "Viterbi cuts as the tokenizers library does, ties included" => the_best_path_is_that_of_tokenizers {
        points: 2, section: "the-best-path", hints: [
            "Two ways into a position can be equally likely: which came first?",
            "Edges come by rising start, and the first one of equals is to be kept.",
            "Compare with `>`, not `>=`: a later edge has to be better."
        ]
    }
    "A path is found however unlikely, or there is none" => a_path_is_found_or_there_is_none {
        points: 1, section: "the-best-path", hints: [
            "The probability of a long text is smaller than any `f64` above zero; its logarithm is not.",
            "Add log-probabilities and never take `exp`. A position that no way leads to has −∞.",
            "When you walk back and a position has no last edge: `return Err(LatticeError::NoPath)`. An empty text has an empty path."
        ]
    }
    "Forward sums over all paths" => forward_sums_over_all_paths {
        points: 3, section: "all-paths", hints: [
            "The same loop as for the best path, with a sum in the place of the maximum.",
            "The sum is one of probabilities, but you store logarithms: write `log_add(a, b)` = ln(eᵃ + eᵇ) first.",
            "`forward[edge.end] = log_add(forward[edge.end], forward[edge.start] + alpha * edge.log_prob)`, with `forward[0] = 0.0` and −∞ elsewhere to begin with."
        ]
    }
    "Alpha is the power of every path's weight" => forward_weighs_by_alpha {
        points: 1, section: "all-paths", hints: [
            "With `alpha` 0 every path has the weight 1: what is the sum then?",
            "A power of a product is the product of the powers: every edge on its own gets the exponent.",
            "ln(pᵅ) = α · ln p: multiply each edge's `log_prob` by `alpha` before it is added."
        ]
    }
    "Forward stays finite for long texts" => forward_stays_finite {
        points: 2, section: "all-paths", hints: [
            "exp(−800) is 0 in an `f64`, and ln(0) is −∞.",
            "Take the larger of the two out: eᵃ + eᵇ = eᵃ (1 + eᵇ⁻ᵃ) for a ≥ b.",
            "`larger + (smaller - larger).exp().ln_1p()`; and if `smaller` is −∞, return `larger`, or −∞ − (−∞) makes NaN."
        ]
    }
    "Samples follow the model" => samples_follow_the_model {
        points: 3, section: "sampling", hints: [
            "Start at the end: which edge is the last? Its probability is its share of all paths.",
            "The share of an edge into `position` is exp(forward[start] + α · log_prob − forward[position]). The shares add up to one.",
            "Draw `rng.random::<f64>()` once for a position, subtract share after share, and take the edge that makes it negative; go on at its start, and reverse at the end."
        ]
    }
    "A smaller alpha flattens the samples" => alpha_flattens_the_samples {
        points: 1, section: "sampling", hints: [
            "With `alpha` 0 all paths are equally frequent, long ones and short ones.",
            "`alpha` belongs in both places: in the forward values and in the edge you choose.",
            "Call `unigram_forward(lattice, alpha)` and use `alpha * edge.log_prob` in the share."
        ]
    }
    "Sampling refuses what it cannot do" => sampling_refuses_what_it_cannot_do {
        points: 1, section: "sampling", hints: [
            "What should a negative `alpha` mean, or NaN?",
            "Check it first: `if !alpha.is_finite() || alpha < 0.0`.",
            "Return `Err(LatticeError::BadAlpha(alpha))`; and where no edge leads into a position, `Err(LatticeError::NoPath)`."
        ]
    }
}

fn wordpiece_like(names: &[&str]) -> Outcome {
    let golden = Golden::load()?;
    for case in golden.wordpiece.iter().filter(|case| names.contains(&case.name.as_str())) {
        let vocab = case.vocab()?;
        for (word, want) in &case.words {
            let got = subject::wordpiece(&vocab, word);
            expect(got == *want, || {
                let few = case.pieces.iter().take(12).map(String::as_str).collect::<Vec<_>>();
                let more = if case.pieces.len() > few.len() { " …" } else { "" };
                format!(
                    "the word “{word}” with the pieces {}{more}: expected {want:?}, got {got:?}",
                    few.join(" ")
                )
            })?;
        }
    }
    Ok(())
}

fn the_longest_piece_comes_first() -> Outcome {
    wordpiece_like(&["trained", "unicode"])
}

fn pieces_inside_a_word_have_a_prefix() -> Outcome {
    wordpiece_like(&["hand"])
}

fn a_dead_end_makes_the_word_unknown() -> Outcome {
    wordpiece_like(&["dead-end", "random"])
}

fn long_words_are_unknown() -> Outcome {
    wordpiece_like(&["limit"])?;
    let vocab = WordPiece::new(["a", "##a"])?;
    let got = subject::wordpiece(&vocab, "");
    expect(got.is_empty(), || format!("an empty word: expected no tokens, got {got:?}"))
}

fn edges_are_all(model: &Unigram, text: &str) -> Outcome {
    let lattice = subject::unigram_lattice(model, text)?;
    expect(lattice.end() == text.len(), || {
        format!("the lattice of “{text}”: expected the end {}, got {}", text.len(), lattice.end())
    })?;
    let shown = |edge: &Edge| {
        let piece = text.get(edge.start..edge.end).unwrap_or("(no text)");
        let kind = if edge.known { "known" } else { "unknown" };
        format!("{}–{} “{piece}” {:.3} {kind}", edge.start, edge.end, edge.log_prob)
    };
    let want = all_edges(model, text);
    let missing = want.iter().find(|edge| !lattice.edges().contains(edge));
    let extra = lattice.edges().iter().find(|edge| !want.contains(edge));
    let what = format!("the lattice of “{text}”");
    match (missing, extra) {
        (Some(edge), _) => {
            Err(Failure::wrong(format!("{what}: the edge {} is missing", shown(edge))))
        }
        (_, Some(edge)) => Err(Failure::wrong(format!("{what}: {} is no edge of it", shown(edge)))),
        _ => expect(lattice.edges().len() == want.len(), || {
            format!("{what}: expected {} edges, got {}", want.len(), lattice.edges().len())
        }),
    }
}

fn every_piece_is_an_edge() -> Outcome {
    // Every character is a piece, so that no character is unknown.
    let pieces = ["a", "b", "c", "ab", "bc", "abc", "cab", "bcabc", "aa", "aaa", "x"];
    let model = Unigram::new((1..).zip(pieces).map(|(i, piece)| (piece, -f64::from(i) / 4.0)))?;
    for text in ["abc", "bcabcab", "aaaaaa", "cabcabcx", "c", "xbcabc"] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn unknown_characters_are_edges() -> Outcome {
    let model = Unigram::new([("ab", -2.0), ("b", -7.5), ("xyz", -3.25), ("cx", -1.0)])?;
    for text in ["ab", "xyz", "abab", "cxyz", "zzz", "bbq", "q"] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn positions_are_bytes() -> Outcome {
    let model =
        Unigram::new([("é", -2.0), ("日本", -3.0), ("本", -2.5), ("本語e", -5.0), ("🙂", -4.0)])?;
    let word = format!("{SPACE}né");
    for text in ["é日本語é", "日本語e本", "🙂🙃🙂", "e\u{301}é", &word] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn the_best_path_beats_all_others() -> Outcome {
    let mut rng = StdRng::seed_from_u64(1);
    let mut compared = 0;
    while compared < 150 {
        let lattice = random_lattice(&mut rng, 1 + compared % 11, 0.7)?;
        let paths = all_paths(&lattice, lattice.end());
        let Some((want, sum)) = paths.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        compared += 1;
        let got = subject::unigram_viterbi(&lattice)?;
        expect(got == want, || {
            let got_sum: f64 = got.iter().map(|edge| edge.log_prob).sum();
            format!(
                "of all paths from 0 to {}, {} with log-probability {sum:.4} is the best; got {} with {got_sum:.4}",
                lattice.end(),
                cuts(&want),
                cuts(&got)
            )
        })?;
    }
    Ok(())
}

fn viterbi_like(case: &Texts) -> Outcome {
    let model = case.model()?;
    for (text, want) in &case.texts {
        let lattice = Lattice::new(text.len(), all_edges(&model, text))?;
        let got = tokens(text, &subject::unigram_viterbi(&lattice)?);
        expect(got == *want, || format!("“{text}”: expected {want:?}, got {got:?}"))?;
    }
    Ok(())
}

fn the_best_path_is_that_of_tokenizers() -> Outcome {
    Golden::load()?.unigram.iter().try_for_each(viterbi_like)
}

fn a_path_is_found_or_there_is_none() -> Outcome {
    // Two pieces for every even place of a long text: one of two bytes, or two of one.
    let mut rng = StdRng::seed_from_u64(2);
    let (mut edges, mut want) = (Vec::new(), Vec::new());
    for start in (0..3000).step_by(2) {
        let whole =
            Edge { start, end: start + 2, log_prob: -20.0 - rng.random::<f64>(), known: true };
        let first =
            Edge { start, end: start + 1, log_prob: -10.0 - rng.random::<f64>(), known: true };
        let second = Edge { start: start + 1, end: start + 2, log_prob: -10.0, known: true };
        edges.extend([whole, first, second]);
        match whole.log_prob > first.log_prob + second.log_prob {
            true => want.push(whole),
            false => want.extend([first, second]),
        }
    }
    let got = subject::unigram_viterbi(&Lattice::new(3000, edges)?)?;
    let differ = (0..got.len().max(want.len())).find(|&i| got.get(i) != want.get(i));
    if let Some(i) = differ {
        let shown = |path: &[Edge]| path.get(i).map_or("the end".into(), |edge| cuts(&[*edge]));
        let message = format!(
            "a text of 3,000 bytes: edge {i} of the path should be {}, got {}",
            shown(&want),
            shown(&got)
        );
        return Err(Failure::wrong(message));
    }
    let edge = |start, end| Edge { start, end, log_prob: -1.0, known: true };
    for edges in [vec![], vec![edge(0, 2), edge(3, 5)], vec![edge(1, 5)], vec![edge(0, 4)]] {
        let what = format!("edges {} over a text of 5 bytes", cuts(&edges));
        expect_error(&what, subject::unigram_viterbi(&Lattice::new(5, edges)?))?;
    }
    let path = subject::unigram_viterbi(&Lattice::new(0, Vec::new())?)?;
    expect(path.is_empty(), || {
        format!("an empty text: expected an empty path, got {}", cuts(&path))
    })
}

fn forward_is_all_sums(alphas: &[f64], seed: u64) -> Outcome {
    let mut rng = StdRng::seed_from_u64(seed);
    for round in 0..60 {
        let lattice = random_lattice(&mut rng, 2 + round % 10, 0.6)?;
        for &alpha in alphas {
            let what = format!("alpha {alpha}, edges {}: forward", cuts(lattice.edges()));
            let (got, want) =
                (subject::unigram_forward(&lattice, alpha), all_sums(&lattice, alpha));
            expect_close(&what, &[], &got, &want, Tolerance { rtol: 1e-9, atol: 1e-12 })?;
        }
    }
    Ok(())
}

fn forward_sums_over_all_paths() -> Outcome {
    forward_is_all_sums(&[1.0], 3)
}

fn forward_weighs_by_alpha() -> Outcome {
    forward_is_all_sums(&[0.3, 2.5], 4)?;
    // With alpha 0 the sum is the number of paths. With steps of one and two these are Fibonacci's
    // numbers, F(n + 1) = φⁿ⁺¹/√5, rounded.
    let step = |start, length| Edge { start, end: start + length, log_prob: -3.5, known: true };
    let n = 40;
    let edges = (0..n).map(|i| step(i, 1)).chain((1..n).map(|i| step(i - 1, 2)));
    let forward = subject::unigram_forward(&Lattice::new(n, edges.collect())?, 0.0);
    let phi = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let want: Vec<f64> =
        (1..=n + 1).map(|k| (phi.powi(k as i32) / 5.0_f64.sqrt()).round().ln()).collect();
    let exact = Tolerance { rtol: 1e-9, atol: 1e-12 };
    expect_close("alpha 0, steps of 1 and 2: forward", &[], &forward, &want, exact)
}

fn forward_stays_finite() -> Outcome {
    // Steps of one and two in which a step of two is as likely as two of one: every path has the
    // same probability, and the sum is that times their number, F(n + 1) = φⁿ⁺¹/√5 to 15 digits.
    let phi = (1.0 + 5.0_f64.sqrt()) / 2.0;
    for (n, log_p) in [(40, -300.0), (1500, -1.5), (1500, -90.0), (700, 2.0)] {
        let step = |start, length: usize| Edge {
            start,
            end: start + length,
            log_prob: log_p * length as f64,
            known: true,
        };
        let edges = (0..n).map(|i| step(i, 1)).chain((1..n).map(|i| step(i - 1, 2)));
        let forward = subject::unigram_forward(&Lattice::new(n, edges.collect())?, 1.0);
        let got = *forward.last().ok_or(Failure::wrong("forward has no last value"))?;
        let want = n as f64 * (log_p + phi.ln()) + (phi / 5.0_f64.sqrt()).ln();
        let what = format!("{n} steps of log-probability {log_p}: the last value of forward");
        expect_close(&what, &[], &[got], &[want], Tolerance { rtol: 1e-9, atol: 0.0 })?;
    }
    let edge = Edge { start: 1, end: 3, log_prob: -1.0, known: true };
    let first = Edge { start: 0, end: 1, log_prob: -745.5, known: true };
    let got = subject::unigram_forward(&Lattice::new(4, vec![first, edge])?, 1.0);
    let want = [0.0, -745.5, f64::NEG_INFINITY, -746.5, f64::NEG_INFINITY];
    expect_close("edges [0–1 1–3] over 4 bytes: forward", &[], &got, &want, Tolerance::F32)
}

/// Draws many paths and compares how often each came with its share of all.
fn draws_have_shares(lattice: &Lattice, alpha: f64, seed: u64) -> Outcome {
    let paths = all_paths(lattice, lattice.end());
    let weights: Vec<f64> = paths.iter().map(|(_, sum)| (alpha * sum).exp()).collect();
    let total: f64 = weights.iter().sum();
    let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    let index: HashMap<String, usize> =
        paths.iter().enumerate().map(|(i, (path, _))| (cuts(path), i)).collect();
    let mut counts = vec![0; paths.len()];
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..4000 {
        let path = subject::unigram_sample(lattice, alpha, &mut rng)?;
        let i = index.get(&cuts(&path)).ok_or_else(|| {
            Failure::wrong(format!(
                "over {} bytes, {} was drawn, which is no path through the edges {}",
                lattice.end(),
                cuts(&path),
                cuts(lattice.edges())
            ))
        })?;
        counts[*i] += 1;
    }
    let what =
        format!("4,000 draws with alpha {alpha} of the paths through {}", cuts(lattice.edges()));
    expect_distribution(&what, &counts, &shares)
}

fn samples_follow_the_model() -> Outcome {
    (10..)
        .zip(lattices_to_draw_from()?)
        .try_for_each(|(seed, lattice)| draws_have_shares(&lattice, 1.0, seed))
}

fn alpha_flattens_the_samples() -> Outcome {
    for (seed, lattice) in (20..).zip(lattices_to_draw_from()?) {
        for alpha in [0.0, 0.35, 1.8] {
            draws_have_shares(&lattice, alpha, seed)?;
        }
    }
    Ok(())
}

fn sampling_refuses_what_it_cannot_do() -> Outcome {
    let mut rng = StdRng::seed_from_u64(6);
    let edge = |start, end| Edge { start, end, log_prob: -900.0, known: true };
    // The only path, far below the smallest `f64`.
    let lattice = Lattice::new(4, vec![edge(0, 1), edge(1, 3), edge(3, 4), edge(2, 4)])?;
    let got = subject::unigram_sample(&lattice, 1.0, &mut rng)?;
    expect(got == [edge(0, 1), edge(1, 3), edge(3, 4)], || {
        format!(
            "the edges {} have one path, [0–1 1–3 3–4]; got {}",
            cuts(lattice.edges()),
            cuts(&got)
        )
    })?;
    for alpha in [-0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let what = format!("alpha {alpha}");
        expect_error(&what, subject::unigram_sample(&lattice, alpha, &mut rng))?;
    }
    for edges in [vec![], vec![edge(0, 2), edge(3, 4)], vec![edge(2, 4)], vec![edge(0, 3)]] {
        let what = format!("edges {} over a text of 4 bytes", cuts(&edges));
        expect_error(&what, subject::unigram_sample(&Lattice::new(4, edges)?, 1.0, &mut rng))?;
    }
    let path = subject::unigram_sample(&Lattice::new(0, Vec::new())?, 0.5, &mut rng)?;
    expect(path.is_empty(), || {
        format!("an empty text: expected an empty path, got {}", cuts(&path))
    })
}

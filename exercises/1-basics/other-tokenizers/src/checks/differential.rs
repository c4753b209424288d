//! Answers beside the reference, on drawn inputs.

use std::collections::{BTreeMap, BTreeSet};

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::{Counting, Stuck, seeded};
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect, expect_close, expect_eq,
};

use crate::oracle::{cuts, edge};
use crate::{Answers, CONTINUATION, Edge, Lattice, SOLUTION, Unigram, WordPiece};

/// A text has at most so many letters, a long one more.
const LONGEST: usize = 300;
const LONG: usize = 1100;

/// What a text is made of now and then: capitals, an accent that combines, white space of every
/// kind, and what pieces begin with.
const WIDE: [&str; 15] = [
    "A", "é", "É", "e\u{301}", "語", "🙂", "#", " ", "\u{a0}", "\u{feff}", "\r\n", "\n", "\0", "▁",
    "[",
];

/// A piece, whether it continues a word, and its log-probability.
type Piece = (String, bool, f64);

/// A text of mostly two letters, so that many pieces fit, and pieces of it, from one character to
/// all.
fn text_and_pieces() -> impl Strategy<Value = (String, Vec<Piece>)> {
    let wide = draw::select(WIDE.to_vec());
    let letter = prop_oneof![5 => draw::select(vec!["a", "b"]), 1 => wide];
    let blank = draw::list(draw::select(vec![" ", "\u{a0}", "\n"]), 0..=2);
    let letters = prop_oneof![1 => blank, 15 => draw::list(letter, 0..=LONGEST)];
    let start = draw::select(vec!["", "", "", "", "", "##", "[UNK]", "\u{feff}"]);
    let lengths = draw::lengths(1..=LONGEST);
    let cut = (0..LONGEST, lengths, draw::select(vec![false, true]), draw::finite_f64());
    let is_spelled = draw::select(vec![false, true, true]);
    let all = (start, letters, draw::list(cut, 0..=30), is_spelled);
    all.prop_map(|(start, letters, cuts, is_spelled)| {
        let text: Vec<char> = start.chars().chain(letters.concat().chars()).collect();
        // No vocabulary is empty.
        let mut pieces = vec![("x".to_owned(), false, -1.0)];
        let whole = (text.iter().collect(), false, -3.0);
        pieces.extend((cuts.len() % 4 == 0).then_some(whole));
        for (at, length, inside, log_prob) in cuts {
            let piece = text.iter().skip(at % text.len().max(1)).take(length).collect();
            pieces.push((piece, inside, log_prob));
        }
        for letter in text.iter().filter(|_| is_spelled) {
            pieces.extend([false, true].map(|inside| (letter.to_string(), inside, -2.0)));
        }
        pieces.retain(|(piece, ..)| !piece.is_empty());
        (text.into_iter().collect(), pieces)
    })
}

pub fn wordpiece_like_reference(answers: &Answers) -> Outcome {
    differential((text_and_pieces(), 0..8_usize), |((word, pieces), limit)| {
        let length = word.chars().count();
        let close = [length.saturating_sub(1), length, length + 1, 0, 100];
        let limit = close.get(*limit).copied().unwrap_or(usize::MAX);
        // The same word with other pieces, so that nothing may be left over from the first time.
        for pieces in [&pieces[..], &pieces[..1 + pieces.len() / 2]] {
            let spelled = |(piece, inside, _): &Piece| match inside {
                true => format!("{CONTINUATION}{piece}"),
                false => piece.clone(),
            };
            let unique: BTreeSet<String> = pieces.iter().map(spelled).collect();
            let vocab = WordPiece::new(unique)?.with_max_chars(limit);
            let what = format!("tokens with max_chars {limit} and {} pieces", vocab.size() - 1);
            let want = (SOLUTION.wordpiece)(&vocab, word);
            expect_eq(&what, &(answers.wordpiece)(&vocab, word), &want)?;
        }
        Ok(())
    })?;
    // A long piece, and many short ones.
    let [long, word] = [700, 1100].map(|n| "a".repeat(n));
    let vocab = WordPiece::new(["##a", &long])?.with_max_chars(usize::MAX);
    let want = [vec![long], vec!["##a".to_owned(); 400]].concat();
    expect_eq("1,100 times a, with ##a and 700 times a", &(answers.wordpiece)(&vocab, &word), &want)
}

pub fn lattice_like_reference(answers: &Answers) -> Outcome {
    differential((text_and_pieces(), 0..20), |((text, pieces), rare)| {
        // Long pieces make a long text slow.
        let (text, longest) = match rare {
            0 => (&text.repeat(1 + LONG / text.len().max(1)), 8),
            _ => (text, usize::MAX),
        };
        for pieces in [&pieces[..], &pieces[..1 + pieces.len() / 2]] {
            let pieces = pieces.iter().filter(|(piece, ..)| piece.len() <= longest);
            let unique: BTreeMap<&str, f64> =
                pieces.map(|(piece, _, log_prob)| (piece.as_str(), *log_prob)).collect();
            let model = Unigram::new(unique)?;
            let what = format!("the lattice with {} pieces", model.size() - 1);
            let want = (SOLUTION.unigram_lattice)(&model, text);
            agree(&what, (answers.unigram_lattice)(&model, text), want, |got, want| {
                expect_eq(&format!("{what}: edges"), got.edges(), want.edges())?;
                expect_eq(&format!("{what}: the end"), &[got.end()], &[want.end()])
            })?;
        }
        Ok(())
    })?;
    // More positions than 16 bits count, and a long piece.
    for (text, piece) in [("ab".repeat(35_000), "ab"), ("a".repeat(620), &"a".repeat(600))] {
        let model = Unigram::new([("a", -1.0), ("b", -2.0), (piece, -3.0)])?;
        let (got, want) = [answers, &SOLUTION].map(|of| (of.unigram_lattice)(&model, &text)).into();
        let what = format!("the lattice of {} bytes", text.len());
        agree(&what, got, want, |got, want| expect_eq(&what, got.edges(), want.edges()))?;
    }
    Ok(())
}

/// So little that an f32 does not see it beside 1, while sums in f64 are exact in any order.
const LITTLE: f64 = 1.0 / (1_u64 << 32) as f64;

/// Log-probabilities that tie, are certain, or far apart; the others are close together, drawn, or
/// huge.
const COARSE: [f64; 8] = [-1.0, -2.0, -0.25, 0.0, -0.0, -750.0, 0.5, -4096.0];

/// A pattern of edges, repeated: short ones and long ones, several between the same positions, and
/// with or without a way through. All sums of log-probabilities are exact, in any order.
fn lattices(repeats: usize, kinds: usize) -> impl Strategy<Value = Lattice> {
    let log_prob = (-20.0..0.0).prop_map(|log_prob: f64| (log_prob / LITTLE).round() * LITTLE);
    let edges = (0..20_usize, draw::lengths(1..=60), 0..8_usize, log_prob, 0..3);
    let pattern = (draw::list(edges, 0..=30), draw::lengths(1..=20), draw::lengths(0..=repeats));
    (pattern, 0..kinds, 0..4).prop_map(|((pattern, period, repeats), kind, gaps)| {
        let mut pattern = pattern;
        // Three in four have a way through.
        pattern.extend((0..period).filter(|_| gaps > 0).map(|i| (i, 1, i % 8, -5.0, 1)));
        let end = period * repeats;
        let mut edges = Vec::new();
        for (start, length, i, log_prob, known) in pattern {
            let log_prob = match kind {
                0 => COARSE[i],
                1 => LITTLE * i as f64 - 1.0,
                2 => log_prob,
                _ => -(2_f64.powi(1000)) * i as f64,
            };
            let starts = (0..repeats).map(|repeat| repeat * period + start % period);
            let starts = starts.filter(|start| start + length <= end);
            let all = starts.map(|start| edge(start, start + length, log_prob));
            edges.extend(all.map(|edge| Edge { known: known > 0, ..edge }));
        }
        Lattice::new(end, edges).expect("every edge is forward and inside")
    })
}

/// More positions than 16 bits count.
fn long_lattice() -> impl Strategy<Value = Lattice> {
    let edges = (0..70_000).map(|i| edge(i, i + 1, -0.5)).collect();
    draw::Just(Lattice::new(70_000, edges).expect("every edge is forward and inside"))
}

pub fn viterbi_like_reference(answers: &Answers) -> Outcome {
    let check = |lattice: &Lattice| {
        let (got, want) = ((answers.unigram_viterbi)(lattice), (SOLUTION.unigram_viterbi)(lattice));
        agree("the best path", got, want, |got, want| expect_eq("the best path", got, want))
    };
    differential(lattices(500, 4), check)?;
    Differential::cases(1).run(long_lattice(), check)
}

/// Exponents that make sense.
fn alphas() -> impl Strategy<Value = f64> {
    let corners = vec![0.0, -0.0, 1.0, 0.5, 20.0, 1e-3, 5e-324];
    prop_oneof![draw::select(corners), 0.0..3.0]
}

pub fn forward_like_reference(answers: &Answers) -> Outcome {
    let check = |(lattice, alpha): &(Lattice, f64)| {
        let got = (answers.unigram_forward)(lattice, *alpha);
        let want = (SOLUTION.unigram_forward)(lattice, *alpha);
        let nine_digits = Tolerance { rtol: 1e-9, atol: 1e-9 };
        expect_close(&format!("forward with alpha {alpha}"), &[], &got, &want, nine_digits)
    };
    differential((lattices(500, 4), alphas()), check)?;
    Differential::cases(1).run((long_lattice(), alphas()), check)
}

pub fn sampling_like_reference(answers: &Answers) -> Outcome {
    let bad = draw::select(vec![-5e-324, -0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
    let alphas = prop_oneof![7 => alphas(), 1 => bad];
    differential((lattices(25, 3), alphas, draw::any_u64()), |(lattice, alpha, seed)| {
        let what = format!("alpha {alpha}, seed {seed}: the path");
        let mut counting = Counting::new(seeded(*seed));
        let got = (answers.unigram_sample)(lattice, *alpha, &mut counting);
        let want = (SOLUTION.unigram_sample)(lattice, *alpha, &mut seeded(*seed));
        agree(&what, got, want, |got, want| {
            expect_eq(&what, got, want)?;
            expect(counting.draws() == want.len(), || {
                format!("{what} has {} edges; numbers drawn: {}", want.len(), counting.draws())
            })?;
            let low = (answers.unigram_sample)(lattice, *alpha, &mut Stuck(0))?;
            let want = (SOLUTION.unigram_sample)(lattice, *alpha, &mut Stuck(0))?;
            expect_eq("where every number drawn is 0: the path", &low, &want)?;
            // Rounding decides which; it must be a path whose every edge has a share.
            let high = (answers.unigram_sample)(lattice, *alpha, &mut Stuck(u64::MAX))?;
            let sums = (SOLUTION.unigram_forward)(lattice, *alpha);
            let share = |e: &Edge| (sums[e.start] + alpha * e.log_prob - sums[e.end]).exp();
            let ends = [0].into_iter().chain(high.iter().map(|edge| edge.end));
            let fits = high.iter().zip(ends).all(|(edge, end)| {
                edge.start == end && share(edge) > 0.0 && lattice.edges().contains(edge)
            });
            let end = high.last().map_or(0, |edge| edge.end);
            // What is more than rounding reaches to the end.
            let is_last = |edge: &Edge| {
                let mut into = lattice.edges().iter().filter(|e| e.end == edge.end);
                into.rfind(|e| share(e) > 0.0).is_none_or(|e| e == edge || share(e) < 1e-6)
            };
            expect(fits && end == lattice.end() && high.iter().all(is_last), || {
                format!("the largest number below 1, drawn again and again: got {}", cuts(&high))
            })
        })
    })
}

//! Next-sentence prediction.

use grading::random::seeded;
use grading::{Failure, Outcome, differential, draw, expect, expect_error_is, expect_same};
use rand::{Rng, RngExt};

use super::chance::{expect_shares, with_chance};
use crate::{Answers, ObjectiveError, Pair, Sentence};

/// Draws pairs, and fails where they cannot be.
fn drawn(answers: &Answers, sentences: &[usize], rng: &mut dyn Rng) -> Result<Vec<Pair>, Failure> {
    let pairs = (answers.nsp_pairs)(sentences, rng)?;
    let firsts: Vec<Sentence> = (0..sentences.len())
        .flat_map(|document| {
            (1..sentences[document]).map(move |next| Sentence { document, place: next - 1 })
        })
        .collect();
    let got: Vec<Sentence> = pairs.iter().map(|pair| pair.first).collect();
    expect_same(
        &format!("documents of {sentences:?} sentences: the first of each pair"),
        &got,
        &firsts,
    )?;
    for Pair { first, second, is_next } in &pairs {
        let follows = second.document == first.document && second.place == first.place + 1;
        expect(!is_next || follows, || format!("{second:?} is said to be next after {first:?}"))?;
        expect(*is_next || second.document != first.document, || {
            format!("{second:?} is in the document of {first:?}, but is not said to be next")
        })?;
        let there = sentences.get(second.document).is_some_and(|&length| second.place < length);
        expect(there, || {
            format!("there is no {second:?} in documents of {sentences:?} sentences")
        })?;
    }
    Ok(pairs)
}

pub fn half_of_the_pairs_are_next(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        // Six pairs, and what each of them says: 64 outcomes.
        let mut counts = vec![0_u64; 64];
        for _ in 0..10_000 {
            let pairs = drawn(answers, &[3, 2, 4, 1], rng)?;
            counts[pairs.iter().fold(0, |set, pair| 2 * set + usize::from(pair.is_next))] += 1;
        }
        let outcomes: Vec<_> =
            (0..64).map(|set| (format!("{set:06b}"), counts[set], 1.0 / 64.0)).collect();
        expect_shares("which of 6 pairs are next", &outcomes)?;
        let pairs = drawn(answers, &[30_001, 30_001], rng)?;
        let next = pairs.iter().filter(|pair| pair.is_next).count() as u64;
        let others = pairs.len() as u64 - next;
        expect_shares(
            "pairs of two long documents",
            &[("next".into(), next, 0.5), ("not next".into(), others, 0.5)],
        )
    })
}

pub fn others_come_from_elsewhere(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for sentences in [&[2, 2][..], &[3, 1, 0, 5], &[1, 0, 2, 4, 1], &[0, 12, 4]] {
            let filled = sentences.iter().filter(|&&n| n > 0).count();
            let all: Vec<Sentence> = (0..sentences.len())
                .flat_map(|document| {
                    (0..sentences[document]).map(move |place| Sentence { document, place })
                })
                .collect();
            // For each document: what comes second there.
            let mut counts = vec![vec![0_u64; all.len()]; sentences.len()];
            let pairs: usize = sentences.iter().map(|n| n.saturating_sub(1)).sum();
            for _ in 0..30_000 / pairs {
                for pair in drawn(answers, sentences, rng)?.iter().filter(|pair| !pair.is_next) {
                    let second = all.binary_search(&pair.second).unwrap_or(0);
                    counts[pair.first.document][second] += 1;
                }
            }
            for document in (0..sentences.len()).filter(|&d| sentences[d] > 1) {
                let outcome = |(at, second): (usize, &Sentence)| {
                    let name = format!("sentence {} of document {}", second.place, second.document);
                    let p = 1.0 / (filled - 1) as f64 / sentences[second.document] as f64;
                    let p = if second.document == document { 0.0 } else { p };
                    (name, counts[document][at], p)
                };
                let outcomes: Vec<_> = all.iter().enumerate().map(outcome).collect();
                let what = format!(
                    "documents of {sentences:?} sentences: what does not follow a sentence of document {document}"
                );
                expect_shares(&what, &outcomes)?;
                let drawn: u64 = counts[document].iter().sum();
                expect(drawn > 100, || format!("{what}: there are only {drawn} such pairs"))?;
            }
        }
        // Two draws in a row for the same sentence.
        let mut counts = [0_u64; 9];
        for _ in 0..20_000 {
            let pairs = drawn(answers, &[3, 3], rng)?;
            if !pairs[0].is_next && !pairs[1].is_next {
                counts[3 * pairs[0].second.place + pairs[1].second.place] += 1;
            }
        }
        let outcome =
            |i: usize| (format!("sentence {}, then {}", i / 3, i % 3), counts[i], 1.0 / 9.0);
        let outcomes: Vec<_> = (0..9).map(outcome).collect();
        expect_shares("two drawn sentences in a row, of a document of 3", &outcomes)
    })
}

pub fn a_document_alone_is_refused(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for (sentences, document) in [(&[2][..], 0), (&[0, 0, 7], 2), (&[0, 3, 0], 1)] {
            let what = format!("documents of {sentences:?} sentences");
            // Whatever the coins say.
            for _ in 0..40 {
                let got = (answers.nsp_pairs)(sentences, rng);
                expect_error_is(&what, got, &ObjectiveError::NoOther { document })?;
            }
        }
        for sentences in [&[][..], &[0, 0], &[1], &[0, 1, 0], &[1, 1, 1]] {
            drawn(answers, sentences, rng)?;
        }
        let pairs = drawn(answers, &[2, 1], rng)?;
        expect(pairs.len() == 1, || format!("documents of 2 and 1 sentences make {pairs:?}"))
    })
}

pub fn drawn_pairs_keep_to_the_docs(answers: &Answers) -> Outcome {
    let lengths = draw::list(draw::select(vec![0, 1, 1, 2, 3, 17_usize]), 0..=12);
    differential((lengths, draw::any_u64()), |(sentences, seed)| {
        let filled: Vec<usize> = (0..sentences.len()).filter(|&d| sentences[d] > 0).collect();
        let run = |rng: &mut dyn Rng| (answers.nsp_pairs)(sentences, rng);
        if let [document] = filled[..]
            && sentences[document] > 1
        {
            let error = ObjectiveError::NoOther { document };
            return expect_error_is("a document alone", run(&mut seeded(*seed)), &error);
        }
        let got = drawn(answers, sentences, &mut seeded(*seed))?;
        expect_same("the same generator again", &run(&mut seeded(*seed))?, &got)
    })?;
    // Sentences behind place 65,535 are drawn as well, and other generators draw others.
    with_chance(|rng| {
        let (a, b) = (rng.random(), rng.random());
        let draw = |seed| drawn(answers, &[600, 80_000], &mut seeded(seed));
        let pairs = draw(a)?;
        let far = pairs.iter().any(|pair| pair.first.document == 0 && pair.second.place > 65_535);
        expect(far, || "of 80,000 sentences none behind place 65,535 is ever drawn".into())?;
        expect(pairs != draw(b)?, || "another generator draws the same pairs".into())?;
        let mut sevenths = [0_u64; 7];
        for _ in 0..8 {
            let pairs = drawn(answers, &[2; 700], rng)?;
            let others = pairs.iter().filter(|pair| !pair.is_next);
            others.for_each(|pair| sevenths[pair.second.document / 100] += 1);
        }
        let outcome = |i: usize| (format!("seventh {}", i + 1), sevenths[i], 1.0 / 7.0);
        let outcomes: Vec<_> = (0..7).map(outcome).collect();
        expect_shares("of which of 700 documents the second sentence is", &outcomes)
    })
}

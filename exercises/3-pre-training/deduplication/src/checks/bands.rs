//! Bands: who meets whom, how likely, and how many bands to take.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is, expect_same,
    seed_of_this_run,
};
use rand::RngExt;

use crate::oracle::{golden, sharing};
use crate::{Answers, DedupError, SOLUTION};

/// Far from a rounding of the exact probability, near enough to tell formulas apart.
const CLOSE: Tolerance = Tolerance { rtol: 1e-6, atol: 0.0 };

fn expect_pairs(what: &str, got: &[(usize, usize)], want: &[(usize, usize)]) -> Outcome {
    if got == want {
        return Ok(());
    }
    let lacking = want.iter().find(|pair| !got.contains(pair));
    expect(lacking.is_none(), || {
        format!("{what}: expected the pair {:?} too", lacking.unwrap_or(&(0, 0)))
    })?;
    let odd = got.iter().find(|pair| !want.contains(pair));
    expect(odd.is_none(), || {
        format!(
            "{what}: the pair {:?} shares no band, or is no pair (i, j) with i < j",
            odd.unwrap_or(&(0, 0))
        )
    })?;
    expect_same(&format!("{what}: the pairs, sorted, each once"), got, want)
}

fn shape(documents: usize, [bands, rows]: [usize; 2]) -> String {
    format!("{}, {bands} × {rows}", counted(documents, "signature"))
}

pub fn candidates_share_a_band(answers: &Answers) -> Outcome {
    let mut rng = seeded(seed_of_this_run()?);
    for ([bands, rows], kinds) in
        [([1, 1], 9), ([4, 2], 6), ([2, 4], 3), ([5, 3], 5), ([7, 1], 30), ([1, 6], 2), ([9, 5], 4)]
    {
        for documents in [2, 12, 40] {
            // Few numbers, the largest and those with a single bit among them: much is equal, also
            // at places that do not count.
            let kinds: Vec<u64> = (0..kinds)
                .map(|kind| [kind, !kind, 1 << (63 - kind)][rng.random_range(0..3)])
                .collect();
            let mut number = || kinds[rng.random_range(0..kinds.len())];
            let signatures: Vec<Vec<u64>> =
                (0..documents).map(|_| (0..bands * rows).map(|_| number()).collect()).collect();
            let got = (answers.lsh_buckets)(&signatures, bands, rows)?;
            let what = shape(documents, [bands, rows]);
            expect_pairs(&what, &got, &sharing(&signatures, rows))?;
        }
    }
    // The first band of one is the second of the other; equal places without an equal band; and the
    // same places in another order.
    for (what, other) in [
        ("the same bands, exchanged", vec![3, 4, 1, 2]),
        ("every other place equal", vec![1, 9, 3, 9]),
        ("the middle equal", vec![9, 2, 3, 9]),
        ("bands turned around", vec![2, 1, 4, 3]),
        ("bands with the same sum", vec![0, 3, 2, 5]),
    ] {
        expect_pairs(what, &(answers.lsh_buckets)(&[vec![1, 2, 3, 4], other], 2, 2)?, &[])?;
    }
    Ok(())
}

pub fn pairs_come_once_and_sorted(answers: &Answers) -> Outcome {
    for documents in [0, 1, 2, 3, 30, 300] {
        let same = vec![vec![7; 12]; documents];
        let all: Vec<(usize, usize)> =
            (0..documents).flat_map(|i| (i + 1..documents).map(move |j| (i, j))).collect();
        let got = (answers.lsh_buckets)(&same, 4, 3)?;
        expect_same(&format!("{}, all the same", shape(documents, [4, 3])), &got, &all)?;
    }
    let got = (answers.lsh_buckets)(&[vec![5, 1], vec![2, 6], vec![2, 1], vec![8, 1]], 2, 1)?;
    expect_same("signatures 5 1, 2 6, 2 1 and 8 1", &got, &vec![(0, 2), (0, 3), (1, 2), (2, 3)])
}

pub fn bands_that_do_not_fit_are_refused(answers: &Answers) -> Outcome {
    let signature = |document, hashes, [bands, rows]: [usize; 2]| DedupError::Signature {
        document,
        hashes,
        bands,
        rows,
    };
    for (lengths, [bands, rows], want) in [
        (vec![6, 6], [0, 6], DedupError::NoBands { bands: 0, rows: 6 }),
        (vec![6, 5], [6, 0], DedupError::NoBands { bands: 6, rows: 0 }),
        (vec![], [0, 0], DedupError::NoBands { bands: 0, rows: 0 }),
        (vec![6, 6], [2, 2], signature(0, 6, [2, 2])),
        (vec![6, 6], [2, 4], signature(0, 6, [2, 4])),
        (vec![6, 6, 5, 7], [3, 2], signature(2, 5, [3, 2])),
        (vec![6, 6, 6, 0], [3, 2], signature(3, 0, [3, 2])),
        (vec![6], [7, 1], signature(0, 6, [7, 1])),
        (vec![0], [usize::MAX / 2 + 1, 2], signature(0, 0, [usize::MAX / 2 + 1, 2])),
    ] {
        let signatures: Vec<Vec<u64>> = lengths.iter().map(|&n| vec![1; n]).collect();
        let what = format!("signatures of {lengths:?} places, {bands} × {rows}");
        expect_error_is(&what, (answers.lsh_buckets)(&signatures, bands, rows), &want)?;
    }
    expect_pairs("no signatures", &(answers.lsh_buckets)(&[], 3, 2)?, &[])
}

pub fn candidates_agree(answers: &Answers) -> Outcome {
    // One number, not always the same, is most frequent.
    let number = || {
        let others = draw::select(vec![0, 1, 2, 1 << 32, 1 << 63]);
        draw::prop_oneof![3 => draw::Just(None), 1 => others.prop_map(Some)]
    };
    let signatures = draw::list(draw::list(number(), 12..=12), 0..=70);
    let frequent = draw::select(vec![0, 1, 1 << 63, u64::MAX]);
    let signatures = (signatures, frequent).prop_map(|(signatures, frequent)| -> Vec<Vec<u64>> {
        let filled = |signature: &Vec<Option<u64>>| {
            signature.iter().map(|number| number.unwrap_or(frequent)).collect()
        };
        signatures.iter().map(filled).collect()
    });
    let cuts = draw::select(vec![
        [12, 1],
        [6, 2],
        [4, 3],
        [3, 4],
        [2, 6],
        [1, 12],
        [5, 2],
        [0, 3],
        [4, 0],
    ]);
    // Mostly none is too short.
    let short = draw::prop_oneof![4 => draw::Just(usize::MAX), 1 => draw::lengths(0..=40)];
    differential((signatures, cuts, short), |(signatures, [bands, rows], short)| {
        let mut signatures = signatures.clone();
        if let Some(signature) = signatures.get_mut(*short) {
            signature.pop();
        }
        let run = |answers: &Answers| (answers.lsh_buckets)(&signatures, *bands, *rows);
        agree("the candidates", run(answers), run(&SOLUTION), |got, want| {
            expect_pairs("the candidates", got, want)
        })
    })
}

pub fn probabilities_are_those_of_fractions(answers: &Answers) -> Outcome {
    for case in golden()?.probabilities {
        let what = format!("similarity {}, {} × {}", case.similarity, case.bands, case.rows);
        let got = (answers.collision_probability)(case.similarity, case.bands, case.rows)?;
        expect_close(&what, &[], &[got], &[case.probability], CLOSE)?;
    }
    Ok(())
}

pub fn what_is_no_share_is_refused(answers: &Answers) -> Outcome {
    for value in [-0.1, 1.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.0_f64.next_up(), -1e-300]
    {
        for (bands, rows) in [(4, 3), (0, 3)] {
            let got = (answers.collision_probability)(value, bands, rows);
            let what = format!("similarity {value}, {bands} × {rows}");
            expect_error_is(&what, got, &DedupError::NotAShare { value })?;
        }
    }
    for (bands, rows) in [(0, 5), (5, 0), (0, 0)] {
        let got = (answers.collision_probability)(0.5, bands, rows);
        expect_error_is(&format!("{bands} × {rows}"), got, &DedupError::NoBands { bands, rows })?;
    }
    for (similarity, want) in [(0.0, 0.0), (1.0, 1.0), (-0.0, 0.0)] {
        let got = (answers.collision_probability)(similarity, 30, 4)?;
        expect_same(&format!("similarity {similarity}, 30 × 4"), &got, &want)?;
    }
    Ok(())
}

/// Shares, most of them in the middle, and a few that are none.
fn shares() -> impl Strategy<Value = f64> {
    draw::prop_oneof![8 => draw::between(0.0, 1.0), 2 => draw::probability(), 1 => draw::any_f64()]
}

pub fn probabilities_agree(answers: &Answers) -> Outcome {
    let sizes =
        || draw::prop_oneof![8 => draw::lengths(0..=60), 1 => draw::select(vec![1000, 70_000])];
    differential((shares(), sizes(), sizes()), |&(similarity, bands, rows)| {
        let run = |answers: &Answers| (answers.collision_probability)(similarity, bands, rows);
        agree("the probability", run(answers), run(&SOLUTION), |&got, &want| {
            // Smaller ones may have lost their digits on the way.
            if want < 1e-300 {
                return expect((0.0..=1e-290).contains(&got), || {
                    format!("expected {want:e}, got {got:e}")
                });
            }
            expect_close("the probability", &[], &[got], &[want], CLOSE)
        })
    })
}

pub fn bands_are_the_longest_that_find_enough(answers: &Answers) -> Outcome {
    for case in golden()?.bands {
        let what = format!(
            "threshold {}, {}, recall {}: bands and rows",
            case.threshold,
            counted(case.hashes, "hash value"),
            case.recall
        );
        let got = (answers.best_bands)(case.threshold, case.hashes, case.recall);
        match case.bands {
            Some(want) => expect_same(&what, &got?, &want)?,
            None => expect_error_is(&what, got, &DedupError::OutOfReach { hashes: case.hashes })?,
        }
    }
    Ok(())
}

pub fn bands_that_cannot_be_are_refused(answers: &Answers) -> Outcome {
    for (threshold, hashes, recall, want) in [
        (1.5, 0, 2.0, DedupError::NotAShare { value: 1.5 }),
        (f64::NAN, 12, 0.9, DedupError::NotAShare { value: f64::NAN }),
        (-0.1, 12, 0.9, DedupError::NotAShare { value: -0.1 }),
        (0.8, 0, 1.0, DedupError::NotAShare { value: 1.0 }),
        (0.8, 12, f64::NAN, DedupError::NotAShare { value: f64::NAN }),
        (0.8, 12, -0.5, DedupError::NotAShare { value: -0.5 }),
        (0.8, 0, 0.9, DedupError::EmptySignature),
        (0.0, 12, 0.5, DedupError::OutOfReach { hashes: 12 }),
        (0.8, 1, 0.9, DedupError::OutOfReach { hashes: 1 }),
    ] {
        let got = (answers.best_bands)(threshold, hashes, recall);
        expect_error_is(
            &format!("threshold {threshold}, {hashes} hash values, recall {recall}"),
            got,
            &want,
        )?;
    }
    let got = (answers.best_bands)(1.0, 60, 0.999)?;
    expect_same("threshold 1, 60 hash values: bands and rows", &got, &(1, 60))
}

pub fn best_bands_agree(answers: &Answers) -> Outcome {
    differential((shares(), draw::lengths(0..=300), shares()), |&(threshold, hashes, recall)| {
        let run = |answers: &Answers, recall| (answers.best_bands)(threshold, hashes, recall);
        // Where rounding decides, either is right.
        let near =
            [recall * (1.0 - 1e-6), recall * (1.0 + 1e-6)].map(|recall| run(&SOLUTION, recall));
        if near[0] != near[1] {
            return Ok(());
        }
        agree("bands and rows", run(answers, recall), run(&SOLUTION, recall), |got, want| {
            expect_same("bands and rows", got, want)
        })
    })?;
    // Many ways to divide 252 hash values are the best for some recall.
    for rows in [4, 6, 7, 9, 12, 14, 18, 21] {
        let bands = 252 / rows;
        let recall = (1.0 - 1e-6) * (1.0 - (1.0 - 0.5_f64.powi(rows)).powi(bands));
        let got = (answers.best_bands)(0.5, 252, recall)?;
        let what = format!("252 hash values, threshold 0.5, recall {recall}: bands and rows");
        expect_same(&what, &got, &(bands as usize, rows as usize))?;
    }
    Ok(())
}

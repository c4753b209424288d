//! The numbers of the page.

use std::collections::BTreeSet;

use grading::numbers::{count, percent, power, short};
use grading::{Outcome, Worked};

use crate::jaccard;
use crate::solution::{best_bands, collision_probability, estimate, minhash, shingles};
use crate::town::{alike, met, planted};

/// A story, and the same on another page: the page's example.
pub const STORY: &str = "The mill at the river burned down on Sunday.";
pub const COPY: &str = "News: the mill at the river burned down on Monday.";
/// Two sets of cards for the shuffles of the page; the first three are in both.
pub const CARDS: [&[u64]; 2] = [&[1, 2, 3, 4], &[1, 2, 3, 5]];

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    // Every pair of a billion pages, at a millionth of a second each.
    let pairs = 1e9 * (1e9 - 1.0) / 2.0;
    worked.set("pairs", power(pairs, 0));
    worked.set("years", count((pairs * 1e-6 / (365.25 * 86_400.0) / 100.0).round() as u64 * 100));

    let (story, copy) = (shingles(STORY, 3)?, shingles(COPY, 3)?);
    let shared = story.intersection(&copy).count();
    worked.set("story", story.len()).set("copy", copy.len()).set("shared", shared);
    worked.set("all", story.len() + copy.len() - shared);
    worked.set("jaccard", short(jaccard(&story, &copy), 2));

    // Signatures of the example, of many lengths.
    for hashes in [16, 64, 256] {
        let seeds: Vec<u64> = (0..hashes).collect();
        let guess = estimate(&minhash(&story, &seeds), &minhash(&copy, &seeds))?;
        worked.set(&format!("estimate-{hashes}"), short(guess, 2));
        let j = jaccard(&story, &copy);
        worked.set(&format!("error-{hashes}"), short((j * (1.0 - j) / hashes as f64).sqrt(), 2));
    }
    let cards = CARDS.map(|cards| cards.iter().copied().collect::<BTreeSet<u64>>());
    worked.set("cards", short(jaccard(&cards[0], &cards[1]), 2));

    // The sieve.
    let (bands, rows) = best_bands(0.8, 128, 0.9)?;
    let example = collision_probability(jaccard(&story, &copy), bands, rows)?;
    worked.set("example-met", percent(example, 0));
    worked.set("six-jaccard", short(jaccard(&shingles(STORY, 6)?, &shingles(COPY, 6)?), 2));
    worked.set("bands", bands).set("rows", rows);
    for s in [0.3, 0.5, 0.8] {
        let p = collision_probability(s, bands, rows)?;
        worked.set(&format!("met-{s}"), percent(p, if p < 0.01 { 2 } else { 1 }));
    }
    worked.set("band-0.8", percent(0.8_f64.powi(8), 1));
    let rare = collision_probability(0.05, bands, rows)?;
    worked.set("rare", power(rare, 0)).set("rare-pairs", power(rare * pairs, 0));
    for s in [0.7, 0.75, 0.8, 0.85] {
        worked.set(&format!("fineweb-{s}"), percent(collision_probability(s, 14, 8)?, 0));
    }
    worked.set("lee", percent(collision_probability(0.8, 450, 20)?, 1));
    town(worked)
}

/// Planted copies in a small town, and what each cut of a signature finds.
fn town(worked: &mut Worked) -> Outcome {
    let documents = 600;
    let town = planted(documents, 1);
    let sets: Vec<BTreeSet<u64>> =
        town.documents.iter().map(|text| shingles(text, 3)).collect::<Result<_, _>>()?;
    let alike = alike(&sets, 0.8);
    worked.set("documents", documents).set("copies", town.copies.len());
    worked.set("town-pairs", count((documents * (documents - 1) / 2) as u64));
    worked.set("alike", alike.len());
    for cut in [[128, 1], [32, 4], [16, 8], [8, 16]] {
        let [candidates, found] = met(&sets, &alike, cut)?;
        let name = format!("{}x{}", cut[0], cut[1]);
        worked.set(&format!("candidates-{name}"), count(candidates as u64));
        worked.set(&format!("recall-{name}"), percent(found as f64 / alike.len() as f64, 0));
        let precision = found as f64 / candidates as f64;
        let digits = if precision < 0.01 { 2 } else { 0 };
        worked.set(&format!("precision-{name}"), percent(precision, digits));
    }
    Ok(())
}

//! Near-copies in piles of documents.

use grading::draw::{self, Strategy};
use grading::numbers::{counted, percent};
use grading::random::seeded;
use grading::{
    Outcome, agree, differential, expect, expect_eq, expect_error_is, expect_same, seed_of_this_run,
};
use rand::RngExt;

use crate::oracle::{clusters, overlap, set_of};
use crate::town::{copied, planted};
use crate::{Answers, DedupError, SOLUTION, Settings};

/// Without an error, as many as there are documents, and each stands for itself or is stood for.
fn run(
    answers: &Answers,
    what: &str,
    documents: &[String],
    settings: &Settings,
) -> Result<Vec<usize>, grading::Failure> {
    let got = (answers.dedup)(documents, settings)?;
    expect_same(&format!("{what}: how many documents are judged"), &got.len(), &documents.len())?;
    Ok(got)
}

pub fn planted_copies_are_found(answers: &Answers) -> Outcome {
    let settings = Settings { words: 3, threshold: 0.8, bands: 16, rows: 8 };
    let town = planted(400, 5);
    let got = run(answers, "400 documents", &town.documents, &settings)?;
    let sets: Vec<Vec<u64>> = town.documents.iter().map(|text| set_of(text, 3)).collect();
    let (mut alike, mut found) = (0, 0);
    for j in 0..sets.len() {
        for i in 0..j {
            let [shared, all] = overlap(&sets[i], &sets[j]);
            if shared as f64 >= 0.8 * all as f64 {
                alike += 1;
                found += usize::from(got[i] == got[j]);
            }
        }
    }
    expect(found as f64 >= 0.9 * f64::from(alike), || {
        format!(
            "of {alike} pairs with a similarity of at least 0.8, {found} are in one cluster; \
             expected at least 90%"
        )
    })?;
    // Every document that is dropped has a twin in its cluster.
    let dropped: Vec<usize> = (0..got.len()).filter(|&i| got[i] != i).collect();
    let is_twin = |&&i: &&usize| {
        (0..got.len()).any(|j| {
            let [shared, all] = overlap(&sets[i], &sets[j]);
            i != j && got[i] == got[j] && shared as f64 >= 0.8 * all as f64
        })
    };
    let right = dropped.iter().filter(is_twin).count();
    expect(right == dropped.len(), || {
        format!(
            "of {} only {right} have a copy in their cluster with a similarity of at least 0.8: \
             a precision of {}, expected 100%",
            counted(dropped.len(), "dropped document"),
            percent(right as f64 / dropped.len() as f64, 0)
        )
    })
}

/// Some texts, many of them copies of each other, and copies of copies.
fn pile(documents: usize, rng: &mut impl RngExt) -> Vec<String> {
    let words =
        ["mill", "river", "cat", "old", "Sunday", "boat", "ran", "the", "a", "and", "éclair"];
    let mut texts: Vec<String> = Vec::new();
    for _ in 0..documents {
        let text = match texts.len() {
            n if n > 0 && rng.random_range(0..10) < 7 => {
                let replaced = rng.random_range(0..=4);
                copied(&texts[rng.random_range(0..n)].clone(), replaced, rng)
            }
            _ => {
                let length = rng.random_range(5..60);
                let word = |_| words[rng.random_range(0..words.len())];
                (0..length).map(word).collect::<Vec<_>>().join(" ")
            }
        };
        texts.push(text);
    }
    texts
}

pub fn clusters_are_those_of_all_pairs(answers: &Answers) -> Outcome {
    let mut rng = seeded(seed_of_this_run()?);
    for (documents, words, threshold, [bands, rows]) in [
        (2, 2, 0.5, [8, 1]),
        (40, 3, 0.7, [10, 2]),
        (70, 1, 0.6, [5, 3]),
        (60, 2, 0.9, [12, 4]),
        (50, 4, 0.3, [20, 1]),
        (50, 3, 0.0, [2, 3]),
        (30, 3, 1.0, [3, 3]),
        (40, 3, 0.5, [1, 1]),
        (40, 12, 0.4, [20, 1]),
    ] {
        let settings = Settings { words, threshold, bands, rows };
        let texts = pile(documents, &mut rng);
        let what = format!("{}, {settings:?}: who stands for each", counted(documents, "document"));
        expect_eq(&what, &run(answers, &what, &texts, &settings)?, &clusters(&texts, &settings))?;
    }
    // Exactly at the threshold, and a hair above it.
    let texts = ["a b c d e 1 2 3", "a b c d e 4 5", "p q r s", "p q r t"].map(String::from);
    for (threshold, want) in [
        (0.5, [0, 0, 2, 2]),
        (0.5_f64.next_up(), [0, 1, 2, 2]),
        (0.6, [0, 1, 2, 2]),
        (0.6_f64.next_up(), [0, 1, 2, 3]),
    ] {
        let settings = Settings { words: 1, threshold, bands: 80, rows: 1 };
        let what = format!("two pairs with a similarity of 0.5 and 0.6, threshold {threshold}");
        expect_eq(&what, &run(answers, &what, &texts, &settings)?, &want)?;
    }
    // Sixty pairs, each of which every hash value may keep apart: a word of a hundred differs.
    let text = |pair: usize, from: usize| -> String {
        (from..from + 100).map(|word| format!("w{pair}x{word}")).collect::<Vec<_>>().join(" ")
    };
    let texts: Vec<String> = (0..60).flat_map(|pair| [text(pair, 0), text(pair, 1)]).collect();
    let settings = Settings { words: 1, threshold: 0.9, bands: 2, rows: 64 };
    let what = "60 pairs of long texts, 2 × 64: who stands for each";
    expect_eq(what, &run(answers, what, &texts, &settings)?, &clusters(&texts, &settings))?;
    Ok(())
}

pub fn first_of_a_chain_stands_for_all(answers: &Answers) -> Outcome {
    let mut rng = seeded(seed_of_this_run()?);
    // Each text lacks a word of the one before, and has a new one: the ends share nothing.
    let link = |at: usize| (at..at + 20).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    let settings = Settings { words: 1, threshold: 0.9, bands: 40, rows: 1 };
    for links in [2, 3, 25, 60] {
        let mut texts: Vec<String> = (0..links).map(link).collect();
        for turn in 0..4 {
            let what = format!("{} that overlap like a chain", counted(links, "text"));
            let got = run(answers, &what, &texts, &settings)?;
            let what = format!("{what}, in order {turn}: who stands for each");
            expect_eq(&what, &got, &vec![0; links])?;
            for i in (1..links).rev() {
                texts.swap(i, rng.random_range(0..=i));
            }
        }
    }
    // Two clusters, and texts that are alone.
    let texts = ["a b c d", "x y", "a b c d", "q", "x y!", "A, B, C: D", "r"].map(String::from);
    let settings = Settings { words: 2, threshold: 0.8, bands: 4, rows: 5 };
    let got = run(answers, "seven texts", &texts, &settings)?;
    expect_eq("a, x, a, q, x, a, r: who stands for each", &got, &[0, 1, 0, 3, 1, 0, 6])
}

pub fn texts_without_words_are_the_same(answers: &Answers) -> Outcome {
    let settings = Settings { words: 3, threshold: 1.0, bands: 3, rows: 4 };
    let texts = ["one", "", "One.", "?!", "\r\n", "two", "ONE\u{feff}"].map(String::from);
    let got = run(answers, "seven texts", &texts, &settings)?;
    expect_eq(
        "one, nothing, One., ?!, a line end, two, ONE: who stands for each",
        &got,
        &[0, 1, 0, 1, 1, 5, 0],
    )?;
    expect_eq("no documents", &(answers.dedup)(&[], &settings)?, &[])?;
    expect_eq("one document", &(answers.dedup)(&["a mill".into()], &settings)?, &[0])
}

pub fn settings_that_cannot_be_are_refused(answers: &Answers) -> Outcome {
    let of = |words, threshold, bands, rows| Settings { words, threshold, bands, rows };
    for (settings, want) in [
        (of(0, 2.0, 0, 3), DedupError::NoWords),
        (of(3, f64::NAN, 0, 3), DedupError::NotAShare { value: f64::NAN }),
        (of(3, 1.01, 4, 3), DedupError::NotAShare { value: 1.01 }),
        (of(3, -0.5, 4, 3), DedupError::NotAShare { value: -0.5 }),
        (of(3, 0.8, 0, 3), DedupError::NoBands { bands: 0, rows: 3 }),
        (of(3, 0.8, 3, 0), DedupError::NoBands { bands: 3, rows: 0 }),
    ] {
        for documents in [vec![], vec!["The mill burned down".to_owned()]] {
            let what = format!("{}, {settings:?}", counted(documents.len(), "document"));
            expect_error_is(&what, (answers.dedup)(&documents, &settings), &want)?;
        }
    }
    Ok(())
}

pub fn clusters_agree(answers: &Answers) -> Outcome {
    let text = || {
        let words = draw::list(draw::select(vec!["a", "b", "B", "c", "d", "é", "?"]), 0..=9);
        draw::prop_oneof![3 => words.prop_map(|words| words.join(" ")), 1 => draw::text(6)]
    };
    let settings =
        (0..=4_usize, draw::select(vec![0.0, 0.2, 0.5, 0.75, 1.0, 1.5]), 0..=9_usize, 0..=4_usize)
            .prop_map(|(words, threshold, bands, rows)| Settings { words, threshold, bands, rows });
    differential((draw::list(text(), 0..=30), settings), |(documents, settings)| {
        let run = |answers: &Answers| (answers.dedup)(documents, settings);
        agree("who stands for each", run(answers), run(&SOLUTION), |got, want| {
            expect_eq("who stands for each", got, want)
        })
    })
}

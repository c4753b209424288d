//! A dictionary learned from pairs, and translation word by word.

use grading::{Failure, Outcome, expect, expect_close, expect_eq};
use serde::Deserialize;

use super::{EXACT, golden};
use crate::{Answers, Pair, TranslationTable, lower_words, uniform_table};

/// IBM model 1 after some rounds: every alignment enumerated, and compared with nltk's.
#[derive(Deserialize)]
struct Ibm1 {
    name: String,
    pairs: Vec<(String, String)>,
    rounds: usize,
    table: TranslationTable,
}

/// The golden tables, each with its pairs cut into words.
fn tables() -> Result<Vec<(Ibm1, Vec<Pair>)>, Failure> {
    let with_pairs = |golden: Ibm1| {
        let pairs = golden.pairs.iter().map(|(source, target)| Pair::new(source, target)).collect();
        (golden, pairs)
    };
    Ok(golden::<Vec<Ibm1>>("ibm1")?.into_iter().map(with_pairs).collect())
}

pub fn same_table(what: &str, got: &TranslationTable, want: &TranslationTable) -> Outcome {
    let flat = |table: &TranslationTable| -> (Vec<String>, Vec<f64>) {
        let rows = table.iter().flat_map(|(e, row)| row.iter().map(move |cell| (e, cell)));
        rows.map(|(e, (f, t))| (format!("t({f} | {e})"), *t)).unzip()
    };
    let ((got_names, got), (want_names, want)) = (flat(got), flat(want));
    expect_eq(what, &got_names, &want_names)?;
    want_names.iter().zip(got).zip(want).try_for_each(|((name, got), want)| {
        expect_close(&format!("{what}: {name}"), &[], &[got], &[want], EXACT)
    })
}

pub fn em_rounds_match_the_definition(answers: &Answers) -> Outcome {
    for (Ibm1 { name, rounds, table: want, .. }, pairs) in tables()? {
        let mut table = uniform_table(&pairs);
        for _ in 0..rounds {
            table = (answers.em_round)(&pairs, &table);
        }
        same_table(&format!("the table of “{name}” after {rounds} rounds"), &table, &want)?;
    }
    Ok(())
}

/// ln of the probability of the targets, but for a constant: Π_f Σ_e t(f | e) / |e|.
fn log_likelihood(pairs: &[Pair], table: &TranslationTable) -> f64 {
    let t = |e: &String, f: &String| table.get(e).and_then(|row| row.get(f)).copied();
    let of_pair = |pair: &Pair| -> f64 {
        let of_word = |f| pair.source.iter().filter_map(|e| t(e, f)).sum::<f64>();
        pair.target.iter().map(|f| (of_word(f) / pair.source.len() as f64).ln()).sum()
    };
    pairs.iter().map(of_pair).sum()
}

pub fn em_rounds_raise_the_likelihood(answers: &Answers) -> Outcome {
    for (Ibm1 { name, .. }, pairs) in tables()? {
        let mut table = uniform_table(&pairs);
        let mut before = log_likelihood(&pairs, &table);
        for round in 1..=6 {
            table = (answers.em_round)(&pairs, &table);
            let what = format!("“{name}”, round {round}");
            let sums: Vec<f64> = table.values().map(|row| row.values().sum()).collect();
            let ones = vec![1.0; sums.len()];
            expect_close(&format!("{what}: the sum of each row"), &[], &sums, &ones, EXACT)?;
            let after = log_likelihood(&pairs, &table);
            // The first round gains much; the later ones must not lose.
            let gain = if round == 1 { 0.1 } else { -1e-9 };
            expect(after - before >= gain, || {
                format!("{what}: the log-likelihood went from {before:.6} to {after:.6}")
            })?;
            before = after;
        }
    }
    Ok(())
}

pub fn words_become_their_best_translation(answers: &Answers) -> Outcome {
    let row = |cells: &[(&str, f64)]| cells.iter().map(|&(f, t)| (f.to_owned(), t)).collect();
    let table = TranslationTable::from([
        ("house".to_owned(), row(&[("das", 0.2), ("haus", 0.7), ("zu", 0.1)])),
        ("the".to_owned(), row(&[("buch", 0.05), ("das", 0.55), ("haus", 0.4)])),
        ("tie".to_owned(), row(&[("a", 0.1), ("b", 0.45), ("c", 0.45)])),
    ]);
    for (source, want) in [
        ("the house", "das haus"),
        ("tie the tie", "b das b"),
        ("ada is the house", "ada is das haus"),
    ] {
        let got = (answers.translate)(&table, &lower_words(source));
        expect_eq(&format!("“{source}”"), &got, &lower_words(want))?;
    }
    Ok(())
}

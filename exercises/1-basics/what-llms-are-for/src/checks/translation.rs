// A dictionary learned from pairs, and translation word by word.

fn em_rounds_match_the_definition() -> Outcome {
    for golden in Golden::load()?.ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        for _ in 0..golden.rounds {
            table = subject::em_round(&pairs, &table);
        }
        let flat = |table: &Table| -> Vec<(String, f64)> {
            let cell = |e: &str, f: &str| format!("t({f} | {e})");
            table
                .iter()
                .flat_map(|(e, row)| row.iter().map(move |(f, &t)| (cell(e, f), t)))
                .collect()
        };
        let (got, want) = (flat(&table), flat(&golden.table));
        let what = format!("the table of “{}” after {} rounds", golden.name, golden.rounds);
        let names = |cells: &[(String, f64)]| cells.iter().map(|c| c.0.clone()).collect::<Vec<_>>();
        expect_eq(&what, &names(&got), &names(&want))?;
        for ((name, got), (_, want)) in got.iter().zip(&want) {
            expect(EXACT.accepts(*got, *want), || {
                format!("{what}: expected {name} = {want:.7}, got {got:.7}")
            })?;
        }
    }
    Ok(())
}

/// ln of the probability of the targets, but for a constant: Π_f Σ_e t(f | e) / |e|.
fn log_likelihood(pairs: &[Pair], table: &Table) -> f64 {
    let t = |e: &String, f: &String| table.get(e).and_then(|row| row.get(f)).copied();
    let of_pair = |pair: &Pair| -> f64 {
        let of_word = |f| pair.source.iter().filter_map(|e| t(e, f)).sum::<f64>();
        pair.target.iter().map(|f| (of_word(f) / pair.source.len() as f64).ln()).sum()
    };
    pairs.iter().map(of_pair).sum()
}

fn em_rounds_raise_the_likelihood() -> Outcome {
    for golden in Golden::load()?.ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        let mut before = log_likelihood(&pairs, &table);
        for round in 1..=6 {
            table = subject::em_round(&pairs, &table);
            let what = format!("“{}”, round {round}", golden.name);
            for (e, row) in &table {
                let sum: f64 = row.values().sum();
                expect_close(
                    &format!("{what}: the sum of t(f | {e})"),
                    &[],
                    &[sum],
                    &[1.0],
                    EXACT,
                )?;
            }
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

fn training_finds_the_dictionary() -> Outcome {
    let pairs = examples(town::TRAINING, 400).pairs();
    let mut table = uniform_table(&pairs);
    for _ in 0..town::ROUNDS {
        table = subject::em_round(&pairs, &table);
    }
    for noun in ["owl", "king", "garden", "bird", "teacher", "forest", "flower", "dog", "house"] {
        // The exact translation puts the subject first, without an article.
        let sentence = tinytown::to_tinytongue(&format!("A {noun} slept."))?.to_lowercase();
        let want = sentence.split(' ').next().map(str::to_owned);
        let row = table.get(noun).into_iter().flatten();
        let got = row.max_by(|a, b| a.1.total_cmp(b.1)).map(|(f, _)| f.clone());
        expect(got == want, || {
            format!("the most probable translation of “{noun}”: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

fn words_become_their_best_translation() -> Outcome {
    let row = |cells: &[(&str, f64)]| cells.iter().map(|&(f, t)| (f.to_owned(), t)).collect();
    let table = Table::from([
        ("house".to_owned(), row(&[("das", 0.2), ("haus", 0.7), ("zu", 0.1)])),
        ("the".to_owned(), row(&[("buch", 0.05), ("das", 0.55), ("haus", 0.4)])),
        ("tie".to_owned(), row(&[("a", 0.1), ("b", 0.45), ("c", 0.45)])),
        ("null".to_owned(), row(&[("x", 1.0)])),
    ]);
    for (source, want) in [
        ("the house", "das haus"),
        ("tie the tie", "b das b"),
        ("Ada is the house", "ada is das haus"),
    ] {
        let got = subject::translate(&table, &crate::words::lower_words(source));
        expect_eq(&format!("“{source}”"), &got, &crate::words::lower_words(want))?;
    }
    // Rows of the golden tables that have no ties.
    for golden in Golden::load()?.ibm1.iter().filter(|g| g.rounds == 9) {
        for (e, row) in &golden.table {
            let mut sorted: Vec<(&String, f64)> = row.iter().map(|(f, &t)| (f, t)).collect();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
            if let [(best, p), (_, q), ..] = sorted[..]
                && p - q > 1e-6
            {
                let got = subject::translate(&golden.table, std::slice::from_ref(e));
                expect_eq(&format!("the translation of “{e}”"), &got, std::slice::from_ref(best))?;
            }
        }
    }
    Ok(())
}

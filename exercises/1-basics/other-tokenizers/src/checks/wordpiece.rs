// The longest piece first.

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

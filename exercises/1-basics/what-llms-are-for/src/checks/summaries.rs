// The sentences that say most.

fn summaries_match_the_rules() -> Outcome {
    for golden in Golden::load()?.summaries {
        let got = subject::summarize(&golden.text, golden.n_sentences)?;
        let what = format!("{} sentences of “{}”", golden.n_sentences, golden.text);
        let want: Vec<&str> = golden.summary.iter().map(String::as_str).collect();
        expect_eq(&what, &got, &want)?;
    }
    Ok(())
}

fn summaries_of_tinytown_share_words() -> Outcome {
    let (mut sum, n) = (0.0, 150);
    for example in examples(town::HELD_OUT, n).summaries {
        let got = subject::summarize(&example.text, 1)?.join(" ");
        let words = |text: &str| crate::words::lower_words(text);
        sum += metrics::rouge1_f1(&words(&got), &words(&example.summary));
    }
    within("mean ROUGE-1 F1", sum / n as f64, 0.25, 0.45)
}

fn a_summary_of_nothing_is_an_error() -> Outcome {
    // An answer that always fails must not pass.
    let got = subject::summarize("Dogs bark. Cats and birds. Dogs!", 2)?;
    expect_eq(
        "2 sentences of “Dogs bark. Cats and birds. Dogs!”",
        &got,
        &["Cats and birds.", "Dogs!"],
    )?;
    for text in ["", "  \n ", "...! — ?"] {
        expect_error(&format!("the text {text:?}"), subject::summarize(text, 1))?;
    }
    Ok(())
}

// The loss of a text, in bits a byte.

fn bits_per_byte_counts_bytes() -> Outcome {
    let (ln_2, ln_256) = (std::f64::consts::LN_2, 256_f64.ln());
    // A uniform choice among 256 bytes is 8 bits; every third byte free makes it 16/3.
    for (loss, tokens, bytes, want) in [
        (ln_256, 5, 5, 8.0),
        (ln_256, 20, 30, 16.0 / 3.0),
        (3.0 * ln_2, 7, 28, 0.75),
        (0.5 * ln_2, 1_000_003, 500_000, 0.500_001_5 * 2.0),
        (10.0, 3, 11, 30.0 / 11.0 * std::f64::consts::LOG2_E),
    ] {
        let got = subject::bits_per_byte(loss, tokens, bytes)?;
        let what = format!("{tokens} tokens of {loss:.4} nats in {bytes} bytes");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

fn no_bytes_are_an_error() -> Outcome {
    let got = subject::bits_per_byte(std::f64::consts::LN_2, 3, 2)?;
    expect_close("3 tokens of ln 2 nats in 2 bytes", &[], &[got], &[1.5], EXACT)?;
    expect_error("2 tokens in 0 bytes", subject::bits_per_byte(1.0, 2, 0))?;
    expect_error("no tokens in 0 bytes", subject::bits_per_byte(0.0, 0, 0))
}

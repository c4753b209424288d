// Surprise in bits.

fn surprise_counts_bits() -> Outcome {
    for bits in [1, 2, 3, 10, 52, 200] {
        let p = 0.5_f64.powi(bits);
        let got = subject::surprise_bits(p)?;
        expect_close(&format!("the surprise at 1/2^{bits}"), &[], &[got], &[bits], EXACT)?;
    }
    for p in [0.3, 0.99, 1e-300] {
        let got = subject::surprise_bits(p)?;
        let want = -f64::ln(p) / std::f64::consts::LN_2;
        expect_close(&format!("the surprise at {p}"), &[], &[got], &[want], EXACT)?;
    }
    let (never, surely) = (subject::surprise_bits(0.0)?, subject::surprise_bits(1.0)?);
    expect(never == f64::INFINITY, || format!("what cannot be surprises by +∞ bits, not {never}"))?;
    expect(surely == 0.0, || format!("what is certain surprises by 0 bits, not {surely}"))
}

fn surprise_refuses_what_is_no_probability() -> Outcome {
    // An answer that always fails must not pass.
    expect_close("the surprise at 1/4", &[], &[subject::surprise_bits(0.25)?], &[2], EXACT)?;
    for p in [-0.1, 1.000001, f64::NAN, f64::INFINITY, -3.0] {
        expect_error(&format!("the surprise at {p}"), subject::surprise_bits(p))?;
    }
    Ok(())
}

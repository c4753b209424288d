// Sums over all paths, and paths by chance.

fn forward_is_all_sums(alphas: &[f64], seed: u64) -> Outcome {
    let mut rng = StdRng::seed_from_u64(seed);
    for round in 0..60 {
        let lattice = random_lattice(&mut rng, 2 + round % 10, 0.6)?;
        for &alpha in alphas {
            let what = format!("alpha {alpha}, edges {}: forward", cuts(lattice.edges()));
            let (got, want) =
                (subject::unigram_forward(&lattice, alpha), all_sums(&lattice, alpha));
            expect_close(&what, &[], &got, &want, Tolerance { rtol: 1e-9, atol: 1e-12 })?;
        }
    }
    Ok(())
}

fn forward_sums_over_all_paths() -> Outcome {
    forward_is_all_sums(&[1.0], 3)
}

fn forward_weighs_by_alpha() -> Outcome {
    forward_is_all_sums(&[0.3, 2.5], 4)?;
    // With alpha 0 the sum is the number of paths. With steps of one and two these are Fibonacci's
    // numbers, F(n + 1) = φⁿ⁺¹/√5, rounded.
    let step = |start, length| Edge { start, end: start + length, log_prob: -3.5, known: true };
    let n = 40;
    let edges = (0..n).map(|i| step(i, 1)).chain((1..n).map(|i| step(i - 1, 2)));
    let forward = subject::unigram_forward(&Lattice::new(n, edges.collect())?, 0.0);
    let phi = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let want: Vec<f64> =
        (1..=n + 1).map(|k| (phi.powi(k as i32) / 5.0_f64.sqrt()).round().ln()).collect();
    let exact = Tolerance { rtol: 1e-9, atol: 1e-12 };
    expect_close("alpha 0, steps of 1 and 2: forward", &[], &forward, &want, exact)
}

fn forward_stays_finite() -> Outcome {
    // Steps of one and two in which a step of two is as likely as two of one: every path has the
    // same probability, and the sum is that times their number, F(n + 1) = φⁿ⁺¹/√5 to 15 digits.
    let phi = (1.0 + 5.0_f64.sqrt()) / 2.0;
    for (n, log_p) in [(40, -300.0), (1500, -1.5), (1500, -90.0), (700, 2.0)] {
        let step = |start, length: usize| Edge {
            start,
            end: start + length,
            log_prob: log_p * length as f64,
            known: true,
        };
        let edges = (0..n).map(|i| step(i, 1)).chain((1..n).map(|i| step(i - 1, 2)));
        let forward = subject::unigram_forward(&Lattice::new(n, edges.collect())?, 1.0);
        let got = *forward.last().ok_or(Failure::wrong("forward has no last value"))?;
        let want = n as f64 * (log_p + phi.ln()) + (phi / 5.0_f64.sqrt()).ln();
        let what = format!("{n} steps of log-probability {log_p}: the last value of forward");
        expect_close(&what, &[], &[got], &[want], Tolerance { rtol: 1e-9, atol: 0.0 })?;
    }
    let edge = Edge { start: 1, end: 3, log_prob: -1.0, known: true };
    let first = Edge { start: 0, end: 1, log_prob: -745.5, known: true };
    let got = subject::unigram_forward(&Lattice::new(4, vec![first, edge])?, 1.0);
    let want = [0.0, -745.5, f64::NEG_INFINITY, -746.5, f64::NEG_INFINITY];
    expect_close("edges [0–1 1–3] over 4 bytes: forward", &[], &got, &want, Tolerance::F32)
}

/// Draws many paths and compares how often each came with its share of all.
fn draws_have_shares(lattice: &Lattice, alpha: f64, seed: u64) -> Outcome {
    let paths = all_paths(lattice, lattice.end());
    let weights: Vec<f64> = paths.iter().map(|(_, sum)| (alpha * sum).exp()).collect();
    let total: f64 = weights.iter().sum();
    let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    let index: HashMap<String, usize> =
        paths.iter().enumerate().map(|(i, (path, _))| (cuts(path), i)).collect();
    let mut counts = vec![0; paths.len()];
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..4000 {
        let path = subject::unigram_sample(lattice, alpha, &mut rng)?;
        let i = index.get(&cuts(&path)).ok_or_else(|| {
            Failure::wrong(format!(
                "over {} bytes, {} was drawn, which is no path through the edges {}",
                lattice.end(),
                cuts(&path),
                cuts(lattice.edges())
            ))
        })?;
        counts[*i] += 1;
    }
    let what =
        format!("4,000 draws with alpha {alpha} of the paths through {}", cuts(lattice.edges()));
    expect_distribution(&what, &counts, &shares)
}

fn samples_follow_the_model() -> Outcome {
    (10..)
        .zip(lattices_to_draw_from()?)
        .try_for_each(|(seed, lattice)| draws_have_shares(&lattice, 1.0, seed))
}

fn alpha_flattens_the_samples() -> Outcome {
    for (seed, lattice) in (20..).zip(lattices_to_draw_from()?) {
        for alpha in [0.0, 0.35, 1.8] {
            draws_have_shares(&lattice, alpha, seed)?;
        }
    }
    Ok(())
}

fn sampling_refuses_what_it_cannot_do() -> Outcome {
    let mut rng = StdRng::seed_from_u64(6);
    let edge = |start, end| Edge { start, end, log_prob: -900.0, known: true };
    // The only path, far below the smallest `f64`.
    let lattice = Lattice::new(4, vec![edge(0, 1), edge(1, 3), edge(3, 4), edge(2, 4)])?;
    let got = subject::unigram_sample(&lattice, 1.0, &mut rng)?;
    expect(got == [edge(0, 1), edge(1, 3), edge(3, 4)], || {
        format!(
            "the edges {} have one path, [0–1 1–3 3–4]; got {}",
            cuts(lattice.edges()),
            cuts(&got)
        )
    })?;
    for alpha in [-0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let what = format!("alpha {alpha}");
        expect_error(&what, subject::unigram_sample(&lattice, alpha, &mut rng))?;
    }
    for edges in [vec![], vec![edge(0, 2), edge(3, 4)], vec![edge(2, 4)], vec![edge(0, 3)]] {
        let what = format!("edges {} over a text of 4 bytes", cuts(&edges));
        expect_error(&what, subject::unigram_sample(&Lattice::new(4, edges)?, 1.0, &mut rng))?;
    }
    let path = subject::unigram_sample(&Lattice::new(0, Vec::new())?, 0.5, &mut rng)?;
    expect(path.is_empty(), || {
        format!("an empty text: expected an empty path, got {}", cuts(&path))
    })
}

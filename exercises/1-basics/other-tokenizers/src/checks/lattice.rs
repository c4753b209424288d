// All segmentations as a graph, and the best path through it.

fn edges_are_all(model: &Unigram, text: &str) -> Outcome {
    let lattice = subject::unigram_lattice(model, text)?;
    expect(lattice.end() == text.len(), || {
        format!("the lattice of “{text}”: expected the end {}, got {}", text.len(), lattice.end())
    })?;
    let shown = |edge: &Edge| {
        let piece = text.get(edge.start..edge.end).unwrap_or("(no text)");
        let kind = if edge.known { "known" } else { "unknown" };
        format!("{}–{} “{piece}” {:.3} {kind}", edge.start, edge.end, edge.log_prob)
    };
    let want = all_edges(model, text);
    let missing = want.iter().find(|edge| !lattice.edges().contains(edge));
    let extra = lattice.edges().iter().find(|edge| !want.contains(edge));
    let what = format!("the lattice of “{text}”");
    match (missing, extra) {
        (Some(edge), _) => {
            Err(Failure::wrong(format!("{what}: the edge {} is missing", shown(edge))))
        }
        (_, Some(edge)) => Err(Failure::wrong(format!("{what}: {} is no edge of it", shown(edge)))),
        _ => expect(lattice.edges().len() == want.len(), || {
            format!("{what}: expected {} edges, got {}", want.len(), lattice.edges().len())
        }),
    }
}

fn every_piece_is_an_edge() -> Outcome {
    // Every character is a piece, so that no character is unknown.
    let pieces = ["a", "b", "c", "ab", "bc", "abc", "cab", "bcabc", "aa", "aaa", "x"];
    let model = Unigram::new((1..).zip(pieces).map(|(i, piece)| (piece, -f64::from(i) / 4.0)))?;
    for text in ["abc", "bcabcab", "aaaaaa", "cabcabcx", "c", "xbcabc"] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn unknown_characters_are_edges() -> Outcome {
    let model = Unigram::new([("ab", -2.0), ("b", -7.5), ("xyz", -3.25), ("cx", -1.0)])?;
    for text in ["ab", "xyz", "abab", "cxyz", "zzz", "bbq", "q"] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn positions_are_bytes() -> Outcome {
    let model =
        Unigram::new([("é", -2.0), ("日本", -3.0), ("本", -2.5), ("本語e", -5.0), ("🙂", -4.0)])?;
    let word = format!("{SPACE}né");
    for text in ["é日本語é", "日本語e本", "🙂🙃🙂", "e\u{301}é", &word] {
        edges_are_all(&model, text)?;
    }
    Ok(())
}

fn the_best_path_beats_all_others() -> Outcome {
    let mut rng = StdRng::seed_from_u64(1);
    let mut compared = 0;
    while compared < 150 {
        let lattice = random_lattice(&mut rng, 1 + compared % 11, 0.7)?;
        let paths = all_paths(&lattice, lattice.end());
        let Some((want, sum)) = paths.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        compared += 1;
        let got = subject::unigram_viterbi(&lattice)?;
        expect(got == want, || {
            let got_sum: f64 = got.iter().map(|edge| edge.log_prob).sum();
            format!(
                "of all paths from 0 to {}, {} with log-probability {sum:.4} is the best; got {} with {got_sum:.4}",
                lattice.end(),
                cuts(&want),
                cuts(&got)
            )
        })?;
    }
    Ok(())
}

fn viterbi_like(case: &Texts) -> Outcome {
    let model = case.model()?;
    for (text, want) in &case.texts {
        let lattice = Lattice::new(text.len(), all_edges(&model, text))?;
        let got = tokens(text, &subject::unigram_viterbi(&lattice)?);
        expect(got == *want, || format!("“{text}”: expected {want:?}, got {got:?}"))?;
    }
    Ok(())
}

fn the_best_path_is_that_of_tokenizers() -> Outcome {
    Golden::load()?.unigram.iter().try_for_each(viterbi_like)
}

fn a_path_is_found_or_there_is_none() -> Outcome {
    // Two pieces for every even place of a long text: one of two bytes, or two of one.
    let mut rng = StdRng::seed_from_u64(2);
    let (mut edges, mut want) = (Vec::new(), Vec::new());
    for start in (0..3000).step_by(2) {
        let whole =
            Edge { start, end: start + 2, log_prob: -20.0 - rng.random::<f64>(), known: true };
        let first =
            Edge { start, end: start + 1, log_prob: -10.0 - rng.random::<f64>(), known: true };
        let second = Edge { start: start + 1, end: start + 2, log_prob: -10.0, known: true };
        edges.extend([whole, first, second]);
        match whole.log_prob > first.log_prob + second.log_prob {
            true => want.push(whole),
            false => want.extend([first, second]),
        }
    }
    let got = subject::unigram_viterbi(&Lattice::new(3000, edges)?)?;
    let differ = (0..got.len().max(want.len())).find(|&i| got.get(i) != want.get(i));
    if let Some(i) = differ {
        let shown = |path: &[Edge]| path.get(i).map_or("the end".into(), |edge| cuts(&[*edge]));
        let message = format!(
            "a text of 3,000 bytes: edge {i} of the path should be {}, got {}",
            shown(&want),
            shown(&got)
        );
        return Err(Failure::wrong(message));
    }
    let edge = |start, end| Edge { start, end, log_prob: -1.0, known: true };
    for edges in [vec![], vec![edge(0, 2), edge(3, 5)], vec![edge(1, 5)], vec![edge(0, 4)]] {
        let what = format!("edges {} over a text of 5 bytes", cuts(&edges));
        expect_error(&what, subject::unigram_viterbi(&Lattice::new(5, edges)?))?;
    }
    let path = subject::unigram_viterbi(&Lattice::new(0, Vec::new())?)?;
    expect(path.is_empty(), || {
        format!("an empty text: expected an empty path, got {}", cuts(&path))
    })
}

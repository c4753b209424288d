//! Parameters, operations, and what is kept.

use grading::{Outcome, expect, expect_error_is, expect_same};

use crate::oracle::{CountCase, caches, counts, flops};
use crate::{
    Answers, Architecture, CountError, Family, Kept, Pairs, Params, Positions, Step, published,
};

fn expect_params(answers: &Answers, case: &CountCase) -> Outcome {
    let got = (answers.params)(&case.architecture)?;
    let want = Params {
        embeddings: case.embeddings,
        positions: case.positions,
        attention: case.attention,
        feed_forward: case.feed_forward,
        norms: case.norms,
        head: case.head,
    };
    for ((part, got), (_, want)) in got.parts().into_iter().zip(want.parts()) {
        expect_same(&format!("{}: parameters of the {part}", case.name), &got, &want)?;
    }
    Ok(())
}

fn those_of(answers: &Answers, which: fn(Family) -> bool) -> Outcome {
    counts()?
        .iter()
        .filter(|case| which(case.architecture.family))
        .try_for_each(|case| expect_params(answers, case))
}

pub fn decoders_are_those_of_transformers(answers: &Answers) -> Outcome {
    those_of(answers, |family| family == Family::Decoder)
}

pub fn encoders_are_those_of_transformers(answers: &Answers) -> Outcome {
    those_of(answers, |family| matches!(family, Family::Encoder { .. }))
}

pub fn encoder_decoders_are_those_of_transformers(answers: &Answers) -> Outcome {
    those_of(answers, |family| matches!(family, Family::EncoderDecoder { .. }))
}

pub fn palm_is_that_of_its_paper(answers: &Answers) -> Outcome {
    // Chowdhery and others, 2022, table 1: in hundredths of a billion, without the gains of norms.
    for (name, hundredths) in [("PaLM 8B", 863), ("PaLM 62B", 6250), ("PaLM 540B", 54_035)] {
        for model in published().iter().filter(|model| model.name == name) {
            let got = (answers.params)(&model.architecture)?;
            let weights = got.total()?.saturating_sub(got.norms);
            let rounded = weights.saturating_add(5_000_000) / 10_000_000;
            let billions = |n: u64| format!("{}.{:02} billion", n / 100, n % 100);
            let what = format!("{name}: parameters without norms, {weights},");
            expect_same(&what, &billions(rounded), &billions(hundredths))?;
            // One norm a layer, and one more, each with a gain only.
            let Architecture { n_layers, d_model, .. } = model.architecture;
            expect_same(&format!("{name}: norms"), &got.norms, &((n_layers + 1) * d_model))?;
        }
    }
    decoders_are_those_of_transformers(answers)
}

/// A decoder of the smallest sizes that are not 0.
fn one() -> Architecture {
    Architecture {
        family: Family::Decoder,
        vocab_size: 1,
        d_model: 1,
        n_layers: 1,
        n_heads: 1,
        n_kv_heads: 1,
        d_head: 1,
        d_ff: 1,
        positions: Positions::Rotary,
        is_tied: true,
        has_biases: false,
        is_gated: false,
        is_parallel: false,
    }
}

const STEP: Step = Step { texts: 1, source: 0, tokens: 1, past: 0, pairs: Pairs::All };

/// Heads that do not go into groups, and what to give back for them.
fn groups() -> impl Iterator<Item = (Architecture, CountError)> {
    [(0, 1), (1, 0), (0, 0), (3, 2), (2, 4)].into_iter().map(|(n_heads, n_kv_heads)| {
        let architecture = Architecture { n_heads, n_kv_heads, ..one() };
        (architecture, CountError::Groups { n_heads, n_kv_heads })
    })
}

pub fn params_end_at_64_bits(answers: &Answers) -> Outcome {
    decoders_are_those_of_transformers(answers)?;
    for (architecture, want) in groups() {
        let Architecture { n_heads, n_kv_heads, .. } = architecture;
        let what = format!("{n_heads} heads, {n_kv_heads} of keys and values");
        expect_error_is(&what, (answers.params)(&architecture), &want)?;
    }
    // All a u64 holds; one more; a part, and only the sum.
    let half = 1 << 63;
    for (name, architecture, fits) in [
        ("2⁶⁴ − 10 tokens", Architecture { vocab_size: u64::MAX - 9, ..one() }, true),
        ("2⁶⁴ − 9 tokens", Architecture { vocab_size: u64::MAX - 8, ..one() }, false),
        ("2⁶³ tokens", Architecture { vocab_size: half, ..one() }, true),
        ("2⁶³ tokens, untied", Architecture { vocab_size: half, is_tied: false, ..one() }, false),
        (
            "2⁶³ tokens and positions",
            Architecture { vocab_size: half, positions: Positions::Learned(half), ..one() },
            false,
        ),
        (
            "layers of 2⁴⁰ · 2⁴⁰ weights",
            Architecture { d_ff: 1 << 40, d_model: 1 << 40, ..one() },
            false,
        ),
        (
            "no layers of 2⁶⁰ · 2⁶⁰ · 2⁶⁰ weights",
            Architecture {
                n_layers: 0,
                n_heads: 1 << 60,
                d_head: 1 << 60,
                d_ff: 1 << 60,
                d_model: 1 << 60,
                vocab_size: 3,
                ..one()
            },
            true,
        ),
    ] {
        let got = (answers.params)(&architecture);
        match fits {
            false => expect_error_is(name, got, &CountError::TooLarge)?,
            true => {
                let got = got?;
                let Architecture { vocab_size, d_model, n_layers, .. } = architecture;
                expect_same(
                    &format!("{name}: token table"),
                    &got.embeddings,
                    &(vocab_size * d_model),
                )?;
                // Four weights of attention and two of feed-forward; two norms a layer and one.
                let rest = (got.attention, got.feed_forward, got.norms);
                let want = (4 * n_layers, 2 * n_layers, (2 * n_layers + 1) * d_model);
                expect_same(&format!("{name}: attention, feed-forward, norms"), &rest, &want)?;
            }
        }
    }
    Ok(())
}

fn flops_of(answers: &Answers, which: fn(&Family, &Step) -> bool) -> Outcome {
    for case in flops()?.iter().filter(|case| which(&case.architecture.family, &case.step)) {
        let got = (answers.flops)(&case.architecture, &case.step)?;
        for ((part, got), (_, want)) in got.parts().into_iter().zip(case.flops.parts()) {
            let what = format!("{}, {:?}: FLOPs of {part}", case.name, case.step);
            expect_same(&what, &got, &want)?;
        }
    }
    Ok(())
}

pub fn flops_are_those_of_pytorch(answers: &Answers) -> Outcome {
    flops_of(answers, |family, step| *family == Family::Decoder && step.past == 0)
}

pub fn flops_of_encoders_are_those_of_pytorch(answers: &Answers) -> Outcome {
    flops_of(answers, |family, _| *family != Family::Decoder)
}

pub fn a_past_is_looked_at(answers: &Answers) -> Outcome {
    flops_of(answers, |_, step| step.past > 0)?;
    for family in [
        Family::Encoder { token_types: 2, has_pooler: true },
        Family::EncoderDecoder { decoder_layers: 1 },
    ] {
        let architecture = Architecture { family, ..one() };
        let got = (answers.flops)(&architecture, &Step { past: 1, ..STEP });
        expect_error_is(&format!("{family:?} with a past"), got, &CountError::NoPast)?;
    }
    Ok(())
}

pub fn only_the_past_is_seen(answers: &Answers) -> Outcome {
    for (tokens, past, texts) in [(1, 0, 1), (2, 0, 1), (5, 0, 2), (4, 3, 1), (1, 6, 3), (0, 4, 1)]
    {
        let step = Step { tokens, past, texts, pairs: Pairs::Causal, ..STEP };
        let architecture =
            Architecture { n_heads: 6, n_kv_heads: 2, d_head: 5, n_layers: 3, ..one() };
        let got = (answers.flops)(&architecture, &step)?;
        // Query by query, key by key: a product of d_head numbers, and a sum of as many.
        let mut want = 0;
        for query in past..past + tokens {
            for _key in 0..=query {
                want += 3 * 6 * (2 * 5 + 2 * 5);
            }
        }
        expect_same(&format!("{step:?}: FLOPs of attention"), &got.attention, &(want * texts))?;
    }
    // An encoder hides nothing.
    for case in
        flops()?.iter().filter(|case| matches!(case.architecture.family, Family::Encoder { .. }))
    {
        let step = Step { pairs: Pairs::Causal, ..case.step };
        let got = (answers.flops)(&case.architecture, &step)?;
        let what = format!("{}: FLOPs of attention, which is never causal", case.name);
        expect_same(&what, &got.attention, &case.flops.attention)?;
    }
    flops_are_those_of_pytorch(answers)
}

pub fn flops_end_at_64_bits(answers: &Answers) -> Outcome {
    flops_are_those_of_pytorch(answers)?;
    for (architecture, want) in groups() {
        let Architecture { n_heads, n_kv_heads, .. } = architecture;
        let what = format!("{n_heads} heads, {n_kv_heads} of keys and values, and a past");
        let architecture = Architecture {
            family: Family::Encoder { token_types: 0, has_pooler: false },
            ..architecture
        };
        expect_error_is(&what, (answers.flops)(&architecture, &Step { past: 1, ..STEP }), &want)?;
    }
    let (most, half) = (u64::MAX, 1_u64 << 63);
    for (name, architecture, step, fits) in [
        ("2³⁰ tokens", one(), Step { tokens: 1 << 30, ..STEP }, true),
        ("2³¹ tokens", one(), Step { tokens: 1 << 31, ..STEP }, false),
        ("2³¹ tokens, causal", one(), Step { tokens: 1 << 31, pairs: Pairs::Causal, ..STEP }, true),
        (
            "2⁶⁴ − 1 tokens, causal, no heads' numbers, no layers",
            Architecture { n_layers: 0, d_head: 0, vocab_size: 0, ..one() },
            Step { tokens: most, pairs: Pairs::Causal, ..STEP },
            true,
        ),
        ("a past of 2⁶¹", one(), Step { past: 1 << 61, ..STEP }, true),
        ("a past of 2⁶²", one(), Step { past: 1 << 62, ..STEP }, false),
        ("2⁶³ − 1 logits", Architecture { vocab_size: half - 1, n_layers: 0, ..one() }, STEP, true),
        ("2⁶³ logits", Architecture { vocab_size: half, n_layers: 0, ..one() }, STEP, false),
        (
            "logits and weights that fit by themselves",
            Architecture { vocab_size: half - 1, ..one() },
            STEP,
            false,
        ),
        (
            "no texts",
            Architecture { vocab_size: most, d_model: most, d_ff: most, ..one() },
            Step { texts: 0, tokens: most, past: most, ..STEP },
            true,
        ),
    ] {
        let got = (answers.flops)(&architecture, &step);
        match fits {
            true => expect(got.is_ok(), || {
                format!("{name}: fits into a u64, and is an error: {got:?}")
            })?,
            false => expect_error_is(name, got, &CountError::TooLarge)?,
        }
    }
    Ok(())
}

pub fn caches_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in caches()? {
        for bytes in [1, 2, 4] {
            let kept = Kept { texts: case.texts, source: case.source, tokens: case.tokens, bytes };
            let got = (answers.kv_bytes)(&case.architecture, &kept)?;
            let what = format!("{}: bytes of {kept:?}", case.name);
            expect_same(&what, &got, &(case.numbers * bytes))?;
        }
    }
    Ok(())
}

pub fn an_encoder_keeps_nothing(answers: &Answers) -> Outcome {
    caches_are_those_of_transformers(answers)?;
    let kept = Kept { texts: 3, source: 5, tokens: 7, bytes: 2 };
    let family = Family::Encoder { token_types: 2, has_pooler: true };
    let bytes = (answers.kv_bytes)(&Architecture { family, ..one() }, &kept)?;
    expect_same("bytes of an encoder", &bytes, &0)?;
    for source in [0, 11] {
        let bytes = (answers.kv_bytes)(&one(), &Kept { source, ..kept })?;
        expect_same("bytes of a decoder, whatever the source", &bytes, &(2 * 7 * 3 * 2))?;
    }
    Ok(())
}

pub fn kv_bytes_end_at_64_bits(answers: &Answers) -> Outcome {
    caches_are_those_of_transformers(answers)?;
    for (architecture, want) in groups() {
        let Architecture { n_heads, n_kv_heads, .. } = architecture;
        let what = format!("{n_heads} heads, {n_kv_heads} of keys and values");
        let kept = Kept { texts: 1, source: 1, tokens: 1, bytes: 2 };
        expect_error_is(&what, (answers.kv_bytes)(&architecture, &kept), &want)?;
        // Heads are wrong even where nothing is kept.
        let family = Family::Encoder { token_types: 2, has_pooler: true };
        let encoder = Architecture { family, ..architecture };
        let what = format!("an encoder of {what}");
        expect_error_is(&what, (answers.kv_bytes)(&encoder, &kept), &want)?;
    }
    let both = Architecture { family: Family::EncoderDecoder { decoder_layers: 1 }, ..one() };
    let (most, half) = (u64::MAX, 1 << 63);
    for (name, architecture, [texts, source, tokens, bytes], want) in [
        ("2⁶³ − 1 tokens", one(), [1, 0, half - 1, 1], Ok(most - 1)),
        ("2⁶³ tokens", one(), [1, 0, half, 1], Err(CountError::TooLarge)),
        ("a source and tokens, together 2⁶⁴", both, [1, half, half, 1], Err(CountError::TooLarge)),
        ("no texts, and many tokens", both, [0, most, most, most], Ok(0)),
        ("no bytes, and many tokens", one(), [most, most, most, 0], Ok(0)),
    ] {
        let got = (answers.kv_bytes)(&architecture, &Kept { texts, source, tokens, bytes });
        match want {
            Ok(want) => expect_same(name, &got?, &want)?,
            Err(want) => expect_error_is(name, got, &want)?,
        }
    }
    Ok(())
}

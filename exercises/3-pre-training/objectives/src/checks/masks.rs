//! Masked language modeling.

use grading::numbers::counted;
use grading::random::seeded;
use grading::{Failure, Outcome, differential, draw, expect, expect_error_is, expect_same};
use rand::{Rng, RngExt};

use super::chance::{binomial, expect_shares, with_chance};
use crate::{Answers, Example, IGNORED, Masking};

const MASK: u32 = 103;

fn masking(rate: f64, mask: f64, random: f64) -> Masking {
    Masking { rate, mask, random, mask_id: MASK, vocab_size: 12 }
}

/// Each token a word.
fn words(n: usize) -> Vec<Option<usize>> {
    (0..n).map(Some).collect()
}

fn is_chosen(example: &Example) -> Vec<bool> {
    example.labels.iter().map(|&label| label != IGNORED).collect()
}

/// Masks a text, and fails where inputs and labels do not fit it.
fn masked(
    answers: &Answers,
    ids: &[u32],
    word_ids: &[Option<usize>],
    masking: &Masking,
    rng: &mut dyn Rng,
) -> Result<Example, Failure> {
    let got = (answers.mlm_mask)(ids, word_ids, masking, rng)?;
    let what = counted(ids.len(), "token");
    expect_same(&format!("{what}: how many inputs"), &got.inputs.len(), &ids.len())?;
    expect_same(&format!("{what}: how many labels"), &got.labels.len(), &ids.len())?;
    for (at, &id) in ids.iter().enumerate() {
        let (input, label) = (got.inputs[at], got.labels[at]);
        expect(label == IGNORED || label == i64::from(id), || {
            format!("the label at place {at} is {label}, expected {IGNORED} or the id, {id}")
        })?;
        expect(label != IGNORED || input == id, || {
            format!("place {at} has no label, but its id {id} became {input}")
        })?;
        expect(label == IGNORED || word_ids[at].is_some(), || {
            format!("place {at} holds a special token, but has the label {label}")
        })?;
        let may = input == id || input == masking.mask_id || input < masking.vocab_size;
        expect(may, || format!("place {at}: {id} became {input}, neither a mask nor a known id"))?;
    }
    Ok(got)
}

pub fn so_many_tokens_are_chosen(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for (n, rate) in [(1, 0.15), (7, 0.15), (7, 0.4), (20, 0.15), (3, 0.9)] {
            let masking = masking(rate, 0.8, 0.1);
            let mut counts = vec![0; n + 1];
            for _ in 0..6000 {
                let got = masked(answers, &vec![5; n], &words(n), &masking, rng)?;
                counts[is_chosen(&got).iter().filter(|is| **is).count()] += 1;
            }
            let outcome = |k: usize| (format!("{k} chosen"), counts[k], binomial(n, k, rate));
            let outcomes: Vec<_> = (0..=n).map(outcome).collect();
            expect_shares(&format!("{} at rate {rate}", counted(n, "word")), &outcomes)?;
        }
        Ok(())
    })
}

pub fn chosen_tokens_are_replaced(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        let shares = [(0.8, 0.1), (0.5, 0.3), (0.0, 1.0), (0.1, 0.2), (1.0, 0.0), (0.0, 0.0)];
        for (mask, random) in shares {
            // The mask is no id that may be drawn, and then one.
            for (mask_id, id) in [(MASK, 5), (3, 11), (3, 0)] {
                let masking = Masking { mask_id, ..masking(0.5, mask, random) };
                let mut outcomes: Vec<(String, u64, f64)> = (0..12_u32)
                    .map(|id| (format!("id {id}"), 0, random / 12.0))
                    .chain([(format!("the mask, {MASK}"), 0, 0.0)])
                    .collect();
                outcomes[id as usize].2 += 1.0 - mask - random;
                outcomes[(mask_id as usize).min(12)].2 += mask;
                outcomes.iter_mut().filter(|one| one.2 < 1e-12).for_each(|one| one.2 = 0.0);
                for _ in 0..10 {
                    let got = masked(answers, &[id; 1500], &words(1500), &masking, rng)?;
                    for at in (0..1500).filter(|&at| got.labels[at] != IGNORED) {
                        outcomes[(got.inputs[at] as usize).min(12)].1 += 1;
                    }
                }
                let chosen: u64 = outcomes.iter().map(|one| one.1).sum();
                expect(chosen > 6000, || {
                    format!("of 15,000 tokens at rate 0.5, {chosen} are chosen")
                })?;
                let what = format!(
                    "what stands in place of the chosen id {id}, with mask {mask}, random {random}"
                );
                expect_shares(&what, &outcomes)?;
            }
        }
        let masking = Masking { vocab_size: 300_000, ..masking(1.0, 0.0, 1.0) };
        let got = masked(answers, &[5; 10_000], &words(10_000), &masking, rng)?;
        let mut tenths = [0_u64; 10];
        got.inputs.iter().for_each(|&id| tenths[id as usize / 30_000] += 1);
        let outcome = |i: usize| (format!("tenth {} of the ids", i + 1), tenths[i], 0.1);
        let outcomes: Vec<_> = (0..10).map(outcome).collect();
        expect_shares("random ids of a vocabulary of 300,000", &outcomes)
    })
}

pub fn special_tokens_are_never_chosen(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for special in [[0, 1, 2], [0, 5, 9], [7, 8, 9], [3, 4, 5]] {
            let word_ids: Vec<_> =
                (0..10).map(|at| (!special.contains(&at)).then_some(at)).collect();
            let mut chosen = [0; 10];
            for _ in 0..300 {
                // Whoever looks at ids finds nothing special.
                let got = masked(answers, &[6; 10], &word_ids, &masking(0.4, 0.6, 0.2), rng)?;
                (0..10).for_each(|at| chosen[at] += u32::from(got.labels[at] != IGNORED));
            }
            let never = (0..10).find(|at| chosen[*at] == 0 && !special.contains(at));
            expect(never.is_none(), || {
                format!(
                    "place {}, a token, was never chosen in 300 draws at rate 0.4",
                    never.unwrap_or(0)
                )
            })?;
        }
        let none = vec![None; 50];
        masked(answers, &[6; 50], &none, &masking(1.0, 1.0, 0.0), rng).map(|_| ())
    })
}

pub fn a_word_is_chosen_as_a_whole(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        // Two texts in a row: each counts its words from 0. At the end, a word of other numbers.
        let word_ids = [
            None,
            Some(0),
            Some(0),
            Some(1),
            Some(2),
            Some(2),
            Some(2),
            None,
            Some(0),
            Some(0),
            None,
            Some(0),
            Some(700),
            Some(700),
        ];
        let words = [&[1, 2][..], &[3], &[4, 5, 6], &[8, 9], &[11], &[12, 13]];
        let (mut chosen, mut masks) = (vec![0_u64; 64], [0_u64; 4]);
        for _ in 0..20_000 {
            let got = masked(answers, &[6; 14], &word_ids, &masking(0.3, 0.5, 0.0), rng)?;
            let is_chosen = is_chosen(&got);
            let mut set = 0;
            for (number, word) in words.iter().enumerate() {
                let some = word.iter().filter(|&&at| is_chosen[at]).count();
                expect(some == 0 || some == word.len(), || {
                    format!(
                        "{some} of the {} tokens of the word at place {} are chosen",
                        word.len(),
                        word[0]
                    )
                })?;
                set += usize::from(some > 0) << number;
            }
            chosen[set] += 1;
            if is_chosen[1] {
                let is_mask = |at: usize| usize::from(got.inputs[at] == MASK);
                masks[2 * is_mask(1) + is_mask(2)] += 1;
            }
        }
        let outcome = |set: usize| {
            let k = set.count_ones() as i32;
            (
                format!("the set of words {set:06b}"),
                chosen[set],
                0.3_f64.powi(k) * 0.7_f64.powi(6 - k),
            )
        };
        let outcomes: Vec<_> = (0..64).map(outcome).collect();
        expect_shares("which of 6 words are chosen at rate 0.3", &outcomes)?;
        let names = ["neither", "the second", "the first", "both"];
        let outcomes: Vec<_> = names
            .iter()
            .zip(masks)
            .map(|(name, count)| ((*name).to_owned(), count, 0.25))
            .collect();
        expect_shares(
            "which of the two tokens of a chosen word are masked, with mask 0.5",
            &outcomes,
        )
    })
}

pub fn places_are_independent(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        // Two draws in a row, of 3 tokens each: 64 outcomes.
        let mut counts = vec![0_u64; 64];
        for _ in 0..20_000 {
            let mut set = 0;
            for _ in 0..2 {
                let got = masked(answers, &[5; 3], &words(3), &masking(0.4, 0.8, 0.1), rng)?;
                is_chosen(&got).iter().for_each(|&is| set = 2 * set + usize::from(is));
            }
            counts[set] += 1;
        }
        let outcome = |set: usize| {
            let k = set.count_ones() as i32;
            (format!("{set:06b}"), counts[set], 0.4_f64.powi(k) * 0.6_f64.powi(6 - k))
        };
        let outcomes: Vec<_> = (0..64).map(outcome).collect();
        expect_shares("which places are chosen in two draws of 3 tokens, at rate 0.4", &outcomes)?;
        // What a place becomes says nothing of the next one that is chosen.
        let got = masked(answers, &[5; 40_000], &words(40_000), &masking(1.0, 0.5, 0.0), rng)?;
        let mut pairs = [0_u64; 4];
        got.inputs.chunks(2).for_each(|two| {
            pairs[2 * usize::from(two[0] == MASK) + usize::from(two[1] == MASK)] += 1;
        });
        let names = ["kept, kept", "kept, masked", "masked, kept", "masked, masked"];
        let outcomes: Vec<_> =
            names.iter().zip(pairs).map(|(name, n)| ((*name).to_owned(), n, 0.25)).collect();
        expect_shares("what two neighbors become, if half of all are masked", &outcomes)?;
        // Tenth by tenth of a long text.
        let got = masked(answers, &[5; 70_000], &words(70_000), &masking(0.15, 0.8, 0.1), rng)?;
        let mut tenths = [[0_u64; 2]; 10];
        is_chosen(&got)
            .iter()
            .enumerate()
            .for_each(|(at, &is)| tenths[at / 7000][usize::from(is)] += 1);
        for (tenth, [kept, chosen]) in tenths.into_iter().enumerate() {
            let outcomes = [("kept".to_owned(), kept, 0.85), ("chosen".to_owned(), chosen, 0.15)];
            expect_shares(&format!("tenth {} of a text of 70,000 tokens", tenth + 1), &outcomes)?;
        }
        let (a, b) = (rng.random::<u64>(), rng.random::<u64>());
        let draw = |seed| {
            masked(answers, &[5; 200], &words(200), &masking(0.5, 0.5, 0.3), &mut seeded(seed))
        };
        expect_same("the same generator again", &draw(a)?, &draw(a)?)?;
        expect(draw(a)? != draw(b)?, || "another generator chooses the same".into())
    })
}

pub fn drawn_maskings_keep_to_the_docs(answers: &Answers) -> Outcome {
    let share = || {
        draw::prop_oneof![
            6 => draw::select(vec![0.0, 1.0, 0.15, 0.5, 0.8, 0.1, 0.2]),
            1 => draw::select(vec![-0.1, 1.0_f64.next_up(), f64::NAN, f64::INFINITY, -0.0, 2.0])
        ]
    };
    let sizes = draw::select(vec![0, 1, 12, 50_000, u32::MAX]);
    let odd = draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2_usize]);
    let text = (draw::lengths(0..=200), odd, draw::any_u64());
    differential(
        (text, (share(), share(), share(), sizes)),
        |(text, (rate, mask, random, vocab))| {
            let ((length, odd, seed), rng) = (text, &mut seeded(text.2));
            let masking = Masking {
                rate: *rate,
                mask: *mask,
                random: *random,
                mask_id: 7,
                vocab_size: *vocab,
            };
            let ids: Vec<u32> = (0..*length)
                .map(|_| rng.random_range(0..60_000) << rng.random_range(0..17))
                .collect();
            let others = match odd {
                1 => length + 1,
                2 => length.saturating_sub(1),
                _ => *length,
            };
            let word_ids: Vec<Option<usize>> =
                (0..others).map(|at| (rng.random_range(0..4) > 0).then_some(at / 2)).collect();
            let run = |rng: &mut dyn Rng| (answers.mlm_mask)(&ids, &word_ids, &masking, rng);
            let wrong = match others == *length {
                true => masking.check().err(),
                false => Some(crate::ObjectiveError::Lengths { ids: *length, others }),
            };
            if let Some(error) = wrong {
                return expect_error_is("settings or lists that do not fit", run(rng), &error);
            }
            let got = masked(answers, &ids, &word_ids, &masking, &mut seeded(seed ^ 1))?;
            expect_same("the same generator again", &run(&mut seeded(seed ^ 1))?, &got)?;
            for (at, &id) in ids.iter().enumerate().filter(|(at, _)| word_ids[*at].is_some()) {
                let is_chosen = got.labels[at] != IGNORED;
                expect(if is_chosen { *rate > 0.0 } else { *rate < 1.0 }, || {
                    format!(
                        "place {at} is {}chosen at rate {rate}",
                        if is_chosen { "" } else { "not " }
                    )
                })?;
                let must = match (*mask, *random) {
                    (1.0, _) => Some(masking.mask_id),
                    (0.0, 0.0) => Some(id),
                    _ => None,
                };
                expect(!is_chosen || must.is_none_or(|must| must == got.inputs[at]), || {
                    format!(
                        "place {at}: {id} became {}, with mask {mask}, random {random}",
                        got.inputs[at]
                    )
                })?;
                let may = got.inputs[at] == id || got.inputs[at] == 7 || *random > 0.0;
                expect(may, || {
                    format!("place {at}: {id} became {}, with random {random}", got.inputs[at])
                })?;
            }
            Ok(())
        },
    )?;
    // What is certain is certain at each of many places.
    let rng = &mut seeded(1);
    for (rate, mask, random) in [(0.0, 0.5, 0.5), (1.0, 1.0, 0.0), (1.0, 0.0, 0.0)] {
        let masking = masking(rate, mask, random);
        let got = masked(answers, &[200; 70_000], &words(70_000), &masking, rng)?;
        let chosen = is_chosen(&got).iter().filter(|is| **is).count();
        let what = format!("of 70,000 tokens, chosen at rate {rate}");
        expect_same(&what, &chosen, &(70_000 * rate as usize))?;
        let masks = got.inputs.iter().filter(|&&id| id == MASK).count();
        let what = format!("of 70,000 tokens, masked at rate {rate} with mask {mask}");
        expect_same(&what, &masks, &(70_000 * (rate * mask) as usize))?;
    }
    Ok(())
}

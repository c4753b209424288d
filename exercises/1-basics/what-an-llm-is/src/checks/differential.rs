//! Answers beside the reference, on drawn inputs.

use std::collections::BTreeMap;

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::{Counting, Stuck, seeded};
use grading::{
    Differential, Failure, Outcome, Tolerance, agree, differential, expect, expect_close,
    expect_distribution, expect_same,
};
use rand::{Rng, RngExt};

use crate::oracle::{end, parts};
use crate::{Answers, Draw, Ngram, NgramError, SOLUTION};

/// Tokens of which some look alike where 8, 16 or 24 bits of them are kept.
const IDS: [u32; 8] = [0, 1, 256, 257, 65_536, 1 << 24, (1 << 24) + 1, u32::MAX - 1];

/// The largest vocabulary.
const WIDE: usize = u32::MAX as usize;

/// Twenty context lengths and as many divisions, in any order.
const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 0.0 };

#[derive(Clone, Debug)]
struct Input {
    /// The text that is counted.
    tokens: Vec<u32>,
    order: usize,
    vocab_size: usize,
    /// The order that the counts are read with.
    read_as: usize,
    /// Another text; some of its tokens may be unknown, and its end may be of the same text.
    other: Vec<u32>,
}

impl Input {
    fn model(&self) -> Result<Ngram, NgramError> {
        let mut model = (SOLUTION.fit)(&self.tokens, self.order, self.vocab_size)?;
        model.set_order(self.read_as)?;
        Ok(model)
    }
}

/// Texts short and, now and then, longer than 16 bits count, in vocabularies from 1 token to all.
fn inputs() -> impl Strategy<Value = Input> {
    let long = |len| {
        draw::list(0..8_u32, 1..=3)
            .prop_map(move |phrase| phrase.into_iter().cycle().take(len).collect::<Vec<u32>>())
    };
    let text = prop_oneof![15 => draw::tokens(8, 120), 1 => long(70_000)];
    let other = prop_oneof![30 => draw::tokens_or_beyond(8, 40), 1 => long(10_000)];
    let same_end = prop_oneof![draw::Just(0), draw::lengths(0..=120)];
    let vocab_size = draw::select(vec![8, WIDE, 8, WIDE, 5, 2, 1]);
    let less = prop_oneof![draw::Just(0), draw::lengths(0..=39)];
    (text, (other, same_end), vocab_size, (draw::lengths(1..=40), less)).prop_map(
        |(mut tokens, (mut other, same_end), vocab_size, (order, less))| {
            other.extend_from_slice(&tokens[..same_end.min(tokens.len())]);
            for token in tokens.iter_mut().chain(&mut other).filter(|token| **token < 8) {
                let wide = vocab_size == WIDE;
                *token = if wide { IDS[*token as usize] } else { *token % vocab_size as u32 };
            }
            // Counting takes the product of both.
            let order = if tokens.len() > 120 { order.min(3) } else { order };
            Input { tokens, order, vocab_size, read_as: order.saturating_sub(less).max(1), other }
        },
    )
}

/// What is too rare among drawn inputs: a memory and a text of hundreds of tokens, of which no two
/// long stretches are alike, and dice with more sides than 16 bits count.
fn long_memory_and_large_dice() -> [Input; 2] {
    let mut rng = seeded(6);
    let tokens: Vec<u32> = (0..300).map(|_| rng.random_range(0..8)).collect();
    let other = tokens[..290].to_vec();
    let far = Input { tokens, order: 290, vocab_size: 8, read_as: 280, other };
    let tokens = (0..70_000).map(|i| u32::from(i >= 66_000)).collect();
    [far, Input { tokens, order: 1, vocab_size: 8, read_as: 1, other: vec![7] }]
}

/// Runs a check on drawn inputs, and on [`long_memory_and_large_dice`].
fn differ(cases: u32, mut check: impl FnMut(&Input) -> Outcome) -> Outcome {
    Differential::cases(cases).run(inputs(), &mut check)?;
    let mut once = |input| Differential::cases(1).run(draw::Just(input), &mut check);
    long_memory_and_large_dice().into_iter().try_for_each(&mut once)
}

pub fn counting_like_reference(answers: &Answers) -> Outcome {
    let same = |got: &Ngram, want: &Ngram| {
        // The orders that it has counts for, too.
        let sizes =
            |model: &Ngram| [model.order(), model.contexts_by_length().len(), model.vocab_size()];
        expect_same("order, highest order, vocabulary", &sizes(got), &sizes(want))?;
        expect_same("what came after each context", &counts(got), &counts(want))
    };
    let bad_order = draw::select(vec![None, None, None, Some(0)]);
    let bad_vocab = draw::select(vec![None, None, Some(0), Some(3), Some(WIDE.saturating_add(1))]);
    let check = |input: &Input, order: &Option<usize>, vocab_size: &Option<usize>| {
        let order = order.unwrap_or(input.order);
        let vocab_size = vocab_size.unwrap_or(input.vocab_size);
        for tokens in [&input.tokens, &input.other] {
            let [got, want] =
                [answers, &SOLUTION].map(|answers| (answers.fit)(tokens, order, vocab_size));
            agree(&format!("fit(tokens, {order}, {vocab_size})"), got, want, same)?;
        }
        Ok(())
    };
    differential((inputs(), bad_order, bad_vocab), |(input, order, vocab_size)| {
        check(input, order, vocab_size)
    })?;
    differ(1, |input| check(input, &None, &None))
}

/// What came after each context, in an order of its own.
fn counts(model: &Ngram) -> BTreeMap<&[u32], Vec<(u32, u64)>> {
    let seen = model.contexts().filter(|(_, seen)| seen.total() > 0);
    seen.map(|(context, seen)| (context, seen.iter().collect())).collect()
}

pub fn probabilities_like_reference(answers: &Answers) -> Outcome {
    differ(1000, |input| {
        let (model, size) = (input.model()?, input.vocab_size as u32);
        let asked = [&IDS[..], &[2, 4, size - 1, size, size.saturating_add(1), u32::MAX]].concat();
        let probs = |answers: &Answers| -> Vec<f64> {
            asked.iter().map(|&token| (answers.prob)(&model, &input.other, token)).collect()
        };
        let what = format!("the probabilities of {asked:?} after `other`");
        expect_close(&what, &[], &probs(answers), &probs(&SOLUTION), CLOSE)
    })
}

pub fn perplexity_like_reference(answers: &Answers) -> Outcome {
    differ(1000, |input| {
        let model = input.model()?;
        // A token that seldom comes next tells how long the context is.
        let rare = [&input.other[..], &[0]].concat();
        let texts = [("`other`", &input.other), ("`other` and a 0", &rare)];
        for (what, text) in texts.into_iter().chain([("`tokens`", &input.tokens)]) {
            let what = format!("the perplexity of {what}");
            let [got, want] = [answers, &SOLUTION].map(|of| (of.perplexity)(&model, text));
            agree(&what, got, want, |&got, &want| {
                expect_close(&what, &[], &[got], &[want], CLOSE)
            })?;
        }
        Ok(())
    })
}

pub fn draws_like_reference(answers: &Answers) -> Outcome {
    differ(128, |input| {
        let model = input.model()?;
        let seen = end(&input.other, input.read_as);
        let is_wide = input.vocab_size == WIDE;
        let ids = if is_wide { IDS } else { [0, 1, 2, 3, 4, 5, 6, 7] };
        // Each token after each length of context, and as many shares of the whole vocabulary.
        let rows = parts(&input.tokens, seen, 1.0, &ids);
        // Of a wide one, by the first two bits and the last two.
        let shares = if is_wide { 16 } else { input.vocab_size };
        let share = |token: u32| if is_wide { (token >> 30) * 4 + token % 4 } else { token };
        let counted = rows.iter().flat_map(|row| &row[1..]).copied();
        let want: Vec<f64> =
            counted.chain(std::iter::repeat_n(rows[0][0] / shares as f64, shares)).collect();
        let lengths = seen.len() + 1;
        let outcome = |drawn: Draw| {
            let index = match (drawn.context, ids.iter().position(|&id| id == drawn.token)) {
                (Some(length), Some(i)) if length < lengths => i * lengths + length,
                (None, _) if (drawn.token as usize) < input.vocab_size => {
                    8 * lengths + share(drawn.token) as usize
                }
                _ => usize::MAX,
            };
            let is_possible = want.get(index).is_some_and(|&p| p > 0.0);
            expect(is_possible, || format!("{drawn:?} cannot be after `other`")).map(|()| index)
        };
        let draw = |rng: &mut dyn Rng| (answers.draw)(&model, &input.other, rng);
        // The ends of what a generator yields.
        outcome(draw(&mut Stuck(0)))?;
        outcome(draw(&mut Stuck(u64::MAX)))?;

        let draws = |count: usize| -> Result<Vec<u64>, Failure> {
            let mut rng = Counting::new(seeded(5));
            let (mut counts, mut dice) = (vec![0; want.len()], 0);
            for _ in 0..count {
                let drawn = draw(&mut rng);
                counts[outcome(drawn)?] += 1;
                let rolled = (drawn.context.unwrap_or(0)..lengths)
                    .filter(|length| model.after(&seen[seen.len() - length..]).is_some());
                dice += rolled.count() + usize::from(drawn.context.is_none());
            }
            // `random_range` takes a second number now and then; of a wide range nearly always.
            let spare = if is_wide { dice } else { 9 };
            expect((dice..=dice + spare).contains(&rng.draws()), || {
                format!("{count} draws rolled {dice} dice, but took {} numbers", rng.draws())
            })?;
            Ok(counts)
        };
        let compare = |count| {
            let (counts, want) = pooled(&draws(count)?, &want);
            expect_distribution("draws, the likeliest first", &counts, &want)
        };
        expect_same("how often each came, with the same seed", &draws(50)?, &draws(50)?)?;
        // Among hundreds of inputs, one may have bad luck; not twice.
        compare(4000).or_else(|_| compare(8000))
    })
}

/// The likeliest first; rare outcomes, of which a χ² test knows too little, come together.
fn pooled(counts: &[u64], want: &[f64]) -> (Vec<u64>, Vec<f64>) {
    let mut cells: Vec<(u64, f64)> =
        counts.iter().zip(want).map(|(&count, &p)| (count, p)).collect();
    cells.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total = counts.iter().sum::<u64>() as f64;
    while let [.., last, rare] = &mut cells[..]
        && total * rare.1 < 20.0
    {
        *last = (last.0 + rare.0, last.1 + rare.1);
        cells.pop();
    }
    cells.into_iter().unzip()
}

pub fn texts_like_reference(answers: &Answers) -> Outcome {
    let memory = prop_oneof![3 => draw::lengths(0..=40), 1 => draw::lengths(200..=300)];
    let sizes = (memory, draw::lengths(0..=120), draw::lengths(0..=100));
    let inputs = (draw::list(0..8_u32, 1..=60), sizes);
    Differential::cases(64).run(inputs, |(cycle, (memory, more, len))| {
        // Around and around the same tokens.
        let around = |len| -> Vec<u32> { cycle.iter().cycle().take(len).copied().collect() };
        let mut model = Ngram::new(memory + 1, 8)?;
        for gram in around(cycle.len() + memory).windows(memory + 1) {
            let seen = model.after_mut(&gram[..*memory]);
            (0..20_000).for_each(|_| seen.add(gram[*memory]));
        }
        let prompt = around(more + memory);
        let follows = |seed: u64| {
            let mut rng = Counting::new(seeded(seed));
            let new = (answers.generate)(&model, &prompt, *len, &mut rng);
            expect(new.len() == *len, || format!("expected {len} tokens, got {}", new.len()))?;
            for gram in [&prompt[*more..], &new].concat().windows(memory + 1) {
                let (context, token) = (&gram[..*memory], gram[*memory]);
                expect(model.after(context).is_some_and(|seen| seen.count(token) > 0), || {
                    format!("order {}: {token} never comes after {context:?}", memory + 1)
                })?;
            }
            let drawn = rng.draws();
            expect(drawn == *len, || format!("{len} tokens took {drawn} random numbers"))
        };
        // One die of thousands goes another way, or takes a second number; hardly thrice.
        follows(1).or_else(|_| follows(2)).or_else(|_| follows(3))?;
        let long = || (answers.generate)(&model, &prompt, 50 * len, &mut seeded(4));
        expect_same("the length of a long text", &long().len(), &(50 * len))?;
        expect_same("the text of the same seed", &long(), &long())
    })
}

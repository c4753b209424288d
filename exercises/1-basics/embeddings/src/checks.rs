//! Judges answers: the reference, the learner's, a mutant.

mod differential;

use differential::*;
use grading::random::seeded;
use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_close_or_nan, expect_distribution,
    expect_eq,
};

use crate::oracle::{
    self, SLOPE, Tables, expect_found, expect_model, golden, in_f64, refs, spread_rows,
};
use crate::{Answers, Model, Noise, Schedule, Vectors, town};

grading::checks! {
    "Pairs are all neighbors within the window" => pairs_are_all_neighbors {
        function: pairs, points: 2, section: "a-word-and-its-company", hints: [
            "Write down by hand the pairs of a text of four words with a window of 2. How many \
             has the first word, how many the second?",
            "For the token at place i, the contexts stand at the places i − window to i + window, \
             without i itself, and within the text.",
            "`i.saturating_sub(window)` and `.min(tokens.len() - 1)` give the first and last \
             place; skip `j == i`, not equal words.",
        ]
    }
    "Drawn texts have the pairs of the reference" => pairs_like_reference {
        function: pairs, points: 1, section: "a-word-and-its-company", hints: [
            "The failure shows the smallest input. How long is its text, and how wide the window?",
            "A window may be 0, or wider than the text, or the largest usize: `i + window` is too \
             much for a usize then.",
            "`i.saturating_add(window)` stops at the largest; a text without tokens has no last \
             place, so never subtract 1 from its length outside of the loop.",
        ]
    }
    "The noise flattens the counts" => noise_is_flattened {
        function: noise_distribution, points: 2, section: "where-negatives-come-from", hints: [
            "A word that occurs 16 times as often: how many times as often should it be drawn?",
            "Raise each count to the power 0.75, then divide by the sum of these powers.",
            "`(count as f64).powf(0.75)`; a count of 0 gives probability 0.",
        ]
    }
    "Drawn counts have the noise of the reference" => noise_like_reference {
        function: noise_distribution, points: 1, section: "where-negatives-come-from", hints: [
            "The failure shows the smallest input. Is a count in it 0, or very large, or is there \
             none?",
            "Counts have 64 bits, and their sum more: make each an f64 first. Without any count \
             above 0 there is nothing to divide by.",
            "Sum the powers, return `EmbeddingError::NothingToDraw` if the sum is 0, and divide; \
             an f32 is too short anywhere.",
        ]
    }
    "Negatives follow the noise and never hit the context" => negatives_follow_the_noise {
        function: draw_negatives, points: 3, section: "where-negatives-come-from", hints: [
            "`noise.draw(rng)` gives a word of the noise. What if it is the context?",
            "Another draw replaces the one that hit the context. Each negative is a draw of its \
             own.",
            "`while negatives.len() < n { let id = noise.draw(rng); if id != context { \
             negatives.push(id); } }`",
        ]
    }
    "Drawn negatives are those of the reference" => negatives_like_reference {
        function: draw_negatives, points: 2, section: "where-negatives-come-from", hints: [
            "The failure shows the smallest input. Is the context in the noise, and is it alone \
             there?",
            "The same generator must give the same words: one `noise.draw(rng)` a draw, no other \
             number, and the words in the order they came.",
            "First `if !noise.has_other_than(context)`, return `EmbeddingError::NothingToDraw`, \
             also if `n` is 0; then the loop, which leaves what it drew in order.",
        ]
    }
    "The loss has its closed form" => loss_has_its_closed_form {
        function: loss_and_gradients, points: 2, section: "the-loss", hints: [
            "One term for the pair that was seen, one for each negative. All are positive.",
            "The context's term is −ln σ(u·v). A negative's is −ln σ(−u_k·v): note the sign in \
             there.",
            "Add the terms; no mean, no weights. `dot` and `sigmoid` are given.",
        ]
    }
    "The loss survives large scores" => loss_survives_large_scores {
        function: loss_and_gradients, points: 2, section: "the-loss", hints: [
            "What is σ(−200) in f32, and what is its logarithm?",
            "−ln σ(x) = ln(1 + e^−x). For a large negative x that is close to −x.",
            "`(-x).max(0.0) + (-x.abs()).exp().ln_1p()` never sees a large exponent.",
        ]
    }
    "Gradients match finite differences" => gradients_match_finite_differences {
        function: loss_and_gradients, points: 4, section: "the-gradients", hints: [
            "Each gradient is an error times a vector. The error is how far σ is from what it \
             should be: 1 for the context, 0 for a negative.",
            "∂L/∂u = (σ(u·v) − 1) v, ∂L/∂u_k = σ(u_k·v) v.",
            "The center feels everyone: ∂L/∂v = (σ(u·v) − 1) u + Σ_k σ(u_k·v) u_k.",
        ]
    }
    "Drawn vectors have the loss and the gradients of the reference" => loss_like_reference {
        function: loss_and_gradients, points: 2, section: "the-loss", hints: [
            "The failure shows the smallest input: center, context, negatives. How large are \
             their scores?",
            "At a score of 80 the loss is e^−80, not 0; at −80 it is 80. `(1.0 + x).ln()` forgets \
             a small x, and `exp` overflows.",
            "`(-x).max(0.0) + (-x.abs()).exp().ln_1p()` for the loss, `sigmoid` for the errors; a \
             center that is zero still moves, by the others.",
        ]
    }
    "A step moves every row it should, and no other" => a_step_moves_every_row {
        function: train_step, points: 3, section: "one-step", hints: [
            "Which rows of which table take part? What if a word is drawn twice?",
            "The center is a row of `model.input`; context and negatives are rows of \
             `model.output`. Compute all gradients before you change anything.",
            "Collect the rows of the negatives, call `loss_and_gradients`, then subtract `rate` \
             times each gradient from its row; a word drawn twice gets both.",
        ]
    }
    "Drawn steps move the rows of the reference" => step_like_reference {
        function: train_step, points: 2, section: "one-step", hints: [
            "The failure shows the smallest input. Does a word take part twice, or is one unknown?",
            "A row that is context and negative, or negative twice, moves for each. If any id is \
             unknown, no row may have moved yet.",
            "Read all rows with `?` first, then compute all gradients, then subtract; leave every \
             other row alone.",
        ]
    }
    "Training follows the schedule" => training_follows_the_schedule {
        function: train, points: 2, section: "one-step", hints: [
            "For each pair: negatives, rate, step. Which of these change from pair to pair?",
            "`schedule.rate(i)` is the rate of the pair number i of this call; it knows what came \
             before.",
            "Draw inside of the loop; add the losses up in f64 and divide by the number of pairs \
             (by 1 if there are none).",
        ]
    }
    "Drawn trainings end where the reference does" => training_like_reference {
        function: train, points: 2, section: "one-step", hints: [
            "The failure shows the smallest input. How many pairs and negatives are there, and \
             which step fails?",
            "The generator is asked for negatives only, pair by pair. Thousands of losses add up \
             badly in f32.",
            "`draw_negatives`, then `train_step`, for each pair, both with `?`; `sum += \
             f64::from(loss)`; 0 without pairs.",
        ]
    }
    "Tinytown's analogies come out" => tinytown_analogies_come_out {
        function: train, points: 3, section: "analogies", hints: [
            "This check trains with your functions and asks the vectors in `model.input`. Do the \
             checks before it pass?",
            "If all others pass, look at the order of a pair: the center first.",
            "Each step must lower the loss of its own pair: subtract the gradient.",
        ]
    }
    "The cosine measures the angle" => cosine_measures_the_angle {
        function: cosine, points: 2, section: "near-and-far", hints: [
            "The cosine of a vector with twice itself is 1.",
            "Divide the dot product by both lengths; the length of a is the root of a·a.",
            "Zero vectors have no direction: return 0 if the product of the lengths `== 0.0`. Ask \
             `> 0.0`, and NaN, for which that is false, would look like 0.",
        ]
    }
    "Drawn vectors have the cosine of the reference" => cosine_like_reference {
        function: cosine, points: 1, section: "near-and-far", hints: [
            "The failure shows the smallest input. How long are its vectors: 1, or 1e14, or 0?",
            "Two squared lengths multiplied may be more than f32 holds, or less, though each is \
             fine.",
            "Take each root first, `dot(a, a).sqrt() * dot(b, b).sqrt()`, and return 0 only if \
             that is 0.",
        ]
    }
    "Nearest words match gensim" => nearest_matches_gensim {
        function: nearest, points: 2, section: "near-and-far", hints: [
            "Compute the cosine of the query with every row, then sort.",
            "Leave the excluded words out before you cut off after k.",
            "`sort_by(|a, b| b.1.total_cmp(&a.1))` is stable, so equal words stay in order of id; \
             then `truncate(k)`.",
        ]
    }
    "Drawn tables have the nearest words of the reference" => nearest_like_reference {
        function: nearest, points: 2, section: "near-and-far", hints: [
            "The failure shows the smallest input. Are two cosines equal, and is `k` more than \
             there is?",
            "Equals stay in order of id: a stable sort, and −0 must not come behind 0. `k` may be \
             the largest usize, an excluded word unknown.",
            "Compare `query.len()` with `vectors.dim()` first, use the given `dot`, which is \
             never −0, then `sort_by`, then `truncate`, which never asks for memory.",
        ]
    }
    "Analogies match gensim" => analogies_match_gensim {
        function: analogy, points: 2, section: "analogies", hints: [
            "“a is to b as c is to ?”: go from a to b, and take the same step from c.",
            "The query is b − a + c, each divided by its own length first; a, b and c cannot be \
             the answer.",
            "Build the query from the three rows, then `nearest(vectors, &query, k, &[a, b, c])`.",
        ]
    }
    "Drawn analogies have the answers of the reference" => analogy_like_reference {
        function: analogy, points: 1, section: "analogies", hints: [
            "The failure shows the smallest input. Is a vector in it zero, are two words the \
             same, is one unknown?",
            "A zero vector has no direction: leave it out of the sum instead of dividing by its \
             length. Ids need all 32 bits.",
            "`let row = vectors.row(id)?`, add `sign * x / length` unless `length == 0.0`; \
             `nearest` does the rest for every `k`.",
        ]
    }
}

fn pairs_are_all_neighbors(answers: &Answers) -> Outcome {
    // Words come again, next to themselves too.
    let text = [4, 7, 7, 1, 0, 4, 9, 2, 7, 3, 3];
    for (len, window) in [(4, 1), (5, 2), (11, 3), (11, 1), (3, 100), (7, 6), (2, 1)] {
        let tokens = &text[text.len() - len..];
        let mut want = Vec::new();
        for i in 0..len {
            for j in 0..len {
                if i != j && i.abs_diff(j) <= window {
                    want.push((tokens[i], tokens[j]));
                }
            }
        }
        let what = format!("pairs of {tokens:?}, window {window}");
        expect_eq(&what, &(answers.pairs)(tokens, window), &want)?;
    }
    expect_eq("pairs of no tokens", &(answers.pairs)(&[], 2), &[])?;
    expect_eq("pairs of one token", &(answers.pairs)(&[5], 2), &[])
}

fn noise_is_flattened(answers: &Answers) -> Outcome {
    // The counts are fourth powers, so the weights are third powers.
    for roots in [&[1, 2, 5, 0, 3, 10][..], &[7, 1], &[0, 4, 0], &[30, 1, 2, 3, 4, 5, 6, 20]] {
        let counts: Vec<u64> = roots.iter().map(|&root: &u64| root.pow(4)).collect();
        let weights: Vec<f64> = roots.iter().map(|&root| root.pow(3) as f64).collect();
        let sum: f64 = weights.iter().sum();
        let want: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
        let exact = Tolerance { rtol: 1e-9, atol: 0.0 };
        let what = format!("the noise of the counts {counts:?}");
        expect_close(&what, &[], &(answers.noise_distribution)(&counts)?, &want, exact)?;
    }
    Ok(())
}

fn negatives_follow_the_noise(answers: &Answers) -> Outcome {
    const CALLS: usize = 6000;
    let probabilities = [0.05, 0.4, 0.0, 0.25, 0.2, 0.1];
    let noise = Noise::new(&probabilities)?;
    for (context, n) in [(1, 3), (4, 2), (2, 5), (0, 2)] {
        let others = 1.0 - probabilities[context];
        let share = |i: usize| if i == context { 0.0 } else { probabilities[i] / others };
        let mut rng = seeded(17 + context as u64);
        let mut counts = [0_u64; 36];
        for _ in 0..CALLS {
            let drawn = (answers.draw_negatives)(&noise, context as u32, n, &mut rng)?;
            expect(drawn.len() == n, || format!("expected {n} negatives, got {}", drawn.len()))?;
            let outside = drawn.iter().find(|&&id| id >= 6 || id == context as u32);
            if let Some(id) = outside {
                let what = format!("word {id} came as a negative of the context {context}");
                return Err(Failure::wrong(what));
            }
            // The first and the last together: they are independent.
            counts[drawn[0] as usize * 6 + drawn[n - 1] as usize] += 1;
        }
        let both: Vec<f64> = (0..36).map(|i| share(i / 6) * share(i % 6)).collect();
        let what = format!("the first and the last of {n} negatives of the context {context}");
        expect_distribution(&what, &counts, &both)?;
    }
    Ok(())
}

/// Odds `a : b`.
type Odds = (f32, f32);

fn loss_has_its_closed_form(answers: &Answers) -> Outcome {
    // The score is the logarithm of the odds a : b, so σ is a / (a + b).
    let center = [2.0, -1.0, 0.5];
    let odds = |a: f32, b: f32| vec![0.5 * (a / b).ln(), 0.25, 0.5];
    let cases: [(Odds, &[Odds]); 4] = [
        ((3.0, 1.0), &[]),
        ((1.0, 4.0), &[(1.0, 2.0)]),
        ((2.0, 3.0), &[(5.0, 1.0), (1.0, 9.0), (1.0, 1.0)]),
        ((7.0, 1.0), &[(3.0, 5.0), (3.0, 5.0), (1.0, 6.0), (2.0, 1.0), (8.0, 1.0)]),
    ];
    for ((a, b), negatives) in cases {
        let rows: Vec<Vec<f32>> = negatives.iter().map(|&(a, b)| odds(a, b)).collect();
        let gradients = (answers.loss_and_gradients)(&center, &odds(a, b), &refs(&rows));
        let repelled = negatives.iter().map(|&(a, b)| f64::from((a + b) / b).ln());
        let want = f64::from((a + b) / a).ln() + repelled.sum::<f64>();
        let what = format!("the loss of odds {a} : {b}, with {} negatives", negatives.len());
        expect_close(&what, &[], &[gradients.loss], &[want], Tolerance::F32)?;
    }
    Ok(())
}

fn loss_survives_large_scores(answers: &Answers) -> Outcome {
    let center = [10.0, 0.0];
    for (score, negatives, want) in [
        (-200.0, &[-500.0][..], 200.0),
        (150.0, &[300.0, 120.0], 420.0),
        (-1e6, &[1e6], 2e6),
        (-40.0, &[40.0], 80.0),
    ] {
        let rows: Vec<Vec<f32>> = negatives.iter().map(|x| vec![x / 10.0, 1.0]).collect();
        let got = (answers.loss_and_gradients)(&center, &[score / 10.0, 1.0], &refs(&rows));
        let what = format!("the loss of the score {score} with negatives of {negatives:?}");
        expect_close(&what, &[], &[got.loss], &[want], Tolerance::F32)?;
        // σ is 0 or 1 here, so what moves the context is 0 or the whole center.
        let error = if score < 0.0 { -1.0 } else { 0.0 };
        let want = [10.0 * error, 0.0];
        let what = format!("∂L/∂u at the score {score}");
        expect_close(&what, &[], &got.context, &want, Tolerance::F32)?;
    }
    Ok(())
}

fn gradients_match_finite_differences(answers: &Answers) -> Outcome {
    for (dim, n, seed) in [(5, 3, 1), (1, 1, 2), (7, 0, 3), (3, 6, 4)] {
        let rows = spread_rows(n + 2, dim, seed);
        let got = (answers.loss_and_gradients)(&rows[0], &rows[1], &refs(&rows[2..]));
        let in_f64: Vec<Vec<f64>> = rows.iter().map(|row| in_f64(row)).collect();
        let want = oracle::slopes(&in_f64);
        let of = |name: &str| format!("{name}, {dim} numbers a vector, {n} negatives");
        expect_close(&of("∂L/∂v of the center"), &[], &got.center, &want[0], SLOPE)?;
        expect_close(&of("∂L/∂u of the context"), &[], &got.context, &want[1], SLOPE)?;
        expect_eq(&of("how many ∂L/∂u_k"), &[got.negatives.len()], &[n])?;
        for (k, (got, want)) in got.negatives.iter().zip(&want[2..]).enumerate() {
            expect_close(&of(&format!("∂L/∂u_{k}")), &[], got, want, SLOPE)?;
        }
    }
    Ok(())
}

fn a_step_moves_every_row(answers: &Answers) -> Outcome {
    let cases: [(u32, u32, &[u32]); 5] = [
        (0, 1, &[2, 3]),
        (4, 2, &[0, 0, 3]),
        // A word in its own context, and a center that is drawn as a negative.
        (3, 3, &[1]),
        (2, 4, &[2, 1, 0]),
        (1, 0, &[]),
    ];
    for (i, (center, context, negatives)) in cases.into_iter().enumerate() {
        let mut model = oracle::model(5, 3, 40 + i as u64)?;
        let mut want = Tables::of(&model)?;
        let loss = want.step(center, context, negatives, 0.35);
        let got = (answers.train_step)(&mut model, center, context, negatives, 0.35)?;
        let what = format!("the step of ({center}, {context}) with negatives {negatives:?}");
        expect_model(&format!("after {what}"), &model, &want)?;
        expect_close(&format!("the loss before {what}"), &[], &[got], &[loss], SLOPE)?;
    }
    Ok(())
}

fn training_follows_the_schedule(answers: &Answers) -> Outcome {
    // Of words 1 and 3 only one can be a negative where the other is the context, so nothing
    // here is random.
    let noise = Noise::new(&[0.0, 0.6, 0.0, 0.4, 0.0])?;
    let pairs = [(0, 1), (2, 3), (1, 1), (4, 3), (0, 3), (3, 1)];
    for (done, total, negatives) in [(0, 6, 2), (4, 11, 1), (3, 5, 3)] {
        let schedule = Schedule { start_rate: 0.4, done, total, negatives };
        let mut model = oracle::model(5, 4, 60 + done as u64)?;
        let mut want = Tables::of(&model)?;
        let mut sum = 0.0;
        for (i, &(center, context)) in pairs.iter().enumerate() {
            let others = vec![4 - context; negatives];
            // The rate of the docs, not by the given function.
            let left = (1.0 - (done + i) as f64 / total as f64).max(1e-4);
            sum += want.step(center, context, &others, 0.4 * left);
        }
        let mut rng = seeded(5);
        let got = (answers.train)(&mut model, &pairs, &noise, &schedule, &mut rng)?;
        let what = format!("{} pairs after {done} of {total} steps", pairs.len());
        expect_model(&format!("after training on {what}"), &model, &want)?;
        let mean = sum / pairs.len() as f64;
        expect_close(&format!("the mean loss of {what}"), &[], &[got], &[mean], SLOPE)?;
    }
    let mut model = oracle::model(5, 4, 70)?;
    let want = Tables::of(&model)?;
    let schedule = Schedule { start_rate: 0.4, done: 0, total: 1, negatives: 1 };
    let loss = (answers.train)(&mut model, &[], &noise, &schedule, &mut seeded(5))?;
    expect_model("after training on no pairs", &model, &want)?;
    expect_close("the mean loss of no pairs", &[], &[loss], &[0.0], SLOPE)
}

fn tinytown_analogies_come_out(answers: &Answers) -> Outcome {
    let mut town = town::Town::new();
    let noise = Noise::new(&(answers.noise_distribution)(town.vocab.counts())?)?;
    let mut model = Model::new(town.vocab.len(), town::DIM, &mut town.rng);
    let pairs = town::shuffled((answers.pairs)(&town.tokens, town::WINDOW));
    // Once is enough for most of them.
    let schedule = Schedule {
        start_rate: town::RATE,
        done: 0,
        total: pairs.len(),
        negatives: town::NEGATIVES,
    };
    (answers.train)(&mut model, &pairs, &noise, &schedule, &mut town.rng)?;
    let questions = town::analogies(&town.vocab);
    let mut right = 0;
    for [a, b, c, d] in &questions {
        right += usize::from(oracle::answer(&model.input, [*a, *b, *c])? == *d);
    }
    // A guess is right once in hundreds of times.
    expect(2 * right >= questions.len() && !questions.is_empty(), || {
        format!(
            "of {} analogies like “baker is to bakery as farmer is to farm” the vectors that your \
             functions trained get {right} right; half of them are expected",
            questions.len()
        )
    })
}

fn cosine_measures_the_angle(answers: &Answers) -> Outcome {
    let cases: [(&[f32], &[f32], f64); 12] = [
        (&[3.0, 4.0], &[4.0, 3.0], 24.0 / 25.0),
        (&[3.0, 4.0], &[-8.0, -6.0], -24.0 / 25.0),
        (&[5.0, 12.0], &[30.0, 40.0], 63.0 / 65.0),
        (&[1.0, 2.0, 2.0, 0.0], &[2.0, 1.0, -2.0, 0.0], 0.0),
        (&[2.0, 3.0, 6.0], &[1.0, 2.0, 2.0], 20.0 / 21.0),
        (&[-7.0], &[0.01], -1.0),
        (&[3e12, 4e12], &[4e-12, 3e-12], 24.0 / 25.0),
        (&[0.0, 0.0, 0.0], &[1.0, 2.0, 3.0], 0.0),
        (&[0.0, 0.0], &[0.0, 0.0], 0.0),
        (&[f32::NAN, 1.0], &[2.0, 3.0], f64::NAN),
        (&[1.0, f32::NAN], &[1.0, f32::NAN], f64::NAN),
        (&[0.0, 0.0], &[2.0, f32::NAN], f64::NAN),
    ];
    for (a, b, want) in cases {
        for (a, b) in [(a, b), (b, a)] {
            let what = format!("the cosine of {a:?} and {b:?}");
            expect_close_or_nan(&what, &[], &[(answers.cosine)(a, b)], &[want], Tolerance::F32)?;
        }
    }
    Ok(())
}

fn nearest_matches_gensim(answers: &Answers) -> Outcome {
    let golden = golden()?;
    let vectors = Vectors::from_rows(&golden.vectors)?;
    for case in &golden.nearest {
        let query = vectors.row(case.word)?;
        let got = (answers.nearest)(&vectors, query, case.k, &[case.word])?;
        let what = format!("the {} words nearest to {}", case.k, case.word);
        expect_found(&what, &got, &case.ids, &case.cosines)?;
        // Without those that gensim has found first, the next ones come first.
        let (gone, left) = case.ids.split_at(case.k / 2);
        let exclude = [gone, &[case.word]].concat();
        let got = (answers.nearest)(&vectors, query, left.len(), &exclude)?;
        let what = format!("the words nearest to {}, without {exclude:?}", case.word);
        expect_found(&what, &got, left, &case.cosines[case.k / 2..])?;
    }
    let axes =
        Vectors::from_rows(&[vec![0.0, 2.0], vec![3.0, 0.0], vec![0.0, 5.0], vec![0.0, 1.0]])?;
    let got = (answers.nearest)(&axes, &[0.0, 1.0], 9, &[])?;
    expect_found(
        "the words nearest to an axis, three of which lie on it",
        &got,
        &[0, 2, 3, 1],
        &[1.0, 1.0, 1.0, 0.0],
    )
}

fn analogies_match_gensim(answers: &Answers) -> Outcome {
    let golden = golden()?;
    let vectors = Vectors::from_rows(&golden.vectors)?;
    for case in &golden.analogies {
        let got = (answers.analogy)(&vectors, case.abc, case.k)?;
        let [a, b, c] = case.abc;
        let what = format!("the {} best answers to “{a} is to {b} as {c} is to ?”", case.k);
        expect_found(&what, &got, &case.ids, &case.cosines)?;
    }
    // A vector that training has broken must show: only one word is left to answer.
    let broken = [[f32::NAN, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]].map(Vec::from);
    let broken = Vectors::from_rows(&broken)?;
    for abc in [[0, 1, 2], [1, 0, 2], [1, 2, 0]] {
        let got = (answers.analogy)(&broken, abc, 1)?;
        expect(matches!(got[..], [(3, cosine)] if cosine.is_nan()), || {
            format!("the answer to {abc:?}, where word 0 is NaN: expected [(3, NaN)], got {got:?}")
        })?;
    }
    Ok(())
}

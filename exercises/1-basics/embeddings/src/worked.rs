//! The numbers of the page.

use grading::Worked;
use grading::numbers::{self, percent};

use crate::example::{ALIKE, CENTER, CONTEXT, NEGATIVE, RATE, SENTENCE, WINDOW};
use crate::solution::{
    analogy, cosine, loss_and_gradients, nearest, noise_distribution, pairs, train,
};
use crate::{EmbeddingError, Model, Noise, Schedule, Vectors, dot, sigmoid, town};

/// The numbers of the page. What cannot be computed is left out, and the build names it.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    company(&mut worked);
    by_hand(&mut worked);
    // An error leaves values out, and a page that asks for them does not build.
    let _ = of_tinytown(&mut worked);
    worked
}

/// How many pairs a sentence gives, and how many numbers a table has.
fn company(worked: &mut Worked) {
    let ids: Vec<u32> = (0..SENTENCE.len() as u32).collect();
    worked.set("sentence-window", WINDOW).set("pairs", pairs(&ids, WINDOW).len());
    // GPT-2 (small): tokens and numbers for each.
    let (vocab, dim) = (50_257_u64, 768_u64);
    worked.set("gpt2-millions", format!("{:.1}", (vocab * dim) as f64 / 1e6));
}

/// A loss, its gradients and a step with vectors of two numbers.
fn by_hand(worked: &mut Worked) {
    let (v, u, negative) = (CENTER, CONTEXT, NEGATIVE);
    let before = loss_and_gradients(&v, &u, &[&negative]);
    let pair = |x: &[f32]| format!("({}, {})", short(x[0]), short(x[1]));
    worked.set("v", pair(&v)).set("u", pair(&u)).set("u-negative", pair(&negative));
    let (score, other) = (dot(&u, &v), dot(&negative, &v));
    worked.set("score", short(score)).set("score-negative", short(other));
    worked.set("sigma", short(sigmoid(score))).set("sigma-negative", short(sigmoid(other)));
    worked.set("term", short(loss_and_gradients(&v, &u, &[]).loss));
    worked.set("term-negative", short(before.loss - loss_and_gradients(&v, &u, &[]).loss));
    worked.set("loss", short(before.loss));
    worked.set("error", short(sigmoid(score) - 1.0));
    worked.set("gradient-u", pair(&before.context));
    worked.set("gradient-negative", pair(&before.negatives[0]));
    worked.set("gradient-v", pair(&before.center));
    let step =
        |x: &[f32], g: &[f32]| -> Vec<f32> { x.iter().zip(g).map(|(x, g)| x - RATE * g).collect() };
    let (v, u) = (step(&v, &before.center), step(&u, &before.context));
    let negative = step(&negative, &before.negatives[0]);
    worked
        .set("rate", RATE)
        .set("loss-after", short(loss_and_gradients(&v, &u, &[&negative]).loss));
    worked.set("score-after", short(dot(&u, &v)));
    worked.set("score-negative-after", short(dot(&negative, &v)));
    let [a, b] = ALIKE;
    worked.set("dot", short(dot(&a, &b))).set("cosine", short(cosine(&a, &b)));
}

/// What the vectors of Tinytown know.
fn of_tinytown(worked: &mut Worked) -> Result<(), EmbeddingError> {
    let mut town = town::Town::new();
    let vectors = trained(&mut town)?;
    let word = |id: u32| town.vocab.word(id);
    let id = |word: &str| {
        town.vocab.id(word).ok_or_else(|| EmbeddingError::UnknownWord(word.to_owned()))
    };
    worked.set("vocab", town.vocab.len()).set("dim", town::DIM);
    worked.set("kilobytes", town::BYTES / 1000);
    worked.set("baker-id", id("baker")?);
    let doctor = id("doctor")?;
    let near = nearest(&vectors, vectors.row(doctor)?, 3, &[doctor])?;
    worked.set("near-doctor", near.iter().map(|n| word(n.0)).collect::<Vec<_>>().join(", "));

    let questions = town::analogies(&town.vocab);
    let (mut right, mut own) = (0, 0);
    for &[a, b, c, d] in &questions {
        right += usize::from(analogy(&vectors, [a, b, c], 1)?[0].0 == d);
        // The query without the ban: of unit vectors, since the mean of two has their direction.
        let mut query = vec![0.0; vectors.dim()];
        for (id, sign) in [(a, -1.0), (b, 1.0), (c, 1.0)] {
            let row = vectors.row(id)?;
            let length = dot(row, row).sqrt();
            query.iter_mut().zip(row).for_each(|(q, x)| *q += sign * x / length);
        }
        let free = nearest(&vectors, &query, 1, &[])?[0].0;
        own += usize::from([a, b, c].contains(&free));
    }
    worked.set("questions", questions.len()).set("right", right).set("own-words", own);
    worked.set("right-percent", percent(right as f64 / questions.len() as f64, 0));
    Ok(())
}

/// The vectors that the settings of the lesson give.
fn trained(town: &mut town::Town) -> Result<Vectors, EmbeddingError> {
    let noise = Noise::new(&noise_distribution(town.vocab.counts())?)?;
    let mut model = Model::new(town.vocab.len(), town::DIM, &mut town.rng);
    let pairs = town::shuffled(pairs(&town.tokens, town::WINDOW));
    let total = pairs.len() * town::PASSES;
    for pass in 0..town::PASSES {
        let (start_rate, negatives) = (town::RATE, town::NEGATIVES);
        let schedule = Schedule { start_rate, done: pass * pairs.len(), total, negatives };
        train(&mut model, &pairs, &noise, &schedule, &mut town.rng)?;
    }
    Ok(model.input)
}

/// Three decimals at most.
fn short(x: f32) -> String {
    numbers::short(x.into(), 3)
}

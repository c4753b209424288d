//! The numbers of the page.

use grading::Worked;
use grading::numbers::{self, percent, shares};

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
    let _ = noise(&mut worked);
    let _ = of_tinytown(&mut worked);
    worked
}

/// Pairs of a sentence of five words.
fn company(worked: &mut Worked) {
    let words = ["the", "baker", "sold", "fresh", "bread"];
    let found = pairs(&[0, 1, 2, 3, 4], 2);
    let of_center = |center: u32| -> String {
        let contexts = found.iter().filter(|pair| pair.0 == center);
        contexts.map(|pair| words[pair.1 as usize]).collect::<Vec<_>>().join(", ")
    };
    worked.set("sentence", words.join(" "));
    worked.set("contexts-of-sold", of_center(2));
    worked.set("contexts-of-the", of_center(0));
    worked.set("pairs", found.len());
    // GPT-2 (small): tokens and numbers for each.
    let (vocab, dim) = (50_257_u64, 768_u64);
    worked.set("gpt2-millions", format!("{:.1}", (vocab * dim) as f64 / 1e6));
}

/// A loss, its gradients and a step with vectors of two numbers.
fn by_hand(worked: &mut Worked) {
    let (v, u, negative) = ([1.0, 2.0], [0.5, 0.25], [1.0, -1.0]);
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
    let rate = 0.1;
    let step =
        |x: &[f32], g: &[f32]| -> Vec<f32> { x.iter().zip(g).map(|(x, g)| x - rate * g).collect() };
    let moved = step(&negative, &before.negatives[0]);
    let after =
        loss_and_gradients(&step(&v, &before.center), &step(&u, &before.context), &[&moved]);
    worked.set("rate", rate).set("loss-after", short(after.loss));
    let (a, b) = ([3.0, 4.0], [8.0, 6.0]);
    worked.set("dot", short(dot(&a, &b))).set("cosine", short(cosine(&a, &b)));
}

/// Three counts, flattened.
fn noise(worked: &mut Worked) -> Result<(), EmbeddingError> {
    let counts = [81, 16, 1];
    let list = |shares: Vec<f64>| -> String {
        shares.iter().map(|&p| percent(p, 1)).collect::<Vec<_>>().join(", ")
    };
    worked.set("shares", list(shares(&counts.map(|n| n as f64))));
    worked.set("noise", list(noise_distribution(&counts)?));
    Ok(())
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

//! Questions whose answers the reference computes.

use grading::random::seeded;
use grading::{Failure, Keys, pick};

use crate::example::Pairs;
use crate::solution::{backward, train_round};
use crate::{Examples, Model, Run, Settings, Sizes};

const SIZES: Sizes = Sizes { vocab: 5, context: 2, dim: 3, hidden: 6 };

fn settings(steps: usize, patience: usize) -> Settings {
    Settings { start_rate: 0.5, total: 100_000, steps, batch: 8, patience, most: 100.0 }
}

/// What a network learns if each target is the last token of its own context.
fn copied() -> Result<usize, Failure> {
    let mut rng = seeded(1);
    let tokens: Vec<u32> = (0..100).map(|i| (i * i + i / 3) % 5).collect();
    let contexts: Vec<u32> = tokens.windows(2).flatten().copied().collect();
    let examples = Examples { context: 2, contexts, targets: tokens[1..].to_vec() };
    let mut run = Run::new(Model::new(SIZES, &mut rng), settings(800, 3));
    train_round(&mut run, &examples, &examples, &mut rng)?;
    let loss = run.best_loss;
    let blind = (SIZES.vocab as f64).ln();
    pick([(0.8 * blind..=1.2 * blind).contains(&loss), loss < 0.1, loss > 1.2 * blind])
}

/// Which parameters move if all begin at zero.
fn zeros() -> Result<usize, Failure> {
    let batch = Examples { context: 2, contexts: vec![0, 1, 2, 2], targets: vec![3, 3] };
    let (_, gradients) = backward(&Model::zeros(SIZES), &batch)?;
    let moves = gradients.parts().map(|(_, part)| part.iter().any(|&slope| slope != 0.0));
    pick([moves == [true; 5], moves == [false, false, false, false, true], moves == [false; 5]])
}

/// The vector of a token that stands twice in a context, beside two tokens with equal vectors.
fn twice() -> Result<usize, Failure> {
    let mut model = Model::new(SIZES, &mut seeded(2));
    let row = model.c.row(1).to_vec();
    model.c.row_mut(2).copy_from_slice(&row);
    let gradients = |contexts: [u32; 2]| -> Result<Vec<f32>, Failure> {
        let batch = Examples { context: 2, contexts: contexts.into(), targets: vec![0] };
        let c = backward(&model, &batch)?.1.c;
        Ok((0..3).map(|i| c.row(1)[i] + c.row(2)[i]).collect())
    };
    // Told apart, each place gives its own part; with one token the same parts come together.
    let (apart, together) = (gradients([1, 2])?, gradients([1, 1])?);
    let ratio = f64::from(together[0] / apart[0]);
    pick([(ratio - 1.0).abs() < 1e-3, (ratio - 0.5).abs() < 1e-3, ratio.abs() < 1e-3])
}

/// What grows with the context.
fn longer() -> Result<usize, Failure> {
    let [one, two] =
        [2, 4].map(|context| Model::zeros(Sizes { context, ..SIZES }).parts().map(|p| p.1.len()));
    let grows: Vec<bool> = one.iter().zip(two).map(|(one, two)| two > *one).collect();
    let only = |part: usize| grows.iter().enumerate().all(|(i, &grows)| grows == (i == part));
    pick([only(0), only(1), only(3), grows.iter().all(|&grows| grows)])
}

/// Which of three rounds is kept, if what is learned is wrong for the text held out.
fn kept() -> Result<usize, Failure> {
    let example = |target| Examples { context: 2, contexts: vec![0, 1], targets: vec![target] };
    let mut rng = seeded(3);
    let mut run = Run::new(Model::new(SIZES, &mut rng), settings(2, 2));
    let mut models = Vec::new();
    while train_round(&mut run, &example(0), &example(4), &mut rng)? {
        models.push(run.model.clone());
    }
    models.push(run.model.clone());
    let at = |round: usize| models.len() == 3 && models[round] == run.best;
    pick([at(0), at(1), at(2)])
}

/// How low the loss of a table gets on its own text.
fn lowest() -> Result<usize, Failure> {
    let pairs = Pairs::default();
    let counted = pairs.counted_loss();
    let (_, losses) = pairs.learn(4000)?;
    let last = losses[losses.len() - 1];
    pick([last < 0.95 * counted, (counted..1.02 * counted).contains(&last), last > 1.05 * counted])
}

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("not-shifted", copied)
        .key("lowest-loss", lowest)
        .key("twice-in-a-context", twice)
        .key("longer-contexts", longer)
        .key("all-zeros", zeros)
        .key("which-round", kept)
}

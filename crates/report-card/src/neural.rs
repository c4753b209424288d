//! Neural Buddy: the network of 2003 over the tokens of n-gram Buddy.

use anyhow::Result;
use neural_language_model::solution::{forward, shift, softmax_loss, train_round};
use neural_language_model::{Examples, Model, Run, Settings, Sizes};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use tokenization::fast::{Encoder, train};
use what_llms_are_for::VOCAB_SIZE;
use what_llms_are_for::evaluate::{HELD_OUT_BYTES, STORY_BYTES, Score};
use what_llms_are_for::town::{HELD_OUT, SEED, TRAINING};

/// So many tokens at the end of the training text judge when to stop, not the text held out.
const VALIDATION: usize = 4000;
const SIZES: Sizes = Sizes { vocab: VOCAB_SIZE, context: 8, dim: 24, hidden: 96 };
const SETTINGS: Settings =
    Settings { start_rate: 0.5, total: 30_000, steps: 2000, batch: 16, patience: 3, most: 30.0 };
/// So many examples are judged at a time.
const CHUNK: usize = 500;

/// Trains it on the tokens that n-gram Buddy has counted, and judges both on the same text.
///
/// # Errors
/// If the loss explodes, or a text has no tokens.
pub fn scores() -> Result<Vec<Score>> {
    let world = World::new(SEED);
    let text = world.text(TRAINING, STORY_BYTES);
    let bpe = train(&text, VOCAB_SIZE, &[])?;
    let mut encoder = Encoder::new(&bpe);
    let mut rng = StdRng::seed_from_u64(SEED);
    let model = Model::new(SIZES, &mut rng);
    let pad = model.pad();
    let tokens = encoder.encode(&text);
    let (training, validation) = tokens.split_at(tokens.len().saturating_sub(VALIDATION));
    let [training, validation] =
        [training, validation].map(|tokens| shift(tokens, SIZES.context, pad));
    let mut run = Run::new(model, SETTINGS);
    while run.step < SETTINGS.total && train_round(&mut run, &training, &validation, &mut rng)? {}

    let text = world.text(HELD_OUT, HELD_OUT_BYTES);
    let tokens = encoder.encode(&text);
    let loss = mean_loss(&run.best, &shift(&tokens, SIZES.context, pad))?;
    let bits = loss / std::f64::consts::LN_2 * tokens.len() as f64 / text.len() as f64;
    let score = |metric, value, baseline_floor| Score {
        task: "generation",
        metric,
        value,
        baseline_floor,
        examples: tokens.len(),
    };
    let uniform = VOCAB_SIZE as f64;
    Ok(vec![score("perplexity a token", loss.exp(), uniform), score("bits a byte", bits, 8.0)])
}

/// In nats a token.
fn mean_loss(model: &Model, examples: &Examples) -> Result<f64> {
    let mut sum = 0.0;
    let chunks = examples.contexts.chunks(CHUNK * examples.context);
    for (contexts, targets) in chunks.zip(examples.targets.chunks(CHUNK)) {
        let logits = forward(model, contexts)?.logits;
        sum += softmax_loss(&logits, targets)?.0 * targets.len() as f64;
    }
    Ok(sum / examples.len() as f64)
}

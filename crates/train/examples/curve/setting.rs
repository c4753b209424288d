//! The setting of a published run, on Tinytown's letters: 4 layers of width 128, rows of 64, 12 of them
//! a step, as in nanoGPT's README for Tiny Shakespeare.

use anyhow::Result;
use buddy::TRAINING;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::Model;
use tokenization::fast;
use train::decoder::{END, Recipe, Size, rows};
use train::town;
use training_loop::{Rows, State};

/// So many stories fill the rows of the steps that are compared, and no row comes twice.
const STORIES: usize = 700;

/// The settings, the rows, and the first weights.
///
/// # Errors
/// If the text cannot be cut.
pub fn setting() -> Result<(Recipe, Rows, State)> {
    let recipe = Recipe {
        vocab: 257,
        layers: 4,
        heads: 4,
        width: 128,
        context: 64,
        batch: 12,
        steps: 2000,
        lr: 1e-3,
        beta2: 0.99,
        ..Recipe::of(Size::Buddy)
    };
    let stories: Vec<String> =
        town().stories(TRAINING).take(STORIES).map(|story| story.text).collect();
    // No merges: a token is a byte, which here is a letter or a sign.
    let bytes = fast::train("", recipe.vocab, &[END])?;
    let rows = Rows::from(&rows(&stories, &bytes, recipe.context)?[..]);
    let model = Model::random(recipe.sizes(), &mut StdRng::seed_from_u64(recipe.seed));
    Ok((recipe, rows, State::new(model)))
}

//! Writing: how well pre-trained Buddy predicts stories, and how much is true of what it and n-gram
//! Buddy write.

use anyhow::Result;
use buddy::decoder::DecoderBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tinytown::{Truth, World};
use what_llms_are_for::Buddy;
use what_llms_are_for::evaluate::{HELD_OUT_BYTES, STORY_BYTES, Score};
use what_llms_are_for::town::{HELD_OUT, SEED};

/// So many texts are written.
const TEXTS: usize = 60;
/// Tokens of n-gram Buddy for a text: about as long as what pre-trained Buddy writes.
const TOKENS: usize = 90;

/// Of n-gram Buddy, and of pre-trained Buddy. Floor of what is true: the stories of another town.
///
/// # Errors
/// If a model cannot be trained or opened.
pub fn scores() -> Result<[Vec<Score>; 2]> {
    let (world, other) = (World::new(SEED), World::new(SEED + 1));
    let decoder = DecoderBuddy::kept()?;
    let generation = generation(&world, &decoder)?;

    let foreign = judged(&world, other.stories(HELD_OUT).take(TEXTS).map(|story| story.text));
    let mut rng = StdRng::seed_from_u64(SEED);
    let written: Result<Vec<String>> =
        (0..TEXTS).map(|_| decoder.write(Sampling::default(), &mut rng)).collect();
    let by_decoder = judged(&world, written?.into_iter());
    let counts = Buddy::fit(&world, STORY_BYTES)?;
    let mut rng = StdRng::seed_from_u64(SEED);
    let written: Result<Vec<String>, _> =
        (0..TEXTS).map(|_| counts.continued("\n", TOKENS, &mut rng)).collect();
    let by_counts = judged(&world, written?.into_iter());
    let truth = |truth: Truth| {
        let score = |metric, share: fn(Truth) -> f64, baseline_floor| Score {
            task: "writing",
            metric,
            value: share(truth),
            baseline_floor,
            examples: truth.statements,
        };
        vec![
            score("well-formed statements", well_formed, 0.0),
            score("true statements", is_true, is_true(foreign)),
        ]
    };
    Ok([truth(by_counts), [vec![generation], truth(by_decoder)].concat()])
}

/// How well a decoder predicts stories.
///
/// # Errors
/// If the model fails.
pub fn generation(world: &World, decoder: &DecoderBuddy) -> Result<Score> {
    let text = world.text(HELD_OUT, HELD_OUT_BYTES);
    let surprise = decoder.surprise(text.lines())?;
    // A line ends in a byte, a story in a token.
    let bits = surprise.nats / std::f64::consts::LN_2 / (text.len() + 1) as f64;
    // No perplexity: its tokens are others than those of the models of step 1.
    Ok(Score {
        task: "generation",
        metric: "bits a byte",
        value: bits,
        baseline_floor: 8.0,
        examples: surprise.tokens,
    })
}

fn well_formed(truth: Truth) -> f64 {
    truth.well_formed as f64 / truth.statements.max(1) as f64
}

fn is_true(truth: Truth) -> f64 {
    truth.true_of_the_town as f64 / truth.statements.max(1) as f64
}

/// Of the first paragraph of each text, as far as its sentences are whole.
fn judged(world: &World, texts: impl Iterator<Item = String>) -> Truth {
    texts.fold(Truth::default(), |sum, text| {
        let story = text.trim_start().lines().next().unwrap_or_default();
        let end = story.rfind(['.', '!', '?']).map_or(0, |end| end + 1);
        let quote = usize::from(story[end..].starts_with('"'));
        let truth = world.truth(&story[..end + quote]);
        Truth {
            statements: sum.statements + truth.statements,
            well_formed: sum.well_formed + truth.well_formed,
            true_of_the_town: sum.true_of_the_town + truth.true_of_the_town,
        }
    })
}

//! The quiz of the page, across all lessons of the step; their code picks the right choices.

use std::collections::BTreeSet;

use backpropagation::solution::numeric_gradients;
use embeddings::solution::cosine;
use grading::{Failure, Keys, pick};
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tinytown::World;
use tokenization::solution::{bpe_train, encode};

use crate::solution::{choose_order, complete, train};

/// Six questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("tokens-without-merges", || {
            let bpe = bpe_train("", 256, &[])?;
            nearest(&[1.0, 5.0, 6.0], encode(&bpe, "naïve").len() as f64)
        })
        .key("which-model-is-better", || {
            let bits = |perplexity: f64, tokens| {
                loss_and_surprise::solution::bits_per_byte(perplexity.ln(), tokens, 3000)
            };
            let (a, b) = (bits(10.0, 3000)?, bits(40.0, 1000)?);
            Ok(if a < b {
                0
            } else if b < a {
                1
            } else {
                2
            })
        })
        .key("ten-seeds", || {
            let buddy = train(&World::new(1).text(0, 3000), 300, 3)?;
            let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
            let write =
                |seed| complete(&buddy, "The", &greedy, 20, &mut StdRng::seed_from_u64(seed));
            // What cannot be written is no text.
            let texts: BTreeSet<String> = (0..10).filter_map(|seed| write(seed).ok()).collect();
            nearest(&[1.0, 10.0, 0.0], texts.len() as f64)
        })
        .key("judged-by-training-text", || {
            let world = World::new(1);
            let (training, held_out) = (world.text(0, 3000), world.text(1, 1000));
            let choose = |judged| choose_order(&training, judged, 300, &[1, 2, 3, 4, 5, 6]);
            let (right, wrong) = (choose(&held_out)?.order, choose(&training)?.order);
            pick([wrong == right, wrong == 1, wrong == 6])
        })
        .key("twice-as-long", || {
            nearest(&[0.5, 1.0, 2.0], f64::from(cosine(&[1.0, -2.0, 0.5], &[2.0, -4.0, 1.0])))
        })
        .key("gradient-of-the-right-logit", || {
            // Two tokens, of which the first has probability 0.9.
            let loss = |x: &[f64]| (x[0].exp() + x[1].exp()).ln() - x[0];
            let gradients = numeric_gradients(&loss, &[9.0_f64.ln(), 0.0], 1e-5);
            let first = gradients.first().copied().unwrap_or(f64::NAN);
            nearest(&[-0.1, 0.9, 0.0, 0.1], first)
        })
}

/// The index of the choice that the code computed.
fn nearest(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-4);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}

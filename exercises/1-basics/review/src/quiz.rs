//! The quiz of the page, across all lessons of the step; their code picks the right choices.

use backpropagation::solution::numeric_gradients;
use embeddings::solution::cosine;
use grading::{Failure, Quiz};
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tinytown::World;
use tokenization::solution::{bpe_train, encode};

use crate::solution::{choose_order, complete, train};

/// Six questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "tokens-without-merges",
            "A byte-level tokenizer has 256 tokens and no merges. How many tokens is *naïve*?",
            [
                ("1: it is one word", "Only merges join bytes into words, and there are none."),
                ("5: it has five letters", "A letter is not always a byte: ï has two in UTF-8."),
                ("6", "Four letters of one byte and ï with two. Each byte is a token, so no text is ever unknown."),
            ],
            || {
                let bpe = bpe_train("", 256, &[])?;
                pick(&[1.0, 5.0, 6.0], encode(&bpe, "naïve").len() as f64)
            },
        )
        .ask(
            "which-model-is-better",
            "On the same 3,000 bytes of new text, model A has perplexity 10 on 3,000 tokens, and model B has perplexity 40 on 1,000 tokens. Which predicts the text better?",
            [
                ("A: its perplexity is lower", "Its tokens are smaller, so there is less to guess at each, but there are three times as many."),
                ("B", "All its surprise together is smaller, and so are its bits per byte."),
                ("The same: it is the same text", "The text is the same, the surprise is not. Add it up over all tokens."),
            ],
            || {
                let bits = |perplexity: f64, tokens| {
                    loss_and_surprise::solution::bits_per_byte(perplexity.ln(), tokens, 3000)
                };
                let (a, b) = (bits(10.0, 3000)?, bits(40.0, 1000)?);
                Ok(if a < b { 0 } else if b < a { 1 } else { 2 })
            },
        )
        .ask(
            "ten-seeds",
            "Buddy goes on from *The* ten times, each with another seed, at temperature 0. How many different texts do you get?",
            [
                ("1", "The likeliest token is certain at each step, and no die is rolled."),
                ("10", "The seed only matters where something is drawn. Here nothing is."),
                ("0: a division by zero", "Temperature 0 is a case of its own: it means to take the likeliest token."),
            ],
            || {
                let buddy = train(&World::new(1).text(0, 3000), 300, 3)?;
                let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
                let write = |seed| complete(&buddy, "The", &greedy, 20, &mut StdRng::seed_from_u64(seed));
                let mut texts = (0..10).map(write).collect::<Result<Vec<_>, _>>()?;
                texts.dedup();
                pick(&[1.0, 10.0, 0.0], texts.len() as f64)
            },
        )
        .ask(
            "judged-by-training-text",
            "By mistake you give `choose_order` the training text as the text held out. Which of the orders 1 to 6 does it choose?",
            [
                ("The same as before", "Only if memory did not help, and on its own training text it always does."),
                ("1: it makes the fewest assumptions", "Order 1 ignores the context, which is the worst here."),
                ("6", "The longest memory recites best. This is what overfitting looks like from inside."),
            ],
            || {
                let world = World::new(1);
                let (training, held_out) = (world.text(0, 3000), world.text(1, 1000));
                let choose = |judged| choose_order(&training, judged, 300, &[1, 2, 3, 4, 5, 6]);
                let (right, wrong) = (choose(&held_out)?.order, choose(&training)?.order);
                Ok(if wrong == right { 0 } else if wrong == 1 { 1 } else { 2 })
            },
        )
        .ask(
            "twice-as-long",
            "The embedding of *kitten* points where that of *cat* points and is twice as long. What is their cosine similarity?",
            [
                ("0.5", "The cosine divides by both lengths, so lengths do not matter."),
                ("1", "It asks for the direction only, and that is the same."),
                ("2", "A cosine is never above 1. This would be the ratio of the lengths."),
            ],
            || pick(&[0.5, 1.0, 2.0], f64::from(cosine(&[1.0, -2.0, 0.5], &[2.0, -4.0, 1.0]))),
        )
        .ask(
            "gradient-of-the-right-logit",
            "A model gives the right token probability 0.9. What is the gradient of the loss −ln p for the logit of that token?",
            [
                ("−0.1", "p − 1: a small push upward, since the model is nearly right."),
                ("0.9", "This is p itself. For the right token 1 is taken off."),
                ("0: the model is right", "It would be at p = 1. The loss is not yet 0, and neither is the gradient."),
                ("0.1", "The size is right, the sign is not: more logit means less loss."),
            ],
            || {
                // Two tokens, of which the first has probability 0.9.
                let loss = |x: &[f64]| (x[0].exp() + x[1].exp()).ln() - x[0];
                let gradients = numeric_gradients(loss, &[9.0_f64.ln(), 0.0], 1e-5);
                let first = gradients.first().copied().unwrap_or(f64::NAN);
                pick(&[-0.1, 0.9, 0.0, 0.1], first)
            },
        )
}

/// The index of the choice that the code computed.
fn pick(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-4);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}

//! Questions whose answers the reference computes.

use candle_core::{Device, Tensor, Var};
use grading::{Failure, Quiz};

use crate::solution::{bits_per_byte, cross_entropy, surprise_bits};

/// The quiz of the page.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "two-tokens",
            "A model gives the first token of a text a probability of 1/2 and the second, after it, 1/4. How much does the text surprise it?",
            [
                ("0.75 bits", "Probabilities of things that happen one after the other are multiplied, not added; and a probability is no number of bits."),
                ("2 bits", "That is the second token alone. The first was not certain either."),
                ("3 bits", "Both together have a probability of 1/8. The logarithm turns the product into the sum 1 + 2."),
            ],
            || pick(&[0.75, 2.0, 3.0], surprise_bits(0.5 * 0.25)?),
        )
        .ask(
            "halved",
            "A worse model gives every target half the probability that a better one gives it. How do their losses in bits differ?",
            [
                ("The worse model's is twice as large.", "Only if the better one's happens to be 1 bit. A factor in the probability is a *difference* in the logarithm."),
                ("The worse model's is larger by 1.", "$-\\log_2(p/2) = -\\log_2 p + 1$, for each token and so for the mean."),
                ("It depends on the probabilities.", "It would if the loss were the mean probability. With the logarithm the factor always costs the same."),
            ],
            || {
                let differences: Vec<f64> = [0.9, 0.5, 0.01]
                    .into_iter()
                    .map(|p| Ok(surprise_bits(p / 2.0)? - surprise_bits(p)?))
                    .collect::<Result<_, Failure>>()?;
                Ok(match differences.iter().all(|d| (d - 1.0).abs() < 1e-9) {
                    true => 1,
                    false => 2,
                })
            },
        )
        .ask(
            "padding",
            "Of six targets two are padding, with the id to be ignored. The other four surprise by 1, 2, 2 and 3 nats. What is the loss?",
            [
                ("8 nats", "That is the sum. The loss is a mean, so that long and short batches compare."),
                ("2 nats", "Eight nats on four targets. What is ignored is neither in the sum nor in the count."),
                ("1.33 nats", "That divides by all six rows: the more padding, the better the model would look."),
            ],
            || {
                // Two tokens: surprise s at the first means p = e^−s.
                let logits: Vec<f32> = [1.0, 2.0, 2.0, 3.0, 9.0, 0.0_f64]
                    .iter()
                    .flat_map(|s| [(-s).exp().ln(), (1.0 - (-s).exp()).max(1e-9).ln()])
                    .map(|x| x as f32)
                    .collect();
                let logits = Tensor::from_vec(logits, (6, 2), &Device::Cpu)?;
                let targets = Tensor::new(&[0_u32, 0, 0, 0, 7, 7], &Device::Cpu)?;
                let loss = cross_entropy(&logits, &targets, 7)?.to_scalar::<f32>()?;
                pick(&[8.0, 2.0, 8.0 / 6.0], f64::from(loss))
            },
        )
        .ask(
            "gradient",
            "A row has the probabilities 0.7, 0.2 and 0.1, and its target is the second token. What is the gradient of its loss with respect to the second logit?",
            [
                ("−0.8", "$p - y = 0.2 - 1$: a step against the gradient raises this logit, the more the further $p$ is from 1."),
                ("−5", "$-1/p$ is the gradient with respect to the *probability*. Softmax lies between it and the logit."),
                ("0.2", "That would be right if the token were not the target: its logit would be pushed down."),
            ],
            || {
                let logits = Var::new(&[[0.7_f32.ln(), 0.2_f32.ln(), 0.1_f32.ln()]], &Device::Cpu)?;
                let target = Tensor::new(&[1_u32], &Device::Cpu)?;
                let gradients = cross_entropy(&logits, &target, u32::MAX)?.backward()?;
                let gradient = gradients.get(&logits).ok_or(Failure::wrong("no gradient"))?;
                let gradient = gradient.flatten_all()?.to_vec1::<f32>()?;
                pick(&[-0.8, -5.0, 0.2], f64::from(gradient[1]))
            },
        )
        .ask(
            "first-step",
            "You start to train a model with 1,000 tokens. Its first loss is 6.9 nats. What does that tell you?",
            [
                ("It predicts all tokens about equally well, as it should before it has learned anything.", "A uniform guess among 1,000 has a probability of 1/1000, and $\\ln 1000 \\approx 6.9$."),
                ("It is broken: a fresh model has a loss near 1.", "A loss is no share of errors. At 1 nat the target would already have a probability of 37%."),
                ("It has learned something already.", "Then its loss would be below that of a uniform guess, which is $\\ln 1000$."),
            ],
            || {
                let logits = Tensor::zeros((1, 1000), candle_core::DType::F32, &Device::Cpu)?;
                let target = Tensor::new(&[5_u32], &Device::Cpu)?;
                let uniform = cross_entropy(&logits, &target, u32::MAX)?.to_scalar::<f32>()?;
                Ok(match f64::from(uniform) - 6.9 {
                    gap if gap.abs() < 0.05 => 0,
                    gap if gap < 0.0 => 1,
                    _ => 2,
                })
            },
        )
        .ask(
            "tokenizers",
            "Model A has a loss of 3 nats a token and makes 200 tokens of a text of 1,000 bytes. Model B has 2 nats and makes 400. Which predicts the text better?",
            [
                ("B: its loss is lower.", "Its tokens are smaller, so each is easier. It has to predict twice as many."),
                ("A: it needs fewer bits for each byte.", "A spends 600 nats on the text, B 800. The text is the same, so these numbers compare."),
                ("They cannot be compared, since their vocabularies differ.", "Their losses per token cannot. Divided by bytes, which both share, they can."),
            ],
            || {
                let (a, b) = (bits_per_byte(3.0, 200, 1000)?, bits_per_byte(2.0, 400, 1000)?);
                Ok(usize::from(a < b))
            },
        )
}

/// The index of the choice that the code computed.
fn pick(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-4);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}

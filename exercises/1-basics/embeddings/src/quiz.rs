//! Questions whose answers the reference computes.

use grading::{Failure, Quiz};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::solution::{analogy, cosine, loss_and_gradients, noise_distribution, pairs, train_step};
use crate::{Model, Vectors, dot};

/// The quiz of the page.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "how-many-pairs",
            "A text has five words and the window is 2. How many pairs does it give?",
            [
                ("10: two for each word", "A window of 2 looks to both sides, so a word in the middle has four contexts."),
                ("14", "Two words at each end have fewer neighbors: 2 + 3 + 4 + 3 + 2."),
                ("20: four for each word", "Only the word in the middle has four. The window does not reach past the ends of the text."),
            ],
            || pick(&[10.0, 14.0, 20.0], pairs(&[0, 1, 2, 3, 4], 2).len() as f64),
        )
        .ask(
            "sixteen-times",
            "*the* occurs 16 times as often as *oven*. How many times as often is it drawn as a negative?",
            [
                ("16 times", "That would be the distribution of the text itself, with an exponent of 1."),
                ("8 times", "$16^{0.75} = 8$: still often, but rare words get a larger share than they have in the text."),
                ("4 times", "That is the square root, an exponent of 0.5."),
                ("As often: negatives are uniform", "The exponent 0 would do that. The exponent here is 0.75."),
            ],
            || {
                let noise = noise_distribution(&[16, 1])?;
                pick(&[16.0, 8.0, 4.0, 1.0], noise[0] / noise[1])
            },
        )
        .ask(
            "first-step",
            "At the start all context vectors $u$ are zero, and the center vectors $v$ are small and random. Which vectors does the very first step move?",
            [
                ("That of the center only", "Its gradient is a sum of context vectors, each times an error. All of them are still zero."),
                ("Those of the context and of the negatives only", "Their gradients are errors times $v$, which is not zero. The center's is made of vectors that are zero, so it has to wait."),
                ("All of them", "The errors are not zero: σ(0) is ½. But an error is multiplied with a vector, and the center's vectors are all zero."),
                ("None: all scores are 0", "A score of 0 means σ = ½, and both ½ − 1 and ½ are errors."),
            ],
            || {
                let before = Model::new(3, 4, &mut StdRng::seed_from_u64(1));
                let mut after = before.clone();
                train_step(&mut after, 0, 1, &[2], 0.1)?;
                let (center, contexts) = (after.input != before.input, after.output != before.output);
                Ok(match (center, contexts) {
                    (true, false) => 0,
                    (false, true) => 1,
                    (true, true) => 2,
                    (false, false) => 3,
                })
            },
        )
        .ask(
            "already-learned",
            "A context scores $u \\cdot v = 8$, and the one negative scores $-8$. How much does a step move the center, compared with scores of 0?",
            [
                ("More: large scores make large gradients", "A gradient is an error times a vector. The error is what is left to learn, not the score."),
                ("Just as much: the learning rate is the same", "The rate is multiplied with the gradient, and the gradient depends on the error."),
                ("Hardly at all: both errors are close to 0", "σ(8) is nearly 1, as it should be for a context, and σ(−8) is nearly 0, as it should be for a negative."),
            ],
            || {
                let moved = |score: f32| -> f32 {
                    // Vectors of fixed length; only the scores differ.
                    let (up, down) = ([score, 10.0], [-score, -10.0]);
                    let center = loss_and_gradients(&[1.0, 0.0], &up, &[&down]).center;
                    dot(&center, &center).sqrt()
                };
                let (learned, fresh) = (moved(8.0), moved(0.0));
                Ok(if learned > 1.1 * fresh {
                    0
                } else if learned > 0.9 * fresh {
                    1
                } else {
                    2
                })
            },
        )
        .ask(
            "twice-as-long",
            "Training makes the vector of *bread* twice as long, in the same direction. What happens to its cosine with *oven*?",
            [
                ("It doubles", "The dot product doubles. The cosine divides by the length, which doubles too."),
                ("It stays", "The cosine knows directions only, so being long gives a vector no advantage."),
                ("It is halved", "You divide by the length, but the dot product above the fraction bar grows with it."),
            ],
            || {
                let (bread, oven) = ([1.0, 3.0, -2.0], [2.0, 1.0, 1.0]);
                let ratio = cosine(&bread.map(|x| 2.0 * x), &oven) / cosine(&bread, &oven);
                pick(&[2.0, 1.0, 0.5], f64::from(ratio))
            },
        )
        .ask(
            "forbidden-answer",
            "The vector nearest to $b - a + c$ is that of $c$ itself. What does `analogy` answer?",
            [
                ("$c$: it is the nearest", "The three words of the question are passed over before anything is compared."),
                ("Nothing: there is no analogy", "It always answers, however far away the answer is. It cannot say that it does not know."),
                ("The nearest word that is not in the question", "So even where the offset leads nowhere, the answer looks like a discovery. Keep that in mind when you read about analogies."),
            ],
            || {
                // The step from a to b is small: it leads from c to c.
                let rows = [[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.5, 1.0]];
                let vectors = Vectors::from_rows(&rows.map(Vec::from))?;
                let found = analogy(&vectors, [0, 1, 2], 1)?;
                Ok(match found.first() {
                    Some((2, _)) => 0,
                    None => 1,
                    Some(_) => 2,
                })
            },
        )
}

/// The index of the choice that the code computed.
fn pick(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-5);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}

//! Questions whose answers the reference computes.

use candle_core::{Device, Tensor};
use grading::{Failure, Quiz};

use crate::oracle::logits_of;
use crate::solution::{beam_search, filtered_probs, softmax, softmax_wgsl};
use crate::{BeamSearch, Sampling};

/// The quiz of the page.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "shift",
            "You add 100 to every logit. What happens to the probabilities?",
            [
                ("They stay as they are.", "The factor $e^{100}$ appears above and below the fraction bar and cancels. That is why the maximum may be subtracted."),
                ("Each grows by a factor of $e^{100}$.", "The weights do. But they are divided by their sum, which grows by the same factor."),
                ("The most likely token gains, the others lose.", "That happens when logits are *multiplied*: differences grow. A shift leaves all differences alone."),
            ],
            || {
                let (before, after) = (probs(&[1.0, 3.0, 2.0])?, probs(&[101.0, 103.0, 102.0])?);
                Ok(if same(&before, &after) {
                    0
                } else if after.iter().zip(&before).all(|(a, b)| a > b) {
                    1
                } else {
                    2
                })
            },
        )
        .ask(
            "crossing",
            "The probabilities are 0.5, 0.3, 0.15 and 0.05. How many tokens survive top-p with $p = 0.7$?",
            [
                ("None: no single probability is at least 0.7.", "The threshold is compared with the running sum, not with single probabilities."),
                ("1: with the second, the sum would exceed 0.7.", "Top-p is a promise of *at least* $p$. Half of the probability does not reach 0.7, so the second token is needed."),
                ("2: the second makes the sum reach 0.7.", "The token that crosses the threshold is kept: 0.5 + 0.3 = 0.8 is the first sum of at least 0.7."),
            ],
            || {
                let kept = kept(&[0.5, 0.3, 0.15, 0.05], Sampling { top_p: Some(0.7), ..Sampling::default() })?;
                choice(kept, [0, 1, 2])
            },
        )
        .ask(
            "relative",
            "The probabilities are 0.4, 0.3, 0.2 and 0.1. How many tokens survive min-p with 0.3?",
            [
                ("3: those of at least 0.12.", "The threshold is 0.3 · 0.4 = 0.12: only the last token is below it."),
                ("2: those of at least 0.3.", "Min-p is no fixed probability: it is multiplied by the probability of the best token first."),
                ("1: the best alone already has more than 0.3.", "That would be top-p, which adds up probabilities. Min-p compares each one with the best."),
            ],
            || {
                let kept = kept(&[0.4, 0.3, 0.2, 0.1], Sampling { min_p: Some(0.3), ..Sampling::default() })?;
                choice(kept, [3, 2, 1])
            },
        )
        .ask(
            "order",
            "The probabilities are 0.4, 0.3, 0.2 and 0.1; top-k is 2 and top-p is 0.55. How many tokens survive?",
            [
                ("2: 0.4 is less than 0.55, so top-p needs the second token.", "Top-p comes after top-k and sees only what top-k left, as a distribution that sums to one."),
                ("1: of the two that top-k keeps, the first has 57%.", "After top-k the shares are 0.4 / 0.7 and 0.3 / 0.7; the first alone reaches 0.55."),
                ("0: the filters contradict each other.", "Every filter keeps at least the most likely token, so something is always left."),
            ],
            || {
                let sampling = Sampling { top_k: Some(2), top_p: Some(0.55), ..Sampling::default() };
                choice(kept(&[0.4, 0.3, 0.2, 0.1], sampling)?, [2, 1, 0])
            },
        )
        .ask(
            "beam",
            "First come A with 0.6 or B with 0.4. After A the next tokens have 0.5 and 0.5, after B 0.9 and 0.1. Which two tokens does greedy find, and which a beam of width 2?",
            [
                ("Both find one that starts with A.", "Greedy does: 0.6 · 0.5 = 0.3. But the beam keeps B too, and 0.4 · 0.9 is more."),
                ("Greedy finds one that starts with A, the beam one that starts with B.", "0.6 · 0.5 = 0.3 is less than 0.4 · 0.9 = 0.36. Greedy has dropped B before it could show that."),
                ("Both find the one that starts with B: it is the likeliest.", "Greedy looks one step ahead. There A has more."),
            ],
            || {
                let next = |tokens: &[usize]| match tokens {
                    [] => logits_of(&[0.6, 0.4]),
                    [0] => logits_of(&[0.5, 0.5]),
                    _ => logits_of(&[0.9, 0.1]),
                };
                let first = |width| -> Result<usize, Failure> {
                    let search = BeamSearch { width, max_len: 2, end: None, length_penalty: 0.0 };
                    let found = beam_search(next, &search)?;
                    let token = found.first().and_then(|beam| beam.tokens.first()).copied();
                    token.ok_or_else(|| Failure::wrong("the search found nothing"))
                };
                Ok(match (first(1)?, first(2)?) {
                    (0, 0) => 0,
                    (0, _) => 1,
                    _ => 2,
                })
            },
        )
        .ask(
            "passes",
            "The kernel of this page reads every number in each of its loops and writes it in the last; the fast one reads once and writes once. If moving numbers is all that counts, how many times faster can the fast one be?",
            [
                ("3 times: three reads become one.", "Writing costs time too, and both kernels write every number once."),
                ("4 times: it needs no workgroup memory.", "It still needs workgroup memory to combine its 256 threads. What it saves are reads of the row."),
                ("2 times: four transfers become two.", "Three reads and one write against one read and one write: caches aside, that is the most to be had."),
            ],
            || {
                // Reads and the write, as they stand in the source.
                let transfers = softmax_wgsl().matches("[start + col]").count();
                choice(transfers / 2, [3, 4, 2])
            },
        )
}

fn probs(logits: &[f32]) -> Result<Vec<f64>, Failure> {
    let y = softmax(&Tensor::new(logits, &Device::Cpu)?, 0)?.to_vec1::<f32>()?;
    Ok(y.into_iter().map(f64::from).collect())
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
}

fn kept(shares: &[f64], sampling: Sampling) -> Result<usize, Failure> {
    Ok(filtered_probs(&logits_of(shares), &sampling)?.iter().filter(|&&p| p > 0.0).count())
}

/// Which of the numbers that the choices name it is.
fn choice(value: usize, named: [usize; 3]) -> Result<usize, Failure> {
    let found = named.iter().position(|&n| n == value);
    found.ok_or_else(|| Failure::wrong(format!("the code says {value}, which no choice names")))
}

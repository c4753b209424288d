//! The numbers of the page.

use candle_core::{Device, Tensor, Var};
use grading::numbers::{count, minus, shares, short};
use grading::{Outcome, Worked};

use crate::LossError;
use crate::oracle::{gradient, labels};
use crate::solution::{bits_per_byte, cross_entropy, surprise_bits};

/// Three logits to do by hand, as in the lesson on softmax; the target is the second.
const LOGITS: [f64; 3] = [2.0, 1.0, 0.0];
const TARGET: u32 = 1;

/// What happens, and what two models expect.
const TRUTH: [f64; 4] = [0.5, 0.25, 0.125, 0.125];
const UNIFORM: [f64; 4] = [0.25; 4];

/// The vocabulary of GPT-2 (<https://huggingface.co/openai-community/gpt2/blob/main/config.json>).
const GPT2_VOCAB: usize = 50_257;

/// A batch of so many texts of so many tokens.
const BATCH: usize = 8;
const SEQ: usize = 1024;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    for (name, p) in
        [("bits-half", 0.5), ("bits-eighth", 0.125), ("bits-sure", 0.99), ("bits-rare", 0.001)]
    {
        worked.set(name, short(surprise_bits(p)?, 3));
    }
    worked.set("bits-both", short(surprise_bits(0.5)? + surprise_bits(0.125)?, 3));
    worked.set("nat-in-bits", format!("{:.3}", std::f64::consts::LOG2_E));

    let logits = Var::new(&[LOGITS], &Device::Cpu)?;
    let loss = cross_entropy(&logits, &labels(&[TARGET])?, u32::MAX)?;
    let nats = loss.to_scalar::<f64>()?;
    worked.set("logits", list(&LOGITS, 0));
    worked.set("probs", list(&shares(&LOGITS.map(f64::exp)), 3));
    worked.set("loss", format!("{nats:.3}"));
    worked.set("loss-bits", format!("{:.3}", nats * std::f64::consts::LOG2_E));
    worked.set("gradient", list(&gradient(&loss, &logits)?, 3));

    worked.set("truth", TRUTH.map(|p| p.to_string()).join(", "));
    let (entropy, cross) = (crossed(&TRUTH, &TRUTH)?, crossed(&TRUTH, &UNIFORM)?);
    worked.set("entropy", short(entropy, 3));
    worked.set("uniform", short(cross, 3));
    worked.set("divergence", short(cross - entropy, 3));

    let uniform = Tensor::zeros((1, GPT2_VOCAB), candle_core::DType::F64, &Device::Cpu)?;
    let at_first = cross_entropy(&uniform, &labels(&[0])?, u32::MAX)?.to_scalar::<f64>()?;
    worked.set("gpt2-vocab", count(GPT2_VOCAB as u64));
    worked.set("gpt2-first-loss", format!("{at_first:.2}"));
    worked.set("gpt2-first-bits", format!("{:.1}", at_first * std::f64::consts::LOG2_E));

    let ten_thousand = 10_000_f32;
    worked.set("step", format!("{:.3}", ten_thousand.next_up() - ten_thousand));

    // The same 1,000 bytes in few tokens and in many.
    for (name, loss, tokens) in [("coarse", 3.2, 250), ("fine", 2.2, 400)] {
        worked.set(&format!("{name}-tokens"), tokens);
        worked.set(&format!("{name}-loss"), loss);
        worked.set(&format!("{name}-bits"), format!("{:.2}", bits_per_byte(loss, tokens, 1000)?));
    }

    // Eight rows, three of them padding, four nats each.
    let (rows, padding, nats) = (8.0, 3.0, 4.0);
    worked.set("padded-rows", rows);
    worked.set("padding", padding);
    worked.set("true-mean", nats);
    worked.set("wrong-mean", nats * (rows - padding) / rows);

    let bytes = BATCH * SEQ * GPT2_VOCAB * size_of::<f32>();
    worked.set("batch", BATCH);
    worked.set("seq", count(SEQ as u64));
    worked.set("logits-gb", format!("{:.2}", bytes as f64 / 1e9));
    Ok(())
}

/// The mean surprise in bits at what `truth` deals out, for a model that expects `model`.
fn crossed(truth: &[f64], model: &[f64]) -> Result<f64, LossError> {
    truth.iter().zip(model).map(|(p, &q)| Ok(p * surprise_bits(q)?)).sum()
}

fn list(values: &[f64], digits: usize) -> String {
    let values: Vec<String> = values.iter().map(|v| format!("{v:.digits$}")).collect();
    minus(&values.join(", "))
}

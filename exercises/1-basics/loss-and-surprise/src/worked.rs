//! The numbers of the page.

use candle_core::{Device, Tensor, Var};
use grading::Worked;

use crate::LossError;
use crate::solution::{bits_per_byte, cross_entropy, surprise_bits};

/// Three logits to do by hand, as in the lesson on softmax; the target is the second.
const LOGITS: [f32; 3] = [2.0, 1.0, 0.0];
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

fn fill(worked: &mut Worked) -> Result<(), LossError> {
    for (name, p) in
        [("bits-half", 0.5), ("bits-eighth", 0.125), ("bits-sure", 0.99), ("bits-rare", 0.001)]
    {
        worked.set(name, short(surprise_bits(p)?));
    }
    worked.set("bits-both", short(surprise_bits(0.5)? + surprise_bits(0.125)?));
    worked.set("nat-in-bits", format!("{:.3}", std::f64::consts::LOG2_E));

    let logits = Var::new(&[LOGITS], &Device::Cpu)?;
    let loss = cross_entropy(&logits, &Tensor::new(&[TARGET], &Device::Cpu)?, u32::MAX)?;
    let gradients = loss.backward()?;
    let gradient = match gradients.get(&logits) {
        Some(gradient) => gradient.flatten_all()?.to_vec1::<f32>()?,
        None => Vec::new(),
    };
    let nats = f64::from(loss.to_scalar::<f32>()?);
    worked.set("logits", list(&LOGITS, 0));
    worked.set("probs", list(&probs(&LOGITS), 3));
    worked.set("loss", format!("{nats:.3}"));
    worked.set("loss-bits", format!("{:.3}", nats * std::f64::consts::LOG2_E));
    worked.set("gradient", list(&gradient, 3));

    worked.set("truth", TRUTH.map(|p| p.to_string()).join(", "));
    let (entropy, cross) = (crossed(&TRUTH, &TRUTH)?, crossed(&TRUTH, &UNIFORM)?);
    worked.set("entropy", short(entropy));
    worked.set("uniform", short(cross));
    worked.set("divergence", short(cross - entropy));

    let at_first = mean_of(&vec![0.0; GPT2_VOCAB])?;
    worked.set("gpt2-vocab", with_commas(GPT2_VOCAB));
    worked.set("gpt2-first-loss", format!("{at_first:.2}"));
    worked.set("gpt2-first-bits", format!("{:.1}", at_first * std::f64::consts::LOG2_E));
    worked.set("gpt2-first-perplexity", with_commas(at_first.exp().round() as usize));

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
    worked.set("seq", with_commas(SEQ));
    worked.set("logits-gb", format!("{:.2}", bytes as f64 / 1e9));
    Ok(())
}

/// The mean surprise in bits at what `truth` deals out, for a model that expects `model`.
fn crossed(truth: &[f64], model: &[f64]) -> Result<f64, LossError> {
    truth.iter().zip(model).map(|(p, &q)| Ok(p * surprise_bits(q)?)).sum()
}

/// The loss of one row with target 0.
fn mean_of(logits: &[f32]) -> Result<f64, LossError> {
    let logits = Tensor::new(logits, &Device::Cpu)?.unsqueeze(0)?;
    let loss = cross_entropy(&logits, &Tensor::new(&[0_u32], &Device::Cpu)?, u32::MAX)?;
    Ok(f64::from(loss.to_scalar::<f32>()?))
}

fn probs(logits: &[f32]) -> Vec<f32> {
    let sum: f32 = logits.iter().map(|x| x.exp()).sum();
    logits.iter().map(|x| x.exp() / sum).collect()
}

fn list(values: &[f32], digits: usize) -> String {
    let values: Vec<String> = values.iter().map(|v| format!("{v:.digits$}")).collect();
    values.join(", ").replace('-', "−")
}

/// At most three decimals, without zeros at the end.
fn short(x: f64) -> String {
    let text = format!("{x:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn with_commas(n: usize) -> String {
    match n {
        0..1000 => n.to_string(),
        _ => format!("{},{:03}", n / 1000, n % 1000),
    }
}

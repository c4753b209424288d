//! Numbers for the page.

use candle_core::{DType, Device, Tensor};
use counting::solution::{flops, kv_bytes, params};
use counting::{Architecture, Kept, Pairs, Step};
use grading::numbers::{count, percent, short};
use grading::{Failure, Outcome, Worked};
use normalization_and_activations::solution::{layer_norm, rms_norm};
use tensor_test::{flat, tensor};

use crate::solution::continue_texts;
use crate::{Decoder, Exchanges, KeysValues, LlamaError, Published, published};

/// Numbers for the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// A published model by its name.
pub fn named(name: &str) -> Result<Published, Failure> {
    let found = published().into_iter().find(|model| model.name == name);
    found.ok_or_else(|| Failure::wrong(format!("there is no model {name}")))
}

/// All parameters.
pub fn total(architecture: &Architecture) -> Result<u64, Failure> {
    Ok(params(architecture)?.total()?)
}

/// Bytes of the cache for each token.
pub fn cache(architecture: &Architecture) -> Result<u64, Failure> {
    Ok(kv_bytes(architecture, &Kept { texts: 1, source: 0, tokens: 1, bytes: 2 })?)
}

fn pair(x: &Tensor) -> Result<String, Failure> {
    let x: Vec<String> = flat(x)?.into_iter().map(|x| short(x, 2)).collect();
    Ok(x.join(", "))
}

/// Too small to be seen.
const EPS: f64 = 1e-12;

fn fill(worked: &mut Worked) -> Outcome {
    // One token of two numbers, gains of 1.
    let gain = Tensor::ones(2, DType::F64, &Device::Cpu)?;
    for (name, numbers) in [("x", [3.0, 4.0]), ("moved", [103.0, 104.0])] {
        let x = tensor(&numbers, &[1, 2], DType::F64)?;
        worked.set(name, pair(&x)?);
        worked.set(
            &format!("{name}-layer"),
            pair(&layer_norm(&x, &gain, &gain.zeros_like()?, EPS)?)?,
        );
        worked.set(&format!("{name}-rms"), pair(&rms_norm(&x, &gain, EPS)?)?);
    }
    worked.set("mean-square", short((9.0 + 16.0) / 2.0, 1));
    worked.set("root", short(f64::sqrt(12.5), 2));
    let normed = [3.0, 4.0].map(|x| x / f64::sqrt(12.5));
    worked.set("added", [3.0 + normed[0], 4.0 + normed[1]].map(|x| short(x, 2)).join(", "));

    for (key, name) in [
        ("7b", "LLaMA 7B"),
        ("65b", "LLaMA 65B"),
        ("70b", "Llama 2 70B"),
        ("8b", "Llama 3.1 8B"),
        ("tiny", "TinyLlama 1.1B"),
        ("smol", "SmolLM 135M"),
    ] {
        let model = named(name)?;
        let config = &model.config;
        let architecture = config.architecture();
        let mut set = |what: &str, n: usize| {
            worked.set(&format!("{key}-{what}"), count(n as u64));
        };
        set("layers", config.n_layers);
        set("width", config.d_model);
        set("d-ff", config.d_ff);
        set("heads", config.n_heads);
        set("kv", config.n_kv_heads);
        worked.set(&format!("{key}-total"), count(total(&architecture)?));
        worked.set(&format!("{key}-cache"), count(cache(&architecture)?));
    }
    let (small, large) = (named("LLaMA 7B")?, named("Llama 2 70B")?);
    let width = small.config.d_model as f64;
    // `multiple_of` in Meta's llama/model.py.
    worked.set("multiple", 256);
    worked.set("7b-inside", count(small.config.d_ff as u64));
    worked.set("two-thirds", count((8.0 / 3.0 * width).round() as u64));
    worked.set("matrices", short(3.0 * small.config.d_ff as f64 / width, 2));
    let apart = Exchanges { groups: false, ..Exchanges::ALL }.architecture(&large);
    let shared = large.config.architecture();
    let context = large.context;
    let gigabytes = |bytes: u64| short((bytes * context) as f64 / 1e9, 2);
    worked.set("context", count(context));
    worked.set("70b-text", gigabytes(cache(&shared)?));
    worked.set("70b-text-apart", gigabytes(cache(&apart)?));
    worked.set("70b-times", cache(&apart)? / cache(&shared)?);
    for (key, name, digits) in [("smol", "SmolLM 135M", 0), ("70b", "Llama 2 70B", 1)] {
        let of = named(name)?.config.architecture();
        let widening = of.d_ff as f64 / of.d_model as f64;
        worked.set(&format!("{key}-widening"), short(widening, 2));
        worked.set(&format!("{key}-matrices"), short(3.0 * widening, 2));
        let table = params(&of)?.embeddings as f64 / total(&of)? as f64;
        worked.set(&format!("{key}-table"), percent(table, digits));
        // Alone, a token makes one pair: with itself.
        let step = Step { texts: 1, source: 0, tokens: 1, past: 0, pairs: Pairs::Causal };
        let alone = flops(&of, &step)?;
        worked.set(&format!("{key}-even"), count((alone.weights + alone.logits) / alone.attention));
    }
    calls(worked)
}

/// What a model reads in one call.
struct Call {
    ids: Vec<Vec<u32>>,
    is_token: Vec<Vec<u8>>,
}

/// Always answers with the next higher id, and writes down what it reads.
#[derive(Default)]
struct CountsUp {
    calls: Vec<Call>,
}

impl Decoder for CountsUp {
    fn read(
        &mut self,
        ids: &Tensor,
        is_token: &Tensor,
        _: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), LlamaError> {
        self.calls.push(Call { ids: ids.to_vec2()?, is_token: is_token.to_vec2()? });
        let next = (ids + 1.0)?.unsqueeze(2)?;
        let all = Tensor::arange(0_u32, 32, &Device::Cpu)?.reshape((1, 1, 32))?;
        Ok((next.broadcast_eq(&all)?.to_dtype(DType::F64)?, Vec::new()))
    }
}

/// What a model reads, call by call, when it continues two texts.
fn calls(worked: &mut Worked) -> Outcome {
    fn row<T: ToString>(numbers: &[T]) -> String {
        numbers.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
    }
    let mut model = CountsUp::default();
    let end = 23;
    let new = continue_texts(&mut model, &[vec![11, 12, 13], vec![21]], 3, &[end])?;
    worked.set("calls-end", end);
    for (i, Call { ids, is_token }) in model.calls.iter().enumerate() {
        let call = i + 1;
        worked.set(&format!("call-{call}"), call);
        for (text, (ids, is_token)) in ["a", "b"].iter().zip(ids.iter().zip(is_token)) {
            worked.set(&format!("call-{call}-{text}-ids"), row(ids));
            worked.set(&format!("call-{call}-{text}-is"), row(is_token));
        }
    }
    for (text, new) in ["a", "b"].iter().zip(&new) {
        let new: Vec<String> = new.iter().map(u32::to_string).collect();
        let Some((last, rest)) = new.split_last() else { continue };
        worked.set(&format!("calls-{text}"), format!("{} and {last}", rest.join(", ")));
    }
    Ok(())
}

//! `config.json` and `model.safetensors`, which may come from anywhere.

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use small_gpt::{Model, Sizes};

use crate::PocketError;

/// What `config.json` says that decides what a model computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// The sizes of the model.
    pub sizes: Sizes,
    /// Ends a text.
    pub end: u32,
}

/// The largest model that is opened: GPT-2 XL has 1.6 billion numbers.
const MOST: usize = 2_000_000_000;

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// If it is not of a GPT-2 as it was published, or its sizes are those of no model.
    pub fn from_json(json: &[u8]) -> Result<Self, PocketError> {
        let problem = |why: String| PocketError::Config { why };
        let json: Value =
            serde_json::from_slice(json).map_err(|error| problem(error.to_string()))?;
        let at = |name: &str| json.get(name).filter(|value| !value.is_null());
        let size = |name: &str| match at(name).and_then(Value::as_u64) {
            Some(size) => Ok(size as usize),
            None => Err(problem(format!("{name} is missing, or no whole number"))),
        };
        let [n_layer, n_head, n_embd, n_positions, vocab_size] = [
            size("n_layer")?,
            size("n_head")?,
            size("n_embd")?,
            size("n_positions")?,
            size("vocab_size")?,
        ];
        let end = size("eos_token_id")?;
        let other = |name: &'static str, usual: &[Value]| {
            at(name).is_some_and(|value| !usual.contains(value)).then_some(name)
        };
        let inner = n_embd.saturating_mul(4);
        let unlike = [
            other("model_type", &["gpt2".into()]),
            other("activation_function", &["gelu_new".into(), "gelu_pytorch_tanh".into()]),
            other("layer_norm_epsilon", &[1e-5.into()]),
            other("n_inner", &[inner.into()]),
            other("tie_word_embeddings", &[true.into()]),
            other("scale_attn_weights", &[true.into()]),
            other("scale_attn_by_inverse_layer_idx", &[false.into()]),
            other("add_cross_attention", &[false.into()]),
        ];
        if let Some(name) = unlike.into_iter().flatten().next() {
            let value = at(name).unwrap_or(&Value::Null);
            return Err(problem(format!("{name} is {value}, which this program does not compute")));
        }
        let sizes = Sizes { n_layer, n_head, n_embd, n_positions, vocab_size };
        let all = [n_layer, n_head, n_embd, n_positions, vocab_size];
        if all.contains(&0) || !n_embd.is_multiple_of(n_head) {
            return Err(problem(format!("no model has these sizes: {sizes:?}")));
        }
        let rows = n_layer.checked_mul(12).and_then(|rows| rows.checked_mul(n_embd + 1));
        let rows = rows.and_then(|rows| rows.checked_add(n_positions)?.checked_add(vocab_size));
        if rows.and_then(|rows| rows.checked_mul(n_embd)).is_none_or(|count| count > MOST) {
            return Err(problem(format!("a model of these sizes is too large: {sizes:?}")));
        }
        if end >= vocab_size {
            return Err(problem(format!("eos_token_id is {end}, and vocab_size {vocab_size}")));
        }
        Ok(Self { sizes, end: end as u32 })
    }
}

/// A model from `model.safetensors`: its tensors in f32, f16 or bf16, named as on the Hugging Face
/// Hub, `wte.weight` or `transformer.wte.weight`.
///
/// # Errors
/// If the file is none of safetensors, or a tensor is missing, of another shape or type, not finite,
/// or not part of the model.
pub fn read_weights(sizes: Sizes, file: &[u8]) -> Result<Model, PocketError> {
    let problem = |why: String| PocketError::Weights { why };
    let tensors = SafeTensors::deserialize(file).map_err(|error| problem(error.to_string()))?;
    // A file smaller than its model is told before memory is taken for it.
    let prefix = match tensors.names().iter().any(|name| name.starts_with("transformer.")) {
        true => "transformer.",
        false => "",
    };
    let mut left = tensors.names();
    let find = |name: &str, shape: &[usize]| -> Result<TensorView<'_>, PocketError> {
        let tensor = tensors.tensor(&format!("{prefix}{name}"));
        let tensor = tensor.map_err(|_| problem(format!("the tensor {name} is missing")))?;
        if tensor.shape() != shape {
            let got = tensor.shape();
            return Err(problem(format!("the tensor {name} is {got:?}, not {shape:?}")));
        }
        Ok(tensor)
    };
    find("wte.weight", &[sizes.vocab_size, sizes.n_embd])?;
    find("wpe.weight", &[sizes.n_positions, sizes.n_embd])?;
    if sizes.n_layer > left.len() {
        return Err(problem(format!("there are not {} blocks", sizes.n_layer)));
    }
    let mut model = Model::zeros(sizes);
    for tensor in model.tensors().to_vec() {
        let view = find(&tensor.name, &tensor.shape)?;
        let numbers = &mut model.parameters[tensor.range.clone()];
        fill(numbers, &view).map_err(|why| problem(format!("the tensor {} {why}", tensor.name)))?;
        left.retain(|name| name.strip_prefix(prefix) != Some(&tensor.name));
    }
    // Old files hold the causal mask of each block, too, and some the tied table twice.
    left.retain(|name| !name.ends_with(".attn.bias") && !name.ends_with(".attn.masked_bias"));
    if let Some(head) = left.iter().position(|name| *name == "lm_head.weight") {
        left.swap_remove(head);
        let same = |a: TensorView<'_>, b: TensorView<'_>| a.data() == b.data();
        let table = find("wte.weight", &[sizes.vocab_size, sizes.n_embd])?;
        if !tensors.tensor("lm_head.weight").is_ok_and(|head| same(head, table)) {
            return Err(problem("logits have a table of their own, lm_head.weight".into()));
        }
    }
    match left.into_iter().min() {
        Some(name) => Err(problem(format!("the tensor {name} is not part of the model"))),
        None => Ok(model),
    }
}

/// Numbers from their bytes.
fn fill(numbers: &mut [f32], view: &TensorView<'_>) -> Result<(), String> {
    let data = view.data();
    match view.dtype() {
        Dtype::F32 => {
            for (number, &bytes) in numbers.iter_mut().zip(data.as_chunks().0) {
                *number = f32::from_le_bytes(bytes);
            }
        }
        Dtype::F16 => {
            for (number, &bytes) in numbers.iter_mut().zip(data.as_chunks().0) {
                *number = f16::from_le_bytes(bytes).to_f32();
            }
        }
        Dtype::BF16 => {
            for (number, &bytes) in numbers.iter_mut().zip(data.as_chunks().0) {
                *number = half::bf16::from_le_bytes(bytes).to_f32();
            }
        }
        dtype => return Err(format!("has numbers of the type {dtype:?}: give f32, f16 or bf16")),
    }
    match numbers.iter().all(|number| number.is_finite()) {
        true => Ok(()),
        false => Err("has a number that is not finite".into()),
    }
}

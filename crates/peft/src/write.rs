//! Adapters as PEFT writes them.

use serde_json::Value;
use small_gpt::Sizes;

use crate::{Adapter, Kind, LAYERS, PeftError, Prefix, Prompt};

/// The version whose options the config has.
const VERSION: &str = "0.21.2";
/// The tensor of a prompt or a prefix.
pub const PROMPT: &str = "prompt_embeddings";
/// Where the file of tensors names the weights of the base. PEFT passes over it.
pub const HASH: &str = "base_hash";

/// What the matrices of a layer are called.
pub fn names(module: &str) -> [String; 2] {
    ["A", "B"].map(|of| format!("base_model.model.transformer.{module}.lora_{of}.weight"))
}

/// The texts of [`crate::CONFIG`] and the bytes of [`crate::WEIGHTS`], for a base of such sizes.
///
/// # Errors
/// [`PeftError::Target`] if LoRA's weights are of a layer that the base does not have, or of none;
/// [`PeftError::Field`] if its α is no finite number;
/// [`PeftError::Shape`] if numbers are not as many as the sizes ask for.
pub fn write(adapter: &Adapter, base: &Sizes) -> Result<(String, Vec<u8>), PeftError> {
    let mut tensors: Vec<(String, [usize; 2], Vec<f32>)> = Vec::new();
    let &Sizes { n_layer, n_head, n_embd, .. } = base;
    // Its fields, each with the JSON that stands there.
    let mut config: Vec<(&str, String)> = Vec::new();
    let mut set = |name, value: &str| config.push((name, value.to_owned()));
    let kind = match &adapter.kind {
        Kind::Lora(lora) => {
            for (module, weights) in &lora.weights {
                let Some((within, out)) = sizes_of(module, base) else {
                    return Err(PeftError::Target { names: module.clone() });
                };
                let [a, b] = names(module);
                tensors.push((a, [lora.rank, within], weights.a.clone()));
                tensors.push((b, [out, lora.rank], weights.b.clone()));
            }
            if tensors.is_empty() {
                return Err(PeftError::Target { names: "none".into() });
            }
            if !lora.alpha.is_finite() {
                return Err(PeftError::Field {
                    field: "lora_alpha".into(),
                    found: lora.alpha.to_string(),
                    expected: "a number",
                });
            }
            let targets: Vec<String> = lora.weights.keys().map(|name| json(name)).collect();
            set("r", &lora.rank.to_string());
            set("lora_alpha", &lora.alpha.to_string());
            set("use_rslora", if lora.rslora { "true" } else { "false" });
            set("target_modules", &format!("[{}]", targets.join(", ")));
            // A GPT-2 keeps its weights transposed.
            set("fan_in_fan_out", "true");
            set("bias", "\"none\"");
            set("lora_dropout", "0.0");
            set("init_lora_weights", "true");
            set("use_dora", "false");
            "LORA"
        }
        Kind::Prompt(Prompt { n, embeddings }) => {
            tensors.push((PROMPT.into(), [*n, n_embd], embeddings.clone()));
            set("prompt_tuning_init", "\"RANDOM\"");
            "PROMPT_TUNING"
        }
        Kind::Prefix(prefix) => {
            tensors.push((PROMPT.into(), [prefix.n, 2 * n_layer * n_embd], prefix_rows(prefix)));
            set("prefix_projection", "false");
            "PREFIX_TUNING"
        }
    };
    if let Kind::Prompt(Prompt { n, .. }) | Kind::Prefix(Prefix { n, .. }) = &adapter.kind {
        set("num_virtual_tokens", &n.to_string());
        set("token_dim", &n_embd.to_string());
        set("num_layers", &n_layer.to_string());
        set("num_attention_heads", &n_head.to_string());
        set("num_transformer_submodules", "1");
    }
    set("peft_type", &json(kind));
    set("task_type", "\"CAUSAL_LM\"");
    match adapter.base.as_str() {
        "" => set("base_model_name_or_path", "null"),
        name => set("base_model_name_or_path", &json(name)),
    }
    set("peft_version", &json(VERSION));
    set("inference_mode", "true");
    for name in ["auto_mapping", "revision", "modules_to_save"] {
        set(name, "null");
    }
    let fields: Vec<String> =
        config.iter().map(|(name, value)| format!("  {}: {value}", json(name))).collect();
    let config = format!("{{\n{}\n}}\n", fields.join(",\n"));

    // PEFT's own metadata are PyTorch's.
    let (key, value) = match &adapter.base_hash {
        Some(hash) => (HASH, hash.as_str()),
        None => ("format", "pt"),
    };
    let mut header = vec![format!("\"__metadata__\":{{{}:{}}}", json(key), json(value))];
    let mut bytes = Vec::new();
    for (name, shape, numbers) in &tensors {
        if numbers.len() != shape.iter().product::<usize>() {
            return Err(PeftError::Shape {
                name: name.clone(),
                found: vec![numbers.len()],
                expected: shape.to_vec(),
                trained_on: adapter.base.clone(),
                base: adapter.base.clone(),
            });
        }
        let start = bytes.len();
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let ([rows, columns], end) = (shape, bytes.len());
        header.push(format!(
            "{}:{{\"dtype\":\"F32\",\"shape\":[{rows},{columns}],\"data_offsets\":[{start},{end}]}}",
            json(name)
        ));
    }
    // Written out here: `safetensors::serialize` is large in a page. Numbers begin at a multiple of 8.
    let mut header = format!("{{{}}}", header.join(","));
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let length = (header.len() as u64).to_le_bytes();
    let weights = [&length[..], header.as_bytes(), &bytes].concat();
    Ok((config, weights))
}

/// The matrix of a prefix as the file has it: a row for each of the `n`, with the keys and the values
/// of block 0, then those of block 1. Empty if the parts are not of one size.
pub fn prefix_rows(prefix: &Prefix) -> Vec<f32> {
    let parts = prefix.blocks.iter().flat_map(|block| [&block.keys, &block.values]);
    let parts: Vec<&Vec<f32>> = parts.collect();
    let Some(size) = parts.first().map(|part| part.len()) else { return Vec::new() };
    if prefix.n == 0 || size % prefix.n != 0 || parts.iter().any(|part| part.len() != size) {
        return Vec::new();
    }
    let width = size / prefix.n;
    let row = |i: usize| parts.iter().flat_map(move |part| &part[i * width..][..width]).copied();
    (0..prefix.n).flat_map(row).collect()
}

/// How many numbers go into a layer of a base, and come out.
fn sizes_of(module: &str, base: &Sizes) -> Option<(usize, usize)> {
    let (block, layer) = module.strip_prefix("h.")?.split_once('.')?;
    let number: usize = block.parse().ok()?;
    let (_, within, out) = LAYERS.into_iter().find(|(name, ..)| *name == layer)?;
    let is_one = number < base.n_layer && block == number.to_string();
    is_one.then_some((within * base.n_embd, out * base.n_embd))
}

/// A text as JSON has it.
fn json(text: &str) -> String {
    Value::from(text).to_string()
}

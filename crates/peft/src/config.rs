//! `adapter_config.json`, read with distrust.

use serde_json::{Map, Value};

use crate::{Base, LAYERS, PeftError};

/// What a config says.
pub struct Config {
    pub base: String,
    pub kind: KindOf,
}

pub enum KindOf {
    Lora(LoraConfig),
    Prompt(Virtual),
    Prefix(Virtual),
}

pub struct LoraConfig {
    pub rank: usize,
    pub alpha: f64,
    pub rslora: bool,
    targets: Vec<String>,
    excluded: Vec<String>,
    /// Blocks, if not all.
    blocks: Option<Vec<usize>>,
}

/// Vectors before a text, and the base that they are made for.
pub struct Virtual {
    pub n: usize,
    sizes: [(&'static str, Option<usize>); 3],
}

/// What any adapter says and what changes no number.
const ANY: [&str; 7] = [
    "peft_type",
    "base_model_name_or_path",
    "auto_mapping",
    "inference_mode",
    "peft_version",
    "revision",
    "task_type",
];
/// The same for LoRA.
const LORA: [&str; 13] = [
    "r",
    "lora_alpha",
    "use_rslora",
    "target_modules",
    "exclude_modules",
    "layers_to_transform",
    "init_lora_weights",
    "lora_dropout",
    // A GPT-2 keeps its weights transposed, so PEFT sets this whatever it says.
    "fan_in_fan_out",
    "loftq_config",
    "megatron_config",
    "megatron_core",
    "qalora_group_size",
];
/// The same for vectors before a text. How they were drawn, and the network that was before a prefix
/// in training, do not matter any more.
const VIRTUAL: [&str; 11] = [
    "num_virtual_tokens",
    "token_dim",
    "num_layers",
    "num_attention_heads",
    "prompt_tuning_init",
    "prompt_tuning_init_text",
    "tokenizer_name_or_path",
    "tokenizer_kwargs",
    "encoder_hidden_size",
    "prefix_projection",
    "init_weights",
];

impl Config {
    pub fn parse(text: &str) -> Result<Self, PeftError> {
        let fields: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| PeftError::Json { reason: error.to_string() })?;
        let fields = Fields(&fields);
        let base = match fields.get("base_model_name_or_path") {
            Value::Null => String::new(),
            Value::String(name) => name.clone(),
            _ => return Err(fields.wrong("base_model_name_or_path", "a name or null")),
        };
        let kind = match fields.get("peft_type").as_str() {
            Some("LORA") => KindOf::Lora(lora(fields)?),
            Some("PROMPT_TUNING") => KindOf::Prompt(in_front(fields)?),
            Some("PREFIX_TUNING") => KindOf::Prefix(in_front(fields)?),
            _ => return Err(PeftError::UnknownType { found: fields.said("peft_type") }),
        };
        // The head of another task would be among the numbers.
        match fields.get("task_type") {
            Value::Null => {}
            Value::String(task) if task == "CAUSAL_LM" => {}
            _ => return Err(fields.unsupported("task_type")),
        }
        Ok(Self { base, kind })
    }
}

impl LoraConfig {
    /// The layers of a base that it names, with how many numbers go in and come out.
    pub fn modules(&self, base: &Base<'_>) -> Result<Vec<(String, usize, usize)>, PeftError> {
        let n_embd = base.sizes.n_embd;
        let is = |name: &str, target: &String| {
            let name = format!("transformer.{name}");
            name == *target
                || name.strip_suffix(target.as_str()).is_some_and(|rest| rest.ends_with('.'))
        };
        let mut modules = Vec::new();
        for block in 0..base.sizes.n_layer {
            if self.blocks.as_ref().is_some_and(|blocks| !blocks.contains(&block)) {
                continue;
            }
            for (layer, within, out) in LAYERS {
                let name = format!("h.{block}.{layer}");
                let any = |names: &[String]| names.iter().any(|other| is(&name, other));
                if any(&self.targets) && !any(&self.excluded) {
                    modules.push((name, within * n_embd, out * n_embd));
                }
            }
        }
        match modules.is_empty() {
            true => Err(PeftError::Target { names: self.targets.join(", ") }),
            false => Ok(modules),
        }
    }
}

impl Virtual {
    /// Whether the base has the sizes that the adapter was made for, and room for a text.
    pub fn fit(&self, base: &Base<'_>, trained_on: &str) -> Result<(), PeftError> {
        let sizes = [base.sizes.n_embd, base.sizes.n_layer, base.sizes.n_head];
        for ((what, found), expected) in self.sizes.iter().zip(sizes) {
            if let Some(found) = found.filter(|&found| found != expected) {
                return Err(PeftError::Base {
                    trained_on: trained_on.into(),
                    base: base.name.into(),
                    what,
                    found: found.to_string(),
                    expected: expected.to_string(),
                });
            }
        }
        let n_positions = base.sizes.n_positions;
        if self.n >= n_positions {
            return Err(PeftError::NoRoom { n: self.n, n_positions });
        }
        Ok(())
    }
}

fn lora(fields: Fields<'_>) -> Result<LoraConfig, PeftError> {
    fields.refuse_others(&LORA)?;
    let rank = fields.size("r")?;
    let alpha = match fields.get("lora_alpha").as_f64() {
        Some(alpha) if alpha.is_finite() => alpha,
        _ => return Err(fields.wrong("lora_alpha", "a number")),
    };
    let rslora = match fields.get("use_rslora") {
        Value::Null => false,
        Value::Bool(is) => *is,
        _ => return Err(fields.wrong("use_rslora", "true or false")),
    };
    // Others begin with a changed base, which the base at hand is not.
    match fields.get("init_lora_weights") {
        Value::Null | Value::Bool(_) => {}
        Value::String(how) if ["gaussian", "orthogonal", "eva"].contains(&how.as_str()) => {}
        _ => return Err(fields.unsupported("init_lora_weights")),
    }
    let targets = fields.names("target_modules")?;
    if targets.is_empty() {
        return Err(fields.wrong("target_modules", "a list of names, not a pattern"));
    }
    let blocks = match fields.get("layers_to_transform") {
        Value::Null => None,
        Value::Number(_) => Some(vec![fields.block(fields.get("layers_to_transform"))?]),
        Value::Array(blocks) => {
            Some(blocks.iter().map(|block| fields.block(block)).collect::<Result<_, _>>()?)
        }
        _ => return Err(fields.wrong("layers_to_transform", "a list of blocks")),
    };
    let excluded = fields.names("exclude_modules")?;
    Ok(LoraConfig { rank, alpha, rslora, targets, excluded, blocks })
}

fn in_front(fields: Fields<'_>) -> Result<Virtual, PeftError> {
    // Of an encoder and a decoder, each would have its own.
    if *fields.get("num_transformer_submodules") != Value::Null
        && fields.size("num_transformer_submodules")? != 1
    {
        return Err(fields.unsupported("num_transformer_submodules"));
    }
    let mut known = VIRTUAL.to_vec();
    known.push("num_transformer_submodules");
    fields.refuse_others(&known)?;
    let size = |name: &'static str| match fields.get(name) {
        Value::Null => Ok((name, None)),
        _ => Ok((name, Some(fields.size(name)?))),
    };
    let sizes = [size("token_dim")?, size("num_layers")?, size("num_attention_heads")?];
    Ok(Virtual { n: fields.size("num_virtual_tokens")?, sizes })
}

/// The fields of a config.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> &'a Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// What stands in a field, as JSON, cut where it is long.
    fn said(self, name: &str) -> String {
        let said = self.get(name).to_string();
        match said.char_indices().nth(80) {
            Some((at, _)) => format!("{}…", &said[..at]),
            None => said,
        }
    }

    fn wrong(self, name: &str, expected: &'static str) -> PeftError {
        PeftError::Field { field: name.into(), found: self.said(name), expected }
    }

    fn unsupported(self, name: &str) -> PeftError {
        PeftError::Unsupported { option: name.into(), found: self.said(name) }
    }

    /// A whole number of at least 1.
    fn size(self, name: &str) -> Result<usize, PeftError> {
        let size = self.get(name).as_u64().and_then(|size| usize::try_from(size).ok());
        size.filter(|&size| size > 0).ok_or_else(|| self.wrong(name, "a whole number from 1 on"))
    }

    fn block(self, block: &Value) -> Result<usize, PeftError> {
        let block = block.as_u64().and_then(|block| usize::try_from(block).ok());
        block.ok_or_else(|| self.wrong("layers_to_transform", "a list of blocks, counted from 0"))
    }

    /// A list of names; `null` has none.
    fn names(self, name: &str) -> Result<Vec<String>, PeftError> {
        let wrong = || self.wrong(name, "a list of names, not a pattern");
        match self.get(name) {
            Value::Null => Ok(Vec::new()),
            Value::Array(names) => {
                let names = names.iter().map(|name| name.as_str().map(str::to_owned));
                names.collect::<Option<_>>().ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }

    /// Options that are not `known`, also those of versions to come, may be there if they are off.
    fn refuse_others(self, known: &[&str]) -> Result<(), PeftError> {
        let is_off = |value: &Value| match value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text == "none",
            Value::Array(list) => list.is_empty(),
            Value::Object(object) => object.is_empty(),
            Value::Bool(true) | Value::Number(_) => false,
        };
        let others = self
            .0
            .iter()
            .filter(|(name, _)| !ANY.contains(&name.as_str()) && !known.contains(&name.as_str()));
        match others.into_iter().find(|(_, value)| !is_off(value)) {
            Some((name, _)) => Err(self.unsupported(name)),
            None => Ok(()),
        }
    }
}

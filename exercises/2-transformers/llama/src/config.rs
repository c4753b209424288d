//! The sizes of a model, as `config.json` of a published checkpoint has them.

use counting::{Architecture, Family, Positions};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::LlamaError;

/// The sizes of a Llama, with the names of this book; behind each, that of Hugging Face
/// transformers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Blocks: `num_hidden_layers`.
    #[serde(rename = "num_hidden_layers")]
    pub n_layers: usize,
    /// Heads of queries: `num_attention_heads`.
    #[serde(rename = "num_attention_heads")]
    pub n_heads: usize,
    /// Heads of keys and values, `num_key_value_heads`; divides `n_heads`, and equals it if the file
    /// does not say.
    #[serde(rename = "num_key_value_heads", default)]
    pub n_kv_heads: usize,
    /// Numbers of a query, a key and a value, `head_dim`; even, and `d_model / n_heads` if the file
    /// does not say.
    #[serde(rename = "head_dim", default)]
    pub d_head: usize,
    /// Numbers of a token's vector: `hidden_size`.
    #[serde(rename = "hidden_size")]
    pub d_model: usize,
    /// Numbers inside the feed-forward network: `intermediate_size`.
    #[serde(rename = "intermediate_size")]
    pub d_ff: usize,
    /// How many tokens there are.
    pub vocab_size: usize,
    /// The ε of the norms: `rms_norm_eps`.
    #[serde(rename = "rms_norm_eps")]
    pub eps: f64,
    /// The base of RoPE's frequencies: `rope_theta`.
    #[serde(rename = "rope_theta", default = "usual_base")]
    pub theta: f64,
    /// Whether the table of tokens makes the logits, too: `tie_word_embeddings`.
    #[serde(rename = "tie_word_embeddings", default)]
    pub is_tied: bool,
}

fn usual_base() -> f64 {
    positions::BASE
}

/// What changes nothing when a model is only run.
const IDLE: [&str; 15] = [
    "_name_or_path",
    "architectures",
    "attention_dropout",
    "bos_token_id",
    "dtype",
    "eos_token_id",
    "initializer_range",
    "is_llama_config",
    "max_position_embeddings",
    "pad_token_id",
    "rope_interleaved",
    "torch_dtype",
    "transformers.js_config",
    "transformers_version",
    "use_cache",
];

impl Config {
    /// Reads `config.json`. Settings that change nothing here are passed over.
    ///
    /// # Errors
    /// [`LlamaError::Config`] if it is no JSON object, if a size is missing or fits to no model, or
    /// if there is a setting that is not known or that this lesson's model does not have, such as a
    /// RoPE that is stretched.
    pub fn from_json(text: &str) -> Result<Self, LlamaError> {
        let problem = |text: String| LlamaError::Config(text);
        let mut fields: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| problem(error.to_string()))?;
        if fields.remove("rope_interleaved") == Some(json!(true)) {
            return Err(problem("rope_interleaved is true; this model turns halves".into()));
        }
        fields.retain(|name, _| !IDLE.contains(&name.as_str()));
        let fixed = [
            ("model_type", json!("llama")),
            ("hidden_act", json!("silu")),
            ("attention_bias", json!(false)),
            ("mlp_bias", json!(false)),
            ("pretraining_tp", json!(1)),
        ];
        for (name, want) in fixed {
            match fields.remove(name) {
                Some(got) if got != want => {
                    return Err(problem(format!("{name} is {got}; this model has {want}")));
                }
                _ => {}
            }
        }
        for name in ["rope_scaling", "rope_parameters"] {
            plain_rope(&mut fields, name)?;
        }
        // Some files say null for what is not set.
        fields.retain(|_, value| !value.is_null());
        let mut config: Self = serde_json::from_value(Value::Object(fields))
            .map_err(|error| problem(error.to_string()))?;
        config.fill_in()?;
        Ok(config)
    }

    /// Fills in what a file may leave out, and looks whether this can be a model.
    fn fill_in(&mut self) -> Result<(), LlamaError> {
        let problem = |text: String| Err(LlamaError::Config(text));
        let sizes = [
            ("num_hidden_layers", self.n_layers),
            ("num_attention_heads", self.n_heads),
            ("hidden_size", self.d_model),
            ("intermediate_size", self.d_ff),
            ("vocab_size", self.vocab_size),
        ];
        if let Some((name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return problem(format!("{name} is 0: give at least 1"));
        }
        if self.n_kv_heads == 0 {
            self.n_kv_heads = self.n_heads;
        }
        if self.d_head == 0 {
            self.d_head = self.d_model / self.n_heads;
        }
        let Self { n_heads, n_kv_heads, d_head, .. } = *self;
        if !n_heads.is_multiple_of(n_kv_heads) {
            return problem(format!(
                "num_attention_heads is {n_heads}, no multiple of num_key_value_heads, {n_kv_heads}"
            ));
        }
        if d_head == 0 || d_head % 2 == 1 {
            return problem(format!(
                "heads have {d_head} numbers: RoPE turns pairs, so head_dim must be even"
            ));
        }
        if !(self.eps > 0.0 && self.eps.is_finite()) {
            return problem(format!("rms_norm_eps is {}: give one above 0", self.eps));
        }
        if !(self.theta >= 1.0 && self.theta.is_finite()) {
            return problem(format!("rope_theta is {}: give at least 1", self.theta));
        }
        Ok(())
    }

    /// The same for those who count.
    pub fn architecture(&self) -> Architecture {
        let Self { n_layers, n_heads, n_kv_heads, d_head, d_model, d_ff, vocab_size, .. } = *self;
        let n = |size: usize| size as u64;
        Architecture {
            family: Family::Decoder,
            vocab_size: n(vocab_size),
            d_model: n(d_model),
            n_layers: n(n_layers),
            n_heads: n(n_heads),
            n_kv_heads: n(n_kv_heads),
            d_head: n(d_head),
            d_ff: n(d_ff),
            positions: Positions::Rotary,
            is_tied: self.is_tied,
            has_biases: false,
            is_gated: true,
            is_parallel: false,
        }
    }
}

/// Takes away what files say about RoPE besides `rope_theta`, if it leaves RoPE as it is.
fn plain_rope(fields: &mut Map<String, Value>, name: &str) -> Result<(), LlamaError> {
    let Some(Value::Object(mut rope)) = fields.remove(name) else { return Ok(()) };
    for kind in ["rope_type", "type"] {
        match rope.remove(kind) {
            Some(kind) if kind != json!("default") => {
                return Err(LlamaError::Config(format!(
                    "{name} is of type {kind}: this model's RoPE is not stretched; take a checkpoint \
                     without it"
                )));
            }
            _ => {}
        }
    }
    if let Some(theta) = rope.remove("rope_theta") {
        fields.insert("rope_theta".into(), theta);
    }
    match rope.keys().next() {
        Some(key) => Err(LlamaError::Config(format!("{name} has {key}, which is not known"))),
        None => Ok(()),
    }
}

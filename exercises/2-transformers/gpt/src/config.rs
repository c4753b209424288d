//! The sizes of a model, as `config.json` of a published checkpoint has them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::GptError;

/// The sizes of a GPT-2, with the names of Hugging Face transformers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How many blocks.
    pub n_layer: usize,
    /// How many heads; divides `n_embd`.
    pub n_head: usize,
    /// Numbers of a token's vector: `d_model`.
    pub n_embd: usize,
    /// Numbers inside the feed-forward network; without it, four times `n_embd`.
    #[serde(default)]
    pub n_inner: Option<usize>,
    /// The longest text, in tokens.
    pub n_positions: usize,
    /// How many tokens there are.
    pub vocab_size: usize,
    /// The ε of the norms.
    pub layer_norm_epsilon: f64,
    /// The token that ends a text, if the model has one.
    #[serde(default)]
    pub eos_token_id: Option<u32>,
}

/// What changes nothing when a model is only run.
const IDLE: [&str; 28] = [
    "_name_or_path",
    "_num_labels",
    "architectures",
    "attn_pdrop",
    "bos_token_id",
    "chunk_size_feed_forward",
    "dtype",
    "embd_pdrop",
    "gradient_checkpointing",
    "id2label",
    "initializer_range",
    "label2id",
    "n_ctx",
    "pad_token_id",
    "reorder_and_upcast_attn",
    "resid_pdrop",
    "return_dict",
    "output_attentions",
    "output_hidden_states",
    "output_past",
    "summary_activation",
    "summary_first_dropout",
    "summary_proj_to_labels",
    "summary_type",
    "summary_use_proj",
    "task_specific_params",
    "torch_dtype",
    "use_cache",
];

impl Config {
    /// GPT-2 of a width and depth, with the vocabulary and the positions of all four.
    pub fn gpt2(n_layer: usize, n_head: usize, n_embd: usize) -> Self {
        Self {
            n_layer,
            n_head,
            n_embd,
            n_inner: None,
            n_positions: 1024,
            vocab_size: 50_257,
            layer_norm_epsilon: 1e-5,
            eos_token_id: Some(50_256),
        }
    }

    /// Reads `config.json`. Settings that change nothing here are passed over.
    ///
    /// # Errors
    /// [`GptError::Config`] if it is no JSON object, if a size is missing or fits to no model, or
    /// if there is a setting that is not known or that this lesson's model does not have.
    pub fn from_json(text: &str) -> Result<Self, GptError> {
        let problem = |text: String| GptError::Config(text);
        let mut fields: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| problem(error.to_string()))?;
        fields.retain(|name, _| !IDLE.contains(&name.as_str()) && name != "transformers_version");
        let fixed = [
            ("model_type", json!("gpt2")),
            ("activation_function", json!("gelu_new")),
            ("scale_attn_weights", json!(true)),
            ("scale_attn_by_inverse_layer_idx", json!(false)),
            ("tie_word_embeddings", json!(true)),
            ("add_cross_attention", json!(false)),
        ];
        for (name, want) in fixed {
            match fields.remove(name) {
                Some(got) if got != want => {
                    return Err(problem(format!("{name} is {got}; this model has {want}")));
                }
                _ => {}
            }
        }
        let config: Self = serde_json::from_value(Value::Object(fields))
            .map_err(|error| problem(error.to_string()))?;
        config.expect_a_model()?;
        Ok(config)
    }

    fn expect_a_model(&self) -> Result<(), GptError> {
        let Self { n_layer, n_head, n_embd, n_positions, vocab_size, .. } = *self;
        let sizes = [
            ("n_layer", n_layer),
            ("n_head", n_head),
            ("n_embd", n_embd),
            ("n_inner", self.inner()),
            ("n_positions", n_positions),
            ("vocab_size", vocab_size),
        ];
        if let Some((name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(GptError::Config(format!("{name} is 0")));
        }
        if n_embd % n_head != 0 {
            let text = format!("{n_embd} numbers cannot be shared out to {n_head} heads");
            return Err(GptError::Config(text));
        }
        let eps = self.layer_norm_epsilon;
        if !(eps > 0.0 && eps.is_finite()) {
            return Err(GptError::Config(format!("layer_norm_epsilon is {eps}: give one above 0")));
        }
        Ok(())
    }

    /// Numbers inside the feed-forward network.
    pub fn inner(&self) -> usize {
        self.n_inner.unwrap_or_else(|| self.n_embd.saturating_mul(4))
    }
}

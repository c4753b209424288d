//! The sizes of a model, as `config.json` of a published checkpoint has them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::BertError;

/// The sizes of a BERT, with the names of Hugging Face transformers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How many blocks.
    pub num_hidden_layers: usize,
    /// How many heads; divides `hidden_size`.
    pub num_attention_heads: usize,
    /// Numbers of a token's vector: `d_model`.
    pub hidden_size: usize,
    /// Numbers inside the feed-forward network.
    pub intermediate_size: usize,
    /// The longest row, in places.
    pub max_position_embeddings: usize,
    /// How many token types there are.
    pub type_vocab_size: usize,
    /// How many tokens there are.
    pub vocab_size: usize,
    /// The ε of the norms.
    pub layer_norm_eps: f64,
}

/// What changes nothing when a model is only run.
const IDLE: [&str; 28] = [
    "_name_or_path",
    "architectures",
    "attention_probs_dropout_prob",
    "bos_token_id",
    "chunk_size_feed_forward",
    "classifier_dropout",
    "directionality",
    "dtype",
    "eos_token_id",
    "finetuning_task",
    "gradient_checkpointing",
    "hidden_dropout_prob",
    "id2label",
    "initializer_range",
    "label2id",
    "output_attentions",
    "output_hidden_states",
    "pad_token_id",
    "pooler_fc_size",
    "pooler_num_attention_heads",
    "pooler_num_fc_layers",
    "pooler_size_per_head",
    "pooler_type",
    "problem_type",
    "return_dict",
    "torch_dtype",
    "transformers_version",
    "use_cache",
];

impl Config {
    /// The two models of the paper: 12 blocks of 768 numbers, or 24 of 1024.
    ///
    /// Source: Devlin and others, 2018, section 3; the vocabulary as published.
    pub fn bert(num_hidden_layers: usize, num_attention_heads: usize, hidden_size: usize) -> Self {
        Self {
            num_hidden_layers,
            num_attention_heads,
            hidden_size,
            intermediate_size: 4 * hidden_size,
            max_position_embeddings: 512,
            type_vocab_size: 2,
            vocab_size: 30_522,
            layer_norm_eps: 1e-12,
        }
    }

    /// Reads `config.json`. Settings that change nothing here are passed over.
    ///
    /// # Errors
    /// [`BertError::Config`] if it is no JSON object, if a size is missing or fits to no model, or
    /// if there is a setting that is not known or that this lesson's model does not have.
    pub fn from_json(text: &str) -> Result<Self, BertError> {
        let problem = |text: String| BertError::Config(text);
        let mut fields: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| problem(error.to_string()))?;
        fields.retain(|name, _| !IDLE.contains(&name.as_str()));
        let fixed = [
            ("model_type", json!("bert")),
            ("hidden_act", json!("gelu")),
            ("position_embedding_type", json!("absolute")),
            ("is_decoder", json!(false)),
            ("add_cross_attention", json!(false)),
            ("tie_word_embeddings", json!(true)),
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

    fn expect_a_model(&self) -> Result<(), BertError> {
        let sizes = [
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", self.num_attention_heads),
            ("hidden_size", self.hidden_size),
            ("intermediate_size", self.intermediate_size),
            ("max_position_embeddings", self.max_position_embeddings),
            ("type_vocab_size", self.type_vocab_size),
            ("vocab_size", self.vocab_size),
        ];
        if let Some((name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(BertError::Config(format!("{name} is 0: give at least 1")));
        }
        let (n, heads) = (self.hidden_size, self.num_attention_heads);
        if n % heads != 0 {
            let text = format!("{n} numbers cannot be shared out to {heads} heads");
            return Err(BertError::Config(text));
        }
        let eps = self.layer_norm_eps;
        if !(eps > 0.0 && eps.is_finite()) {
            return Err(BertError::Config(format!("layer_norm_eps is {eps}: give one above 0")));
        }
        Ok(())
    }
}

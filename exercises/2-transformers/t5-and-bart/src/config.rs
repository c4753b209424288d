//! The sizes of a model, as `config.json` of a published checkpoint has them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::SeqError;

/// The sizes of a T5, with the names of Hugging Face transformers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct T5Config {
    /// How many tokens there are.
    pub vocab_size: usize,
    /// Numbers of a token's vector.
    pub d_model: usize,
    /// Numbers of a head's vector; times `num_heads`, it need not be `d_model`.
    pub d_kv: usize,
    /// Numbers inside the feed-forward network.
    pub d_ff: usize,
    /// Blocks of the encoder.
    pub num_layers: usize,
    /// Blocks of the decoder; without it, as many as the encoder has.
    #[serde(default)]
    pub num_decoder_layers: Option<usize>,
    /// How many heads.
    pub num_heads: usize,
    /// Into so many buckets distances are sorted.
    pub relative_attention_num_buckets: usize,
    /// From here on, all distances are in the last bucket. Files of 2019 do not say it.
    #[serde(default = "of_2019")]
    pub relative_attention_max_distance: usize,
    /// The ε of the norms.
    pub layer_norm_epsilon: f64,
    /// The feed-forward network: `relu`, or `gated-gelu` since T5 1.1.
    #[serde(default = "relu")]
    pub feed_forward_proj: String,
    /// Whether logits are made with the table of the embeddings: not since T5 1.1.
    #[serde(default = "yes")]
    pub tie_word_embeddings: bool,
    /// Whether the logits are scaled, where a newer file says so: only with tied embeddings.
    #[serde(default)]
    pub scale_decoder_outputs: Option<bool>,
    #[serde(default)]
    pub(crate) model_type: Option<String>,
}

/// The sizes of a BART.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BartConfig {
    /// How many tokens there are.
    pub vocab_size: usize,
    /// Numbers of a token's vector.
    pub d_model: usize,
    /// Blocks of the encoder.
    pub encoder_layers: usize,
    /// Heads in each; divide `d_model`.
    pub encoder_attention_heads: usize,
    /// Numbers inside its feed-forward networks.
    pub encoder_ffn_dim: usize,
    /// The same of the decoder.
    pub decoder_layers: usize,
    /// The same of the decoder.
    pub decoder_attention_heads: usize,
    /// The same of the decoder.
    pub decoder_ffn_dim: usize,
    /// The longest text, in tokens.
    pub max_position_embeddings: usize,
    /// Whether embeddings of tokens are multiplied by √`d_model`.
    #[serde(default)]
    pub scale_embedding: bool,
    #[serde(default)]
    pub(crate) activation_function: Option<String>,
    #[serde(default)]
    pub(crate) model_type: Option<String>,
}

fn of_2019() -> usize {
    128
}

fn relu() -> String {
    "relu".into()
}

fn yes() -> bool {
    true
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, SeqError> {
    serde_json::from_str(text).map_err(|error| SeqError::Config(error.to_string()))
}

/// Fails if a setting has another value than this lesson's models.
fn expect(name: &str, got: Option<&str>, want: &str) -> Result<(), SeqError> {
    match got {
        Some(got) if got != want => {
            Err(SeqError::Config(format!("{name} is {got}; this model has {want}")))
        }
        _ => Ok(()),
    }
}

fn expect_sizes(sizes: &[(&str, usize)]) -> Result<(), SeqError> {
    match sizes.iter().find(|(_, size)| *size == 0) {
        Some((name, _)) => Err(SeqError::Config(format!("{name} is 0"))),
        None => Ok(()),
    }
}

impl T5Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`SeqError::Config`] if it is no JSON, lacks a size, or is of a model that this lesson does
    /// not have.
    pub fn from_json(text: &str) -> Result<Self, SeqError> {
        let config: Self = read(text)?;
        expect("model_type", config.model_type.as_deref(), "t5")?;
        if !["relu", "gated-gelu"].contains(&config.feed_forward_proj.as_str()) {
            let got = &config.feed_forward_proj;
            let problem = format!("feed_forward_proj is {got}; give relu or gated-gelu");
            return Err(SeqError::Config(problem));
        }
        let Self { vocab_size, d_model, d_kv, d_ff, num_heads, .. } = config;
        expect_sizes(&[
            ("vocab_size", vocab_size),
            ("d_model", d_model),
            ("d_kv", d_kv),
            ("d_ff", d_ff),
            ("num_heads", num_heads),
        ])?;
        Ok(config)
    }

    /// Whether the feed-forward network has a gate.
    pub fn is_gated(&self) -> bool {
        self.feed_forward_proj == "gated-gelu"
    }

    /// Whether one table embeds tokens and makes logits. Files that transformers 5 wrote call every
    /// T5 tied, and tell the others by `scale_decoder_outputs`.
    pub fn is_tied(&self) -> bool {
        self.tie_word_embeddings && self.scale_decoder_outputs.unwrap_or(true)
    }

    /// Blocks of the decoder.
    pub fn decoder_layers(&self) -> usize {
        self.num_decoder_layers.unwrap_or(self.num_layers)
    }
}

impl BartConfig {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`SeqError::Config`] if it is no JSON, lacks a size, or is of a model that this lesson does
    /// not have.
    pub fn from_json(text: &str) -> Result<Self, SeqError> {
        let config: Self = read(text)?;
        expect("model_type", config.model_type.as_deref(), "bart")?;
        expect("activation_function", config.activation_function.as_deref(), "gelu")?;
        let heads = [config.encoder_attention_heads, config.decoder_attention_heads];
        expect_sizes(&[
            ("vocab_size", config.vocab_size),
            ("d_model", config.d_model),
            ("encoder_attention_heads", heads[0]),
            ("decoder_attention_heads", heads[1]),
            ("max_position_embeddings", config.max_position_embeddings),
        ])?;
        match heads.iter().find(|&&heads| !config.d_model.is_multiple_of(heads)) {
            Some(heads) => Err(SeqError::Config(format!(
                "{} numbers cannot be shared out to {heads} heads",
                config.d_model
            ))),
            None => Ok(config),
        }
    }

    /// What embeddings of tokens are multiplied by.
    pub fn embed_scale(&self) -> f64 {
        if self.scale_embedding { (self.d_model as f64).sqrt() } else { 1.0 }
    }
}

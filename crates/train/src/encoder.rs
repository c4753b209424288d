//! Encoder Buddy learns to fill gaps: masked language modeling.

use anyhow::Result;
use bert::{Batch, Bert, BertError, Config, Encoded, Tokenizer};
use buddy::encoder::{logits_at, vocabulary};
use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::batches::{Batches, below};
use crate::weights::{First, Weights, uniform};
use crate::{Task, failed, town};

/// The share of tokens that are to be guessed (Devlin and others, 2018, section 3.1).
const CHOSEN: f64 = 0.15;
/// Of these, the share that `[MASK]` stands for.
const MASKED: f64 = 0.8;
/// And the share that another token stands for; the rest stays as it is.
const REPLACED: f64 = 0.1;
/// The deviation of the first weights. BERT has 0.02, with vectors eight times as long.
const DEVIATION: f64 = 0.05;
/// Stories held out, and how many of them are read at a time.
const HELD_OUT: [usize; 2] = [96, 16];
/// Their gaps are the same in every run.
const HELD_OUT_SEED: u64 = 0;
/// The first tokens of the vocabulary stand for no words.
const SPECIAL: u32 = 5;

/// The sizes of encoder Buddy with so many words.
pub fn config(vocab_size: usize) -> Config {
    Config {
        num_hidden_layers: 2,
        num_attention_heads: 4,
        hidden_size: 96,
        intermediate_size: 192,
        max_position_embeddings: 64,
        type_vocab_size: 1,
        vocab_size,
        layer_norm_eps: 1e-12,
    }
}

/// `config.json`, as transformers reads it.
pub fn config_json(config: &Config) -> serde_json::Value {
    serde_json::json!({
        "architectures": ["BertForMaskedLM"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": config.num_attention_heads,
        "hidden_size": config.hidden_size,
        "intermediate_size": config.intermediate_size,
        "max_position_embeddings": config.max_position_embeddings,
        "type_vocab_size": config.type_vocab_size,
        "vocab_size": config.vocab_size,
        "layer_norm_eps": config.layer_norm_eps,
        "tie_word_embeddings": true,
    })
}

/// Stories with hidden tokens.
#[derive(Clone, Debug)]
pub struct Masked {
    batch: Batch,
    /// Where tokens are to be guessed, counted through the rows.
    places: Vec<u32>,
    /// What stood there.
    labels: Vec<u32>,
}

/// An encoder in training.
pub struct EncoderTask {
    model: Bert,
    weights: Weights,
    tokenizer: Tokenizer,
    batches: Batches<Encoded>,
    rng: ChaCha8Rng,
    held_out: Vec<Masked>,
}

impl EncoderTask {
    /// Of a seed, with so many stories a step.
    ///
    /// # Errors
    /// If candle fails.
    pub fn new(seed: u64, batch: usize) -> Result<Self> {
        let vocabulary = vocabulary(town(), buddy::TRAINING);
        Self::with(config(vocabulary.lines().count()), &vocabulary, seed, batch)
    }

    /// The same of other sizes.
    ///
    /// # Errors
    /// If candle fails.
    pub fn with(config: Config, vocabulary: &str, seed: u64, batch: usize) -> Result<Self> {
        let tokenizer = Tokenizer::from_vocab(vocabulary, true).map_err(failed)?;
        let most = config.max_position_embeddings;
        let mut weights = Weights::new(seed);
        let model = Bert::from_tensors(config, true, |name, shape| {
            let first = match name {
                _ if name.ends_with("LayerNorm.weight") => First::All(1.0),
                _ if name.ends_with("bias") => First::All(0.0),
                _ => First::Normal(DEVIATION),
            };
            let name = match name.starts_with("cls.") {
                true => name.to_owned(),
                false => format!("bert.{name}"),
            };
            Ok::<_, BertError>(weights.draw(&name, shape, first)?)
        })
        .map_err(failed)?;
        let texts = |stream| {
            let tokenizer = tokenizer.clone();
            town().stories(stream).map(move |story| tokenizer.encode(&story.text, None, most))
        };
        let [count, at_once] = HELD_OUT;
        let mut stories: Vec<Encoded> = texts(buddy::VALIDATION).take(count).collect();
        stories.sort_by_key(|text| text.ids.len());
        let mut rng = ChaCha8Rng::seed_from_u64(HELD_OUT_SEED);
        let held_out = stories
            .chunks(at_once)
            .map(|texts| hide(texts.to_vec(), &tokenizer, &mut rng))
            .collect::<Result<_>>()?;
        let batches = Batches::new(texts(buddy::TRAINING), batch, |text| text.ids.len());
        let rng = ChaCha8Rng::seed_from_u64(seed.wrapping_add(1));
        Ok(Self { model, weights, tokenizer, batches, rng, held_out })
    }

    /// The model, whose tensors are the variables.
    pub fn model(&self) -> &Bert {
        &self.model
    }

    /// The same task done by another model, to judge it; it is not trained.
    pub fn with_model(self, model: Bert) -> Self {
        Self { model, ..self }
    }
}

/// Chooses tokens and hides them. In each text there is one at least.
fn hide(mut texts: Vec<Encoded>, tokenizer: &Tokenizer, rng: &mut ChaCha8Rng) -> Result<Masked> {
    let mask = tokenizer.id("[MASK]").unwrap_or_default();
    let words = tokenizer.size() - SPECIAL as usize;
    let seq = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
    let (mut places, mut labels) = (Vec::new(), Vec::new());
    for (row, text) in texts.iter_mut().enumerate() {
        // Without [CLS] and [SEP].
        let inner = 1..text.ids.len() - 1;
        let surely = inner.start + below(rng, inner.len());
        for at in inner {
            if uniform(rng) >= CHOSEN && at != surely {
                continue;
            }
            places.push((row * seq + at) as u32);
            labels.push(text.ids[at]);
            let draw = uniform(rng);
            if draw < MASKED {
                text.ids[at] = mask;
            } else if draw < MASKED + REPLACED {
                text.ids[at] = SPECIAL + below(rng, words) as u32;
            }
        }
    }
    Ok(Masked { batch: tokenizer.batch(&texts).map_err(failed)?, places, labels })
}

impl Task for EncoderTask {
    type Batch = Masked;

    fn weights(&self) -> &Weights {
        &self.weights
    }

    fn next_batch(&mut self) -> Result<Masked> {
        let texts = self.batches.next(&mut self.rng);
        hide(texts, &self.tokenizer, &mut self.rng)
    }

    fn held_out(&self) -> &[Masked] {
        &self.held_out
    }

    fn tokens(&self, batch: &Masked) -> usize {
        let is_token = batch.batch.is_token.flatten_all().and_then(|row| row.to_vec1::<u8>());
        is_token.map_or(0, |row| row.iter().map(|&is| usize::from(is)).sum())
    }

    fn guesses(&self, batch: &Masked) -> Result<(Tensor, Tensor)> {
        let logits = logits_at(&self.model, &batch.batch, batch.places.clone())?;
        Ok((logits, Tensor::new(batch.labels.as_slice(), &Device::Cpu)?))
    }
}

//! Encoder-decoder Buddy learns to translate English into Tinytongue.

use anyhow::Result;
use buddy::Vocabulary;
use buddy::encoder_decoder::{Padded, padded, vocabulary};
use buddy::vocabulary::PAD;
use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use t5_and_bart::solution::{shift_right, t5_forward};
use t5_and_bart::{SeqError, Source, T5, T5Config};
use tinytown::Translation;

use crate::batches::Batches;
use crate::weights::{First, Weights};
use crate::{Task, failed, town};

/// Pairs held out, and how many of them are read at a time.
const HELD_OUT: [usize; 2] = [256, 64];
/// A label that does not count.
const IGNORED: i64 = -100;

/// `config.json` of encoder-decoder Buddy with so many words, as transformers reads it. As in T5 1.1
/// a table of its own makes the logits: with so few steps, one table for both learns more slowly.
pub fn config_json(vocab_size: usize) -> serde_json::Value {
    serde_json::json!({
        "architectures": ["T5ForConditionalGeneration"],
        "model_type": "t5",
        "vocab_size": vocab_size,
        "d_model": 128,
        "d_kv": 32,
        "d_ff": 256,
        "num_layers": 2,
        "num_decoder_layers": 2,
        "num_heads": 4,
        "relative_attention_num_buckets": 16,
        "relative_attention_max_distance": 32,
        "layer_norm_epsilon": 1e-6,
        "feed_forward_proj": "relu",
        "tie_word_embeddings": false,
        "scale_decoder_outputs": false,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
    })
}

/// A sentence in ids: the source, and what is to be written.
type Pair = [Vec<u32>; 2];

/// Sentences with their translations.
#[derive(Clone, Debug)]
pub struct Pairs {
    source: Padded,
    /// What the decoder reads.
    read: Tensor,
    /// Where tokens are to be guessed, counted through the rows.
    places: Vec<u32>,
    /// What stands there.
    labels: Vec<u32>,
    tokens: usize,
}

/// An encoder-decoder in training.
pub struct EncoderDecoderTask {
    model: T5,
    weights: Weights,
    batches: Batches<Pair>,
    rng: ChaCha8Rng,
    held_out: Vec<Pairs>,
}

impl EncoderDecoderTask {
    /// Of a seed, with so many pairs a step.
    ///
    /// # Errors
    /// If candle fails.
    pub fn new(seed: u64, batch: usize) -> Result<Self> {
        let vocabulary = vocabulary(town(), buddy::TRAINING);
        let config = T5Config::from_json(&config_json(vocabulary.size()).to_string());
        Self::with(config.map_err(failed)?, vocabulary, seed, batch)
    }

    /// The same of other sizes.
    ///
    /// # Errors
    /// If candle fails.
    pub fn with(config: T5Config, vocabulary: Vocabulary, seed: u64, batch: usize) -> Result<Self> {
        let mut weights = Weights::new(seed);
        let deviation = deviations(&config);
        let model = T5::from_tensors(config, |name, shape| {
            Ok::<_, SeqError>(weights.draw(name, shape, deviation(name))?)
        })
        .map_err(failed)?;
        let pairs = |stream| {
            let vocabulary = vocabulary.clone();
            let ids = move |Translation { english, tinytongue }: Translation| {
                [&english, &tinytongue].map(|text| vocabulary.encode(text))
            };
            town().translations(stream).map(ids)
        };
        let [count, at_once] = HELD_OUT;
        let mut texts: Vec<Pair> = pairs(buddy::VALIDATION).take(count).collect();
        texts.sort_by_key(cost);
        let held_out = texts.chunks(at_once).map(batch_of).collect::<Result<_>>()?;
        let batches = Batches::new(pairs(buddy::TRAINING), batch, cost);
        let rng = ChaCha8Rng::seed_from_u64(seed.wrapping_add(1));
        Ok(Self { model, weights, batches, rng, held_out })
    }

    /// The model, whose tensors are the variables.
    pub fn model(&self) -> &T5 {
        &self.model
    }

    /// The same task done by another model, to judge it; it is not trained.
    pub fn with_model(self, model: T5) -> Self {
        Self { model, ..self }
    }
}

fn cost([source, output]: &Pair) -> usize {
    source.len() + output.len()
}

/// How each tensor of a T5 begins: `_init_weights` in transformers.
fn deviations(config: &T5Config) -> impl Fn(&str) -> First + use<> {
    let [d_model, d_kv, d_ff, heads] =
        [config.d_model, config.d_kv, config.d_ff, config.num_heads].map(|size| size as f64);
    move |name| {
        let part = name.trim_end_matches(".weight").rsplit('.').next().unwrap_or_default();
        match part {
            "layer_norm" | "final_layer_norm" => First::All(1.0),
            "shared" => First::Normal(1.0),
            "q" => First::Normal((d_model * d_kv).powf(-0.5)),
            "o" => First::Normal((heads * d_kv).powf(-0.5)),
            "wo" => First::Normal(d_ff.powf(-0.5)),
            // What makes logits, keys, values, the inside of the feed-forward network, biases of distances.
            _ => First::Normal(d_model.powf(-0.5)),
        }
    }
}

fn batch_of(texts: &[Pair]) -> Result<Pairs> {
    let source = padded(&texts.iter().map(|[source, _]| source.clone()).collect::<Vec<_>>())?;
    let seq = texts.iter().map(|[_, output]| output.len()).max().unwrap_or(0);
    let (mut places, mut labels, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (row, [_, output]) in texts.iter().enumerate() {
        places.extend((0..output.len()).map(|at| (row * seq + at) as u32));
        labels.extend(output);
        let padding = std::iter::repeat_n(IGNORED, seq - output.len());
        rows.extend(output.iter().map(|&id| i64::from(id)).chain(padding));
    }
    let rows = Tensor::from_vec(rows, (texts.len(), seq), &Device::Cpu)?;
    let read = shift_right(&rows, PAD, PAD).map_err(failed)?;
    Ok(Pairs { source, read, places, labels, tokens: texts.iter().map(cost).sum() })
}

impl Task for EncoderDecoderTask {
    type Batch = Pairs;

    fn weights(&self) -> &Weights {
        &self.weights
    }

    fn next_batch(&mut self) -> Result<Pairs> {
        batch_of(&self.batches.next(&mut self.rng))
    }

    fn held_out(&self) -> &[Pairs] {
        &self.held_out
    }

    fn tokens(&self, batch: &Pairs) -> usize {
        batch.tokens
    }

    fn guesses(&self, batch: &Pairs) -> Result<(Tensor, Tensor)> {
        let Padded { ids, is_token } = &batch.source;
        let source = Source::Tokens { ids, is_token: Some(is_token) };
        let (logits, _) = t5_forward(&self.model, &source, &batch.read).map_err(failed)?;
        let places = Tensor::new(batch.places.as_slice(), &Device::Cpu)?;
        let logits = logits.flatten_to(1)?.index_select(&places, 0)?;
        Ok((logits, Tensor::new(batch.labels.as_slice(), &Device::Cpu)?))
    }
}

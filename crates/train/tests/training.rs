//! A training on a tiny setting, in seconds.

use bert::{Bert, Config};
use buddy::{Settings, Vocabulary};
use candle_nn::loss::cross_entropy;
use checkpoint::Checkpoint;
use t5_and_bart::{T5, T5Config};
use train::encoder::EncoderTask;
use train::encoder_decoder::{self, EncoderDecoderTask};
use train::run::{held_out, train};
use train::{Task, optimizer, town};

fn tiny_encoder(seed: u64) -> EncoderTask {
    let vocabulary = buddy::encoder::vocabulary(town(), buddy::TRAINING);
    let config = Config {
        num_hidden_layers: 1,
        num_attention_heads: 2,
        hidden_size: 16,
        intermediate_size: 24,
        max_position_embeddings: 16,
        type_vocab_size: 1,
        vocab_size: vocabulary.lines().count(),
        layer_norm_eps: 1e-12,
    };
    EncoderTask::with(config, &vocabulary, seed, 4).unwrap()
}

fn tiny_encoder_decoder(seed: u64) -> EncoderDecoderTask {
    let vocabulary = buddy::encoder_decoder::vocabulary(town(), buddy::TRAINING);
    EncoderDecoderTask::with(tiny_t5(&vocabulary), vocabulary, seed, 8).unwrap()
}

fn tiny_t5(vocabulary: &Vocabulary) -> T5Config {
    let mut config = encoder_decoder::config_json(vocabulary.size());
    for (name, size) in [("d_model", 16), ("d_kv", 8), ("d_ff", 24), ("num_heads", 2)] {
        config[name] = size.into();
    }
    T5Config::from_json(&config.to_string()).unwrap()
}

const SETTINGS: Settings = Settings { seed: 3, steps: 12, batch: 4, lr: 0.01 };

/// The loss falls, every number is finite, and nothing depends on chance.
fn learns<T: Task>(new: impl Fn(u64) -> T) {
    let mut first = new(SETTINGS.seed);
    let before = held_out(&first).unwrap().loss;
    let log = train(&mut first, &SETTINGS).unwrap();
    let after = held_out(&first).unwrap().loss;
    assert!(after < before - 0.1, "{before} → {after}");
    assert_eq!(log.last().unwrap().step, SETTINGS.steps);

    let weights = |task: &T| task.weights().to_bytes().unwrap();
    let mut second = new(SETTINGS.seed);
    train(&mut second, &SETTINGS).unwrap();
    assert!(weights(&first) == weights(&second), "the same seed gives other weights");
    assert!(weights(&first) != weights(&new(SETTINGS.seed + 1)), "the seed changes nothing");
}

#[test]
fn an_encoder_learns_the_same_from_the_same_seed() {
    learns(tiny_encoder);
}

#[test]
fn an_encoder_decoder_learns_the_same_from_the_same_seed() {
    learns(tiny_encoder_decoder);
}

/// A norm of candle's that is computed in one piece would cut the way back.
fn reaches_every_variable<T: Task>(mut task: T) {
    let batch = task.next_batch().unwrap();
    let (logits, labels) = task.guesses(&batch).unwrap();
    let gradients = cross_entropy(&logits, &labels).unwrap().backward().unwrap();
    assert!(optimizer::length(&gradients, &task.weights().vars()).unwrap() > 0.0);
    for (name, var) in task.weights().named() {
        let gradient = gradients.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
        let largest = gradient.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        // Softmax does not change when all scores of a query do: the bias of keys has no effect.
        let without = name.ends_with("key.bias");
        assert!(largest.is_finite() && (largest > 0.0 || without), "{name}: {largest}");
    }
}

#[test]
fn every_variable_of_an_encoder_has_a_gradient() {
    reaches_every_variable(tiny_encoder(1));
}

#[test]
fn every_variable_of_an_encoder_decoder_has_a_gradient() {
    reaches_every_variable(tiny_encoder_decoder(1));
}

#[test]
fn what_is_written_gives_the_same_logits() {
    let mut task = tiny_encoder(1);
    task.weights().round().unwrap();
    let read = Checkpoint::read(task.weights().to_bytes().unwrap()).unwrap();
    let read = Bert::from_checkpoint(task.model().config.clone(), read).unwrap();
    let ids = candle_core::Tensor::new(&[[2_u32, 9, 8, 7, 3]], &candle_core::Device::Cpu).unwrap();
    let logits = |model: &Bert| {
        let hidden = bert::solution::forward(model, &ids, None, None).unwrap();
        let logits = bert::solution::mlm_logits(model, &hidden).unwrap();
        logits.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert_eq!(logits(task.model()), logits(&read));
    task.next_batch().unwrap();

    let task = tiny_encoder_decoder(1);
    task.weights().round().unwrap();
    let read = Checkpoint::read(task.weights().to_bytes().unwrap()).unwrap();
    let read = T5::from_checkpoint(task.model().config.clone(), read).unwrap();
    let logits = |model: &T5| {
        let source = t5_and_bart::Source::Tokens { ids: &ids, is_token: None };
        let (logits, _) = t5_and_bart::solution::t5_forward(model, &source, &ids).unwrap();
        logits.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert_eq!(logits(task.model()), logits(&read));
}

#[test]
fn numbers_are_rounded_to_the_nearest_half() {
    let mut weights = train::weights::Weights::new(1);
    // Halves have 11 binary digits: 1 + 2⁻¹¹ lies between two, and goes to the even one.
    let first = train::weights::First::All(1.0 + 1.0 / 2048.0 + 1.0 / 65_536.0);
    let tensor = weights.draw("a", &[2], first).unwrap();
    weights.round().unwrap();
    assert_eq!(tensor.to_vec1::<f32>().unwrap(), [1.0 + 1.0 / 1024.0; 2]);
    let mut weights = train::weights::Weights::new(1);
    weights.draw("large", &[1], train::weights::First::All(1e6)).unwrap();
    assert!(weights.round().unwrap_err().to_string().contains("large"));
}

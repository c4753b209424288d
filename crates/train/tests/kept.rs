//! The models in `models/` are what their `training.json` says.

use bert::Config;
use buddy::encoder::EncoderBuddy;
use buddy::encoder_decoder::EncoderDecoderBuddy;
use buddy::{Kept, losses, sha256};
use checkpoint::Checkpoint;
use small_gpt::Model;
use train::arguments::{command, read};
use train::decoder::{self, Recipe, Size, Texts, tokenizer_json};
use train::encoder::{self, EncoderTask};
use train::encoder_decoder::{self, EncoderDecoderTask};
use train::output::data_sha256;
use train::run::{HeldOut, held_out};
use train::{Task, town};
use training_loop::Rows;

/// A model is at most so large, in bytes.
const LARGEST: usize = 2_000_000;

#[test]
fn the_files_are_those_of_the_record() {
    for kept in Kept::ALL {
        let (folder, record) = (kept.folder(), kept.record().unwrap());
        let weights = std::fs::read(folder.join(checkpoint::WEIGHTS)).unwrap();
        assert!(weights.len() <= LARGEST, "{}: {} bytes", kept.name(), weights.len());
        assert_eq!(sha256(&weights), record.weights_sha256, "{}", kept.name());
        let csv = std::fs::read_to_string(folder.join("loss.csv")).unwrap();
        let rows = losses(&csv).unwrap();
        assert_eq!(rows.last().unwrap().step, record.settings.steps);
        assert_eq!(rows.last().unwrap().held_out, record.held_out_loss);
        assert_eq!(rows.last().unwrap().loss, record.training_loss);
    }
}

#[test]
fn the_command_is_one_and_has_the_settings() {
    for kept in Kept::ALL {
        let record = kept.record().unwrap();
        let model = read(&record.command).unwrap();
        assert_eq!((model.kept(), model.settings()), (kept, record.settings));
        assert_eq!(command(kept, &record.settings), record.command);
        // Without options it is the same.
        let short = read(&format!("train {}", kept.name())).unwrap();
        assert_eq!(short.settings(), record.settings, "the usual settings of {}", kept.name());
    }
}

#[test]
fn tinytown_is_the_one_that_they_learned_from() {
    for kept in Kept::ALL {
        assert_eq!(data_sha256(kept), kept.record().unwrap().data_sha256, "{}", kept.name());
    }
    let vocabulary = buddy::encoder::vocabulary(town(), buddy::TRAINING);
    let kept = std::fs::read_to_string(Kept::Encoder.folder().join("vocab.txt")).unwrap();
    assert_eq!(vocabulary, kept);
    let vocabulary = buddy::encoder_decoder::vocabulary(town(), buddy::TRAINING);
    assert_eq!(vocabulary, EncoderDecoderBuddy::kept().unwrap().vocabulary);
}

/// Another processor may round otherwise in the last digits.
fn expect_as_recorded(kept: Kept, now: HeldOut) {
    let record = kept.record().unwrap();
    let (loss, accuracy) = (record.held_out_loss, record.held_out_accuracy);
    assert!((now.loss - loss).abs() < 1e-3, "{}: {} for {loss}", kept.name(), now.loss);
    assert!((now.accuracy - accuracy).abs() < 2e-3, "{}: {}", kept.name(), now.accuracy);
}

/// Judged by what the training was watched with, with the weights of the file.
#[test]
fn they_are_as_good_as_recorded() {
    let kept = EncoderBuddy::kept().unwrap();
    let vocabulary = buddy::encoder::vocabulary(town(), buddy::TRAINING);
    let config = encoder::config(vocabulary.lines().count());
    assert_eq!(config, kept.model.config);
    let json = encoder::config_json(&config).to_string();
    assert_eq!(Config::from_json(&json).unwrap(), config);
    let task = EncoderTask::with(config, &vocabulary, 1, 1).unwrap().with_model(kept.model);
    assert_eq!(Kept::Encoder.record().unwrap().parameters, task.weights().count());
    expect_as_recorded(Kept::Encoder, held_out(&task).unwrap());

    let kept = EncoderDecoderBuddy::kept().unwrap();
    let json = encoder_decoder::config_json(kept.vocabulary.size()).to_string();
    assert_eq!(t5_and_bart::T5Config::from_json(&json).unwrap(), kept.model.config);
    let task = EncoderDecoderTask::new(1, 1).unwrap().with_model(kept.model);
    assert_eq!(Kept::EncoderDecoder.record().unwrap().parameters, task.weights().count());
    expect_as_recorded(Kept::EncoderDecoder, held_out(&task).unwrap());
}

#[test]
fn the_decoder_is_as_good_as_recorded_with_the_vocabulary_of_its_text() {
    let (folder, record) = (Kept::Decoder.folder(), Kept::Decoder.record().unwrap());
    let recipe = Recipe::of(Size::Buddy);
    let texts = Texts::read(&recipe).unwrap();
    let bpe = texts.vocabulary(recipe.vocab).unwrap();
    let kept = std::fs::read_to_string(folder.join("tokenizer.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&kept).unwrap(), tokenizer_json(&bpe));

    let mut model = Model::zeros(recipe.sizes());
    assert_eq!(record.parameters, model.parameters.len());
    let mut file = Checkpoint::open(&folder.join(checkpoint::WEIGHTS)).unwrap();
    for tensor in model.tensors().to_vec() {
        let numbers = file.take(&tensor.name, &tensor.shape).unwrap();
        let numbers = numbers.to_dtype(candle_core::DType::F32).unwrap().flatten_all().unwrap();
        model.parameters[tensor.range].copy_from_slice(&numbers.to_vec1().unwrap());
    }
    file.finish().unwrap();
    let rows = decoder::rows(&texts.held_out, &bpe, recipe.context).unwrap();
    let now = decoder::held_out(&model, &Rows::from(&rows[..]), &mut decoder::engine(2)).unwrap();
    expect_as_recorded(Kept::Decoder, now);
    let bytes: usize = texts.held_out.iter().map(|text| text.len() + 1).sum();
    let tokens = Rows::from(&rows[..]).tokens() as f64;
    let bits = now.loss / std::f64::consts::LN_2 * tokens / bytes as f64;
    assert!((bits - record.held_out_bits.unwrap()).abs() < 1e-3, "{bits}");
}

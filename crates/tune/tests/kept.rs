//! Fine-tuned Buddy in `models/` is what its `training.json` says.

use std::collections::BTreeMap;

use buddy::{Kept, sha256};
use clap::Parser;
use serde::Deserialize;
use tune::arguments::{Arguments, Recipe};
use tune::{Base, Data, Learner, measure, read_csv};

/// A model is at most so large, in bytes.
const LARGEST: usize = 2_000_000;

#[derive(Deserialize)]
struct Record {
    command: String,
    recipe: Recipe,
    base_sha256: String,
    data_sha256: String,
    after: Judged,
    sha256: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Judged {
    loss: f64,
    metric: f64,
}

fn record() -> Record {
    let text = std::fs::read_to_string(buddy::tuned::folder().join("training.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_files_are_those_of_the_record() {
    let (folder, record) = (buddy::tuned::folder(), record());
    for (name, hash) in &record.sha256 {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert!(bytes.len() <= LARGEST, "{name}: {} bytes", bytes.len());
        assert_eq!(sha256(&bytes), *hash, "{name}");
    }
    assert!(record.sha256.contains_key(checkpoint::WEIGHTS));
    assert_eq!(Kept::Decoder.record().unwrap().weights_sha256, record.base_sha256);
    let csv = std::fs::read_to_string(folder.join("loss.csv")).unwrap();
    assert_eq!(read_csv(&csv).unwrap().last().unwrap().step, record.recipe.steps);
}

#[test]
fn the_command_is_one_and_has_the_settings() {
    let record = record();
    let words = record.command.strip_prefix("cargo study ").unwrap().split_whitespace();
    let Arguments { options } = Arguments::try_parse_from(words).unwrap();
    assert_eq!(Recipe::new(&options).unwrap(), record.recipe);
    assert_eq!(record.recipe.command().unwrap(), record.command);
}

/// Judged by what the tuning was watched with, with the weights of the file. Another processor may
/// round otherwise in the last digits.
#[test]
fn it_is_as_good_as_recorded_and_tinytown_is_the_one_that_it_learned_from() {
    let record = record();
    let base = Base::open(Some(&buddy::tuned::folder())).unwrap();
    let data = Data::read(&record.recipe, &base.buddy, base.buddy.context(None)).unwrap();
    assert_eq!(data.sha256(), record.data_sha256);
    let learner = Learner::new(base, &record.recipe, &data).unwrap();
    let now = measure(&learner, &data, &mut train::decoder::engine(2)).unwrap();
    assert!((now.loss - record.after.loss).abs() < 1e-3, "{}", now.loss);
    assert!((now.metric - record.after.metric).abs() < 0.02, "{}", now.metric);
}

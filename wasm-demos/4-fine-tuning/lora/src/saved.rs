//! Adapters in PEFT's two files, written and read.

use std::collections::BTreeMap;

use lora::{Answers, Lora, LoraError, Settings};
use peft::{Adapter, Base, Kind, LoraWeights, PeftError};
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Layer, Place, Sizes};

/// What an adapter says of its base.
const BASE: &str = "models/buddy";

/// The text of `adapter_config.json` and the bytes of `adapter_model.safetensors`.
///
/// # Errors
/// Those of [`peft::write`].
pub fn written(lora: &Lora, sizes: Sizes) -> Result<(String, Vec<u8>), PeftError> {
    let Settings { rank, alpha, rank_stabilized, .. } = *lora.settings();
    let mut weights = BTreeMap::new();
    for place in lora.places() {
        let Some(pair) = lora.pair(place) else { continue };
        weights.insert(place.name(), LoraWeights { a: pair.a.to_vec(), b: pair.b.to_vec() });
    }
    let kind = peft::Lora { rank, alpha, rslora: rank_stabilized, weights };
    let adapter = Adapter { base: BASE.into(), base_hash: None, kind: Kind::Lora(kind) };
    peft::write(&adapter, &sizes)
}

/// The pairs of a saved adapter: its config, then its weights.
///
/// # Errors
/// What is wrong with the files, in words.
pub fn read(answers: Answers, [config, weights]: [&[u8]; 2], sizes: Sizes) -> Result<Lora, String> {
    let config = std::str::from_utf8(config).map_err(|_| "The config is no text.".to_owned())?;
    let base = Base { name: BASE, sizes, hash: None };
    let adapter = peft::read(config, weights, &base).map_err(|error| error.to_string())?;
    let Kind::Lora(of) = adapter.kind else {
        return Err("This adapter is no LoRA: choose another.".into());
    };
    pairs(answers, &of, sizes).map_err(|error| error.to_string())
}

fn pairs(answers: Answers, of: &peft::Lora, sizes: Sizes) -> Result<Lora, LoraError> {
    let found = |place: Place| of.weights.get(&place.name());
    let is_target =
        |&layer: &Layer| (0..sizes.n_layer).any(|block| found(Place { block, layer }).is_some());
    let settings = Settings {
        rank: of.rank,
        alpha: of.alpha,
        rank_stabilized: of.rslora,
        targets: Layer::ALL.into_iter().filter(is_target).collect(),
    };
    let mut lora = Lora::new(answers, sizes, settings, &mut StdRng::seed_from_u64(1))?;
    for place in lora.places().collect::<Vec<_>>() {
        let Some([a, b]) = lora.ranges(place) else { continue };
        match found(place) {
            Some(found) => {
                lora.numbers[a].copy_from_slice(&found.a);
                lora.numbers[b].copy_from_slice(&found.b);
            }
            // A block without a pair gets one that adds nothing.
            None => lora.numbers[b].fill(0.0),
        }
    }
    Ok(lora)
}

//! Files that nobody meant: whatever their bytes are, an error and no panic.

use std::path::Path;

use peft::{Base, CONFIG, WEIGHTS, read};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use small_gpt::Sizes;

const SIZES: Sizes = Sizes { n_layer: 3, n_head: 2, n_embd: 16, n_positions: 24, vocab_size: 37 };

fn value() -> impl Strategy<Value = Value> {
    let names = select(&["c_attn", "", ".", "h.1.mlp.c_fc", "LORA", "PREFIX_TUNING", "\0"][..]);
    let number = prop_oneof![
        select(&[0_u64, 1, 2, 3, 1 << 32, 1 << 63, u64::MAX][..]).prop_map(|n| json!(n)),
        select(&[-1.0, 0.5, 1e300, -0.0][..]).prop_map(|n: f64| json!(n)),
    ];
    let one = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|b| json!(b)),
        names.prop_map(|n| json!(n)),
        number
    ];
    let one = one.boxed();
    let list = prop::collection::vec(one.clone(), 0..3).prop_map(Value::Array);
    prop_oneof![3 => one, 1 => list]
}

/// A byte that is another, a field that is another, and a file that ends early.
#[test]
fn no_adapter_breaks_the_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let all = ["lora", "rslora", "prompt", "prefix"].map(|name| {
        let config = std::fs::read_to_string(folder.join(name).join(CONFIG)).unwrap();
        (config, std::fs::read(folder.join(name).join(WEIGHTS)).unwrap())
    });
    let fields = prop::collection::vec((any::<Index>(), value()), 0..3);
    let edits = || prop::collection::vec((any::<Index>(), any::<u8>()), 0..3);
    let cut = prop_oneof![4 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let drawn = (0..all.len(), fields, edits(), edits(), cut);
    let config = Config { cases: 20_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let accepted = std::cell::Cell::new(0);
    TestRunner::new_with_rng(config, rng)
        .run(&drawn, |(which, fields, in_config, in_weights, cut)| {
            let (config, mut weights) = all[which].clone();
            let mut config: Value = serde_json::from_str(&config).unwrap();
            for (at, value) in fields {
                let keys: Vec<String> = config.as_object().unwrap().keys().cloned().collect();
                config[at.get(&keys)] = value;
            }
            let mut config = config.to_string().into_bytes();
            for (at, byte) in in_config {
                let at = at.index(config.len());
                config[at] = byte;
            }
            for (at, byte) in in_weights {
                // The header is what matters.
                let at = at.index(weights.len().min(1200));
                weights[at] = byte;
            }
            weights.truncate(cut.map_or(weights.len(), |cut| cut.index(weights.len())));
            let base = Base { name: "tiny", sizes: SIZES, hash: Some("1") };
            match read(&String::from_utf8_lossy(&config), &weights, &base) {
                Ok(_) => accepted.set(accepted.get() + 1),
                Err(error) => prop_assert!(error.to_string().len() < 2000, "{error}"),
            }
            Ok(())
        })
        .unwrap();
    assert!((500..15_000).contains(&accepted.get()), "{accepted:?} of the files were good");
}

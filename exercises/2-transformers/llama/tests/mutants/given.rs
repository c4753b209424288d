//! What is given does what its docs say.

use checkpoint::Checkpoint;
use counting::solution::params;
use llama::{Config, Exchanges, Llama, LlamaError, published};
use serde::Deserialize;

const WIDE: &str = include_str!("../../golden/wide.json");
const TIED: &str = include_str!("../../golden/tied.json");
const WIDE_WEIGHTS: &[u8] = include_bytes!("../../golden/wide.safetensors");
const TIED_WEIGHTS: &[u8] = include_bytes!("../../golden/tied.safetensors");

fn problem<T>(result: Result<T, LlamaError>) -> String {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_config_says_what_it_needs() {
    for (from, to, part) in [
        ("\"num_hidden_layers\": 3,", "", "missing field `num_hidden_layers`"),
        ("\"hidden_size\": 20", "\"hidden_size\": 0", "hidden_size is 0"),
        ("\"vocab_size\": 61", "\"vocab_size\": 61, \"sliding_window\": 9", "`sliding_window`"),
        ("\"head_dim\": 6", "\"head_dim\": 5", "heads have 5 numbers"),
        ("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "no multiple of"),
        ("\"model_type\": \"llama\"", "\"model_type\": \"mistral\"", "model_type is \"mistral\""),
        ("\"attention_bias\": false", "\"attention_bias\": true", "attention_bias is true"),
        ("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\""),
        ("\"rms_norm_eps\": 0.01", "\"rms_norm_eps\": 0.0", "rms_norm_eps is 0"),
        ("\"rope_theta\": 500.0", "\"rope_theta\": 0.5", "rope_theta is 0.5"),
        (
            "\"rope_scaling\": null",
            "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8.0}",
            "rope_scaling is of type \"llama3\"",
        ),
        (
            "\"rope_scaling\": null",
            "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}",
            "rope_scaling is of type \"linear\"",
        ),
        (
            "\"rope_scaling\": null",
            "\"rope_scaling\": {\"factor\": 2.0}",
            "rope_scaling has factor, which is not known",
        ),
    ] {
        assert!(WIDE.contains(from), "{from}");
        let text = problem(Config::from_json(&WIDE.replacen(from, to, 1)));
        assert!(text.contains(part), "{to}: {text}");
    }
    assert!(problem(Config::from_json("[1]")).contains("map"));
}

#[test]
fn a_config_fills_in_what_files_leave_out() {
    let tied = Config::from_json(TIED).unwrap();
    assert_eq!((tied.d_head, tied.n_kv_heads, tied.is_tied), (4, 2, true));
    assert_eq!(tied.theta, 200_000.0);
    let without = |part: &str| {
        assert!(TIED.contains(part), "{part}");
        Config::from_json(&TIED.replacen(part, "", 1)).unwrap()
    };
    assert_eq!(without("\"num_key_value_heads\": 2,").n_kv_heads, 6);
    assert_eq!(without("\"rope_theta\": 200000.0,").theta, 10_000.0);
    assert!(!without("\"tie_word_embeddings\": true,").is_tied);
    let null = TIED.replacen("\"num_key_value_heads\": 2", "\"num_key_value_heads\": null", 1);
    assert_eq!(Config::from_json(&null).unwrap().n_kv_heads, 6);
    // As transformers writes it since version 5.
    let new = TIED.replacen("\"rope_theta\": 200000.0,", "", 1).replacen(
        "\"rope_scaling\": null",
        "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 200000.0}",
        1,
    );
    assert_eq!(Config::from_json(&new).unwrap(), tied);
}

#[test]
fn a_checkpoint_is_whole_and_nothing_else() {
    let load = |config: Config, weights: &[u8]| {
        Llama::from_checkpoint(config, Checkpoint::read(weights.to_vec()).unwrap())
    };
    let (wide, tied) = (Config::from_json(WIDE).unwrap(), Config::from_json(TIED).unwrap());
    assert!(load(wide.clone(), WIDE_WEIGHTS).unwrap().lm_head.is_some());
    assert!(load(tied.clone(), TIED_WEIGHTS).unwrap().lm_head.is_none());
    let other = |change: fn(&mut Config)| {
        let mut config = wide.clone();
        change(&mut config);
        problem(load(config, WIDE_WEIGHTS))
    };
    assert!(other(|config| config.n_layers = 4).contains("layers.3.input_layernorm"));
    assert!(other(|config| config.n_layers = 2).contains("layers.2."));
    assert!(other(|config| config.n_kv_heads = 4).contains("k_proj"));
    assert!(other(|config| config.is_tied = true).contains("tie_word_embeddings"));
    let untied = Config { is_tied: false, ..tied };
    assert!(problem(load(untied, TIED_WEIGHTS)).contains("lm_head.weight"));
}

/// What the page and the demo count is what transformers counts.
#[test]
fn published_sizes_are_those_of_transformers() {
    #[derive(Deserialize)]
    struct Case {
        name: String,
        parameters: u64,
    }
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../golden/counts.json")).unwrap();
    let models = published();
    assert_eq!(cases.len(), models.len());
    for (case, model) in cases.iter().zip(&models) {
        assert_eq!(case.name, model.name);
        let architecture = model.config.architecture();
        assert_eq!(params(&architecture).unwrap().total().unwrap(), case.parameters);
        assert_eq!(Exchanges::ALL.architecture(model), architecture);
    }
}

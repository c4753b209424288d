//! What is given does what its docs say.

use checkpoint::Checkpoint;
use palm::design::{Design, Sizes};
use palm::{Config, Palm, PalmError, published};

const CONFIG: &str = include_str!("../../golden/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../golden/tiny.safetensors");

fn problem<T>(result: Result<T, PalmError>) -> String {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_config_says_what_it_needs() {
    for (from, to, part) in [
        ("\"n_layers\": 3,", "", "missing field `n_layers`"),
        ("\"n_layers\": 3,", "\"n_layers\": 3, \"n_group\": 2,", "unknown field `n_group`"),
        ("\"n_layers\": 3", "\"n_layers\": 0", "n_layers is 0"),
        ("\"d_head\": 6", "\"d_head\": 5", "d_head is 5"),
    ] {
        assert!(CONFIG.contains(from), "{from}");
        let text = problem(Config::from_json(&CONFIG.replacen(from, to, 1)));
        assert!(text.contains(part), "{to}: {text}");
    }
}

#[test]
fn a_checkpoint_is_whole_and_nothing_else() {
    let load =
        |config: Config| Palm::from_checkpoint(config, Checkpoint::read(WEIGHTS.to_vec()).unwrap());
    let config = Config::from_json(CONFIG).unwrap();
    load(config.clone()).unwrap();
    let other = |change: fn(&mut Config)| {
        let mut config = config.clone();
        change(&mut config);
        problem(load(config))
    };
    assert!(other(|config| config.n_layers = 4).contains("layers.3.input_layernorm"));
    assert!(other(|config| config.n_layers = 2).contains("layers.2."));
    assert!(other(|config| config.n_heads = 4).contains("q_proj"));
}

/// The demo's count of a block is that of the model.
#[test]
fn designs_count_as_models_do() {
    for model in published() {
        let config = &model.config;
        let [layers, heads, d_head, d_model, d_ff] =
            [config.n_layers, config.n_heads, config.d_head, config.d_model, config.d_ff]
                .map(|n| n as u64);
        let cost = Design::PALM.cost(Sizes { layers, heads, d_head, d_model, d_ff });
        let want = palm::solution::parameters(config);
        assert_eq!((layers * cost.attention, layers * cost.mlp), (want.attention, want.mlp));
        assert_eq!(layers * cost.norms + d_model, want.norms);
    }
    // A block of GPT-2 small: 7,087,872 parameters (see the lesson on GPT).
    let small = Sizes { layers: 12, heads: 12, d_head: 64, d_model: 768, d_ff: 3072 };
    assert_eq!(Design::GPT.cost(small).parameters(), 7_087_872);
}

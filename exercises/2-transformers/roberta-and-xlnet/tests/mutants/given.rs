//! What is given does what its docs say.

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use roberta_and_xlnet::{Config, Masks, StreamMasks, XlNet, XlNetError, relative_encoding};

const CONFIG: &str = r#"{"model_type": "xlnet", "vocab_size": 31, "d_model": 12, "n_layer": 3,
    "n_head": 3, "d_inner": 20, "ff_activation": "gelu", "layer_norm_eps": 0.02}"#;

fn load(config: &str) -> Result<XlNet, XlNetError> {
    let weights = include_bytes!("../../golden/xlnet.safetensors").to_vec();
    let config: Config = serde_json::from_str(config).unwrap();
    XlNet::from_checkpoint(config, Checkpoint::read(weights)?)
}

#[test]
fn a_checkpoint_is_loaded_whole() {
    let mut model = load(CONFIG).unwrap();
    let tensors = model.tensors_mut();
    assert_eq!(tensors.len(), 3 + 3 * 15);
    assert_eq!(tensors[3].0, "q of layer 0");
    for (from, to, part) in [
        ("\"n_layer\": 3", "\"n_layer\": 2", "layer.2."),
        ("\"n_layer\": 3", "\"n_layer\": 4", "layer.3."),
        ("\"d_inner\": 20", "\"d_inner\": 21", "layer_1"),
        ("\"n_head\": 3", "\"n_head\": 2", "rel_attn"),
    ] {
        let error = load(&CONFIG.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(part), "{to}: {error}");
    }
    let silu = serde_json::from_str::<Config>(&CONFIG.replacen("gelu", "silu", 1));
    assert!(silu.unwrap_err().to_string().contains("silu"));
}

#[test]
fn waves_are_those_of_their_distance() {
    let waves = relative_encoding(3, 4, DType::F64).unwrap().to_vec2::<f64>().unwrap();
    assert_eq!(waves.len(), 6);
    for (row, distance) in waves.iter().zip([3.0_f64, 2.0, 1.0, 0.0, -1.0, -2.0]) {
        let slow = distance / 100.0;
        let want = [distance.sin(), slow.sin(), distance.cos(), slow.cos()];
        assert!(row.iter().zip(want).all(|(x, want)| (x - want).abs() < 1e-12), "{distance}");
    }
}

#[test]
fn masks_become_tensors() {
    let masks = Masks {
        content: vec![vec![true, false], vec![true, true]],
        query: vec![vec![false, false], vec![true, false]],
    };
    let stacked = StreamMasks::stack(&[masks.clone(), masks]).unwrap();
    let query = Tensor::new(&[[[0_u8, 0], [1, 0]], [[0, 0], [1, 0]]], &Device::Cpu).unwrap();
    assert_eq!(stacked.query.to_vec3::<u8>().unwrap(), query.to_vec3::<u8>().unwrap());
    assert_eq!(stacked.content.dims(), [2, 2, 2]);
    assert!(StreamMasks::stack(&[]).is_err());
}

#[test]
fn errors_say_what_to_do() {
    let order = |place| XlNetError::Order { step: 1, place, seq: 3 }.to_string();
    assert_eq!(order(2), "an order of 3 places: place 2, at step 1, stands there twice");
    assert_eq!(order(3), "an order of 3 places: place 3, at step 1, is none of them");
    let one = XlNetError::NoPlace { target: 1, seq: 1 }.to_string();
    assert_eq!(one, "target 1 in a text of 1 place: they begin at 0");
}

//! What is given does what its docs say.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use checkpoint::Checkpoint;
use gpt::{Config, Gpt2, GptError};

const CONFIG: &str = include_str!("../../golden/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../golden/tiny.safetensors");

fn config() -> Config {
    Config::from_json(CONFIG).unwrap()
}

fn tensors() -> HashMap<String, Tensor> {
    candle_core::safetensors::load_buffer(WEIGHTS, &Device::Cpu).unwrap()
}

fn problem<T>(result: Result<T, GptError>) -> String {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_config_says_what_it_needs() {
    let config = config();
    assert_eq!((config.n_layer, config.n_head, config.inner()), (3, 4, 56));
    for (from, to, part) in [
        ("\"n_layer\": 3,", "", "missing field `n_layer`"),
        ("\"n_layer\": 3,", "\"n_layer\": 3, \"n_group\": 2,", "unknown field `n_group`"),
        ("\"n_layer\": 3", "\"n_layer\": 0", "n_layer is 0"),
        ("\"n_head\": 4", "\"n_head\": 5", "5 heads"),
        ("\"gelu_new\"", "\"relu\"", "activation_function is \"relu\""),
        ("\"n_layer\": 3", "\"n_layer\": -3", "-3"),
        ("0.01,", "0.0,", "layer_norm_epsilon is 0"),
    ] {
        assert!(CONFIG.contains(from), "{from}");
        let text = problem(Config::from_json(&CONFIG.replacen(from, to, 1)));
        assert!(text.contains(part), "{to}: {text}");
    }
    assert!(problem(Config::from_json("[1]")).contains("config.json"));
}

#[test]
fn a_checkpoint_is_whole_and_nothing_else() {
    let load = |tensors: &HashMap<String, Tensor>| {
        let (mut entries, mut numbers) = (Vec::new(), Vec::new());
        for (name, tensor) in tensors {
            let from = numbers.len();
            let flat = tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            numbers.extend(flat.iter().flat_map(|x| x.to_le_bytes()));
            let (shape, to) = (tensor.dims(), numbers.len());
            entries.push(format!(
                r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{to}]}}"#
            ));
        }
        let header = format!("{{{}}}", entries.join(","));
        let length = (header.len() as u64).to_le_bytes();
        let file = [&length, header.as_bytes(), numbers.as_slice()].concat();
        Gpt2::from_checkpoint(config(), Checkpoint::read(file).unwrap())
    };
    load(&tensors()).unwrap();
    let mut fewer = tensors();
    let wte = fewer.remove("transformer.wte.weight").unwrap();
    assert!(problem(load(&fewer)).contains("wte.weight"));
    let mut other = tensors();
    other.insert("transformer.wte.weight".into(), wte.t().unwrap());
    assert!(problem(load(&other)).contains("[32, 97]"));
    let mut more = tensors();
    more.insert("transformer.h.3.ln_1.weight".into(), wte.clone());
    assert!(problem(load(&more)).contains("h.3.ln_1.weight"));
    // The tied table may be there twice, but only if it is tied; masks of old files may stay.
    let mut twice = tensors();
    twice.insert("lm_head.weight".into(), wte.clone());
    twice.insert("h.0.attn.bias".into(), wte.clone());
    load(&twice).unwrap();
    twice.insert("lm_head.weight".into(), (wte * 2.0).unwrap());
    assert!(problem(load(&twice)).contains("not tied"));
}

#[test]
fn a_drawn_model_is_spread_as_it_says() {
    let config = Config { vocab_size: 200, n_embd: 64, ..Config::gpt2(2, 4, 64) };
    let model = Gpt2::random(config.clone(), 5).unwrap();
    let spread = |x: &Tensor| {
        let x = x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        (x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32).sqrt()
    };
    assert!((spread(&model.wte) - 0.02).abs() < 0.001);
    assert!((spread(&model.h[1].mlp.c_proj.weight) - 0.01).abs() < 0.0005);
    assert!((spread(&model.ln_f.weight) - 1.0).abs() < 1e-6);
    let again = Gpt2::random(config, 5).unwrap();
    let numbers = |model: &Gpt2| model.wte.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert_eq!(numbers(&model), numbers(&again));
}

#[test]
fn number_by_number_is_the_same() {
    let model =
        Gpt2::from_checkpoint(config(), Checkpoint::read(WEIGHTS.to_vec()).unwrap()).unwrap();
    let x = model.wte.narrow(0, 0, 10).unwrap().reshape((2, 5, 32)).unwrap();
    let mask = Tensor::tril2(5, candle_core::DType::U8, &Device::Cpu).unwrap();
    let run = |block: gpt::BlockForward| {
        let (y, _) = block(&x, &model.h[1], &model.config, None, Some(&mask)).unwrap();
        y.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    let (got, want) = (run(gpt::example::block), run(gpt::solution::block));
    let near = |(got, want): (&f32, &f32)| (got - want).abs() < 1e-3 * (1.0 + want.abs());
    assert!(got.iter().zip(&want).all(near));
}

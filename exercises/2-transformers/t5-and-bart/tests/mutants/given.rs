//! What is given does what its docs say.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use checkpoint::Checkpoint;
use t5_and_bart::{Bart, BartConfig, SeqError, T5, T5Config};

const T5_CONFIG: &str = include_str!("../../golden/t5.json");
const GATED: &str = include_str!("../../golden/t5_gated.json");
const BART_CONFIG: &str = include_str!("../../golden/bart.json");

fn problem<T>(result: Result<T, SeqError>) -> String {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

fn tensors(file: &[u8]) -> HashMap<String, Tensor> {
    candle_core::safetensors::load_buffer(file, &Device::Cpu).unwrap()
}

fn written(tensors: &HashMap<String, Tensor>) -> Checkpoint {
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
    Checkpoint::read([&length, header.as_bytes(), numbers.as_slice()].concat()).unwrap()
}

#[test]
fn configs_say_what_they_need() {
    let config = T5Config::from_json(T5_CONFIG).unwrap();
    assert_eq!((config.num_layers, config.decoder_layers(), config.is_tied()), (2, 3, true));
    let config = T5Config::from_json(GATED).unwrap();
    assert!(config.is_gated() && !config.is_tied());
    // As transformers 5 writes it.
    let newer = GATED.replace("\"tie_word_embeddings\": false", "\"scale_decoder_outputs\": false");
    assert!(!T5Config::from_json(&newer).unwrap().is_tied());
    for (from, to, part) in [
        ("\"num_layers\": 2,", "", "missing field `num_layers`"),
        ("\"num_heads\": 3", "\"num_heads\": 0", "num_heads is 0"),
        ("\"model_type\": \"t5\"", "\"model_type\": \"mt5\"", "model_type is mt5"),
        ("\"feed_forward_proj\": \"relu\"", "\"feed_forward_proj\": \"gelu\"", "is gelu"),
    ] {
        assert!(T5_CONFIG.contains(from), "{from}");
        let text = problem(T5Config::from_json(&T5_CONFIG.replacen(from, to, 1)));
        assert!(text.contains(part), "{to}: {text}");
    }
    assert!(
        (BartConfig::from_json(BART_CONFIG).unwrap().embed_scale() - 12_f64.sqrt()).abs() < 1e-9
    );
    for (from, to, part) in [
        ("\"gelu\"", "\"relu\"", "activation_function is relu"),
        ("\"decoder_attention_heads\": 3", "\"decoder_attention_heads\": 5", "5 heads"),
    ] {
        let text = problem(BartConfig::from_json(&BART_CONFIG.replacen(from, to, 1)));
        assert!(text.contains(part), "{to}: {text}");
    }
}

#[test]
fn checkpoints_are_whole_and_nothing_else() {
    let load = |tensors: &HashMap<String, Tensor>| {
        T5::from_checkpoint(T5Config::from_json(T5_CONFIG).unwrap(), written(tensors))
    };
    let its = tensors(include_bytes!("../../golden/t5.safetensors"));
    load(&its).unwrap();
    // Copies of the table, and biases that nobody uses, may be there.
    let mut more = its.clone();
    let shared = its["shared.weight"].clone();
    more.insert("lm_head.weight".into(), shared.clone());
    more.insert("encoder.embed_tokens.weight".into(), shared.clone());
    let unused = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";
    more.insert(unused.into(), shared.clone());
    load(&more).unwrap();
    more.insert("lm_head.weight".into(), (&shared * 2.0).unwrap());
    assert!(problem(load(&more)).contains("lm_head.weight is not the shared table"));
    let mut more = its.clone();
    more.insert("encoder.block.2.layer.0.layer_norm.weight".into(), shared);
    assert!(problem(load(&more)).contains("encoder.block.2"));
    let mut fewer = its;
    fewer.remove("decoder.final_layer_norm.weight");
    assert!(problem(load(&fewer)).contains("decoder.final_layer_norm.weight"));

    let gated = tensors(include_bytes!("../../golden/t5_gated.safetensors"));
    let config = T5Config::from_json(GATED).unwrap();
    assert!(T5::from_checkpoint(config, written(&gated)).unwrap().lm_head.is_some());

    let its = tensors(include_bytes!("../../golden/bart.safetensors"));
    let config = BartConfig::from_json(BART_CONFIG).unwrap();
    let bart = Bart::from_checkpoint(config.clone(), written(&its)).unwrap();
    assert_eq!((bart.encoder.blocks.len(), bart.decoder.blocks.len()), (3, 2));
    let mut copied = its;
    copied.insert("lm_head.weight".into(), copied["model.shared.weight"].clone());
    Bart::from_checkpoint(config, written(&copied)).unwrap();
}

#[test]
fn the_page_looks_as_attention_does() {
    use multi_head_attention::{Linear, Mha};
    use t5_and_bart::example::{SENTENCE, aligned};
    use t5_and_bart::solution::t5_attention;

    let it = aligned(SENTENCE).unwrap();
    let (n, m) = (it.source.len(), it.output.len());
    // A query picks its word; a key has the scores of all words; a value says whose it is.
    let eye = |n: usize| Tensor::eye(n, candle_core::DType::F64, &Device::Cpu).unwrap();
    let scores = Tensor::new(it.scores.clone(), &Device::Cpu).unwrap().t().unwrap();
    let context = Tensor::cat(&[&scores, &eye(n)], 1).unwrap().unsqueeze(0).unwrap();
    let linear = |w: Tensor| Linear { w, b: None };
    let mha = Mha {
        n_heads: 1,
        n_kv_heads: 1,
        w_q: linear(eye(m)),
        w_k: linear(eye(n + m).narrow(1, 0, m).unwrap()),
        w_v: linear(eye(n + m).narrow(1, m, n).unwrap()),
        w_o: linear(eye(n)),
    };
    let x = eye(m).unsqueeze(0).unwrap();
    let weights = t5_attention(&mha, &x, Some(&context), None, None).unwrap();
    let got = weights.squeeze(0).unwrap().to_vec2::<f64>().unwrap().concat();
    assert!(got.iter().zip(it.weights.concat()).all(|(got, want)| (got - want).abs() < 1e-12));
}

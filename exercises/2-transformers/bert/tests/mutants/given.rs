//! What is given does what its docs say.

use std::collections::BTreeMap;

use bert::{Bert, BertError, Config};
use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;

const CONFIG: &str = include_str!("../../golden/config.json");
const WEIGHTS: &[u8] = include_bytes!("../../golden/tiny.safetensors");

type Tensors = BTreeMap<String, Tensor>;

fn tensors() -> Tensors {
    let tensors = candle_core::safetensors::load_buffer(WEIGHTS, &Device::Cpu).unwrap();
    tensors.into_iter().collect()
}

fn load(tensors: &Tensors) -> Result<Bert, BertError> {
    let (mut entries, mut numbers) = (Vec::new(), Vec::new());
    for (name, tensor) in tensors {
        let from = numbers.len();
        let flat = tensor.flatten_all().unwrap().to_dtype(DType::F32).unwrap();
        numbers.extend(flat.to_vec1::<f32>().unwrap().iter().flat_map(|x| x.to_le_bytes()));
        let (shape, to) = (tensor.dims(), numbers.len());
        entries.push(format!(
            r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{to}]}}"#
        ));
    }
    let header = format!("{{{}}}", entries.join(","));
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.bytes());
    file.extend(numbers);
    Bert::from_checkpoint(Config::from_json(CONFIG).unwrap(), Checkpoint::read(file)?)
}

fn first_numbers(model: &mut Bert) -> Vec<f32> {
    let first = |tensor: &mut &mut Tensor| tensor.flatten_all().unwrap().get(0).unwrap();
    model.tensors_mut().iter_mut().map(|t| first(t).to_scalar::<f32>().unwrap()).collect()
}

#[test]
fn a_config_says_what_it_needs() {
    let config = Config::from_json(CONFIG).unwrap();
    assert_eq!((config.num_hidden_layers, config.num_attention_heads), (3, 5));
    for (from, to, part) in [
        ("\"hidden_size\": 20,", "", "missing field `hidden_size`"),
        ("\"hidden_size\": 20", "\"n_group\": 2, \"hidden_size\": 20", "unknown field `n_group`"),
        ("\"hidden_size\": 20", "\"hidden_size\": 0", "hidden_size is 0"),
        ("\"num_attention_heads\": 5", "\"num_attention_heads\": 6", "6 heads"),
        ("\"gelu\"", "\"gelu_new\"", "hidden_act is \"gelu_new\""),
        ("\"is_decoder\": false", "\"is_decoder\": true", "is_decoder"),
        ("\"model_type\": \"bert\"", "\"model_type\": \"roberta\"", "roberta"),
        ("0.02,\n  \"max", "0.0,\n  \"max", "layer_norm_eps is 0"),
    ] {
        assert!(CONFIG.contains(from), "{from}");
        let error = Config::from_json(&CONFIG.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(part) && error.starts_with("config.json"), "{to}: {error}");
    }
}

#[test]
fn names_may_be_old_or_short() {
    let whole = tensors();
    let mut want = load(&whole).unwrap();
    let want = first_numbers(&mut want);
    let renamed = |rename: &dyn Fn(&str) -> String| -> Tensors {
        whole.iter().map(|(name, tensor)| (rename(name), tensor.clone())).collect()
    };
    let old = renamed(&|name| {
        let name = name.replace("LayerNorm.weight", "LayerNorm.gamma");
        name.replace("LayerNorm.bias", "LayerNorm.beta")
    });
    let short = renamed(&|name| name.trim_start_matches("bert.").to_owned());
    // What the first release has besides.
    let mut rich = whole.clone();
    let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    for (name, shape) in [
        ("bert.pooler.dense.weight", &[20, 20][..]),
        ("bert.pooler.dense.bias", &[20]),
        ("cls.seq_relationship.weight", &[2, 20]),
        ("bert.embeddings.position_ids", &[1, 23]),
    ] {
        rich.insert(name.into(), zeros(shape));
    }
    let word = rich["bert.embeddings.word_embeddings.weight"].clone();
    let bias = rich["cls.predictions.bias"].clone();
    rich.insert("cls.predictions.decoder.weight".into(), word);
    rich.insert("cls.predictions.decoder.bias".into(), bias);
    for tensors in [&old, &short, &rich] {
        assert_eq!(first_numbers(&mut load(tensors).unwrap()), want);
    }
    // A sentence model has no head.
    let headless = short.into_iter().filter(|(name, _)| !name.starts_with("cls.")).collect();
    assert!(load(&headless).unwrap().mlm.is_none());
}

#[test]
fn a_checkpoint_is_whole_and_nothing_else() {
    let whole = tensors();
    for name in whole.keys() {
        let mut less = whole.clone();
        less.remove(name);
        let error = load(&less).unwrap_err().to_string();
        let short = name.trim_start_matches("bert.");
        assert!(error.contains(short) && error.contains("no tensor"), "{name}: {error}");
    }
    let mut more = whole.clone();
    more.insert(
        "bert.encoder.layer.3.output.dense.bias".into(),
        whole["cls.predictions.bias"].clone(),
    );
    assert!(load(&more).unwrap_err().to_string().contains("encoder.layer.3.output.dense.bias"));
    let mut turned = whole.clone();
    let name = "bert.encoder.layer.1.intermediate.dense.weight";
    turned.insert(name.into(), whole[name].t().unwrap().contiguous().unwrap());
    let error = load(&turned).unwrap_err().to_string();
    assert!(error.contains("[20, 28]") && error.contains("[28, 20]"), "{error}");
    for (name, like) in [
        ("cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"),
        ("cls.predictions.decoder.bias", "cls.predictions.bias"),
    ] {
        let mut untied = whole.clone();
        untied.insert(name.into(), (&whole[like] + 1.0).unwrap());
        let error = load(&untied).unwrap_err();
        assert!(matches!(error, BertError::Untied(untied) if untied == name), "{error:?}");
    }
}

//! Files that PEFT wrote, files that this crate writes, and files that somebody broke.

use std::path::{Path, PathBuf};
use std::process::Command;

use peft::{Adapter, Base, CONFIG, Kind, PeftError, WEIGHTS, read, write};
use safetensors::SafeTensors;
use serde_json::{Value, json};
use small_gpt::Sizes;

const SIZES: Sizes = Sizes { n_layer: 3, n_head: 2, n_embd: 16, n_positions: 24, vocab_size: 37 };
const BASE: Base<'_> = Base { name: "the tiny one", sizes: SIZES, hash: None };
const ALL: [&str; 5] = ["lora", "rslora", "prompt", "prefix", "prefix-projected"];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn files(name: &str) -> (String, Vec<u8>) {
    let folder = golden().join(name);
    (
        std::fs::read_to_string(folder.join(CONFIG)).unwrap(),
        std::fs::read(folder.join(WEIGHTS)).unwrap(),
    )
}

fn adapter(name: &str) -> Adapter {
    let (config, weights) = files(name);
    read(&config, &weights, &BASE).unwrap()
}

/// With a field of the config set to something else.
fn with(name: &str, field: &str, value: Value) -> Result<Adapter, PeftError> {
    let (config, weights) = files(name);
    let mut config: Value = serde_json::from_str(&config).unwrap();
    config[field] = value;
    read(&config.to_string(), &weights, &BASE)
}

#[test]
fn adapters_of_python_are_read() {
    for name in ALL {
        assert_eq!(adapter(name).base, "tiny");
    }
    let Kind::Lora(lora) = adapter("lora").kind else { panic!("no LoRA") };
    let layers: Vec<&str> = lora.weights.keys().map(String::as_str).collect();
    assert_eq!(layers, ["h.0.attn.c_attn", "h.1.attn.c_attn", "h.1.mlp.c_fc", "h.2.attn.c_attn"]);
    assert_eq!((lora.rank, lora.scale()), (3, 5.0 / 3.0));
    let Kind::Lora(lora) = adapter("rslora").kind else { panic!("no LoRA") };
    let layers: Vec<&str> = lora.weights.keys().map(String::as_str).collect();
    assert_eq!(layers, ["h.0.attn.c_proj", "h.0.mlp.c_proj", "h.2.attn.c_proj"]);
    assert_eq!((lora.rank, lora.scale()), (2, 7.0 / 2.0_f64.sqrt()));
}

#[test]
fn what_is_written_holds_the_same_tensors() {
    for name in ALL {
        let adapter = adapter(name);
        let (config, weights) = write(&adapter, &SIZES).unwrap();
        assert_eq!(read(&config, &weights, &BASE).unwrap(), adapter, "{name}");
        assert_eq!(write(&adapter, &SIZES).unwrap(), (config, weights.clone()), "{name}");
        let (_, theirs) = files(name);
        let [ours, theirs] =
            [&weights, &theirs].map(|bytes| SafeTensors::deserialize(bytes).unwrap());
        let [mut got, mut want] = [ours.tensors(), theirs.tensors()];
        got.sort_by(|a, b| a.0.cmp(&b.0));
        want.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(got, want, "{name}");
    }
}

/// Python's own judgment, where `STUDY_PYTHON` names an interpreter that has PEFT.
#[test]
fn python_gets_the_same_logits_from_what_is_written() {
    let Some(python) = std::env::var_os("STUDY_PYTHON") else {
        println!("left out: STUDY_PYTHON names no interpreter that has PEFT");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for name in ALL {
        let mut adapter = adapter(name);
        if name == "prompt" {
            adapter.base_hash = Some("0123abcd".into());
        }
        let (config, weights) = write(&adapter, &SIZES).unwrap();
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(CONFIG), config).unwrap();
        std::fs::write(folder.join(WEIGHTS), weights).unwrap();
    }
    let script = golden().join("make.py");
    let run = Command::new(python).arg(script).arg("check").arg(folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}\n{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(told.matches("the same logits").count(), ALL.len(), "{told}");
}

#[test]
fn options_that_change_the_numbers_are_refused_by_name() {
    for (option, value) in [
        ("use_dora", json!(true)),
        ("lora_bias", json!(true)),
        ("bias", json!("lora_only")),
        ("modules_to_save", json!(["lm_head"])),
        ("rank_pattern", json!({"c_attn": 4})),
        ("alpha_pattern", json!({"c_attn": 4})),
        ("layers_pattern", json!("h")),
        ("layer_replication", json!([[0, 1]])),
        ("trainable_token_indices", json!([1])),
        ("target_parameters", json!(["wte.weight"])),
        ("init_lora_weights", json!("pissa")),
        ("task_type", json!("SEQ_CLS")),
        ("an_option_to_come", json!(3)),
    ] {
        let found = value.to_string();
        let want = PeftError::Unsupported { option: option.into(), found };
        assert_eq!(with("lora", option, value), Err(want));
    }
    for name in ["prompt", "prefix"] {
        for (option, value) in
            [("modules_to_save", json!(["wte"])), ("num_transformer_submodules", json!(2))]
        {
            let found = value.to_string();
            let want = PeftError::Unsupported { option: option.into(), found };
            assert_eq!(with(name, option, value), Err(want));
        }
    }
    // Those that change nothing may be there.
    for (option, value) in [
        ("lora_dropout", json!(0.5)),
        ("fan_in_fan_out", json!(false)),
        ("init_lora_weights", json!("gaussian")),
        ("inference_mode", json!(false)),
        ("an_option_to_come", json!(null)),
        ("another", json!(false)),
    ] {
        assert_eq!(with("lora", option, value), Ok(adapter("lora")), "{option}");
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let told = |result: Result<Adapter, PeftError>| result.unwrap_err().to_string();
    let message = told(with("lora", "peft_type", json!("IA3")));
    assert!(message.contains("peft_type is \"IA3\""), "{message}");
    assert_eq!(
        with("lora", "peft_type", Value::Null),
        Err(PeftError::UnknownType { found: "null".into() })
    );
    for (name, field, value) in [
        ("lora", "r", json!(0)),
        ("lora", "r", json!(2.5)),
        ("lora", "lora_alpha", json!("8")),
        ("lora", "target_modules", json!(".*c_attn")),
        ("lora", "target_modules", json!([1])),
        ("lora", "target_modules", json!(null)),
        ("lora", "layers_to_transform", json!([-1])),
        ("lora", "use_rslora", json!(1)),
        ("prompt", "num_virtual_tokens", json!(0)),
        ("prefix", "num_virtual_tokens", json!(null)),
        ("prefix", "token_dim", json!(-16)),
        ("prompt", "base_model_name_or_path", json!(7)),
    ] {
        let found = value.to_string();
        let Err(PeftError::Field { field: named, found: said, .. }) = with(name, field, value)
        else {
            panic!("{field}: {found} is accepted");
        };
        assert_eq!((named.as_str(), said), (field, found));
    }
    let message = told(with("lora", "target_modules", json!(["q_proj", "lm_head"])));
    assert!(message.contains("(q_proj, lm_head)"), "{message}");

    // A target more, one less, another rank.
    let missing = "base_model.model.transformer.h.0.mlp.c_fc.lora_A.weight";
    assert_eq!(
        with("lora", "target_modules", json!(["c_attn", "c_fc"])),
        Err(PeftError::Missing { name: missing.into() })
    );
    let (trained_on, base) = (String::from("tiny"), String::from("the tiny one"));
    assert_eq!(
        with("lora", "target_modules", json!(["c_attn"])),
        Err(PeftError::Extra {
            name: "base_model.model.transformer.h.1.mlp.c_fc.lora_A.weight".into(),
            trained_on: trained_on.clone(),
            base: base.clone(),
        })
    );
    let Err(PeftError::Shape { name, found, expected, .. }) = with("lora", "r", json!(4)) else {
        panic!("another rank is accepted");
    };
    assert!(name.ends_with("h.0.attn.c_attn.lora_A.weight"), "{name}");
    assert_eq!((found, expected), (vec![3, 16], vec![4, 16]));
    assert!(matches!(with("prompt", "num_virtual_tokens", json!(6)), Err(PeftError::Shape { .. })));
    assert_eq!(
        with("prompt", "num_virtual_tokens", json!(24)),
        Err(PeftError::NoRoom { n: 24, n_positions: 24 })
    );
}

#[test]
fn adapter_of_another_base_is_refused() {
    for (sizes, what, found, expected) in [
        (Sizes { n_embd: 32, ..SIZES }, "token_dim", "16", "32"),
        (Sizes { n_layer: 4, ..SIZES }, "num_layers", "3", "4"),
        (Sizes { n_head: 4, ..SIZES }, "num_attention_heads", "2", "4"),
    ] {
        for name in ["prompt", "prefix"] {
            let (config, weights) = files(name);
            let error = read(&config, &weights, &Base { sizes, ..BASE }).unwrap_err();
            let want = PeftError::Base {
                trained_on: "tiny".into(),
                base: "the tiny one".into(),
                what,
                found: found.into(),
                expected: expected.into(),
            };
            assert_eq!(error, want);
        }
    }
    let (config, weights) = files("lora");
    let wide = Base { sizes: Sizes { n_embd: 32, ..SIZES }, ..BASE };
    let message = read(&config, &weights, &wide).unwrap_err().to_string();
    assert!(message.contains("c_attn.lora_A.weight has the shape [3, 16]"), "{message}");
    assert!(message.contains("the base the tiny one needs [3, 32]"), "{message}");
    let few = Base { sizes: Sizes { n_layer: 2, ..SIZES }, ..BASE };
    assert!(matches!(read(&config, &weights, &few), Err(PeftError::Extra { .. })));

    // The same sizes, other weights: only a hash can tell.
    let mut adapter = adapter("prompt");
    adapter.base_hash = Some("0123abcd".into());
    let (config, weights) = write(&adapter, &SIZES).unwrap();
    let of = |hash| read(&config, &weights, &Base { hash, ..BASE });
    assert_eq!(of(None), Ok(adapter.clone()));
    assert_eq!(of(Some("0123abcd")), Ok(adapter));
    let message = of(Some("99")).unwrap_err().to_string();
    assert!(message.contains("hash of weights is 0123abcd"), "{message}");
    let (config, weights) = files("prompt");
    assert!(read(&config, &weights, &Base { hash: Some("99"), ..BASE }).is_ok());
}

#[test]
fn any_name_and_any_alpha_come_back() {
    let mut adapter = adapter("lora");
    for (name, alpha) in [("", 0.1), ("a \"b\"\\\n\u{1}ü/c", 16.0), ("x", -1e300), ("x", 1e-7)] {
        adapter.base = name.into();
        let Kind::Lora(lora) = &mut adapter.kind else { panic!("no LoRA") };
        lora.alpha = alpha;
        let (config, weights) = write(&adapter, &SIZES).unwrap();
        assert_eq!(read(&config, &weights, &BASE).unwrap(), adapter, "{config}");
    }
}

#[test]
fn what_no_base_could_use_is_not_written() {
    let Kind::Lora(mut lora) = adapter("lora").kind else { panic!("no LoRA") };
    let weights = lora.weights.values().next().unwrap().clone();
    let write = |kind: Kind| write(&Adapter { base: String::new(), base_hash: None, kind }, &SIZES);
    for name in ["h.3.attn.c_attn", "h.00.attn.c_attn", "h.0.attn", "lm_head"] {
        let mut lora = lora.clone();
        lora.weights.insert(name.into(), weights.clone());
        let want = PeftError::Target { names: name.into() };
        assert_eq!(write(Kind::Lora(lora)), Err(want));
    }
    let alpha = Kind::Lora(peft::Lora { alpha: f64::NAN, ..lora.clone() });
    assert!(matches!(write(alpha), Err(PeftError::Field { .. })));
    lora.rank = 4;
    assert!(matches!(write(Kind::Lora(lora.clone())), Err(PeftError::Shape { .. })));
    lora.weights.clear();
    assert!(matches!(write(Kind::Lora(lora)), Err(PeftError::Target { .. })));
    let Kind::Prefix(mut prefix) = adapter("prefix").kind else { panic!("no prefix") };
    prefix.blocks[1].values.pop();
    assert!(matches!(write(Kind::Prefix(prefix)), Err(PeftError::Shape { .. })));
}

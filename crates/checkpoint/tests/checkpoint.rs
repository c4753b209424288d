//! What a good file gives, and what is said of a bad one.

use std::fs;

use checkpoint::{Checkpoint, CheckpointError};
use safetensors::tensor::{Dtype, TensorView, serialize};

/// A file of these tensors, written by the format's own library.
fn file(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Vec<u8> {
    let views = tensors.iter().map(|&(name, dtype, shape, bytes)| {
        (name, TensorView::new(dtype, shape.to_vec(), bytes).unwrap())
    });
    serialize(views, None).unwrap()
}

/// A file with this header and so many zeros behind it.
fn raw(header: &str, zeros: usize) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.bytes());
    file.resize(file.len() + zeros, 0);
    file
}

fn refused(file: Vec<u8>) -> String {
    Checkpoint::read(file).err().expect("it is refused").to_string()
}

#[test]
fn numbers_of_four_types_come_as_f32() {
    // 1.5, −2 in each type.
    let f16 = [0x00, 0x3e, 0x00, 0xc0];
    let bf16 = [0xc0, 0x3f, 0x00, 0xc0];
    let f32 = [1.5_f32, -2.0].map(f32::to_le_bytes).concat();
    let f64 = [1.5_f64, -2.0].map(f64::to_le_bytes).concat();
    let bytes = file(&[
        ("a", Dtype::F16, &[2], &f16),
        ("b", Dtype::BF16, &[2], &bf16),
        ("c", Dtype::F32, &[2], &f32),
        ("d", Dtype::F64, &[2], &f64),
    ]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.safetensors"), &bytes).unwrap();
    let path = folder.path().join("model.safetensors");
    let opened =
        [Checkpoint::read(bytes), Checkpoint::open(folder.path()), Checkpoint::open(&path)];
    for weights in opened {
        let mut weights = weights.unwrap();
        assert_eq!(weights.names().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        for name in ["a", "b", "c", "d", "a"] {
            let tensor = weights.take(name, &[2]).unwrap();
            assert_eq!(tensor.to_vec1::<f32>().unwrap(), [1.5, -2.0], "{name}");
        }
        weights.finish().unwrap();
    }
}

#[test]
fn what_a_model_cannot_use_names_the_tensor() {
    let bytes = [0; 16];
    let make = || {
        let bytes =
            file(&[("h.ids", Dtype::I64, &[2], &bytes), ("h.w", Dtype::F32, &[2, 2], &bytes)]);
        Checkpoint::read(bytes).unwrap()
    };
    let mut weights = make();
    let said = |error: CheckpointError| error.to_string();
    assert_eq!(
        said(weights.take("h.v", &[2, 2]).unwrap_err()),
        "the file has no tensor `h.v` among its 2"
    );
    // As many numbers, in another order.
    assert_eq!(
        said(weights.take("h.w", &[4]).unwrap_err()),
        "tensor `h.w` has the shape [2, 2], and the model needs [4]"
    );
    assert!(said(weights.take("h.ids", &[2]).unwrap_err()).starts_with("tensor `h.ids` holds I64"));
    assert_eq!(
        said(weights.finish().unwrap_err()),
        "the model has no use for tensor `h.ids` and for one other"
    );
    let mut weights = make();
    weights.take("h.w", &[2, 2]).unwrap();
    weights.skip(|name| name.ends_with(".ids"));
    weights.finish().unwrap();

    let mut weights = make().without_prefix("h.").unwrap();
    assert_eq!(weights.shape("w"), Some(&[2, 2][..]));
    assert!(weights.take("h.w", &[2, 2]).is_err());
    let both = file(&[("h.w", Dtype::U8, &[16], &bytes), ("w", Dtype::U8, &[16], &bytes)]);
    let clash = Checkpoint::read(both).unwrap().without_prefix("h.").err().unwrap();
    assert_eq!(said(clash), "two tensors are called `w`");
}

#[test]
fn a_file_that_is_no_checkpoint_is_refused_with_its_reason() {
    let one = |rest: &str| format!("{{\"w\":{{{rest}}}}}");
    let cases = [
        (vec![1, 2, 3], "of 3 bytes"),
        (u64::MAX.to_le_bytes().to_vec(), "18446744073709551615 bytes, and 0 follow"),
        (raw("", 0), "EOF"),
        (raw("[]", 0), "a table of tensors"),
        (raw("{\"w\":1}", 0), "tensor `w`"),
        (raw(&one(r#""dtype":"F99","shape":[],"data_offsets":[0,4]"#), 4), "tensor `w`: unknown"),
        (raw(&one(r#""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#), 4), "tensor `w`"),
        (raw(&one(r#""dtype":"F32","shape":[1.5],"data_offsets":[0,4]"#), 4), "tensor `w`"),
        (raw(&one(r#""dtype":"F32","shape":[],"data_offsets":[0]"#), 4), "tensor `w`"),
        (raw(&one(r#""dtype":"F32","data_offsets":[0,4]"#), 4), "missing field `shape`"),
        (raw(&one(r#""dtype":"F32","shape":[1],"data_offsets":[4,0]"#), 4), "`w`: the shape [1]"),
        (raw(&one(r#""dtype":"F32","shape":[2],"data_offsets":[0,4]"#), 4), "takes 8 bytes"),
        (
            raw(&one(r#""dtype":"F32","shape":[1],"data_offsets":[4,8]"#), 8),
            "`w`: it begins at byte 4",
        ),
        (
            raw(&one(r#""dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]"#), 0),
            "more numbers than can be",
        ),
        // No numbers, but strides that overflow.
        (
            raw(
                &one(r#""dtype":"F32","shape":[2,18446744073709551615,0],"data_offsets":[0,0]"#),
                0,
            ),
            "more numbers than can be",
        ),
        (raw(&one(r#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#), 3), "within tensor `w`"),
        (raw(&one(r#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#), 5), "1 bytes at its end"),
        (
            raw(
                r#"{"v":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},
                    "w":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}}"#,
                5,
            ),
            "`w`: it begins at byte 2, and the one before ends at 3",
        ),
        (
            raw(
                r#"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                    "w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
                2,
            ),
            "tensor `w`: it stands twice",
        ),
        (raw(r#"{"__metadata__":{"a":"b"},"__metadata__":{"a":"b"}}"#, 0), "`__metadata__`"),
        (raw(r#"{"__metadata__":{"a":1}}"#, 0), "invalid type"),
    ];
    for (file, words) in cases {
        let said = refused(file);
        assert!(said.contains(words), "“{said}” does not say “{words}”");
    }
    // What is repeated from a file is short and printable.
    let long = format!("{{\"{}\\u001b[2J\":1}}", "w".repeat(100_000));
    let said = refused(raw(&long, 0));
    assert!(said.len() < 1000 && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = Checkpoint::open(folder.path()).err().unwrap().to_string();
    assert!(said.contains("model.safetensors"), "{said}");
    let config = || checkpoint::config::<std::collections::BTreeMap<String, u32>>(folder.path());
    assert!(config().unwrap_err().to_string().contains("config.json"));
    fs::write(folder.path().join("config.json"), "{\"n_layer\": 3,\n \"n_head\": \"four\"}")
        .unwrap();
    let said = config().unwrap_err().to_string();
    assert!(said.contains("config.json") && said.contains("line 2"), "{said}");
}

//! With an adapter that PEFT trained, a model here says what it says there.

use std::path::{Path, PathBuf};

use peft::{Adapter, Base, CONFIG, Kind, WEIGHTS, read};
use safetensors::SafeTensors;
use serde_json::Value;
use small_gpt::{Linear, Matrix, Model, Pass, Portable, Products, Sizes, Tuning};

const SIZES: Sizes = Sizes { n_layer: 3, n_head: 2, n_embd: 16, n_positions: 24, vocab_size: 37 };

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn model() -> Model {
    let bytes = std::fs::read(golden().join("base/model.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut model = Model::zeros(SIZES);
    for tensor in model.tensors().to_vec() {
        let view = file.tensor(&format!("transformer.{}", tensor.name)).unwrap();
        assert_eq!(view.shape(), tensor.shape, "{}", tensor.name);
        let numbers = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        model.parameters.splice(tensor.range, numbers);
    }
    model
}

/// The adapter at work. Nothing learns here.
struct With(Adapter);

impl Tuning for With {
    fn len(&self) -> usize {
        0
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
        let Kind::Lora(lora) = &self.0.kind else { return };
        let Some(weights) = lora.weights.get(&layer.place.name()) else { return };
        let ([inputs, outputs], rank, rows) = (layer.sizes(), lora.rank, layer.rows());
        let mut inside = vec![0.0; rows * rank];
        let a = Matrix::rows(&weights.a, inputs).transposed();
        let x = Matrix::rows(layer.x, inputs);
        products.product((rows, inputs, rank), x, a, &mut inside, rank, false);
        inside.iter_mut().for_each(|x| *x *= lora.scale() as f32);
        let b = Matrix::rows(&weights.b, rank).transposed();
        let inside = Matrix::rows(&inside, rank);
        products.product((rows, rank, outputs), inside, b, y, outputs, true);
    }

    fn prompt(&self) -> &[f32] {
        match &self.0.kind {
            Kind::Prompt(prompt) => &prompt.embeddings,
            _ => &[],
        }
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        match &self.0.kind {
            Kind::Prefix(prefix) => [&prefix.blocks[block].keys, &prefix.blocks[block].values],
            _ => [&[], &[]],
        }
    }
}

#[test]
fn logits_are_those_of_peft() {
    let model = model();
    let base = Base { name: "the tiny one", sizes: SIZES, hash: None };
    let text = std::fs::read_to_string(golden().join("logits.json")).unwrap();
    let want: Value = serde_json::from_str(&text).unwrap();
    let (mut pass, mut seen) = (Pass::default(), 0);
    for (name, texts) in want["logits"].as_object().unwrap() {
        for (ids, want) in want["texts"].as_array().unwrap().iter().zip(texts.as_array().unwrap()) {
            let ids: Vec<u32> =
                ids.as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect();
            let mut products = Portable::default();
            let logits = match name.as_str() {
                "base" => pass.forward(&model, &ids, ids.len(), &mut products),
                _ => {
                    let folder = golden().join(name);
                    let config = std::fs::read_to_string(folder.join(CONFIG)).unwrap();
                    let weights = std::fs::read(folder.join(WEIGHTS)).unwrap();
                    let with = With(read(&config, &weights, &base).unwrap());
                    pass.forward_tuned(&model, &with, &ids, ids.len(), &mut products)
                }
            };
            let squares: f64 = logits.iter().map(|&z| f64::from(z) * f64::from(z)).sum();
            let wanted = want["squares"].as_f64().unwrap();
            assert!((squares - wanted).abs() < 1e-4 * wanted, "{name}: {squares}, not {wanted}");
            let last = logits[logits.len() - SIZES.vocab_size..].iter();
            for (got, want) in last.zip(want["last"].as_array().unwrap()) {
                let want = want.as_f64().unwrap();
                let off = (f64::from(*got) - want).abs();
                assert!(off < 1e-4 * want.abs() + 1e-5, "{name}: {got}, not {want}");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 12);
}

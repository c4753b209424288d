//! The same model in candle, by the lesson on GPT: its logits, and every gradient by candle's autograd.

use candle_core::{DType, Device, Tensor, Var};
use gpt::solution::forward;
use gpt::{Config, Gpt2};
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Model, Pass, Portable, Sizes};

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 3, n_embd: 12, n_positions: 9, vocab_size: 23 };

/// Numbers large enough that every part of the model matters.
fn model() -> Model {
    let mut model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
    for (i, number) in model.parameters.iter_mut().enumerate() {
        *number = *number * 5.0 + ((i * 37 % 101) as f32 - 50.0) / 400.0;
    }
    model
}

/// In f64, so that it is right to more digits than what is judged.
fn in_candle(model: &Model) -> (Gpt2, Vec<Var>) {
    let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = model.sizes;
    let config = Config { n_positions, vocab_size, ..Config::gpt2(n_layer, n_head, n_embd) };
    let mut vars = Vec::new();
    let mut tensors = model.tensors().iter();
    let built = Gpt2::from_tensors(config, |name, shape| {
        let tensor = tensors.next().unwrap();
        assert_eq!((tensor.name.as_str(), tensor.shape.as_slice()), (name, shape));
        let numbers: Vec<f64> = model.numbers(tensor).iter().map(|&x| f64::from(x)).collect();
        vars.push(Var::from_vec(numbers, shape, &Device::Cpu)?);
        Ok(vars.last().unwrap().as_tensor().clone())
    });
    assert!(tensors.next().is_none());
    (built.unwrap(), vars)
}

fn expect_near(got: &[f32], want: &[f64], what: &str) {
    let size = want.iter().fold(1e-3, |a: f64, b| a.max(b.abs()));
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (&got, want)) in got.iter().zip(want).enumerate() {
        assert!((f64::from(got) - want).abs() <= 1e-5 * size, "{what}, {i}: {got}, not {want}");
    }
}

fn in_f64(tensor: &Tensor) -> Vec<f64> {
    tensor.to_dtype(DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn logits_losses_and_every_gradient_are_those_of_candle() {
    let model = model();
    let (theirs, vars) = in_candle(&model);
    let mut pass = Pass::default();
    // The same buffers for texts of several sizes, the longest first.
    for (texts, seq) in [(3, 9), (1, 1), (2, 5)] {
        let ids: Vec<u32> = (0..texts * seq).map(|i| (i * i * 7 % 23) as u32).collect();
        // Every seventh token is not to be guessed.
        let labels: Vec<i64> =
            (0..texts * seq).map(|i| if i % 7 == 6 { -100 } else { (i * 5 % 23) as i64 }).collect();
        let counted: Vec<u32> =
            (0..).zip(&labels).filter(|(_, l)| **l >= 0).map(|(i, _)| i).collect();
        let count = counted.len();

        let tensor = Tensor::from_slice(&ids, (texts, seq), &Device::Cpu).unwrap();
        let (logits, _) = forward(&theirs, &tensor, None, &[]).unwrap();
        let logits = logits.reshape((texts * seq, 23)).unwrap();
        let rows = Tensor::from_vec(counted, count, &Device::Cpu).unwrap();
        let picked: Vec<u32> = labels.iter().filter(|l| **l >= 0).map(|&l| l as u32).collect();
        let picked = Tensor::from_vec(picked, (count, 1), &Device::Cpu).unwrap();
        let log = candle_nn::ops::log_softmax(&logits.index_select(&rows, 0).unwrap(), 1).unwrap();
        let loss = log.gather(&picked, 1).unwrap().sum_all().unwrap().neg().unwrap();
        let slopes = (&loss * 0.25).unwrap().backward().unwrap();

        expect_near(
            pass.forward(&model, &ids, seq, &mut Portable::default()),
            &in_f64(&logits),
            "logits",
        );
        let mut gradient = vec![0.5; model.parameters.len()];
        let got = pass.backward(&model, &labels, 0.25, &mut gradient, &mut Portable::default());
        assert_eq!(got.tokens, count);
        let want: f64 = loss.to_scalar().unwrap();
        assert!((got.loss - want).abs() < 1e-5 * want, "{} {want}", got.loss);
        for (tensor, var) in model.tensors().iter().zip(&vars) {
            let slopes = slopes.get(var).unwrap_or_else(|| panic!("{} has none", tensor.name));
            let got: Vec<f32> = gradient[tensor.range.clone()].iter().map(|x| x - 0.5).collect();
            // What was there is added to, which costs digits.
            let want = in_f64(slopes);
            let size = want.iter().fold(1e-2, |a: f64, b| a.max(b.abs()));
            for (i, (got, want)) in got.iter().zip(&want).enumerate() {
                let off = (f64::from(*got) - want).abs();
                assert!(off <= 1e-5 * size, "{} {i}: {got}, not {want}", tensor.name);
            }
        }
    }
}

#[test]
fn an_untrained_model_knows_nothing() {
    let model = Model::random(SIZES, &mut StdRng::seed_from_u64(5));
    let ids = [1, 2, 3, 4];
    let mut pass = Pass::default();
    pass.forward(&model, &ids, 4, &mut Portable::default());
    let mean = pass.loss(&[2, 3, 4, -1]).mean();
    assert!((mean - 23.0_f64.ln()).abs() < 0.05, "{mean}");
}

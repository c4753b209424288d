//! The same step in candle, by the lesson on GPT: every gradient by candle's autograd.

use candle_core::{DType, Device, Tensor, Var};
use gpt::{Config, Gpt2, solution::forward};
use gpu_training::{GpuTrainer, SOLUTION, Update};
use grading::{block_on, random::seeded};
use small_gpt::{Model, Sizes};

#[test]
fn every_gradient_is_that_of_candle() {
    let (texts, seq, vocab_size) = (3, 7, 23);
    let sizes = Sizes { n_layer: 2, n_head: 3, n_embd: 12, n_positions: 9, vocab_size };
    let mut model = Model::random(sizes, &mut seeded(1));
    for (i, number) in model.parameters.iter_mut().enumerate() {
        *number = *number * 5.0 + ((i * 37 % 101) as f32 - 50.0) / 400.0;
    }
    let ids: Vec<u32> = (0..texts * seq).map(|i| (i * i * 7 % vocab_size) as u32).collect();
    let labels: Vec<u32> = (0..texts * seq).map(|i| (i * 5 % vocab_size) as u32).collect();

    let config = Config { n_positions: 9, vocab_size, ..Config::gpt2(2, 3, 12) };
    let mut vars = Vec::new();
    let mut tensors = model.tensors().iter();
    let theirs = Gpt2::from_tensors(config, |name, shape| {
        let tensor = tensors.next().unwrap();
        assert_eq!((tensor.name.as_str(), tensor.shape.as_slice()), (name, shape));
        let numbers: Vec<f64> = model.numbers(tensor).iter().map(|&x| f64::from(x)).collect();
        vars.push(Var::from_vec(numbers, shape, &Device::Cpu)?);
        Ok(vars.last().unwrap().as_tensor().clone())
    })
    .unwrap();
    let tensor = Tensor::from_slice(&ids, (texts, seq), &Device::Cpu).unwrap();
    let (logits, _) = forward(&theirs, &tensor, None, &[]).unwrap();
    let logits = logits.reshape((texts * seq, vocab_size)).unwrap();
    let log = candle_nn::ops::log_softmax(&logits, 1).unwrap();
    let picked = Tensor::from_slice(&labels, (texts * seq, 1), &Device::Cpu).unwrap();
    let loss = log.gather(&picked, 1).unwrap().mean_all().unwrap().neg().unwrap();
    let slopes = loss.backward().unwrap();

    let gpu = block_on(gpu::shared()).unwrap();
    let update = Update::Sgd { lr: 0.0 };
    let new = GpuTrainer::new(&gpu, &model, [texts, seq], update, &SOLUTION);
    let mut trainer = block_on(new).unwrap();
    let labels: Vec<i64> = labels.into_iter().map(i64::from).collect();
    trainer.step(&ids, &labels);
    let want: f64 = loss.to_scalar().unwrap();
    assert!((block_on(trainer.loss()).unwrap() - want).abs() < 1e-5 * want);
    let gradient = block_on(trainer.gradient()).unwrap();
    for (tensor, var) in model.tensors().iter().zip(&vars) {
        let want = slopes.get(var).unwrap().to_dtype(DType::F64).unwrap();
        let want: Vec<f64> = want.flatten_all().unwrap().to_vec1().unwrap();
        let size = want.iter().fold(1e-5, |a: f64, b| a.max(b.abs()));
        for (i, (&got, want)) in gradient[tensor.range.clone()].iter().zip(&want).enumerate() {
            let off = (f64::from(got) - want).abs();
            assert!(off <= 1e-3 * size, "{}, {i}: {got}, not {want}", tensor.name);
        }
    }
}

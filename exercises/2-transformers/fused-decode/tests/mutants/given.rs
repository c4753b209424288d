//! What is given does what its docs say.

use fused_decode::example::{Reader, of_f16, rounded_f16};
use fused_decode::{
    Handing, ManyDispatches, Model, OneDispatch, Precision, cost, solution, tensors,
};
use gpt::Config;
use gpu::GpuError;
use grading::block_on;

fn config() -> Config {
    Config {
        n_inner: Some(10),
        n_positions: 4,
        vocab_size: 9,
        layer_norm_epsilon: 0.01,
        eos_token_id: None,
        ..Config::gpt2(2, 2, 6)
    }
}

#[test]
fn number_by_number_a_step_is_that_of_the_lesson_on_gpt() {
    use candle_core::{Device, Tensor};

    let model = Model::drawn(config(), 0.4, 1);
    let mut numbers = tensors(&model.config).into_iter().zip(model.tensors.clone());
    let gpt = gpt::Gpt2::from_tensors(model.config.clone(), |name, shape| {
        let found = numbers.clone().find(|((found, _), _)| found == name).unwrap();
        let x: Vec<f64> = found.1.into_iter().map(f64::from).collect();
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
    .unwrap();
    assert!(numbers.next().is_some());
    let ids = [3_u32, 8, 0, 5];
    let all = Tensor::new(&[ids], &Device::Cpu).unwrap();
    let want = gpt::solution::forward(&gpt, &all, None, &[]).unwrap().0;
    let want: Vec<f64> = want.flatten_all().unwrap().to_vec1().unwrap();
    let mut reader = Reader::new(&model, Precision::F32);
    let steps = ids.iter().enumerate().map(|(at, &id)| reader.step(id as usize, at));
    for (got, want) in steps.flatten().zip(want) {
        assert!((got - want).abs() < 1e-9, "{got} is not {want}");
    }
}

#[test]
fn rounding_finds_the_nearest_half() {
    let halves: Vec<f64> = (0..0x7c00).map(of_f16).collect();
    for pair in halves.windows(2) {
        assert!(pair[0] < pair[1]);
        for x in pair {
            assert_eq!(rounded_f16(*x).to_bits(), x.to_bits());
        }
        let low = 0.51 * pair[0] + 0.49 * pair[1];
        assert_eq!([rounded_f16(low), rounded_f16(-low)], [pair[0], -pair[0]]);
    }
    assert_eq!(rounded_f16(-65_520.0), f64::NEG_INFINITY);
    assert!(rounded_f16(f64::NAN).is_nan());
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let model = Model::drawn(config(), 0.4, 2);
    let wgsl = solution::decode_step_wgsl();
    let one = block_on(OneDispatch::new(&gpu, wgsl, &model, Precision::F32)).unwrap();
    let many = block_on(ManyDispatches::new(&gpu, &model, Precision::F32)).unwrap();
    for (token, position) in [(9, 0), (0, 4)] {
        assert!(matches!(one.step(token, position), Err(GpuError::Invalid(_))));
        let refused = many.step(token, position, Handing::Together);
        assert!(matches!(refused, Err(GpuError::Invalid(_))));
    }
    let wide = Model::drawn(Config { n_embd: 258, ..config() }, 0.4, 3);
    let refused = block_on(OneDispatch::new(&gpu, wgsl, &wide, Precision::F32)).err();
    assert!(matches!(refused, Some(GpuError::Invalid(why)) if why.contains("n_embd is 258")));
}

#[test]
fn costs_have_closed_forms() {
    let config = config();
    // Tables, two blocks, the last norm; one row of wpe.
    let block = 12 + 7 * 18 + 7 * 6 + 12 + 7 * 10 + 11 * 6;
    let weights = 9 * 6 + 6 + 2 * block + 12;
    let want = (4 * weights + 4 * 2 * 2 * 3 * 6) as f64;
    assert_eq!(cost::step_bytes(&config, Precision::F32, 2), want);
    assert_eq!(want - cost::step_bytes(&config, Precision::F16, 2), (2 * weights) as f64);
    let machine = cost::Machine { launch: 1.0, bandwidth: 10.0, units: 5.0 };
    assert_eq!(cost::seconds(&machine, 20.0, 7), [11.0, 9.0]);
}

#[test]
fn what_a_learner_starts_from_compiles() {
    let gpu = block_on(gpu::shared()).unwrap();
    let compiled =
        gpu.compile(fused_decode::DECODE_STEP_STUB, fused_decode::ENTRY, &fused_decode::BINDINGS);
    assert!(block_on(compiled).is_ok());
}

//! What is given does what its docs say.

use attention::{Sizes, run_attention, solution};
use candle_core::{Device, Tensor};
use gpu::GpuError;
use grading::block_on;

fn numbers(count: usize) -> Vec<f32> {
    (0_u16..).map(|i| f32::from(i * 37 % 19) / 8.0 - 1.0).take(count).collect()
}

#[test]
fn the_host_attends_as_the_function_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    let sizes = Sizes { rows: 2, t_q: 3, t_k: 5, d: 4, d_v: 6 };
    let (q, k, v) = (numbers(24), numbers(40), numbers(60));
    for causal in [false, true] {
        let run = run_attention(&gpu, solution::attention_wgsl(), [&q, &k, &v], sizes, causal);
        let got = block_on(run).unwrap();
        let tensor = |x: &[f32], shape| Tensor::from_slice(x, shape, &Device::Cpu).unwrap();
        let (q, k, v) = (tensor(&q, (2, 3, 4)), tensor(&k, (2, 5, 4)), tensor(&v, (2, 5, 6)));
        let mask = causal.then(|| solution::causal_mask(3, 5).unwrap());
        let want = solution::sdpa(&q, &k, &v, mask.as_ref()).unwrap().flatten_all().unwrap();
        for (got, want) in got.into_iter().zip(want.to_vec1::<f32>().unwrap()) {
            assert!((got - want).abs() < 1e-5, "{got} is not {want}");
        }
    }
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let run = |count: usize, [rows, t_q, t_k, d, d_v]: [usize; 5]| {
        let sizes = Sizes { rows, t_q, t_k, d, d_v };
        let (q, k, v) = (numbers(count), numbers(rows * t_k * d), numbers(rows * t_k * d_v));
        block_on(run_attention(&gpu, solution::attention_wgsl(), [&q, &k, &v], sizes, false))
    };
    assert_eq!(run(6, [1, 2, 4, 3, 5]).unwrap().len(), 10);
    assert!(run(0, [1, 0, 4, 3, 5]).unwrap().is_empty());
    assert_eq!(run(6, [1, 2, 0, 3, 2]).unwrap(), [0.0; 4]);
    for (count, sizes) in [(5, [1, 2, 4, 3, 5]), (0, [1, 2, 4, 0, 5]), (6, [1, 2, 4, 3, 257])] {
        let refused = run(count, sizes);
        assert!(matches!(refused, Err(GpuError::Invalid(_))), "{sizes:?}: {refused:?}");
    }
}

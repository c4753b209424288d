//! What is given does what its docs say.

use candle_core::{DType, Device, Tensor};
use gpu::GpuError;
use grading::block_on;
use kv_cache::{CacheError, KvCache, Sizes, cost, example, run_decode_attention, solution};

fn numbers(count: usize) -> Vec<f32> {
    (0_u16..).map(|i| f32::from(i * 37 % 19) / 8.0 - 1.0).take(count).collect()
}

#[test]
fn the_host_decodes_as_attention_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    let sizes = Sizes { batch: 2, n_heads: 3, n_kv_heads: 3, t: 4, capacity: 6, d: 4, d_v: 5 };
    let (q, k, v) = (numbers(24), numbers(144), numbers(180));
    let run = run_decode_attention(&gpu, solution::decode_attention_wgsl(), [&q, &k, &v], sizes);
    let got = block_on(run).unwrap();
    let tensor = |x: &[f32], shape| Tensor::from_slice(x, shape, &Device::Cpu).unwrap();
    let (q, k) = (tensor(&q, (2, 3, 1, 4)), tensor(&k, (2, 3, 6, 4)).narrow(2, 0, 4).unwrap());
    let v = tensor(&v, (2, 3, 6, 5)).narrow(2, 0, 4).unwrap();
    let want = attention::solution::sdpa(&q, &k, &v, None).unwrap().flatten_all().unwrap();
    for (got, want) in got.into_iter().zip(want.to_vec1::<f32>().unwrap()) {
        assert!((got - want).abs() < 1e-5, "{got} is not {want}");
    }
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let run = |more: usize, [batch, n_heads, n_kv_heads, t, capacity, d, d_v]: [usize; 7]| {
        let sizes = Sizes { batch, n_heads, n_kv_heads, t, capacity, d, d_v };
        let [q, k, v, _] = sizes.counts();
        let (q, k, v) = (numbers(q + more), numbers(k), numbers(v));
        let wgsl = solution::decode_attention_wgsl();
        block_on(run_decode_attention(&gpu, wgsl, [&q, &k, &v], sizes))
    };
    assert_eq!(run(0, [1, 4, 2, 3, 4, 2, 5]).unwrap().len(), 20);
    assert!(run(0, [0, 4, 2, 3, 4, 2, 5]).unwrap().is_empty());
    assert_eq!(run(0, [1, 2, 1, 0, 4, 3, 2]).unwrap(), [0.0; 4]);
    for (more, sizes) in [
        (1, [1, 4, 2, 3, 4, 2, 5]),
        (0, [1, 3, 2, 3, 4, 2, 5]),
        (0, [1, 3, 0, 3, 4, 2, 5]),
        (0, [1, 4, 2, 5, 4, 2, 5]),
        (0, [1, 4, 2, 3, 4, 0, 5]),
        (0, [1, 1, 1, 3, 4, 2, 257]),
    ] {
        let refused = run(more, sizes);
        assert!(matches!(refused, Err(GpuError::Invalid(_))), "{sizes:?}: {refused:?}");
    }
}

#[test]
fn new_tokens_are_counted_or_refused() {
    let cache = KvCache::new([2, 1, 5, 4], 3, DType::F32).unwrap();
    let ones = |shape: &[usize], dtype| Tensor::ones(shape, dtype, &Device::Cpu).unwrap();
    let ask =
        |k: &[usize], v: &[usize], dtype| cache.new_tokens(&ones(k, DType::F32), &ones(v, dtype));
    assert_eq!(ask(&[2, 1, 9, 4], &[2, 1, 9, 3], DType::F32).unwrap(), 9);
    assert_eq!(ask(&[2, 1, 0, 4], &[2, 1, 0, 3], DType::F32).unwrap(), 0);
    for (k, v) in [
        (&[2, 1, 2][..], &[2, 1, 2, 3][..]),
        (&[], &[]),
        (&[2, 1, 2, 4], &[2, 1, 1, 3]),
        (&[2, 1, 2, 4], &[2, 1, 2, 4]),
        (&[2, 2, 2, 4], &[2, 2, 2, 3]),
        (&[2, 1, 2, 4, 1], &[2, 1, 2, 3, 1]),
    ] {
        let refused = ask(k, v, DType::F32);
        assert!(matches!(refused, Err(CacheError::Shapes { .. })), "{k:?}: {refused:?}");
    }
    let refused = ask(&[2, 1, 2, 4], &[2, 1, 2, 3], DType::F64);
    assert!(matches!(refused, Err(CacheError::Type { given: DType::F64, .. })), "{refused:?}");
}

#[test]
fn costs_have_closed_forms() {
    for n in [0, 1, 2, 7, 100] {
        let squares: usize = (1..=n).map(|t| t * (t + 1) / 2).sum();
        assert_eq!(cost::writing(n), [n * (n + 1) / 2, squares]);
        assert_eq!(cost::with_cache(n, 3), 3 * n + 6);
        assert_eq!(cost::without_cache(n, 3), (n + 3) * (n + 4) / 2);
    }
}

#[test]
fn number_by_number_a_step_is_the_same() {
    let x = |at: f64| {
        let numbers: Vec<f64> = (0..2 * 3 * 2 * 4).map(|i| (f64::from(i) * at).sin()).collect();
        Tensor::from_vec(numbers, (2, 3, 2, 4), &Device::Cpu).unwrap()
    };
    for window in [None, Some(3)] {
        let mut caches = [(); 2].map(|()| KvCache::new([2, 3, 8, 4], 4, DType::F64).unwrap());
        for round in [1.0, 2.0, 3.0] {
            let (q, k, v) = (x(round), x(round + 0.3), x(round + 0.7));
            let steps = [example::step_by_numbers, solution::decode_step];
            let [got, want] = [0, 1].map(|i| {
                let out = steps[i](&mut caches[i], &q, &k, &v, window).unwrap();
                assert_eq!(out.dims(), [2, 3, 2, 4]);
                out.flatten_all().unwrap().to_vec1::<f64>().unwrap()
            });
            for (got, want) in got.into_iter().zip(want) {
                assert!((got - want).abs() < 1e-12, "{got} is not {want}");
            }
        }
        assert_eq!(
            caches.each_ref().map(|cache| (cache.start, cache.len)),
            match window {
                None => [(0, 6); 2],
                Some(_) => [(3, 3); 2],
            }
        );
    }
}

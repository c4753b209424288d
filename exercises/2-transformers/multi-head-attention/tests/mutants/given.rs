//! What is given does what its docs say.

use attention::solution::causal_mask;
use candle_core::{Device, Tensor};
use multi_head_attention::{Linear, Mha, example, solution};

/// Numbers of both signs.
fn tensor(shape: &[usize], step: usize) -> Tensor {
    let count = shape.iter().product::<usize>();
    let numbers: Vec<f64> = (0..count).map(|i| (i * step % 19) as f64 / 8.0 - 1.1).collect();
    Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap()
}

#[test]
fn head_by_head_it_is_the_same() {
    let linear = |d_in, d_out, step| Linear {
        w: tensor(&[d_in, d_out], step),
        b: Some(tensor(&[d_out], step + 1)),
    };
    let mha = Mha {
        n_heads: 4,
        n_kv_heads: 2,
        w_q: linear(6, 12, 7),
        w_k: linear(5, 6, 8),
        w_v: linear(5, 4, 11),
        w_o: linear(8, 3, 13),
    };
    let (x, context) = (tensor(&[2, 3, 6], 5), tensor(&[2, 4, 5], 10));
    let causal = causal_mask(3, 4).unwrap();
    for mask in [None, Some(&causal)] {
        let [got, want] = [example::head_by_head, solution::forward].map(|forward| {
            let y = forward(&mha, &x, Some(&context), mask).unwrap();
            assert_eq!(y.dims(), [2, 3, 3]);
            y.flatten_all().unwrap().to_vec1::<f64>().unwrap()
        });
        for (got, want) in got.into_iter().zip(want) {
            assert!((got - want).abs() < 1e-10, "{got} is not {want}");
        }
    }
}

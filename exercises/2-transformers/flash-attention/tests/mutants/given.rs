//! What is given does what its docs say, and the numbers the checks compare with are those of the
//! lesson on attention.

use attention::Sizes;
use attention::solution::{causal_mask, sdpa};
use candle_core::{Device, Tensor};
use flash_attention::{FlashError, Hbm, Matrix, Shape, Tile, run_flash, solution};
use gpu::GpuError;
use grading::block_on;

fn numbers(count: usize, seed: u16) -> Vec<f32> {
    (0_u16..).map(|i| f32::from((i + seed) * 37 % 19) / 8.0 - 1.0).take(count).collect()
}

/// Queries, keys and values of `t_q`, `t_k`, `d`, `d_v`.
fn drawn([t_q, t_k, d, d_v]: [usize; 4]) -> [Vec<f32>; 3] {
    [numbers(t_q * d, 0), numbers(t_k * d, 5), numbers(t_k * d_v, 11)]
}

/// What attention makes of them.
fn attended([t_q, t_k, d, d_v]: [usize; 4], causal: bool) -> Vec<f32> {
    let [q, k, v] = drawn([t_q, t_k, d, d_v]);
    let tensor = |x: Vec<f32>, shape| Tensor::from_vec(x, shape, &Device::Cpu).unwrap();
    let (q, k, v) = (tensor(q, (t_q, d)), tensor(k, (t_k, d)), tensor(v, (t_k, d_v)));
    let mask = causal.then(|| causal_mask(t_q, t_k).unwrap());
    sdpa(&q, &k, &v, mask.as_ref()).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

fn assert_close(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 1e-5, "{got} is not {want}");
    }
}

const SIZES: [[usize; 4]; 5] =
    [[3, 5, 4, 6], [70, 70, 3, 2], [6, 2, 1, 3], [2, 40, 5, 1], [1, 1, 1, 1]];

#[test]
fn it_is_the_attention_of_the_lesson_on_attention() {
    for [t_q, t_k, d, d_v] in SIZES {
        for causal in [false, true] {
            let [q, k, v] = drawn([t_q, t_k, d, d_v]);
            let mut hbm = Hbm::new([&q, &k, &v], Shape { t_q, t_k, d, d_v }).unwrap();
            solution::flash(&mut hbm, Tile { queries: 4, keys: 3 }, causal).unwrap();
            assert_close(hbm.out(), &attended([t_q, t_k, d, d_v], causal));
        }
    }
}

#[test]
fn the_host_attends_as_attention_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    for [t_q, t_k, d, d_v] in SIZES {
        for causal in [false, true] {
            let [q, k, v] = drawn([t_q, t_k, d, d_v]).map(|x| x.repeat(2));
            let sizes = Sizes { rows: 2, t_q, t_k, d, d_v };
            let wgsl = solution::flash_attention_wgsl();
            let got = block_on(run_flash(&gpu, wgsl, [&q, &k, &v], sizes, causal)).unwrap();
            assert_close(&got, &attended([t_q, t_k, d, d_v], causal).repeat(2));
        }
    }
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let run = |count: usize, [rows, t_q, t_k, d, d_v]: [usize; 5]| {
        let sizes = Sizes { rows, t_q, t_k, d, d_v };
        let (q, k, v) =
            (numbers(count, 0), numbers(rows * t_k * d, 1), numbers(rows * t_k * d_v, 2));
        block_on(run_flash(&gpu, solution::flash_attention_wgsl(), [&q, &k, &v], sizes, false))
    };
    assert_eq!(run(6, [1, 2, 4, 3, 5]).unwrap().len(), 10);
    assert!(run(0, [1, 0, 4, 3, 5]).unwrap().is_empty());
    assert_eq!(run(6, [1, 2, 0, 3, 2]).unwrap(), [0.0; 4]);
    for (count, sizes) in [
        (5, [1, 2, 4, 3, 5]),
        (0, [1, 2, 4, 0, 5]),
        (6, [1, 2, 4, 3, 65]),
        (130, [1, 2, 1, 65, 1]),
        (6, [1, 2, 4, 3, 0]),
    ] {
        let refused = run(count, sizes);
        assert!(matches!(refused, Err(GpuError::Invalid(_))), "{sizes:?}: {refused:?}");
    }
}

#[test]
fn the_memory_writes_down_what_is_moved() {
    let shape = Shape { t_q: 2, t_k: 3, d: 2, d_v: 1 };
    let [q, k, v] = drawn([2, 3, 2, 1]);
    let mut hbm = Hbm::new([&q, &k, &v], shape).unwrap();
    assert_eq!(hbm.fetch(Matrix::K, 1..3).unwrap(), k[2..6]);
    hbm.store(1..2, &[7.0]).unwrap();
    assert!(hbm.out()[0].is_nan() && hbm.out()[1] == 7.0);
    let bytes: Vec<u64> = hbm.moves().iter().map(|moved| moved.bytes).collect();
    assert_eq!(bytes, [16, 4]);
    let outside = |matrix, start, end, rows| FlashError::Outside { matrix, start, end, rows };
    assert_eq!(hbm.fetch(Matrix::V, 2..4), Err(outside(Matrix::V, 2, 4, 3)));
    assert_eq!(hbm.store(2..3, &[1.0]), Err(outside(Matrix::O, 2, 3, 2)));
    let length = FlashError::Length { matrix: Matrix::O, shape: [2, 1], len: 3 };
    assert_eq!(hbm.store(0..2, &[1.0; 3]), Err(length));
    let length = FlashError::Length { matrix: Matrix::V, shape: [3, 1], len: 2 };
    assert_eq!(Hbm::new([&q, &k, &v[..2]], shape).unwrap_err(), length);
    assert_eq!(hbm.moves().len(), 2, "what fails moves nothing");
}

#[test]
fn it_moves_what_it_says() {
    for [t_q, t_k, d, d_v] in SIZES {
        for causal in [false, true] {
            let shape = Shape { t_q, t_k, d, d_v };
            let tile = Tile { queries: 3, keys: 4 };
            let [q, k, v] = drawn([t_q, t_k, d, d_v]);
            let mut hbm = Hbm::new([&q, &k, &v], shape).unwrap();
            solution::flash(&mut hbm, tile, causal).unwrap();
            let moved: u64 = hbm.moves().iter().map(|moved| moved.bytes).sum();
            assert_eq!(moved, solution::flash_bytes(shape, tile, causal).unwrap());
        }
    }
}

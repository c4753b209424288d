//! What is given does what its docs say.

use candle_core::{Device, Tensor};
use gpu::GpuError;
use grading::block_on;
use positions::{PositionError, Tables, rope_tables, run_rope, solution};

const THETA: f64 = 1000.0;

#[test]
fn tables_hold_a_row_a_position() {
    let Tables { cosines, sines } = rope_tables(3, 4, 100.0).unwrap();
    // ω is 1 and 1/10.
    let angles = [0.0, 0.0, 1.0, 0.1, 2.0, 0.2_f64];
    assert_eq!(cosines, angles.map(|angle| angle.cos() as f32));
    assert_eq!(sines, angles.map(|angle| angle.sin() as f32));
    assert!(rope_tables(0, 4, THETA).unwrap().cosines.is_empty());
    assert!(matches!(rope_tables(3, 5, THETA), Err(PositionError::Odd(5))));
    assert!(matches!(rope_tables(3, 4, 0.0), Err(PositionError::Base(_))));
}

#[test]
fn the_host_turns_as_the_function_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    let [rows, seq, head_dim] = [3, 5, 6];
    let x: Vec<f32> = (0..90_u8).map(|i| f32::from(i) / 8.0 - 5.0).collect();
    let tables = rope_tables(20, head_dim, THETA).unwrap();
    let run = run_rope(&gpu, solution::rope_wgsl(), &x, [rows, seq, head_dim], 15, &tables);
    let got = block_on(run).unwrap();
    let x = Tensor::from_vec(x, (1, rows, seq, head_dim), &Device::Cpu).unwrap();
    let want = solution::rope(&x, 15, THETA).unwrap().flatten_all().unwrap();
    for (got, want) in got.into_iter().zip(want.to_vec1::<f32>().unwrap()) {
        assert!((got - want).abs() < 1e-5, "{got} is not {want}");
    }
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let tables = rope_tables(4, 4, THETA).unwrap();
    let run = |x: &[f32], sizes, offset| {
        block_on(run_rope(&gpu, solution::rope_wgsl(), x, sizes, offset, &tables))
    };
    assert_eq!(run(&[1.0; 8], [1, 2, 4], 2).unwrap().len(), 8);
    assert!(run(&[], [0, 2, 4], 0).unwrap().is_empty());
    for (x, sizes, offset) in [
        (&[1.0; 8][..7], [1, 2, 4], 0),
        (&[1.0; 6], [1, 2, 3], 0),
        // The tables end at position 3.
        (&[1.0; 8], [1, 2, 4], 3),
    ] {
        let refused = run(x, sizes, offset);
        assert!(matches!(refused, Err(GpuError::Invalid(_))), "{sizes:?}, {offset}: {refused:?}");
    }
}

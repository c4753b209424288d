//! burn's product of matrices on wgpu as a contender: each line that it reads is the size of two
//! square matrices, which it multiplies once; it answers with a checksum. See
//! `crates/bench/src/peer.rs`.

use std::collections::HashMap;
use std::io::BufRead;
use std::time::Instant;

use burn::tensor::{Device, DeviceKind, Tensor, TensorData};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::wgpu(DeviceKind::DefaultDevice);
    let mut factors: HashMap<usize, [Tensor<2>; 2]> = HashMap::new();
    println!("PEER {{\"ready\": true}}");
    for line in std::io::stdin().lock().lines() {
        let size: usize = line?.trim().parse()?;
        let [a, b] = factors.entry(size).or_insert_with(|| {
            [3, 11].map(|seed| {
                let data = TensorData::new(whole_numbers(size, seed), [size, size]);
                Tensor::from_data(data, &device)
            })
        });
        device.sync()?;
        let start = Instant::now();
        let c = a.clone().matmul(b.clone());
        // Nothing is computed before somebody asks for it.
        device.flush()?;
        device.sync()?;
        let seconds = start.elapsed().as_secs_f64();
        let c: Vec<f32> = c.into_data().try_to_vec()?;
        println!("PEER {{\"seconds\": {seconds}, \"result\": {}}}", checksum(&c));
    }
    Ok(())
}

/// From −9 to 9, the same as in `crates/bench/src/matmul.rs`.
fn whole_numbers(size: usize, seed: usize) -> Vec<f32> {
    (0..size * size).map(|i| ((i * 7919 + seed) % 19) as f32 - 9.0).collect()
}

/// Of whole numbers, so that it is exact.
fn checksum(c: &[f32]) -> f64 {
    c.iter().enumerate().map(|(i, &c)| f64::from(c) * (1 + i % 7) as f64).sum()
}

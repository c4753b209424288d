//! The WGSL softmax against a device-to-device copy of the same bytes and candle on the CPU.

use candle_core::{DType, Device, Tensor};
use first_gpu_kernel::{BINDINGS, fast, solution};
use gpu::{Binding, Gpu};
use grading::block_on;

use crate::timing::{ratio, shortest};

const SIZE: usize = 4096;
const REPEATS: u32 = 10;

/// Prints the ratios on this machine's adapter.
pub fn bench() -> anyhow::Result<()> {
    let gpu = block_on(gpu::shared())?;
    println!("Softmax of {SIZE} × {SIZE} on {}", gpu.name());
    let numbers: Vec<f32> = (0..SIZE * SIZE).map(|i| ((i * 7919) % 1000) as f32 / 100.0).collect();
    let (x, y) = (gpu.upload(&numbers), gpu.zeros::<f32>(numbers.len()));
    block_on(gpu.copy(&x, &y, 1))?;
    let (copy, copied) = shortest(5, || block_on(gpu.copy(&x, &y, REPEATS)));
    copied?;
    let tensor = Tensor::from_vec(numbers, (SIZE, SIZE), &Device::Cpu)?.to_dtype(DType::F32)?;
    let (cpu, out) = shortest(3, || candle_nn::ops::softmax_last_dim(&tensor));
    out?;
    let cpu = cpu * REPEATS;
    for (name, wgsl) in [("lesson's", solution::softmax_wgsl()), ("fast", fast::softmax_wgsl())] {
        let time = kernel(&gpu, wgsl, &BINDINGS, &x, &y)?;
        let (to_copy, to_cpu) = (ratio(time, copy), ratio(cpu, time));
        println!(
            "  the {name} kernel takes {to_copy:.2}× a copy of its bytes (1.3 is the budget on a real GPU)"
        );
        println!("  the {name} kernel is {to_cpu:.2}× as fast as candle's softmax on the CPU");
    }
    Ok(())
}

fn kernel(
    gpu: &Gpu,
    wgsl: &str,
    bindings: &[Binding],
    x: &gpu::Buffer<f32>,
    y: &gpu::Buffer<f32>,
) -> anyhow::Result<std::time::Duration> {
    let kernel = block_on(gpu.compile(wgsl, "softmax", bindings))?;
    let dims = gpu.uniform(&[SIZE as u32, SIZE as u32, 0, 0]);
    let run = || block_on(gpu.repeat(&kernel, &[x, y, &dims], gpu::rows_grid(SIZE), REPEATS));
    run()?;
    let (time, done) = shortest(5, run);
    done?;
    Ok(time)
}

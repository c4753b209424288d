//! Flash attention against the same attention in three kernels: a product, softmax, a product.

use anyhow::ensure;
use attention::Sizes;
use gpu::{Buffer, Gpu, Kernel, rows_grid};
use grading::block_on;
use matrix_multiplication::{Dims, Kernel as Product};

use crate::timing::{medians, ratio};

const LENGTHS: [usize; 3] = [256, 512, 1024];
const WIDTH: usize = 64;
const ROUNDS: usize = 5;

/// Prints the ratios on this machine's adapter, and what is allocated.
pub fn bench() -> anyhow::Result<()> {
    let gpu = block_on(gpu::shared())?;
    println!("Attention of one head, {WIDTH} numbers wide, on {}", gpu.name());
    for length in LENGTHS {
        let one = Attention::new(&gpu, length)?;
        one.expect_the_same()?;
        let times = medians(ROUNDS, Product::ALL.len() + 1, |way| one.run(way))?;
        let (unfused, flash) = times.split_at(Product::ALL.len());
        for (product, &time) in Product::ALL.into_iter().zip(unfused) {
            println!(
                "  {length} tokens: flash attention is {:.2}× as fast as three kernels with {}",
                ratio(time, flash[0]),
                product.entry()
            );
        }
        let kib = |tables: usize| 4 * (4 * length * WIDTH + tables * length * length) / 1024;
        println!("  {length} tokens: {} KiB allocated, for three kernels {}", kib(0), kib(2));
    }
    Ok(())
}

/// One head, ready to run in any way.
struct Attention<'a> {
    gpu: &'a Gpu,
    length: usize,
    /// Queries, keys, keys with rows and columns swapped, values.
    inputs: [Buffer<f32>; 4],
    /// Queries over the root of their width.
    scaled: Buffer<f32>,
    tables: [Buffer<f32>; 2],
    out: Buffer<f32>,
    flash: Kernel,
    softmax: Kernel,
    products: [Kernel; 3],
}

impl<'a> Attention<'a> {
    fn new(gpu: &'a Gpu, length: usize) -> anyhow::Result<Self> {
        let numbers = |seed: usize| -> Vec<f32> {
            (0..length * WIDTH).map(|i| ((i * 7919 + seed) % 1000) as f32 / 250.0 - 2.0).collect()
        };
        let [q, k, v] = [1, 2, 3].map(numbers);
        let swapped: Vec<f32> =
            (0..length * WIDTH).map(|i| k[i % length * WIDTH + i / length]).collect();
        let scaled: Vec<f32> = q.iter().map(|q| q / (WIDTH as f32).sqrt()).collect();
        let compile = |wgsl, entry, bindings| block_on(gpu.compile(wgsl, entry, bindings));
        let product = |product: Product, wgsl| {
            compile(wgsl, product.entry(), &matrix_multiplication::BINDINGS)
        };
        Ok(Self {
            gpu,
            length,
            inputs: [&q, &k, &swapped, &v].map(|x| gpu.upload(x)),
            scaled: gpu.upload(&scaled),
            tables: [0, 1].map(|_| gpu.zeros(length * length)),
            out: gpu.zeros(length * WIDTH),
            flash: compile(
                flash_attention::solution::flash_attention_wgsl(),
                flash_attention::ENTRY,
                &attention::BINDINGS,
            )?,
            softmax: compile(
                first_gpu_kernel::solution::softmax_wgsl(),
                "softmax",
                &first_gpu_kernel::BINDINGS,
            )?,
            products: [
                product(Product::Naive, matrix_multiplication::solution::matmul_naive_wgsl())?,
                product(Product::Tiled, matrix_multiplication::solution::matmul_tiled_wgsl())?,
                product(Product::Blocked, matrix_multiplication::solution::matmul_blocked_wgsl())?,
            ],
        })
    }

    /// With the products of one of the three kernels, or, behind these, in one.
    fn run(&self, way: usize) -> anyhow::Result<()> {
        match Product::ALL.get(way) {
            Some(&product) => self.unfused(product, &self.products[way]),
            None => self.fused(),
        }
    }

    fn fused(&self) -> anyhow::Result<()> {
        let length = self.length;
        let sizes = Sizes { rows: 1, t_q: length, t_k: length, d: WIDTH, d_v: WIDTH };
        let [q, k, _, v] = &self.inputs;
        let (shape, options) =
            (self.gpu.uniform(&sizes.sizes()), self.gpu.uniform(&sizes.options(false)));
        let grid = flash_attention::grid(sizes);
        block_on(self.gpu.run(&self.flash, &[q, k, v, &self.out, &shape, &options], grid))?;
        Ok(())
    }

    fn unfused(&self, product: Product, kernel: &Kernel) -> anyhow::Result<()> {
        let Self { gpu, length: n, .. } = *self;
        let [scores, weights] = &self.tables;
        let [.., keys, values] = &self.inputs;
        let multiply = |a, b, c, dims: Dims| {
            let sizes = gpu.uniform(&[dims.m as u32, dims.k as u32, dims.n as u32, 0]);
            block_on(gpu.run(kernel, &[a, b, c, &sizes], product.grid(dims)))
        };
        multiply(&self.scaled, keys, scores, Dims { m: n, k: WIDTH, n })?;
        let rows = gpu.uniform(&[n as u32, n as u32, 0, 0]);
        block_on(gpu.run(&self.softmax, &[scores, weights, &rows], rows_grid(n)))?;
        multiply(weights, values, &self.out, Dims { m: n, k: n, n: WIDTH })?;
        Ok(())
    }

    /// Every way gives the same result, so it may be timed.
    fn expect_the_same(&self) -> anyhow::Result<()> {
        self.run(0)?;
        let want = block_on(self.gpu.read(&self.out))?;
        for way in 1..=Product::ALL.len() {
            self.run(way)?;
            let got = block_on(self.gpu.read(&self.out))?;
            let off = got.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            ensure!(off < 1e-3, "two ways to compute attention differ by {off}");
        }
        Ok(())
    }
}

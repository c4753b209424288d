//! The kernel: packed words times rows of x.

use grading::random::seeded;
use grading::{Failure, Outcome};
use kernel_test::{KernelUnderTest, Slot, UNTOUCHED};
use rand::RngExt;

use crate::oracle::sum;
use crate::{BINDINGS, Code, ENTRY, Nf4Product};

/// Rounding of a sum, relative to the absolute values of its terms.
const ROUNDED: f64 = 1e-5;

/// A product whose codes and scales are drawn.
fn drawn([m, k, n]: [usize; 3], block: usize, seed: u64) -> Nf4Product {
    let mut rng = seeded(seed);
    let x = (0..m * k).map(|_| rng.random_range(-1.0..1.0)).collect();
    let codes = (0..k * n / 8).map(|_| rng.random()).collect();
    let absmax = (0..(k * n).div_ceil(block)).map(|_| rng.random_range(0.25..2.0)).collect();
    Nf4Product { dims: [m, k, n, block].map(|size| size as u32), x, codes, absmax }
}

/// The product in f64, each number with the size of its terms.
fn wanted(product: &Nf4Product) -> Vec<[f64; 2]> {
    let [m, k, n, block] = product.dims.map(|size| size as usize);
    let weight = |at: usize| {
        let bytes = product.codes[at / 8].to_le_bytes();
        let code = bytes[at % 8 / 2] >> (4 - 4 * (at % 2)) & 15;
        f64::from(Code::Nf4.levels()[usize::from(code)]) * f64::from(product.absmax[at / block])
    };
    let w: Vec<f64> = (0..k * n).map(weight).collect();
    let number = |at: usize| {
        let (i, j) = (at / n, at % n);
        sum((0..k).map(|p| f64::from(product.x[i * k + p]) * w[p * n + j]))
    };
    (0..m * n).map(number).collect()
}

struct Kernel(KernelUnderTest);

impl Kernel {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// A run in so many lines of workgroups, each wider by some than it would have to be.
    async fn expect(&self, product: &Nf4Product, lines: u32, wider: u32) -> Outcome {
        let grid = [(product.threads() as u32).div_ceil(64 * lines) + wider, lines, 1];
        let slots = [
            Slot::Input(&product.x),
            Slot::Index(&product.codes),
            Slot::Input(&product.absmax),
            Slot::Output("y", product.outputs()),
            Slot::Uniform(product.dims),
        ];
        let guard = grid.iter().product::<u32>() as usize * 64 * 32;
        let outputs = self.0.run(&slots, guard.min(1 << 16) + 8, grid).await?;
        self.0.explained(judge(product, &outputs), &slots, grid)
    }
}

fn judge(product: &Nf4Product, outputs: &[Vec<f32>]) -> Outcome {
    let [m, k, n, block] = product.dims;
    for (i, (&got, [want, size])) in outputs.iter().flatten().zip(wanted(product)).enumerate() {
        let bound = ROUNDED * size + 1e-30;
        if (f64::from(got) - want).abs() <= bound {
            continue;
        }
        let (row, col) = (i / n as usize, i % n as usize);
        let at = format!("({m}, {k}) times ({k}, {n}), blocks of {block}: y[{row}, {col}]");
        return Err(Failure::wrong(if got == UNTOUCHED {
            format!("{at} was never written; expected {want:.6}")
        } else {
            let off = f64::from(got) - want;
            format!(
                "{at}: expected {want:.6}, got {got:.6}, off by {off:.1e} where rounding explains \
                 {bound:.1e}"
            )
        }));
    }
    Ok(())
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = Kernel(KernelUnderTest::thread_by_thread(&wgsl, ENTRY, &BINDINGS).await?);
    for (seed, (sizes, block, lines)) in
        (1..).zip([([1, 1, 8], 64, 1), ([5, 3, 16], 8, 1), ([11, 2, 200], 64, 2)])
    {
        kernel.expect(&drawn(sizes, block, seed), lines, 0).await?;
    }
    Ok(())
}

pub async fn kernel_follows_the_formula(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    for (seed, (sizes, block)) in (10..).zip([
        ([1, 1, 8], 8),
        ([8, 7, 8], 64),
        ([3, 40, 24], 64),
        ([6, 9, 136], 32),
        ([17, 33, 64], 256),
        ([2, 0, 16], 64),
        ([1, 700, 40], 64),
    ]) {
        let product = drawn(sizes, block, seed);
        kernel.expect(&product, 1, 0).await?;
        kernel.expect(&product, 2 + seed as u32 % 2, 1).await?;
    }
    // Every code by itself.
    for code in 0..16 {
        let mut product = drawn([1, 2, 8], 8, 30);
        product.x = vec![1.0, 0.0];
        product.codes = vec![0x1111_1111 * code, 0x7777_7777];
        kernel.expect(&product, 1, 0).await?;
    }
    Ok(())
}

pub async fn products_agree(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    kernel.expect(&drawn([70, 50, 264], 64, 40), 3, 0).await?;
    #[cfg(not(target_family = "wasm"))]
    {
        use grading::{Differential, draw};

        // More numbers than 16 bits count.
        kernel.expect(&drawn([3, 300, 520], 64, 41), 1, 0).await?;
        let sizes = (draw::lengths(1..=40), draw::lengths(1..=100), draw::lengths(1..=20));
        let block = draw::select(vec![64, 8, 24, 4096]);
        let inputs = (sizes, block, (1..4_u32, 0..3_u32), draw::any_u64());
        Differential::cases(24)
            .run_async(inputs, async |&((m, k, words), block, (lines, wider), seed)| {
                kernel.expect(&drawn([m, k, 8 * words], block, seed), lines, wider).await
            })
            .await?;
    }
    // In the page fewer sizes, one of them past 256 inputs.
    #[cfg(target_family = "wasm")]
    kernel.expect(&drawn([2, 300, 16], 64, 41), 1, 0).await?;
    #[cfg(target_family = "wasm")]
    for seed in 0..6 {
        let of = |most: usize| 1 + (seed as usize * 7919 + 5) % most;
        let product = drawn([of(30), of(41), 8 * of(9)], [64, 8, 24][seed as usize % 3], seed);
        kernel.expect(&product, 1 + seed as u32 % 3, seed as u32 % 2).await?;
    }
    Ok(())
}

//! The kernels, at sizes and with numbers that break a careless one.

#[cfg(not(target_family = "wasm"))]
use grading::{
    Differential,
    draw::{self, Strategy, prop_oneof},
};
use grading::{Failure, Outcome, Tolerance};
use kernel_test::{KernelUnderTest, Slot, expect_of_rows, written};

use crate::oracle::{rms_norm_row, silu, spread};
use crate::{RMS_NORM_BINDINGS, SWIGLU_BINDINGS, workgroups};

/// Products and a root: nothing cancels, so small numbers have their digits, too.
const RELATIVE: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-35 };
const THREADS: usize = 256;

/// A kernel `rms_norm` under test.
struct Norm(KernelUnderTest);

impl Norm {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, "rms_norm", &RMS_NORM_BINDINGS).await?))
    }

    /// Fails unless the kernel normalizes every row from such a grid. The parameters are drawn.
    async fn expect(&self, x: &[f32], cols: usize, eps: f32, grid: [u32; 3]) -> Outcome {
        let rows = x.len() / cols;
        let gamma: Vec<f32> = spread(cols, 7).iter().map(|v| v - 4.5).collect();
        let slots = [
            Slot::Input(x),
            Slot::Input(&gamma),
            Slot::Output("y", x.len()),
            Slot::Uniform([rows as u32, cols as u32, eps.to_bits(), 0]),
        ];
        // Room for every workgroup's row, and some.
        let guard = (grid.iter().product::<u32>() as usize).saturating_sub(rows) * cols + 4;
        let y = self.0.run(&slots, guard, grid).await?.remove(0);
        let judged = judge_norm(x, &gamma, eps, &y);
        self.0.explained(judged, &slots, grid)
    }
}

fn judge_norm(x: &[f32], gamma: &[f32], eps: f32, y: &[f32]) -> Outcome {
    let cols = gamma.len();
    let what = format!("RMSNorm of a matrix ({}, {cols}), eps {eps}", x.len() / cols);
    written(&what, y, |i| format!("row {}, column {}", i / cols, i % cols))?;
    let exact = |x: &[f32]| x.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
    let of_row = |row: &[f32]| rms_norm_row(&exact(row), &exact(gamma), eps.into());
    let want: Vec<f64> = x.chunks(cols).flat_map(of_row).collect();
    expect_of_rows(&what, (x, cols), y, &want, RELATIVE, |_| String::new())
}

pub async fn rms_kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel =
        Norm(KernelUnderTest::thread_by_thread(&wgsl, "rms_norm", &RMS_NORM_BINDINGS).await?);
    for (seed, (rows, cols, grid)) in
        (80..).zip([(1, 5, [1, 1, 1]), (3, 259, [3, 1, 1]), (3, 7, [2, 2, 1])])
    {
        kernel.expect(&spread(rows * cols, seed), cols, 0.25, grid).await?;
    }
    Ok(())
}

pub async fn rms_kernel_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = Norm::compile(&wgsl).await?;
    for (seed, (rows, cols)) in
        (10..).zip([(1, 1), (3, 7), (1, 2), (5, 31), (300, 33), (2, 256), (4, 1)])
    {
        kernel.expect(&spread(rows * cols, seed), cols, 1e-5, [rows as u32, 1, 1]).await?;
    }
    Ok(())
}

pub async fn rms_kernel_has_eps_inside_the_root(wgsl: String) -> Outcome {
    let kernel = Norm::compile(&wgsl).await?;
    for (size, eps) in
        [(1e-3, 1e-5), (1.0, 2.5), (1e-6, 1e-5), (1e-12, 1e-6), (1e-6, 1e-12), (0.0, 1e-5)]
    {
        let x: Vec<f32> = spread(3 * 41, 20).iter().map(|v| v * size).collect();
        kernel.expect(&x, 41, eps, [3, 1, 1]).await?;
    }
    // Numbers whose squares are large, and still finite.
    let x: Vec<f32> = spread(3 * 41, 21).iter().map(|v| v * 1e15).collect();
    kernel.expect(&x, 41, 1e-5, [3, 1, 1]).await
}

pub async fn rms_kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = Norm::compile(&wgsl).await?;
    for (seed, (rows, cols)) in
        (30..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 4096), (2, 10_000)])
    {
        let mut x = spread(rows * cols, seed);
        // The largest is at the end, where a kernel that stops early does not look.
        x[rows * cols - 1] = 500.0;
        kernel.expect(&x, cols, 1e-5, [rows as u32, 1, 1]).await?;
    }
    Ok(())
}

pub async fn rms_kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = Norm::compile(&wgsl).await?;
    for (seed, (rows, cols, grid)) in
        (40..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1]), (7, 1, [1, 8, 1])])
    {
        kernel.expect(&spread(rows * cols, seed), cols, 1e-5, grid).await?;
    }
    Ok(())
}

pub async fn rms_kernel_agrees(wgsl: String) -> Outcome {
    let kernel = Norm::compile(&wgsl).await?;
    // Limits that others have met, whatever is drawn.
    let mut long = spread(2 * 16_385, 7);
    long[16_384] = 500.0;
    kernel.expect(&long, 16_385, 1e-5, [2, 1, 1]).await?;
    kernel.expect(&spread(70_000, 5), 70_000, 1e-5, [1, 1, 1]).await?;
    #[cfg(not(target_family = "wasm"))]
    rms_kernel_agrees_on_drawn_matrices(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn rms_kernel_agrees_on_drawn_matrices(kernel: &Norm) -> Outcome {
    // So many workgroups take a software GPU in a page longer than a reader waits.
    kernel.expect(&spread(65_537, 8), 1, 1e-5, gpu::rows_grid(65_537)).await?;
    let sizes = prop_oneof![
        8 => (1_usize..=9, draw::lengths(1..=1030)),
        1 => (1_usize..=2, 16_300_usize..=33_000),
    ];
    let settings = draw::select(vec![(1.0_f32, 1e-5_f32), (1e-3, 1e-6), (1e6, 1e-5), (1e-8, 0.5)]);
    let inputs = (sizes, draw::any_u64(), settings, draw::select(vec![1, 1, 2, 3]));
    Differential::cases(16)
        .run_async(inputs, async |((rows, cols), seed, (size, eps), lines)| {
            let x: Vec<f32> = spread(rows * cols, *seed).iter().map(|v| v * size).collect();
            let grid = [rows.div_ceil(*lines) as u32, *lines as u32, 1];
            kernel.expect(&x, *cols, *eps, grid).await
        })
        .await
}

/// A kernel `swiglu` under test.
struct Gate(KernelUnderTest);

impl Gate {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, "swiglu", &SWIGLU_BINDINGS).await?))
    }

    /// Fails unless the kernel gates every number from such a grid.
    async fn expect(&self, gate: &[f32], up: &[f32], grid: [u32; 3]) -> Outcome {
        let n = gate.len();
        let slots = [
            Slot::Input(gate),
            Slot::Input(up),
            Slot::Output("y", n),
            Slot::Uniform([n as u32, 0, 0, 0]),
        ];
        // Room for a number of every thread, but not for millions.
        let idle = (grid.iter().product::<u32>() as usize * THREADS).saturating_sub(n);
        let y = self.0.run(&slots, idle.min(1 << 16) + 4, grid).await?.remove(0);
        let judge = || {
            let what = format!("SwiGLU with n = {n}");
            written(&what, &y, |i| format!("number {i}"))?;
            let want = gate.iter().zip(up).map(|(g, up)| silu(f64::from(*g)) * f64::from(*up));
            let about = |i: usize| format!(", the value of up is {}", up[i]);
            let want: Vec<f64> = want.collect();
            expect_of_rows(&what, (gate, 1), &y, &want, RELATIVE, about)
        };
        self.0.explained(judge(), &slots, grid)
    }

    async fn expect_drawn(&self, n: usize, seed: u64, grid: [u32; 3]) -> Outcome {
        self.expect(&spread(n, seed), &spread(n, seed + 1000), grid).await
    }
}

pub async fn swiglu_kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = Gate(KernelUnderTest::thread_by_thread(&wgsl, "swiglu", &SWIGLU_BINDINGS).await?);
    for (n, grid) in [(7, [1, 1, 1]), (300, [2, 1, 1]), (520, [1, 4, 1])] {
        kernel.expect_drawn(n, n as u64, grid).await?;
    }
    Ok(())
}

pub async fn swiglu_kernel_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = Gate::compile(&wgsl).await?;
    for n in [1, 7, 255, 256, 257, 1000, 4099] {
        kernel.expect_drawn(n, n as u64, workgroups(n)).await?;
    }
    Ok(())
}

pub async fn swiglu_kernel_counts_through_the_lines(wgsl: String) -> Outcome {
    let kernel = Gate::compile(&wgsl).await?;
    for (n, grid) in [(3000, [4, 3, 1]), (1500, [2, 5, 1]), (10, [3, 2, 1]), (2000, [1, 9, 1])] {
        kernel.expect_drawn(n, n as u64, grid).await?;
    }
    Ok(())
}

pub async fn swiglu_kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = Gate::compile(&wgsl).await?;
    let far = [200.0, -200.0, 88.0, -60.0, 60.0, 95.0, -95.0, 1e4, -1e4, 1e30, -1e30, 0.0, -0.0];
    let up: Vec<f32> = spread(far.len(), 3);
    kernel.expect(&far, &up, [1, 1, 1]).await?;
    // Where exp comes near to the ends of f32, and numbers of which not much is left.
    let steps: Vec<f32> = (0_u8..150).map(|i| -75.0 + f32::from(i)).collect();
    kernel.expect(&steps, &spread(150, 4), [1, 1, 1]).await?;
    let tiny: Vec<f32> = spread(150, 5).iter().map(|v| v * 1e-12).collect();
    kernel.expect(&tiny, &spread(150, 6), [1, 1, 1]).await
}

pub async fn swiglu_kernel_agrees(wgsl: String) -> Outcome {
    let kernel = Gate::compile(&wgsl).await?;
    kernel.expect_drawn(70 * THREADS - 5, 9, [1, 70, 1]).await?;
    kernel.expect_drawn(70_001, 10, workgroups(70_001)).await?;
    #[cfg(not(target_family = "wasm"))]
    swiglu_kernel_agrees_on_drawn_numbers(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn swiglu_kernel_agrees_on_drawn_numbers(kernel: &Gate) -> Outcome {
    let number = prop_oneof![
        4 => draw::between_f32(-8.0, 8.0),
        2 => (-1120_i16..=1120).prop_map(|v| f32::from(v) / 16.0),
    ];
    let pairs = draw::list((number, draw::between_f32(-100.0, 100.0)), 1..=3000);
    let inputs = (pairs, draw::select(vec![1_u32, 1, 2, 3, 12]), 0_u32..=2);
    Differential::cases(16)
        .run_async(inputs, async |(pairs, lines, more)| {
            // WGSL may take what is tinier for 0.
            let plain = |v: f32| if v.abs() >= 1e-30 { v } else { 0.0 };
            let (gate, up): (Vec<f32>, Vec<f32>) =
                pairs.iter().map(|(gate, up)| (plain(*gate), plain(*up))).unzip();
            let width = (gate.len() as u32).div_ceil(THREADS as u32 * lines) + more;
            kernel.expect(&gate, &up, [width, *lines, 1]).await
        })
        .await
}

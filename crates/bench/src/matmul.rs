//! Products of square matrices: the variant that suits the adapter, against the naive kernel and
//! burn's product on the same adapter.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use gpu::Gpu;
use grading::block_on;
use matrix_multiplication::fast::{self, Variant};
use matrix_multiplication::{Dims, Kernel, Product};

use crate::peer::Peer;

const SIZES: [usize; 2] = [512, 1024];
/// So many seconds may the rounds of a size take; there are five, or three where these are not
/// enough.
const PATIENCE: f64 = 60.0;

/// A run that would take longer is left out: a driver is given up after twenty seconds.
const LONGEST: f64 = 10.0;

/// What the page includes.
const TABLE: &str = "src/2-transformers/matrix-multiplication-speeds.md";

/// Prints the ratios on this machine's adapter; with `write`, also writes the table that the page
/// includes. burn is compiled, which takes minutes and the network, only `with_peers`.
pub fn bench(root: &Path, with_peers: bool, write: bool) -> Result<()> {
    let gpu = block_on(gpu::shared())?;
    println!("Products of square matrices on {}", gpu.name());
    let mut burn = if with_peers { Peer::program(root, "burn", &[])? } else { None };
    let mut columns: Vec<Vec<Speed>> = Vec::new();
    for size in SIZES {
        let before = columns.last().map_or(&[][..], |speeds| speeds);
        columns.push(measure(&gpu, burn.as_mut(), size, before)?);
    }
    if write {
        lessons::files::write(&root.join(TABLE), table(&gpu, &columns[0]))?;
    }
    Ok(())
}

/// A kernel of the page, or burn, and its GFLOP/s.
type Speed = (&'static str, f64);

/// The speeds at a size; those at the size before foretell who is too slow for this one.
fn measure(
    gpu: &Gpu,
    mut burn: Option<&mut Peer>,
    size: usize,
    before: &[Speed],
) -> Result<Vec<Speed>> {
    let dims = Dims::square(size);
    let is_slow = |name: &str| {
        let speed = before.iter().find(|(one, _)| *one == name);
        speed.is_some_and(|(_, speed)| dims.flops() / (1e9 * speed) > LONGEST)
    };
    let factors = [3, 11].map(|seed| whole_numbers(size, seed));
    let [a, b] = [&factors[0][..], &factors[1][..]];
    let mut ways = Vec::new();
    for kernel in Kernel::ALL {
        if is_slow(kernel.entry()) {
            println!("  {size}³: {} would take more than {LONGEST} s, left out", kernel.entry());
            continue;
        }
        let product = block_on(Product::new(gpu, kernel.solution(), kernel, [a, b], dims))?;
        ways.push((kernel.entry(), product));
    }
    ways.push((fast::ENTRY, block_on(Product::in_registers(gpu, [a, b], dims))?));

    // The first run of each is that in which the driver compiles. What it gives is looked at, so
    // that nobody is timed who computes something else.
    let run = |product: &Product| -> Result<f64> {
        let start = Instant::now();
        block_on(product.run())?;
        Ok(start.elapsed().as_secs_f64())
    };
    let (mut sums, mut once) = (Vec::new(), 0.0);
    for (_, product) in &ways {
        run(product)?;
        once += run(product)?;
        sums.push(checksum(&block_on(product.read())?));
    }
    if let Some(burn) = burn.as_deref_mut() {
        // burn tries its kernels out in its first runs.
        for _ in 0..3 {
            sums.push(burn.run(&size.to_string())?.1);
        }
    }
    ensure!(sums.iter().all(|sum| *sum == sums[0]), "the products differ: {sums:?}");

    let rounds = if 5.0 * once < PATIENCE { 5 } else { 3 };
    let mut times = vec![Vec::new(); ways.len() + usize::from(burn.is_some())];
    for _ in 0..rounds {
        for ((_, product), times) in ways.iter().zip(&mut times) {
            times.push(run(product)?);
        }
        if let (Some(burn), Some(times)) = (burn.as_deref_mut(), times.last_mut()) {
            let (time, sum): (_, f64) = burn.run(&size.to_string())?;
            ensure!(sum == sums[0], "burn computes something else: {sum}, not {}", sums[0]);
            times.push(time.as_secs_f64());
        }
    }
    let names = ways.iter().map(|(name, _)| *name).chain(["burn"]);
    let speed = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        dims.flops() / times[times.len() / 2] / 1e9
    };
    let speeds: Vec<Speed> = names.zip(times.into_iter().map(speed)).collect();
    tell(gpu, size, rounds, &speeds);
    Ok(speeds)
}

fn tell(gpu: &Gpu, size: usize, rounds: usize, speeds: &[Speed]) {
    let of = |name: &str| speeds.iter().find(|(one, _)| *one == name).map(|(_, speed)| *speed);
    for (name, speed) in speeds {
        println!("  {size}³: {name} {speed:.2} GFLOP/s (median of {rounds} rounds)");
    }
    let chosen = Variant::of(gpu.is_fallback()).entry();
    let budgets = [("burn", 1.3), (Kernel::Naive.entry(), 8.0)];
    for (peer, budget) in budgets {
        if let (Some(ours), Some(theirs)) = (of(chosen), of(peer)) {
            println!(
                "  {size}³: {chosen} is {:.2}× as fast as {peer} ({budget} is the budget)",
                ours / theirs
            );
        }
    }
}

/// What the page includes: of the first size, the speeds as multiples of the naive kernel's, since
/// the speed itself is that of a machine and of what else it does.
fn table(gpu: &Gpu, speeds: &[Speed]) -> String {
    let naive = speeds.iter().find(|(name, _)| *name == Kernel::Naive.entry());
    let naive = naive.map_or(f64::NAN, |(_, speed)| *speed);
    let mut table = String::from("| kernel | speed |\n|---|--:|\n");
    for (name, speed) in speeds {
        let name = name.trim_start_matches("matmul_");
        table += &format!("| {name} | {:.1} × |\n", speed / naive);
    }
    let size = SIZES[0];
    table
        + &format!(
            "\n*Speed as a multiple of the naive kernel's, for {size} by {size} times {size} by \
             {size} on {}: “cargo study bench matmul” measures yours.*\n",
            gpu.name()
        )
}

/// From −9 to 9, so that every sum is exact.
fn whole_numbers(size: usize, seed: usize) -> Vec<f32> {
    (0..size * size).map(|i| ((i * 7919 + seed) % 19) as f32 - 9.0).collect()
}

/// The same as in `peers/burn`.
fn checksum(c: &[f32]) -> f64 {
    c.iter().enumerate().map(|(i, &c)| f64::from(c) * (1 + i % 7) as f64).sum()
}

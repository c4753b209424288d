//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::{Failure, Outcome, Worked};

use crate::example::{AMOUNTS, BILLS, PRICES};
use crate::solution::{matmul, numbers_read};
use crate::{Dims, Kernel, Machine, intensity};

/// The square product of the page.
const LARGE: Dims = Dims::square(1024);

/// A layer of a model with `d_model` 4096, for one token and for 512 at once.
const TOKEN: Dims = Dims { m: 1, k: 4096, n: 4096 };
const BATCH: Dims = Dims { m: 512, ..TOKEN };

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let Dims { m, k, n } = BILLS;
    let bills = matmul(&AMOUNTS, &PRICES, BILLS)?;
    let (row, col) = (1, 1);
    let number = |x: f32| short(f64::from(x), 1);
    let terms: Vec<String> = (0..k)
        .map(|p| format!("{} · {}", number(AMOUNTS[row * k + p]), number(PRICES[p * n + col])))
        .collect();
    worked.set("bill-terms", terms.join(" + "));
    worked.set("bill", number(bills[row * n + col]));
    worked.set("bills", m * n);
    worked.set("bills-on-paper", m * k + k * n);
    worked.set("bills-read", numbers_read(BILLS, 1)?);

    let size = LARGE.n as u64;
    worked.set("size", count(size));
    worked.set("gflops", short(LARGE.flops() / 1e9, 2));
    worked.set("mb", megabytes(3 * size * size));
    let gigabytes = |tile| -> Result<String, Failure> {
        Ok(short(4.0 * numbers_read(LARGE, tile)? as f64 / 1e9, 2))
    };
    let (naive, tiled, blocked) =
        (Kernel::Naive.shared_tile(), Kernel::Tiled.tile(), Kernel::Blocked.tile());
    worked.set("naive-gb", gigabytes(naive)?);
    worked.set("tiled-gb", gigabytes(tiled)?);
    worked.set("blocked-gb", gigabytes(blocked)?);

    let machine = Machine::H100;
    worked.set("ridge", short(machine.ridge(), 0));
    let of_naive = intensity(LARGE, naive)?;
    worked.set("naive-intensity", short(of_naive, 2));
    worked.set("naive-tflops", short(machine.attainable(of_naive) / 1e12, 2));
    worked.set("naive-share", percent(machine.attainable(of_naive) / machine.flops, 1));
    for (name, tile) in [("tiled", tiled), ("blocked", blocked)] {
        let intensity = intensity(LARGE, tile)?;
        worked.set(&format!("{name}-intensity"), short(intensity, 1));
        worked.set(&format!("{name}-tflops"), short(machine.attainable(intensity) / 1e12, 0));
    }
    worked.set("best-intensity", short(intensity(LARGE, LARGE.n)?, 0));

    worked.set("large-tiles-kib", 2 * 64 * 16 * 4 / 1024);
    worked.set("edge-reads", numbers_read(Dims { m: 17, k: 10, n: 17 }, 16)?);

    let d_model = TOKEN.k as u64;
    worked.set("d-model", count(d_model));
    worked.set("weights-mb", megabytes(d_model * d_model));
    let of_token = intensity(TOKEN, TOKEN.n)?;
    worked.set("token-intensity", short(of_token, 1));
    worked.set("token-share", percent(machine.attainable(of_token) / machine.flops, 1));
    worked.set("batch-intensity", short(intensity(BATCH, BATCH.n)?, 0));
    worked.set("batch", BATCH.m);
    Ok(())
}

/// Of so many f32.
fn megabytes(numbers: u64) -> String {
    short(4.0 * numbers as f64 / 1e6, 1)
}

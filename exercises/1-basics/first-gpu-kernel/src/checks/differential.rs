//! Every kernel at the limits that others have met and, natively, at drawn sizes. What draws would
//! be a tenth of what a reader downloads for a kernel lab.

use grading::Outcome;
#[cfg(not(target_family = "wasm"))]
use grading::{
    Differential,
    draw::{self, Strategy, prop_oneof},
    random::seeded,
};
#[cfg(not(target_family = "wasm"))]
use rand::RngExt;

use crate::oracle::{UnderTest, spread, whole};

/// Numbers of every size, times a factor of any; grids of several lines, longer than needed.
pub async fn scale_agrees(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, "scale").await?;
    // Large and small numbers, where someone adds a little against zeros.
    for a in [1e30, -1e-30] {
        let x: Vec<f32> = [3.0, -0.5, 1e-3, 7e7].iter().map(|v| v / a).collect();
        kernel.expect_scaled(a, &x, [1, 1, 1]).await?;
    }
    // More lines than somebody may think of.
    kernel.expect_scaled(-3.0, &spread(70 * crate::THREADS as usize - 5, 9), [1, 70, 1]).await?;
    #[cfg(not(target_family = "wasm"))]
    scale_agrees_on_drawn_numbers(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn scale_agrees_on_drawn_numbers(kernel: &UnderTest) -> Outcome {
    // More workgroups than fit side by side, and places that f32 cannot count: a software GPU in a
    // page takes longer for them than a reader waits.
    let short = spread(4099, 8);
    let long: Vec<f32> = short.iter().copied().cycle().take(16_777_216 + 4099).collect();
    kernel.expect_scaled(0.5, &long, crate::solution::workgroups(long.len() as u32)).await?;

    let lines = draw::select(vec![1, 1, 2, 3, 12]);
    let numbers = draw::list(draw::finite_f32(), 1..=3000);
    let inputs = (numbers, draw::finite_f32(), lines, 0_u32..=2);
    Differential::cases(32)
        .run_async(inputs, async |(x, a, lines, more)| {
            // WGSL may take what is tinier for 0, and need not know infinity.
            let is_plain = |v: &f32| v.abs() >= f32::MIN_POSITIVE && v.is_finite() || *v == 0.0;
            let a = if is_plain(a) { *a } else { 3.0 };
            let keep = |v: &f32| if is_plain(v) && is_plain(&(a * v)) { *v } else { 0.0 };
            let x: Vec<f32> = x.iter().map(keep).collect();
            let width = (x.len() as u32).div_ceil(crate::THREADS * lines) + more;
            kernel.expect_scaled(a, &x, [width, *lines, 1]).await
        })
        .await
}

/// Sums of such numbers are exact if those of the numbers were.
fn times_power_of_two(mut x: Vec<f32>, power: i32) -> Vec<f32> {
    x.iter_mut().for_each(|v| *v *= 2.0_f32.powi(power));
    x
}

/// Matrices of drawn sizes, past one workgroup and past 16,384 columns, of large and small numbers.
pub async fn sum_agrees(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, "sum").await?;
    kernel.expect_sums(&whole(2 * 16_385, 7), 16_385, [2, 1, 1]).await?;
    kernel.expect_sums(&whole(70_000, 5), 70_000, [1, 1, 1]).await?;
    kernel.expect_sums(&times_power_of_two(whole(300, 9), -90), 100, [3, 1, 1]).await?;
    // What cancels out is a sum, too.
    kernel.expect_sums(&[1.0, -1.0, 0.0, 5.0, -2.0, -3.0, 7.0, 0.0, 0.0], 3, [3, 1, 1]).await?;
    #[cfg(not(target_family = "wasm"))]
    sum_agrees_on_drawn_matrices(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn sum_agrees_on_drawn_matrices(kernel: &UnderTest) -> Outcome {
    // More rows than fit side by side: a software GPU in a page takes too long for them.
    kernel.expect_sums(&whole(65_537, 8), 1, gpu::rows_grid(65_537)).await?;
    let powers = draw::select(vec![0, 0, 90, -90]);
    let lines = draw::select(vec![1, 1, 2, 3]);
    Differential::cases(24)
        .run_async((sizes(), draw::any_u64(), powers, lines), async |input| {
            let &((rows, cols), seed, power, lines) = input;
            let x = times_power_of_two(whole(rows * cols, seed), power);
            let grid = [(rows as u32).div_ceil(lines), lines, 1];
            kernel.expect_sums(&x, cols, grid).await
        })
        .await
}

#[cfg(not(target_family = "wasm"))]
fn sizes() -> impl Strategy<Value = (usize, usize)> {
    prop_oneof![
        10 => (1_usize..=9, draw::lengths(1..=1030)),
        1 => (1_usize..=2, 16_300_usize..=33_000),
    ]
}

/// Matrices of drawn sizes, past one workgroup and past 16,384 columns.
pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, "softmax").await?;
    // A limit that others have met, whatever is drawn; the largest is behind it.
    let mut long = spread(2 * 16_385, 7);
    long[16_384] = 9.0;
    kernel.expect_softmax("softmax", &long, 16_385).await?;
    kernel.expect_softmax("softmax", &spread(70_000, 5), 70_000).await?;
    #[cfg(not(target_family = "wasm"))]
    kernel_agrees_on_drawn_matrices(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn kernel_agrees_on_drawn_matrices(kernel: &UnderTest) -> Outcome {
    // So many workgroups take a software GPU in a page longer than a reader waits.
    kernel.expect_softmax("softmax", &spread(65_537, 8), 1).await?;
    let inputs = (sizes(), draw::any_u64(), draw::select(vec![0.0_f32, 0.0, 1e4, -1e4, 3e4]));
    Differential::cases(24)
        .run_async(inputs, async |((rows, cols), seed, offset)| {
            let rng = &mut seeded(*seed);
            // From −40 to 40 in steps of 1/64, so that f32 holds number and offset exactly.
            let mut logit = || rng.random_range(-2560_i16..=2560) as f32 / 64.0 + offset;
            let x: Vec<f32> = (0..rows * cols).map(|_| logit()).collect();
            kernel.expect_softmax(&format!("softmax, logits near {offset},"), &x, *cols).await
        })
        .await
}

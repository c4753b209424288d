//! The kernel, at sizes and with numbers that break a careless one.

use grading::Outcome;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{Batch, LossKernel};

const ODD_SIZES: [[usize; 2]; 6] = [[1, 2], [3, 7], [5, 31], [300, 33], [2, 256], [7, 3]];
const LONG_SIZES: [[usize; 2]; 5] = [[5, 257], [2, 1000], [3, 511], [1, 4099], [2, 20_000]];

/// Random batches of these sizes, the same for the same seed.
fn batches(sizes: &[[usize; 2]], seed: u64) -> impl Iterator<Item = Batch> {
    let mut rng = StdRng::seed_from_u64(seed);
    sizes.iter().map(move |&size| Batch::random(&mut rng, size))
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = LossKernel::thread_by_thread(&wgsl).await?;
    let grids = [[1, 1, 1], [3, 1, 1], [2, 3, 1]];
    for (mut batch, grid) in batches(&[[1, 5], [3, 259], [5, 7]], 20).zip(grids) {
        // The first of several rows is left out: what is before it lies outside.
        if let [ignored, _, ..] = &mut batch.targets[..] {
            *ignored = batch.ignore_index;
        }
        kernel.run("thread by thread", &batch, grid).await?.expect_both()?;
    }
    Ok(())
}

pub async fn kernel_loss_is_right(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    for batch in batches(&ODD_SIZES, 30) {
        kernel.run("random rows", &batch, batch.line()).await?.expect_loss()?;
    }
    Ok(())
}

pub async fn kernel_gradient_is_p_minus_y(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    for batch in batches(&ODD_SIZES, 40) {
        kernel.run("random rows", &batch, batch.line()).await?.expect_gradient()?;
    }
    Ok(())
}

pub async fn kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    for mut batch in batches(&LONG_SIZES, 50) {
        // The largest, and a target, are at the end, where a kernel that stops early does not look.
        *batch.logits.last_mut().expect("a batch has logits") = 9.0;
        batch.targets[0] = batch.cols as u32 - 1;
        kernel.run("long rows", &batch, batch.line()).await?.expect_both()?;
    }
    Ok(())
}

pub async fn kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    for mut batch in batches(&[[5, 301]], 60) {
        // Steps of 1/64, so that f32 holds number and offset exactly.
        let steps: Vec<f32> = batch.logits.iter().map(|v| (v * 64.0).round() / 64.0).collect();
        for (scale, offset) in
            [(1.0, 1e4), (1.0, -1e4), (1.0, 1e5), (1.0, -200.0), (2500.0, 0.0), (0.0, f32::MIN)]
        {
            batch.logits = steps.iter().map(|v| v * scale + offset).collect();
            let what = format!("logits within {} of {offset}", 4.0 * scale);
            kernel.run(&what, &batch, batch.line()).await?.expect_both()?;
        }
    }
    Ok(())
}

pub async fn kernel_writes_zeros_for_the_ignored(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    let sizes = [[11, 7], [11, 300], [11, 5], [11, 6]];
    for (mut batch, ignore_index) in batches(&sizes, 70).zip([0, u32::MAX, 4, 1000]) {
        batch.ignore_index = ignore_index;
        for row in [0, 3, 4, 10] {
            batch.targets[row] = ignore_index;
        }
        let what = format!("rows with target {ignore_index} ignored");
        kernel.run(&what, &batch, batch.line()).await?.expect_both()?;
    }
    Ok(())
}

pub async fn kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = LossKernel::compile(&wgsl).await?;
    let grids = [[4, 3, 1], [3, 2, 1], [9, 1, 1]];
    for (batch, grid) in batches(&[[11, 5], [6, 270], [2, 3]], 80).zip(grids) {
        let what = format!("a grid of {} by {} workgroups", grid[0], grid[1]);
        kernel.run(&what, &batch, grid).await?.expect_both()?;
    }
    Ok(())
}

//! Softmax by rows, at sizes and with numbers that break a careless kernel.

use grading::{Outcome, expect};

use crate::oracle::{self, UnderTest, spread};

const ENTRY: &str = "softmax";

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = UnderTest::thread_by_thread(&wgsl, ENTRY).await?;
    for (seed, (rows, cols, grid)) in
        (80..).zip([(1, 5, [1, 1, 1]), (3, 259, [3, 1, 1]), (3, 7, [2, 2, 1])])
    {
        let x = spread(rows * cols, seed);
        let y = kernel.softmax(&x, cols, grid).await?;
        oracle::expect_rows(&format!("softmax of a matrix ({rows}, {cols})"), &y, &x, cols)?;
    }
    Ok(())
}

pub async fn kernel_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols)) in
        (30..).zip([(1, 1), (3, 7), (1, 2), (5, 31), (300, 33), (2, 256), (4, 1)])
    {
        kernel.expect_softmax("softmax", &spread(rows * cols, seed), cols).await?;
    }
    Ok(())
}

pub async fn kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols)) in
        (40..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 4096), (2, 10_000)])
    {
        let mut x = spread(rows * cols, seed);
        // The largest is at the end, where a kernel that stops early does not look.
        x[rows * cols - 1] = 9.0;
        kernel.expect_softmax("softmax", &x, cols).await?;
    }
    Ok(())
}

pub async fn kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    let cols = 301;
    // Steps of 1/64, so that f32 holds number and offset exactly.
    let steps: Vec<f32> = spread(2 * cols, 50).iter().map(|v| (v * 64.0).round() / 64.0).collect();
    for offset in [1e4, -1e4, 100.0, -200.0] {
        let x: Vec<f32> = steps.iter().map(|v| v + offset).collect();
        kernel.expect_softmax(&format!("softmax, logits near {offset},"), &x, cols).await?;
    }
    // Rows of very different heights, with peaks where rows begin and end.
    let heights = [200.0, 1e4, -1e4, 0.0, 300.0];
    let mut uneven: Vec<f32> = heights
        .iter()
        .flat_map(|height| steps[..cols].iter().map(move |step| step + height))
        .collect();
    for (row, peak) in [(1, 0), (2, cols - 1), (3, 0)] {
        uneven[row * cols + peak] += 150.0;
    }
    kernel.expect_softmax("softmax, rows of different heights,", &uneven, cols).await?;
    let wide: Vec<f32> = steps.iter().map(|v| v * 2500.0).collect();
    kernel.expect_softmax("softmax, logits up to ±10,000,", &wide, cols).await?;
    for mask in [-1e30, f32::MIN] {
        let keep_third = |(i, &v): (usize, &f32)| if i % 3 == 0 { v } else { mask };
        let masked: Vec<f32> = steps.iter().enumerate().map(keep_third).collect();
        kernel
            .expect_softmax(&format!("softmax, two of three entries {mask:e},"), &masked, cols)
            .await?;
        kernel
            .expect_softmax(&format!("softmax, all entries {mask:e},"), &vec![mask; 2 * cols], cols)
            .await?;
    }
    Ok(())
}

pub async fn kernel_keeps_rows_apart(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    let (rows, cols) = (7, 37);
    let x = spread(rows * cols, 60);
    let grid = [rows as u32, 1, 1];
    let before = kernel.softmax(&x, cols, grid).await?;
    let mut changed = x.clone();
    changed[3 * cols..4 * cols].copy_from_slice(&spread(cols, 61));
    changed[3 * cols + 5] = 40.0;
    let after = kernel.softmax(&changed, cols, grid).await?;
    for row in (0..rows).filter(|&row| row != 3) {
        let range = row * cols..(row + 1) * cols;
        expect(before[range.clone()] == after[range], || {
            format!("row {row} changed when row 3 of x did")
        })?;
    }
    oracle::expect_rows("softmax", &after, &changed, cols)
}

pub async fn kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols, grid)) in
        (70..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1])])
    {
        let x = spread(rows * cols, seed);
        let what = format!("softmax from a grid of {} by {} workgroups", grid[0], grid[1]);
        kernel.expect_softmax_from(&what, &x, cols, grid).await?;
    }
    Ok(())
}

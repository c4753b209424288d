//! A sum as a tree. Sums of whole numbers are exact, so nothing needs a tolerance.

use grading::{Outcome, Tolerance};

use crate::oracle::{UnderTest, whole};

const ENTRY: &str = "sum";

pub async fn sum_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = UnderTest::thread_by_thread(&wgsl, ENTRY).await?;
    for (seed, (rows, cols, grid)) in
        (50..).zip([(1, 5, [1, 1, 1]), (3, 259, [3, 1, 1]), (3, 7, [2, 2, 1])])
    {
        kernel.expect_sums(&whole(rows * cols, seed), cols, grid).await?;
    }
    Ok(())
}

pub async fn sum_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols)) in
        (10..).zip([(1, 1), (3, 7), (1, 2), (5, 31), (300, 33), (2, 255), (2, 256), (4, 1)])
    {
        kernel.expect_sums(&whole(rows * cols, seed), cols, [rows as u32, 1, 1]).await?;
    }
    Ok(())
}

pub async fn sum_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols)) in
        (20..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 4096), (2, 10_000)])
    {
        let mut x = whole(rows * cols, seed);
        // The last number decides, where a kernel that stops early does not look.
        x[rows * cols - 1] = 1e6;
        kernel.expect_sums(&x, cols, [rows as u32, 1, 1]).await?;
    }
    Ok(())
}

pub async fn sum_keeps_its_digits(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    let tenths = vec![0.1; 1_000_000];
    kernel.expect_sums_within(Tolerance::WGSL, &tenths, tenths.len(), [1, 1, 1]).await
}

pub async fn sum_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (rows, cols, grid)) in
        (30..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1]), (7, 1, [1, 8, 1])])
    {
        kernel.expect_sums(&whole(rows * cols, seed), cols, grid).await?;
    }
    Ok(())
}

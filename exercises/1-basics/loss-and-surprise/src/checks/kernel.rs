// The kernel, at sizes and with numbers that break a careless one.

const ODD_SIZES: [(usize, usize); 6] = [(1, 2), (3, 7), (5, 31), (300, 33), (2, 256), (7, 3)];

async fn kernel_loss_is_right(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (30..).zip(ODD_SIZES) {
        kernel.expect_loss("random rows", &Batch::random(rows, cols, seed)).await?;
    }
    Ok(())
}

async fn kernel_gradient_is_p_minus_y(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (40..).zip(ODD_SIZES) {
        kernel.expect_gradient("random rows", &Batch::random(rows, cols, seed)).await?;
    }
    Ok(())
}

async fn kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (50..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 10_000)])
    {
        let mut batch = Batch::random(rows, cols, seed);
        // The largest, and a target, are at the end, where a kernel that stops early does not look.
        batch.logits[rows * cols - 1] = 9.0;
        batch.targets[0] = cols as u32 - 1;
        kernel.expect_both("long rows", &batch).await?;
    }
    Ok(())
}

async fn kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    let plain = Batch::random(5, 301, 60);
    // Steps of 1/64, so that f32 holds number and offset exactly.
    let steps: Vec<f32> = plain.logits.iter().map(|v| (v * 64.0).round() / 64.0).collect();
    for offset in [1e4, -1e4, 1e5, -200.0] {
        let logits = steps.iter().map(|v| v + offset).collect();
        let what = format!("logits near {offset}");
        kernel.expect_both(&what, &Batch { logits, ..plain.clone() }).await?;
    }
    let logits = steps.iter().map(|v| v * 2500.0).collect();
    kernel.expect_both("logits up to ±10,000", &Batch { logits, ..plain.clone() }).await
}

async fn kernel_writes_zeros_for_the_ignored(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (cols, ignore_index)) in (70..).zip([(7, 0), (300, u32::MAX), (5, 4), (6, 1000)]) {
        let mut batch = Batch { ignore_index, ..Batch::random(11, cols, seed) };
        for row in [0, 3, 4, 10] {
            batch.targets[row] = ignore_index;
        }
        kernel.expect_both(&format!("rows with target {ignore_index} ignored"), &batch).await?;
    }
    Ok(())
}

async fn kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols, grid)) in
        (80..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1])])
    {
        let what = format!("a grid of {} by {} workgroups for {rows} rows", grid[0], grid[1]);
        kernel.expect_on_grid(&what, &Batch::random(rows, cols, seed), grid).await?;
    }
    Ok(())
}

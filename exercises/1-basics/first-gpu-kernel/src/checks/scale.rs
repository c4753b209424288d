//! One thread a number.

use grading::Outcome;

use crate::oracle::{UnderTest, spread};

const ENTRY: &str = "scale";

pub async fn scale_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = UnderTest::thread_by_thread(&wgsl, ENTRY).await?;
    for (seed, (n, grid)) in
        (50..).zip([(7, [1, 1, 1]), (259, [2, 1, 1]), (769, [2, 2, 1]), (3, [1, 3, 1])])
    {
        kernel.expect_scaled(2.5, &spread(n, seed), grid).await?;
    }
    Ok(())
}

pub async fn scale_is_right_at_odd_sizes(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (n, a)) in (10..).zip([
        (1_u32, 3.0),
        (3, -2.5),
        (255, 0.1),
        (70, 1.0),
        (256, 0.0),
        (257, -1.0),
        (1000, 1e-3),
        (5003, 12.0),
    ]) {
        let grid = [n.div_ceil(crate::THREADS), 1, 1];
        kernel.expect_scaled(a, &spread(n as usize, seed), grid).await?;
    }
    Ok(())
}

pub async fn scale_stays_inside(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (n, grid)) in
        (20..).zip([(1, [1, 1, 1]), (300, [2, 1, 1]), (512, [2, 1, 1]), (5, [9, 1, 1])])
    {
        kernel.expect_scaled(1.5, &spread(n, seed), grid).await?;
    }
    Ok(())
}

pub async fn scale_counts_through_the_lines(wgsl: String) -> Outcome {
    let kernel = UnderTest::compile(&wgsl, ENTRY).await?;
    for (seed, (n, grid)) in (30..).zip([
        (2800, [4, 3, 1]),
        (1500, [3, 2, 1]),
        (1025, [1, 5, 1]),
        (700, [3, 2, 1]),
        (20, [2, 7, 1]),
    ]) {
        kernel.expect_scaled(-0.75, &spread(n, seed), grid).await?;
    }
    Ok(())
}

//! What is given does what its docs say.

use gpu::GpuError;
use grading::block_on;
use kernel_test::{KernelUnderTest, Slot};
use matrix_multiplication::readers::{Reads, Sharing, read_tile, tiles};
use matrix_multiplication::solution::{self, numbers_read};
use matrix_multiplication::{BINDINGS, Dims, Kernel, LONGEST, Machine, intensity, run_matmul};

fn source(kernel: Kernel) -> &'static str {
    match kernel {
        Kernel::Naive => solution::matmul_naive_wgsl(),
        Kernel::Tiled => solution::matmul_tiled_wgsl(),
        Kernel::Blocked => solution::matmul_blocked_wgsl(),
    }
}

#[test]
fn the_host_multiplies_as_the_function_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    for dims in [Dims { m: 70, k: 19, n: 5 }, Dims { m: 2, k: 0, n: 3 }, Dims::square(0)] {
        let numbers = |count: usize| -> Vec<f32> { (0..count).map(|i| (i % 11) as f32).collect() };
        let (a, b) = (numbers(dims.m * dims.k), numbers(dims.k * dims.n));
        let want = solution::matmul(&a, &b, dims).unwrap();
        for kernel in Kernel::ALL {
            let got = run_matmul(&gpu, source(kernel), kernel, [&a, &b], dims);
            assert_eq!(block_on(got).unwrap(), want, "{kernel:?}, {dims:?}");
        }
    }
}

#[test]
fn the_host_refuses_what_does_not_fit() {
    let gpu = block_on(gpu::shared()).unwrap();
    let run = |a: &[f32], b: &[f32], [m, k, n]: [usize; 3]| {
        let wgsl = solution::matmul_naive_wgsl();
        block_on(run_matmul(&gpu, wgsl, Kernel::Naive, [a, b], Dims { m, k, n }))
    };
    for (a, b, sizes) in [
        (&[1.0; 5][..], &[1.0; 6][..], [2, 3, 2]),
        (&[1.0; 6], &[1.0; 7], [2, 3, 2]),
        (&[], &[], [LONGEST, 0, 2]),
        (&[], &[], [usize::MAX, 2, 0]),
    ] {
        let refused = run(a, b, sizes);
        assert!(matches!(refused, Err(GpuError::Invalid(_))), "{sizes:?}: {refused:?}");
    }
}

#[test]
fn long_grids_fold_into_lines() {
    for kernel in Kernel::ALL {
        for dims in [Dims { m: LONGEST, k: 1, n: 1 }, Dims { m: 1, k: 1, n: 65_536 * 64 }] {
            let [width, lines, _] = kernel.grid(dims);
            let tiles = dims.m.div_ceil(kernel.tile()) * dims.n.div_ceil(kernel.tile());
            assert!(width <= 65_535 && lines <= 65_535, "{kernel:?}: {width} by {lines}");
            assert!(width as usize * lines as usize >= tiles, "{kernel:?}: {width} by {lines}");
        }
    }
}

/// What a run of the kernel itself reads, from `a`, from `b` and from workgroup memory.
fn counted(wgsl: &str, kernel: Kernel, dims: Dims) -> [u64; 3] {
    let Dims { m, k, n } = dims;
    let (a, b) = (vec![1.0; m * k], vec![1.0; k * n]);
    let slots = [
        Slot::Input(&a),
        Slot::Input(&b),
        Slot::Output("c", m * n),
        Slot::Uniform([m as u32, k as u32, n as u32, 0]),
    ];
    let reads = block_on(async {
        let test = KernelUnderTest::thread_by_thread(wgsl, kernel.entry(), &BINDINGS).await?;
        test.run_counted(&slots, 0, kernel.grid(dims)).await
    });
    let reads = reads.unwrap().1.unwrap();
    [reads.slots[0], reads.slots[1], reads.workgroup]
}

#[test]
fn the_pictures_show_what_the_kernels_read() {
    for kernel in Kernel::ALL {
        let sharing = match kernel {
            Kernel::Naive => Sharing::Nothing,
            Kernel::Tiled => Sharing::Tiles { depth: 16, block: 1 },
            Kernel::Blocked => Sharing::Tiles { depth: 16, block: 4 },
        };
        for dims in [Dims { m: 35, k: 20, n: 66 }, Dims { m: 1, k: 7, n: 1 }, Dims::square(32)] {
            let mut reads = Reads::none(dims);
            for one in tiles(dims, kernel.tile()) {
                read_tile(&mut reads, dims, kernel.tile(), &one, sharing);
            }
            let sums = [reads.a.iter().sum(), reads.b.iter().sum(), reads.workgroup];
            assert_eq!(counted(source(kernel), kernel, dims), sums, "{kernel:?}, {dims:?}");
            let want = numbers_read(dims, kernel.shared_tile()).unwrap();
            assert_eq!(reads.total(), want, "{kernel:?}, {dims:?}");
        }
    }
}

#[test]
fn a_roofline_has_a_ridge() {
    let machine = Machine { flops: 100.0, bandwidth: 10.0 };
    assert_eq!(machine.ridge(), 10.0);
    assert_eq!([1.0, 10.0, 30.0].map(|i| machine.attainable(i)), [10.0, 100.0, 100.0]);
    // 2 · 8 FLOPs for 2 · 8 reads and 4 writes of four bytes each.
    assert_eq!(intensity(Dims::square(2), 1).unwrap(), 16.0 / 80.0);
    assert!(intensity(Dims::square(2), 0).is_err());
}

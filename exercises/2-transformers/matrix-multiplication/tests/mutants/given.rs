//! What is given does what its docs say.

use gpu::GpuError;
use grading::block_on;
use kernel_test::{KernelUnderTest, Slot};
use matrix_multiplication::fast::{self, Variant};
use matrix_multiplication::readers::{Reads, Sharing, read_tile, tiles};
use matrix_multiplication::solution::{self, numbers_read};
use matrix_multiplication::{
    BINDINGS, Dims, Kernel, LONGEST, Machine, Product, intensity, run_matmul,
};

#[test]
fn the_host_multiplies_as_the_function_does() {
    let gpu = block_on(gpu::shared()).unwrap();
    for dims in [Dims { m: 70, k: 19, n: 5 }, Dims { m: 2, k: 0, n: 3 }, Dims::square(0)] {
        let numbers = |count: usize| -> Vec<f32> { (0..count).map(|i| (i % 11) as f32).collect() };
        let (a, b) = (numbers(dims.m * dims.k), numbers(dims.k * dims.n));
        let want = solution::matmul(&a, &b, dims).unwrap();
        for kernel in Kernel::ALL {
            let got = run_matmul(&gpu, kernel.solution(), kernel, [&a, &b], dims);
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
            assert_eq!(counted(kernel.solution(), kernel, dims), sums, "{kernel:?}, {dims:?}");
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

/// Sizes that leave something over of vec4f, of blocks and of tiles, or of nothing.
const ODD: [[usize; 3]; 9] = [
    [1, 1, 1],
    [1, 7, 1],
    [3, 18, 5],
    [9, 4, 8],
    [8, 5, 13],
    [66, 33, 65],
    [65, 2, 131],
    [2, 0, 3],
    [0, 3, 2],
];

/// Whole numbers, whose sums f32 holds exactly, and their product in f64.
fn whole([m, k, n]: [usize; 3]) -> ([Vec<f32>; 2], Vec<f32>) {
    let numbers = |count: usize, seed: usize| -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed) % 19) as f32 - 9.0).collect()
    };
    let (a, b) = (numbers(m * k, 3), numbers(k * n, 11));
    let sum = |i: usize| -> f64 {
        (0..k).map(|p| f64::from(a[i / n * k + p]) * f64::from(b[p * n + i % n])).sum()
    };
    let c = (0..m * n).map(|i| sum(i) as f32).collect();
    ([a, b], c)
}

#[test]
fn both_variants_multiply_at_odd_sizes() {
    let gpu = block_on(gpu::shared()).unwrap();
    for sizes in ODD {
        let [m, k, n] = sizes;
        let ([a, b], want) = whole(sizes);
        let dims = Dims { m, k, n };
        assert_eq!(block_on(fast::matmul(&gpu, [&a, &b], dims)).unwrap(), want, "{sizes:?}");
        for variant in [Variant::Blocked, Variant::Registers] {
            let product = block_on(variant.product(&gpu, [&a, &b], dims)).unwrap();
            // What one run leaves does not show in the next.
            for _ in 0..2 {
                block_on(product.run()).unwrap();
                assert_eq!(block_on(product.read()).unwrap(), want, "{variant:?}, {sizes:?}");
            }
        }
    }
    let refused = block_on(Product::in_registers(&gpu, [&[1.0], &[1.0; 2]], Dims::square(1)));
    assert!(matches!(refused, Err(GpuError::Invalid(_))));
}

#[test]
fn software_gets_the_kernel_without_workgroup_memory() {
    assert_eq!(Variant::of(true), Variant::Registers);
    assert_eq!(Variant::of(false), Variant::Blocked);
    assert_eq!(Variant::of(true).entry(), fast::ENTRY);
}

#[test]
fn infinity_and_nan_stay_in_their_places() {
    let gpu = block_on(gpu::shared()).unwrap();
    let dims = Dims { m: 9, k: 5, n: 6 };
    let ([mut a, mut b], _) = whole([9, 5, 6]);
    (a[4], b[5], b[6 + 1]) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
    let want = solution::matmul(&a, &b, dims).unwrap();
    for variant in [Variant::Blocked, Variant::Registers] {
        let product = block_on(variant.product(&gpu, [&a, &b], dims)).unwrap();
        block_on(product.run()).unwrap();
        let same = |(x, y): (&f32, &f32)| x == y || x.is_nan() && y.is_nan();
        let got = block_on(product.read()).unwrap();
        assert!(got.iter().zip(&want).all(same), "{variant:?}: {got:?}");
    }
}

#[test]
fn the_kernel_in_registers_is_right_thread_by_thread() {
    for (sizes, grid) in [
        ([1, 1, 1], [1, 1, 1]),
        ([3, 18, 5], [1, 1, 1]),
        ([9, 6, 13], [2, 1, 1]),
        // Two tiles each way, in two lines of the grid, and two workgroups too many.
        ([65, 5, 66], [3, 2, 1]),
    ] {
        let [m, k, n] = sizes;
        let ([a, b], want) = whole(sizes);
        let wide = n.next_multiple_of(4);
        let [a, b] = fast::filled_up([&a, &b], Dims { m, k, n });
        let slots = [
            Slot::Input(&a),
            Slot::Input(&b),
            Slot::Output("c", m * wide),
            Slot::Uniform([m as u32, k as u32, n as u32, 0]),
        ];
        let outputs = block_on(async {
            let wgsl = fast::matmul_registers_wgsl();
            let test = KernelUnderTest::thread_by_thread(wgsl, fast::ENTRY, &BINDINGS).await?;
            test.run(&slots, 0, grid).await
        });
        let outputs = outputs.unwrap();
        let rows = outputs[0].chunks(wide).flat_map(|row| &row[..n]);
        assert!(rows.eq(&want), "{sizes:?}: {outputs:?}, wanted {want:?}");
    }
}

//! The fast kernel is held to the checks of the clear one, and the page's examples do what it says.

use std::sync::{Mutex, MutexGuard, PoisonError};

use first_gpu_kernel::{LESSON, fast, run_scale, run_softmax, run_sum, solution};
use gpu::Binding::{Read, ReadWrite};
use grading::{Run, block_on};

/// The GPU for one test at a time: a software one shares the cores, and a kernel that has to wait for
/// another counts as one that never ends.
fn alone() -> MutexGuard<'static, ()> {
    static GPU: Mutex<()> = Mutex::new(());
    GPU.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn the_fast_kernel_passes_every_check_of_softmax() {
    let _alone = alone();
    let mut judged = 0;
    for check in LESSON.checks.iter().filter(|check| check.info.function == "softmax_wgsl") {
        if let Run::Kernel { check: judge, .. } = check.run {
            let outcome = block_on(judge(fast::softmax_wgsl().to_owned()));
            outcome.unwrap_or_else(|failure| panic!("{}: {failure:?}", check.info.name));
            judged += 1;
        }
    }
    assert!(judged >= 5, "only {judged} kernel checks ran");
}

#[test]
fn the_host_runs_any_size_and_refuses_a_wrong_one() {
    let gpu = block_on(gpu::shared()).unwrap();
    let run =
        |x: &[f32], rows, cols| block_on(run_softmax(&gpu, fast::softmax_wgsl(), x, rows, cols));
    let third = 1.0 / 3.0;
    for y in run(&[5.0; 6], 2, 3).unwrap() {
        assert!((y - third).abs() < 1e-6, "{y}");
    }
    assert!(run(&[], 0, 3).unwrap().is_empty());
    assert!(run(&[1.0; 5], 2, 3).is_err());
    let sum = |x: &[f32], rows, cols| block_on(run_sum(&gpu, solution::sum_wgsl(), x, rows, cols));
    assert_eq!(sum(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3).unwrap(), [6.0, 15.0]);
    assert!(sum(&[], 0, 3).unwrap().is_empty());
    assert!(sum(&[1.0; 5], 2, 3).is_err());
    let scale = |x: &[f32]| block_on(run_scale(&gpu, solution::scale_wgsl(), -2.0, x)).unwrap();
    assert_eq!(scale(&[1.0, 0.5, -3.0]), [-2.0, -1.0, 6.0]);
    assert!(scale(&[]).is_empty());
}

#[test]
fn more_rows_than_fit_side_by_side_fold_into_a_second_line() {
    let _alone = alone();
    let gpu = block_on(gpu::shared()).unwrap();
    let y = block_on(run_softmax(&gpu, fast::softmax_wgsl(), &[3.0; 70_000], 70_000, 1)).unwrap();
    assert!(y.iter().all(|&y| y == 1.0));
    let y = block_on(run_sum(&gpu, solution::sum_wgsl(), &[3.0; 70_000], 70_000, 1)).unwrap();
    assert!(y.iter().all(|&y| y == 3.0));
}

#[test]
fn the_examples_of_the_page_add_and_reverse() {
    let gpu = block_on(gpu::shared()).unwrap();
    let add = include_str!("../kernels/examples/add.wgsl");
    let add = block_on(gpu.compile(add, "add", &[Read, Read, ReadWrite])).unwrap();
    let numbers: Vec<f32> = (0_u16..600).map(f32::from).collect();
    let (a, b, c) = (gpu.upload(&numbers), gpu.upload(&[0.5_f32; 600]), gpu.zeros::<f32>(600));
    block_on(gpu.run(&add, &[&a, &b, &c], [3, 1, 1])).unwrap();
    let sums: Vec<f32> = numbers.iter().map(|x| x + 0.5).collect();
    assert_eq!(block_on(gpu.read(&c)).unwrap(), sums);

    let reverse = include_str!("../kernels/examples/reverse.wgsl");
    let reverse = block_on(gpu.compile(reverse, "reverse", &[ReadWrite])).unwrap();
    let x = gpu.upload(&numbers[..512]);
    block_on(gpu.run(&reverse, &[&x], [2, 1, 1])).unwrap();
    let turned: Vec<f32> = (0_u16..256).rev().chain((256..512).rev()).map(f32::from).collect();
    assert_eq!(block_on(gpu.read(&x)).unwrap(), turned);
}

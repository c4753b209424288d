//! The fast kernel is held to the checks of the clear one, and the page's example compiles.

use gpu::Binding::Read;
use grading::{Failure, Run, block_on};
use softmax_sampling::{fast, grid, lesson, run_softmax};

#[test]
fn the_fast_kernel_passes_every_kernel_check() {
    let mut judged = 0;
    for check in lesson().reference {
        if let Run::Kernel { check: judge, .. } = check.run {
            match block_on(judge(fast::softmax_wgsl())) {
                Ok(()) => judged += 1,
                Err(Failure::Unavailable(why)) => return eprintln!("not tested: {why}"),
                Err(failure) => panic!("{}: {failure:?}", check.name),
            }
        }
    }
    assert!(judged >= 5, "only {judged} kernel checks ran");
}

#[test]
fn the_host_runs_any_size_and_refuses_a_wrong_one() {
    let Ok(gpu) = block_on(gpu::shared()) else { return eprintln!("not tested: no GPU driver") };
    let run =
        |x: &[f32], rows, cols| block_on(run_softmax(&gpu, &fast::softmax_wgsl(), x, rows, cols));
    let third = 1.0 / 3.0;
    for y in run(&[5.0; 6], 2, 3).unwrap() {
        assert!((y - third).abs() < 1e-6, "{y}");
    }
    assert!(run(&[], 0, 3).unwrap().is_empty());
    assert!(run(&[1.0; 5], 2, 3).is_err());
}

#[test]
fn more_rows_than_fit_side_by_side_fold_into_a_second_line() {
    assert_eq!(grid(7), [7, 1, 1]);
    assert_eq!(grid(70_000), [65_535, 2, 1]);
    let Ok(gpu) = block_on(gpu::shared()) else { return eprintln!("not tested: no GPU driver") };
    let y = block_on(run_softmax(&gpu, &fast::softmax_wgsl(), &[3.0; 70_000], 70_000, 1)).unwrap();
    assert!(y.iter().all(|&y| y == 1.0));
}

#[test]
fn the_example_of_the_page_compiles() {
    let Ok(gpu) = block_on(gpu::shared()) else { return eprintln!("not tested: no GPU driver") };
    let example = include_str!("../kernels/example.wgsl");
    block_on(gpu.compile(example, "every_256th", &[Read])).unwrap();
}

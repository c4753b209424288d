//! The fast kernel is held to the checks of the clear one, and the page's example compiles.

use gpu::Binding::Read;
use grading::{Run, block_on};
use softmax_sampling::{LESSON, fast, run_softmax};

#[test]
fn the_fast_kernel_passes_every_kernel_check() {
    let mut judged = 0;
    for check in LESSON.checks {
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
}

#[test]
fn more_rows_than_fit_side_by_side_fold_into_a_second_line() {
    let gpu = block_on(gpu::shared()).unwrap();
    let y = block_on(run_softmax(&gpu, fast::softmax_wgsl(), &[3.0; 70_000], 70_000, 1)).unwrap();
    assert!(y.iter().all(|&y| y == 1.0));
}

#[test]
fn the_example_of_the_page_compiles() {
    let gpu = block_on(gpu::shared()).unwrap();
    let example = include_str!("../kernels/example.wgsl");
    block_on(gpu.compile(example, "every_256th", &[Read])).unwrap();
}

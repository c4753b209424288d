//! The pictures of pages that explain a kernel: runs in the interpreter, as the demo shows them.

use demo::figure::Figure;
use kernel_interpreter::Buffer;

use crate::example;
use crate::run::{self, Lesson};
use crate::shown;

/// Adds up as a tree, with few enough threads to see all of them.
const ADD_UP: &str = include_str!("../kernels/add_up.wgsl");
const ON_ADD_UP: Lesson = Lesson {
    entry: "add_up",
    buffers: || vec![Buffer::input(0, &run::EIGHT), Buffer::output(1, 1)],
    groups: 1,
    outputs: &[("y", 1)],
    on: "eight numbers",
};

/// Where a kernel does not run, its figure is missing, and the page that asks for it says so.
pub fn figures() -> Vec<Figure> {
    let how = "A column is a thread, a row what threads do at one line of the kernel. A number in \
               brackets is a slot; what is written stands in a box.";
    let pass_on = run::lesson(example::RIGHT).and_then(|lesson| {
        let caption = format!("The threads of the kernel below. {how} Lines across are barriers.");
        figure("pass-on", example::RIGHT, lesson, caption)
    });
    let add_up = figure(
        "add-up",
        ADD_UP,
        &ON_ADD_UP,
        format!("The tree once more, thread by thread. {how}"),
    );
    pass_on.into_iter().chain(add_up).collect()
}

fn figure(name: &'static str, source: &str, on: &Lesson, caption: String) -> Option<Figure> {
    let (kernel, report) = run::run(source, on, 1).ok()?;
    let threads = shown::threads(&[], [0; 3], kernel.workgroup_size().iter().product());
    let rows = shown::Rows::of(report.trace.as_ref()?, &threads);
    Some(Figure { name, caption, text: rows.told(), drawing: rows.drawn().into() })
}

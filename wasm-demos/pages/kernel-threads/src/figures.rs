//! The pictures of pages that explain a kernel: runs in the interpreter, as the demo shows them.

use demo::figure::Figure;
use kernel_interpreter::Buffer;

use crate::examples::{self, Example};
use crate::run;
use crate::shown::{self, Rows};
use crate::variants;

/// Adds up as a tree, with few enough threads to see all of them.
const ADD_UP: &str = include_str!("../kernels/add_up.wgsl");
const ON_ADD_UP: Example = Example {
    entry: "add_up",
    buffers: || vec![Buffer::input(0, &examples::EIGHT), Buffer::output(1, 1)],
    groups: [1, 1, 1],
    outputs: &[("y", 1)],
    on: "eight numbers",
};

/// The answer of the lesson on loss: of its picture only the end is shown.
const CROSS_ENTROPY: &str = include_str!(
    "../../../../exercises/1-basics/loss-and-surprise/kernels/solution/cross_entropy.wgsl"
);

/// Where a kernel does not run, its figure is missing, and the page that asks for it says so.
pub fn figures() -> Vec<Figure> {
    let how = "[4] is the name of a place, not its number; what is written stands in a box.";
    let pass_on = examples::of(variants::RIGHT).and_then(|example| {
        let caption = format!(
            "The threads of the kernel below, side by side. {how} Lines across are barriers."
        );
        figure("pass-on", variants::RIGHT, example, caption, true, |rows| rows)
    });
    let caption = format!("The tree once more, thread by thread. {how}");
    let add_up = figure("add-up", ADD_UP, &ON_ADD_UP, caption, false, |rows| rows);
    let cross_entropy = examples::of(CROSS_ENTROPY).and_then(|example| {
        let caption = "The end of a row of five logits: 8 of 256 threads.".to_owned();
        figure("cross-entropy", CROSS_ENTROPY, example, caption, false, |rows| rows.end())
    });
    [pass_on, add_up, cross_entropy].into_iter().flatten().collect()
}

fn figure(
    name: &'static str,
    source: &str,
    on: &Example,
    caption: String,
    has_lines: bool,
    part: for<'a> fn(Rows<'a>) -> Rows<'a>,
) -> Option<Figure> {
    let (kernel, report) = run::run(source, on, 1).ok()?;
    let threads = shown::threads(&[], [0; 3], kernel.workgroup_size().iter().product());
    let rows = part(Rows::of(report.trace.as_ref()?, &threads));
    Some(Figure { name, caption, text: rows.told(), drawing: rows.drawn(has_lines).into() })
}

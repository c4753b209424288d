use kernel_interpreter::Buffer;

use super::{COLS, Example, ROWS, dims};

pub const EXAMPLE: Example = Example {
    entry: "sum",
    buffers: || vec![Buffer::input(0, &ROWS), Buffer::output(1, 2), dims([2, COLS as u32, 0])],
    groups: [2, 1, 1],
    outputs: &[("y", 1)],
    on: "two rows of five numbers: 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1",
};

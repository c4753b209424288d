use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "pass_on",
    buffers: || vec![Buffer::input(0, &EIGHT), Buffer::output(1, 8)],
    groups: [1, 1, 1],
    outputs: &[("y", 1)],
    on: "eight numbers: 3, 1, 4, 1, 5, 9, 2, 6",
};

use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "matmul_strided",
    buffers: || {
        // A is the transpose of what lies in the buffer: 3 rows, 2 columns, steps of 1 and 3.
        vec![
            Buffer::input(0, &EIGHT[..6]),
            Buffer::input(1, &EIGHT[..4]),
            Buffer::input(2, &[1.0; 6]),
            Buffer::words(3, vec![3, 2, 2, 1]),
            Buffer::words(4, vec![1, 3, 2, 1]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("c", 2)],
    on: "the transpose of the rows 3, 1, 4 and 1, 5, 9, times the rows 3, 1 and 4, 1, added to ones",
};

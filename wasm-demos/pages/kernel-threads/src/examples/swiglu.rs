use kernel_interpreter::Buffer;

use super::{COLS, Example, ROWS, dims};

pub const EXAMPLE: Example = Example {
    entry: "swiglu",
    buffers: || {
        vec![
            Buffer::input(0, &ROWS[COLS..]),
            Buffer::input(1, &ROWS[..COLS]),
            Buffer::output(2, COLS),
            Buffer { binding: 3, ..dims([COLS as u32, 0, 0]) },
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("y", 2)],
    on: "five gates, −2, 0.5, 2, 0 and 1, and the numbers 3, 1, 4, 1 and 5",
};

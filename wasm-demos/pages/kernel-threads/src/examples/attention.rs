use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "attention",
    buffers: || {
        vec![
            // Two queries, three keys, three values.
            Buffer::input(0, &[1.0, 0.0, 0.0, 2.0]),
            Buffer::input(1, &EIGHT[..6]),
            Buffer::input(2, &[1.0, 0.0, 0.0, 10.0, 5.0, 5.0]),
            Buffer::output(3, 4),
            Buffer::words(4, vec![1, 2, 3, 2]),
            // Two columns, causal.
            Buffer::words(5, vec![2, 1, 0, 0]),
        ]
    },
    groups: [2, 1, 1],
    outputs: &[("out", 3)],
    on: "two queries, 1, 0 and 0, 2, and three keys, 3, 1 and 4, 1 and 5, 9, causal, with values \
         of two numbers",
};

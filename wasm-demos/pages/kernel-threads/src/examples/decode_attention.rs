use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "decode_attention",
    buffers: || {
        vec![
            Buffer::input(0, &[1.0, 0.0, 0.0, 1.0]),
            Buffer::input(1, &EIGHT),
            Buffer::input(2, &EIGHT),
            Buffer::output(3, 4),
            // Two heads of queries and one of keys; three tokens in room for four.
            Buffer::words(4, vec![2, 1, 3, 4]),
            Buffer::words(5, vec![1, 2, 2, 0]),
        ]
    },
    groups: [2, 1, 1],
    outputs: &[("out", 3)],
    on: "two heads that share the keys 3, 1 and 4, 1 and 5, 9, with as many numbers as values, in \
         room for four",
};

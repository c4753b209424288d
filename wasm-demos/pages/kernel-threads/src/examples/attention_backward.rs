use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "attention_backward",
    buffers: || {
        // Two tokens: the query, the key and the value of each are one number.
        vec![
            Buffer::input(0, &[1.0, 1.0, 2.0, 1.0, 1.0, 4.0]),
            Buffer::input(1, &[1.0, 0.0, 0.5, 0.5]),
            Buffer::input(2, &[2.0, 3.0]),
            Buffer::input(3, &[1.0, 2.0]),
            Buffer::output(4, 6),
            Buffer::words(5, vec![1, 2, 1, 1]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("dqkv", 4)],
    on: "two tokens with queries and keys of 1 and values of 2 and 4; the second took half of each",
};

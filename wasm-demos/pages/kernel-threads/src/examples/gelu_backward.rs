use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "gelu_backward",
    buffers: || {
        vec![
            Buffer::input(0, &[-3.0, -0.5, 0.0, 1.0, 30.0]),
            Buffer::input(1, &[1.0, 1.0, 1.0, 2.0, 1.0]),
            Buffer::words(2, vec![5, 0, 0, 0]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("slopes", 1)],
    on: "the numbers −3, −0.5, 0, 1 and 30, with the slopes 1, 1, 1, 2 and 1",
};

use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "layer_norm_backward",
    buffers: || {
        vec![
            Buffer::input(0, &[0.0, 0.0, 3.0, 1.0, 2.0, 3.0]),
            Buffer::input(1, &[1.0, 1.0, 2.0]),
            Buffer::input(2, &[1.0, 0.707, 2.0, 1.225]),
            Buffer::input(3, &[1.0, 0.0, 0.0, 1.0, -1.0, 0.5]),
            Buffer::input(4, &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
            Buffer::words(5, vec![2, 3, 0, 0]),
        ]
    },
    groups: [3, 1, 1],
    outputs: &[("dx", 4)],
    on: "two rows, 0, 0, 3 and 1, 2, 3, with the slopes 1, 0, 0 and 1, −1, 0.5, and one workgroup too \
         many",
};

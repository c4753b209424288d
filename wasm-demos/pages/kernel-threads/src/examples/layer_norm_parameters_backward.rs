use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "layer_norm_parameters_backward",
    buffers: || {
        vec![
            Buffer::input(0, &[0.0, 0.0, 3.0, 1.0, 2.0, 3.0]),
            Buffer::input(1, &[1.0, 0.707, 2.0, 1.225]),
            Buffer::input(2, &[1.0, 0.0, 0.0, 1.0, -1.0, 0.5]),
            Buffer::output(3, 3),
            Buffer::output(4, 3),
            Buffer::words(5, vec![2, 3, 0, 0]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("dgain", 3), ("dshift", 4)],
    on: "two rows, 0, 0, 3 and 1, 2, 3, with the slopes 1, 0, 0 and 1, −1, 0.5",
};

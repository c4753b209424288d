use kernel_interpreter::Buffer;

use super::{Example, ROWS};

pub const EXAMPLE: Example = Example {
    entry: "scale",
    buffers: || {
        let params = Buffer::words(2, vec![3.0_f32.to_bits(), 5, 0, 0]);
        vec![Buffer::input(0, &ROWS[..5]), Buffer::output(1, 5), params]
    },
    groups: [1, 1, 1],
    outputs: &[("y", 1)],
    on: "five numbers, 3, 1, 4, 1 and 5, times 3",
};

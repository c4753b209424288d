use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "rope",
    buffers: || {
        vec![
            Buffer::input(0, &[EIGHT, EIGHT].concat()),
            // Two pairs at each of three positions.
            Buffer::input(1, &[1.0, 1.0, 0.0, 0.8, -1.0, 0.28]),
            Buffer::input(2, &[0.0, 0.0, 1.0, 0.6, 0.0, 0.96]),
            Buffer::output(3, 2 * EIGHT.len()),
            Buffer::words(4, vec![2, 2, 4, 1]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("y", 3)],
    on: "two rows of two vectors, 3, 1, 4, 1 and 5, 9, 2, 6 in both, at positions 1 and 2",
};

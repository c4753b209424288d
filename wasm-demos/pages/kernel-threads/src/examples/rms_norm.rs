use kernel_interpreter::Buffer;

use super::{COLS, Example, ROWS};

pub const EXAMPLE: Example = Example {
    entry: "rms_norm",
    buffers: || {
        let dims = [2, COLS as u32, 1e-5_f32.to_bits(), 0];
        vec![
            Buffer::input(0, &ROWS),
            Buffer::input(1, &[1.0, 2.0, 1.0, 0.5, 1.0]),
            Buffer::output(2, ROWS.len()),
            Buffer::words(3, dims.to_vec()),
        ]
    },
    groups: [2, 1, 1],
    outputs: &[("y", 2)],
    on: "two rows of five numbers, 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1, with the gamma 1, 2, 1, \
         0.5, 1",
};

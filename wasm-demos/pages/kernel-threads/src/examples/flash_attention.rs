use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

/// One more than a tile has, so that a second one is needed.
const KEYS: usize = 17;

pub const EXAMPLE: Example = Example {
    entry: "flash_attention",
    buffers: || {
        let numbers: Vec<f32> = EIGHT.iter().copied().cycle().take(KEYS).collect();
        vec![
            // Two queries, with keys and values of one number.
            Buffer::input(0, &[1.0, -1.0]),
            Buffer::input(1, &numbers),
            Buffer::input(2, &numbers),
            Buffer::output(3, 2),
            Buffer::words(4, vec![1, 2, KEYS as u32, 1]),
            // One column, causal.
            Buffer::words(5, vec![1, 1, 0, 0]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("out", 3)],
    on: "two queries, 1 and −1, and 17 keys of one number, 3, 1, 4, 1, 5, 9, 2, 6 and again, which \
         are the values, too; causal",
};

use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

/// One more than a workgroup has threads, so that a second round is needed.
const KEYS: usize = 257;

pub const EXAMPLE: Example = Example {
    entry: "decode_attention",
    buffers: || {
        let numbers: Vec<f32> = EIGHT.iter().copied().cycle().take(KEYS + 1).collect();
        vec![
            Buffer::input(0, &[1.0, -1.0]),
            Buffer::input(1, &numbers),
            Buffer::input(2, &numbers),
            Buffer::output(3, 2),
            // Two heads of queries and one of keys; 257 tokens in room for 258.
            Buffer::words(4, vec![2, 1, KEYS as u32, KEYS as u32 + 1]),
            Buffer::words(5, vec![1, 1, 1, 0]),
        ]
    },
    groups: [2, 1, 1],
    outputs: &[("out", 3)],
    on: "two heads, 1 and −1, that share 257 keys of one number, 3, 1, 4, 1, 5, 9, 2, 6 and again, \
         which are the values, too, in room for 258",
};

use kernel_interpreter::Buffer;

use super::{COLS, Example, ROWS, dims};

pub const EXAMPLE: Example = Example {
    entry: "cross_entropy",
    buffers: || {
        vec![
            Buffer::input(0, &[&ROWS[..], &ROWS[..COLS]].concat()),
            Buffer::words(1, vec![4, 0, 99]),
            Buffer::output(2, 3),
            Buffer::output(3, 3 * COLS),
            Buffer { binding: 4, ..dims([3, COLS as u32, 99]) },
        ]
    },
    groups: [3, 1, 1],
    outputs: &[("loss", 2), ("gradient", 3)],
    on: "three rows of five logits, 3, 1, 4, 1, 5, then −2, 0.5, 2, 0, 1, then the first again, \
         with the targets 4 and 0 and one to ignore",
};

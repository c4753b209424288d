use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "embedding_backward",
    buffers: || {
        vec![
            Buffer::words(0, vec![2, 0, 2, 1, 2]),
            Buffer::input(1, &[0.5, 1.0, -2.0, 0.25, 4.0]),
            Buffer::input(2, &[0.0, 0.0, 0.0, 1.0]),
            Buffer::words(3, vec![5, 4, 1, 0]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("dtable", 2)],
    on: "the tokens 2, 0, 2, 1, 2 with the slopes 0.5, 1, −2, 0.25, 4, and a table of four rows of \
         one number",
};

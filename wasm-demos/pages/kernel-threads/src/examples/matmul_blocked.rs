use super::{Example, matrices};

pub const EXAMPLE: Example = Example {
    entry: "matmul_blocked",
    buffers: || matrices([2, 17, 2]),
    groups: [1, 1, 1],
    outputs: &[("c", 2)],
    on: "a matrix of 2 rows of 17 and one of 17 rows of 2, so that a second step is needed",
};

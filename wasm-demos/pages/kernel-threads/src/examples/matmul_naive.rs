use super::{Example, matrices};

pub const EXAMPLE: Example = Example {
    entry: "matmul_naive",
    buffers: || matrices([2, 3, 2]),
    groups: [1, 1, 1],
    outputs: &[("c", 2)],
    on: "the matrices (3, 1, 4), (1, 5, 9) and (3, 1), (4, 1), (5, 9), row by row",
};

use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

pub const EXAMPLE: Example = Example {
    entry: "adamw",
    buffers: || {
        // The first step, with a decay of 0.5 and a learning rate of 0.1; root is √(1 − 0.999).
        let bits = |x: f32| x.to_bits();
        vec![
            Buffer::input(0, &EIGHT),
            Buffer::input(1, &[0.5, -1.0, 2.0, 0.0, 0.25, -4.0, 1.0, 3.0]),
            Buffer::input(2, &[0.0; 8]),
            Buffer::input(3, &[0.0; 8]),
            Buffer::words(4, vec![2, 6, bits(0.95), bits(1.0)]),
            Buffer::words(5, [0.9, 0.999, 1e-8, 0.031_622_78].map(bits).to_vec()),
        ]
    },
    groups: [1, 2, 1],
    outputs: &[("weights", 0), ("m", 2), ("v", 3)],
    on: "the weights 3, 1, 4, 1, 5, 9, 2, 6, of which the group has those from 2 to 5, in the first \
         step",
};

use kernel_interpreter::Buffer;

use super::{EIGHT, Example};

/// Tables of three tokens and two positions, one block, and the last norm, of vectors of two numbers
/// with an inside of six: so many fours.
const FOURS: usize = 3 + 2 + 2 + 3 * 2 + 3 + 2 + 3 * 2 + 7 + 2;

pub const EXAMPLE: Example = Example {
    entry: "decode_step",
    buffers: || {
        let numbers = EIGHT.iter().copied().cycle();
        let numbers = numbers.take(4 * FOURS).enumerate();
        // A row ends two numbers into a four, and zeros fill it up.
        let weight = |(i, x): (usize, f32)| if i % 4 < 2 { x / 8.0 } else { 0.0 };
        let weights: Vec<f32> = numbers.map(weight).collect();
        vec![
            Buffer::input(0, &weights),
            Buffer::input(1, &EIGHT),
            Buffer::output(2, 3),
            // Token 2 at position 1.
            Buffer::words(3, vec![2, 1, 0, 0]),
            Buffer::words(4, vec![1, 2, 2, 6]),
            Buffer::words(5, vec![2, 3, 0, 0.01_f32.to_bits()]),
        ]
    },
    groups: [1, 1, 1],
    outputs: &[("logits", 2)],
    on: "token 2 at position 1 of a model with one block, two heads of one number, and three tokens",
};

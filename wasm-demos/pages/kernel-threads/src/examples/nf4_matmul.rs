use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "nf4_matmul",
    buffers: || {
        // Nine rows of X, so that some threads have one row only; two rows of W, two words in each.
        let x: Vec<f32> = (0..18_u8).map(|i| f32::from(i * 7 % 9) / 2.0 - 2.0).collect();
        vec![
            Buffer::input(0, &x),
            Buffer::words(1, vec![0x1032_5476, 0x98ba_dcfe, 0xf0e1_d2c3, 0x4b5a_6978]),
            Buffer::input(2, &[0.5, 1.0, 2.0, 4.0]),
            Buffer::output(3, 144),
            Buffer::words(4, vec![9, 2, 16, 8]),
        ]
    },
    groups: [1, 2, 1],
    outputs: &[("y", 3)],
    on: "nine rows of two numbers, and a packed matrix with two rows of sixteen, in blocks of eight",
};

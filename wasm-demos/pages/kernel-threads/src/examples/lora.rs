use kernel_interpreter::Buffer;

use super::Example;

pub const EXAMPLE: Example = Example {
    entry: "lora",
    buffers: || {
        vec![
            Buffer::input(0, &[1.0, 2.0, 3.0, -1.0, 0.0, 4.0]),
            Buffer::input(1, &[1.0, 0.0, -1.0, 2.0, 1.0, 0.0]),
            Buffer::input(2, &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -2.0, 0.5]),
            Buffer::input(3, &[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0]),
            Buffer::words(4, vec![2, 3, 4, 2]),
            Buffer::words(5, vec![0.5_f32.to_bits(), 0, 0, 0]),
        ]
    },
    groups: [3, 1, 1],
    outputs: &[("y", 3)],
    on: "two rows of three numbers, a pair of rank 2 with a scale of 0.5, four outputs, and one \
         workgroup too many",
};

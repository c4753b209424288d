//! The kernels, and what each of them binds. Given.

use gpu::Binding::{self, Read, ReadWrite, Uniform};

use crate::Answers;

/// A kernel: its entry point, its source, and what it binds.
pub type KernelSource = (&'static str, &'static str, &'static [Binding]);

macro_rules! given {
    ($name:literal) => {
        include_str!(concat!("../kernels/given/", $name, ".wgsl"))
    };
}

/// The kernels of the way forward.
pub const GIVEN: [KernelSource; 4] = [
    ("embed", given!("embed"), &[Read, Read, Read, ReadWrite, Uniform]),
    ("gelu", given!("gelu"), &[Read, ReadWrite, Uniform]),
    ("layer_norm", given!("layer_norm"), &[Read, Read, Read, ReadWrite, ReadWrite, Uniform]),
    ("causal_attention", given!("causal_attention"), &[Read, ReadWrite, ReadWrite, Uniform]),
];

/// The learner's kernels: those of the way back, and the product.
pub fn kernels_back(answers: &Answers) -> [KernelSource; 6] {
    [
        (
            "matmul_strided",
            (answers.matmul_strided_wgsl)(),
            &[Read, Read, ReadWrite, Uniform, Uniform],
        ),
        ("gelu_backward", (answers.gelu_backward_wgsl)(), &[Read, ReadWrite, Uniform]),
        (
            "layer_norm_backward",
            (answers.layer_norm_backward_wgsl)(),
            &[Read, Read, Read, Read, ReadWrite, Uniform],
        ),
        (
            "layer_norm_parameters_backward",
            (answers.layer_norm_parameters_backward_wgsl)(),
            &[Read, Read, Read, ReadWrite, ReadWrite, Uniform],
        ),
        (
            "attention_backward",
            (answers.attention_backward_wgsl)(),
            &[Read, Read, Read, Read, ReadWrite, Uniform],
        ),
        (
            "embedding_backward",
            (answers.embedding_backward_wgsl)(),
            &[Read, Read, ReadWrite, Uniform],
        ),
    ]
}

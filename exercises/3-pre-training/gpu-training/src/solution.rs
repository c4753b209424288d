//! The reference solution. `exercise.rs` is made from it.

use gpu_training::{Linear, Norm, Of, Pass};

/// The source of a kernel for the products of matrices that lie in their
/// buffers in any way; what it binds is said in the file, as for each kernel
/// of this lesson.
pub fn matmul_strided_wgsl() -> &'static str {
    include_str!("../kernels/solution/matmul_strided.wgsl")
}

/// The source of a kernel for the way back through GELU.
pub fn gelu_backward_wgsl() -> &'static str {
    include_str!("../kernels/solution/gelu_backward.wgsl")
}

/// The source of a kernel for the way back through layer norm to its input.
pub fn layer_norm_backward_wgsl() -> &'static str {
    include_str!("../kernels/solution/layer_norm_backward.wgsl")
}

/// The source of a kernel for the way back through layer norm to its gain and
/// shift.
pub fn layer_norm_parameters_backward_wgsl() -> &'static str {
    include_str!("../kernels/solution/layer_norm_parameters_backward.wgsl")
}

/// The source of a kernel for the way back through causal attention.
pub fn attention_backward_wgsl() -> &'static str {
    include_str!("../kernels/solution/attention_backward.wgsl")
}

/// The source of a kernel for the way back through the lookup of embeddings.
pub fn embedding_backward_wgsl() -> &'static str {
    include_str!("../kernels/solution/embedding_backward.wgsl")
}

/// The way back through a block of GPT-2, pass by pass. Forward it goes
///
/// ```text
/// Normed    = ln_1(X)             NormedMid = ln_2(Mid)
/// Qkv       = attn.c_attn(Normed) Inside    = mlp.c_fc(NormedMid)
/// Found     = attention(Qkv)      Bent      = GELU(Inside)
/// Mid       = X + attn.c_proj(Found)
/// behind the block: Mid + mlp.c_proj(Bent)
/// ```
///
/// `Of::Dx` has the slopes behind the block before the first pass, and must
/// have those before the block after the last. `Of::Narrow` and `Of::Wide` are
/// rooms for slopes in between; what they held before does not count. Every
/// layer has to be passed once: its parameters get their slopes there.
///
/// Source: Radford and others, 2019, section 2.3, gone backward.
pub fn block_backward() -> Vec<Pass> {
    // BEGIN ANSWER
    use Of::{Bent, Dx, Found, Inside, Mid, Narrow, Normed, NormedMid, Wide, X};
    vec![
        // A sum passes slopes on to both of its terms: Dx stays as it is, and
        // what comes back through the layers is added.
        Pass::Linear { of: Linear::FcProj, x: Bent, dy: Dx, dx: Wide },
        Pass::Gelu { x: Inside, slopes: Wide },
        Pass::Linear { of: Linear::Fc, x: NormedMid, dy: Wide, dx: Narrow },
        Pass::LayerNorm { of: Norm::Ln2, x: Mid, dy: Narrow, dx: Dx },
        Pass::Linear { of: Linear::AttnProj, x: Found, dy: Dx, dx: Narrow },
        Pass::Attention { dfound: Narrow, dqkv: Wide },
        Pass::Linear { of: Linear::Attn, x: Normed, dy: Wide, dx: Narrow },
        Pass::LayerNorm { of: Norm::Ln1, x: X, dy: Narrow, dx: Dx },
    ]
    // END ANSWER
}

//! The host side of the kernel: what it binds, the numbers that all threads share, run, read back.
//! Given: the exercise is the WGSL.

use first_gpu_kernel::solution::workgroups;
use gpu::{Binding, Gpu, GpuError};

use crate::{AdamW, Group, Moments};

/// The kernel's entry point.
pub const ENTRY: &str = "adamw";

/// What the kernel binds in group 0: `weights`, `gradients`, `m`, `v`, `params`, `means`.
pub const BINDINGS: [Binding; 6] = [
    Binding::ReadWrite,
    Binding::Read,
    Binding::ReadWrite,
    Binding::ReadWrite,
    Binding::Uniform,
    Binding::Uniform,
];

/// What all threads of a group share in step `t`, counted from 1: `start`, `end`, `keep`, `step_size`,
/// and `beta1`, `beta2`, `eps`, `root`. It is computed in f64, and only then rounded.
pub fn uniforms(settings: &AdamW, group: &Group, t: u64) -> [[u32; 4]; 2] {
    let &AdamW { lr, beta1, beta2, eps } = settings;
    let correction = |beta: f64| 1.0 - beta.powf(t as f64);
    let bits = |x: f64| (x as f32).to_bits();
    let (keep, step_size) = (1.0 - lr * group.weight_decay, lr / correction(beta1));
    [
        [group.range.start as u32, group.range.end as u32, bits(keep), bits(step_size)],
        [beta1, beta2, eps, correction(beta2).sqrt()].map(bits),
    ]
}

/// Runs a kernel `adamw` once for each group, and changes `weights` and `state` as a step does.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything but
/// [`BINDINGS`], or if settings, lists and groups do not go together; [`GpuError::Lost`] if it does
/// not finish.
pub async fn run_adamw(
    gpu: &Gpu,
    wgsl: &str,
    weights: &mut Vec<f32>,
    gradients: &[f32],
    groups: &[Group],
    state: &mut Moments,
    settings: &AdamW,
) -> Result<(), GpuError> {
    settings
        .expect_fits(weights, gradients, groups, state)
        .map_err(|error| GpuError::Invalid(error.to_string()))?;
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    let [w, g, m, v] = [&weights[..], gradients, &state.m, &state.v].map(|x| gpu.upload(x));
    state.step += 1;
    for group in groups.iter().filter(|group| !group.range.is_empty()) {
        let [params, means] = uniforms(settings, group, state.step).map(|of| gpu.uniform(&of));
        let grid = workgroups(group.range.len() as u32);
        gpu.run(&kernel, &[&w, &g, &m, &v, &params, &means], grid).await?;
    }
    if !weights.is_empty() {
        *weights = gpu.read(&w).await?;
        (state.m, state.v) = (gpu.read(&m).await?, gpu.read(&v).await?);
    }
    Ok(())
}

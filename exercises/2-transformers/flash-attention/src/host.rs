//! The host side of the kernel: buffers, grid, run, read back. Given: the exercise is the WGSL. It
//! binds what the kernel of the lesson on attention binds.

use attention::{BINDINGS, Sizes};
use gpu::{Gpu, GpuError, rows_grid};

/// The kernel's entry point.
pub const ENTRY: &str = "flash_attention";

/// Queries of a block: one a thread.
pub const BLOCK: usize = 64;

/// Keys of a tile.
pub const KEYS: usize = 16;

/// The most numbers of a query, a key or a value: a tile of each fits into workgroup memory.
pub const MOST_WIDTH: usize = 64;

/// A workgroup for each block of queries of each row.
pub fn grid(sizes: Sizes) -> [u32; 3] {
    rows_grid(sizes.rows * sizes.t_q.div_ceil(BLOCK))
}

/// Runs a kernel `flash_attention` over `q`, row-major `(rows, t_q, d)`, `k` `(rows, t_k, d)` and
/// `v` `(rows, t_k, d_v)`, and returns `(rows, t_q, d_v)`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`], if there are not that many numbers, or if `d` or `d_v` is not from 1 to
/// [`MOST_WIDTH`]; [`GpuError::Lost`] if it does not finish.
pub async fn run_flash(
    gpu: &Gpu,
    wgsl: &str,
    [q, k, v]: [&[f32]; 3],
    sizes: Sizes,
    causal: bool,
) -> Result<Vec<f32>, GpuError> {
    let Sizes { rows, t_q, t_k, d, d_v } = sizes;
    let lens = [q.len(), k.len(), v.len()];
    if lens != [rows * t_q * d, rows * t_k * d, rows * t_k * d_v] {
        return Err(GpuError::Invalid(format!("{lens:?} numbers are not those of {sizes:?}")));
    }
    if [d, d_v].iter().any(|width| !(1..=MOST_WIDTH).contains(width)) {
        let message = format!("{sizes:?}: d and d_v are from 1 to {MOST_WIDTH}");
        return Err(GpuError::Invalid(message));
    }
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    if rows * t_q == 0 {
        return Ok(Vec::new());
    }
    let out = gpu.zeros::<f32>(rows * t_q * d_v);
    let [q, k, v] = [q, k, v].map(|x| gpu.upload(x));
    let (shape, options) = (gpu.uniform(&sizes.sizes()), gpu.uniform(&sizes.options(causal)));
    gpu.run(&kernel, &[&q, &k, &v, &out, &shape, &options], grid(sizes)).await?;
    gpu.read(&out).await
}

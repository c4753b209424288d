//! The host side of the kernel: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

/// The kernel's entry point.
pub const ENTRY: &str = "attention";

/// What the kernel binds in group 0: `q`, `k`, `v`, `out`, `sizes`, `options`.
pub const BINDINGS: [Binding; 6] = [
    Binding::Read,
    Binding::Read,
    Binding::Read,
    Binding::ReadWrite,
    Binding::Uniform,
    Binding::Uniform,
];

/// So many numbers may a value have: each is one thread's.
pub const MOST_COLUMNS: usize = 256;

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Batch times heads.
    pub rows: usize,
    /// Queries in each row.
    pub t_q: usize,
    /// Keys and values in each row.
    pub t_k: usize,
    /// Numbers of a query, and of a key.
    pub d: usize,
    /// Numbers of a value.
    pub d_v: usize,
}

impl Sizes {
    /// What the kernel reads from `sizes`.
    pub fn sizes(&self) -> [u32; 4] {
        [self.rows, self.t_q, self.t_k, self.d].map(|size| size as u32)
    }

    /// What the kernel reads from `options`.
    pub fn options(&self, causal: bool) -> [u32; 4] {
        [self.d_v as u32, u32::from(causal), 0, 0]
    }
}

/// Runs a kernel `attention` over `q`, row-major `(rows, t_q, d)`, `k` `(rows, t_k, d)` and `v`
/// `(rows, t_k, d_v)`, and returns `(rows, t_q, d_v)`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`], if there are not that many numbers, if `d` is 0 or `d_v` above
/// [`MOST_COLUMNS`]; [`GpuError::Lost`] if it does not finish.
pub async fn run_attention(
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
    if d == 0 || d_v > MOST_COLUMNS {
        let message = format!("{sizes:?}: d is at least 1, and d_v at most {MOST_COLUMNS}");
        return Err(GpuError::Invalid(message));
    }
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    let out = gpu.zeros::<f32>(rows * t_q * d_v);
    if rows * t_q * d_v == 0 {
        return Ok(Vec::new());
    }
    let [q, k, v] = [q, k, v].map(|x| gpu.upload(x));
    let (shape, options) = (gpu.uniform(&sizes.sizes()), gpu.uniform(&sizes.options(causal)));
    let grid = rows_grid(rows * t_q);
    gpu.run(&kernel, &[&q, &k, &v, &out, &shape, &options], grid).await?;
    gpu.read(&out).await
}

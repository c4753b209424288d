//! The host side of the kernel: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

/// The kernel's entry point.
pub const ENTRY: &str = "decode_attention";

/// What the kernel binds in group 0: `q`, `k`, `v`, `out`, `sizes`, `widths`.
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
    /// Texts.
    pub batch: usize,
    /// Heads of queries: a multiple of `n_kv_heads`.
    pub n_heads: usize,
    /// Heads of keys and values.
    pub n_kv_heads: usize,
    /// So many tokens are in the cache.
    pub t: usize,
    /// So many have room.
    pub capacity: usize,
    /// Numbers of a query, and of a key.
    pub d: usize,
    /// Numbers of a value.
    pub d_v: usize,
}

impl Sizes {
    /// Numbers of queries, of the rooms for keys and for values, and of the result.
    pub fn counts(&self) -> [usize; 4] {
        let &Self { batch, n_heads, n_kv_heads, capacity, d, d_v, .. } = self;
        let rows = batch * n_kv_heads * capacity;
        [batch * n_heads * d, rows * d, rows * d_v, batch * n_heads * d_v]
    }

    /// What the kernel reads from `sizes`.
    pub fn sizes(&self) -> [u32; 4] {
        [self.n_heads, self.n_kv_heads, self.t, self.capacity].map(|size| size as u32)
    }

    /// What the kernel reads from `widths`.
    pub fn widths(&self) -> [u32; 4] {
        [self.batch, self.d, self.d_v, 0].map(|size| size as u32)
    }
}

/// Runs a kernel `decode_attention` over `q`, row-major `(batch, n_heads, d)`, and the rooms of a
/// cache, `k` `(batch, n_kv_heads, capacity, d)` and `v` `(batch, n_kv_heads, capacity, d_v)`, and
/// returns `(batch, n_heads, d_v)`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`], if there are not that many numbers, if `t` is above `capacity`, if `n_heads`
/// is no multiple of `n_kv_heads`, if `d` is 0 or `d_v` above [`MOST_COLUMNS`]; [`GpuError::Lost`]
/// if it does not finish.
pub async fn run_decode_attention(
    gpu: &Gpu,
    wgsl: &str,
    [q, k, v]: [&[f32]; 3],
    sizes: Sizes,
) -> Result<Vec<f32>, GpuError> {
    let Sizes { batch, n_heads, n_kv_heads, t, capacity, d, d_v } = sizes;
    let [n_q, n_k, n_v, n_out] = sizes.counts();
    let lens = [q.len(), k.len(), v.len()];
    if lens != [n_q, n_k, n_v] {
        return Err(GpuError::Invalid(format!("{lens:?} numbers are not those of {sizes:?}")));
    }
    if t > capacity || d == 0 || d_v > MOST_COLUMNS || !n_heads.is_multiple_of(n_kv_heads) {
        return Err(GpuError::Invalid(format!(
            "{sizes:?}: t is at most the capacity, d at least 1, d_v at most {MOST_COLUMNS}, and \
             n_heads a multiple of n_kv_heads"
        )));
    }
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    if n_out == 0 {
        return Ok(Vec::new());
    }
    let out = gpu.zeros::<f32>(n_out);
    let [q, k, v] = [q, k, v].map(|x| gpu.upload(x));
    let (shape, widths) = (gpu.uniform(&sizes.sizes()), gpu.uniform(&sizes.widths()));
    let grid = rows_grid(batch * n_heads);
    gpu.run(&kernel, &[&q, &k, &v, &out, &shape, &widths], grid).await?;
    gpu.read(&out).await
}

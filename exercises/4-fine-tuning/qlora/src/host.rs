//! The host side of the kernel: words, grid, buffers, run, read back. Given: the exercise is the
//! WGSL.

use gpu::{Binding, Gpu, GpuError, Timing, rows_grid};

use crate::solution::{absmax_of, quantize_4bit};
use crate::{Absmax, Code, Packed, QloraError};

/// The kernel's entry point.
pub const ENTRY: &str = "nf4_matmul";

/// What the kernel binds in group 0: `x`, `codes`, `absmax`, `y`, `dims`.
pub const BINDINGS: [Binding; 5] =
    [Binding::Read, Binding::Read, Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// Threads of a workgroup, and rows of Y of a thread.
const THREADS: usize = 64;
const ROWS: usize = 8;

/// A product `Y = X W` as the kernel gets it.
#[derive(Clone, Debug)]
pub struct Nf4Product {
    /// `m`, `k`, `n`, and how many numbers a block has.
    pub dims: [u32; 4],
    /// X.
    pub x: Vec<f32>,
    /// Eight codes of W in each.
    pub codes: Vec<u32>,
    /// One for each block of W.
    pub absmax: Vec<f32>,
}

impl Nf4Product {
    /// Packs `w`, `[k, n]`, for a product with `x`, `[m, k]`.
    ///
    /// # Errors
    /// [`QloraError::Length`] unless `x` and `w` have these shapes, and `n` and `block` are
    /// multiples of 8; what [`quantize_4bit`] says.
    pub fn new(
        x: &[f32],
        w: &[f32],
        [m, k, n]: [usize; 3],
        block: usize,
    ) -> Result<Self, QloraError> {
        let expect = crate::packed::expect_length;
        expect("numbers of x", x.len(), m * k)?;
        expect("numbers of w", w.len(), k * n)?;
        expect("columns of w", n, n.next_multiple_of(8))?;
        expect("numbers in a block", block, block.next_multiple_of(8))?;
        let Packed { bytes, absmax, .. } = quantize_4bit(w, Code::Nf4, block)?;
        let word = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        let Absmax::Plain(absmax) = absmax else { return Err(QloraError::EmptyBlock) };
        Ok(Self {
            dims: [m, k, n, block].map(|size| size as u32),
            x: x.to_vec(),
            codes: bytes.as_chunks::<4>().0.iter().map(word).collect(),
            absmax,
        })
    }

    /// So many workgroups, in lines if they are more than fit side by side.
    pub fn grid(&self) -> [u32; 3] {
        rows_grid(self.threads().div_ceil(THREADS))
    }

    /// Threads that have something to do.
    pub fn threads(&self) -> usize {
        let [m, _, n, _] = self.dims.map(|size| size as usize);
        m.div_ceil(ROWS) * (n / 8)
    }

    /// How many numbers come out.
    pub fn outputs(&self) -> usize {
        (self.dims[0] * self.dims[2]) as usize
    }

    /// Runs a kernel on it; with `times`, also takes the time of so many runs.
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
    /// but [`BINDINGS`]; [`GpuError::Lost`] if it does not finish.
    pub async fn run(
        &self,
        gpu: &Gpu,
        wgsl: &str,
        times: Option<u32>,
    ) -> Result<(Vec<f32>, Option<Timing>), GpuError> {
        let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
        if self.outputs() == 0 {
            return Ok((Vec::new(), None));
        }
        // A buffer has at least one number, even if there is nothing to add up.
        let numbers = |x: &[f32]| if x.is_empty() { gpu.zeros(1) } else { gpu.upload(x) };
        let (x, absmax, y) = (numbers(&self.x), numbers(&self.absmax), gpu.zeros(self.outputs()));
        let codes = if self.codes.is_empty() { gpu.zeros(1) } else { gpu.upload(&self.codes) };
        let dims = gpu.uniform(&self.dims);
        let buffers: [&dyn gpu::AnyBuffer; 5] = [&x, &codes, &absmax, &y, &dims];
        gpu.run(&kernel, &buffers, self.grid()).await?;
        let timing = match times {
            Some(times) => Some(gpu.time(&kernel, &buffers, self.grid(), times).await?),
            None => None,
        };
        Ok((gpu.read(&y).await?, timing))
    }
}

/// The absmax of every block, as a kernel reads them.
///
/// # Errors
/// Those of [`absmax_of`].
pub fn all_absmax(absmax: &Absmax) -> Result<Vec<f32>, QloraError> {
    (0..absmax.blocks()).map(|block| absmax_of(absmax, block)).collect()
}

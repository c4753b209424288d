//! The host side of the kernels: sizes, grid, buffers, run, read back. Given: the exercise is the
//! WGSL.

use gpu::{AnyBuffer, Binding, Buffer, Gpu, GpuError, Timing, rows_grid};

use crate::{Dims, LONGEST, MatmulError, fast, solution};

/// What each kernel binds in group 0: `a`, `b`, `c`, and `m`, `k`, `n`.
pub const BINDINGS: [Binding; 4] =
    [Binding::Read, Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// The three kernels of this lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Every thread reads what it needs.
    Naive,
    /// A workgroup fetches tiles.
    Tiled,
    /// And a thread computes 4 by 4 numbers.
    Blocked,
}

impl Kernel {
    /// All, the plainest first.
    pub const ALL: [Self; 3] = [Self::Naive, Self::Tiled, Self::Blocked];

    /// Its entry point, which is also the name of its file.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Naive => "matmul_naive",
            Self::Tiled => "matmul_tiled",
            Self::Blocked => "matmul_blocked",
        }
    }

    /// The source of the reference.
    pub fn solution(self) -> &'static str {
        match self {
            Self::Naive => solution::matmul_naive_wgsl(),
            Self::Tiled => solution::matmul_tiled_wgsl(),
            Self::Blocked => solution::matmul_blocked_wgsl(),
        }
    }

    /// Rows and columns of the tile of C that a workgroup computes.
    pub fn tile(self) -> usize {
        match self {
            Self::Naive | Self::Tiled => 16,
            Self::Blocked => 64,
        }
    }

    /// Rows and columns of the tile whose reads it shares.
    pub fn shared_tile(self) -> usize {
        match self {
            Self::Naive => 1,
            Self::Tiled | Self::Blocked => self.tile(),
        }
    }

    /// The grid of a product: a workgroup a tile of C, in one line or, if they are more than fit
    /// side by side, in several.
    pub fn grid(self, dims: Dims) -> [u32; 3] {
        rows_grid(dims.m.div_ceil(self.tile()) * dims.n.div_ceil(self.tile()))
    }
}

/// Runs a kernel: the product of `a` and `b`, row-major.
///
/// # Errors
/// As [`Product::new`]; [`GpuError::Lost`] and [`GpuError::Timeout`] if it does not finish.
pub async fn run_matmul(
    gpu: &Gpu,
    wgsl: &str,
    kernel: Kernel,
    factors: [&[f32]; 2],
    dims: Dims,
) -> Result<Vec<f32>, GpuError> {
    let product = Product::new(gpu, wgsl, kernel, factors, dims).await?;
    product.run().await?;
    product.read().await
}

/// Two matrices on the GPU, and a kernel that multiplies them as often as wanted.
pub struct Product {
    gpu: Gpu,
    kernel: gpu::Kernel,
    a: Buffer<f32>,
    b: Buffer<f32>,
    c: Buffer<f32>,
    sizes: Buffer<[u32; 4]>,
    grid: [u32; 3],
    dims: Dims,
    /// How many numbers of `c` a row takes.
    width: usize,
}

impl Product {
    /// Of `a` and `b`, row-major, by a kernel of this lesson.
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds
    /// anything but [`BINDINGS`], if `a` or `b` does not have the shape that `dims` says, or if a
    /// matrix is longer than [`LONGEST`].
    pub async fn new(
        gpu: &Gpu,
        wgsl: &str,
        kernel: Kernel,
        [a, b]: [&[f32]; 2],
        dims: Dims,
    ) -> Result<Self, GpuError> {
        let Dims { m, k, n } = dims;
        expect_fitting([a, b], dims)?;
        let kernel_and_grid = (wgsl, kernel.entry(), kernel.grid(dims));
        Self::with(gpu, kernel_and_grid, [a, b], dims, [m * k, k * n, m * n], n).await
    }

    /// The same by [`fast::matmul_registers_wgsl`], for which rows are filled up.
    ///
    /// # Errors
    /// As [`Product::new`].
    pub async fn in_registers(
        gpu: &Gpu,
        [a, b]: [&[f32]; 2],
        dims: Dims,
    ) -> Result<Self, GpuError> {
        let Dims { m, k, n } = dims;
        expect_fitting([a, b], dims)?;
        let [deep, wide] = [k, n].map(|size| size.next_multiple_of(4));
        for shape in [[m, deep], [deep, wide], [m, wide]] {
            fitting(shape)?;
        }
        let [a, b] = fast::filled_up([a, b], dims);
        let tiles = m.div_ceil(fast::TILE) * n.div_ceil(fast::TILE);
        let kernel = (fast::matmul_registers_wgsl(), fast::ENTRY, rows_grid(tiles));
        Self::with(gpu, kernel, [&a, &b], dims, [m * deep, deep * wide, m * wide], wide).await
    }

    async fn with(
        gpu: &Gpu,
        (wgsl, entry, grid): (&str, &str, [u32; 3]),
        [a, b]: [&[f32]; 2],
        dims: Dims,
        [of_a, of_b, of_c]: [usize; 3],
        width: usize,
    ) -> Result<Self, GpuError> {
        let Dims { m, k, n } = dims;
        let kernel = gpu.compile(wgsl, entry, &BINDINGS).await?;
        // A buffer has at least one number, even if there is nothing to add up; four make a vec4f.
        let upload = |x: &[f32], len: usize| if len == 0 { gpu.zeros(4) } else { gpu.upload(x) };
        Ok(Self {
            gpu: gpu.clone(),
            kernel,
            a: upload(a, of_a),
            b: upload(b, of_b),
            c: gpu.zeros(of_c),
            sizes: gpu.uniform(&[m as u32, k as u32, n as u32, 0]),
            grid,
            dims,
            width,
        })
    }

    /// Computes it.
    ///
    /// # Errors
    /// [`GpuError::Lost`] and [`GpuError::Timeout`] if it does not finish.
    pub async fn run(&self) -> Result<(), GpuError> {
        if self.dims.m * self.dims.n == 0 {
            return Ok(());
        }
        self.gpu.run(&self.kernel, &self.buffers(), self.grid).await
    }

    /// Computes it so many times; there must be something to compute.
    ///
    /// # Errors
    /// As [`Product::run`].
    pub async fn time(&self, times: u32) -> Result<Timing, GpuError> {
        self.gpu.time(&self.kernel, &self.buffers(), self.grid, times).await
    }

    /// What was computed, row-major.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn read(&self) -> Result<Vec<f32>, GpuError> {
        let Dims { m, n, .. } = self.dims;
        if m * n == 0 {
            return Ok(Vec::new());
        }
        let c = self.gpu.read(&self.c).await?;
        Ok(if self.width == n {
            c
        } else {
            c.chunks(self.width).flat_map(|c| &c[..n]).copied().collect()
        })
    }

    fn buffers(&self) -> [&dyn AnyBuffer; 4] {
        [&self.a, &self.b, &self.c, &self.sizes]
    }
}

fn expect_fitting([a, b]: [&[f32]; 2], Dims { m, k, n }: Dims) -> Result<(), GpuError> {
    for (name, numbers, shape) in [("a", a, [m, k]), ("b", b, [k, n])] {
        let len = numbers.len();
        if fitting(shape)? != len {
            return Err(invalid(&MatmulError::Length { name, shape, len }));
        }
    }
    fitting([m, n]).map(drop)
}

fn fitting([rows, cols]: [usize; 2]) -> Result<usize, GpuError> {
    let len = rows.checked_mul(cols).filter(|&len| len <= LONGEST);
    len.ok_or_else(|| invalid(&MatmulError::TooLarge([rows, cols])))
}

fn invalid(error: &MatmulError) -> GpuError {
    GpuError::Invalid(error.to_string())
}

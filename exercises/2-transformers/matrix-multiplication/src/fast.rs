//! What a library would use, beside the kernels of this lesson: two variants, and the choice.
//!
//! A graphics card wants tiles that a workgroup shares: [`Kernel::Blocked`]. A CPU that stands in
//! for one has no other memory for them than that from which they come, and stops at each barrier;
//! it wants as many products as possible for each number that is read, and nothing else.

use gpu::{Gpu, GpuError};

use crate::{Dims, Kernel, Product};

/// The entry point of [`matmul_registers_wgsl`].
pub const ENTRY: &str = "matmul_registers";

/// Rows and columns of a workgroup's tile of `C` there.
pub const TILE: usize = 64;

/// Rows and columns of a thread's block: who reads them shares them with nobody else.
pub const BLOCK: usize = 8;

/// The source of a kernel whose threads compute 8 by 8 numbers of `C` each and share nothing. Its
/// rows are filled up to a multiple of four: run it by [`Product::in_registers`].
pub fn matmul_registers_wgsl() -> &'static str {
    include_str!("../kernels/fast/matmul_registers.wgsl")
}

/// `a` and `b` as that kernel reads them: zeros fill up the rows of both, and the columns of `b`, to
/// a multiple of four.
pub fn filled_up([a, b]: [&[f32]; 2], Dims { m, k, n }: Dims) -> [Vec<f32>; 2] {
    let [deep, wide] = [k, n].map(|size| size.next_multiple_of(4));
    [filled(a, k, [m, deep]), filled(b, n, [deep, wide])]
}

/// Rows of `from` numbers in a matrix of this shape.
fn filled(x: &[f32], from: usize, [rows, cols]: [usize; 2]) -> Vec<f32> {
    let mut filled = vec![0.0; rows * cols];
    if from > 0 {
        for (to, from) in filled.chunks_mut(cols).zip(x.chunks(from)) {
            to[..from.len()].copy_from_slice(from);
        }
    }
    filled
}

/// A way to multiply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// [`Kernel::Blocked`].
    Blocked,
    /// [`matmul_registers_wgsl`].
    Registers,
}

impl Variant {
    /// The faster one on an adapter that is software, or is not. It is chosen and not tried out: to
    /// compile and time each takes longer than most products.
    ///
    /// ```
    /// use matrix_multiplication::fast::Variant;
    ///
    /// assert_eq!(Variant::of(true), Variant::Registers);
    /// assert_eq!(Variant::of(false), Variant::Blocked);
    /// ```
    pub fn of(is_fallback: bool) -> Self {
        if is_fallback { Self::Registers } else { Self::Blocked }
    }

    /// Its entry point.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Blocked => Kernel::Blocked.entry(),
            Self::Registers => ENTRY,
        }
    }

    /// The product of `a` and `b` by it.
    ///
    /// # Errors
    /// As [`Product::new`].
    pub async fn product(
        self,
        gpu: &Gpu,
        factors: [&[f32]; 2],
        dims: Dims,
    ) -> Result<Product, GpuError> {
        match self {
            Self::Blocked => {
                let kernel = Kernel::Blocked;
                Product::new(gpu, kernel.solution(), kernel, factors, dims).await
            }
            Self::Registers => Product::in_registers(gpu, factors, dims).await,
        }
    }
}

/// The product of `a` and `b`, row-major, by the variant that suits the adapter.
///
/// # Errors
/// As [`Product::new`] and [`Product::run`].
pub async fn matmul(gpu: &Gpu, factors: [&[f32]; 2], dims: Dims) -> Result<Vec<f32>, GpuError> {
    let product = Variant::of(gpu.is_fallback()).product(gpu, factors, dims).await?;
    product.run().await?;
    product.read().await
}

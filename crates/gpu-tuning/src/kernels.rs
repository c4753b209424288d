//! Kernels, bound to buffers one after the other.

use first_gpu_kernel::solution::{scale_wgsl, workgroups};
use gpu::Binding::{Read, ReadWrite, Uniform};
use gpu::{AnyBuffer, Bound, Buffer, Gpu, GpuError, Kernel, rows_grid};
use gpu_training::solution::{
    embedding_backward_wgsl, gelu_backward_wgsl, layer_norm_backward_wgsl, matmul_strided_wgsl,
};
use gpu_training::{GIVEN, KernelSource};
use loss_and_surprise::solution::cross_entropy_wgsl;
use matrix_multiplication::fast::{self, Variant};
use matrix_multiplication::solution::matmul_blocked_wgsl;
use matrix_multiplication::{BINDINGS as PRODUCT, Dims, Kernel as Product};
use optimizers::solution::adamw_wgsl;

/// A matrix on the GPU: its buffer, and how far the numbers of a column and of a row lie apart.
pub type Lies<'a> = (&'a Buffer<f32>, [usize; 2]);

/// What runs in a submission, in its order, while it is put together.
pub struct Passes<'a> {
    pub gpu: &'a Gpu,
    kernels: Vec<(&'static str, Kernel)>,
    variant: Variant,
    jobs: Vec<Job>,
}

/// A pass before it is bound: which kernel, its buffers, its grid.
type Job = (&'static str, Vec<Box<dyn AnyBuffer>>, [u32; 3]);

/// A buffer of any element type, of which a handle can be kept.
pub trait Shared {
    fn share(&self) -> Box<dyn AnyBuffer>;
}

impl<T: Clone + 'static> Shared for Buffer<T> {
    fn share(&self) -> Box<dyn AnyBuffer> {
        Box::new(self.clone())
    }
}

impl<'a> Passes<'a> {
    /// Compiles all kernels; `lora` is that of LoRA's lesson.
    pub async fn new(gpu: &'a Gpu, lora: &'static str) -> Result<Self, GpuError> {
        let variant = Variant::of(gpu.is_fallback());
        let product = match variant {
            Variant::Blocked => matmul_blocked_wgsl(),
            Variant::Registers => fast::matmul_registers_wgsl(),
        };
        let more: [KernelSource; 12] = [
            ("matmul_strided", matmul_strided_wgsl(), &[Read, Read, ReadWrite, Uniform, Uniform]),
            ("gelu_backward", gelu_backward_wgsl(), &[Read, ReadWrite, Uniform]),
            (
                "layer_norm_backward",
                layer_norm_backward_wgsl(),
                &[Read, Read, Read, Read, ReadWrite, Uniform],
            ),
            ("embedding_backward", embedding_backward_wgsl(), &[Read, Read, ReadWrite, Uniform]),
            (variant.entry(), product, &PRODUCT),
            (lora::ENTRY, lora, &lora::BINDINGS),
            ("cross_entropy", cross_entropy_wgsl(), &loss_and_surprise::BINDINGS),
            ("scale", scale_wgsl(), &first_gpu_kernel::BINDINGS),
            ("adamw", adamw_wgsl(), &optimizers::BINDINGS),
            (
                "add_bias",
                include_str!("../kernels/add_bias.wgsl"),
                &[Read, Read, ReadWrite, Uniform],
            ),
            (
                "score_slopes",
                include_str!("../kernels/score_slopes.wgsl"),
                &[Read, Read, Read, Read, ReadWrite, Uniform],
            ),
            (
                "attention_slopes",
                include_str!("../kernels/attention_slopes.wgsl"),
                &[Read, Read, Read, Read, ReadWrite, Uniform],
            ),
        ];
        let mut kernels = Vec::new();
        for (entry, wgsl, bindings) in GIVEN.into_iter().chain(more) {
            kernels.push((entry, gpu.compile(wgsl, entry, bindings).await?));
        }
        Ok(Self { gpu, kernels, variant, jobs: Vec::new() })
    }

    /// Room for so many numbers.
    #[inline(never)]
    pub fn room(&self, len: usize) -> Buffer<f32> {
        self.gpu.zeros(len)
    }
    #[inline(never)]
    pub fn sizes(&self, sizes: [usize; 4]) -> Buffer<[u32; 4]> {
        self.gpu.uniform(&sizes.map(|size| size as u32))
    }

    /// A pass of a kernel, behind those before.
    #[inline(never)]
    pub fn bind(&mut self, entry: &'static str, buffers: &[&dyn Shared], grid: [u32; 3]) {
        self.jobs.push((entry, buffers.iter().map(|buffer| buffer.share()).collect(), grid));
    }

    /// How many passes there are so far.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Binds all. Only this waits and may fail: a plan whose every pass did would weigh much more in a
    /// page.
    pub async fn bound(self) -> Result<Vec<Bound>, GpuError> {
        let mut all = Vec::with_capacity(self.jobs.len());
        for (entry, buffers, grid) in &self.jobs {
            let Some((_, kernel)) = self.kernels.iter().find(|(name, _)| name == entry) else {
                return Err(GpuError::Invalid(format!("there is no kernel {entry}")));
            };
            let buffers: Vec<&dyn AnyBuffer> = buffers.iter().map(|one| &**one).collect();
            all.push(self.gpu.bound(kernel, &buffers, *grid).await?);
        }
        Ok(all)
    }

    /// A kernel of one thread a number, with four sizes as its last binding.
    #[inline(never)]
    pub fn elements(
        &mut self,
        entry: &'static str,
        buffers: &[&dyn Shared],
        sizes: [usize; 4],
        threads: usize,
    ) {
        let sizes = self.sizes(sizes);
        self.bind(entry, &[buffers, &[&sizes]].concat(), workgroups(threads as u32))
    }

    /// `C = A B`, all row by row: by the fast kernel, which wants rows of B, and of A, to be whole
    /// vectors of four numbers; by the strided one where they are not.
    #[inline(never)]
    pub fn product(&mut self, [m, k, n]: [usize; 3], [a, b, c]: [&Buffer<f32>; 3]) {
        if !(k.is_multiple_of(4) && n.is_multiple_of(4)) {
            return self.strided([m, k, n], (a, [k, 1]), (b, [n, 1]), c, 0);
        }
        let dims = self.sizes([m, k, n, 0]);
        let grid = match self.variant {
            Variant::Blocked => Product::Blocked.grid(Dims { m, k, n }),
            Variant::Registers => rows_grid(m.div_ceil(fast::TILE) * n.div_ceil(fast::TILE)),
        };
        self.bind(self.variant.entry(), &[a, b, c, &dims], grid)
    }

    /// `C = A B`, or `C = C + A B`, of matrices that lie in any way.
    #[inline(never)]
    pub fn strided(
        &mut self,
        [m, k, n]: [usize; 3],
        (a, [a_row, a_col]): Lies<'_>,
        (b, [b_row, b_col]): Lies<'_>,
        c: &Buffer<f32>,
        adds: usize,
    ) {
        let [dims, steps] =
            [[m, k, n, adds], [a_row, a_col, b_row, b_col]].map(|of| self.sizes(of));
        let grid = rows_grid(m.div_ceil(16) * n.div_ceil(16));
        self.bind("matmul_strided", &[a, b, c, &dims, &steps], grid)
    }

    /// `y = factor · x`; the factor is written later, beside the count.
    #[inline(never)]
    pub fn scaled(&mut self, [x, y]: [&Buffer<f32>; 2], factor: &Buffer<[u32; 4]>) {
        self.bind("scale", &[x, y, factor], workgroups(x.len() as u32))
    }

    /// All zeros, `(rows, cols)`: a product without terms.
    #[inline(never)]
    pub fn zero(&mut self, [rows, cols]: [usize; 2], c: &Buffer<f32>, terms: &Buffer<f32>) {
        self.strided([rows, 0, cols], (terms, [0, 0]), (terms, [0, 0]), c, 0)
    }
}

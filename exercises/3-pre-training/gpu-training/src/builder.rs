//! Binds kernels to buffers, layer by layer. Given.

use first_gpu_kernel::solution::{scale_wgsl, workgroups};
use gpu::{AnyBuffer, Bound, Buffer, Gpu, GpuError, Kernel, rows_grid};
use loss_and_surprise::solution::cross_entropy_wgsl;
use optimizers::solution::adamw_wgsl;

use crate::{Answers, GIVEN, KernelSource, Linear, Norm, Of, Pass, kernels_back};

/// What a block keeps for the way back.
pub struct Kept {
    pub vectors: Vec<Buffer<f32>>,
    pub weights: Buffer<f32>,
    pub moments: [Buffer<f32>; 2],
}

/// A matrix on the GPU: its buffer, and how far the numbers of a column and of a row lie apart.
type Matrix<'a> = (&'a Buffer<f32>, [usize; 2]);

/// Binds kernels to buffers, in the order of a step.
pub struct Builder<'a> {
    gpu: &'a Gpu,
    kernels: Vec<(&'static str, Kernel)>,
    pub passes: Vec<Bound>,
    /// One number: 1.
    pub one: Buffer<f32>,
    rows: usize,
    n_embd: usize,
    /// The sizes of attention.
    heads: [usize; 4],
}

impl<'a> Builder<'a> {
    pub async fn new(gpu: &'a Gpu, answers: &Answers, heads: [usize; 4]) -> Result<Self, GpuError> {
        let earlier: [KernelSource; 3] = [
            ("cross_entropy", cross_entropy_wgsl(), &loss_and_surprise::BINDINGS),
            ("scale", scale_wgsl(), &first_gpu_kernel::BINDINGS),
            ("adamw", adamw_wgsl(), &optimizers::BINDINGS),
        ];
        let sources = kernels_back(answers).into_iter().chain(GIVEN).chain(earlier);
        let mut kernels = Vec::new();
        for (entry, wgsl, bindings) in sources {
            kernels.push((entry, gpu.compile(wgsl, entry, bindings).await?));
        }
        let [texts, seq, n_head, d] = heads;
        Ok(Self {
            gpu,
            kernels,
            passes: Vec::new(),
            one: gpu.upload(&[1.0]),
            rows: texts * seq,
            n_embd: n_head * d,
            heads,
        })
    }

    pub async fn bind(
        &mut self,
        entry: &str,
        buffers: &[&dyn AnyBuffer],
        grid: [u32; 3],
    ) -> Result<(), GpuError> {
        let kernel = self.kernels.iter().find(|(name, _)| *name == entry);
        let Some((_, kernel)) = kernel else {
            return Err(GpuError::Invalid(format!("there is no kernel {entry}")));
        };
        self.passes.push(self.gpu.bound(kernel, buffers, grid).await?);
        Ok(())
    }

    /// A kernel of one thread a number, with four sizes as its last binding.
    pub async fn elements(
        &mut self,
        entry: &str,
        buffers: &[&dyn AnyBuffer],
        sizes: [usize; 4],
        threads: usize,
    ) -> Result<(), GpuError> {
        let sizes = self.gpu.uniform(&sizes.map(|size| size as u32));
        let buffers = [buffers, &[&sizes]].concat();
        self.bind(entry, &buffers, workgroups(threads as u32)).await
    }

    pub async fn product(
        &mut self,
        [m, k, n]: [usize; 3],
        (a, [a_row, a_col]): Matrix<'_>,
        (b, [b_row, b_col]): Matrix<'_>,
        c: &Buffer<f32>,
        adds: usize,
    ) -> Result<(), GpuError> {
        let [dims, steps] = [[m, k, n, adds], [a_row, a_col, b_row, b_col]]
            .map(|sizes| self.gpu.uniform(&sizes.map(|size| size as u32)));
        let grid = rows_grid(m.div_ceil(16) * n.div_ceil(16));
        self.bind("matmul_strided", &[a, b, c, &dims, &steps], grid).await
    }

    /// `y = x W + b`, or `y = from + x W + b`.
    pub async fn linear(
        &mut self,
        x: &Buffer<f32>,
        tensors: &[Buffer<f32>],
        y: &Buffer<f32>,
        of: Linear,
        from: Option<&Buffer<f32>>,
    ) -> Result<(), GpuError> {
        let rows = self.rows;
        let [inputs, outputs] = of.widths().map(|wide| wide * self.n_embd);
        let [weight, bias] = [&tensors[of.tensor()], &tensors[of.tensor() + 1]];
        let one = self.one.clone();
        // Products of ones copy: the stream once, the bias into every row.
        if let Some(from) = from {
            self.product([1, 1, y.len()], (&one, [0, 0]), (from, [0, 1]), y, 0).await?;
        }
        let adds = usize::from(from.is_some());
        self.product([rows, 1, outputs], (&one, [0, 0]), (bias, [0, 1]), y, adds).await?;
        let sizes = [rows, inputs, outputs];
        self.product(sizes, (x, [inputs, 1]), (weight, [outputs, 1]), y, 1).await
    }

    pub async fn norm(
        &mut self,
        x: &Buffer<f32>,
        tensors: &[Buffer<f32>],
        y: &Buffer<f32>,
        moments: &Buffer<f32>,
    ) -> Result<(), GpuError> {
        let buffers = [x as &dyn AnyBuffer, &tensors[0], &tensors[1], y, moments];
        // It has 64 threads a workgroup, so that is enough for its rows, and more.
        self.elements("layer_norm", &buffers, [self.rows, self.n_embd, 0, 0], 4 * self.rows).await
    }

    pub async fn block(
        &mut self,
        tensors: &[Buffer<f32>],
        kept: &Kept,
        out: &Buffer<f32>,
    ) -> Result<(), GpuError> {
        let of = |of: Of| &kept.vectors[of as usize];
        self.norm(of(Of::X), tensors, of(Of::Normed), &kept.moments[0]).await?;
        self.linear(of(Of::Normed), tensors, of(Of::Qkv), Linear::Attn, None).await?;
        let buffers = [of(Of::Qkv) as &dyn AnyBuffer, &kept.weights, of(Of::Found)];
        let threads = 4 * self.rows * self.heads[2];
        self.elements("causal_attention", &buffers, self.heads, threads).await?;
        let x = Some(of(Of::X));
        self.linear(of(Of::Found), tensors, of(Of::Mid), Linear::AttnProj, x).await?;
        self.norm(of(Of::Mid), &tensors[2..], of(Of::NormedMid), &kept.moments[1]).await?;
        self.linear(of(Of::NormedMid), tensors, of(Of::Inside), Linear::Fc, None).await?;
        let numbers = of(Of::Inside).len();
        let buffers = [of(Of::Inside) as &dyn AnyBuffer, of(Of::Bent)];
        self.elements("gelu", &buffers, [numbers, 0, 0, 0], numbers).await?;
        self.linear(of(Of::Bent), tensors, out, Linear::FcProj, Some(of(Of::Mid))).await
    }

    /// `x`, the gain, the moments, `dy` and `dx` of a norm; then the slopes along its parameters.
    pub async fn norm_back(
        &mut self,
        [x, gain, moments, dy, dx]: [&Buffer<f32>; 5],
        slopes: &[Buffer<f32>],
    ) -> Result<(), GpuError> {
        let sizes = [self.rows, self.n_embd].map(|size| size as u32);
        let sizes = self.gpu.uniform(&[sizes[0], sizes[1], 0, 0]);
        let buffers = [x as &dyn AnyBuffer, gain, moments, dy, dx, &sizes];
        self.bind("layer_norm_backward", &buffers, rows_grid(self.rows)).await?;
        let buffers = [x as &dyn AnyBuffer, moments, dy, &slopes[0], &slopes[1], &sizes];
        let grid = workgroups(self.n_embd as u32);
        self.bind("layer_norm_parameters_backward", &buffers, grid).await
    }

    /// A pass of the way back through a block.
    pub async fn back(
        &mut self,
        pass: Pass,
        kept: &Kept,
        rooms: &[Buffer<f32>; 3],
        [tensors, slopes]: [&[Buffer<f32>]; 2],
    ) -> Result<(), GpuError> {
        let buffer = |of: Of| match of {
            Of::Dx => &rooms[0],
            Of::Narrow => &rooms[1],
            Of::Wide => &rooms[2],
            of => &kept.vectors[of as usize],
        };
        let rows = self.rows;
        match pass {
            Pass::Linear { of, x, dy, dx } => {
                let [inputs, outputs] = of.widths().map(|wide| wide * self.n_embd);
                let [x, dy, dx] = [x, dy, dx].map(buffer);
                let (at, one) = (of.tensor(), self.one.clone());
                let sizes = [inputs, rows, outputs];
                let lies = [outputs, 1];
                self.product(sizes, (x, [1, inputs]), (dy, lies), &slopes[at], 0).await?;
                let sizes = [1, rows, outputs];
                self.product(sizes, (&one, [0, 0]), (dy, lies), &slopes[at + 1], 0).await?;
                let sizes = [rows, outputs, inputs];
                self.product(sizes, (dy, lies), (&tensors[at], [1, outputs]), dx, 0).await
            }
            Pass::Gelu { x, slopes } => {
                let n = rows * 4 * self.n_embd;
                let buffers = [buffer(x) as &dyn AnyBuffer, buffer(slopes)];
                self.elements("gelu_backward", &buffers, [n, 0, 0, 0], n).await
            }
            Pass::LayerNorm { of, x, dy, dx } => {
                let moments = &kept.moments[usize::from(of == Norm::Ln2)];
                let [x, dy, dx] = [x, dy, dx].map(buffer);
                let at = of.tensor();
                self.norm_back([x, &tensors[at], moments, dy, dx], &slopes[at..]).await
            }
            Pass::Attention { dfound, dqkv } => {
                let buffers = [
                    buffer(Of::Qkv) as &dyn AnyBuffer,
                    &kept.weights,
                    buffer(Of::Found),
                    buffer(dfound),
                    buffer(dqkv),
                ];
                let threads = rows * 3 * self.n_embd;
                self.elements("attention_backward", &buffers, self.heads, threads).await
            }
        }
    }
}

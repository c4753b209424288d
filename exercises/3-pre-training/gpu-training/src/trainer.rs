//! Training on the GPU: buffers and bind groups are made once, a step is one submission. Given.

use first_gpu_kernel::solution::workgroups;
use gpu::{AnyBuffer, Bound, Buffer, Gpu, GpuError, rows_grid};
use optimizers::Group;
use small_gpt::{Model, Sizes};

use crate::builder::{Builder, Kept};
use crate::{Answers, Of, Update};

/// The label of a token at which nothing is to be guessed.
const IGNORE: u32 = u32::MAX;

/// Trains a GPT-2 on the GPU, always with as many texts of the same length.
pub struct GpuTrainer {
    gpu: Gpu,
    /// All that a step does, in its order.
    passes: Vec<Bound>,
    ids: Buffer<u32>,
    labels: Buffer<u32>,
    losses: Buffer<f32>,
    /// What the slopes along the logits are multiplied with: one over the labels that count.
    scale: Buffer<[u32; 4]>,
    parameters: Vec<Buffer<f32>>,
    gradient: Vec<Buffer<f32>>,
    update: Update,
    /// The settings of AdamW that change from step to step: for each tensor, and for all.
    changing: Vec<(Group, Buffer<[u32; 4]>)>,
    means: Buffer<[u32; 4]>,
    steps: u64,
    asked: usize,
}

impl GpuTrainer {
    /// For `texts` texts of `seq` tokens a step, with the kernels and the way back of `answers`.
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if a pass does not fit, or
    /// if `seq` is 0 or more than the model's positions.
    pub async fn new(
        gpu: &Gpu,
        model: &Model,
        [texts, seq]: [usize; 2],
        update: Update,
        answers: &Answers,
    ) -> Result<Self, GpuError> {
        let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = model.sizes;
        if texts == 0 || !(1..=n_positions).contains(&seq) {
            let why = format!("{texts} texts of {seq} tokens: at least one, of 1 to {n_positions}");
            return Err(GpuError::Invalid(why));
        }
        let back = (answers.block_backward)();
        back.iter().try_for_each(|pass| pass.expect_fits())?;
        let rows = texts * seq;
        let mut to = Builder::new(gpu, answers, [texts, seq, n_head, n_embd / n_head]).await?;
        let zeros = |len: usize| gpu.zeros::<f32>(len);
        let parameters: Vec<_> =
            model.tensors().iter().map(|tensor| gpu.upload(model.numbers(tensor))).collect();
        let gradient: Vec<_> = parameters.iter().map(|buffer| zeros(buffer.len())).collect();
        let (ids, labels) = (gpu.zeros(rows), gpu.zeros(rows));

        // Forward. A block's residual stream is what the one before it has made.
        let mut x = zeros(rows * n_embd);
        let tables = [&ids as &dyn AnyBuffer, &parameters[0], &parameters[1], &x];
        to.elements("embed", &tables, [rows, seq, n_embd, 0], rows * n_embd).await?;
        let mut blocks = Vec::new();
        for block in 0..n_layer {
            let tensors = &parameters[2 + 12 * block..];
            let widths = [1, 1, 3, 1, 1, 1, 4, 4];
            let mut vectors: Vec<_> =
                widths.iter().map(|wide| zeros(rows * wide * n_embd)).collect();
            vectors[Of::X as usize] = x;
            let kept = Kept {
                vectors,
                weights: zeros(texts * n_head * seq * seq),
                moments: [zeros(2 * rows), zeros(2 * rows)],
            };
            x = zeros(rows * n_embd);
            to.block(tensors, &kept, &x).await?;
            blocks.push(kept);
        }
        let [normed, moments] = [zeros(rows * n_embd), zeros(2 * rows)];
        let last = 2 + 12 * n_layer;
        to.norm(&x, &parameters[last..], &normed, &moments).await?;
        let logits = zeros(rows * vocab_size);
        let (table, of_logits) = (&parameters[0], [rows, n_embd, vocab_size]);
        to.product(of_logits, (&normed, [n_embd, 1]), (table, [1, n_embd]), &logits, 0).await?;

        // The loss, and back.
        let (losses, unscaled, dlogits) = (zeros(rows), zeros(logits.len()), zeros(logits.len()));
        let dims = gpu.uniform(&[rows as u32, vocab_size as u32, IGNORE, 0]);
        to.bind("cross_entropy", &[&logits, &labels, &losses, &unscaled, &dims], rows_grid(rows))
            .await?;
        let scale = gpu.uniform(&[0_u32; 4]);
        let grid = workgroups(logits.len() as u32);
        to.bind("scale", &[&unscaled, &dlogits, &scale], grid).await?;
        let rooms = [1, 1, 4].map(|wide| zeros(rows * wide * n_embd));
        let [dx, narrow, _] = &rooms;
        let (transposed, lies) = ([1, vocab_size], [n_embd, 1]);
        let sizes = [vocab_size, rows, n_embd];
        to.product(sizes, (&dlogits, transposed), (&normed, lies), &gradient[0], 0).await?;
        let sizes = [rows, vocab_size, n_embd];
        to.product(sizes, (&dlogits, [vocab_size, 1]), (table, lies), narrow, 0).await?;
        // A product without terms: all zeros.
        let nothing = to.one.clone();
        to.product([rows, 0, n_embd], (&nothing, [0, 0]), (&nothing, [0, 0]), dx, 0).await?;
        let gain = &parameters[last];
        to.norm_back([&x, gain, &moments, narrow, dx], &gradient[last..]).await?;
        for (block, kept) in blocks.iter().enumerate().rev() {
            let (tensors, slopes) = (&parameters[2 + 12 * block..], &gradient[2 + 12 * block..]);
            for pass in &back {
                to.back(*pass, kept, &rooms, [tensors, slopes]).await?;
            }
        }
        let table = [&ids as &dyn AnyBuffer, dx, &gradient[0]];
        let sizes = [rows, vocab_size, n_embd, 0];
        to.elements("embedding_backward", &table, sizes, vocab_size * n_embd).await?;
        // All texts together: the slopes of a position are a column of (texts, seq · n_embd).
        let sizes = [1, texts, seq * n_embd];
        to.product(sizes, (&nothing, [0, 0]), (dx, [seq * n_embd, 1]), &gradient[1], 0).await?;

        let mut changing = Vec::new();
        let means = gpu.uniform(&[0_u32; 4]);
        let tensors = parameters.iter().zip(&gradient).zip(model.tensors());
        for ((weights, slopes), tensor) in tensors {
            let len = weights.len();
            match update {
                Update::Sgd { lr } => {
                    let rate = gpu.upload(&[-lr as f32]);
                    to.product([1, 1, len], (&rate, [0, 0]), (slopes, [0, 1]), weights, 1).await?;
                }
                Update::AdamW { weight_decay, .. } => {
                    let is_matrix = tensor.shape.len() > 1;
                    let weight_decay = if is_matrix { weight_decay } else { 0.0 };
                    let (m, v, params) = (zeros(len), zeros(len), gpu.uniform(&[0_u32; 4]));
                    let all = [weights as &dyn AnyBuffer, slopes, &m, &v, &params, &means];
                    to.bind("adamw", &all, workgroups(len as u32)).await?;
                    changing.push((Group { range: 0..len, weight_decay }, params));
                }
            }
        }
        let (gpu, passes) = (gpu.clone(), to.passes);
        Ok(Self {
            gpu,
            passes,
            ids,
            labels,
            losses,
            scale,
            parameters,
            gradient,
            update,
            changing,
            means,
            steps: 0,
            asked: 0,
        })
    }

    /// How many dispatches a step has.
    pub fn dispatches(&self) -> usize {
        self.passes.len()
    }

    /// A step, in one submission: forward, back, and the update. It does not wait.
    ///
    /// # Panics
    /// If there are more ids or labels than were told, or an id that the model does not have.
    pub fn step(&mut self, ids: &[u32], labels: &[i64]) {
        self.steps += 1;
        self.asked = labels.iter().filter(|&&label| label >= 0).count();
        let labels: Vec<u32> =
            labels.iter().map(|&label| u32::try_from(label).unwrap_or(IGNORE)).collect();
        let gpu = &self.gpu;
        gpu.write(&self.ids, ids);
        gpu.write(&self.labels, &labels);
        let logits = self.losses.len() * (self.parameters[0].len() / self.width());
        let scale = 1.0 / self.asked.max(1) as f32;
        gpu.write(&self.scale, &[[scale.to_bits(), logits as u32, 0, 0]]);
        if let Update::AdamW { settings, .. } = &self.update {
            let mut means = None;
            for (group, params) in &self.changing {
                let [of_group, of_all] = optimizers::uniforms(settings, group, self.steps);
                gpu.write(params, &[of_group]);
                means = Some(of_all);
            }
            gpu.write(&self.means, means.as_slice());
        }
        gpu.submit(&self.passes);
    }

    /// The mean loss of the last step, before it: waits for the GPU.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn loss(&self) -> Result<f64, GpuError> {
        let losses = self.gpu.read(&self.losses).await?;
        Ok(losses.into_iter().map(f64::from).sum::<f64>() / self.asked.max(1) as f64)
    }

    /// The gradient of the last step, in the model's order.
    ///
    /// # Errors
    /// As [`Self::loss`].
    pub async fn gradient(&self) -> Result<Vec<f32>, GpuError> {
        self.read_all(&self.gradient).await
    }

    /// The parameters as they are now, in the model's order.
    ///
    /// # Errors
    /// As [`Self::loss`].
    pub async fn parameters(&self) -> Result<Vec<f32>, GpuError> {
        self.read_all(&self.parameters).await
    }

    async fn read_all(&self, buffers: &[Buffer<f32>]) -> Result<Vec<f32>, GpuError> {
        let mut all = Vec::new();
        for buffer in buffers {
            all.extend(self.gpu.read(buffer).await?);
        }
        Ok(all)
    }

    /// `n_embd`: the gain of a norm has as many numbers.
    fn width(&self) -> usize {
        self.parameters[2].len()
    }
}

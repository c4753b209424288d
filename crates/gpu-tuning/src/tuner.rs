//! A training on the GPU.

use first_gpu_kernel::solution::workgroups;
use gpu::{Bound, Buffer, Gpu, GpuError};
use lora::Lora;
use optimizers::{AdamW, Group};
use small_gpt::{Model, Sizes};

use crate::kernels::Passes;
use crate::model::Frozen;
use crate::pairs::Pairs;
use crate::plan::{Ends, IGNORE, Plan};

/// A text of which one thing is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Its tokens, at least one.
    pub ids: &'a [u32],
    /// The token that follows them.
    pub answer: u32,
}

/// How slopes become a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimizer {
    /// `w ← w − lr · g`.
    Sgd,
    /// AdamW with its usual settings, without decay.
    AdamW,
}

/// What the model says behind a text: a number for each token of the vocabulary.
pub type Logits = Vec<f32>;

/// Trains pairs beside the layers of a frozen GPT-2. Buffers and bind groups are made once; a step is
/// one submission.
pub struct GpuTuner {
    gpu: Gpu,
    passes: Vec<Bound>,
    ends: Ends,
    pairs: Pairs,
    sizes: Sizes,
    texts: usize,
    seq: usize,
    optimizer: Optimizer,
    /// What changes from step to step: for SGD `−lr`, for AdamW its uniforms.
    rate: Buffer<f32>,
    uniforms: [Buffer<[u32; 4]>; 2],
    steps: u64,
    asked: usize,
}

impl GpuTuner {
    /// For the pairs of `lora` beside the layers of `model`, with up to `texts` texts of up to `seq`
    /// tokens at once. `lora_wgsl` is the kernel of what a pair adds: one that binds
    /// [`lora::BINDINGS`].
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column if a kernel does not compile; [`GpuError::Invalid`]
    /// if there is no text, `seq` is 0 or more than the model's positions, no layer has a pair, or the
    /// rank is above [`lora::MAX_RANK`].
    pub async fn new(
        gpu: &Gpu,
        model: &Model,
        lora: &Lora,
        lora_wgsl: &'static str,
        [texts, seq]: [usize; 2],
        optimizer: Optimizer,
    ) -> Result<Self, GpuError> {
        let sizes = model.sizes;
        if texts == 0 || !(1..=sizes.n_positions).contains(&seq) {
            let most = sizes.n_positions;
            let why = format!("{texts} texts of {seq} tokens: at least one, of 1 to {most}");
            return Err(GpuError::Invalid(why));
        }
        let pairs = Pairs::new(gpu, lora, texts * seq)?;
        let frozen = Frozen::new(gpu, model);
        let passes = Passes::new(gpu, lora_wgsl).await?;
        let mut plan = Plan::new(passes, (&frozen, &pairs), sizes, [texts, seq]);
        let ends = plan.step();
        let mut to = plan.passes;
        let (rate, uniforms) = (gpu.zeros(1), [to.sizes([0; 4]), to.sizes([0; 4])]);
        let (numbers, slopes, len) = (&pairs.numbers, &pairs.gradient, pairs.numbers.len());
        match optimizer {
            Optimizer::Sgd => {
                to.strided([1, 1, len], (&rate, [0, 0]), (slopes, [0, 1]), numbers, 1);
            }
            Optimizer::AdamW => {
                let ([m, v], [own, all]) = (&pairs.moments, &uniforms);
                to.bind("adamw", &[numbers, slopes, m, v, own, all], workgroups(len as u32));
            }
        }
        let passes = to.bound().await?;
        let gpu = gpu.clone();
        Ok(Self {
            gpu,
            passes,
            ends,
            pairs,
            sizes,
            texts,
            seq,
            optimizer,
            rate,
            uniforms,
            steps: 0,
            asked: 0,
        })
    }

    /// How many dispatches a step has.
    pub fn dispatches(&self) -> usize {
        self.passes.len()
    }

    /// A step at this learning rate on texts, along the slopes of the mean of their losses: forward,
    /// back and the update, in one submission. It does not wait.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if there are no texts or more than told, if one has no tokens or more
    /// than told, or a token that the model does not have.
    pub fn step(&mut self, texts: &[Asked<'_>], lr: f64) -> Result<(), GpuError> {
        self.tell(texts)?;
        self.steps += 1;
        let gpu = &self.gpu;
        match self.optimizer {
            Optimizer::Sgd => gpu.write(&self.rate, &[-lr as f32]),
            Optimizer::AdamW => {
                let group = Group { range: 0..self.pairs.numbers.len(), weight_decay: 0.0 };
                let settings = AdamW { lr, ..AdamW::default() };
                let told = optimizers::uniforms(&settings, &group, self.steps);
                self.uniforms.iter().zip(told).for_each(|(to, told)| gpu.write(to, &[told]));
            }
        }
        gpu.submit(&self.passes);
        Ok(())
    }

    /// Writes texts where the passes read them.
    fn tell(&mut self, texts: &[Asked<'_>]) -> Result<(), GpuError> {
        let refused = |why: String| Err(GpuError::Invalid(why));
        if texts.is_empty() || texts.len() > self.texts {
            return refused(format!("{} texts: at least one, at most {}", texts.len(), self.texts));
        }
        // Whatever stands behind a text is not seen by it, and nothing is asked there.
        let mut ids = vec![0; self.texts * self.seq];
        let (mut rows, mut answers) = (vec![0; self.texts], vec![IGNORE; self.texts]);
        for (i, text) in texts.iter().enumerate() {
            let len = text.ids.len();
            if !(1..=self.seq).contains(&len) {
                return refused(format!("a text of {len} tokens: 1 to {}", self.seq));
            }
            let most = self.sizes.vocab_size;
            let mut all = text.ids.iter().chain([&text.answer]);
            if let Some(id) = all.find(|&&id| id as usize >= most) {
                return refused(format!("the token {id}: the model has {most}"));
            }
            ids[i * self.seq..][..len].copy_from_slice(text.ids);
            rows[i] = (i * self.seq + len - 1) as u32;
            answers[i] = text.answer;
        }
        self.asked = texts.len();
        let (gpu, ends) = (&self.gpu, &self.ends);
        gpu.write(&ends.ids, &ids);
        gpu.write(&ends.asked, &rows);
        gpu.write(&ends.answers, &answers);
        let share = 1.0 / texts.len() as f32;
        let logits = self.texts * self.sizes.vocab_size;
        gpu.write(&ends.share, &[[share.to_bits(), logits as u32, 0, 0]]);
        Ok(())
    }

    /// The mean loss of the last step, before it, in nats: waits for the GPU.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn loss(&self) -> Result<f64, GpuError> {
        let losses = self.gpu.read(&self.ends.losses).await?;
        Ok(losses.into_iter().map(f64::from).sum::<f64>() / self.asked.max(1) as f64)
    }

    /// What the model with its pairs says behind each of these texts, of which there may be any
    /// number, and the loss of what follows.
    ///
    /// # Errors
    /// As those of [`Self::step`] and [`Self::loss`].
    pub async fn look(&mut self, texts: &[Asked<'_>]) -> Result<Vec<(Logits, f64)>, GpuError> {
        let mut all = Vec::with_capacity(texts.len());
        for some in texts.chunks(self.texts) {
            self.tell(some)?;
            self.gpu.submit(&self.passes[..self.ends.forward]);
            let logits = self.gpu.read(&self.ends.logits).await?;
            let losses = self.gpu.read(&self.ends.losses).await?;
            let rows = logits.chunks_exact(self.sizes.vocab_size).map(<[f32]>::to_vec);
            all.extend(rows.zip(losses.into_iter().map(f64::from)).take(some.len()));
        }
        Ok(all)
    }

    /// The slopes of the last step, in the order of [`Lora::numbers`].
    ///
    /// # Errors
    /// As [`Self::loss`].
    pub async fn gradient(&self) -> Result<Vec<f32>, GpuError> {
        self.pairs.read(&self.gpu, &self.pairs.gradient).await
    }

    /// Puts other pairs in their place, in the order of [`Lora::numbers`]; AdamW keeps its means.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn set_numbers(&self, numbers: &[f32]) {
        self.pairs.write(&self.gpu, numbers);
    }

    /// The pairs as they are now, in the order of [`Lora::numbers`].
    ///
    /// # Errors
    /// As [`Self::loss`].
    pub async fn numbers(&self) -> Result<Vec<f32>, GpuError> {
        self.pairs.read(&self.gpu, &self.pairs.numbers).await
    }
}

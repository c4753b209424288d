//! The host side of both ways: one dispatch a token, and many. Given: the exercise is the WGSL.

use gpt::Config;
use gpu::Binding::{Read, ReadWrite, Uniform};
use gpu::{Binding, Bound, Buffer, Gpu, GpuError};

use crate::solution::{layout, pack_f16, plan};
use crate::{Launch, Model, Op, Place, Precision};

/// The kernel's entry point.
pub const ENTRY: &str = "decode_step";

/// What the kernel binds in group 0: `w`, `cache`, `logits`, `state`, `sizes`, `more`.
pub const BINDINGS: [Binding; 6] = [Read, ReadWrite, ReadWrite, Uniform, Uniform, Uniform];

const MANY: &str = include_str!("../kernels/given/many.wgsl");
const OF_MANY: [Binding; 8] =
    [Read, ReadWrite, ReadWrite, Uniform, Uniform, Uniform, ReadWrite, Uniform];

/// How the step of many dispatches is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handing {
    /// All dispatches in one pass of one submission.
    Together,
    /// A submission for each dispatch.
    OneByOne,
}

/// What the kernel reads from `sizes` and `more`.
pub fn uniforms(config: &Config, precision: Precision) -> [[u32; 4]; 2] {
    let size = |size: usize| size as u32;
    let Config { n_layer, n_head, n_embd, n_positions, vocab_size, .. } = *config;
    let is_f16 = u32::from(precision == Precision::F16);
    let eps = (config.layer_norm_epsilon as f32).to_bits();
    [
        [size(n_layer), size(n_head), size(n_embd), size(config.inner())],
        [size(n_positions), size(vocab_size), is_f16, eps],
    ]
}

/// Numbers of the cache.
pub fn cache_len(config: &Config) -> usize {
    config.n_layer * 2 * config.n_positions * config.n_embd
}

/// The words of `w`, filled up to whole vectors of four words.
pub fn words(packed: &[f32], precision: Precision) -> Vec<u32> {
    let mut words = match precision {
        Precision::F32 => packed.iter().map(|x| x.to_bits()).collect(),
        Precision::F16 => pack_f16(packed),
    };
    words.resize(words.len().next_multiple_of(4), 0);
    words
}

/// Buffers of a model on a GPU, and its cache.
struct Room {
    gpu: Gpu,
    config: Config,
    weights: Buffer<u32>,
    cache: Buffer<f32>,
    logits: Buffer<f32>,
    state: Buffer<[u32; 4]>,
    sizes: [Buffer<[u32; 4]>; 2],
}

impl Room {
    fn new(gpu: &Gpu, model: &Model, precision: Precision) -> Result<(Self, Vec<Place>), GpuError> {
        let config = &model.config;
        let places = layout(config).map_err(|why| GpuError::Invalid(why.to_string()))?;
        let room = Self {
            gpu: gpu.clone(),
            config: config.clone(),
            weights: gpu.upload(&words(&model.packed(&places), precision)),
            cache: gpu.zeros(cache_len(config)),
            logits: gpu.zeros(config.vocab_size),
            state: gpu.uniform(&[0; 4]),
            sizes: uniforms(config, precision).map(|words| gpu.uniform(&words)),
        };
        Ok((room, places))
    }

    fn set(&self, token: u32, position: usize) -> Result<(), GpuError> {
        let Config { vocab_size, n_positions, .. } = self.config;
        if token as usize >= vocab_size || position >= n_positions {
            return Err(GpuError::Invalid(format!(
                "token {token} at position {position}: there are {vocab_size} tokens and \
                 {n_positions} positions"
            )));
        }
        self.gpu.write(&self.state, &[[token, position as u32, 0, 0]]);
        Ok(())
    }
}

/// A model whose step is one dispatch.
pub struct OneDispatch {
    room: Room,
    step: Bound,
}

impl OneDispatch {
    /// With a kernel `decode_step`, and an empty cache.
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds
    /// anything but [`BINDINGS`], or if one workgroup cannot do a step of this model.
    pub async fn new(
        gpu: &Gpu,
        wgsl: &str,
        model: &Model,
        precision: Precision,
    ) -> Result<Self, GpuError> {
        let (room, _) = Room::new(gpu, model, precision)?;
        let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
        let Room { weights, cache, logits, state, sizes: [sizes, more], .. } = &room;
        let step =
            gpu.bound(&kernel, &[weights, cache, logits, state, sizes, more], [1, 1, 1]).await?;
        Ok(Self { room, step })
    }

    /// Reads a token; the next one is at the next position. It does not wait.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if there is no such token, or no such position.
    pub fn step(&self, token: u32, position: usize) -> Result<(), GpuError> {
        self.room.set(token, position)?;
        self.room.gpu.submit([&self.step]);
        Ok(())
    }

    /// The logits of the last step.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn logits(&self) -> Result<Vec<f32>, GpuError> {
        self.room.gpu.read(&self.room.logits).await
    }
}

/// The same model with a dispatch for each part.
pub struct ManyDispatches {
    room: Room,
    steps: Vec<Bound>,
}

impl ManyDispatches {
    /// With an empty cache. Every dispatch is bound once, here.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if the model is too large.
    pub async fn new(gpu: &Gpu, model: &Model, precision: Precision) -> Result<Self, GpuError> {
        let (room, places) = Room::new(gpu, model, precision)?;
        let config = &model.config;
        let wide = 4 * config.n_embd.max(config.inner()).div_ceil(4);
        let rooms = gpu.zeros::<f32>(3 * wide);
        let Room { weights, cache, logits, state, sizes: [sizes, more], .. } = &room;
        let mut steps = Vec::new();
        for launch in plan(config) {
            let (entry, words) = of_launch(&launch, &places);
            let kernel = gpu.compile(MANY, entry, &OF_MANY).await?;
            let op = gpu.uniform(&words);
            let buffers: [&dyn gpu::AnyBuffer; 8] =
                [weights, cache, logits, state, sizes, more, &rooms, &op];
            let grid = [launch.workgroups as u32, 1, 1];
            steps.push(gpu.bound(&kernel, &buffers, grid).await?);
        }
        Ok(Self { room, steps })
    }

    /// Reads a token; the next one is at the next position. It does not wait.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if there is no such token, or no such position.
    pub fn step(&self, token: u32, position: usize, handing: Handing) -> Result<(), GpuError> {
        self.room.set(token, position)?;
        match handing {
            Handing::Together => self.room.gpu.submit(&self.steps),
            Handing::OneByOne => self.steps.iter().for_each(|step| self.room.gpu.submit([step])),
        }
        Ok(())
    }

    /// The logits of the last step.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn logits(&self) -> Result<Vec<f32>, GpuError> {
        self.room.gpu.read(&self.room.logits).await
    }
}

/// The kernel of a dispatch, and what it reads from `op`.
fn of_launch(launch: &Launch, places: &[Place]) -> (&'static str, [u32; 8]) {
    let Launch { op, layer, .. } = *launch;
    let (entry, name, kind) = match op {
        Op::Embed => ("embed", "wte", 0),
        Op::NormAttention => ("norm", "ln_1", 0),
        Op::Qkv => ("product", "attn.c_attn", 0),
        Op::Attend => ("attend", "attn.c_attn", 0),
        Op::Project => ("product", "attn.c_proj", 1),
        Op::NormMlp => ("norm", "ln_2", 0),
        Op::Widen => ("product", "mlp.c_fc", 2),
        Op::Narrow => ("product", "mlp.c_proj", 3),
        Op::NormLast => ("norm", "ln_f", 0),
        Op::Logits => ("logits", "wte", 0),
    };
    let is_outside = matches!(op, Op::Embed | Op::NormLast | Op::Logits);
    let name = match is_outside {
        true => format!("{name}.weight"),
        false => format!("h.{layer}.{name}.weight"),
    };
    let place = places.iter().find(|place| place.name == name);
    let [at, rows, cols] = place.map_or([0; 3], |place| [place.at, place.rows, place.cols]);
    (entry, [at, rows, cols, layer, kind, 0, 0, 0].map(|word| word as u32))
}

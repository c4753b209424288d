//! A frozen model on the GPU.

use gpu::{Buffer, Gpu};
use small_gpt::{Layer, Model};

/// A linear layer: its weight, the same turned over for the way back, and its bias.
pub struct Linear {
    /// Numbers that go in, and that come out.
    pub sizes: [usize; 2],
    pub weight: Buffer<f32>,
    /// `Wᵀ`, row by row: a product reads both of its matrices row by row.
    pub turned: Buffer<f32>,
    pub bias: Buffer<f32>,
}

/// Gain and shift of a norm.
pub type Norm = [Buffer<f32>; 2];

pub struct Block {
    pub norms: [Norm; 2],
    /// In the order of [`Layer::ALL`].
    pub linears: [Linear; 4],
}

pub struct Frozen {
    /// The table of tokens, `(vocab_size, n_embd)`, and turned over.
    pub tokens: [Buffer<f32>; 2],
    pub positions: Buffer<f32>,
    pub blocks: Vec<Block>,
    pub last_norm: Norm,
}

impl Frozen {
    pub fn new(gpu: &Gpu, model: &Model) -> Self {
        let tensors = model.tensors();
        let numbers = |i: usize| model.numbers(&tensors[i]);
        let norm = |i: usize| [0, 1].map(|of| gpu.upload(numbers(i + of)));
        let table = |i: usize| {
            let cols = tensors[i].shape[1];
            [gpu.upload(numbers(i)), gpu.upload(&turned(numbers(i), cols))]
        };
        let linear = |i: usize, layer: Layer| {
            let [weight, turned] = table(i);
            let sizes = layer.sizes(model.sizes.n_embd);
            Linear { sizes, weight, turned, bias: gpu.upload(numbers(i + 1)) }
        };
        // As in `Model::tensors`: two tables, then blocks of twelve, then the last norm.
        let block = |of: usize| {
            let first = 2 + 12 * of;
            let linears = Layer::ALL.map(|layer| linear(first + 4 + 2 * layer as usize, layer));
            Block { norms: [norm(first), norm(first + 2)], linears }
        };
        Self {
            tokens: table(0),
            positions: gpu.upload(numbers(1)),
            blocks: (0..model.sizes.n_layer).map(block).collect(),
            last_norm: norm(tensors.len() - 2),
        }
    }
}

/// The transpose of a matrix with rows of `cols` numbers.
fn turned(x: &[f32], cols: usize) -> Vec<f32> {
    let rows = x.len() / cols;
    (0..x.len()).map(|at| x[at % rows * cols + at / rows]).collect()
}

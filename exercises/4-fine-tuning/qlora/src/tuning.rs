//! QLoRA of a whole model: small-gpt's hooks, by the lesson's functions.

use lora::LoraLinear;
use lora::solution::{lora_backward, lora_forward, lora_init};
use rand::Rng;
use small_gpt::{Linear, Matrix, Model, Place, Products, Tuning};

use crate::solution::{dequantize_4bit, double_quantize, quantize_4bit};
use crate::{Absmax, Base, Code, QloraError};

/// Rows of a weight that are numbers at a time.
const TILE: usize = 32;

/// How a model is packed, and what learns beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct QLoraSettings {
    /// What the weights are packed in.
    pub code: Code,
    /// How many have an absmax in common.
    pub block: usize,
    /// Whether absmax values are quantized, too.
    pub doubled: bool,
    /// Which linear layers get a pair.
    pub targets: Vec<Place>,
    /// Of each pair.
    pub rank: usize,
    /// What a pair's product is multiplied by: α / rank.
    pub scale: f32,
}

/// The weights of all linear layers in 4 bits, and pairs that learn beside some of them. The model it
/// is used with may be hollow: it gives embeddings, norms and biases.
#[derive(Clone, Debug)]
pub struct QLora {
    /// What learns: for each target, in the order of [`Place::all`], A and then B.
    pub numbers: Vec<f32>,
    bases: Vec<Base>,
    /// For each place, where its pair begins.
    pairs: Vec<Option<usize>>,
    rank: usize,
    scale: f32,
}

impl QLora {
    /// Packs a model's linear layers, and draws pairs whose B is 0.
    ///
    /// # Errors
    /// What [`quantize_4bit`] and [`lora_init`] say.
    ///
    /// # Panics
    /// If the model is hollow.
    pub fn new(
        model: &Model,
        settings: &QLoraSettings,
        rng: &mut dyn Rng,
    ) -> Result<Self, QloraError> {
        let QLoraSettings { code, block, doubled, ref targets, rank, scale } = *settings;
        let (mut numbers, mut bases, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for place in Place::all(model.sizes.n_layer) {
            let [inputs, outputs] = place.layer.sizes(model.sizes.n_embd);
            let mut weight = quantize_4bit(model.weight(place), code, block)?;
            if let (true, Absmax::Plain(absmax)) = (doubled, &weight.absmax) {
                weight.absmax = Absmax::Doubled(double_quantize(absmax)?);
            }
            bases.push(Base { inputs, outputs, weight });
            let learns = targets.contains(&place);
            pairs.push(learns.then_some(numbers.len()));
            if learns {
                let (a, b) = lora_init(inputs, outputs, rank, rng)?;
                numbers.extend([a, b].into_iter().flatten());
            }
        }
        Ok(Self { numbers, bases, pairs, rank, scale })
    }

    /// The packed weight of a layer.
    pub fn base(&self, place: Place) -> &Base {
        &self.bases[place.index()]
    }

    /// A layer's pair.
    pub fn pair(&self, place: Place) -> Option<LoraLinear<'_>> {
        let Base { inputs, outputs, .. } = self.bases[place.index()];
        let (rank, scale) = (self.rank, self.scale);
        let (a, b) = self.numbers[self.pairs[place.index()]?..].split_at(rank * inputs);
        Some(LoraLinear { inputs, outputs, rank, scale, a, b: &b[..outputs * rank] })
    }

    /// What the packed weights take.
    pub fn bytes(&self) -> usize {
        self.bases.iter().map(|base| base.weight.size()).sum()
    }
}

/// Calls `with` for tiles of `W`: the number of the first row, how many rows, and their numbers.
fn tiles(base: &Base, mut with: impl FnMut(usize, usize, &[f32])) {
    let Base { inputs, outputs, weight } = base;
    let mut tile = vec![0.0; TILE.min(*inputs) * outputs];
    for first in (0..*inputs).step_by(TILE) {
        let rows = TILE.min(inputs - first);
        let numbers = &mut tile[..rows * outputs];
        let range = first * outputs..(first + rows) * outputs;
        dequantize_4bit(weight, range, numbers).expect("a weight that was packed here");
        with(first, rows, numbers);
    }
}

impl Tuning for QLora {
    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        let base = self.base(layer.place);
        let Base { inputs, outputs, .. } = *base;
        let bias = layer.model.bias(layer.place);
        y.chunks_exact_mut(outputs).for_each(|y| y.copy_from_slice(bias));
        if layer.rows() == 0 {
            return;
        }
        tiles(base, |first, rows, w| {
            let x = Matrix::rows(&layer.x[first..], inputs);
            let sizes = (layer.rows(), rows, outputs);
            products.product(sizes, x, Matrix::rows(w, outputs), y, outputs, true);
        });
        if let Some(pair) = self.pair(layer.place) {
            *layer.kept = lora_forward(&pair, layer.x, y).expect("sizes of the layer");
        }
    }

    fn linear_backward(
        &self,
        layer: Linear<'_>,
        dy: &[f32],
        dx: &mut [f32],
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        let base = self.base(layer.place);
        let Base { inputs, outputs, .. } = *base;
        if layer.rows() == 0 {
            return;
        }
        tiles(base, |first, rows, w| {
            let w = Matrix::rows(w, outputs).transposed();
            let sizes = (layer.rows(), outputs, rows);
            products.product(sizes, Matrix::rows(dy, outputs), w, &mut dx[first..], inputs, false);
        });
        let pair = self.pair(layer.place).zip(self.pairs[layer.place.index()]);
        if let Some((pair, start)) = pair {
            let (da, db) = gradient[start..].split_at_mut(pair.a.len());
            let slopes = lora::Slopes { da, db: &mut db[..pair.b.len()], dx };
            lora_backward(&pair, layer.x, layer.kept, dy, slopes).expect("sizes of the layer");
        }
    }
}

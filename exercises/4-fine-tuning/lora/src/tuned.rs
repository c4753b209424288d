//! A whole model with pairs beside some of its layers. Given: it calls what the learner wrote.

use std::ops::Range;

use rand::Rng;
use small_gpt::{Layer, Linear, Model, Place, Products, Sizes, Tuning};

use crate::{Answers, LoraError, LoraLinear, Slopes};

/// What a pair is beside of, and how large it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The rank r.
    pub rank: usize,
    /// α.
    pub alpha: f64,
    /// Whether α is divided by `√r`, as in rsLoRA, and not by `r`.
    pub rank_stabilized: bool,
    /// The layers that get a pair, in every block.
    pub targets: Vec<Layer>,
}

impl Default for Settings {
    /// Rank 8, alpha 16, beside `attn.c_attn`: what PEFT targets in GPT-2.
    fn default() -> Self {
        Self { rank: 8, alpha: 16.0, rank_stabilized: false, targets: vec![Layer::Attn] }
    }
}

/// Pairs of all targets of a model, in one list of numbers: for each place A, then B.
#[derive(Clone)]
pub struct Lora {
    settings: Settings,
    scale: f32,
    answers: Answers,
    pairs: Vec<Pair>,
    /// All numbers that learn.
    pub numbers: Vec<f32>,
}

#[derive(Clone, Debug)]
struct Pair {
    place: Place,
    a: Range<usize>,
    b: Range<usize>,
}

impl Lora {
    /// New pairs for a model of these sizes, by the functions of `answers`.
    ///
    /// # Errors
    /// Those of `lora_scale` and `lora_init`; [`LoraError::Length`] if these return other numbers than
    /// the sizes ask for.
    pub fn new(
        answers: Answers,
        sizes: Sizes,
        settings: Settings,
        rng: &mut dyn Rng,
    ) -> Result<Self, LoraError> {
        let Settings { rank, alpha, rank_stabilized, .. } = settings;
        let scale = (answers.lora_scale)(alpha, rank, rank_stabilized)?;
        let mut lora = Self { scale, answers, pairs: vec![], numbers: vec![], settings };
        for place in Place::all(sizes.n_layer) {
            if !lora.settings.targets.contains(&place.layer) {
                continue;
            }
            let [inputs, outputs] = place.layer.sizes(sizes.n_embd);
            let (a, b) = (answers.lora_init)(inputs, outputs, rank, rng)?;
            crate::layer::length("a", a.len(), rank * inputs)?;
            crate::layer::length("b", b.len(), outputs * rank)?;
            let start = lora.numbers.len();
            let [of_a, of_b] = [start..start + a.len(), start + a.len()..start + a.len() + b.len()];
            lora.pairs.push(Pair { place, a: of_a, b: of_b });
            lora.numbers.extend(a.into_iter().chain(b));
        }
        Ok(lora)
    }

    /// How it was set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The places that have a pair, in the order of the numbers.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.pairs.iter().map(|pair| pair.place)
    }

    /// Where A and B of a place are in [`Self::numbers`], if it has a pair.
    pub fn ranges(&self, place: Place) -> Option<[Range<usize>; 2]> {
        let pair = self.pairs.iter().find(|pair| pair.place == place)?;
        Some([pair.a.clone(), pair.b.clone()])
    }

    /// The pair of a place, if it has one.
    pub fn pair(&self, place: Place) -> Option<LoraLinear<'_>> {
        let [a, b] = self.ranges(place)?.map(|range| &self.numbers[range]);
        let rank = self.settings.rank;
        let (inputs, outputs) = (a.len() / rank, b.len() / rank);
        Some(LoraLinear { inputs, outputs, rank, scale: self.scale, a, b })
    }

    /// Adds every pair to the weight beside it; afterwards the model alone does what both did.
    ///
    /// # Errors
    /// Those of `merge`.
    pub fn merge_into(&self, model: &mut Model) -> Result<(), LoraError> {
        for place in self.places() {
            let range = model.weight_range(place);
            let Some(pair) = self.pair(place) else { continue };
            (self.answers.merge)(&pair, &mut model.parameters[range])?;
        }
        Ok(())
    }
}

impl Tuning for Lora {
    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
        if let Some(pair) = self.pair(layer.place) {
            let xa = (self.answers.lora_forward)(&pair, layer.x, y);
            *layer.kept = xa.expect("the rows of a layer fit its pair");
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
        layer.base_backward(dy, dx, products);
        let (Some(pair), Some([a, b])) = (self.pair(layer.place), self.ranges(layer.place)) else {
            return;
        };
        let (da, db) = gradient[a.start..b.end].split_at_mut(a.len());
        let back = &self.answers.lora_backward;
        back(&pair, layer.x, layer.kept, dy, Slopes { da, db, dx })
            .expect("the rows of a layer fit its pair");
    }
}

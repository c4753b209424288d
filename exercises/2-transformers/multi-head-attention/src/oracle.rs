//! What is right, computed without the lesson's code: number by number in double precision, or by
//! PyTorch and transformers in golden files. The checks compare with it.

use attention::solution::causal_mask;
use candle_core::{DType, Device, Tensor, Var};
use grading::random::seeded;
use grading::{Failure, Tolerance};
use rand::RngExt;
use serde::Deserialize;
use tensor_test::flat;

use crate::{Linear, Mha};

/// Numbers and their shape, row-major.
#[derive(Clone, Debug, Deserialize)]
pub struct Numbers {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Numbers {
    /// Sixteenths between ±2, the same for the same seed.
    pub fn drawn(shape: &[usize], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let sixteenths = (0..shape.iter().product()).map(|_| rng.random_range(-32_i8..=32));
        let values = sixteenths.map(|x| f64::from(x) / 16.0).collect();
        Self { shape: shape.to_vec(), values }
    }

    pub fn tensor(&self, dtype: DType) -> candle_core::Result<Tensor> {
        Tensor::from_slice(&self.values, &self.shape[..], &Device::Cpu)?.to_dtype(dtype)
    }
}

/// A matrix and a bias.
#[derive(Clone, Debug, Deserialize)]
pub struct Projection {
    pub w: Numbers,
    pub b: Option<Numbers>,
}

impl Projection {
    fn drawn([d_in, d_out]: [usize; 2], has_bias: bool, seed: u64) -> Self {
        let b = has_bias.then(|| Numbers::drawn(&[d_out], seed + 1));
        Self { w: Numbers::drawn(&[d_in, d_out], seed), b }
    }

    /// `x W + b` for one vector.
    fn of(&self, x: &[f64]) -> Vec<f64> {
        let d_out = self.w.shape[1];
        (0..d_out)
            .map(|j| {
                let b = self.b.as_ref().map_or(0.0, |b| b.values[j]);
                b + x.iter().enumerate().map(|(i, x)| x * self.w.values[i * d_out + j]).sum::<f64>()
            })
            .collect()
    }
}

/// A layer with what goes in and, if it is golden, what comes out.
#[derive(Clone, Debug, Deserialize)]
pub struct Layer {
    pub name: String,
    pub n_heads: usize,
    pub n_kv_heads: usize,
    pub q: Projection,
    pub k: Projection,
    pub v: Projection,
    pub o: Projection,
    pub x: Numbers,
    pub context: Option<Numbers>,
    pub mask: Option<Numbers>,
    pub y: Option<Numbers>,
}

/// The sizes of a layer; `d_context` and `t_k` count for cross-attention only.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub n_heads: usize,
    pub n_kv_heads: usize,
    pub d_head: usize,
    pub d_v: usize,
    pub d_model: usize,
    pub d_out: usize,
    pub batch: usize,
    pub t_q: usize,
    /// Length and width of a second input.
    pub context: Option<[usize; 2]>,
    pub has_bias: bool,
}

impl Sizes {
    /// Self-attention of two texts of four tokens.
    pub const fn new(n_heads: usize, n_kv_heads: usize, d_head: usize) -> Self {
        let d_model = n_heads * d_head;
        Self {
            n_heads,
            n_kv_heads,
            d_head,
            d_v: d_head,
            d_model,
            d_out: d_model,
            batch: 2,
            t_q: 4,
            context: None,
            has_bias: true,
        }
    }
}

/// What a layer is run with: its leaves are those of [`Layer::numbers`].
pub struct Inputs {
    pub mha: Mha,
    pub x: Tensor,
    pub context: Option<Tensor>,
    pub mask: Option<Tensor>,
    pub leaves: Vec<Var>,
}

impl Layer {
    pub fn drawn(sizes: Sizes, seed: u64) -> Self {
        let Sizes { n_heads, n_kv_heads, d_head, d_v, batch, has_bias, .. } = sizes;
        let width = sizes.context.map_or(sizes.d_model, |[_, width]| width);
        let seed = seed.wrapping_mul(100);
        let drawn = |d_in, d_out, at| Projection::drawn([d_in, d_out], has_bias, seed ^ at);
        Self {
            name: format!("{sizes:?}"),
            n_heads,
            n_kv_heads,
            q: drawn(sizes.d_model, n_heads * d_head, 10),
            k: drawn(width, n_kv_heads * d_head, 20),
            v: drawn(width, n_kv_heads * d_v, 30),
            o: drawn(n_heads * d_v, sizes.d_out, 40),
            x: Numbers::drawn(&[batch, sizes.t_q, sizes.d_model], seed ^ 50),
            context: sizes.context.map(|[t_k, w]| Numbers::drawn(&[batch, t_k, w], seed ^ 60)),
            mask: None,
            y: None,
        }
    }

    /// The numbers of a layer and its inputs, all of them f64.
    pub fn read(
        mha: &Mha,
        x: &Tensor,
        context: Option<&Tensor>,
        mask: Option<&Tensor>,
    ) -> candle_core::Result<Self> {
        let numbers = |x: &Tensor| -> candle_core::Result<Numbers> {
            Ok(Numbers { shape: x.dims().to_vec(), values: x.flatten_all()?.to_vec1()? })
        };
        let projection = |linear: &Linear| -> candle_core::Result<Projection> {
            let b = linear.b.as_ref().map(numbers).transpose()?;
            Ok(Projection { w: numbers(&linear.w)?, b })
        };
        let places = |mask: &Tensor| -> candle_core::Result<Numbers> {
            let values = mask.flatten_all()?.to_vec1::<u8>()?.into_iter().map(f64::from);
            Ok(Numbers { shape: mask.dims().to_vec(), values: values.collect() })
        };
        Ok(Self {
            name: String::new(),
            n_heads: mha.n_heads,
            n_kv_heads: mha.n_kv_heads,
            q: projection(&mha.w_q)?,
            k: projection(&mha.w_k)?,
            v: projection(&mha.w_v)?,
            o: projection(&mha.w_o)?,
            x: numbers(x)?,
            context: context.map(numbers).transpose()?,
            mask: mask.map(places).transpose()?,
            y: None,
        })
    }

    /// Nobody sees what comes later.
    pub fn causal(mut self) -> Result<Self, Failure> {
        let t = self.x.shape[1];
        self.mask = Some(Numbers { shape: vec![t, t], values: flat(&causal_mask(t, t)?)? });
        Ok(self)
    }

    /// All numbers that get gradients, with names.
    pub fn numbers(&mut self) -> Vec<(&'static str, &mut Numbers)> {
        let mut all = Vec::new();
        let names = [("w_q", "b_q"), ("w_k", "b_k"), ("w_v", "b_v"), ("w_o", "b_o")];
        let projections = [&mut self.q, &mut self.k, &mut self.v, &mut self.o];
        for ((w, b), projection) in names.into_iter().zip(projections) {
            all.push((w, &mut projection.w));
            all.extend(projection.b.as_mut().map(|bias| (b, bias)));
        }
        all.push(("x", &mut self.x));
        all.extend(self.context.as_mut().map(|context| ("the context", context)));
        all
    }

    pub fn inputs(&self, dtype: DType) -> Result<Inputs, Failure> {
        let mut leaves = Vec::new();
        let mut leaf = |numbers: &Numbers| -> candle_core::Result<Tensor> {
            let leaf = Var::from_tensor(&numbers.tensor(dtype)?)?;
            leaves.push(leaf.clone());
            Ok(leaf.as_tensor().clone())
        };
        let mut linear = |p: &Projection| -> candle_core::Result<Linear> {
            Ok(Linear { w: leaf(&p.w)?, b: p.b.as_ref().map(&mut leaf).transpose()? })
        };
        let mha = Mha {
            n_heads: self.n_heads,
            n_kv_heads: self.n_kv_heads,
            w_q: linear(&self.q)?,
            w_k: linear(&self.k)?,
            w_v: linear(&self.v)?,
            w_o: linear(&self.o)?,
        };
        let (x, context) = (leaf(&self.x)?, self.context.as_ref().map(leaf).transpose()?);
        let mask = self.mask.as_ref().map(|mask| mask.tensor(DType::U8)).transpose()?;
        Ok(Inputs { mha, x, context, mask, leaves })
    }

    /// The shape of the result.
    pub fn shape(&self) -> [usize; 3] {
        [self.x.shape[0], self.x.shape[1], self.o.w.shape[1]]
    }

    /// What comes out, one query and one head after the other.
    pub fn output(&self) -> Vec<f64> {
        let context = self.context.as_ref().unwrap_or(&self.x);
        let [batch, t_q, _] = self.shape();
        let t_k = context.shape[1];
        let vectors = |of: &Numbers, projection: &Projection| -> Vec<Vec<f64>> {
            of.values.chunks(of.shape[2].max(1)).map(|x| projection.of(x)).collect()
        };
        let q = vectors(&self.x, &self.q);
        let (k, v) = (vectors(context, &self.k), vectors(context, &self.v));
        let d_head = self.q.w.shape[1] / self.n_heads;
        let d_v = self.v.w.shape[1] / self.n_kv_heads;
        let group = self.n_heads / self.n_kv_heads;
        let mut y = Vec::new();
        for (at, query) in q.iter().enumerate() {
            let (text, i) = (at / t_q, at % t_q);
            let mut heads = Vec::new();
            for h in 0..self.n_heads {
                let g = h / group;
                let part = |x: &[f64], n: usize, d: usize| x[n * d..(n + 1) * d].to_vec();
                let sees: Vec<usize> = (0..t_k)
                    .filter(|&j| self.sees([batch, self.n_heads, t_q, t_k], [text, h, i, j]))
                    .collect();
                let scores: Vec<f64> = sees
                    .iter()
                    .map(|j| {
                        let key = part(&k[text * t_k + j], g, d_head);
                        dot(&part(query, h, d_head), &key) / (d_head as f64).sqrt()
                    })
                    .collect();
                let most = scores.iter().copied().fold(f64::MIN, f64::max);
                let weights: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
                let sum: f64 = weights.iter().sum();
                let mut head = vec![0.0; d_v];
                for (j, weight) in sees.iter().zip(weights) {
                    let value = part(&v[text * t_k + j], g, d_v);
                    head.iter_mut().zip(value).for_each(|(x, v)| *x += weight / sum * v);
                }
                heads.extend(head);
            }
            y.extend(self.o.of(&heads));
        }
        y
    }

    /// Whether a query of a text and head may look at a key: a mask repeats along axes of 1.
    fn sees(&self, sizes: [usize; 4], at: [usize; 4]) -> bool {
        let Some(mask) = &self.mask else { return true };
        let missing = 4 - mask.shape.len();
        let place = (missing..4).fold(0, |place, axis| {
            let size = mask.shape[axis - missing];
            assert!(size == 1 || size == sizes[axis], "the mask fits");
            place * size + if size == 1 { 0 } else { at[axis] }
        });
        mask.values[place] != 0.0
    }
}

pub fn torch_cases() -> Result<Vec<Layer>, Failure> {
    grading::golden!("torch.json")
}

pub fn llama_cases() -> Result<Vec<Layer>, Failure> {
    grading::golden!("llama.json")
}

/// Keys or values, repeated by transformers.
#[derive(Deserialize)]
pub struct RepeatCase {
    pub n_heads: usize,
    pub x: Numbers,
    pub y: Numbers,
}

pub fn repeat_cases() -> Result<Vec<RepeatCase>, Failure> {
    grading::golden!("repeat_kv.json")
}

/// A dot product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Sums in another order, golden numbers of 12 digits: relative to the largest of what is wanted.
pub fn tolerance(dtype: DType, want: &[f64]) -> Tolerance {
    let rtol = if dtype == DType::F32 { 1e-5 } else { 1e-10 };
    let largest = want.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    Tolerance { rtol, atol: rtol * largest }
}

/// Numbers that were only moved.
pub const EXACT: Tolerance = Tolerance { rtol: 0.0, atol: 0.0 };

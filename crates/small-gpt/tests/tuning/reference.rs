//! The same model in candle, in f64, written once more.

use candle_core::backprop::GradStore;
use candle_core::{D, DType, Device, Result, Tensor, Var};
use small_gpt::{Layer, Model, Place};

pub struct Reference {
    sizes: small_gpt::Sizes,
    names: Vec<String>,
    vars: Vec<Var>,
    parts: Vec<Var>,
    before: [usize; 2],
    /// What went into the first block.
    inputs: std::cell::RefCell<Option<Var>>,
}

fn var(numbers: &[f32], shape: &[usize]) -> Option<Var> {
    let numbers: Vec<f64> = numbers.iter().map(|&x| f64::from(x)).collect();
    (!numbers.is_empty()).then(|| Var::from_vec(numbers, shape, &Device::Cpu).unwrap())
}

pub fn numbers(tensor: &Tensor) -> Vec<f64> {
    tensor.to_dtype(DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

impl Reference {
    /// `parts` as in the tuning: `A` and `B` of each place, the prompt, keys and values of each block;
    /// empty ones are left out.
    pub fn new(model: &Model, parts: &[Vec<f32>], before: [usize; 2]) -> Self {
        let (n_embd, n_layer) = (model.sizes.n_embd, model.sizes.n_layer);
        let names = model.tensors().iter().map(|tensor| tensor.name.clone()).collect();
        let vars = model.tensors().iter();
        let vars = vars.map(|t| var(model.numbers(t), &t.shape).unwrap()).collect();
        let rank = parts[0].len() / n_embd;
        let mut shapes: Vec<[usize; 2]> = Place::all(n_layer)
            .flat_map(|place| {
                let [inputs, outputs] = place.layer.sizes(n_embd);
                [[inputs, rank], [rank, outputs]]
            })
            .collect();
        shapes.push([before[0], n_embd]);
        shapes.resize(parts.len(), [before[1], n_embd]);
        let parts = parts.iter().zip(&shapes).filter_map(|(part, shape)| var(part, shape));
        Self {
            sizes: model.sizes,
            names,
            vars,
            parts: parts.collect(),
            before,
            inputs: None.into(),
        }
    }

    fn get(&self, name: &str) -> &Tensor {
        let i = self.names.iter().position(|other| other == name).unwrap();
        self.vars[i].as_tensor()
    }

    fn linear(&self, place: Place, x: &Tensor) -> Result<Tensor> {
        let name = place.name();
        let y = x.broadcast_matmul(self.get(&format!("{name}.weight")))?;
        let y = y.broadcast_add(self.get(&format!("{name}.bias")))?;
        let [a, b] = [0, 1].map(|i| self.parts[2 * place.index() + i].as_tensor());
        y + x.broadcast_matmul(a)?.broadcast_matmul(b)?
    }

    fn norm(&self, name: &str, x: &Tensor) -> Result<Tensor> {
        let x = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
        let variance = x.sqr()?.mean_keepdim(D::Minus1)?;
        let x = x.broadcast_div(&(variance + 1e-5)?.sqrt()?)?;
        x.broadcast_mul(self.get(&format!("{name}.weight")))?
            .broadcast_add(self.get(&format!("{name}.bias")))
    }

    /// Logits, and what the last norm says, of all tokens of texts.
    pub fn forward(&self, ids: &[u32], seq: usize) -> (Tensor, Tensor) {
        self.run(ids, seq).unwrap()
    }

    fn run(&self, ids: &[u32], seq: usize) -> Result<(Tensor, Tensor)> {
        let small_gpt::Sizes { n_layer, n_head, n_embd, .. } = self.sizes;
        let (texts, [prompted, prefixed]) = (ids.len() / seq, self.before);
        let len = prompted + seq;
        let ids = Tensor::from_slice(ids, ids.len(), &Device::Cpu)?;
        let tokens = self.get("wte.weight");
        let positions = self.get("wpe.weight").narrow(0, prefixed, len)?;
        let embedded = tokens.index_select(&ids, 0)?.reshape((texts, seq, n_embd))?;
        // Slopes along a sum are those along what is added: here zeros.
        let shape = (texts, seq, n_embd);
        let nothing = Var::zeros(shape, DType::F64, &Device::Cpu)?;
        let mut x = (embedded + nothing.as_tensor())?;
        *self.inputs.borrow_mut() = Some(nothing);
        let mut behind = 2 * Layer::ALL.len() * n_layer;
        if prompted > 0 {
            let prompt = self.parts[behind].as_tensor().unsqueeze(0)?;
            behind += 1;
            x = Tensor::cat(&[prompt.expand((texts, prompted, n_embd))?, x], 1)?;
        }
        x = x.broadcast_add(&positions)?;
        let seen = prefixed + len;
        let mask = (0..len).flat_map(|i| {
            (0..seen).map(move |j| if j <= prefixed + i { 0.0 } else { f64::NEG_INFINITY })
        });
        let mask = Tensor::from_vec(mask.collect(), (len, seen), &Device::Cpu)?;
        for block in 0..n_layer {
            let at = |layer| Place { block, layer };
            let normed = self.norm(&format!("h.{block}.ln_1"), &x)?;
            let qkv = self.linear(at(Layer::Attn), &normed)?;
            let heads = |x: &Tensor| {
                let rows = x.dim(1)?;
                x.reshape((texts, rows, n_head, n_embd / n_head))?.transpose(1, 2)?.contiguous()
            };
            let part = |i: usize| qkv.narrow(2, i * n_embd, n_embd);
            let with_prefix = |own: Tensor, i: usize| {
                if prefixed == 0 {
                    return Ok(own);
                }
                let prefix = self.parts[behind + 2 * block + i].as_tensor().unsqueeze(0)?;
                Tensor::cat(&[prefix.expand((texts, prefixed, n_embd))?, own], 1)
            };
            let q = heads(&part(0)?)?;
            let k = heads(&with_prefix(part(1)?, 0)?)?;
            let v = heads(&with_prefix(part(2)?, 1)?)?;
            let scores = (q.matmul(&k.t()?)? / ((n_embd / n_head) as f64).sqrt())?;
            let weights = candle_nn::ops::softmax(&scores.broadcast_add(&mask)?, 3)?;
            let found = weights.matmul(&v)?.transpose(1, 2)?.reshape((texts, len, n_embd))?;
            x = (x + self.linear(at(Layer::AttnProj), &found)?)?;
            let normed = self.norm(&format!("h.{block}.ln_2"), &x)?;
            let inside = self.linear(at(Layer::Fc), &normed)?.gelu()?;
            x = (x + self.linear(at(Layer::FcProj), &inside)?)?;
        }
        let hidden = self.norm("ln_f", &x.narrow(1, prompted, seq)?)?;
        Ok((hidden.broadcast_matmul(&tokens.t()?)?, hidden))
    }

    /// Of `scale` times the sum of losses; labels below 0 do not count.
    pub fn slopes(&self, logits: &Tensor, labels: &[i64], scale: f64) -> GradStore {
        let logits = logits.reshape((labels.len(), self.sizes.vocab_size)).unwrap();
        let log = candle_nn::ops::log_softmax(&logits, 1).unwrap();
        let counted = labels.iter().map(|l| if *l >= 0 { scale } else { 0.0 }).collect();
        let counted = Tensor::from_vec(counted, (labels.len(), 1), &Device::Cpu).unwrap();
        let picked: Vec<u32> = labels.iter().map(|&l| l.max(0) as u32).collect();
        let picked = Tensor::from_vec(picked, (labels.len(), 1), &Device::Cpu).unwrap();
        let log = (log.gather(&picked, 1).unwrap() * counted).unwrap();
        log.sum_all().unwrap().neg().unwrap().backward().unwrap()
    }

    /// Of the sum of `tensor` times `factors`.
    pub fn slopes_of_sum(&self, tensor: &Tensor, factors: &[f32]) -> GradStore {
        let factors: Vec<f64> = factors.iter().map(|&x| f64::from(x)).collect();
        let factors = Tensor::from_vec(factors, tensor.shape(), &Device::Cpu).unwrap();
        (tensor * factors).unwrap().sum_all().unwrap().backward().unwrap()
    }

    fn all(vars: &[Var], slopes: &GradStore) -> Vec<Vec<f64>> {
        vars.iter().map(|var| numbers(slopes.get(var).expect("a slope for each part"))).collect()
    }

    pub fn of_model(&self, slopes: &GradStore) -> Vec<f64> {
        Self::all(&self.vars, slopes).concat()
    }

    /// Of the parts that are not empty, in their order.
    pub fn of_parts(&self, slopes: &GradStore) -> Vec<Vec<f64>> {
        Self::all(&self.parts, slopes)
    }

    pub fn of_inputs(&self, slopes: &GradStore) -> Vec<f64> {
        numbers(slopes.get(self.inputs.borrow().as_ref().unwrap()).unwrap())
    }
}

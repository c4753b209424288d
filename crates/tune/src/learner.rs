//! What learns.

use anyhow::{Result, bail, ensure};
use lora::{Lora, LoraLinear, Settings};
use optimizers::solution::decay_groups;
use optimizers::{Group, Parameter};
use peft::{Adapter, CONFIG, KeysValues, Kind, LoraWeights, Prompt, WEIGHTS};
use qlora::{Code, QLora, QLoraSettings};
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Frozen, Full, Place, Tuning};
use task_heads::Head;

use crate::arguments::{Method, Recipe};
use crate::{Base, Data};

/// A base, and what learns of it or beside it.
pub struct Learner {
    /// The base; it changes only if all of it learns, and is hollow beside weights in 4 bits.
    pub base: Base,
    /// How many numbers the base has.
    pub parameters: usize,
    what: What,
    /// LoRA's rank and α.
    lora: (usize, f64),
}

enum What {
    Full(Full),
    Head(HeadNumbers),
    Lora(Lora),
    Qlora(QLora),
    SoftPrompt(soft_prompts::SoftPrompt),
    Prefix(soft_prompts::Prefix),
}

/// A classifier as one list: weights, then biases.
struct HeadNumbers {
    n_embd: usize,
    labels: Vec<String>,
    numbers: Vec<f32>,
}

/// What a soft prompt and a prefix begin as, as often as it fits.
const BEGINNING: &str = "Read the text and give the answer.";

impl Learner {
    /// Begins.
    ///
    /// # Errors
    /// If the data is none for this method, or a lesson's function fails.
    pub fn new(base: Base, recipe: &Recipe, data: &Data) -> Result<Self> {
        Self::with_labels(base, recipe, &data.labels)
    }

    /// The same, where only the labels of the data are known.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub fn with_labels(mut base: Base, recipe: &Recipe, labels: &[String]) -> Result<Self> {
        let model = &base.buddy.model;
        let mut rng = StdRng::seed_from_u64(recipe.seed);
        let begin = || base.buddy.encode(BEGINNING);
        let what = match recipe.method {
            Method::Full => What::Full(Full::of(model)),
            Method::Head => {
                ensure!(
                    labels.len() > 1,
                    "--method head needs data with labels, at least two different ones: lines of \
                     {{\"text\": …, \"label\": …}}, or --task sentiment"
                );
                let n_embd = model.sizes.n_embd;
                let numbers = vec![0.0; labels.len() * (n_embd + 1)];
                What::Head(HeadNumbers { n_embd, labels: labels.to_vec(), numbers })
            }
            Method::Lora => {
                let settings = Settings {
                    rank: recipe.rank,
                    alpha: recipe.alpha,
                    rank_stabilized: false,
                    targets: recipe.layers()?,
                };
                What::Lora(Lora::new(lora::SOLUTION, model.sizes, settings, &mut rng)?)
            }
            Method::Qlora => {
                let layers = recipe.layers()?;
                let places = Place::all(model.sizes.n_layer);
                let settings = QLoraSettings {
                    code: Code::Nf4,
                    block: 64,
                    doubled: true,
                    targets: places.filter(|place| layers.contains(&place.layer)).collect(),
                    rank: recipe.rank,
                    scale: lora::solution::lora_scale(recipe.alpha, recipe.rank, false)?,
                };
                What::Qlora(QLora::new(model, &settings, &mut rng)?)
            }
            Method::SoftPrompt => What::SoftPrompt(soft_prompts::SoftPrompt::from_text(
                soft_prompts::SOLUTION,
                model,
                &begin()?,
                recipe.tokens,
            )?),
            Method::Prefix => What::Prefix(soft_prompts::Prefix::from_text(
                soft_prompts::SOLUTION,
                model,
                &begin()?,
                recipe.tokens,
            )?),
        };
        let parameters = model.parameters.len();
        if let What::Qlora(_) = what {
            base.buddy.model = model.hollowed();
        }
        Ok(Self { base, parameters, what, lora: (recipe.rank, recipe.alpha) })
    }

    /// How it takes part in the model.
    pub fn tuning(&self) -> &dyn Tuning {
        match &self.what {
            What::Full(full) => full,
            What::Head(_) => &Frozen,
            What::Lora(lora) => lora,
            What::Qlora(qlora) => qlora,
            What::SoftPrompt(prompt) => prompt,
            What::Prefix(prefix) => prefix,
        }
    }

    /// The classifier, if one learns.
    pub fn head(&self) -> Option<Head> {
        let What::Head(HeadNumbers { n_embd, labels, numbers }) = &self.what else { return None };
        let (weight, bias) = numbers.split_at(labels.len() * n_embd);
        Some(Head { n_embd: *n_embd, weight: weight.to_vec(), bias: bias.to_vec() })
    }

    /// The numbers that an adapter's file has, in the order in which they learn. A layer that has no
    /// pair there gets one that adds nothing.
    ///
    /// # Errors
    /// If the adapter is of another kind.
    pub fn numbers_of(&self, kind: &Kind) -> Result<Vec<f32>> {
        let pairs = |pair: &dyn Fn(Place) -> Option<usize>, of: &peft::Lora| {
            let places = Place::all(self.base.buddy.model.sizes.n_layer);
            let numbers = places.filter_map(|place| {
                let count = pair(place)?;
                let none = || vec![0.0; count];
                let found = of.weights.get(&place.name());
                Some(found.map_or_else(none, |found| [&found.a[..], &found.b].concat()))
            });
            numbers.collect::<Vec<_>>().concat()
        };
        let count = |pair: LoraLinear<'_>| pair.a.len() + pair.b.len();
        Ok(match (&self.what, kind) {
            (What::Lora(lora), Kind::Lora(of)) => pairs(&|place| lora.pair(place).map(count), of),
            (What::Qlora(qlora), Kind::Lora(of)) => {
                pairs(&|place| qlora.pair(place).map(count), of)
            }
            (What::SoftPrompt(_), Kind::Prompt(prompt)) => prompt.embeddings.clone(),
            (What::Prefix(_), Kind::Prefix(prefix)) => peft::prefix_rows(prefix),
            _ => bail!("the adapter is of another kind than training.json says"),
        })
    }

    /// All numbers that learn.
    pub fn numbers(&self) -> &[f32] {
        match &self.what {
            What::Full(_) => &self.base.buddy.model.parameters,
            What::Head(head) => &head.numbers,
            What::Lora(lora) => &lora.numbers,
            What::Qlora(qlora) => &qlora.numbers,
            What::SoftPrompt(prompt) => prompt.numbers(),
            What::Prefix(prefix) => prefix.numbers(),
        }
    }

    /// Changes them.
    ///
    /// # Errors
    /// If what is made of them cannot be made.
    pub fn change<T>(&mut self, step: impl FnOnce(&mut [f32]) -> T) -> Result<T> {
        let mut done = None;
        let step = |numbers: &mut [f32]| done = Some(step(numbers));
        match &mut self.what {
            What::Full(_) => step(&mut self.base.buddy.model.parameters),
            What::Head(head) => step(&mut head.numbers),
            What::Lora(lora) => step(&mut lora.numbers),
            What::Qlora(qlora) => step(&mut qlora.numbers),
            What::SoftPrompt(prompt) => prompt.change(step),
            What::Prefix(prefix) => prefix.change(step)?,
        }
        done.ok_or_else(|| anyhow::anyhow!("nothing was changed"))
    }

    /// Which numbers decay.
    pub fn decay(&self, weight_decay: f64) -> Vec<Group> {
        let parameter =
            |name: &str, shape: &[usize]| Parameter { name: name.into(), shape: shape.to_vec() };
        let parameters: Vec<Parameter> = match &self.what {
            What::Full(_) => {
                let tensors = self.base.buddy.model.tensors().iter();
                tensors.map(|tensor| parameter(&tensor.name, &tensor.shape)).collect()
            }
            What::Head(HeadNumbers { n_embd, labels, .. }) => {
                vec![
                    parameter("score.weight", &[labels.len(), *n_embd]),
                    parameter("score.bias", &[labels.len()]),
                ]
            }
            _ => vec![parameter("adapter.weight", &[self.numbers().len(), 1])],
        };
        decay_groups(&parameters, weight_decay)
    }

    /// The files of what was learned, the model's own weights last.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn files(&mut self) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let sizes = self.base.buddy.model.sizes;
        let kind = match &self.what {
            What::Full(_) => {
                let mut files = Vec::new();
                for name in ["config.json", "tokenizer.json"] {
                    files.push((name, std::fs::read(self.base.folder.join(name))?));
                }
                files.push((
                    checkpoint::WEIGHTS,
                    train::decoder::weights(&mut self.base.buddy.model)?,
                ));
                return Ok(files);
            }
            What::Head(head) => return head.files(&self.base.name),
            What::Lora(lora) => self.pairs(|place| lora.pair(place)),
            What::Qlora(qlora) => self.pairs(|place| qlora.pair(place)),
            What::SoftPrompt(prompt) => {
                let embeddings = prompt.numbers().to_vec();
                Kind::Prompt(Prompt { n: embeddings.len() / sizes.n_embd, embeddings })
            }
            What::Prefix(prefix) => {
                let blocks = prefix.blocks().iter().map(|[keys, values]| KeysValues {
                    keys: keys.clone(),
                    values: values.clone(),
                });
                let n = prefix.blocks()[0][0].len() / sizes.n_embd;
                Kind::Prefix(peft::Prefix { n, blocks: blocks.collect() })
            }
        };
        let base_hash = Some(self.base.sha256.clone());
        let adapter = Adapter { base: self.base.name.clone(), base_hash, kind };
        let (config, weights) = peft::write(&adapter, &sizes)?;
        Ok(vec![(CONFIG, config.into_bytes()), (WEIGHTS, weights)])
    }
}

impl Learner {
    /// LoRA's pairs as PEFT knows them.
    fn pairs<'a>(&self, pair: impl Fn(Place) -> Option<LoraLinear<'a>>) -> Kind {
        let weights = Place::all(self.base.buddy.model.sizes.n_layer).filter_map(|place| {
            let LoraLinear { a, b, .. } = pair(place)?;
            Some((place.name(), LoraWeights { a: a.to_vec(), b: b.to_vec() }))
        });
        let (rank, alpha) = self.lora;
        Kind::Lora(peft::Lora { rank, alpha, rslora: false, weights: weights.collect() })
    }
}

impl HeadNumbers {
    /// `head.json` with the labels, and the tensors `score.weight` and `score.bias`.
    fn files(&self, base: &str) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let json = serde_json::json!({ "base": base, "labels": self.labels });
        let bytes: Vec<u8> = self.numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let classes = self.labels.len();
        let (weight, bias) = bytes.split_at(4 * classes * self.n_embd);
        let view = |shape: &[usize], bytes| {
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.to_vec(), bytes)
        };
        let tensors = [
            ("score.weight", view(&[classes, self.n_embd], weight)?),
            ("score.bias", view(&[classes], bias)?),
        ];
        let Ok(file) = safetensors::serialize(tensors, None) else {
            bail!("the classifier cannot be written")
        };
        Ok(vec![
            ("head.json", (serde_json::to_string_pretty(&json)? + "\n").into_bytes()),
            ("head.safetensors", file),
        ])
    }
}

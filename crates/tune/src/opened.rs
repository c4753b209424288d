//! What was tuned, read again from its folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use peft::{Adapter, CONFIG, Kind, WEIGHTS};
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use small_gpt::Layer;

use crate::arguments::{Method, Recipe};
use crate::run::{COMMAND, RESULT};
use crate::{Base, Form, Learner};

/// A model with what was tuned of it or beside it.
pub struct Opened {
    /// Ready to answer.
    pub learner: Learner,
    /// What examples it learned from.
    pub form: Form,
    /// The answers that there are, if examples had labels.
    pub labels: Vec<String>,
    /// Where its base is; without one it is the book's Buddy.
    pub base: Option<PathBuf>,
    /// The positions that a text has.
    pub room: usize,
}

/// What `training.json` says of it.
#[derive(Deserialize)]
struct Trained {
    recipe: Recipe,
    base: String,
    base_sha256: String,
    form: Option<Form>,
    #[serde(default)]
    labels: Vec<String>,
}

impl Opened {
    /// A folder that `cargo study tune` wrote, or PEFT's two files in one. The base is the one with
    /// which it began, unless another place is given.
    ///
    /// # Errors
    /// If the folder holds neither, a file is wrong, or the base has not the weights that the tuning
    /// began with, as far as the folder says which these are.
    pub fn open(folder: &Path, base: Option<&Path>) -> Result<Self> {
        let shown = folder.display();
        let trained: Option<Trained> = match fs::read(folder.join(RESULT)) {
            Ok(bytes) => Some(
                serde_json::from_slice(&bytes)
                    .with_context(|| format!("--ask {shown}: {RESULT} is of no tuning"))?,
            ),
            Err(_) if folder.join("checkpoints.json").exists() => {
                bail!("--ask {shown}: it has not ended: {COMMAND} --resume {shown}")
            }
            Err(_) if folder.join(CONFIG).exists() => None,
            Err(_) => bail!("--ask {shown}: there is neither {RESULT} nor {CONFIG} in it"),
        };
        let place = base.map(Path::to_owned);
        let place = place.or_else(|| trained.as_ref().and_then(|it| it.recipe.base.clone()));
        let Some(Trained { recipe, base: name, base_sha256, form, labels }) = trained else {
            let base = Base::open(place.as_deref())?;
            let kind = read_adapter(folder, &base)?;
            let learner = filled(base, &recipe_of(&kind)?, &kind)?;
            let (form, labels) = (Form::Completion, Vec::new());
            return Ok(Self { room: room(&learner), learner, form, labels, base: place });
        };
        let form = form.unwrap_or(Form::Completion);
        let learner = if recipe.method == Method::Full {
            Learner::with_labels(Base::open(Some(folder))?, &recipe, &labels)?
        } else {
            let base = Base::open(place.as_deref())?;
            ensure!(
                base.sha256 == base_sha256,
                "--ask {shown} was tuned on {name}, whose weights have the SHA-256 {base_sha256}; \
                 those of {} have {}: name the right one with --base",
                base.name,
                base.sha256
            );
            match recipe.method {
                Method::Head => head(folder, base, &recipe, &labels)?,
                _ => {
                    let kind = read_adapter(folder, &base)?;
                    filled(base, &recipe, &kind)?
                }
            }
        };
        Ok(Self { room: room(&learner), learner, form, labels, base: place })
    }
}

/// Positions that are left for a text.
fn room(learner: &Learner) -> usize {
    learner.base.buddy.context(Some(learner.tuning()))
}

/// PEFT's two files, for a base.
fn read_adapter(folder: &Path, base: &Base) -> Result<Kind> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))
    };
    let config =
        String::from_utf8(read(CONFIG)?).with_context(|| format!("{CONFIG} is no text"))?;
    let (sizes, hash) = (base.buddy.model.sizes, Some(base.sha256.as_str()));
    let of = peft::Base { name: &base.name, sizes, hash };
    let Adapter { base: trained_on, base_hash, kind } =
        peft::read(&config, &read(WEIGHTS)?, &of)
            .with_context(|| format!("--ask {}", folder.display()))?;
    if base_hash.is_none() && !is_same(&trained_on, base) {
        let trained_on = if trained_on.is_empty() { "a base without a name" } else { &trained_on };
        eprintln!(
            "warning: {} was trained on {trained_on}, and is used with {}; nothing in its files \
             tells whether these are the same weights",
            folder.display(),
            base.name
        );
    }
    Ok(kind)
}

fn is_same(name: &str, base: &Base) -> bool {
    let place = |path: &Path| path.canonicalize().ok();
    let of = place(Path::new(name));
    name == base.name || (of.is_some() && of == place(&base.folder))
}

/// What an adapter says of how it was tuned.
fn recipe_of(kind: &Kind) -> Result<Recipe> {
    let mut recipe = Recipe::usual()?;
    match kind {
        Kind::Lora(lora) => {
            let ends = |layer: &Layer| {
                lora.weights.keys().any(|name| name.ends_with(&format!(".{}", layer.name())))
            };
            let targets = Layer::ALL.into_iter().filter(ends);
            recipe.targets = targets.map(|layer| layer.name().to_owned()).collect();
            // The same scale, whatever it was divided by.
            (recipe.rank, recipe.alpha) = (lora.rank, lora.scale() * lora.rank as f64);
        }
        Kind::Prompt(prompt) => (recipe.method, recipe.tokens) = (Method::SoftPrompt, prompt.n),
        Kind::Prefix(prefix) => (recipe.method, recipe.tokens) = (Method::Prefix, prefix.n),
    }
    Ok(recipe)
}

/// A learner with the numbers of an adapter.
fn filled(base: Base, recipe: &Recipe, kind: &Kind) -> Result<Learner> {
    let mut learner = Learner::with_labels(base, recipe, &[])?;
    let numbers = learner.numbers_of(kind)?;
    fill(&mut learner, &numbers)?;
    Ok(learner)
}

fn fill(learner: &mut Learner, numbers: &[f32]) -> Result<()> {
    let count = learner.numbers().len();
    ensure!(
        numbers.len() == count,
        "{} numbers were kept, and {RESULT} says {count}: are the files of one tuning?",
        numbers.len()
    );
    learner.change(|own| own.copy_from_slice(numbers))
}

/// A learner with a classifier that was kept.
fn head(folder: &Path, base: Base, recipe: &Recipe, labels: &[String]) -> Result<Learner> {
    let path = folder.join("head.safetensors");
    let shown = path.display();
    let bytes = fs::read(&path).with_context(|| format!("{shown} cannot be read"))?;
    let file = SafeTensors::deserialize(&bytes).with_context(|| format!("{shown}"))?;
    let mut numbers = Vec::new();
    for name in ["score.weight", "score.bias"] {
        let view = file.tensor(name).with_context(|| format!("{shown}"))?;
        ensure!(view.dtype() == Dtype::F32, "{shown}: {name} is not in F32");
        let kept = view.data().as_chunks::<4>().0.iter();
        numbers.extend(kept.map(|&bytes| f32::from_le_bytes(bytes)));
    }
    let mut learner = Learner::with_labels(base, recipe, labels)?;
    fill(&mut learner, &numbers)?;
    Ok(learner)
}

//! Where a training begins that goes on from a checkpoint in a file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use training_loop::{State, solution};

use super::folder::Folder;
use super::recipe::Recipe;
use super::run::{Begun, COMMAND};

/// A checkpoint: saved in the book's page, or copied from the folder of a training.
pub struct Start {
    file: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The same, read.
    pub state: State,
}

impl Start {
    /// Reads it.
    ///
    /// # Errors
    /// If the file cannot be read, is no checkpoint, or its tokens are not Buddy's pieces: those of a
    /// model with more or fewer, or of a training in whose folder it lies and which learned its
    /// vocabulary from a text of its own.
    pub fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let bytes = fs::read(file).with_context(|| format!("{name} cannot be read"))?;
        let state = solution::restore(&bytes).with_context(|| name.to_string())?;
        let found = state.model.sizes.vocab_size;
        ensure!(
            found == Recipe::VOCAB,
            "{name}: its model knows {found} tokens, and Buddy's tokenizer has {}: a checkpoint of words or letters goes on in the page alone; there, choose Buddy's pieces as tokens before you train, and save that one",
            Recipe::VOCAB
        );
        let folder = file.parent().unwrap_or(Path::new(""));
        if let Ok((_, begun)) = Folder::open::<Begun>(folder, COMMAND)
            && !begun.recipe.has_buddys_pieces()
        {
            bail!(
                "{name}: its tokens were learned from a text of its own, and are not Buddy's pieces: go on with `{COMMAND} --resume {}`",
                folder.display()
            );
        }
        Ok(Self { file: file.to_owned(), bytes, state })
    }

    /// What was asked for, with the sizes of the file.
    ///
    /// # Errors
    /// If it has taken as many steps already.
    pub fn recipe(&self, asked: Recipe) -> Result<Recipe> {
        let State { model, step, .. } = &self.state;
        ensure!(
            *step < asked.steps,
            "{} has taken {step} steps already: give --steps above that",
            self.file.display()
        );
        let sizes = model.sizes;
        Ok(Recipe {
            from: Some(self.file.clone()),
            layers: sizes.n_layer,
            heads: sizes.n_head,
            width: sizes.n_embd,
            context: sizes.n_positions,
            vocab: sizes.vocab_size,
            ..asked
        })
    }
}

//! The functions of the lesson at work in a model: what learns, in place of its weights.

use small_gpt::{Model, Pass, Portable, Products, Sizes, Tuning};
use soft_prompts::{Answers, PromptError, Tables};

/// Vectors before each text. Nothing else learns.
pub struct SoftPrompt {
    answers: Answers,
    n: usize,
    n_embd: usize,
    numbers: Vec<f32>,
}

impl SoftPrompt {
    /// A prompt that begins as the vectors of a text.
    ///
    /// # Errors
    /// Those of `prompt_from_text`.
    pub fn from_text(
        answers: Answers,
        model: &Model,
        ids: &[u32],
        n: usize,
    ) -> Result<Self, PromptError> {
        let numbers = (answers.prompt_from_text)(&Tables::of(model), ids, n)?;
        Self::from_numbers(answers, model.sizes, numbers)
    }

    /// One that was kept.
    ///
    /// # Errors
    /// [`PromptError::Ragged`] if the numbers are no whole rows.
    pub fn from_numbers(
        answers: Answers,
        sizes: Sizes,
        numbers: Vec<f32>,
    ) -> Result<Self, PromptError> {
        let n_embd = sizes.n_embd;
        if !numbers.len().is_multiple_of(n_embd) {
            return Err(PromptError::Ragged { what: "prompt", found: numbers.len(), row: n_embd });
        }
        Ok(Self { answers, n: numbers.len() / n_embd, n_embd, numbers })
    }

    /// Its vectors, row by row.
    pub fn numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// Changes its numbers, as a step of an optimizer does.
    pub fn change(&mut self, step: impl FnOnce(&mut [f32])) {
        step(&mut self.numbers);
    }
}

impl Tuning for SoftPrompt {
    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn prompt(&self) -> &[f32] {
        &self.numbers
    }

    fn prompt_backward(&self, slopes: &[f32], gradient: &mut [f32]) {
        // What the model hands over is the sum of all texts already: it counts as one.
        let slopes = (self.answers.prompt_gradient)(slopes, self.n, self.n, self.n_embd);
        add(gradient, &slopes.unwrap_or_default());
    }
}

/// Keys and values before those of each block. Nothing else learns.
pub struct Prefix {
    answers: Answers,
    sizes: Sizes,
    /// As PEFT keeps them: see `prefix_kv`.
    numbers: Vec<f32>,
    blocks: Vec<[Vec<f32>; 2]>,
}

impl Prefix {
    /// A prefix that begins as the keys and values that a model computes of a text's first `n` tokens,
    /// and of the text again where it is shorter.
    ///
    /// # Errors
    /// [`PromptError::NoText`]; [`PromptError::Token`]; [`PromptError::NoRoom`]; those of
    /// `prefix_kv`.
    pub fn from_text(
        answers: Answers,
        model: &Model,
        ids: &[u32],
        n: usize,
    ) -> Result<Self, PromptError> {
        let Sizes { n_layer, n_embd, n_positions, vocab_size, .. } = model.sizes;
        let read: Vec<u32> = ids.iter().copied().cycle().take(n).collect();
        if read.is_empty() {
            return Err(PromptError::NoText);
        }
        if let Some(at) = read.iter().position(|&id| id as usize >= vocab_size) {
            return Err(PromptError::Token { at, token: read[at], vocab_size });
        }
        if n > n_positions {
            return Err(PromptError::NoRoom { n, seq: 0, n_positions });
        }
        let (mut pass, mut products) = (Pass::default(), Portable::default());
        pass.forward(model, &read, n, &mut products as &mut dyn Products);
        let mut numbers = vec![0.0; n * 2 * n_layer * n_embd];
        for block in 0..n_layer {
            for (i, parts) in pass.keys_and_values(block).enumerate() {
                for (part, row) in parts.into_iter().enumerate() {
                    let at = place(n_layer, n_embd, block, part, i);
                    numbers[at..at + n_embd].copy_from_slice(row);
                }
            }
        }
        Self::from_numbers(answers, model.sizes, numbers)
    }

    /// One that was kept, in PEFT's order.
    ///
    /// # Errors
    /// [`PromptError::Ragged`] if the numbers are no whole rows; those of `prefix_kv`.
    pub fn from_numbers(
        answers: Answers,
        sizes: Sizes,
        numbers: Vec<f32>,
    ) -> Result<Self, PromptError> {
        let row = 2 * sizes.n_layer * sizes.n_embd;
        if !numbers.len().is_multiple_of(row) {
            return Err(PromptError::Ragged { what: "matrix", found: numbers.len(), row });
        }
        let mut prefix = Self { answers, sizes, numbers, blocks: Vec::new() };
        prefix.refresh()?;
        Ok(prefix)
    }

    /// Its numbers, as PEFT keeps them.
    pub fn numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// Keys and values of each block.
    pub fn blocks(&self) -> &[[Vec<f32>; 2]] {
        &self.blocks
    }

    /// Changes its numbers, as a step of an optimizer does.
    ///
    /// # Errors
    /// Those of `prefix_kv`.
    pub fn change(&mut self, step: impl FnOnce(&mut [f32])) -> Result<(), PromptError> {
        step(&mut self.numbers);
        self.refresh()
    }

    fn refresh(&mut self) -> Result<(), PromptError> {
        let Sizes { n_layer, n_embd, .. } = self.sizes;
        let block = |block| (self.answers.prefix_kv)(&self.numbers, n_layer, n_embd, block);
        self.blocks = (0..n_layer).map(block).collect::<Result<_, _>>()?;
        Ok(())
    }
}

impl Tuning for Prefix {
    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        let [keys, values] = &self.blocks[block];
        [keys, values]
    }

    fn prefix_backward(&self, block: usize, slopes: [&[f32]; 2], gradient: &mut [f32]) {
        let Sizes { n_layer, n_embd, .. } = self.sizes;
        for (part, slopes) in slopes.into_iter().enumerate() {
            for (i, row) in slopes.chunks_exact(n_embd).enumerate() {
                add(&mut gradient[place(n_layer, n_embd, block, part, i)..], row);
            }
        }
    }
}

/// Where key (part 0) or value (part 1) number `i` of a block begins.
fn place(n_layer: usize, n_embd: usize, block: usize, part: usize, i: usize) -> usize {
    (i * 2 * n_layer + 2 * block + part) * n_embd
}

fn add(to: &mut [f32], numbers: &[f32]) {
    to.iter_mut().zip(numbers).for_each(|(to, number)| *to += number);
}

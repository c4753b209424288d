//! How a model writes.

use std::cell::RefCell;

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Outcome, expect, expect_eq, expect_error_is, expect_same};
use softmax_sampling::{SampleError, Sampling};

use crate::oracle::{golden, tiny};
use crate::{Answers, Decoder, Generation, Gpt2Decoder, GptError, KeysValues, SOLUTION};

/// A model whose logits follow from all tokens before, and which notes what it reads. What it keeps
/// is the text.
pub struct Noting {
    pub n_positions: usize,
    pub vocab_size: usize,
    /// So far apart are its logits.
    pub scale: f32,
    pub dtype: DType,
    /// Tokens below this one are less likely than all others.
    pub least: u64,
    /// The tokens of each call.
    pub calls: Vec<Vec<u32>>,
}

impl Noting {
    pub fn new(n_positions: usize, vocab_size: usize, scale: f32) -> Self {
        Self { n_positions, vocab_size, scale, dtype: DType::F32, least: 0, calls: Vec::new() }
    }

    /// The logits for what follows a text.
    pub fn logits(&self, text: &[u32]) -> Vec<f32> {
        let mixed = text.iter().fold(7_u64, |h, &id| (h * 31 + u64::from(id) + 1) % 1_000_003);
        (0..self.vocab_size as u64)
            .map(|i| {
                let low = if i < self.least { 1.0 } else { 0.0 };
                (((mixed * (i + 3) * 7919) % 997) as f32 / 997.0 - low) * self.scale
            })
            .collect()
    }
}

impl Decoder for Noting {
    fn n_positions(&self) -> usize {
        self.n_positions
    }

    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError> {
        let &[1, seq] = ids.dims() else { return Err(GptError::Ids(ids.dims().to_vec())) };
        if seq == 0 {
            return Err(GptError::Ids(vec![1, 0]));
        }
        let ids = ids.flatten_all()?.to_vec1::<u32>()?;
        let kept = past.iter().map(|kept| kept.keys.flatten_all()?.to_vec1::<u32>());
        let mut text = kept.collect::<candle_core::Result<Vec<_>>>()?.concat();
        let mut logits = Vec::new();
        for &id in &ids {
            if id as usize >= self.vocab_size {
                return Err(GptError::UnknownId { id, vocab_size: self.vocab_size });
            }
            text.push(id);
            logits.extend(self.logits(&text));
        }
        let tokens = text.len();
        if tokens > self.n_positions {
            return Err(GptError::TooLong { tokens, n_positions: self.n_positions });
        }
        self.calls.push(ids);
        let logits = Tensor::from_vec(logits, (1, seq, self.vocab_size), &Device::Cpu)?;
        let keys = Tensor::from_vec(text, (1, 1, tokens, 1), &Device::Cpu)?;
        let kept = vec![KeysValues { values: keys.clone(), keys }];
        Ok((logits.to_dtype(self.dtype)?, kept))
    }
}

pub fn greedy(max_new_tokens: usize, end: Option<u32>) -> Generation {
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    Generation { max_new_tokens, sampling, end }
}

/// What is written, if it was handed over token by token.
pub fn written(
    answers: &Answers,
    model: &mut dyn Decoder,
    prompt: &[u32],
    options: &Generation,
    seed: u64,
) -> Result<Result<Vec<u32>, GptError>, Failure> {
    let mut handed = Vec::new();
    let mut rng = seeded(seed);
    let on_token = &mut |token| handed.push(token);
    let new = (answers.generate)(model, prompt, options, &mut rng, on_token);
    if let Ok(new) = &new {
        expect_eq("what on_token got, beside what is returned", &handed, new)?;
    }
    Ok(new)
}

pub fn generation_is_that_of_transformers(answers: &Answers) -> Outcome {
    let model = tiny()?.map(|tensor| tensor.to_dtype(DType::F64))?;
    for case in golden()?.generations {
        let mut decoder = Gpt2Decoder { model: &model, forward: SOLUTION.forward };
        let options = greedy(case.max_new_tokens, case.end);
        let got = written(answers, &mut decoder, &case.prompt, &options, 1)??;
        let what = format!("behind {:?}, at most {} tokens", case.prompt, case.max_new_tokens);
        expect_eq(&what, &got, &case.new)?;
    }
    Ok(())
}

pub fn each_token_is_read_once(answers: &Answers) -> Outcome {
    for (prompt, new) in [(&[4][..], 6), (&[2, 9, 9, 1], 5), (&[8, 3], 1), (&[1, 1, 1], 3)] {
        let mut model = Noting::new(40, 12, 9.0);
        let got = written(answers, &mut model, prompt, &greedy(new, None), 1)??;
        expect(got.len() == new, || format!("{new} tokens asked for, {} written", got.len()))?;
        let mut want = vec![prompt.to_vec()];
        want.extend(got[..new - 1].iter().map(|&token| vec![token]));
        let what = format!("behind {prompt:?}: what the model reads, call by call");
        expect_same(&what, &model.calls, &want)?;
        expect_greedy(&model, prompt, &got)?;
    }
    Ok(())
}

/// Notes, too, what is handed over.
struct Shared<'a> {
    model: Noting,
    log: &'a RefCell<Vec<String>>,
}

impl Decoder for Shared<'_> {
    fn n_positions(&self) -> usize {
        self.model.n_positions
    }

    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError> {
        self.log.borrow_mut().push(format!("read {} ids", ids.elem_count()));
        self.model.read(ids, past)
    }
}

pub fn tokens_come_one_by_one(answers: &Answers) -> Outcome {
    let log = RefCell::new(Vec::new());
    let mut model =
        Shared { model: Noting { least: 66_000, ..Noting::new(40, 70_000, 9.0) }, log: &log };
    let on_token = &mut |token| log.borrow_mut().push(format!("token {token}"));
    // As many as fit, and of more tokens than 16 bits number.
    let options = greedy(usize::MAX, None);
    let new = (answers.generate)(&mut model, &[7; 36], &options, &mut seeded(1), on_token)?;
    let mut want = Vec::new();
    for (i, token) in new.iter().enumerate() {
        want.push(format!("read {} ids", if i == 0 { 36 } else { 1 }));
        want.push(format!("token {token}"));
    }
    expect_eq("what is read, and what is handed over", &log.borrow(), &want)?;
    expect(new.len() == 4, || format!("4 tokens fit, {} written", new.len()))?;
    expect_greedy(&model.model, &[7; 36], &new)
}

/// Each token is the likeliest behind those before it.
fn expect_greedy(model: &Noting, prompt: &[u32], new: &[u32]) -> Outcome {
    let mut text = prompt.to_vec();
    for &token in new {
        let logits = model.logits(&text);
        let best = (0..logits.len()).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        expect_same(&format!("the token behind {text:?}"), &Some(token as usize), &best)?;
        text.push(token);
    }
    Ok(())
}

pub fn writing_ends(answers: &Answers) -> Outcome {
    let run = |n_positions, prompt: &[u32], options: &Generation| -> Result<Vec<u32>, Failure> {
        let mut model = Noting::new(n_positions, 12, 9.0);
        let new = written(answers, &mut model, prompt, options, 1)??;
        expect_greedy(&model, prompt, &new)?;
        Ok(new)
    };
    let free = run(40, &[3, 7], &greedy(12, None))?;
    expect(free.len() == 12, || format!("12 tokens asked for, {} written", free.len()))?;
    for n_positions in [2, 3, 7, 13] {
        let got = run(n_positions, &[3, 7], &greedy(12, None))?;
        let what = format!("two tokens of prompt, {n_positions} positions");
        expect_eq(&what, &got, &free[..n_positions - 2])?;
    }
    for (at, &end) in free.iter().enumerate() {
        let first = free.iter().position(|&token| token == end).unwrap_or(at);
        let got = run(40, &[3, 7], &greedy(12, Some(end)))?;
        expect_eq(&format!("the end token {end}"), &got, &free[..=first])?;
    }
    // In the prompt it ends nothing.
    let absent = (0..12).find(|token| !free.contains(token)).unwrap_or(3);
    let beside = run(40, &[absent, 3], &greedy(5, Some(absent)))?;
    let without = run(40, &[absent, 3], &greedy(5, None))?;
    let until = without.iter().position(|&token| token == absent).map_or(5, |at| at + 1);
    expect_eq("the end token in the prompt", &beside, &without[..until])?;
    expect_eq("no new token", &run(40, &[3, 7], &greedy(0, None))?, &[])
}

pub fn tokens_are_sampled(answers: &Answers) -> Outcome {
    for (seed, sampling) in (1..).zip([
        Sampling::default(),
        Sampling { temperature: 0.3, ..Sampling::default() },
        Sampling { top_k: Some(3), ..Sampling::default() },
        Sampling { temperature: 2.0, top_p: Some(0.7), min_p: Some(0.2), top_k: Some(9) },
    ]) {
        let options = Generation { max_new_tokens: 25, sampling, end: None };
        let mut model = Noting::new(60, 12, 4.0);
        let got = written(answers, &mut model, &[6, 1], &options, seed)??;
        // The sampler of step 1, behind the same text, with the same numbers.
        let (mut rng, mut text) = (seeded(seed), vec![6, 1]);
        for _ in 0..25 {
            let sample = softmax_sampling::SOLUTION.sample;
            text.push(sample(&model.logits(&text), &sampling, &mut rng)? as u32);
        }
        expect_eq(&format!("25 tokens with {sampling:?}"), &got, &text[2..])?;
    }
    Ok(())
}

pub fn bad_prompts_are_errors(answers: &Answers) -> Outcome {
    each_token_is_read_once(answers)?;
    let run = |prompt: &[u32], options: &Generation| {
        written(answers, &mut Noting::new(5, 12, 9.0), prompt, options, 1)
    };
    for new in [0, 3] {
        expect_error_is("no prompt", run(&[], &greedy(new, None))?, &GptError::EmptyPrompt)?;
        let want = GptError::TooLong { tokens: 6, n_positions: 5 };
        expect_error_is("6 tokens, 5 positions", run(&[1; 6], &greedy(new, None))?, &want)?;
    }
    let want = GptError::UnknownId { id: 12, vocab_size: 12 };
    expect_error_is("token 12 of 12", run(&[3, 12], &greedy(2, None))?, &want)?;
    let sampling = Sampling { top_k: Some(0), ..Sampling::default() };
    let options = Generation { sampling, ..greedy(2, None) };
    let want = GptError::Sample(SampleError::TopK);
    expect_error_is("top-k 0", run(&[3], &options)?, &want)
}

//! A prompt or a prefix learns, and Buddy does not.

use demo::DemoError;
use optimizers::solution::adamw_step;
use optimizers::{AdamW, Group, Moments};
use peft::{Adapter, KeysValues, Kind};
use pocket_buddy::PocketBuddy;
use small_gpt::{Engine, Texts, Tuning};
use soft_prompts::{Answers, Prefix, PromptError, SoftPrompt};

/// Tokens of a text: how a story begins.
const SEQ: usize = 12;
/// How stories of Tinytown begin: a line with the name of whom they are about, then some to learn from,
/// then others held out. A page does not carry all of Tinytown for them; a test of the lesson compares.
const STORIES: &str = include_str!("stories.txt");
/// Stories of each to learn from.
const LEARNED: usize = 64;
const BATCH: usize = 4;

/// Stories that somebody is the first in.
pub struct Stories {
    ids: Vec<u32>,
    labels: Vec<i64>,
}

impl Stories {
    /// To learn from, and held out.
    pub fn about(buddy: &PocketBuddy, who: &str) -> Result<[Self; 2], DemoError> {
        let mut both = [(); 2].map(|()| Self { ids: Vec::new(), labels: Vec::new() });
        let lines = STORIES.lines().skip_while(|line| *line != who).skip(1);
        for (i, story) in lines.take_while(|line| line.contains(' ')).enumerate() {
            let mut row = vec![buddy.end];
            row.extend(buddy.encode(story)?.into_iter().take(SEQ));
            row.resize(SEQ + 1, buddy.end);
            let stories = &mut both[usize::from(i >= LEARNED)];
            stories.ids.extend(&row[..SEQ]);
            stories.labels.extend(row[1..].iter().map(|&id| i64::from(id)));
        }
        Ok(both)
    }

    fn all(&self) -> Texts<'_> {
        Texts { ids: &self.ids, labels: &self.labels, seq: SEQ }
    }

    fn batch(&self, step: usize) -> Texts<'_> {
        let at = step % (LEARNED / BATCH) * BATCH * SEQ;
        let range = at..at + BATCH * SEQ;
        Texts { ids: &self.ids[range.clone()], labels: &self.labels[range], seq: SEQ }
    }
}

/// What learns in place of the weights.
pub enum Learner {
    Prompt(SoftPrompt),
    Prefix(Prefix),
}

impl Learner {
    pub fn new(
        answers: Answers,
        buddy: &PocketBuddy,
        is_prefix: bool,
        ids: &[u32],
        n: usize,
    ) -> Result<Self, PromptError> {
        Ok(match is_prefix {
            true => Self::Prefix(Prefix::from_text(answers, &buddy.model, ids, n)?),
            false => Self::Prompt(SoftPrompt::from_text(answers, &buddy.model, ids, n)?),
        })
    }

    pub fn tuning(&self) -> &dyn Tuning {
        match self {
            Self::Prompt(prompt) => prompt,
            Self::Prefix(prefix) => prefix,
        }
    }

    /// As PEFT keeps it.
    pub fn adapter(&self, n: usize, base_hash: String) -> Adapter {
        let kind = match self {
            Self::Prompt(prompt) => {
                Kind::Prompt(peft::Prompt { n, embeddings: prompt.numbers().to_vec() })
            }
            Self::Prefix(prefix) => {
                let blocks = prefix.blocks().iter().cloned();
                let blocks = blocks.map(|[keys, values]| KeysValues { keys, values }).collect();
                Kind::Prefix(peft::Prefix { n, blocks })
            }
        };
        Adapter { base: "models/buddy".into(), base_hash: Some(base_hash), kind }
    }

    fn change(&mut self, step: impl FnOnce(&mut [f32])) -> Result<(), PromptError> {
        match self {
            Self::Prompt(prompt) => {
                prompt.change(step);
                Ok(())
            }
            Self::Prefix(prefix) => prefix.change(step),
        }
    }
}

/// A training, step by step.
pub struct Training<'a> {
    pub buddy: &'a PocketBuddy,
    pub learner: Learner,
    pub step: usize,
    stories: [Stories; 2],
    steps: usize,
    moments: Moments,
    engine: Engine,
}

impl<'a> Training<'a> {
    pub fn new(
        buddy: &'a PocketBuddy,
        learner: Learner,
        stories: [Stories; 2],
        steps: usize,
    ) -> Self {
        let moments = Moments::new(learner.tuning().len());
        Self { buddy, learner, step: 0, stories, steps, moments, engine: Engine::default() }
    }

    /// The mean loss on stories held out, in nats a token: of Buddy alone, or with what was learned.
    pub fn loss(&mut self, is_tuned: bool) -> f64 {
        let (model, texts) = (&self.buddy.model, self.stories[1].all());
        match is_tuned {
            true => self.engine.loss_tuned(model, self.learner.tuning(), texts).mean(),
            false => self.engine.loss(model, texts).mean(),
        }
    }

    /// A step of AdamW, whose learning rate falls to 0.
    pub fn train(&mut self) -> Result<(), DemoError> {
        let texts = self.stories[0].batch(self.step);
        let tuning = self.learner.tuning();
        let mut gradient = vec![0.0; tuning.len()];
        let scale = 1.0 / texts.ids.len() as f32;
        self.engine.gradient_tuned(&self.buddy.model, tuning, texts, scale, &mut gradient);
        let peak = if matches!(self.learner, Learner::Prefix(_)) { 0.03 } else { 0.05 };
        let lr = peak * (1.0 - self.step as f64 / self.steps as f64);
        let settings = AdamW { lr, beta1: 0.9, beta2: 0.99, eps: 1e-8 };
        let (moments, mut outcome) = (&mut self.moments, Ok(()));
        self.learner.change(|numbers| {
            let all = Group::all(numbers.len(), 0.0);
            outcome = adamw_step(numbers, &gradient, &all, moments, &settings);
        })?;
        self.step += 1;
        Ok(outcome?)
    }
}

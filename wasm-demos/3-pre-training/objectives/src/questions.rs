//! A text of words as questions: what is read, and what must be said.

use grading::random::seeded;
use objectives::{
    Answers, Denoising, Example, IGNORED, Infilling, Masking, ObjectiveError, Sentinels, Spans,
};
use rand::RngExt;
use roberta_and_xlnet::solution::permutation_masks;

/// A place as the model reads it, and what it must say there.
pub struct Place {
    pub read: String,
    pub said: Option<String>,
}

/// Rows of a text, each with a name.
pub type Rows = Vec<(&'static str, Vec<Place>)>;

/// A text whose words have their places as ids; behind them come the mask, the end and sentinels.
pub struct Words<'a>(pub Vec<&'a str>);

impl Words<'_> {
    fn ids(&self) -> Vec<u32> {
        (0..self.0.len() as u32).collect()
    }

    fn mask_id(&self) -> u32 {
        self.0.len() as u32
    }

    fn sentinels(&self) -> Sentinels {
        let (eos, most) = (self.mask_id() + 1, self.0.len() as u32);
        Sentinels { ids: (eos + 1..=eos + 1 + most).collect(), eos }
    }

    /// What an id stands for.
    fn name(&self, id: u32) -> String {
        match (self.0.get(id as usize), id.checked_sub(self.mask_id())) {
            (Some(word), _) => (*word).to_owned(),
            (_, Some(0)) => "[MASK]".into(),
            (_, Some(1)) => "</s>".into(),
            (_, Some(sentinel)) => format!("<extra_id_{}>", sentinel - 2),
            (None, None) => "?".into(),
        }
    }

    fn places(&self, example: &Example) -> Vec<Place> {
        let place = |(&input, &label): (&u32, &i64)| Place {
            read: self.name(input),
            said: (label != IGNORED)
                .then(|| u32::try_from(label).map_or("?".into(), |label| self.name(label))),
        };
        example.inputs.iter().zip(&example.labels).map(place).collect()
    }

    /// The input as it is read, and each place of the target as something to say.
    fn rows(&self, made: &Denoising) -> Rows {
        let read = |&id: &u32| Place { read: self.name(id), said: None };
        let said = |&id: &u32| Place { read: self.name(id), said: Some(String::new()) };
        vec![
            ("the encoder reads", made.input.iter().map(read).collect()),
            ("the decoder must write", made.target.iter().map(said).collect()),
        ]
    }

    pub fn causal(&self, answers: &Answers) -> Result<Rows, ObjectiveError> {
        let example = (answers.causal)(&self.ids(), &vec![true; self.0.len()])?;
        Ok(vec![("the model reads", self.places(&example))])
    }

    pub fn masked(&self, answers: &Answers, seed: u64) -> Result<Rows, ObjectiveError> {
        let masking = Masking::bert(self.mask_id(), self.0.len() as u32);
        let words: Vec<Option<usize>> = (0..self.0.len()).map(Some).collect();
        let example = (answers.mlm_mask)(&self.ids(), &words, &masking, &mut seeded(seed))?;
        Ok(vec![("the model reads", self.places(&example))])
    }

    /// XLNet's: the last sixth of a shuffled order.
    pub fn permuted(&self, seed: u64) -> Rows {
        let (n, mut rng) = (self.0.len(), seeded(seed));
        let mut order: Vec<usize> = (0..n).collect();
        (1..n).rev().for_each(|i| order.swap(i, rng.random_range(0..=i as u32) as usize));
        let targets = &order[n - (n / 6).max(1)..];
        let Ok(masks) = permutation_masks(&order) else { return Vec::new() };
        let place = |at: usize| Place {
            read: self.0[at].to_owned(),
            said: targets.contains(&at).then(|| {
                let seen = masks.query[at].iter().filter(|sees| **sees).count();
                format!("from {seen} others")
            }),
        };
        vec![("the model reads", (0..n).map(place).collect())]
    }

    pub fn spans(&self, answers: &Answers, seed: u64) -> Result<Rows, ObjectiveError> {
        let mask = (answers.noise_mask)(self.0.len(), &Spans::T5, &mut seeded(seed))?;
        Ok(self.rows(&(answers.span_corrupt)(&self.ids(), &mask, &self.sentinels())?))
    }

    pub fn infilled(&self, answers: &Answers, seed: u64) -> Result<Rows, ObjectiveError> {
        let infilling = Infilling::bart(self.mask_id());
        Ok(self.rows(&(answers.bart_infill)(&self.ids(), &infilling, &mut seeded(seed))?))
    }
}

//! The stories as one long line of tokens, and the rows that are made of it in each way.

use batches::{Answers, BatchError, Plan};
use grading::random::seeded;

use crate::squares::Square;

/// So many stories have a letter and a color of their own, and so many tokens are shown.
const STORIES: usize = 6;
const TOKENS: usize = 120;
/// The id after each story. No word has it: a word's id is where it stands, counted from 1.
const END: u32 = 0;

/// The stories, one after the other, each with its end.
pub struct Stream {
    /// Ids of each story, without its end.
    pub documents: Vec<Vec<u32>>,
    /// The story of each token, and whether it is the end.
    pub tokens: Vec<(usize, bool)>,
    /// Where each story begins.
    pub begins: Vec<usize>,
}

impl Stream {
    /// Of a text with a story a line.
    pub fn read(text: &str) -> Self {
        let mut stream = Self { documents: vec![], tokens: vec![], begins: vec![] };
        let lines = text.lines().map(|line| line.split_whitespace().count()).filter(|n| *n > 0);
        for (story, words) in lines.take(STORIES).enumerate() {
            let begin = stream.tokens.len();
            let words = words.min((TOKENS - 1).saturating_sub(begin));
            if words == 0 {
                break;
            }
            stream.begins.push(begin);
            stream.documents.push((0..words).map(|at| (begin + at + 1) as u32).collect());
            stream.tokens.extend((0..=words).map(|at| (story, at == words)));
        }
        stream
    }

    /// What is drawn for the token at this place.
    pub fn square(&self, place: Option<usize>) -> Square {
        match place.and_then(|place| self.tokens.get(place)) {
            Some(&(story, is_end)) => Square::token(story, is_end),
            None => Square::Empty,
        }
    }

    /// The story of the token at this place.
    pub fn story(&self, place: Option<usize>) -> Option<usize> {
        Some(self.tokens.get(place?)?.0)
    }
}

/// A row, by the places of its tokens in the stream; `None` is padding.
pub type Places = Vec<Option<usize>>;

/// The rows of an epoch, step by step.
pub fn steps(
    answers: &Answers,
    stream: &Stream,
    way: &str,
    [context, batch]: [usize; 2],
    seed: u64,
) -> Result<Vec<Vec<Places>>, BatchError> {
    let tokens = stream.tokens.len();
    if way == "random" {
        let data: Vec<u32> = (0..tokens as u32).collect();
        let mut rng = seeded(seed);
        let epoch = tokens.div_ceil(batch * context);
        let row = |row: Vec<u32>| row.into_iter().map(|place| Some(place as usize)).collect();
        let step = |_| -> Result<Vec<Places>, BatchError> {
            let drawn = (answers.get_batch)(&data, batch, context, &mut rng)?;
            Ok(drawn.inputs.into_iter().map(row).collect())
        };
        return (0..epoch).map(step).collect();
    }
    let lengths: Vec<usize> = stream.documents.iter().map(|ids| ids.len() + 1).collect();
    let rows: Vec<Places> = match way {
        "packed" => {
            let rows = (answers.pack)(&stream.documents, context, END)?;
            let mut place = 0;
            let mut next = |id: Option<usize>| {
                id.map(|_| {
                    place += 1;
                    place - 1
                })
            };
            rows.iter().map(|row| row.document_ids.iter().map(|&id| next(id)).collect()).collect()
        }
        "fit" => {
            let rows = (answers.best_fit_pack)(&lengths, context)?;
            let begin = |document: usize| stream.begins.get(document).copied().unwrap_or(tokens);
            rows.iter()
                .map(|row| {
                    let places = row.iter().flat_map(|piece| {
                        let begin = begin(piece.document) + piece.start;
                        (begin..begin + piece.length.min(context)).map(Some)
                    });
                    filled(places.collect(), context)
                })
                .collect()
        }
        _ => {
            let row = |(begin, length): (&usize, &usize)| {
                filled((*begin..begin + length.min(&context)).map(Some).collect(), context)
            };
            stream.begins.iter().zip(&lengths).map(row).collect()
        }
    };
    let order = (answers.epoch_order)(rows.len(), seed, 0);
    let plan = Plan { batch, ranks: 1, rank: 0, drop_last: false };
    let step = |step| -> Result<Vec<Places>, BatchError> {
        let windows = (answers.batch_at)(&order, &plan, step)?;
        Ok(windows.into_iter().filter_map(|at| rows.get(at).cloned()).collect())
    };
    (0..rows.len().div_ceil(batch)).map(step).collect()
}

fn filled(mut places: Places, context: usize) -> Places {
    places.resize(context, None);
    places
}

//! The keys of the quiz, computed by the reference.

use grading::random::seeded;
use grading::{Keys, pick, position};

use crate::solution::{batch_at, best_fit_pack, document_mask, get_batch, pack};
use crate::{IGNORE, Plan};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("starts", || {
            let data: Vec<u32> = (0..10).collect();
            let batch = get_batch(&data, 2000, 4, &mut seeded(1))?;
            let mut starts: Vec<u32> = batch.inputs.iter().map(|row| row[0]).collect();
            starts.sort_unstable();
            starts.dedup();
            position(&[7, 6, 2], &starts.len())
        })
        .key("at-the-end", || {
            let row = &pack(&[vec![5, 6], vec![7, 8]], 6, 0)?[0];
            position(&[7, IGNORE, 0], &row.labels[2])
        })
        .key("next-row", || {
            let rows = pack(&[vec![3; 5], vec![4; 9]], 10, 0)?;
            position(&[4, 10, 0], &rows[1].position_ids[0])
        })
        .key("alone", || {
            let mask = document_mask(&[Some(0), Some(0), Some(1), Some(1), Some(1), None]);
            let seen = [4, 5].map(|i: usize| mask[i].iter().filter(|sees| **sees).count());
            position(&[[5, 6], [3, 0], [3, 1]], &seen)
        })
        .key("last-step", || {
            let order: Vec<usize> = (0..10).collect();
            let plan = Plan { batch: 4, ranks: 3, rank: 2, drop_last: false };
            let read = batch_at(&order, &plan, 2)?;
            pick([read.len() == 1 && read[0] < 8, read.len() == 1 && read[0] >= 8, read.is_empty()])
        })
        .key("best", || {
            let rows = best_fit_pack(&[7, 5, 4, 1], 10)?;
            let with = rows.iter().position(|row| row.iter().any(|piece| piece.document == 3));
            let beside = with.map(|at| rows[at][0].document);
            position(&[Some(1), Some(0), Some(3)], &beside)
        })
}

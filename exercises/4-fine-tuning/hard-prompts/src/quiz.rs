//! The keys of the quiz: the lesson's code picks the right choices.

use grading::{Keys, pick, position};

use crate::oracle::Bent;
use crate::solution::{hard_prompt_search, linear_scores, top_swaps};
use crate::{Loss, Settings, Table};

/// A loss that falls and rises again along a single number.
struct Valley;

impl Loss for Valley {
    fn loss(&mut self, ids: &[u32]) -> f64 {
        (f64::from(NUMBERS[ids[0] as usize]) - 1.0).powi(2)
    }

    fn slopes(&mut self, ids: &[u32]) -> Vec<f32> {
        vec![2.0 * (NUMBERS[ids[0] as usize] - 1.0)]
    }
}

const NUMBERS: [f32; 3] = [0.0, 0.5, 5.0];

/// The keys of the quiz.
pub fn keys() -> Keys {
    let table = Table { numbers: &NUMBERS, width: 1 };
    Keys::default()
        .key("sign", || {
            let scores = linear_scores(&Table { numbers: &[1.0, 3.0], width: 1 }, &[0], &[2.0])?;
            pick([scores[1] < 0.0, scores[1] == 0.0, scores[1] > 0.0])
        })
        .key("how-many", || {
            let scores = vec![0.5; 3 * 512];
            position(&[512, 1533, 1536], &top_swaps(&scores, &[1, 2, 3], &[], 9999).len())
        })
        .key("too-far", || {
            let scores = linear_scores(&table, &[0], &Valley.slopes(&[0]))?;
            let best = top_swaps(&scores, &[0], &[], 1)[0].id;
            let (now, then) = (Valley.loss(&[0]), Valley.loss(&[best]));
            pick([then < now, then == now, then > now])
        })
        .key("one-left", || {
            let mut loss = Bent::new(3, 30, 3, 0.5);
            let numbers = loss.table.clone();
            let table = Table { numbers: &numbers, width: 3 };
            let settings = Settings { candidates: 4, budget: 2, forbidden: &[] };
            let found = hard_prompt_search(&mut loss, &table, &[3, 1], &settings)?;
            position(&[0, 1, 2], &found.evaluations)
        })
}

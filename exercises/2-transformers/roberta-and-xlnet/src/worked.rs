//! The numbers of the page.

use candle_core::{Device, Tensor};
use grading::numbers::{count, minus, percent, short};
use grading::random::seeded;
use grading::{Failure, Outcome, Worked};
use tensor_test::{batch_of, flat};

use crate::oracle::{drawn_model, small};
use crate::solution::{dynamic_mask, forward, permutation_masks, rel_shift, roberta_positions};
use crate::{RATE, StreamMasks};

/// The order of the page's five words, New York is a city.
pub const ORDER: [usize; 5] = [2, 4, 3, 0, 1];

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    // The copies and epochs of Liu and others, 2019, section 4.1.
    let (copies, epochs) = (10, 40);
    let ever = |masks: i32| 1.0 - (1.0 - RATE).powi(masks);
    worked.set("rate", percent(RATE, 0)).set("copies", copies).set("epochs", epochs);
    worked.set("times", epochs / copies);
    worked.set("ever-1", percent(ever(1), 0));
    worked.set("ever-10", percent(ever(copies), 0));
    worked.set("ever-40", percent(ever(epochs), 1));
    let n = 13;
    let share = RATE * f64::from(n);
    worked.set("n", n).set("share", short(share, 2));
    worked.set("fewest", share.floor()).set("most", share.ceil());
    worked.set("up", percent(share.fract(), 0)).set("down", percent(1.0 - share.fract(), 0));
    let hidden = dynamic_mask(&[true; 13], &mut seeded(3));
    worked.set("hidden", list(&hidden).replace(", ", " and "));

    let row = [9, 9, 9, 1, 1];
    worked.set("positions", list(&roberta_positions(&row, 1)));
    // As in the config of the published models.
    let (max_position_embeddings, padding_idx) = (514, 1);
    worked.set("table", max_position_embeddings);
    let longest = max_position_embeddings - padding_idx - 1;
    worked.set("longest", longest);
    let last = roberta_positions(&vec![9; longest as usize], padding_idx);
    worked.set("last", last.last().copied().unwrap_or(0));

    worked.set("order", list(&ORDER)).set("words", ORDER.len());
    worked.set("orders", (1..=ORDER.len()).product::<usize>());
    worked.set("orders-20", count((1..=20_u64).product()));
    let masks = permutation_masks(&ORDER)?;
    for (name, rows) in [("content", &masks.content), ("query", &masks.query)] {
        for place in [0, 2] {
            let seen: Vec<usize> = (0..5).filter(|&j| rows[place][j]).collect();
            let told = if seen.is_empty() { "nothing".into() } else { list(&seen) };
            worked.set(&format!("{name}-{place}"), told);
        }
    }

    let scores: Vec<f64> = (0..18).map(|i| f64::from(10 * (i / 6) + i % 6)).collect();
    let scores = Tensor::from_vec(scores, (3, 6), &Device::Cpu)?;
    for (i, (row, shifted)) in
        scores.to_vec2::<f64>()?.iter().zip(rel_shift(&scores)?.to_vec2::<f64>()?).enumerate()
    {
        worked.set(&format!("scores-{i}"), list(row)).set(&format!("shifted-{i}"), list(&shifted));
    }
    streams(worked)
}

/// What a token's replacement changes, in a model of drawn weights.
fn streams(worked: &mut Worked) -> Outcome {
    let model = drawn_model(small(2), 0.8, 5)?;
    let masks = StreamMasks::stack(&[permutation_masks(&ORDER)?])?;
    let run = |first: u32| -> Result<[f64; 2], Failure> {
        let ids = batch_of(&[first, 7, 1, 4, 12], [1, 5])?;
        let target = batch_of(&[0], [1, 1])?;
        let query = flat(&forward(&model, &ids, &masks, Some(&target))?)?;
        let content = flat(&forward(&model, &ids, &masks, None)?)?;
        Ok([query[3], content[3]])
    };
    let (before, after) = (run(3)?, run(9)?);
    for (name, at) in [("query", 0), ("content", 1)] {
        // All with three digits, so that they can be compared.
        let shown = |logits: [f64; 2]| minus(&format!("{:.3}", logits[at]));
        worked.set(&format!("{name}-before"), shown(before));
        worked.set(&format!("{name}-after"), shown(after));
    }
    Ok(())
}

fn list<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

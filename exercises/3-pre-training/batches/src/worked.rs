//! The numbers of the page.

use grading::numbers::{count, percent};
use grading::random::seeded;
use grading::{Outcome, Worked};

use crate::solution::{best_fit_pack, document_mask, get_batch, pack};
use crate::town::{costs, lengths};
use crate::{padded_positions, padding_share};

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
    // The figures' five stories.
    let five = [4, 9, 7, 2, 3];
    let (tokens, context) = (five.iter().sum(), 9);
    worked.set("five-tokens", tokens).set("five-positions", padded_positions(&five, 5));
    worked.set("five-padding", percent(padding_share(tokens, 5, context), 0));
    let documents: Vec<Vec<u32>> = five.iter().map(|&length| vec![1; length - 1]).collect();
    let rows = pack(&documents, context, 0)?.len();
    worked.set("five-packed", percent(padding_share(tokens, rows, context), 0));
    worked.set("five-rows", rows).set("five-fitted", best_fit_pack(&five, context)?.len());

    // Seven words, windows of four.
    let data: Vec<u32> = (0..7).collect();
    let batch = get_batch(&data, 500, 4, &mut seeded(1))?;
    let mut starts: Vec<u32> = batch.inputs.iter().map(|row| row[0]).collect();
    starts.sort_unstable();
    starts.dedup();
    worked.set("seven-starts", starts.len());

    random(worked)?;
    example(worked)?;
    town(worked)
}

/// How often tokens are read in as many positions as there are tokens.
fn random(worked: &mut Worked) -> Outcome {
    let (tokens, context) = (256_000, 256);
    let data: Vec<u32> = (0..tokens).collect();
    let batch = get_batch(&data, tokens as usize / context, context, &mut seeded(1))?;
    let mut times = vec![0; data.len()];
    batch.inputs.iter().flatten().for_each(|&place| times[place as usize] += 1);
    let share = |is: fn(i32) -> bool| {
        let found = times.iter().filter(|&&times| is(times)).count();
        percent(found as f64 / times.len() as f64, 0)
    };
    worked.set("random-tokens", count(u64::from(tokens))).set("random-context", context);
    worked.set("random-rows", count(batch.inputs.len() as u64));
    worked.set("random-never", share(|times| times == 0));
    worked.set("random-again", share(|times| times > 1));
    Ok(())
}

/// Two small documents, packed.
fn example(worked: &mut Worked) -> Outcome {
    let rows = pack(&[vec![5, 6], vec![7, 8, 9]], 4, 0)?;
    let list = |values: Vec<String>| values.join(", ");
    for (at, row) in rows.iter().enumerate() {
        let mut set = |name: &str, values: Vec<String>| {
            worked.set(&format!("{name}-{at}"), list(values));
        };
        set("ids", row.ids.iter().map(ToString::to_string).collect());
        set("labels", row.labels.iter().map(|label| label.to_string().replace('-', "−")).collect());
        set("positions", row.position_ids.iter().map(ToString::to_string).collect());
        let document = |id: &Option<usize>| id.map_or("none".into(), |id| id.to_string());
        set("documents", row.document_ids.iter().map(document).collect());
    }
    Ok(())
}

/// Tinytown's stories.
fn town(worked: &mut Worked) -> Outcome {
    let lengths = lengths(2000);
    let tokens: usize = lengths.iter().sum();
    worked.set("stories", count(lengths.len() as u64));
    worked.set("shortest", lengths.iter().min().copied().unwrap_or(0));
    worked.set("longest", lengths.iter().max().copied().unwrap_or(0));
    let wasted = |positions: usize| percent(1.0 - tokens as f64 / positions as f64, 1);
    let batch = 16;
    worked.set("batch-rows", batch);
    let [any, sorted, packed, fitted] = costs(&lengths, batch, 256)?;
    worked.set("any", wasted(any.positions)).set("sorted", wasted(sorted.positions));
    worked.set("packed-cut", percent(packed.cut as f64 / lengths.len() as f64, 1));
    worked.set("fitted-256", wasted(fitted.positions));
    let [.., fitted] = costs(&lengths, batch, 512)?;
    worked.set("fitted-512", wasted(fitted.positions));
    // Of what a causal mask lets see, how much is of another story?
    let documents: Vec<Vec<u32>> = lengths.iter().map(|&length| vec![1; length - 1]).collect();
    let (mut pairs, mut own) = (0, 0);
    for row in pack(&documents, 256, 0)? {
        let tokens = row.document_ids.iter().flatten().count();
        pairs += tokens * (tokens + 1) / 2;
        own += document_mask(&row.document_ids).iter().flatten().filter(|sees| **sees).count();
    }
    worked.set("across", percent(1.0 - own as f64 / pairs as f64, 0));
    Ok(())
}

//! How often a GPT-2 is right by the number of examples it is shown.
//!
//! ```text
//! cargo run --release -p in-context-learning-demos --example few-shot -- [--model FOLDER]
//! ```
//!
//! prints the rows of `golden/measured.csv`. The folder is one as on the Hugging Face Hub; without
//! one, the model is the book's Buddy.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use in_context_learning::solution::{calibrate, few_shot_prompt, icl_rank};
use in_context_learning::{LanguageModel, Normalize};
use in_context_learning_demos::buddy::Reader;
use in_context_learning_demos::tasks::{TASKS, asked};
use pocket_buddy::PocketBuddy;
use tinytown::World;

/// More than the lab's slider has, so that the shares are steady.
const QUERIES: u64 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let buddy = match &arguments[..] {
        [] => PocketBuddy::kept()?,
        [flag, folder] if flag == "--model" => PocketBuddy::open(Path::new(folder))?,
        _ => return Err("give --model and a folder, or nothing".into()),
    };
    let mut model = Reader::from(buddy);
    let world = World::new(1);
    println!("task,shots,queries,right,calibrated,shown,chance,copied,favorite");
    for (task, _) in TASKS {
        for shots in [0, 1, 2, 4, 8] {
            let (mut right, mut calibrated, mut shown, mut choices) = (0, 0, 0, 0);
            let (mut copied, mut times) = (0, HashMap::new());
            for number in 1..=QUERIES {
                let asked = asked(&world, task, number, shots);
                let longest = asked.choices.iter().map(|c| model.encode(&format!(" {c}")).len());
                let room = model.n_positions() + 2 - longest.max().unwrap_or(2);
                let mut scores = |input: &str| {
                    let prompt =
                        few_shot_prompt(&model, "", &asked.template, &asked.examples, input, room)?;
                    shown += prompt.shots;
                    icl_rank(&mut model, &prompt.text, &asked.choices, Normalize::None)
                };
                let ranking = scores(&asked.query.input)?;
                let q = calibrate(&ranking.scores, &[scores("N/A")?.scores])?;
                let best = (0..q.len()).max_by(|&a, &b| q[a].total_cmp(&q[b])).unwrap_or(0);
                right += usize::from(asked.choices[ranking.order[0]] == asked.query.output);
                calibrated += usize::from(asked.choices[best] == asked.query.output);
                choices = asked.choices.len();
                let chosen = &asked.choices[ranking.order[0]];
                *times.entry(chosen.clone()).or_insert(0) += 1;
                let is_last = asked.examples.last().is_some_and(|last| last.output == *chosen);
                copied += usize::from(is_last);
            }
            // Each query is shown twice, the second time without its words.
            let shown = shown as f64 / (2 * QUERIES) as f64;
            let (chance, favorite) = (1.0 / choices as f64, times.values().max().unwrap_or(&0));
            println!(
                "{task},{shots},{QUERIES},{right},{calibrated},{shown},{chance},{copied},{favorite}"
            );
        }
    }
    Ok(())
}

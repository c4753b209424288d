//! The demos and figures of the page “Task heads”.

mod best_span;
mod buddy_classifier;
mod counts;
mod figures;
mod tags_on_pieces;

use demo::{Context, Demo, DemoError};
use pocket_buddy::PocketBuddy;
use task_heads::Answers;

pub use figures::figures;

/// The town that Buddy was trained on.
const WORLD: u64 = 1;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![buddy_classifier::demo(answers), tags_on_pieces::demo(answers), best_span::demo(answers)]
}

/// The files of Buddy, for [`buddy`].
const ASSETS: [&str; 3] = ["buddy/config.json", "buddy/model.safetensors", "buddy/tokenizer.json"];

/// Buddy as it was pre-trained.
async fn buddy(cx: &Context) -> Result<PocketBuddy, DemoError> {
    let [config, weights, tokenizer] = ASSETS;
    let (config, weights) = (cx.asset(config).await?, cx.asset(weights).await?);
    Ok(PocketBuddy::from_files(&config, &weights, &cx.asset(tokenizer).await?)?)
}

//! The demos of the page “Training on the GPU”.

mod figures;
mod gpu_training_demo;
mod labs;

use demo::Demo;
use gpu_training::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    let mut demos = vec![gpu_training_demo::demo()];
    demos.extend(labs::demos());
    demos
}

//! The demos of the page “Optimizers”.

mod adamw_kernel_lab;
mod figures;
mod optimizer_race;
mod surfaces;

use demo::Demo;
use optimizers::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![optimizer_race::demo(answers), adamw_kernel_lab::demo()]
}

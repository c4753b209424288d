//! The demos of the page “Batch size and scaling laws”.

mod batch_size;
mod explorer;
mod figures;

use demo::Demo;
use scaling_laws::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![explorer::demo(answers), batch_size::demo(answers)]
}

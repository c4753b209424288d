//! The demos of the page “Many machines”.

mod figures;
mod pipeline_timeline;
mod ring;
mod rows;

use demo::Demo;
use many_machines::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![ring::demo(answers), pipeline_timeline::demo(answers)]
}

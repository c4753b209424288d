//! The demos of the page “Schedules and stability”.

mod figures;
mod schedule_plot;

use demo::Demo;
use schedules_and_stability::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![schedule_plot::demo(answers)]
}

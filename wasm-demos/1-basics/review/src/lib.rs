//! The demo of the page that reviews step 1.

mod figures;
mod first_buddy;

use demo::Demo;
use review::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![first_buddy::demo(answers)]
}

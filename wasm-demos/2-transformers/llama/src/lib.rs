//! The demos of the page “Review and project: Llama”.

mod figures;
mod four_exchanges;
mod picture;

use demo::Demo;
use llama::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    vec![four_exchanges::demo()]
}

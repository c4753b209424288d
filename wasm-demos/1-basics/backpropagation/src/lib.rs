//! The demos of the page on backpropagation.

mod backprop_graph;
mod figures;
mod xor_net;

use backpropagation::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![backprop_graph::demo(answers), xor_net::demo(answers)]
}

//! The demos of the page “Multi-head and grouped-query attention”.

mod figures;
mod grids;
mod heads_at_work;
mod kv_memory;

use demo::Demo;
use multi_head_attention::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![heads_at_work::demo(answers), kv_memory::demo(answers)]
}

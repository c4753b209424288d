//! The demos of the page on the KV cache.

mod cache_at_work;
mod decode_attention_kernel_lab;
mod figures;
mod grid;
mod what_a_token_costs;

use demo::Demo;
use kv_cache::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![
        cache_at_work::demo(answers),
        what_a_token_costs::demo(),
        decode_attention_kernel_lab::demo(),
    ]
}

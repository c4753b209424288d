//! The demos of the page “One dispatch a token”.

mod decode_step_kernel_lab;
mod figures;
mod one_dispatch_or_many;

use demo::Demo;
use fused_decode::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    vec![one_dispatch_or_many::demo(), decode_step_kernel_lab::demo()]
}

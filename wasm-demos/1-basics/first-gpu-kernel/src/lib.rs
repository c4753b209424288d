//! The demos of the page on a first GPU kernel.

mod figures;
mod labs;

use demo::Demo;
use first_gpu_kernel::Answers;

pub use figures::figures;

/// In the order of the page. All are labs, which run what stands in their editors.
pub fn demos(_: Answers) -> Vec<Demo> {
    vec![labs::scale(), labs::sum(), labs::softmax()]
}

//! The demos of the page on matrix multiplication.

mod figures;
mod grids;
mod labs;
mod roof;
mod roofline;
mod who_reads_what;
mod your_roofline;

use demo::Demo;
use matrix_multiplication::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![
        labs::naive(),
        who_reads_what::demo(answers),
        roofline::demo(answers),
        labs::tiled(),
        labs::blocked(),
        your_roofline::demo(),
    ]
}

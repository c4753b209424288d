//! The demo, the figure and the numbers of the page that opens step 4.

#[cfg(not(target_family = "wasm"))]
mod asked;
mod learns;
mod memory;
mod which_way;

use demo::Demo;
use demo::figure::Figure;

#[cfg(not(target_family = "wasm"))]
pub use asked::worked;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![which_way::demo()]
}

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![learns::figure()]
}

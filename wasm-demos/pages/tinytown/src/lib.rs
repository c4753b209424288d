//! The demos of the page on Tinytown.

mod tinytown_sample;
mod tinytown_walk;

use demo::Demo;
use demo::control::Number;

/// Both demos show a town of the same number.
const SEED: Number = Number::new("seed", "Seed of the world", 1.0, [0.0, 9999.0], 1.0);

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![tinytown_walk::demo(), tinytown_sample::demo()]
}

/// The page has none.
pub fn figures() -> Vec<demo::figure::Figure> {
    Vec::new()
}

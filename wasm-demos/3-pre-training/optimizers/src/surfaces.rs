//! Losses of two weights, which can be drawn as maps.

use demo::figure::Plot;
use optimizers::{STEEPNESS, valley};

/// A loss, its gradient, and the heights at which contours are drawn.
#[derive(Clone, Copy)]
pub struct Surface {
    pub loss: fn(f64, f64) -> f64,
    pub gradient: fn(f64, f64) -> [f64; 2],
    pub levels: &'static [f64],
}

pub const VALLEY: Surface = Surface {
    loss: valley,
    gradient: |x, y| [x, STEEPNESS * y],
    levels: &[0.2, 1.0, 3.0, 6.0, 10.0, 20.0, 35.0],
};

/// The same valley, 100 times as steep across.
const CANYON: Surface = Surface {
    loss: |x, y| valley(x, 10.0 * y),
    gradient: |x, y| [x, 100.0 * STEEPNESS * y],
    levels: &[1.0, 5.0, 12.0, 100.0, 500.0, 1500.0, 3500.0],
};

/// The valley turned by 45 degrees.
const TILTED: Surface = Surface {
    loss: |x, y| {
        let (along, across) = turned(x, y);
        valley(along, across)
    },
    gradient: |x, y| {
        let (along, across) = turned(x, y);
        let across = STEEPNESS * across;
        [(along - across) * HALF, (along + across) * HALF]
    },
    levels: &[0.2, 1.0, 3.0, 8.0, 20.0, 50.0, 100.0],
};
const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;

fn turned(x: f64, y: f64) -> (f64, f64) {
    ((x + y) * HALF, (y - x) * HALF)
}

/// Down along x to a pass at 0, 0, and from there down to two hollows at y = ±1.
const SADDLE: Surface = Surface {
    loss: |x, y| 0.25 * x * x + (y * y - 1.0).powi(2),
    gradient: |x, y| [0.5 * x, 4.0 * y * (y * y - 1.0)],
    levels: &[0.05, 0.3, 0.7, 1.0, 1.5, 3.0, 5.0],
};

/// A bowl with ripples, the lowest point at 0, 0.
const BUMPS: Surface = Surface {
    loss: |x, y| 0.1 * (x * x + y * y) + 0.25 * (2.0 - (4.0 * x).cos() - (4.0 * y).cos()),
    gradient: |x, y| [0.2 * x + (4.0 * x).sin(), 0.2 * y + (4.0 * y).sin()],
    levels: &[0.1, 0.4, 0.7, 1.0, 1.5, 2.0, 2.5],
};

/// By the names of the demo's choice.
pub fn surface(name: &str) -> Surface {
    match name {
        "canyon" => CANYON,
        "tilted" => TILTED,
        "saddle" => SADDLE,
        "bumps" => BUMPS,
        _ => VALLEY,
    }
}

impl Surface {
    /// The part of it that is drawn, 10 by 4.
    pub fn map(&self) -> Plot {
        Plot::new(("x", -5.0, 5.0), ("y", -2.0, 2.0)).contours(self.loss, self.levels)
    }
}

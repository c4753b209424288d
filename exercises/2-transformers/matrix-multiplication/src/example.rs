//! The bakers of the page, and the mills.

use crate::Dims;

/// Three bakers, two kinds of flour, four mills.
pub const BILLS: Dims = Dims { m: 3, k: 2, n: 4 };

/// Sacks that each baker orders: of wheat and of rye.
pub const AMOUNTS: [f32; 6] = [4.0, 1.0, 2.0, 3.0, 5.0, 0.0];

/// What a sack costs: wheat at each mill, then rye.
pub const PRICES: [f32; 8] = [20.0, 22.0, 19.5, 25.0, 18.0, 15.0, 20.5, 12.0];

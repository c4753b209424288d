//! What the page computes with.

use crate::solution::part;
use crate::{Matrix, Part, Shape, Tile};

/// Four scores of one query, in two tiles of two.
pub const SCORES: [f32; 4] = [1.0, 2.0, 4.0, 3.0];

/// And what the four keys hand over: one number each.
pub const VALUES: [f32; 4] = [10.0, 20.0, 40.0, 30.0];

/// The head of the page: GPT-2's width, a thousand tokens.
pub const HEAD: Shape = Shape::square(1024, 64);

/// The tile of the lesson's kernel.
pub const TILE: Tile = Tile { queries: crate::BLOCK, keys: crate::KEYS };

/// What one query knows after some of the four scores: its one number is 1, so that the keys are
/// the scores.
///
/// # Errors
/// None, for keys that there are.
pub fn after(keys: std::ops::Range<usize>) -> Result<Part, crate::FlashError> {
    part(&[1.0], &SCORES[keys.clone()], &VALUES[keys.clone()], keys.len(), 1)
}

/// Queries, keys and values of this shape, the same each time.
pub fn numbers(shape: Shape) -> [Vec<f32>; 3] {
    let mut drawn = 1_u32;
    [Matrix::Q, Matrix::K, Matrix::V].map(|matrix| {
        let [rows, columns] = shape.rows_and_columns(matrix);
        let mut number = |_| {
            // A linear congruential generator, whose first digits are the most random.
            drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Quarters from −3 to 3.
            ((drawn >> 16) % 25) as f32 / 4.0 - 3.0
        };
        (0..rows * columns).map(&mut number).collect()
    })
}

/// What the two memories of a GPU hold, and how fast they are.
#[derive(Clone, Copy, Debug)]
pub struct Memories {
    /// Next to the arithmetic.
    pub fast: &'static str,
    /// Shared by all.
    pub slow: &'static str,
}

/// Those of an A100 with 40 GB, as figure 1 of Dao and others, 2022, has them.
pub const A100: Memories = Memories { fast: "20 MB, 19 TB/s", slow: "40 GB, 1.5 TB/s" };

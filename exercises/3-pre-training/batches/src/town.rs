//! What batches of Tinytown's stories cost.

use tinytown::World;

use crate::solution::{best_fit_pack, epoch_order};
use crate::{BatchError, padded_positions};

/// A way to make rows of stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Its name.
    pub name: &'static str,
    /// Positions of all rows.
    pub positions: usize,
    /// Stories that are cut, so that the end is without its beginning.
    pub cut: usize,
}

/// Words of each of the first stories, and one for the end of each.
pub fn lengths(stories: usize) -> Vec<usize> {
    let world = World::new(1);
    world.stories(0).take(stories).map(|story| story.text.split(' ').count() + 1).collect()
}

/// What these lengths cost in batches of `batch` rows, and in rows of `context` positions.
///
/// # Errors
/// If `context` is 0.
pub fn costs(lengths: &[usize], batch: usize, context: usize) -> Result<[Cost; 4], BatchError> {
    let shuffled: Vec<usize> =
        epoch_order(lengths.len(), 1, 0).into_iter().map(|at| lengths[at]).collect();
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let tokens: usize = lengths.iter().sum();
    let mut begin = 0;
    let mut cut = 0;
    for length in lengths {
        cut += usize::from(begin / context.max(1) != (begin + length - 1) / context.max(1));
        begin += length;
    }
    let rows = best_fit_pack(lengths, context)?;
    let too_long = lengths.iter().filter(|&&length| length > context).count();
    let cost = |name, positions, cut| Cost { name, positions, cut };
    Ok([
        cost("padded, any order", padded_positions(&shuffled, batch), 0),
        cost("padded, by length", padded_positions(&sorted, batch), 0),
        cost("packed", tokens.div_ceil(context) * context, cut),
        cost("best fit", rows.len() * context, too_long),
    ])
}

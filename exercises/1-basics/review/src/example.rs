//! The Buddy of the page: it learns from Tinytown, and new stories judge it.

use tinytown::World;

use crate::solution::{bits_per_byte, train};
use crate::{Buddy, BuddyError};

const TRAINING: usize = 100_000;
const HELD_OUT: usize = 10_000;

/// Tokens in the vocabulary.
pub const VOCAB_SIZE: usize = 512;
/// The orders to choose from.
pub const ORDERS: [usize; 6] = [1, 2, 3, 4, 5, 6];
/// What Buddy goes on from.
pub const PROMPT: &str = "On Monday";
/// A story before and after a color, in the words of Tinytown; the color comes next.
pub const STORY: [&str; 2] =
    ["Ada lost the ", " kite in the park. Then Emil came by. He had found something"];
/// Two colors that the story may tell.
pub const TOLD: [&str; 2] = ["red", "blue"];

/// The text to train on, and the text held out.
pub fn texts() -> [String; 2] {
    let world = World::new(1);
    [world.text(0, TRAINING), world.text(1, HELD_OUT)]
}

/// Buddy at the highest order, so that all lower ones can be set.
///
/// # Errors
/// Those of [`train`].
pub fn buddy() -> Result<Buddy, BuddyError> {
    let [training, _] = texts();
    train(&training, VOCAB_SIZE, ORDERS[5])
}

/// Bits per byte at each of the orders: of the text held out, and of as much of the training text.
///
/// # Errors
/// Those of [`train`] and [`bits_per_byte`].
pub fn by_order() -> Result<Vec<[f64; 2]>, BuddyError> {
    let [training, held_out] = texts();
    let own = &training[..training.floor_char_boundary(HELD_OUT)];
    let mut buddy = buddy()?;
    let judge = |order: &usize| -> Result<[f64; 2], BuddyError> {
        buddy.ngram.set_order(*order)?;
        Ok([bits_per_byte(&buddy, &held_out)?, bits_per_byte(&buddy, own)?])
    };
    ORDERS.iter().map(judge).collect()
}

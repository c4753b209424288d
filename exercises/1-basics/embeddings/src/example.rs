//! What the page works out by hand.

/// A sentence whose pairs are listed, and the window for them.
pub const SENTENCE: [&str; 5] = ["the", "baker", "sold", "fresh", "bread"];
/// Places to each side.
pub const WINDOW: usize = 2;

/// The vector of a center, `v`.
pub const CENTER: [f32; 2] = [2.0, 1.0];
/// The vector of its context, `u`.
pub const CONTEXT: [f32; 2] = [-0.5, 2.0];
/// The vector of its only negative, `u_1`. It scores half as much as the context: nothing about the
/// two is a mirror image.
pub const NEGATIVE: [f32; 2] = [1.0, -1.5];
/// The learning rate of one step with them.
pub const RATE: f32 = 0.25;

/// How often three words occur.
pub const COUNTS: [u64; 3] = [81, 16, 1];

/// Two vectors with almost the same direction.
pub const ALIKE: [[f32; 2]; 2] = [[3.0, 4.0], [12.0, 9.0]];
/// A short one at a right angle to the first of them.
pub const ACROSS: [f32; 2] = [2.4, -1.8];

//! The words of the page: small vectors to look at.

/// Words as arrows on a plane.
pub const DOG: [f64; 2] = [1.4, 0.5];
/// See [`DOG`].
pub const BITES: [f64; 2] = [0.2, 1.3];
/// See [`DOG`].
pub const MAN: [f64; 2] = [1.0, -0.7];

/// One pair of a query, and of a key.
pub const QUERY_PAIR: [f64; 2] = [1.0, 0.9];
/// See [`QUERY_PAIR`].
pub const KEY_PAIR: [f64; 2] = [1.5, 0.4];

/// A query and a key of four pairs.
pub const QUERY: [f32; 8] = [0.9, 0.7, 1.1, 0.8, 0.3, -0.4, 0.2, 0.5];
/// See [`QUERY`].
pub const KEY: [f32; 8] = [0.8, 0.9, 0.7, 1.0, 0.5, 0.1, -0.3, 0.4];

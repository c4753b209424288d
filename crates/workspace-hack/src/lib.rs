//! Nothing: what matters is `Cargo.toml`.
//!
//! Cargo compiles a third-party crate anew for each set of features that is asked of it, and with
//! it all that is built on it. What is asked depends on the package that is built: a lesson, the
//! book, its tests. All of them depend on this crate, so all ask for the union of what any of them
//! needs, and `cargo study grade`, `serve` and `test` share what they compile. The feature `lessons`
//! adds what only the lessons need: `study` and `study-book` do without. A test of the book says what
//! is missing here.

//! What the tests of the book share.

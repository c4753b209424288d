//! What is given does what its docs say.

//! What a reader downloads, against the budgets that `tests/` also checks.

use std::path::Path;

/// Prints the sizes of the built book.
pub fn bench(_root: &Path) -> anyhow::Result<()> {
    Ok(())
}

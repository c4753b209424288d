//! What a check may take, as the grader and those who start it agree.

use std::time::Duration;

/// How long one check may take: far more than a right answer needs.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long the others may take once one has not ended in time: what hangs in one check mostly
/// hangs in those that build on it, too, and nobody wants to wait for all of them.
pub const TIME_LIMIT_AFTER_TIMEOUT: Duration = Duration::from_secs(5);

/// What a grader may allocate, in bytes: 4 GB.
pub const MEMORY_LIMIT: usize = u32::MAX as usize;

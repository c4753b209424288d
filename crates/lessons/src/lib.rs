//! Where the files of a lesson are, and how its stub is made from its solution.
//!
//! The command line, the book and the tests all find lessons here, so they agree on what a lesson
//! is: a crate `exercises/<step>/<lesson>` and a page `src/<step>/<lesson>.md`. They also build
//! lessons and programs in one way, with [`cargo`].

pub mod cargo;
mod dir;
pub mod files;
mod pages;
mod root;
pub mod serving;
mod sync;

pub use dir::{LessonDir, find, find_all, select};
pub use pages::{DemoPage, demo_pages};
pub use root::workspace_root;
pub use sync::{FileState, StubFile, backup, stub_files, write_given, write_stubs};
